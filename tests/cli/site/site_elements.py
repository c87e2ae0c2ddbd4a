# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Arguments that are elements and members, found in registers of optimised code: the names
that the source has for them."""
import json
import pathlib
import platform
import tempfile

from helpers.tap import C_STANDARD, TOOL, Tap, have, run, told

# Parameters, what is passed, and its name; or candidates where it is not sure.
ROWS = (
    ("unsigned *table, long i", "table[i]", "table[i]", []),
    ("unsigned char *text, unsigned long at", "text[at]", "text[at]", []),
    ("struct point *points, long i", "points[i].y", "points[i].y", []),
    ("struct point *point", "point->y", "point->y", []),
    ("struct line *line", "line->to.x", "line->to.x", []),
    ("struct line *line", "line->tags[2]", "line->tags[2]", []),
    ("unsigned *table, long i, long j", "table[j]", "table[j]", []),
    ("unsigned **tables, long i", "*tables[i]", None, None),
    ("unsigned **held", "**held", "*(*held)", []),
)
# Statements before, the constant that is passed, and what may be its name.
CONSTANTS = (
    ("unsigned limit = 7;", "limit", "7", ["limit"]),
    ("unsigned limit = 7, other = 7;", "limit", "7", ["limit", "other"]),
    ("unsigned limit = 8;", "7u", "7", []),
)
COMMON = """
struct point { unsigned x, y; };
struct line { struct point from, to; unsigned char tags[4]; };
#define PROBE(name, constraint, it) \\
	__asm__ __volatile__( \\
		"990: nop\\n" \\
		".pushsection .note.stapsdt,\\"\\",\\"note\\"\\n.balign 4\\n" \\
		".4byte 992f-991f, 994f-993f, 3\\n" \\
		"991: .asciz \\"stapsdt\\"\\n992: .balign 4\\n" \\
		"993: .8byte 990b, 0, 0\\n.asciz \\"elements\\"\\n.asciz \\"" #name "\\"\\n" \\
		".asciz \\"%n0@%1\\"\\n994: .balign 4\\n.popsection\\n" \\
		: : "n"(-(int)sizeof(it)), constraint(it))
"""


def source():
    text = COMMON
    for number, (parameters, passed, _, _) in enumerate(ROWS):
        text += f"void f{number}({parameters}) {{ PROBE(p{number}, \"m\", {passed}); }}\n"
    for number, (before, passed, _, _) in enumerate(CONSTANTS):
        text += f"void c{number}(void) {{ {before} PROBE(c{number}, \"n\", {passed}); }}\n"
    return text


def complaints(arguments):
    for number, (parameters, passed, name, candidates) in enumerate(ROWS):
        argument = arguments[f"p{number}"]
        found = argument["name"], [each["name"] for each in argument.get("candidates", [])]
        if name is not None and found != (name, candidates):
            yield f"({parameters}) {passed}, as {argument['raw']}: {found}"
        if name is None and argument["name"] is not None:
            yield f"({parameters}) {passed}, as {argument['raw']}: {found}, though it is not sure"
    for number, (before, passed, value, names) in enumerate(CONSTANTS):
        argument = arguments[f"c{number}"]
        found = sorted(each["name"] for each in argument.get("candidates", []))
        if (argument["operand"].get("value"), argument["name"], found) != (value, None, names):
            yield f"{before} {passed}, as {argument['raw']}: {argument['name']} or {found}"


def main():
    tap = Tap()
    for compiler in ("gcc", "clang"):
        if not have(compiler) or platform.machine() != "x86_64":
            tap.skip(compiler, f"no {compiler} for x86-64")
            continue
        with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
            target = pathlib.Path(folder, "elements.so")
            built = run(compiler, C_STANDARD, "-x", "c", "-g", "-O2", "-m64", "-w", "-shared", "-fPIC",
                        "-nostdlib", "-o", target, "-", input=source(), stdin=None)
            if not tap.ok(built.returncode == 0, f"{compiler}: builds", told(built)):
                continue
            found = run(TOOL, "-J", "-a", target)
            probes = json.loads(found.stdout)["files"][0]["probes"]
            arguments = {probe["name"]: probe["arguments"][0] for probe in probes}
            tap.none(list(complaints(arguments)), f"{compiler}: elements and members have names")
    tap.done()


main()
