# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Small files whose headers make one place of them many: neither memory nor time follows.

Each file is below 12 MiB. What libelf or libdw is asked for once too often costs a gigabyte,
or minutes.
"""
import os
import pathlib
import resource
import struct
import subprocess
import tempfile
import zlib

from helpers.tap import TOOL, Tap
from elfmaker import (
    ET_REL, SHF_ALLOC, SHF_COMPRESSED, SHF_EXECINSTR, SHT_NOTE, SHT_PROGBITS, SHT_RELA, SHT_STRTAB,
    SHT_SYMTAB, SIZE, TEXT, Elf, Form, Section, image)

MIB = 1 << 20
LARGE, MANY, AT = 2 * MIB, 500, 0x300
MEMORY = 400 * MIB  # sanitizers take the most of it
SECONDS = 10        # of the processor: each takes less than one
FORM = Form()


def spend(words, seconds):
    """(exit code, peak of memory, standard error) of a run."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [str(TOOL), *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=errors,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds)))
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        return process.returncode, used.ru_maxrss * 1024, errors.read(2000)


def hold(tap, name, *words, seconds=SECONDS):
    code, memory, errors = spend(words, seconds)
    tap.ok(code in (0, 1, 2) and memory < MEMORY, name,
           f"exit {code}, {memory // MIB} MiB\n{errors!r}")


def put(path, elf):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(elf if isinstance(elf, (bytes, bytearray)) else elf.bytes())
    return path


def add_table(elf, strings):
    """One of many symbol tables, which are all the same bytes."""
    return elf.add(Section(".symtab", SHT_SYMTAB, offset=AT, size=LARGE // 24 * 24, link=strings,
                           info=1, alignment=8, entry_size=24))


def relocations(tap, place):
    """Each section of notes is relocated by a table that names symbols of its own."""
    elf = Elf(FORM, type=ET_REL)
    strings = elf.add(Section(".strtab", SHT_STRTAB, b"\0" + b"a" * LARGE + b"\0"))
    for _ in range(MANY):
        notes = elf.add(Section(".note.stapsdt", SHT_NOTE, FORM.probe(location=0), alignment=4))
        elf.add(Section(".rela", SHT_RELA, FORM.pack("QQQ", 0x14, 1 << 32 | 1, 0), info=notes,
                        link=add_table(elf, strings), alignment=8, entry_size=24))
    hold(tap, "a symbol table for each section of notes", "list", put(place / "many.o", elf))


def undefined(tap, place):
    """Names that lint looks for in symbol tables."""
    elf = image(FORM.probe())
    strings = elf.add(Section(".strtab", SHT_STRTAB, b"\0" + b"a" * LARGE + b"\0"))
    for _ in range(MANY):
        add_table(elf, strings)
    hold(tap, "many symbol tables", "lint", put(place / "tables", elf))
    elf = image(FORM.probe())
    strings = elf.add(Section(".strtab", SHT_STRTAB, b"\0" + b"a" * 3 * LARGE + b"\0"))
    elf.add(Section(".symtab", SHT_SYMTAB, FORM.symbol(1, 0) * 160000, link=strings, info=1,
                    alignment=8, entry_size=24))
    hold(tap, "one long name for all symbols", "lint", put(place / "names", elf))


def build_ids(tap, place):
    """The notes of what lies where a debug file would."""
    elf = image(FORM.probe())
    elf.add(Section(".note.gnu.build-id", SHT_NOTE,
                    FORM.note(b"\xab" * 20, owner=b"GNU\0", type=3), alignment=4))
    app, debug = put(place / "app", elf), Elf(FORM)
    debug.add(Section(".blob", data=FORM.note(bytes(LARGE), owner=b"any\0", type=9)))
    for _ in range(MANY):
        debug.add(Section(".note", SHT_NOTE, offset=AT, size=LARGE, alignment=4))
    put(place / "app.debug", debug)
    hold(tap, "many sections of notes in a debug file", "list", "-a", app)


def compressed_names(tap, place):
    """Section names that inflate a thousandfold, of which libelf is asked."""
    data = bytearray(image(FORM.probe()).bytes())
    size = 1000 * MIB
    deflate = zlib.compressobj(9)
    names = b"".join(deflate.compress(bytes(MIB)) for _ in range(1000)) + deflate.flush() + b"\0"
    headers, count = struct.unpack_from("<Q", data, 0x28)[0], struct.unpack_from("<H", data, 60)[0]
    at = headers + 64 * (count - 1)
    struct.pack_into("<Q", data, at + 8, SHF_COMPRESSED)
    struct.pack_into("<QQ", data, at + 24, len(data), len(names) + 24)
    put(place / "compressed", data + struct.pack("<IIQQ", 1, 0, size, 1) + names)
    for option in ("-s", "-a"):
        hold(tap, f"section names that inflate, {option}", "list", option, place / "compressed")


