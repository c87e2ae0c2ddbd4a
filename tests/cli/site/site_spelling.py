# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Types of arguments as C spells them: each declared, passed to a probe, and told."""
import json
import pathlib
import sys
import tempfile

from helpers.tap import TOOL, Tap, have, run, told

# A declaration of the variable "it", and its type.
C = (
    ("unsigned int it", "unsigned int"),
    ("unsigned char it", "unsigned char"),
    ("_Bool it", "_Bool"),
    ("enum fruit it", "enum fruit"),
    ("number it", "number"),
    ("void *it", "void *"),
    ("const void *it", "const void *"),
    ("char **it", "char **"),
    ("const char *const *it", "const char *const *"),
    ("const volatile int *it", "const volatile int *"),
    ("int *restrict *it", "int *restrict *"),
    ("struct point *it", "struct point *"),
    ("const struct point *it", "const struct point *"),
    ("union word *it", "union word *"),
    ("struct { int x; } *it", "struct {...} *"),
    ("enum { ONE } *it", "enum {...} *"),
    ("int (*it)[3]", "int (*)[3]"),
    ("int (*it)[2][5]", "int (*)[2][5]"),
    ("int (*it)[]", "int (*)[]"),
    ("char *(*it)[4]", "char *(*)[4]"),
    ("int (*it)(void)", "int (*)(void)"),
    ("int (*it)()", "int (*)()"),
    ("void (*it)(int, char *)", "void (*)(int, char *)"),
    ("char *(*it)(const char *, ...)", "char *(*)(const char *, ...)"),
    ("void (*(*it)(int))(char)", "void (*(*)(int))(char)"),
    ("int (*(*it)[3])(struct point *)", "int (*(*)[3])(struct point *)"),
    ("number (*it)(number)", "number (*)(number)"),
)
CXX = (
    ("bool it", "bool"),
    ("point *it", "point *"),
    ("Shape *it", "Shape *"),
    ("void (*it)(int &, const point &)", "void (*)(int &, const point &)"),
    ("void (*it)(char &&)", "void (*)(char &&)"),
    ("int (&(*it)())[3]", "int (&(*)())[3]"),
)
COMMON = """
typedef unsigned long number;
enum fruit { APPLE, PEAR };
struct point { int x, y; };
union word { int whole; char parts[4]; };
#ifdef __cplusplus
class Shape { public: int sides; };
#endif
#define PROBE(name) \\
	__asm__ __volatile__( \\
		"990: nop\\n" \\
		".pushsection .note.stapsdt,\\"\\",\\"note\\"\\n.balign 4\\n" \\
		".4byte 992f-991f, 994f-993f, 3\\n" \\
		"991: .asciz \\"stapsdt\\"\\n992: .balign 4\\n" \\
		"993: .WORD 990b, 0, 0\\n.asciz \\"types\\"\\n.asciz \\"" #name "\\"\\n" \\
		".asciz \\"%n0@%1\\"\\n994: .balign 4\\n.popsection\\n" \\
		: : "n"(-(int)sizeof(it)), "m"(it))
"""
# What a type is called is the standard's: in C23 _Bool is bool, and () is (void).
LANGUAGES = (("c", "gnu17", ("gcc", "clang"), C), ("c++", "gnu++17", ("g++", "clang++"), CXX))


def source(rows):
    functions = (f"void f{number}(void) {{ {declaration}; PROBE(p{number}); }}\n"
                 for number, (declaration, _) in enumerate(rows))
    word = "8byte" if sys.maxsize > 2**32 else "4byte"
    return COMMON.replace("WORD", word) + "".join(functions)


def check(tap, language, standard, compiler, level, rows, folder):
    title = f"{compiler} {level}"
    target = pathlib.Path(folder, "types.so")
    built = run(compiler, "-x", language, f"-std={standard}", "-g", level, "-w", "-shared", "-fPIC", "-nostdlib", "-o",
                target, "-", input=source(rows), stdin=None)
    if not tap.ok(built.returncode == 0, f"{title}: builds", told(built)):
        return
    found = run(TOOL, "-J", "-a", target)
    probes = json.loads(found.stdout)["files"][0]["probes"]
    types = {probe["name"]: probe["arguments"][0] for probe in probes}
    wrong = []
    for number, (declaration, expected) in enumerate(rows):
        argument = types.get(f"p{number}", {})
        if (argument.get("name"), argument.get("c_type")) != ("it", expected):
            wrong.append(f"{declaration}: '{argument.get('c_type')}' of {argument.get('name')}, "
                         f"not '{expected}'")
    tap.none(wrong, f"{title}: {len(rows)} types are spelled as in the source")


def main():
    tap = Tap()
    for language, standard, compilers, rows in LANGUAGES:
        for compiler in compilers:
            if not have(compiler):
                tap.skip(compiler, f"no {compiler}")
                continue
            with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
                for level in ("-gdwarf-4", "-gdwarf-5"):
                    check(tap, language, standard, compiler, level, rows, folder)
    tap.done()


main()
