# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Counts of a file that multiply: at the limit of the table in SECURITY.md, and one beyond.

At the limit all is read. Beyond it the program says which limit was reached, ends with 2, and
has what it found before, and what is found elsewhere. The limit of time is for hangs.
"""
import gzip
import json
import pathlib
import struct
import subprocess
import tempfile
import zlib

from helpers import made_packages, standin
from helpers.tap import SOURCE, TOOL, Tap, run
from elfmaker import (
    PF_R, PF_X, PT_LOAD, SHF_ALLOC, SHF_EXECINSTR, SHT_NOTE, SHT_PROGBITS, SHT_STRTAB,
    SHT_SYMTAB, TEXT, Form, Section, Segment, image)

FORM = Form()
PROBES = image(FORM.probe()).bytes()
HANG = 600
MIB = 1 << 20
GLIBC, MUSL = "/lib64/ld-linux-x86-64.so.2", "/lib/ld-musl-x86_64.so.1"


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def program(needed, runpath="", interpreter=GLIBC):
    """An ELF program with a dynamic section and nothing else."""
    strings, offsets = b"\0", {}
    for text in [*needed, runpath]:
        if text not in offsets:
            offsets[text] = len(strings)
            strings += text.encode() + b"\0"
    entries = [(1, offsets[name]) for name in needed]
    entries += [(29, offsets[runpath])] if runpath else []
    start = 64 + 3 * 56
    size = 16 * (len(entries) + 3)
    at = start + size + len(interpreter) + 1
    entries += [(5, at), (10, len(strings)), (0, 0)]
    body = b"".join(struct.pack("<QQ", *entry) for entry in entries)
    body += interpreter.encode() + b"\0" + strings
    end = start + len(body)
    headers = b"".join(struct.pack("<IIQQQQQQ", kind, 4, offset, offset, offset, length, length, 8)
                       for kind, offset, length in ((3, start + size, len(interpreter) + 1),
                                                    (1, 0, end), (2, start, size)))
    head = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0, 64, 0, 0, 64,
                                                     56, 3, 64, 0, 0)
    return head + headers + body


class Listing:
    """What a run found."""

    def __init__(self, *words, cwd=None):
        process = subprocess.run([str(TOOL), "-J", *map(str, words)], cwd=cwd, check=False,
                                 timeout=HANG, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.code, self.errors = process.returncode, process.stderr.decode()
        self.files = json.loads(process.stdout)["files"] if process.stdout else []
        self.told = [found for file in self.files for found in file["diagnostics"]]
        self.with_probes = [file["path"] for file in self.files if file["probes"]]

    def limits(self):
        return [found["message"] for found in self.told if found["code"] == "limit-reached"]

    def __str__(self):
        return (f"exit {self.code}, {len(self.files)} files, {self.told[:5]}\n"
                f"{self.with_probes[:5]}\n{self.errors[:1000]}")


def hold(tap, name, limit, at, beyond, probes=None):
    """AT is whole; BEYOND has reached LIMIT, words of the message, and has PROBES all the same."""
    tap.ok(not at.limits(), f"{name}: at the limit", at)
    said = beyond.limits()
    tap.ok(len(said) == 1 and limit in said[0] and beyond.code == 2 and
           (probes is None or beyond.with_probes == probes), f"{name}: beyond it", beyond)


# ---- libraries ----

def needed(place, *words):
    put(place / "etc/ld.so.cache", b"ld.so-1.7.0\0\0\0\0\0")
    put(place / "good/libgood.so", PROBES)
    return Listing("--libs", f"--root={place}", "/p", *words)


def places(tap, place):
    """A directory of a search path for each name; each element counts, and each file."""
    def made(elements):
        put(place / "p", program(["/good/libgood.so", "lib.so"], ":".join(["/a"] * elements), MUSL))
        return needed(place)
    # The path of the first library, and the three directories of musl, are places, too.
    most = (262144 - 1 - 3) // 2
    hold(tap, "places of libraries", "262144 places", made(most), made(most + 1),
         ["/good/libgood.so"])
    put(place / "p", program(["/good/libgood.so"] + [f"{n}.so" for n in range(1000)],
                             ":".join(["/a"] * 300000)))
    found = needed(place)
    tap.ok(len(found.limits()) == 1 and found.with_probes == ["/good/libgood.so"] and
           "not found" not in found.errors, "names times elements", found)
    chain = {f"l{n}.so": [f"l{n + 1}.so"] for n in range(30)}
    for name, names in chain.items():
        put(place / "lib" / name, program(names, ":".join(["/a"] * 5000), MUSL))
    put(place / "p", program(["/good/libgood.so", "l0.so"], "", MUSL))
    found = needed(place)
    tap.ok(len(found.limits()) == 1 and found.with_probes == ["/good/libgood.so"],
           "search paths that are inherited", found)


def libraries(tap, place):
    def made(count):
        put(place / "p", program(["/good/libgood.so"] + [f"/{n}" for n in range(count - 1)]))
        return needed(place)
    hold(tap, "libraries", "2000 libraries", made(2000), made(2001), ["/good/libgood.so"])

    def named(count):
        put(place / "p", program(["/good/libgood.so"] * count))
        return needed(place)
    hold(tap, "names of libraries", "20000 names", named(20000), named(20001),
         ["/good/libgood.so"])


def linker_lists(tap, place):
    """What the linker's own lists are made of, which --root brings along."""
    def made(conf, files=(), cache=b"no cache"):
        put(place / "p", program(["libx.so"]))
        put(place / "opt/libx.so", PROBES)
        put(place / "etc/ld.so.conf", conf)
        put(place / "etc/ld.so.cache", cache)
        for name in files:
            put(place / "etc/d" / name, "")
        return Listing("--libs", f"--root={place}", "/p")
    names = [f"{n:04}" for n in range(1000)]
    # A line, a pattern, and each name with "." and "..".
    lines, rest = divmod((1 << 20) - 1, 2 + 2 + len(names))
    conf = "include d/x\n" * lines + "#\n" * rest + "/opt"
    hold(tap, "patterns times names", "is larger than is read", made(conf, names),
         made("#\n" + conf), [])
    stars = "".join(f"include d/{'*a' * 400}b{n}\n" for n in range(1000)) + "/opt\n"
    for n in range(1000):
        put(place / "etc/d" / f"{'a' * 240}{n:04}", "")
    found = made(stars)
    tap.ok(len(found.limits()) == 1, "patterns of many stars", found)
    for count, fits in ((999, True), (1000, False)):
        with tempfile.TemporaryDirectory() as directory:
            found = included(pathlib.Path(directory), count)
            tap.ok(bool(found.limits()) != fits, f"{count} files that ld.so.conf includes", found)
    conf = "#" * (MIB - 6) + "\n/opt\n"
    hold(tap, "the size of ld.so.conf", "is larger than is read", made(conf), made("#" + conf), [])
    cache = b"ld.so-1.7.0\0\0\0\0\0"
    hold(tap, "the size of ld.so.cache", "is larger than is read",
         made("", cache=cache.ljust(8 * MIB, b"\0")), made("", cache=cache.ljust(8 * MIB + 1, b"\0")))