def unwind_tables(tap, place):
    """Of a relocatable object, whose tables are relocated first."""
    elf = Elf(FORM, type=ET_REL)
    text = elf.add(Section(".text", data=b"\x90" * 16, flags=SHF_ALLOC | SHF_EXECINSTR))
    notes = elf.add(Section(".note.stapsdt", SHT_NOTE, FORM.probe(location=0), alignment=4))
    symbols = elf.add(Section(".symtab", SHT_SYMTAB, FORM.symbol(0, 0, info=0) +
                              FORM.symbol(0, 0, info=3, section=text), info=2, alignment=8,
                              entry_size=24))
    elf.add(Section(".rela", SHT_RELA, FORM.pack("QQQ", 0x14, 1 << 32 | 1, 0), info=notes,
                    link=symbols, alignment=8, entry_size=24))
    elf.add(Section(".debug_info", SHT_PROGBITS, bytes(LARGE)))
    for _ in range(MANY):
        elf.add(Section(".eh_frame", SHT_PROGBITS, offset=AT, size=LARGE))
    hold(tap, "many unwind tables", "list", "-a", put(place / "unwind.o", elf))


def unit(entries):
    """A unit of DWARF 4 whose abbreviations begin the section."""
    head = FORM.pack("HIB", 4, 0, 8) + entries
    return FORM.pack("I", len(head)) + head


def described(path, info, abbreviations):
    elf = image(FORM.probe(location=TEXT + 16, args="4@%edi"))
    elf.add(Section(".debug_info", SHT_PROGBITS, info))
    elf.add(Section(".debug_abbrev", SHT_PROGBITS, abbreviations + b"\0"))
    return put(path, elf)


def abbreviations(tap, place):
    """Entries of a byte each, whose abbreviations are long, or many for each unit."""
    reach = FORM.pack("Q", TEXT) + bytes([SIZE])
    first = b"\1\x11\1\x11\1\x12\x0b\0\0"
    hold(tap, "entries with many attributes that take no byte", "list", "-a",
         described(place / "attributes", unit(b"\1" + reach + b"\2" * 200000 + b"\0"),
                   first + b"\2\x34\0" + b"\x3f\x19" * 50000 + b"\0\0"))
    table = b"".join(bytes([0x80 | i & 0x7f, 0x80 | i >> 7 & 0x7f, i >> 14]) + b"\x34\0\0\0"
                     for i in range(1 << 14, 5 << 14))
    hold(tap, "a long table of abbreviations for each unit", "list", "-a",
         described(place / "units", unit(b"\3") * 400, table + b"\3\x11\0\0\0"))


def siblings(tap, place):
    """A function with one entry that holds all others, and does not tell where it ends."""
    reach = FORM.pack("Q", TEXT) + bytes([SIZE])
    place_of = b"\x11\1\x12\x0b\0\0"
    notes = b"".join(FORM.probe(location=TEXT + 16, args="4@%edi", name=f"n{number}")
                     for number in range(3000))
    elf = image(notes)
    elf.add(Section(".debug_info", SHT_PROGBITS, unit(
        b"\1" + reach + b"\2" + reach + b"\3" + b"\4" * 400000 + b"\0\0\0")))
    elf.add(Section(".debug_abbrev", SHT_PROGBITS, b"\1\x11\1" + place_of + b"\2\x2e\1" +
                    place_of + b"\3\x2e\1\0\0\4\x24\0\0\0\0"))
    hold(tap, "an entry that is gone over for each probe", "list", "-a",
         put(place / "siblings", elf), seconds=30)


def member(name, data, count=1):
    head = b"%-16s%-12d%-6d%-6d%-8o%-10d`\n" % (name, 0, 0, 0, 0o644, len(data))
    return (head + data) * count


def long_names(tap, place):
    """A table of names that libelf does not know, so that it looks for another."""
    elf = image(FORM.probe()).bytes()
    archive = (b"!<arch>\n" + member(b"ARFILENAMES/", b"member.o/\n") +
               member(b"e/", b"", 120000) + member(b"/0", elf + bytes(33000 - len(elf)), 150))
    hold(tap, "an archive whose names libelf cannot find", "list", put(place / "x.a", archive))


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as directory:
        place = pathlib.Path(directory)
        for check in (relocations, undefined, build_ids, compressed_names, unwind_tables,
                      abbreviations, siblings, long_names):
            check(tap, place)
    tap.done()


main()
