# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Libraries that are loaded when they are needed: what needs none loads none, what needs one
that is not there says so and does the rest."""
import json
import os
import pathlib
import re
import struct
import tempfile

from helpers.tap import BUILD, SOURCE, TOOL, Tap, run, told

PROGRAM = BUILD / "src" / "usdtinfo"
PLAIN = "fixtures/x86_64/minimal.so"
DEBUG = "fixtures/site/x86_64-gcc-O2-dwarf5"
BARRED = "Can not access a needed shared library"
NO_TABLE = f"usdtinfo: a table needs libsmartcols (try 'tsv'): {BARRED}\n"
NO_JSON = f"a saved listing needs json-c: {BARRED}\n"
NO_DEBUG = f"debug info needs libdw: {BARRED}\n"
LOADED = ("libarchive", "libcapstone", "libdw", "libjson-c", "liblzma", "libsmartcols")
# The library, the arguments, the exit code, what is on standard output, and on standard error
CASES = (
    ("libdw", [PLAIN], 0, "work__start", ""),
    ("libdw", ["-J", PLAIN], 0, '"unused"', ""),
    ("libdw", ["-s", DEBUG], 0, "inlined_member", ""),
    ("libdw", ["--lines", DEBUG], 2, "inlined_member", f"usdtinfo: {DEBUG}: {NO_DEBUG}"),
    ("libdw", ["-a", "-J", DEBUG], 2, '"library-missing"', f"usdtinfo: {DEBUG}: {NO_DEBUG}"),
    ("libdw", ["-s", "stripped"], 2, "inlined_member",
     "usdtinfo: stripped: debug files need libdw, which cannot be loaded\n"),
    ("libsmartcols", [PLAIN], 0, "work__start", ""),
    ("libsmartcols", ["-F", "tsv", "-o", "NAME", PLAIN], 0, "work__start", ""),
    ("libsmartcols", ["-o", "NAME", PLAIN], 2, "", NO_TABLE),
    ("libsmartcols", ["python", "-o", "PATH", PLAIN], 2, "", NO_TABLE),
    ("libjson-c", ["-J", PLAIN], 0, '"unused"', ""),
    ("libjson-c", ["saved", PLAIN], 2, "work__start", f"usdtinfo: saved: {NO_JSON}"),
    ("libjson-c", ["diff", "saved", PLAIN], 2, "", f"usdtinfo: saved: {NO_JSON}"),
    ("libarchive", [PLAIN], 0, "work__start", ""),
    ("libarchive", ["package.tar", PLAIN], 2, "work__start",
     "usdtinfo: package.tar: a package, which needs libarchive: "),
)


def sonames():
    """{library: soname} of what this build loads."""
    text = (BUILD / "src" / "sonames.h").read_text(encoding="ascii")
    found = {name.split(".so")[0]: name for name in re.findall(r'"(.*)"', text)}
    # A sanitizer's runtime is linked everywhere.
    return {library: found[library] for library in LOADED if library in found}


def needed():
    listing = run("readelf", "-dW", PROGRAM, env={**os.environ, "LC_ALL": "C"}).stdout
    return re.findall(r"\(NEEDED\).*\[(.*)\]", listing)


def metadata():
    """The JSON of each note in .note.dlopen."""
    # objcopy may know the machine of its own only.
    listing = run("readelf", "-SW", PROGRAM, env={**os.environ, "LC_ALL": "C"}).stdout
    start, size = re.search(r" \.note\.dlopen +NOTE +[0-9a-f]+ ([0-9a-f]+) ([0-9a-f]+) ",
                            listing).groups()
    program = PROGRAM.read_bytes()
    order = {1: "<", 2: ">"}[program[5]]
    notes = program[int(start, 16):int(start, 16) + int(size, 16)]
    found, at = [], 0
    while at < len(notes):
        name, size, kind = struct.unpack_from(order + "3I", notes, at)
        if (name, kind, notes[at + 12:at + 16]) != (4, 0x407c0c0a, b"FDO\0"):
            raise ValueError(f"a note of another kind at {at}")
        found += json.loads(notes[at + 16:at + 16 + size].rstrip(b"\0"))
        at += 16 + (size + 3) // 4 * 4
    return found


def check_links(tap, names):
    links = needed()
    tap.none([link for link in links if link in names.values()],
             f"the program links none of {', '.join(names.values())}")
    rows = metadata()
    told_of = {name for row in rows for name in row["soname"]}
    tap.none([f"{name}: not in .note.dlopen" for name in names.values() if name not in told_of],
             "packagers are told of each library")
    tap.none([f"{row}" for row in rows
              if row["priority"] not in ("recommended", "suggested") or not row["description"]],
             "and when it is wanted")


def check_missing(tap, names, folder):
    for library, arguments, code, shown, said in CASES:
        what = f"without {library}: {' '.join(arguments)}"
        if library not in names:
            tap.skip(what, "not in this build")
            continue
        place = folder / library
        place.mkdir(exist_ok=True)
        # No file of its name would let the search go on.
        (place / names[library]).write_bytes(b"")
        result = run(TOOL, *arguments, cwd=folder, env={**os.environ, "LD_LIBRARY_PATH": place})
        good = result.returncode == code and shown in result.stdout and \
            (result.stderr.startswith(said) if said.endswith(" ") else result.stderr == said)
        tap.ok(good, what, told(result))


def main():
    tap = Tap()
    if not (BUILD / "src" / "sonames.h").exists() or \
            any(link.startswith("libdw.so") for link in needed()) or not needed():
        tap.skip("libraries are loaded when they are needed", "this build links them")
        tap.done()
    names = sonames()
    check_links(tap, names)
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as name:
        folder = pathlib.Path(name)
        (folder / "fixtures").symlink_to(SOURCE / "fixtures")
        run("strip", "-o", folder / "stripped", SOURCE / DEBUG)
        run("tar", "cf", folder / "package.tar", "-C", SOURCE, PLAIN)
        saved = run(TOOL, "-J", PLAIN, cwd=folder).stdout
        (folder / "saved").write_text(saved, encoding="utf-8")
        check_missing(tap, names, folder)
    tap.done()


main()
