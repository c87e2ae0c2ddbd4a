# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Counts of a file that multiply: at the limit of the table in SECURITY.md, and one beyond.

At the limit all is read. Beyond it the program says which limit was reached, ends with 2, and
has what it found before, and what is found elsewhere. The limit of time is for hangs.
"""
import json
import pathlib
import struct
import subprocess
import tempfile

from helpers.tap import TOOL, Tap
from elfmaker import SHT_NOTE, Form, Section, image

FORM = Form()
PROBES = image(FORM.probe()).bytes()
HANG = 100
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
    def run(elements):
        put(place / "p", program(["/good/libgood.so", "lib.so"], ":".join(["/a"] * elements), MUSL))
        return needed(place)
    # The path of the first library, and the three directories of musl, are places, too.
    most = (262144 - 1 - 3) // 2
    hold(tap, "places of libraries", "262144 places", run(most), run(most + 1),
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
    def run(count):
        put(place / "p", program(["/good/libgood.so"] + [f"/{n}" for n in range(count - 1)]))
        return needed(place)
    hold(tap, "libraries", "2000 libraries", run(2000), run(2001), ["/good/libgood.so"])

    def named(count):
        put(place / "p", program(["/good/libgood.so"] * count))
        return needed(place)
    hold(tap, "names of libraries", "20000 names", named(20000), named(20001),
         ["/good/libgood.so"])


def lists(tap, place):
    """What the linker's own lists are made of, which --root brings along."""
    def run(conf, included=(), cache=b"no cache"):
        put(place / "p", program(["libx.so"]))
        put(place / "opt/libx.so", PROBES)
        put(place / "etc/ld.so.conf", conf)
        put(place / "etc/ld.so.cache", cache)
        for name in included:
            put(place / "etc/d" / name, "")
        return Listing("--libs", f"--root={place}", "/p")
    names = [f"{n:04}" for n in range(1000)]
    # A line, a pattern, and each name with "." and "..".
    lines, rest = divmod((1 << 20) - 1, 2 + 2 + len(names))
    conf = "include d/x\n" * lines + "#\n" * rest + "/opt"
    hold(tap, "patterns times names", "is larger than is read", run(conf, names),
         run("#\n" + conf), [])
    stars = "".join(f"include d/{'*a' * 400}b{n}\n" for n in range(1000)) + "/opt\n"
    for n in range(1000):
        put(place / "etc/d" / f"{'a' * 240}{n:04}", "")
    found = run(stars)
    tap.ok(len(found.limits()) == 1, "patterns of many stars", found)
    for count, fits in ((999, True), (1000, False)):
        with tempfile.TemporaryDirectory() as directory:
            found = lists_of(pathlib.Path(directory), count)
            tap.ok(bool(found.limits()) != fits, f"{count} files that ld.so.conf includes", found)
    conf = "#" * (MIB - 6) + "\n/opt\n"
    hold(tap, "the size of ld.so.conf", "is larger than is read", run(conf), run("#" + conf), [])
    cache = b"ld.so-1.7.0\0\0\0\0\0"
    hold(tap, "the size of ld.so.cache", "is larger than is read",
         run("", cache=cache.ljust(8 * MIB, b"\0")), run("", cache=cache.ljust(8 * MIB + 1, b"\0")))


def lists_of(place, count):
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

    def run(count):
        put(place / "thin.a", b"!<thin>\n" + header(b"x.o/", size) * count)
        return Listing("thin.a", cwd=place)
    most = 256 // 16 + 1
    at, beyond = run(most), run(most + 5)
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

    def run(count):
        members = b"".join(header(b"/%d:%d" % (n % 2 * 5, start), len(PROBES))
                           for n in range(count))
        put(place / "thin.a", b"!<thin>\n" + table(paths) + members)
        return Listing("thin.a", cwd=place)
    each = (16 << 10) + len(names) + max(len(PROBES), 16 << 10)
    most = (256 * MIB + 2 * length) // each
    hold(tap, "two archives by turns, in a thin one", "256 MiB more", run(most), run(most + 1),
         [f"thin.a[{'ab'[n % 2]}.a(m.o)]" for n in range(most)])
    found = run(200000)
    tap.ok(len(found.limits()) == 1 and len(found.with_probes) == most,
           "two archives by turns, in a thin one of 12 MB", found)


# ---- notes ----

def segments(tap, place):
    """Segments of notes that are all the same bytes, where no section tells of any."""
    def run(count):
        note = FORM.probe() + FORM.note(bytes(1000), owner=b"any\0", type=9) * 1000
        start = 64 + 56 * count
        head = b"\x7fELF\2\1\1" + bytes(9) + struct.pack(
            "<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, count, 0, 0, 0)
        one = struct.pack("<IIQQQQQQ", 4, 4, start, 0, 0, len(note), len(note), 4)
        put(place / "segments", head + one * count + note)
        return Listing(place / "segments")
    at, beyond = run(1), run(60000)
    tap.ok(at.code == 0 and len(at.files[0]["probes"]) == 1, "one segment of notes", at)
    tap.ok(beyond.code == 2 and "segments overlap" in beyond.errors and
           len(beyond.files[0]["probes"]) == 4, "60000 segments of notes", beyond)


def section(tap, place):
    """A section of notes in a file with holes."""
    def run(size):
        elf = image(FORM.probe())
        elf.add(Section(".note.x", SHT_NOTE, offset=4096, size=size, alignment=4))
        path = put(place / "holes", elf.bytes().ljust(4096, b"\0"))
        with open(path, "r+b") as file:
            file.truncate(4096 + size)
        return Listing(path)
    at, beyond = run(512 * MIB), run(512 * MIB + 4)
    tap.ok(at.code == 0 and len(at.files[0]["probes"]) == 1, "512 MiB of notes", at)
    tap.ok(beyond.code == 2 and "512 MiB that are read at once" in beyond.errors and
           len(beyond.files[0]["probes"]) == 1, "more than 512 MiB of notes", beyond)


def main():
    tap = Tap()
    for check in (places, libraries, lists, same_file, nested, segments, section):
        with tempfile.TemporaryDirectory() as directory:
            check(tap, pathlib.Path(directory))
    tap.done()


if __name__ == "__main__":
    main()
