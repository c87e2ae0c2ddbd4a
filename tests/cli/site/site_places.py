# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Where variables are: location expressions as compilers write them, by hand, so that those of
old and of other compilers are among them, and what each makes of an operand's name."""
import collections
import json
import pathlib
import tempfile

from helpers.tap import TOOL, Tap, run
from dwarf import (
    BLOCK, CONSTANT, EM_S390, MEMBER, PARAMETER, POINTER, PROBES, SIGNED, STRUCTURE, TEXT,
    UNSIGNED, UNSIGNED_CHAR, Address, Entry, Form, Form1, Offset, base, program, sleb, uleb,
    variable)

# Operations
ADDR, CONST1U, CONST1S, CONST2U, CONST2S, CONST4U, CONST4S, CONST8U, CONST8S, CONSTU, CONSTS = (
    bytes([code]) for code in (3, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17))
MINUS, PLUS, PLUS_UCONST, NOP = b"\x1c", b"\x22", b"\x23", b"\x96"
REGX, FBREG, BREGX, PIECE, CFA = b"\x90", b"\x91", b"\x92", b"\x93", b"\x9c"
TLS, GNU_TLS, IMPLICIT, VALUE, ADDRX, GNU_ADDR_INDEX = (
    b"\x9b", b"\xe0", b"\x9e", b"\x9f", b"\xa1", b"\xfb")
DEREF = b"\x06"


def reg(number):
    return bytes([0x50 + number])


def breg(number, offset):
    return bytes([0x70 + number]) + sleb(offset)


def lit(number):
    return bytes([0x30 + number])


def piece(size):
    return PIECE + uleb(size)


def addr(number, size=8):
    return ADDR + number.to_bytes(size, "little")


U4, S4, U8 = (base("unsigned int", 4, UNSIGNED), base("int", 4, SIGNED),
              base("unsigned long", 8, UNSIGNED))
U1, U16 = base("unsigned char", 1, UNSIGNED_CHAR), base("unsigned __int128", 16, UNSIGNED)
POINTED = Entry(POINTER, byte_size=8, type=U4)
PAIR = Entry(STRUCTURE, Entry(MEMBER, name="x", type=U4, member_location=0),
             Entry(MEMBER, name="y", type=U4, member_location=4), name="pair", byte_size=8)
TYPES = (U4, S4, U8, U1, U16, POINTED, PAIR)

Row = collections.namedtuple("Row", "title argument entries name candidates more",
                             defaults=(None, (), {}))


def it(type, location, **more):
    return [variable("it", type, location, **more)]


def sure(title, argument, type, location, name="it", **more):
    return Row(title, argument, it(type, location), name, (), more)


def unsure(title, argument, type, location, *candidates, **more):
    return Row(title, argument, it(type, location), None, candidates, more)


REGISTERS = (
    sure("a register", "4@%eax", U4, reg(0)),
    sure("a register by number", "4@%eax", U4, REGX + uleb(0)),
    sure("a value that is a register's", "4@%eax", U4, breg(0, 0) + VALUE),
    unsure("a register and a number: another value", "4@%eax", U4, breg(0, 4) + VALUE),
    unsure("another register", "4@%eax", U4, reg(1)),
    unsure("what comes behind is not known", "4@%eax", U4, reg(0) + DEREF),
    unsure("the same bits of another sign", "4@%eax", S4, reg(0), "it"),
    sure("half a structure, in a register of its own", "4@%edx", PAIR,
         reg(0) + piece(4) + reg(1) + piece(4), "it.y"),
    sure("the other half is nowhere", "4@%edx", PAIR, piece(4) + reg(1) + piece(4), "it.y"),
    unsure("the half that is nowhere", "4@%eax", PAIR, piece(4) + reg(1) + piece(4)),
    unsure("half of a half", "1@%dl", PAIR, reg(0) + piece(4) + reg(1) + piece(4)),
    sure("a half that is not understood hides no other", "4@%edx", PAIR,
         breg(0, 0) + DEREF + piece(4) + reg(1) + piece(4), "it.y"),
    unsure("a piece of more than four gigabytes", "4@%eax", PAIR,
           piece(1 << 33) + reg(0) + piece(4)),
    unsure("a last part without a size", "4@%eax", PAIR, reg(0) + piece(4) + reg(1)),
    sure("a structure within a register", "1@%al",
         Entry(STRUCTURE, Entry(MEMBER, name="low", type=U1, member_location=0), name="thin",
               byte_size=2), reg(0), "it.low"),
    sure("what a pointer points to", "4@(%rax)", POINTED, reg(0), "*it"),
    sure("through a sum", "4@8(%rax)", POINTED, breg(0, 4) + VALUE, "it[1]"),
)

