# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""No source warns under clang, for this machine and for one of 32 bits, whatever compiler the
build uses: what other compilers and machines warn of is otherwise seen in long runs alone."""
import concurrent.futures
import os
import pathlib
import re
import sys
import tempfile

from helpers.commands import flags, sources
from helpers.tap import C_STANDARD, CROSS, SOURCE, Tap, have, run, told

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic",
            *re.findall(r"'(-W[\w-]+)'", (SOURCE / "meson.build").read_text(encoding="utf-8"))]
STRICT = ["-fsyntax-only", "-Werror", "-fno-color-diagnostics", *WARNINGS,
          # What meson.build says to gcc alone, or to newer ones.
          "-Wno-unknown-warning-option", "-Wno-unused-command-line-argument",
          "-Wno-ignored-optimization-argument"]
# Of the build's words those that tell what is read; warnings are ours, the rest makes code.
READING = re.compile(r"-[DIU]|-std=|-isystem|-pthread$|-include")
# A conversion that keeps the value on one of the machines only, and one that on none does.
BROKEN = "#include <stddef.h>\n#include <stdint.h>\nsize_t cut(uint64_t n);\nsize_t cut(uint64_t n) { return n; }\n"
WORSE = "int cut(long long n);\nint cut(long long n) { return n; }\n"


def compiles(words, source, folder=None):
    return run("clang", C_STANDARD, *STRICT, *words, source, cwd=folder)


def target(folder, option):
    """The words for the machine of OPTION, or None where the C library's headers are of
    another. Those of 32 bits are the same ones; only their list of stubs may be missing."""
    (folder / "gnu").mkdir(exist_ok=True)
    (folder / "gnu" / "stubs-32.h").touch()
    own = re.findall(r"^ (/usr/include\S*)$", run("clang", "-E", "-v", "-xc", "/dev/null").stderr,
                     re.MULTILINE)
    words = [option, *(f"-idirafter{place}" for place in (*own, folder))]
    probe = folder / "probe.c"
    probe.write_text("#include <errno.h>\n#include <sys/stat.h>\n"
                     f"_Static_assert(sizeof(long) == {int(option[2:]) // 8}, \"\");\n")
    return words if compiles(words, probe).returncode == 0 else None


def judge(tap, option, folder):
    words = target(folder, option)
    if not words:
        tap.skip(f"clang {option}", "no headers for it")
        return
    for name, text, wanted in (("broken", BROKEN, option == "-m64"), ("worse", WORSE, False)):
        (folder / f"{name}.c").write_text(text)
        result = compiles(words, folder / f"{name}.c")
        tap.ok((result.returncode == 0) == wanted, f"clang {option}: a conversion, {name}",
               told(result))
    read = sources("src", "tests")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(
            lambda row: compiles([*words, *filter(READING.match, flags(row[1]))], row[0], row[2]),
            read))
    tap.none([told(result) for result in results if result.returncode],
             f"clang {option}: no warning in any of {len(read)} sources")


def main():
    tap = Tap()
    if CROSS or not have("clang"):
        tap.skip("warnings of clang", f"the build's headers are those of {CROSS}" if CROSS else "no clang")
        tap.done()
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
        for option in ("-m64", "-m32"):
            judge(tap, option, pathlib.Path(folder))
    tap.done()


main()