def included(place, count):
    put(place / "p", program(["libx.so"]))
    put(place / "etc/ld.so.conf", "include d/*\n")
    for n in range(count):
        put(place / "etc/d" / f"{n}", "")
    return Listing("--libs", f"--root={place}", "/p")


# ---- archives ----

def header(name, size):
    return b"%-16s%-12d%-6d%-6d%-8o%-10d`\n" % (name, 0, 0, 0, 0o644, size)


def table(names):
    return header(b"//", len(names)) + names + b"\n" * (len(names) % 2)


def same_file(tap, place):
    """A thin archive that names one file again and again."""
    size = 16 * MIB
    put(place / "x.o", PROBES.ljust(4096, b"\0"))
    with open(place / "x.o", "r+b") as file:
        file.truncate(size)

    def made(count):
        put(place / "thin.a", b"!<thin>\n" + header(b"x.o/", size) * count)
        return Listing("thin.a", cwd=place)
    most = 256 // 16 + 1
    at, beyond = made(most), made(most + 5)
    hold(tap, "one file, named by a thin archive", "256 MiB more", at, beyond,
         ["thin.a[x.o]"] * most)


def nested(tap, place):
    """A thin archive whose members lie in two archives by turns, each with a large table."""
    names = b"m.o/\n".ljust(16 * MIB - 8 - 60, b"\n")
    start = 8 + len(table(names))
    for name in ("a.a", "b.a"):
        put(place / name, b"!<arch>\n" + table(names) + header(b"m.o/", len(PROBES)) + PROBES)
    length = (place / "a.a").stat().st_size
    paths = b"a.a/\nb.a/\n"

    def made(count):
        members = b"".join(header(b"/%d:%d" % (n % 2 * 5, start), len(PROBES))
                           for n in range(count))
        put(place / "thin.a", b"!<thin>\n" + table(paths) + members)
        return Listing("thin.a", cwd=place)
    each = (16 << 10) + len(names) + max(len(PROBES), 16 << 10)
    most = (256 * MIB + 2 * length) // each
    hold(tap, "two archives by turns, in a thin one", "256 MiB more", made(most), made(most + 1),
         [f"thin.a[{'ab'[n % 2]}.a(m.o)]" for n in range(most)])
    found = made(200000)
    tap.ok(len(found.limits()) == 1 and len(found.with_probes) == most,
           "two archives by turns, in a thin one of 12 MB", found)


