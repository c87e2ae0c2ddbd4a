# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Compressed debug info and symbols; those that would take more memory than they may, or are not
what they say, are told of, and the probe is listed all the same."""
import json
import lzma
import pathlib
import tempfile
import zlib

from helpers.tap import TOOL, Tap, run
from dwarf import (
    TEXT, UNSIGNED, Form, Section, base, image, program, variable)

FORM = Form()
SHF_COMPRESSED, ELFCOMPRESS_ZLIB = 0x800, 1
U4 = base("unsigned int", 4, UNSIGNED)
HUGE = 1 << 40
GLOBAL_FUNCTION = 0x12


def compressed(size=None):
    def pack(name, data):
        head = FORM.pack("IIQQ", ELFCOMPRESS_ZLIB, 0, len(data) if size is None else size, 1)
        return name, head + zlib.compress(data), SHF_COMPRESSED
    return pack


def old(size=None, magic=b"ZLIB"):
    """As binutils before 2.26 did it."""
    def pack(name, data):
        head = magic + (len(data) if size is None else size).to_bytes(8, "big")
        return name.replace(".debug", ".zdebug"), head + zlib.compress(data), 0
    return pack


def made(**more):
    return program([U4], [variable("it", U4, b"\x50")], "4@%eax", **more)


def overlapping():
    """Many sections, each of the whole file."""
    elf = image(FORM.probe(location=TEXT + 16, args="4@%eax"))
    for number in range(8):
        elf.add(Section(f".debug_x{number}", offset=0, size=0x380))
    return elf.bytes()


# A file, whether its variable is named, and what is told.
DEBUG = (
    ("as it is", made(), True, ""),
    ("compressed", made(pack=compressed()), True, ""),
    ("in the old way", made(pack=old()), True, ""),
    ("claiming more memory than there may be", made(pack=compressed(HUGE)), False,
     "its debug sections would inflate to more than"),
    ("claiming it together", made(pack=compressed(3 << 29)), False,
     "its debug sections would inflate to more than"),
    ("claiming more than numbers hold", made(pack=compressed((1 << 64) - 1)), False,
     "its debug sections would inflate to more than"),
    ("in the old way, claiming that", made(pack=old(HUGE)), False,
     "its debug sections would inflate to more than"),
    ("in the old way, which it is not", made(pack=old(magic=b"ZLIP")), False,
     "some of the debug info cannot be read"),
    ("one section over another", overlapping(), False,
     "its debug sections claim more than the whole file"),
    ("strings without an end", made(sections={".debug_str": b"it"}), False,
     "the last string of .debug_str has no end"),
)


def with_symbol(sections=()):
    """A file whose symbol table alone knows the function; or that has other sections instead."""
    elf = image(FORM.probe(location=TEXT + 16, args=""))
    if not sections:
        link = elf.add(Section(".strtab", 3, b"\0hidden\0"))
        elf.add(Section(".symtab", 2, FORM.symbol(0, 0, 0, 0) +
                        FORM.symbol(1, TEXT, 32, GLOBAL_FUNCTION, 2),
                        link=link, info=1, alignment=8, entry_size=24))
    for name, data in sections:
        elf.add(Section(name, data=data))
    return elf.bytes()


def asking(data, bits):
    """xz data whose block asks for a dictionary of 2^BITS bytes."""
    start, size = 12, 4 * (data[12] + 1)
    block = bytearray(data[start:start + size - 4])
    assert block[2:4] == b"\x21\x01"                       # LZMA2, one byte of properties
    block[4] = 2 * (bits - 12)
    return data[:start] + block + zlib.crc32(block).to_bytes(4, "little") + data[start + size:]


def mini(data):
    return with_symbol([(".gnu_debugdata", data)])


XZ = lzma.compress(with_symbol())
BOMB = lzma.compress(bytes(65 << 20), preset=0)
SYMBOLS = (
    ("as they are", with_symbol(), True, ""),
    ("packed", mini(XZ), True, ""),
    ("packed, and cut short", mini(XZ[:-40]), False, "is no sound xz data"),
    ("packed, and damaged", mini(XZ[:40] + bytes(8) + XZ[48:]), False, "is no sound xz data"),
    ("not packed", mini(with_symbol()), False, "is no sound xz data"),
    ("nothing", mini(b""), False, ""),
    ("that ask for a dictionary as xz -9 does", mini(asking(XZ, 26)), True, ""),
    ("that ask for more memory than they may", mini(asking(XZ, 30)), False,
     ".gnu_debugdata takes more than"),
    ("that never end", mini(BOMB), False, ".gnu_debugdata takes more than"),
    ("that are none", mini(lzma.compress(b"no file")), False, ""),
)


def check(tap, area, rows, option, known, folder):
    paths = []
    for number, (_, content, _, _) in enumerate(rows):
        paths.append(folder / f"{area}-{number}")
        paths[-1].write_bytes(content)
    found = json.loads(run(TOOL, "-J", option, "--debuginfo=/nonexistent", *paths).stdout)["files"]
    for (title, _, is_known, told), file in zip(rows, found):
        messages = [row["message"] for row in file["diagnostics"]
                    if row["code"] != "debug-info-missing"]
        good = file["state"] == "ok" and len(file["probes"]) == 1 and \
            known(file["probes"][0]) == is_known and \
            (any(told in text for text in messages) if told else not messages or not is_known)
        tap.ok(good, f"{area}: {title}", f"{messages} {file['probes']}")


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
        folder = pathlib.Path(folder)
        check(tap, "debug info", DEBUG, "-a",
              lambda probe: probe["arguments"][0]["name"] == "it", folder)
        if "lzma=yes" in run(TOOL, "--version").stdout:
            check(tap, "symbols", SYMBOLS, "-s",
                  lambda probe: (probe["function"] or {}).get("name") == "hidden", folder)
        else:
            tap.skip("symbols: packed", "no liblzma")
    tap.done()


main()
