# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The libraries of "list --libs" are those that the dynamic linker itself would load, in
its order: for programs of this computer, and for programs built with odd search paths."""
import json
import os
import pathlib
import re
import subprocess
import tempfile

from helpers.tap import COMPILER, TOOL, Tap, run

PROGRAMS = 150
ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith("LD_")}
LOADED = re.compile(r"^\t(?:(\S+) => )?(\S+) \(0x[0-9a-f]+\)$", re.MULTILINE)


def by_linker(program, **environment):
    """What the kernel and the linker make of a program: real paths, in loading order."""
    try:
        result = run(program, env={**ENVIRONMENT, **environment, "LD_TRACE_LOADED_OBJECTS": "1"})
    except OSError:  # of another machine, or of 32 bits where the kernel starts none
        return None
    if result.returncode != 0 or "not found" in result.stdout:
        return None
    found = [path for _, path in LOADED.findall(result.stdout) if "/" in path]
    return [os.path.realpath(path) for path in found]


def by_us(program, *options, **environment):
    result = run(TOOL, "list", "--libs", "-J", *options, program,
                 env={**ENVIRONMENT, **environment})
    if result.returncode == 2:
        return result.stderr
    files = json.loads(result.stdout)["files"]
    return [os.path.realpath(file["path"]) for file in files[1:]]


def is_dynamic(path):
    """A program that names an interpreter: others would really run."""
    try:
        head = path.read_bytes()
    except OSError:
        return False
    return head[:4] == b"\x7fELF" and b"/ld-linux" in head[:4096]


def some_programs():
    seen, found = set(), []
    for folder in ("/usr/bin", "/usr/sbin", "/usr/lib/x86_64-linux-gnu"):
        for path in sorted(pathlib.Path(folder).glob("*")):
            real = path.resolve()
            mode = real.stat().st_mode if real.is_file() else 0
            # The linker does not tell of set-user-ID programs in this way.
            if mode & 0o111 and not mode & 0o6000 and real not in seen:
                seen.add(real)
                found.append(path)
    found = [path for path in found if is_dynamic(path)]
    step = max(1, len(found) // PROGRAMS)
    return found[::step]


def compile_at(source, output, *arguments):
    output.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([*COMPILER, "-x", "c", "-", "-x", "none", "-o", str(output),
                    "-Wl,--no-as-needed", "-Wl,--allow-shlib-undefined",
                    *map(str, arguments)],
                   input=source, text=True, check=True, capture_output=True)


def library(path, *arguments, soname=None):
    compile_at(f"int {path.name.split('.')[0]}_{len(str(path))}(void) {{ return 1; }}\n", path,
               "-shared", "-fPIC", f"-Wl,-soname,{soname or path.name}", *arguments)
    return path


MAIN = "int main(void) { return 0; }\n"
OLD, NEW = "-Wl,--disable-new-dtags", "-Wl,--enable-new-dtags"


def rpath_inherited(top):
    b = library(top / "r/libb_.so")
    a = library(top / "r/liba_.so", b)
    compile_at(MAIN, top / "p", a, OLD, "-Wl,-rpath,$ORIGIN/r")


def rpath_and_library_path(top):
    library(top / "l/liba_.so")
    a = library(top / "r/liba_.so")
    compile_at(MAIN, top / "p", a, OLD, "-Wl,-rpath,$ORIGIN/r")


def runpath_and_library_path(top):
    library(top / "l/liba_.so")
    a = library(top / "r/liba_.so")
    compile_at(MAIN, top / "p", a, NEW, "-Wl,-rpath,$ORIGIN/r")


def library_path_alone(top):
    a = library(top / "l/liba_.so")
    compile_at(MAIN, top / "p", a)


def each_its_own_runpath(top):
    b = library(top / "deep/libb_.so")
    a = library(top / "r/liba_.so", b, NEW, "-Wl,-rpath,$ORIGIN/../deep")
    compile_at(MAIN, top / "p", a, NEW, "-Wl,-rpath,${ORIGIN}/none:${ORIGIN}/r")


def origin_behind_link(top):
    a = library(top / "real/lib/liba_.so")
    compile_at(MAIN, top / "real/bin/p", a, NEW, "-Wl,-rpath,$ORIGIN/../lib")
    (top / "p").symlink_to("real/bin/p")


def library_behind_link(top):
    """Its $ORIGIN is where it was found, not where the link leads."""
    b = library(top / "l1/libb_.so")
    library(top / "real/libb_.so")
    a = library(top / "real/liba_.so", b, NEW, "-Wl,-rpath,$ORIGIN")
    (top / "l1/liba_.so").symlink_to(a)
    compile_at(MAIN, top / "p", a, NEW, "-Wl,-rpath,$ORIGIN/l1")


def same_soname_twice(top):
    """What is loaded under a soname serves all that ask for it."""
    first = library(top / "one/libx_.so", soname="libx_.so.1")
    (top / "one/libx_.so.1").symlink_to("libx_.so")
    second = library(top / "two/libx_.so", soname="libx_.so.1")
    (top / "two/libx_.so.1").symlink_to("libx_.so")
    a = library(top / "r/liba_.so", second, NEW, "-Wl,-rpath,$ORIGIN/../two")
    compile_at(MAIN, top / "p", a, first, NEW, "-Wl,-rpath,$ORIGIN/r:$ORIGIN/one")


def lib_and_platform(top):
    a = library(top / "lib/x86_64-linux-gnu/liba_.so")
    # What $LIB is, other distributions decide otherwise.
    (top / "lib/liba_.so").symlink_to(a)
    (top / "lib64").symlink_to(a.parent)
    # What $PLATFORM is, glibc decides by the processor.
    b = library(top / "x86_64/libb_.so")
    for name in ("haswell", "xeon_phi"):
        library(top / name / b.name)
    compile_at(MAIN, top / "p", a, b, NEW, "-Wl,-rpath,$ORIGIN/$LIB:$ORIGIN/$PLATFORM")


def slash_in_needed(top):
    a = library(top / "liba_.so", soname="$ORIGIN/liba_.so")
    compile_at(MAIN, top / "p", a)


def inherited_over_runpath(top):
    """The library in between has a RUNPATH: the program's RPATH does not reach through."""
    b = library(top / "r/libb_.so")
    library(top / "other/libb_.so")
    a = library(top / "r/liba_.so", b, NEW, "-Wl,-rpath,$ORIGIN/../other")
    compile_at(MAIN, top / "p", a, OLD, "-Wl,-rpath,$ORIGIN/r")


