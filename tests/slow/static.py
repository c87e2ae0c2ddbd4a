# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""-Dstatic=true gives one file that needs nothing: it is built, and run in an empty root."""
import os
import pathlib
import re
import shutil
import tempfile

from helpers.tap import CC, COMPILER, SOURCE, Tap, have, run, told

LIBRARIES = ["-ldw", "-lelf", "-lz", "-llzma", "-lbz2"]
# What meson.build says of archives that lack functions which they call.
LACKING = re.compile(r"^\S*meson\.build:\d+:\d+: ERROR: .*static=true: libdw\.a and libelf\.a of "
                     r"elfutils [0-9.]+ cannot be linked .*: set up without static=true", re.M)


def can_link(folder):
    """Not every system has the static libraries."""
    source = folder / "main.c"
    source.write_text("int main(void) { return 0; }\n")
    result = run(*COMPILER, "-static", "-o", folder / "main", source, *LIBRARIES)
    return result.returncode == 0


def set_up(folder, **environment):
    return run("meson", "setup", "-Dstatic=true", "-Dtests=disabled", "-Doptimization=0", folder,
               SOURCE, env={**os.environ, "CC": " ".join(CC), **environment})


def spoilt(folder):
    """A place of libdw.pc and a libdw.a that misses a member which others call."""
    folder.mkdir()
    words = run("pkg-config", "--variable=libdir", "libdw").stdout.strip()
    archive = folder / "libdw.a"
    shutil.copy(pathlib.Path(words) / "libdw.a", archive)
    if run("ar", "d", archive, "dwarf_error.o").returncode:
        return None
    version = run("pkg-config", "--modversion", "libdw").stdout.strip()
    (folder / "libdw.pc").write_text(f"Name: libdw\nDescription: libdw\nVersion: {version}\n"
                                     f"Requires.private: libelf\nLibs: -L{folder} -ldw\n"
                                     "Libs.private: -lbz2 -llzma -lz\n")
    return folder


def inside(folder, *command):
    """Run in a root that holds the program, a fixture and nothing else, where that is allowed."""
    if os.geteuid() == 0 and have("chroot"):
        return run("chroot", folder, "/usdtinfo", *command)
    return run(folder / "usdtinfo", *command, cwd=folder, env={})


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as name:
        folder = pathlib.Path(name)
        if not can_link(folder):
            tap.skip("a static program", "no static libdw, libelf and what they need")
            tap.done()
        place = spoilt(folder / "spoilt")
        if place:
            result = set_up(folder / "none", PKG_CONFIG_PATH=str(place))
            tap.ok(result.returncode and LACKING.search(result.stdout),
                   "a libdw.a that lacks a function is found when setting up, and said in one line",
                   told(result)[-3000:])
        else:
            tap.skip("a libdw.a that lacks a function", "this one has no dwarf_error.o to take out")
        result = set_up(folder / "build")
        lacking = LACKING.search(result.stdout)
        if result.returncode and lacking:
            tap.skip("a static program", lacking.group(0).partition("ERROR: ")[2])
            tap.done()
        if result.returncode == 0:
            result = run("ninja", "-C", folder / "build", "src/usdtinfo", timeout=1800)
        if not tap.ok(result.returncode == 0, "-Dstatic=true builds", told(result)[-3000:]):
            tap.done()
        root = folder / "root"
        root.mkdir()
        shutil.copy(folder / "build" / "src" / "usdtinfo", root)
        shutil.copy(SOURCE / "fixtures" / "x86_64" / "minimal.so", root)
        headers = run("readelf", "-lW", root / "usdtinfo")
        tap.ok(headers.returncode == 0 and "INTERP" not in headers.stdout,
               "it names no dynamic linker", headers.stdout)
        listed = inside(root, "-F", "names", "minimal.so")
        tap.ok(listed.stdout == "minimal:unused\nminimal:work__done\nminimal:work__start\n",
               "it lists", told(listed))
        check = inside(root, "check", "--require=minimal:unused", "minimal.so")
        tap.ok((check.returncode, check.stdout, check.stderr) == (0, "", ""), "it checks",
               told(check))
        (root / "saved").write_text(inside(root, "-J", "-s", "--lines", "minimal.so").stdout)
        diff = inside(root, "diff", "saved", "minimal.so")
        if "json-c=no" in inside(root, "--version").stdout:
            tap.ok(diff.returncode == 2 and "no json-c" in diff.stderr, "it says what it lacks",
                   told(diff))
        else:
            tap.ok(diff.returncode == 0 and not diff.stderr, "it compares", told(diff))
    tap.done()


main()