# ---- notes ----

def segments(tap, place):
    """Segments of notes that are all the same bytes, where no section tells of any."""
    def made(count):
        note = FORM.probe() + FORM.note(bytes(1000), owner=b"any\0", type=9) * 1000
        start = 64 + 56 * count
        head = b"\x7fELF\2\1\1" + bytes(9) + struct.pack(
            "<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, count, 0, 0, 0)
        one = struct.pack("<IIQQQQQQ", 4, 4, start, 0, 0, len(note), len(note), 4)
        put(place / "segments", head + one * count + note)
        return Listing(place / "segments")
    at, beyond = made(1), made(60000)
    tap.ok(at.code == 0 and len(at.files[0]["probes"]) == 1, "one segment of notes", at)
    tap.ok(beyond.code == 2 and "segments overlap" in beyond.errors and
           len(beyond.files[0]["probes"]) == 4, "60000 segments of notes", beyond)


def section(tap, place):
    """A section of notes in a file with holes."""
    def made(size):
        elf = image(FORM.probe())
        elf.add(Section(".note.x", SHT_NOTE, offset=4096, size=size, alignment=4))
        path = put(place / "holes", elf.bytes().ljust(4096, b"\0"))
        with open(path, "r+b") as file:
            file.truncate(4096 + size)
        return Listing(path)
    at, beyond = made(512 * MIB), made(512 * MIB + 4)
    tap.ok(at.code == 0 and len(at.files[0]["probes"]) == 1, "512 MiB of notes", at)
    tap.ok(beyond.code == 2 and "512 MiB that are read at once" in beyond.errors and
           len(beyond.files[0]["probes"]) == 1, "more than 512 MiB of notes", beyond)


# ---- debug info ----

CODE = 0x200000
UNIT = b"\1\x11\1\x10\x17\x11\1\x12\6\0\0"                # stmt_list, low_pc, high_pc
FUNCTION = b"\2\x2e\1\x11\1\x12\6\0\0"                       # low_pc, high_pc
INTEGER = b"\3\x24\0\3\x08\x0b\x0b\x3e\x0b\0\0"              # name, byte_size, encoding
VARIABLE = b"\4\x34\0\3\x08\x49\x13\2\x18\0\0"              # name, type, location
ENTANGLED = "more entangled than its size allows"


def entry(code, *parts):
    return bytes([code]) + b"".join(parts)


def reach(start, size):
    return struct.pack("<QI", start, size)


def unit(start, size, entries, lines=0):
    """A unit whose first entry, at offset 28, is the type int."""
    body = struct.pack("<HIB", 4, 0, 8) + entry(1, struct.pack("<I", lines), reach(start, size)) + \
        entry(3, b"int\0", b"\4\5") + entries + b"\0"
    return struct.pack("<I", len(body)) + body


def variable(name, register):
    return entry(4, name.encode(), b"\0", struct.pack("<I", 28), bytes([1, 0x50 + register]))


def function(start, size, *entries):
    return entry(2, reach(start, size), *entries, b"\0")


def described(path, notes, text, units, size=0, **sections):
    """An object whose code stands at CODE; SIZE: with a hole behind its end."""
    elf = image(b"".join(notes))
    elf.segments.append(Segment(PT_LOAD, PF_R | PF_X, 0, CODE, len(text)))
    code = Section(".code", SHT_PROGBITS, text, SHF_ALLOC | SHF_EXECINSTR, CODE, alignment=4096)
    elf.add(code)
    content = {"debug_info": b"".join(units),
               "debug_abbrev": UNIT + FUNCTION + INTEGER + VARIABLE + b"\0", **sections}
    for name, data in content.items():
        elf.add(Section("." + name, SHT_PROGBITS, data))
    data = bytearray(elf.bytes())
    struct.pack_into("<Q", data, 64 + 56 * (len(elf.segments) - 1) + 8, code.offset)
    put(path, bytes(data))
    if size:
        with open(path, "r+b") as file:
            file.truncate(size)
    return path


def site(offset, args="-4@%esi"):
    return FORM.probe(location=CODE + offset, args=args)


def entangled(tap, name, at, beyond, first=None):
    """AT is read whole; BEYOND says that it is not, and FIRST of its first probe is there."""
    tap.ok(at.code == 0 and ENTANGLED not in str(at.told), f"{name}: at the limit", at)
    probe = beyond.files[0]["probes"][0]
    tap.ok(beyond.code == 0 and ENTANGLED in str(beyond.told) and (not first or first(probe)),
           f"{name}: beyond it", beyond)


def is_named(probe):
    return probe["arguments"][0]["name"] == "x"


def variables(tap, place):
    """Variables, each of which may hide another, times arguments."""
    def made(count, arguments):
        words = " ".join(["-4@%ebx"] + ["-4@%esi"] * arguments)
        names = [variable("x", 3)] + [variable(f"v{n}", 5) for n in range(count)]
        return Listing("-a", described(
            place / "variables", [site(8, words)], b"\x90" * 64,
            [unit(CODE, 64, function(CODE, 64, *names))]))
    entangled(tap, "variables times arguments", made(15000, 50), made(15000, 2000), is_named)

    def named(size):
        found = Listing("-a", described(
            place / "names", [site(8, "-4@%ebx")], b"\x90" * 64,
            [unit(CODE, 64, function(CODE, 64, variable("x" * size, 3)))]))
        return found.files[0]["probes"][0]["arguments"][0].get("name")
    at, beyond = named(4095), named(4096)
    tap.ok(at == "x" * 4095 and not beyond, "a name of a variable of 4095 bytes, and one more",
           f"{at}\n{beyond}")


def functions(tap, place):
    """Functions whose instructions are read for each probe, since the next is in another."""
    size = 60000
    if "capstone=yes" not in run(TOOL, "--version").stdout:
        tap.skip("instructions of functions", "a build without Capstone reads none")
        return

    def by_turns(count):
        notes = [site(n % 2 * size + 8, "-4@%ebx") for n in range(count)]
        bodies = [function(CODE + n * size, size, variable("x", 3)) for n in range(2)]
        return Listing("-a", described(place / "functions", notes, b"\x90" * 2 * size,
                                       [unit(CODE, 2 * size, b"".join(bodies))]))
    entangled(tap, "functions by turns", by_turns(20), by_turns(80), is_named)

    def followed(arguments):
        words = " ".join(["-4@%ebx"] + ["-4@%esi"] * arguments)
        return Listing("-a", described(
            place / "block", [site(size - 1, words)], b"\x90" * size,
            [unit(CODE, size, function(CODE, size, variable("x", 3)))]))
    entangled(tap, "instructions times arguments", followed(2000), followed(10000), is_named)


def lists(tap, place):
    """A list of locations that all variables share, before DWARF 5."""
    listed = b"\4\x34\0\3\x08\x49\x13\2\x17\0\0"

    def made(entries, count):
        locations = b"".join(struct.pack("<QQHB", 4096 + n, 4097 + n, 1, 0x53)
                             for n in range(entries))
        locations += struct.pack("<QQHB", 8, 9, 1, 0x53) + bytes(16)
        names = [entry(4, name.encode() + b"\0", struct.pack("<II", 28, where))
                 for name, where in [("x", 19 * entries)] + [(f"v{n}", 0) for n in range(count)]]
        return Listing("-a", described(
            place / "lists", [site(8, "-4@%ebx")], b"\x90" * 64,
            [unit(CODE, 64, function(CODE, 64, *names))], debug_loc=locations,
            debug_abbrev=UNIT + FUNCTION + INTEGER + listed + b"\0"))
    entangled(tap, "variables times a list of locations", made(100, 100), made(100000, 1000))


def unwind(tap, place):
    """Unwind tables, an entry of which may be as long as they are."""
    def made(count):
        return Listing("-a", described(
            place / "unwind", [site(8 + n, "-4@%ebx") for n in range(count)], b"\x90" * 64,
            [unit(CODE, 64, function(CODE, 64, variable("x", 3)))], size=1 << 30,
            eh_frame=bytes(64)))
    entangled(tap, "unwind tables times probes", made(20), made(40), is_named)


def line_tables(tap, place):
    """A line table of each unit, all of which are the same bytes but for their beginnings."""
    start, each = (1 << 16) + 0xfff5 + 10, 16

    def table(rows):
        size = ((start + rows) | 0xffff) - 0xffff + 0xfff5 + 4
        # No header has two bytes of zero in a row: to those before it all are directories.
        headers = b"".join(struct.pack("<IHI", size - at - 4, 4, start - at - 10) +
                           b"\1\1\1\xfb\x0e\1" for at in range(0, 4000 * each, each))
        names = (b"d" * 99 + b"\0") * 10000
        return ((headers + names)[:start - 4] + b"d\0\0\0" +
                b"\x14" * (size - start - 3) + b"\0\1\1")

    def made(count):
        units = [unit(CODE + 16 * n, 16, function(CODE + 16 * n, 16), n * each)
                 for n in range(count)]
        notes = [site(16 * n + 4) for n in range(count)]
        return Listing("--lines", described(place / "lines", notes, b"\x90" * 16 * count, units,
                                            debug_line=table(100000)))
    entangled(tap, "line tables that share bytes", made(1), made(300))

    def file_names(directory):
        header = b"\1\1\1\xfb\x0e\1" + b"d" * directory + b"\0\0" + \
            b"f\0\1\0\0" * 50000 + b"\0"
        rows = b"\0\x09\2" + struct.pack("<Q", CODE) + b"\x14" * 9 + b"\0\1\1"
        table = struct.pack("<HI", 4, len(header)) + header + rows
        return Listing("--lines", described(
            place / "files", [site(4)], b"\x90" * 64, [unit(CODE, 64, function(CODE, 64))],
            debug_line=struct.pack("<I", len(table)) + table))
    entangled(tap, "files times the length of directories", file_names(20), file_names(200000))


def debug_files(tap, place):
    """Separate debug files, which may have holes and be named by any number of objects."""
    note = FORM.note(b"\xab" * 20, owner=b"GNU\0", type=3)
    debug, app = image(FORM.probe()), image(FORM.probe())
    for elf in (app, debug):
        elf.add(Section(".note.gnu.build-id", SHT_NOTE, note, alignment=4))
    strings = debug.add(Section(".strtab", SHT_STRTAB, b"\0around\0"))
    debug.add(Section(".symtab", SHT_SYMTAB, FORM.symbol(0, 0, info=0) +
                      FORM.symbol(1, TEXT, 64, 0x12, 2), link=strings, info=1, alignment=8,
                      entry_size=24))
    debug = debug.bytes()
    put(place / "app", app.bytes())
    most = (4 << 30) + 1000 * (place / "app").stat().st_size

    def made(size):
        put(place / "app.debug", debug)
        with open(place / "app.debug", "r+b") as file:
            file.truncate(size)
        return Listing("-s", place / "app")
    limited(tap, "bytes of a debug file", made(most), made(most + 1), function_of)
    link = debug_link(place, debug)
    with open(place / "link.debug", "r+b") as file:
        file.truncate(1 << 40)
    limited(tap, "the checksum of a debug file of 1 TiB with a hole", link,
            Listing("-s", place / "link"), function_of)


def debug_link(place, debug):
    """What is found by a link with a checksum."""
    elf = image(FORM.probe())
    elf.add(Section(".gnu_debuglink", data=b"link.debug\0\0" + FORM.pack("I", zlib.crc32(debug))))
    put(place / "link", elf.bytes())
    put(place / "link.debug", debug)
    return Listing("-s", place / "link")


def function_of(probe):
    return probe.get("function")


def limited(tap, name, at, beyond, found):
    """AT has what FOUND takes from its first probe; BEYOND says that it was too much."""
    tap.ok(at.code == 0 and not codes(at) & {"debug-limit"} and
           any(map(found, at.files[0]["probes"])),
           f"{name}: at the limit", at)
    tap.ok(beyond.code == 0 and "debug-limit" in codes(beyond) and
           not any(map(found, beyond.files[0]["probes"])), f"{name}: beyond it", beyond)


def codes(listing):
    return {told["code"] for told in listing.told}


def halves(tap, place):
    """The same for .dwo files."""
    separate = SOURCE / "fixtures" / "separate"
    put(place / "split", (separate / "split").read_bytes())
    most = (4 << 30) + 1000 * (place / "split").stat().st_size

    def made(size):
        put(place / "site.dwo", (separate / "site.dwo").read_bytes())
        with open(place / "site.dwo", "r+b") as file:
            file.truncate(size)
        return Listing("-a", place / "split")
    limited(tap, "bytes of .dwo files", made(most), made(most + 1),
            lambda probe: any(argument.get("name") for argument in probe["arguments"]))


# ---- Python, packages, definitions ----

def python(tap, place):
    """What is scanned for a version, in a file with holes."""
    def made(size):
        data = bytearray(standin.built(9, version_symbol=False))
        struct.pack_into("<QQ", data, 64 + 56 + 32, size, size)
        path = put(place / "python3.9", bytes(data))
        with open(path, "r+b") as file:
            file.truncate(size)
        found = run(TOOL, "python", "-J", path, timeout=HANG)
        return found, json.loads(found.stdout)["pythons"][0]
    for size, whole in ((512 * MIB, True), (512 * MIB + 1, False)):
        found, one = made(size)
        limits = [told for told in one["diagnostics"] if told["code"] == "limit-reached"]
        tap.ok(one["verdict"] == "yes" and (found.returncode == 0) == whole and
               bool(limits) != whole, f"{size} bytes of a Python", found.stdout)


def member_names(tap, place):
    """A name of a member of a package, which stands before each of its probes."""
    for size in (4096, 4097):
        # Each directory's name has its own limit.
        name = "/".join(["d" * 100] * 40)
        name += "/" + "n" * (size - len(name) - 1)
        put(place / "x.tar", made_packages.tar({name: PROBES, "other": PROBES}))
        found = Listing(place / "x.tar")
        told = codes(found)
        tap.ok(found.code == (2 if size > 4096 else 0) and
               (told == {"package-limit"} if size > 4096 else not told) and
               len(found.with_probes) == (1 if size > 4096 else 2),
               f"a member's name of {size} bytes", found)


def directory_names(tap, place):
    """The name of a directory in an .rpm, where each entry of the payload has only a number."""
    files = made_packages.rpm_files({"d" * (10 * MIB) + "/file": b""}, [1])
    payload = b"07070X%08x\0\0" % 0 * 100000 + made_packages.TRAILER
    put(place / "x.rpm", made_packages.rpm_whole(files, gzip.compress(payload), 4))
    found = Listing(place / "x.rpm")
    tap.ok(found.code == 1 and not found.told, "a directory's name of 10 MiB, times entries", found)


def definitions(tap, place):
    """A type or a name in a provider definition, which is looked at for each probe."""
    put(place / "x", image(FORM.probe(args="-4@%esi")).bytes())
    for size in (4096, 4097):
        for what, source in (("type", f"{'t' * size} a"), ("name", f"int {'n' * size}")):
            put(place / "x.d", f"provider p {{ probe n({source}); }};")
            found = run(TOOL, "-J", "-d", place / "x.d", place / "x", timeout=HANG)
            tap.ok(found.returncode == (2 if size > 4096 else 0) and
                   ("longer than 4096 bytes" in found.stderr) == (size > 4096),
                   f"a {what} in a definition of {size} bytes", f"{found.returncode} {found.stderr}")


def main():
    tap = Tap()
    for check in (places, libraries, linker_lists, same_file, nested, segments, section, variables,
                  functions, lists, unwind, line_tables, debug_files, halves, python, member_names,
                  directory_names, definitions):
        with tempfile.TemporaryDirectory() as directory:
            check(tap, pathlib.Path(directory))
    tap.done()


if __name__ == "__main__":
    main()
