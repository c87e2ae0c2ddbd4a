# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Calls go down the floors: no file includes a floor above its own, only the command line
knows argp, and nothing below the input and output floor prints or exits."""
import pathlib
import re
import tempfile

from helpers.tap import SOURCE, Tap

FLOORS = ["base", "elf", "probe", "site", "find", "rules", "io", "cli"]
NO_FLOOR = {"usdtinfo.h", "config.h", "sonames.h"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
COMMENT_OR_STRING = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.DOTALL)
LOUD = re.compile(r"\b((?:v?f?printf|f?puts|f?putc|putchar|perror|v?warnx?|v?errx?|"
                  r"_?exit|abort|setlocale)\s*\()")


def complaints(source):
    found = []
    for path in sorted(source.rglob("*.[ch]")):
        name = path.relative_to(source)
        floor = name.parts[0]
        if floor not in FLOORS:
            found.append(f"{name}: {floor} is no floor")
            continue
        level = FLOORS.index(floor)
        text = path.read_text(encoding="utf-8")
        for quote, included in INCLUDE.findall(text):
            target = included.split("/")[0]
            if quote == "<":
                if included == "argp.h" and floor != "cli":
                    found.append(f"{name}: includes <argp.h>")
            elif included in NO_FLOOR:
                continue
            elif target not in FLOORS or "/" not in included:
                found.append(f"{name}: \"{included}\" is not written as floor/file")
            elif FLOORS.index(target) > level:
                found.append(f"{name}: includes {included}, a floor above its own")
        if level < FLOORS.index("io"):
            for call in LOUD.findall(COMMENT_OR_STRING.sub(" ", text)):
                found.append(f"{name}: calls {call.rstrip('( ')}")
    return found


SEEDS = {
    "an upward include": ("base/a.c", '#include "io/stream.h"\n'),
    "an include that climbs": ("elf/a.c", '#include "../base/span.h"\n'),
    "argp below the command line": ("io/a.c", "#include <argp.h>\n"),
    "printing in the library": ("probe/a.c", 'void f(void)\n{\n\tprintf("x");\n}\n'),
    "leaving from the library": ("elf/a.h", "static inline void f(void) { exit(1); }\n"),
    "a folder that is no floor": ("misc/a.c", "int a;\n"),
}


def main():
    tap = Tap()
    tap.none(complaints(SOURCE / "src"), "the floors hold")
    for what, (name, text) in SEEDS.items():
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, name)
            path.parent.mkdir()
            path.write_text(text, encoding="utf-8")
            tap.ok(complaints(pathlib.Path(folder)), f"{what} is noticed")
    tap.done()


main()
