# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Which function a site is in, by symbols made by hand: those that overlap, share an address, have
no size, stand in other sections or are no functions."""
import collections
import json
import pathlib
import tempfile

from helpers.tap import TOOL, Tap, run
from dwarf import TEXT, Form, Section, image

SITE = 16
TEXT_SECTION, PROBES_SECTION, UNDEFINED, ABSOLUTE, EXTENDED = 2, 3, 0, 0xfff1, 0xffff
LOCAL, GLOBAL, WEAK = 0x00, 0x10, 0x20
NOTYPE, OBJECT, FUNCTION, SECTION, INDIRECT = 0, 1, 2, 3, 10
SHT_SYMTAB, SHT_STRTAB, SHT_SYMTAB_SHNDX = 2, 3, 18

# From the start of .text.
Symbol = collections.namedtuple("Symbol", "name start size info section",
                                defaults=(32, GLOBAL | FUNCTION, TEXT_SECTION))


def alone(start=0, size=32, info=GLOBAL | FUNCTION, section=TEXT_SECTION, name="f"):
    return [Symbol(name, start, size, info, section)]


ROWS = (
    ("around it", alone(), "f"),
    ("from it on", alone(SITE), "f"),
    ("up to it", alone(0, SITE), None),
    ("behind it", alone(SITE + 1), None),
    ("larger than memory", alone(1, 2**64 - 1), None),
    ("of no type", alone(info=GLOBAL | NOTYPE), "f"),
    ("that chooses itself", alone(info=GLOBAL | INDIRECT), "f"),
    ("data", alone(info=GLOBAL | OBJECT), None),
    ("a section", alone(info=LOCAL | SECTION), None),
    ("of another section", alone(section=PROBES_SECTION), None),
    ("of a section that is none", alone(section=99), None),
    ("of elsewhere", alone(section=UNDEFINED), None),
    ("a number", alone(section=ABSOLUTE), None),
    ("a section's number in its own table", alone(section=EXTENDED), "f"),
    ("a local label", alone(info=LOCAL | NOTYPE, name=".L1"), None),
    ("a mapping symbol", alone(info=LOCAL | NOTYPE, name="$x"), None),
    ("without a name", alone(name=""), None),
    ("without a size", alone(4, 0), "f"),
    ("without a size, behind it", alone(SITE + 1, 0), None),
    ("without a size, the nearer", [Symbol("far", 0, 0), Symbol("near", 8, 0)], "near"),
    ("without a size, before one that ended", [Symbol("open", 0, 0), Symbol("ended", 8, 4)],
     "open"),
    ("a size is surer than nearness", [Symbol("sized", 0), Symbol("near", 8, 0)], "sized"),
    ("the inner of two", [Symbol("outer", 0, 64), Symbol("inner", 8, 16)], "inner"),
    ("the inner one ended", [Symbol("outer", 0, 64), Symbol("inner", 8, 8)], "outer"),
    ("the shorter of two", [Symbol("short", 0, 32), Symbol("long", 0, 64)], "short"),
    ("the shorter one ended", [Symbol("short", 0, 8), Symbol("long", 0, 64)], "long"),
    ("global, local", [Symbol("l", 0, 32, LOCAL | FUNCTION), Symbol("g", 0)], "g"),
    ("local, global", [Symbol("g", 0), Symbol("l", 0, 32, LOCAL | FUNCTION)], "g"),
    ("weak, global", [Symbol("w", 0, 32, WEAK | FUNCTION), Symbol("g", 0)], "g"),
    ("weak, local", [Symbol("w", 0, 32, WEAK | FUNCTION),
                     Symbol("l", 0, 32, LOCAL | FUNCTION)], "w"),
    ("of no type, a function", [Symbol("n", 0, 32, GLOBAL | NOTYPE),
                                Symbol("f", 0, 32, LOCAL | FUNCTION)], "f"),
    ("two alike: the first by name", [Symbol("a", 0), Symbol("b", 0)], "a"),
    ("whatever their order", [Symbol("b", 0), Symbol("a", 0)], "a"),
    ("many alike", [Symbol(f"f{number:03}", 0) for number in range(200)], "f000"),
)


def made(symbols, form=Form()):
    elf = image(form.probe(location=TEXT + SITE), form=form)
    strings, rows, sections = b"\0", form.symbol(0, 0, 0, 0), form.pack("I", 0)
    for symbol in symbols:
        rows += form.symbol(len(strings), TEXT + symbol.start, symbol.size, symbol.info,
                            symbol.section)
        strings += symbol.name.encode() + b"\0"
        sections += form.pack("I", TEXT_SECTION if symbol.section == EXTENDED else 0)
    link = elf.add(Section(".strtab", SHT_STRTAB, strings))
    table = elf.add(Section(".symtab", SHT_SYMTAB, rows, link=link, info=1, alignment=8,
                            entry_size=24))
    if any(symbol.section == EXTENDED for symbol in symbols):
        elf.add(Section(".symtab_shndx", SHT_SYMTAB_SHNDX, sections, link=table, entry_size=4))
    return elf.bytes()


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
        paths = []
        for number, (_, symbols, _) in enumerate(ROWS):
            paths.append(pathlib.Path(folder, str(number)))
            paths[-1].write_bytes(made(symbols))
        found = json.loads(run(TOOL, "-J", "-s", *paths).stdout)["files"]
    for (title, symbols, name), file in zip(ROWS, found):
        starts = {symbol.name: symbol.start for symbol in symbols}
        expected = name and {"name": name, "offset": hex(SITE - starts[name])}
        got = file["probes"][0]["function"]
        tap.ok(got == expected, title, got)
    tap.done()


main()
