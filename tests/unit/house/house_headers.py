# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Headers stand alone: the public one in C and C++, the inner ones in our own dialect."""

from helpers.tap import BUILD, COMPILER, SOURCE, Tap, have, run, told

STRICT = ["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
PUBLIC = [
    (COMPILER, "c", "c99"), (COMPILER, "c", "c11"),
    (["g++"], "c++", "c++11"), (["g++"], "c++", "c++20"),
    (["clang"], "c", "c99"), (["clang"], "c++", "c++17"),
]


def compiles(compiler, language, standard, header, *options):
    return run(*compiler, "-x", language, f"-std={standard}", *options, "-",
               "-include", header, stdin=None, input="int unit;\n")


def main():
    tap = Tap()
    for compiler, language, standard in PUBLIC:
        name = f"usdtinfo.h alone, {compiler[0]} -std={standard}"
        if not have(compiler[0]):
            tap.skip(name, f"no {compiler[0]}")
            continue
        result = compiles(compiler, language, standard, "usdtinfo.h", *STRICT,
                          f"-I{SOURCE}/include")
        tap.ok(result.returncode == 0, name, told(result))
    broken = compiles(COMPILER, "c", "c99", "gelf_without_such_a_header.h", *STRICT)
    tap.ok(broken.returncode != 0, "a header that does not compile is noticed")
    for header in sorted((SOURCE / "src").rglob("*.h")):
        result = compiles(COMPILER, "c", "gnu11", header, "-fsyntax-only", "-Wall", "-Wextra",
                          "-Wno-unused-function", "-Wno-unused-parameter", "-Werror",
                          "-D_GNU_SOURCE", f"-I{SOURCE}/src", f"-I{SOURCE}/include", f"-I{BUILD}")
        tap.ok(result.returncode == 0, f"{header.relative_to(SOURCE)} alone", told(result))
    tap.done()


main()
