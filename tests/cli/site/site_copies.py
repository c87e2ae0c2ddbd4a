# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Values that instructions copied to where the operand reads them, in code made by hand: which
variable they came from, and where that is not sure."""
import collections
import json
import pathlib
import tempfile

from helpers.tap import TOOL, Tap, run
from dwarf import (
    ARRAY, EM_AARCH64, EM_X86_64, MEMBER, POINTER, PROBES, SIGNED, STRUCTURE, SIZE, SUBRANGE, TEXT,
    UNSIGNED, UNSIGNED_CHAR, Address, Entry, Offset, base, program, sleb, variable)

U4, S4, S8, U1 = (base("unsigned int", 4, UNSIGNED), base("int", 4, SIGNED),
                  base("long", 8, SIGNED), base("unsigned char", 1, UNSIGNED_CHAR))
TABLE = Entry(ARRAY, Entry(SUBRANGE, count=8), type=U4)
POINTED = Entry(POINTER, byte_size=8, type=U4)
PAIR = Entry(STRUCTURE, Entry(MEMBER, name="a", type=S8, member_location=0),
             Entry(MEMBER, name="b", type=S8, member_location=8), name="pair", byte_size=16)
TO_PAIR = Entry(POINTER, byte_size=8, type=PAIR)
OPAQUE = Entry(STRUCTURE, name="opaque", declaration=True)
TYPES = (U4, S4, S8, U1, TABLE, POINTED, PAIR, TO_PAIR, OPAQUE)

STACK = b"\x76" + sleb(-16)                            # at rbp - 16
RBX, RCX = b"\x53", b"\x52"
HELD = b"\x03" + PROBES.to_bytes(8, "little")

# CODE stands before the site; AFTER behind it.
Row = collections.namedtuple("Row", "title code argument variables name after more",
                             defaults=(None, "", {}))


def it(type=U4, location=STACK):
    return [variable("it", type, location)]


LOAD = "8b45f0"                                         # mov -16(%rbp), %eax
X86 = (
    Row("loaded", LOAD, "4@%eax", it(), "it"),
    Row("loaded and copied", LOAD + "89c3", "4@%ebx", it(), "it"),
    Row("the copy of a part", LOAD + "0fb6d8", "4@%ebx", it()),
    Row("a part of a copy", LOAD + "89c3", "1@%bl", it(U1), "it"),
    Row("loaded as a byte, and read as more", "0fb645f0", "4@%eax", it()),
    Row("a byte", "0fb645f0", "1@%al", it(U1), "it"),
    Row("stored", "895c24f8", "4@-8(%rsp)", it(U4, RBX), "it"),
    Row("stored, and read beside it", "895c24f8", "4@-4(%rsp)", it(U4, RBX)),
    Row("stored as a part", "885c24f8", "4@-8(%rsp)", it(U4, RBX)),
    Row("what a loaded pointer points to", "488b4df0", "4@(%rcx)", it(POINTED), "*it"),
    Row("another element", "488b4df0", "4@12(%rcx)", it(POINTED), "it[3]"),
    Row("the frame by another register", "488d45f0", "4@(%rax)", it(), "it"),
    Row("the frame's own copy", "4889e8", "4@-16(%rax)", it(), "it"),
    Row("changed since", LOAD + "c745f000000000", "4@%eax", it()),
    Row("a part of it changed since", LOAD + "c645f200", "4@%eax", it()),
    Row("its neighbour changed since", LOAD + "c745f400000000", "4@%eax", it(), "it"),
    Row("something of unknown size changed since", LOAD + "c745e400000000", "4@%eax",
        [*it(), variable("that", OPAQUE, b"\x76" + sleb(-32))]),
    Row("any memory changed since", LOAD + "890b", "4@%eax", it()),
    Row("anything at an index changed since", LOAD + "890c13", "4@%eax", it()),
    Row("called since", "8b5df0ffd0", "4@%ebx", it()),
    Row("pushed since", LOAD + "50", "4@%eax", it()),
    Row("made there", "31c0", "4@%eax", it()),
    Row("jumped over", "eb03" + LOAD, "4@%eax", it()),
    Row("perhaps jumped over", "7403" + LOAD, "4@%eax", it()),
    Row("jumped over what is before", "eb01c3" + LOAD, "4@%eax", it(), "it"),
    Row("returned before", "c3" + LOAD, "4@%eax", it(), "it"),
    Row("a jump to another function", LOAD, "4@%eax", it(), "it", "e900010000"),
    Row("a jump to anywhere", LOAD, "4@%eax", it(), None, "ffe1"),
    Row("a jump to where a table says", LOAD, "4@%eax", it(), None, "ff24cd80220000"),
    Row("a jump into an instruction", LOAD, "4@%eax", it(), None, "ebfb"),
    Row("data among the code", LOAD, "4@%eax", it(), "it", "06"),
    Row("data before", "06" + LOAD, "4@%eax", it()),
    Row("of a thread", "648b042500000000", "4@%eax", it()),
    Row("the second byte", "8a65f0", "1@%ah", it(U1)),
    Row("from the second byte", "88e0", "1@%al", it(U1)),
    Row("from no register that variables have", "668cd8", "2@%ax", it()),
    Row("at an address", "8b042580220000", "4@%eax", it(U4, HELD), "it"),
    Row("beside the instruction", "8b0570100000", "4@%eax", it(U4, HELD), "it"),
    Row("an address", "48c7c080220000", "8@%rax", it(U4, HELD), "&it"),
    Row("of the first element", "48c7c080220000", "8@%rax", it(TABLE, HELD), "it"),
    Row("of another", "48c7c088220000", "8@%rax", it(TABLE, HELD), "&it[2]"),
    Row("within an element", "48c7c082220000", "8@%rax", it(TABLE, HELD)),
    Row("where an address points", "48c7c080220000", "4@8(%rax)", it(TABLE, HELD), "it[2]"),
    Row("an address and a number", "48c7c080220000488d4804", "4@8(%rcx)", it(TABLE, HELD),
        "it[3]"),
    Row("half of an address", "48c7c08022000089c1", "4@(%rcx)", it(TABLE, HELD)),
    Row("copied as often as is followed", "89c3" * 1 + "89d889c3" * 9, "4@%ebx",
        it(U4, b"\x50"), "it", "", {"site": 64}),
    Row("copied more often", LOAD + "89c389d8" * 20, "4@%eax", it(), None, "", {"site": 112}),
)


def words(*codes):
    return b"".join(code.to_bytes(4, "little") for code in codes).hex()


SP16 = b"\x8f" + sleb(16)                              # at sp + 16
LDR, TO_W1 = 0xb94013e0, 0x2a0003e1                     # ldr w0, [sp, 16]; mov w1, w0
AARCH64 = (
    Row("loaded", words(LDR), "4@x0", it(U4, SP16), "it"),
    Row("loaded and copied", words(LDR, TO_W1), "4@x1", it(U4, SP16), "it"),
    Row("two at once, the first", words(0xa94107e0), "8@x0", it(PAIR, SP16), None),
    Row("signed", words(0xa94107e0), "-8@x0", it(PAIR, SP16), "it.a"),
    Row("the second", words(0xa94107e0), "-8@x1", it(PAIR, SP16), "it.b"),
    Row("two, the first over their address", words(0xaa0003e2, 0xa9400400), "-8@x0",
        it(TO_PAIR, RCX), "it->a"),
    Row("the second then", words(0xaa0003e2, 0xa9400400), "-8@x1", it(TO_PAIR, RCX), "it->b"),
    Row("two stored", words(0xa9010be1), "-8@[sp, 24]", it(S8, RCX), "it"),
    Row("two that move their address", words(0xa8c107e0), "-8@x0", it(PAIR, SP16)),
    Row("one that moves it", words(0xf84107e0), "-8@x0", it(PAIR, SP16)),
    Row("by an index", words(0xf8626820), "-8@x0", it(S8, SP16)),
    Row("vectors", words(0xad4107e0), "-8@x0", it(S8, SP16)),
    Row("zero", words(0x2a1f03e0), "4@x0", it(U4, SP16)),
    Row("a page and what is on it", words(0xd0000000, 0x910a0000), "4@[x0]", it(U4, HELD)),
    Row("a page, and an address on it", words(0xb0000000, 0x910a0000), "4@[x0]", it(U4, HELD),
        "it"),
    Row("a page farther", words(0x90000000, 0x91400400, 0x910a0000), "4@[x0]", it(U4, HELD), "it"),
    Row("taken away", words(0xb0000000, 0x910b0000, 0xd1010000), "4@[x0]", it(U4, HELD), "it"),
    Row("in half a register", words(0xb0000000, 0x110a0000), "4@[x0]", it(U4, HELD)),
    Row("what no instruction is", words(0, LDR), "4@x0", it(U4, SP16), "it"),
    Row("and after", words(LDR, 0), "4@x0", it(U4, SP16)),
    Row("called since", words(0xb94013f3, 0x94000040), "4@x19", it(U4, SP16)),
    Row("jumped over", words(0x14000002, LDR), "4@x0", it(U4, SP16)),
    Row("perhaps jumped over", words(0x54000040, LDR), "4@x0", it(U4, SP16)),
    Row("if it is zero", words(0xb4000042, LDR), "4@x0", it(U4, SP16)),
    Row("a jump to anywhere", words(LDR), "4@x0", it(U4, SP16), None, words(0xd61f0020)),
    Row("returned before", words(0xd65f03c0, LDR), "4@x0", it(U4, SP16), "it"),
)


def split(*spans):
    """A function of several parts."""
    rows = b"".join(number.to_bytes(8, "little") for span in (*spans, (0, 0)) for number in span)
    return {"place": {"ranges": Offset(0)}, "sections": {".debug_ranges": rows}}


# Where the unit begins, the parts count from.
PARTS = (
    Row("in one part", LOAD, "4@%eax", it(), "it", "", split((0, SIZE))),
    Row("in two, the first first", LOAD, "4@%eax", it(), "it", "", split((0, 32), (32, SIZE))),
    Row("in two, the second first", LOAD, "4@%eax", it(), "it", "", split((32, SIZE), (0, 32))),
    Row("an empty one among them", LOAD, "4@%eax", it(), "it", "", split((8, 8), (0, SIZE))),
    Row("one over another", LOAD, "4@%eax", it(), None, "", split((0, SIZE), (24, 32))),
    Row("in more than any", LOAD, "4@%eax", it(), None, "",
        split((0, 32), *((32 + n, 33 + n) for n in range(64)))),
    Row("beyond the file", LOAD, "4@%eax", it(), None, "",
        {"place": {"low_pc": Address(TEXT), "high_pc": 1 << 20}}),
    Row("of which no instruction is needed", LOAD, "4@-16(%rbp)", it(), "it", "",
        {"place": {"low_pc": Address(TEXT), "high_pc": 1 << 20}}),
)
AREAS = (("x86-64", X86, EM_X86_64, "90"), ("aarch64", AARCH64, EM_AARCH64, "1f2003d5"),
         ("parts", PARTS, EM_X86_64, "90"))


def made(row, machine, nop):
    site = row.more.get("site", 16)
    nop, code = bytes.fromhex(nop), bytes.fromhex(row.code)
    text = nop * ((site - len(code)) // len(nop)) + code + nop + bytes.fromhex(row.after)
    return program(TYPES, row.variables, row.argument, machine=machine, text=text, **row.more)


def check(tap, area, rows, machine, nop, folder):
    paths = []
    for number, row in enumerate(rows):
        paths.append(folder / f"{area}-{number}")
        paths[-1].write_bytes(made(row, machine, nop))
    found = json.loads(run(TOOL, "-J", "-a", *paths).stdout)["files"]
    for row, file in zip(rows, found):
        argument = file["probes"][0]["arguments"][0]
        got = argument["name"], argument.get("candidates", [])
        tap.ok(got == (row.name, []) and file["probes"][0]["site"]["kind"] == "nop",
               f"{area}: {row.title}", f"{got}, {file['probes'][0]['site']}, {argument}")


def main():
    tap = Tap()
    if "capstone=yes" not in run(TOOL, "--version").stdout:
        tap.skip("copies are followed", "no Capstone")
        tap.done()
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
        for area, rows, machine, nop in AREAS:
            check(tap, area, rows, machine, nop, pathlib.Path(folder))
    tap.done()


main()
