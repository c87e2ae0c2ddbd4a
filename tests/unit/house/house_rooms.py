# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The house keeps its order: a file uses rooms before its own, by what it includes and by the
functions that it calls; nothing runs in a circle; no room is a heap. src/README.md is the map."""
import collections
import json
import pathlib
import re
import shlex
import tempfile

from helpers.tap import BUILD, COMPILER, SOURCE, Tap, run

# The floors from the ground up, and the rooms of each in order; "" is the floor's own folder,
# which ties its rooms together.
ROOMS = {
    "base": ("",),
    "lazy": ("",),
    "elf": ("root", "object", "symbol", "container"),
    "probe": ("operand", "site", "note", "known", "tracer", ""),
    "debug": ("definition", "file", "address", "code", "name", ""),
    "find": ("visit", "linker", "process", "runtime", "package", "tree", ""),
    "rules": ("set", "diff", "check", "lint"),
    "output": ("stream", "list", "saved", "report", "tool"),
    "cli": ("messages", "options", "verbs", ""),
}
LEVELS = {f"{floor}/{room}".rstrip("/"): number for number, (floor, room) in
          enumerate((floor, room) for floor, rooms in ROOMS.items() for room in rooms)}
NO_ROOM = {"usdtinfo.h", "config.h", "sonames.h"}
FULL = 25
# Folders that hold only rows of one table may be larger.
ROWS = {"probe/known", "probe/operand/arch", "find/runtime"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
COMMENT_OR_STRING = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.DOTALL)
LOUD = re.compile(r"\b((?:v?f?printf|f?puts|f?putc|putchar|perror|v?warnx?|v?errx?|"
                  r"_?exit|abort|setlocale)\s*\()")
TAG = re.compile(r"^(?:static |const )*((?:struct|union|enum) \w+) \{", re.MULTILINE)
# A literal that goes on behind the line's end, though its text has no line end there.
BROKEN = re.compile(r'"((?:\\.|[^"\\\n])*)"[ \t]*\n[ \t]*"')
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")


def room_of(name):
    """The folder that a file is in; the machines' files are operand's own table."""
    return str(pathlib.PurePosixPath(name).parent).removesuffix("/arch")


def folder_of(name):
    return str(pathlib.PurePosixPath(name).parent)


def texts(source):
    return {str(path.relative_to(source)): path.read_text(encoding="utf-8")
            for path in sorted(source.rglob("*.[ch]"))}


def include_edges(files):
    """{file: {file that it includes}}, as far as they are ours"""
    return {name: {target for _, target in INCLUDE.findall(text) if target in files}
            for name, text in files.items()}


def symbol_edges(build, source):
    """{source: {source that defines a name that it uses}}, from the build's objects"""
    defined, used = collections.defaultdict(set), {}
    for row in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = (pathlib.Path(row["directory"]) / row["file"]).resolve()
        words = shlex.split(row["command"])
        made = pathlib.Path(row["directory"], words[words.index("-o") + 1])
        if source not in path.parents or not made.exists():
            continue
        name = str(path.relative_to(source))
        for line in run("nm", "-P", made).stdout.splitlines():
            symbol, kind = line.split()[:2]
            if kind == "U":
                used.setdefault(name, set()).add(symbol)
            elif kind in "ABCDGRSTVW":
                defined[symbol].add(name)
    return {name: {maker for symbol in symbols for maker in defined[symbol] if maker != name}
            for name, symbols in used.items()}


def climbs(edges, what):
    return [f"{name} {what} {target}, which is above it"
            for name, targets in sorted(edges.items()) for target in sorted(targets)
            if LEVELS.get(room_of(name), -1) < LEVELS.get(room_of(target), -1)]


def circles(edges, what):
    """One complaint for each set of files that reach each other (Tarjan's algorithm)."""
    index, low, stack, found = {}, {}, [], []

    def visit(name):
        index[name] = low[name] = len(index)
        stack.append(name)
        for target in sorted(edges.get(name, ())):
            if target not in index:
                visit(target)
                low[name] = min(low[name], low[target])
            elif target in stack:
                low[name] = min(low[name], index[target])
        if low[name] == index[name]:
            circle = stack[stack.index(name):]
            del stack[stack.index(name):]
            if len(circle) > 1:
                found.append(f"a circle of {what}: {', '.join(sorted(circle))}")

    for name in sorted(edges):
        if name not in index:
            visit(name)
    return found


def loose_includes(files):
    found = []
    for name, text in files.items():
        if room_of(name) not in LEVELS:
            found.append(f"{name}: {room_of(name)} is no room")
        for quote, target in INCLUDE.findall(text):
            if quote == "<" and target == "argp.h" and not name.startswith("cli/"):
                found.append(f"{name}: includes <argp.h>")
            elif quote == '"' and target not in NO_ROOM and target not in files:
                found.append(f"{name}: \"{target}\" is not written from src/ on")
    return found


def loud(files):
    """Below the floor output nothing prints and nothing exits."""
    below = list(ROOMS)[:list(ROOMS).index("output")]
    return [f"{name}: calls {call.rstrip('( ')}" for name, text in files.items()
            if name.split("/")[0] in below
            for call in LOUD.findall(COMMENT_OR_STRING.sub(" ", text))]


