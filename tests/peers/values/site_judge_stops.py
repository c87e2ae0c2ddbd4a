# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Inside gdb: at every probe, the operands' values and those of the names that they have."""
import json
import os

import gdb

from helpers.evaluate import Process, Unreadable, evaluate


def read_register(name):
    value = gdb.newest_frame().read_register(name)
    return int(value) & 0xFFFFFFFFFFFFFFFF


def read_memory(address, size):
    return bytes(gdb.selected_inferior().read_memory(address, size))


def bytes_of(expression):
    """The value of an expression of C, in the innermost frame that knows its names."""
    said = []
    frame = gdb.newest_frame()
    for _ in range(4):
        frame.select()
        try:
            value = gdb.parse_and_eval(expression)
            if value.type.strip_typedefs().code == gdb.TYPE_CODE_ARRAY:
                value = value[0].address
            value.fetch_lazy()
            size = value.type.strip_typedefs().sizeof
            number = int(value) & ((1 << size * 8) - 1)
            return number.to_bytes(size, "little").hex(), str(value.type)
        except gdb.error as error:
            said.append(str(error))
        frame = frame.older()
        if frame is None:
            break
    return None, "; ".join(said)


def judge(probe):
    process = Process(8, 0, read_register, read_memory)
    found = []
    for argument in probe["arguments"]:
        row = {"raw": argument["raw"], "name": argument["name"], "c_type": argument["c_type"]}
        try:
            row["operand"] = evaluate(argument, process).hex()
        except (Unreadable, gdb.error) as error:
            row["error"] = str(error)
        if argument["name"]:
            row["named"], row["type"] = bytes_of(argument["name"])
        found.append(row)
    return found


def main():
    with open(os.environ["JUDGE_TASK"], encoding="utf-8") as file:
        task = json.load(file)
    for setting in ("confirm off", "pagination off", "startup-with-shell off",
                    "debuginfod enabled off"):
        gdb.execute(f"set {setting}")
    probes = {}
    for probe in task["probes"]:
        location = int(probe["location"], 16)
        probes.setdefault(location, []).append(probe)
        gdb.Breakpoint(f"*{location:#x}", internal=True)
    stops = []
    gdb.execute("run", to_string=True)
    while gdb.selected_inferior().pid:
        for probe in probes.get(gdb.newest_frame().pc(), []):
            stops.append({"probe": probe["name"], "arguments": judge(probe)})
        gdb.execute("continue", to_string=True)
    with open(task["output"], "w", encoding="utf-8") as file:
        json.dump(stops, file)


main()
