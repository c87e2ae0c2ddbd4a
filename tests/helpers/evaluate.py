# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""A small evaluator: from an argument in usdtinfo's JSON to its bytes in a stopped process."""

FLOAT_BYTES = {"long double": 10}  # of 12 or 16, the rest is padding


class Unreadable(Exception):
    """The value cannot be had from registers, memory and the file's symbols."""


class Process:
    """What the evaluator needs; read_register gives a number, read_memory bytes."""

    def __init__(self, word, bias, read_register, read_memory):
        self.mask = (1 << word * 8) - 1
        self.bias = bias
        self.read_register = read_register
        self.read_memory = read_memory


def effective_address(operand, process):
    """Where a memory operand is; where an address operand points."""
    at = operand["displacement"]
    if operand.get("address") is not None:
        at = int(operand["address"], 16) + process.bias
    elif operand.get("symbol"):
        raise Unreadable(f"symbol {operand['symbol']}")
    # Under a relocation operator the base register only leads to the symbol.
    symbolic = operand.get("address") is not None and operand.get("relocation")
    if operand.get("base") and not symbolic:
        at += process.read_register(operand["base"])
    if operand.get("index"):
        at += process.read_register(operand["index"]) * operand["scale"]
    if operand.get("segment"):
        at += process.read_register(operand["segment"] + "_base")
    return at & process.mask


def evaluate(argument, process):
    """The argument's bytes, in the target's order (little-endian here)."""
    operand, size = argument["operand"], argument["size"]
    kind = operand["kind"]
    if kind == "register":
        if operand.get("pair"):
            raise Unreadable("half of a pair")
        value = process.read_register(operand["register"]) >> operand.get("shift", 0)
    elif kind == "constant":
        value = int(operand["value"])
    elif kind == "address":
        value = effective_address(operand, process)
    elif kind == "memory":
        size = min(size, FLOAT_BYTES.get(argument["type"], size))
        return process.read_memory(effective_address(operand, process), size)
    else:
        raise Unreadable("unknown operand")
    return (value & ((1 << size * 8) - 1)).to_bytes(size, "little")


def number(argument, data):
    """The bytes as the integer that they stand for."""
    return int.from_bytes(data, "little", signed=argument["signed"])