def heaps(files):
    rooms = collections.Counter(map(folder_of, files))
    return [f"{room}: {count} files" for room, count in sorted(rooms.items())
            if count > FULL and room not in ROWS]


def namesakes(files):
    """Two files of one name on a floor, two structures of one tag in the tree."""
    names, tags = collections.defaultdict(set), collections.defaultdict(set)
    for name, text in files.items():
        names[name.split("/")[0], pathlib.PurePosixPath(name).name].add(name)
        for tag in TAG.findall(text):
            tags[tag].add(name)
    return [f"{what}: {', '.join(sorted(where))}"
            for table in (names, tags) for what, where in sorted(table.items()) if len(where) > 1]


def broken_literals(files):
    return [f"{name}: the text \"...{literal[-30:]}\" goes on in another line"
            for name, text in files.items() for literal in BROKEN.findall(text)
            if literal and not literal.endswith(("\\n", "\\v"))]


def dead_links(root):
    found = []
    for page in sorted(root.rglob("*.md")):
        if {"build", ".git"} & {part.split("-")[0] for part in page.relative_to(root).parts}:
            continue
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                found.append(f"{page.relative_to(root)}: {target}")
    return found


# What is wrong in a tree of two files, by the check that has to see it.
SEEDS = (
    ("an upward include", {"base/a.c": '#include "elf/object/b.h"\n', "elf/object/b.h": "int b;\n"},
     lambda files: climbs(include_edges(files), "includes")),
    ("an include of a later room", {"elf/object/a.c": '#include "elf/symbol/b.h"\n',
                                    "elf/symbol/b.h": "int b;\n"},
     lambda files: climbs(include_edges(files), "includes")),
    ("headers that include each other", {"base/a.h": '#include "base/b.h"\n',
                                         "base/b.h": '#include "base/a.h"\n'},
     lambda files: circles(include_edges(files), "includes")),
    ("an include that climbs by dots", {"elf/object/a.c": '#include "../../base/b.h"\n',
                                        "base/b.h": "int b;\n"}, loose_includes),
    ("argp below the command line", {"output/list/a.c": "#include <argp.h>\n"}, loose_includes),
    ("a folder that is no room", {"misc/a.c": "int a;\n"}, loose_includes),
    ("printing in the library", {"probe/note/a.c": 'void f(void)\n{\n\tprintf("x");\n}\n'}, loud),
    ("leaving from the library", {"elf/root/a.h": "static inline void f(void) { exit(1); }\n"}, loud),
    ("a heap", {f"elf/object/{number}.c": "" for number in range(FULL + 1)}, heaps),
    ("files of one name", {"elf/object/a.c": "", "elf/symbol/a.c": ""}, namesakes),
    ("structures of one tag", {"elf/object/a.c": "struct a {\n", "base/b.h": "struct a {\n"},
     namesakes),
    ("a broken text", {"base/a.c": 'const char *a = "cannot "\n\t"open";\n'}, broken_literals),
)
CALLING = {"base/a.c": "void b(void);\nvoid a(void);\nvoid a(void) { b(); }\n",
           "elf/object/b.c": "void a(void);\nvoid b(void);\nvoid b(void) { a(); }\n"}


def check_seeds(tap):
    for what, files, check in SEEDS:
        tap.ok(check(files), f"{what} is noticed")
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
        folder = pathlib.Path(folder).resolve()
        rows = []
        for name, text in CALLING.items():
            path = folder / name
            path.parent.mkdir(parents=True)
            path.write_text(text, encoding="utf-8")
            words = [*COMPILER, "-c", str(path), "-o", f"{path}.o"]
            run(*words)
            rows.append({"directory": str(folder), "file": name, "command": shlex.join(words)})
        (folder / "compile_commands.json").write_text(json.dumps(rows), encoding="utf-8")
        edges = symbol_edges(folder, folder)
        tap.ok(climbs(edges, "calls into"), "a call up is noticed")
        tap.ok(circles(edges, "calls"), "files that call each other are noticed")
        (folder / "README.md").write_text("[a](nowhere.md)\n", encoding="utf-8")
        tap.ok(dead_links(folder), "a dead link is noticed")


def main():
    tap = Tap()
    source = (SOURCE / "src").resolve()
    files = texts(source)
    includes, calls = include_edges(files), symbol_edges(BUILD, source)
    tap.ok(len(calls) > len(files) // 3, "the build's objects were read", f"{len(calls)} of them")
    tap.none(loose_includes(files), "every file is in a room and names others from src/ on")
    tap.none(climbs(includes, "includes"), "includes go down")
    tap.none(climbs(calls, "calls into"), "calls go down")
    tap.none(circles(includes, "includes"), "includes make no circle")
    tap.none(circles(calls, "calls"), "calls make no circle")
    tap.none(loud(files), "the library neither prints nor exits")
    tap.none(heaps(files), f"no room has more than {FULL} files")
    tap.none(namesakes(files), "no file and no structure has a namesake")
    tap.none(broken_literals(files), "no text is broken across lines")
    tap.none(dead_links(SOURCE), "every link between our pages leads somewhere")
    check_seeds(tap)
    tap.done()


main()
