# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""-Dstatic=true gives one file that needs nothing: it is built, and run in an empty root."""
import os
import pathlib
import shutil
import tempfile

from helpers.tap import COMPILER, SOURCE, Tap, have, run, told

LIBRARIES = ["-ldw", "-lelf", "-lz", "-llzma", "-lbz2"]


def can_link(folder):
    """Not every system has the static libraries."""
    source = folder / "main.c"
    source.write_text("int main(void) { return 0; }\n")
    result = run(*COMPILER, "-static", "-o", folder / "main", source, *LIBRARIES)
    return result.returncode == 0


def build(folder):
    setup = run("meson", "setup", "-Dstatic=true", "-Dtests=disabled", folder / "build", SOURCE,
                env={**os.environ, "CC": " ".join(COMPILER)}, timeout=300)
    if setup.returncode:
        return setup
    return run("ninja", "-C", folder / "build", "src/usdtinfo", timeout=800)


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
        result = build(folder)
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