MEMORY = (
    sure("at a register and a number", "4@-16(%rbp)", U4, breg(6, -16)),
    sure("the register by its number", "4@-16(%rbp)", U4, BREGX + uleb(6) + sleb(-16)),
    sure("added", "4@8(%rbp)", U4, breg(6, 0) + PLUS_UCONST + uleb(8)),
    sure("added, and nothing done", "4@8(%rbp)", U4, breg(6, 0) + PLUS_UCONST + uleb(8) + NOP),
    sure("added as DWARF 2 does", "4@16(%rbp)", U4, breg(6, 0) + CONST1U + b"\x10" + PLUS),
    sure("subtracted", "4@-16(%rbp)", U4, breg(6, 0) + lit(16) + MINUS),
    sure("by the frame, which is a register", "4@-16(%rbp)", U4, FBREG + sleb(-16),
         frame_base=reg(6)),
    sure("by the frame, which is a sum", "4@-16(%rbp)", U4, FBREG + sleb(-24),
         frame_base=breg(6, 8)),
    unsure("by a frame that is not known", "4@-16(%rbp)", U4, FBREG + sleb(-16),
           frame_base=lit(1)),
    unsure("by a frame of which too much is said", "4@-16(%rbp)", U4, FBREG + sleb(-16),
           frame_base=reg(6) + DEREF),
    unsure("by a frame for which there are no tables", "4@-16(%rbp)", U4, FBREG + sleb(-16)),
    unsure("where a pointer in memory points", "4@-16(%rbp)", U4, breg(6, -16) + DEREF),
    unsure("beside it", "4@-12(%rbp)", U4, breg(6, -16)),
    unsure("another base", "4@-16(%rsp)", U4, breg(6, -16)),
    unsure("the same bits of another sign", "4@-16(%rbp)", S4, breg(6, -16), "it"),
    sure("half a structure in memory", "4@-16(%rbp)", PAIR,
         reg(0) + piece(4) + breg(6, -16) + piece(4), "it.y"),
    unsure("beside that half", "4@-12(%rbp)", PAIR,
           reg(0) + piece(4) + breg(6, -16) + piece(4)),
    sure("a block instead of an expression", "4@-16(%rbp)", U4, Form1(breg(6, -16)), version=3),
)

STATIC = (
    sure("at an address", "4@held(%rip)", U4, addr(PROBES)),
    sure("at an address and a number", "4@held+4(%rip)", U4,
         addr(PROBES) + PLUS_UCONST + uleb(4)),
    unsure("at another address", "4@held(%rip)", U4, addr(PROBES + 4)),
    sure("an address by its number", "4@held(%rip)", U4, ADDRX + uleb(1), version=5,
         unit={"addr_base": Offset(8)},
         sections={".debug_addr": (28).to_bytes(4, "little") + b"\5\0\x08\0" + bytes(8) +
                   PROBES.to_bytes(8, "little") + bytes(8)}),
    unsure("a number that has no address", "4@held(%rip)", U4, ADDRX + uleb(9), version=5,
           unit={"addr_base": Offset(8)},
           sections={".debug_addr": (20).to_bytes(4, "little") + b"\5\0\x08\0" + bytes(16)}),
    unsure("a pointer whose value is known", f"8@${PROBES}", POINTED, addr(PROBES) + VALUE, "it"),
    unsure("a pointer to elsewhere", f"8@${PROBES + 4}", POINTED, addr(PROBES) + VALUE),
)


def constant(title, operations, value=5, type=U4, size=4):
    return unsure(title, f"{size}@${value}", type, operations + VALUE, "it")


CONSTANTS = (
    constant("of a byte", CONST1U + b"\5"),
    constant("of a byte, with a sign", CONST1S + b"\xfb", -5, S4, -4),
    constant("of two", CONST2U + b"\5\0"),
    constant("of two, with a sign", CONST2S + b"\xfb\xff", -5, S4, -4),
    constant("of four", CONST4U + b"\5\0\0\0"),
    constant("of four, with a sign", CONST4S + b"\xfb\xff\xff\xff", -5, S4, -4),
    constant("of eight", CONST8U + b"\5" + bytes(7)),
    constant("of eight, with a sign", CONST8S + b"\xfb" + b"\xff" * 7, -5, S4, -4),
    constant("of any size", CONSTU + uleb(1 << 31), 1 << 31),
    constant("of any size, with a sign", CONSTS + sleb(-(1 << 20)), -(1 << 20), S4, -4),
    constant("of none", lit(31), 31),
    unsure("another value", "4@$6", U4, lit(5) + VALUE),
    unsure("that is an address, not a value", "4@$5", U4, lit(5)),
    unsure("in the expression itself", "4@$5", U4, IMPLICIT + b"\4\5\0\0\0", "it"),
    unsure("that fills more than a register", "4@$5", U4, IMPLICIT + b"\x09\5" + bytes(8)),
    unsure("one with more behind it", "4@$5", U4, IMPLICIT + b"\4\5\0\0\0" + lit(1)),
    unsure("of the other byte order", "4@5", U4, IMPLICIT + b"\4\0\0\0\5", "it",
           form=Form(64, "big"), machine=EM_S390),
    unsure("of a float is none of these", "4f@$1.5", U4, lit(1) + VALUE),
    unsure("beyond 64 bits", f"16@${1 << 64}", U16, lit(0) + VALUE),
    Row("a name for a value", "-4@$-7", it(S4, None, tag=CONSTANT, const_value=-7), None, ("it",)),
    Row("of no sign", "4@$7", it(U4, None, tag=CONSTANT, const_value=7), None, ("it",)),
    Row("that is a string", "4@$7", it(U4, None, tag=CONSTANT, const_value="seven")),
)