BUILT = (rpath_inherited, rpath_and_library_path, runpath_and_library_path,
         library_path_alone, each_its_own_runpath, origin_behind_link, library_behind_link,
         same_soname_twice, lib_and_platform, slash_in_needed, inherited_over_runpath)


def check_built(tap):
    for build in BUILT:
        with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
            top = pathlib.Path(folder).resolve()
            build(top)
            path = f"{top}/l"
            theirs = by_linker(top / "p", LD_LIBRARY_PATH=path)
            ours = by_us(top / "p", LD_LIBRARY_PATH=path)
            named = by_us(top / "p", "--library-path", path)
            tap.ok(theirs and theirs == ours == named, build.__name__.replace("_", " "),
                   f"linker: {theirs}\nours: {ours}\n--library-path: {named}")


def check_programs(tap):
    wrong, compared = [], 0
    for program in some_programs():
        theirs = by_linker(program)
        if theirs is None:
            continue
        compared += 1
        ours = by_us(program)
        if ours != theirs:
            wrong.append(f"{program}\n  linker: {theirs}\n  ours:   {ours}")
    tap.ok(compared > 20 and not wrong, f"{compared} programs of this computer",
           "\n".join(wrong))


def main():
    tap = Tap()
    if by_linker("/bin/sh") is None:
        tap.skip("the linker's own list", "not glibc's linker")
        tap.done()
    check_built(tap)
    check_programs(tap)
    tap.done()


main()
