# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Variables that move: lists of locations with entries of every kind, sound and damaged."""
import collections
import json
import pathlib
import tempfile

from helpers.tap import TOOL, Tap, run
from dwarf import (
    EM_S390, SIZE, TEXT, UNSIGNED, Address, Form, Index, Offset, base, program, uleb, variable)

U4 = base("unsigned int", 4, UNSIGNED)
SITE = 16
RAX, RDX = b"\x50", b"\x51"
LITTLE, BIG = Form(), Form(64, "big")
HEADER = 12

# LIST: what .debug_loclists has behind its header.
Row = collections.namedtuple("Row", "title list name more", defaults=("it", {}))


def block(expression=RAX):
    return uleb(len(expression)) + expression


def address(number, form=LITTLE):
    return form.pack("A", number)


END, BASEX, STARTX_ENDX, STARTX_LENGTH, PAIR, DEFAULT, BASE, START_END, START_LENGTH = (
    bytes([kind]) for kind in range(9))


def pair(start, end, expression=RAX):
    return PAIR + uleb(start) + uleb(end) + block(expression)


AROUND = pair(8, 24)
SOUND = (
    Row("offsets from the unit's start", AROUND + END),
    Row("a later entry", pair(0, 8, RDX) + AROUND + END),
    Row("up to the site", pair(0, SITE) + END, None),
    Row("from the site on", pair(SITE, SITE + 1) + END),
    Row("behind it", pair(SITE + 1, SIZE) + END, None),
    Row("another register there", pair(0, SIZE, RDX) + END, None),
    Row("from another base", BASE + address(TEXT - 8) + pair(16, 32) + END),
    Row("the base of a table", BASEX + uleb(1) + pair(0, 1) + END),
    Row("two of a table", STARTX_ENDX + uleb(0) + uleb(2) + block() + END),
    Row("one of a table, and a length", STARTX_LENGTH + uleb(1) + uleb(1) + block() + END),
    Row("two addresses", START_END + address(TEXT) + address(TEXT + SIZE) + block() + END),
    Row("an address and a length", START_LENGTH + address(TEXT) + uleb(SIZE) + block() + END),
    Row("everywhere else", pair(0, 8, RDX) + DEFAULT + block() + END),
    Row("nowhere", END, None),
    Row("by its number", (4).to_bytes(4, "little") + AROUND + END, more={"location": Index(0)}),
    Row("by its number among two",
        (8).to_bytes(4, "little") + (9).to_bytes(4, "little") + END + AROUND + END,
        more={"location": Index(1)}),
)
LONG = b"\xff" * 9
DAMAGED = (
    Row("no end", AROUND, None),
    Row("nothing at all", b"", None),
    Row("an entry of no kind", b"\x09" + AROUND + END, None),
    Row("beyond 64 bits", PAIR + LONG + b"\x02" + uleb(24) + block() + END, None),
    Row("a number without an end", PAIR + b"\x80" * 11 + END, None),
    Row("an expression beyond the end", PAIR + uleb(8) + uleb(24) + uleb(1 << 40) + RAX + END,
        None),
    Row("an address cut short", START_END + b"\0" * 7, None),
    Row("the last entry cut short", AROUND + PAIR + uleb(24), None),
    Row("beyond the section", AROUND + END, None, more={"location": Offset(1 << 20)}),
    Row("by a number that no list has", (4).to_bytes(4, "little") + AROUND + END, None,
        more={"location": Index(1 << 20)}),
    Row("that stands beyond the section", b"\xff\xff\xff\x7f" + AROUND + END, None,
        more={"location": Index(0)}),
    Row("counted from beyond the section", (4).to_bytes(4, "little") + AROUND + END, None,
        more={"location": Index(0), "start": 1 << 20}),
)
BIG_ENDIAN = (
    Row("two addresses", START_END + address(TEXT, BIG) + address(TEXT + SIZE, BIG) +
        block(b"\x52") + END),
    Row("by its number", BIG.pack("I", 4) + pair(8, 24, b"\x52") + END,
        more={"location": Index(0)}),
)
AREAS = (("sound", SOUND, LITTLE), ("damaged", DAMAGED, LITTLE), ("big-endian", BIG_ENDIAN, BIG))


def made(row, form):
    location = row.more.get("location", Offset(HEADER))
    table = form.pack("HBBI", 5, 8, 0, 0)
    addresses = form.pack("HBBQQQ", 5, 8, 0, *(TEXT + n for n in (0, SITE, SIZE)))
    sections = {".debug_loclists": form.pack("I", len(table + row.list)) + table + row.list,
                ".debug_addr": form.pack("I", len(addresses)) + addresses}
    more = {"machine": EM_S390} if form is BIG else {}
    argument = "4@%r2" if form is BIG else "4@%eax"
    return program([U4], [variable("it", U4, location)], argument, form=form, version=5,
                   sections=sections, site=SITE,
                   unit={"addr_base": Offset(8), "loclists_base":
                         Offset(row.more.get("start", HEADER))}, **more)


def made_before(rows):
    """DWARF 4: pairs of offsets, one of all ones before a base, an end of zeros."""
    out = b""
    for start, end, expression in rows:
        out += start.to_bytes(8, "little") + end.to_bytes(8, "little")
        if expression is not None:
            out += len(expression).to_bytes(2, "little") + expression
    return program([U4], [variable("it", U4, Offset(0))], "4@%eax", site=SITE,
                   sections={".debug_loc": out})


OLD = (
    ("offsets from the unit's start", [(0, 8, RDX), (8, 24, RAX), (0, 0, None)], "it"),
    ("from another base", [(2**64 - 1, TEXT - 8, None), (16, 32, RAX), (0, 0, None)], "it"),
    ("not at the site", [(0, 8, RAX), (0, 0, None)], None),
    ("without an end", [(0, 8, RDX)], None),
)
# The unit's functions are found also where it does not say what it covers.
UNCOVERED = program([U4], [variable("it", U4, RAX)], "4@%eax", site=SITE,
                    unit={"low_pc": None, "high_pc": None})


def named(paths):
    found = json.loads(run(TOOL, "-J", "-a", *paths).stdout)["files"]
    return [file["probes"][0]["arguments"][0]["name"] for file in found]


def check(tap, area, rows, folder):
    """ROWS: (title, bytes of a file, name)"""
    paths = []
    for number, (_, content, _) in enumerate(rows):
        paths.append(folder / f"{area}-{number}")
        paths[-1].write_bytes(content)
    for (title, _, name), got in zip(rows, named(paths)):
        tap.ok(got == name, f"{area}: {title}", got)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
        folder = pathlib.Path(folder)
        for area, rows, form in AREAS:
            check(tap, area, [(row.title, made(row, form), row.name) for row in rows], folder)
        check(tap, "DWARF 4", [(title, made_before(rows), name) for title, rows, name in OLD],
              folder)
        check(tap, "units", [("one without a range", UNCOVERED, "it")], folder)
    tap.done()


main()