# Of the unit, whose variables are found by the symbol's name or address.
THREADS = (
    Row("of a thread", "4@%fs:held@tpoff", (), "held", (),
        {"unit_entries": [variable("held", U4, CONST8U + bytes(8) + GNU_TLS)]}),
    Row("of a thread, as DWARF 3 says it", "4@%fs:held@tpoff", (), "held", (),
        {"unit_entries": [variable("held", U4, CONST8U + bytes(8) + TLS)]}),
    Row("of a thread, by an address", "4@%fs:held@tpoff", (), "held", (),
        {"unit_entries": [variable("held", U4, addr(0) + GNU_TLS)]}),
    Row("of no thread", "4@%fs:held@tpoff", (), None, (),
        {"unit_entries": [variable("held", U4, addr(PROBES))]}),
    Row("of a thread, in a register", "4@%fs:held@tpoff", (), None, (),
        {"unit_entries": [variable("held", U4, reg(0) + GNU_TLS)]}),
    Row("of a unit", "4@held(%rip)", (), "held", (),
        {"unit_entries": [variable("held", U4, addr(PROBES))]}),
    Row("declared only", "4@held(%rip)", (), "held", (),
        {"unit_entries": [variable("held", U4, declaration=True, external=True)]}),
    Row("declared, and then defined", "4@held(%rip)", (), "held", (),
        {"unit_entries": [variable("held", U4, declaration=True, external=True),
                          variable("held", U4, addr(PROBES))]}),
    Row("defined twice", "4@held(%rip)", (), None, (),
        {"unit_entries": [variable("held", U4, addr(PROBES)),
                          variable("held", U4, addr(PROBES))]}),
    Row("under its linkage name", "4@held(%rip)", (), "inner", (),
        {"unit_entries": [variable("inner", U4, addr(PROBES), linkage_name="held")]}),
    Row("of an unknown size", "4@held(%rip)", (), None, (),
        {"unit_entries": [variable("held", Entry(STRUCTURE, name="opaque", declaration=True),
                                   addr(PROBES))]}),
)

SCOPES = (
    Row("the inner of two of one name", "4@%eax",
        [variable("it", U4, reg(1)),
         Entry(BLOCK, variable("it", U4, reg(0)), low_pc=Address(TEXT), high_pc=64)], "it"),
    Row("one that another hides", "4@%edx",
        [variable("it", U4, reg(1)),
         Entry(BLOCK, variable("it", U4, reg(0)), low_pc=Address(TEXT), high_pc=64)]),
    Row("of a block that ends before", "4@%eax",
        [Entry(BLOCK, variable("it", U4, reg(0)), low_pc=Address(TEXT), high_pc=8)]),
    Row("two in one register", "4@%eax",
        [variable("it", U4, reg(0)), variable("that", U4, reg(0))], None, ("it", "that")),
    Row("two of one name", "4@%eax",
        [variable("it", U4, reg(0), tag=PARAMETER), variable("it", U4, reg(0))], "it"),
    Row("one without a name", "4@%eax", [variable("", U4, reg(0))]),
    Row("an element by two registers", "4@(%rax,%rcx,4)",
        [variable("it", POINTED, reg(0)), variable("at", U8, reg(2))], "it[at]"),
    Row("two names for its index", "4@(%rax,%rcx,4)",
        [variable("it", POINTED, reg(0)), variable("at", U8, reg(2)),
         variable("too", U8, reg(2))]),
)

AREAS = (("registers", REGISTERS), ("memory", MEMORY), ("addresses", STATIC),
         ("constants", CONSTANTS), ("units", THREADS), ("scopes", SCOPES))


def everything(entries):
    """The types that entries use: each has to stand in the unit."""
    found = []
    for entry in entries:
        kind = entry.attributes.get("type")
        if kind and kind not in TYPES:
            found.append(kind)
        found += everything(entry.children)
    return found


def made(row):
    more = dict(row.more)
    units = more.pop("unit_entries", [])
    types = [*TYPES, *everything([*row.entries, *units]), *units]
    return program(types, row.entries, row.argument, **more)


def check(tap, area, rows, folder):
    paths = []
    for number, row in enumerate(rows):
        paths.append(folder / f"{area}-{number}")
        paths[-1].write_bytes(made(row))
    found = json.loads(run(TOOL, "-J", "-a", *paths).stdout)["files"]
    for row, file in zip(rows, found):
        argument = file["probes"][0]["arguments"][0]
        got = argument["name"], tuple(each["name"] for each in argument.get("candidates", []))
        tap.ok(got == (row.name, row.candidates) and not file["diagnostics"],
               f"{area}: {row.title}", f"{got}, {file['diagnostics']}, {argument}")


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
        for area, rows in AREAS:
            check(tap, area, rows, pathlib.Path(folder))
    tap.done()


main()
