# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Who opens files: what an object names is opened inside its root, by the openers that take
one. Who calls the system, or a library that does, is in this table, with the reason."""
import pathlib
import re
import tempfile

from helpers.tap import SOURCE, Tap

COMMENT_OR_STRING = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.DOTALL)
CALL = re.compile(
    r"(?<![\w.>])("
    r"(?:f?re|f|creat)?open(?:64|at|at2)?|(?:open|scan)dir|realpath|canonicalize_file_name|"
    r"(?:l?stat|fstatat|statx)(?:64)?|readlink(?:at)?|(?:f|eu)?access(?:at)?|n?ftw|fts_open|glob|"
    r"name_to_handle_at|syscall|dlopen|popen|system|execv?p?e?|execl[pe]?|posix_spawnp?|"
    r"dwfl_\w+|dwarf_begin|archive_read_open_\w*file\w*|usdtinfo_image_open\w*)\s*\(")
# What is declared is no call.
DECLARATION = re.compile(r"^(?:USDTINFO_API )?(?:int|static)\b[^;={}]*[;{]", re.MULTILINE)

ALLOWED = {
    "elf/root/root.c": "the opener: with a root inside it, else on this host",
    "elf/root/root_walk.c": "the same, a component at a time, and no link followed",
    "find/tree/tree_directory.c": "an entry of a directory that is open",
    "find/tree/tree_file.c": "an entry of a directory that is open; no link is followed",
    "find/tree/tree_pool.c": "an entry of a directory that is open; no link is followed",
    "lazy/library.c": "libraries of our own, by their soname",
    "find/visit/visit.c": "a hint about programs of this host; not with a root",
    "find/process/process.c": "files of /proc",
    "find/process/process_file.c": "files of /proc, and what they lead to",
    "find/process/processes.c": "the directory /proc",
    "find/runtime/python_process.c": "a link of /proc",
    "output/report/findings.c": "a report that an option names",
    "cli/options/options_require.c": "a file that an option names",
    "cli/verbs/python.c": "whether a number names a process or a file of this host",
    "cli/verbs/subjects.c": "a list of files that an option names",
    "cli/main.c": "whether a verb's name is a file, too",
}


def callers(source):
    """{file: names of what it calls}"""
    found = {}
    for path in sorted(source.rglob("*.c")):
        text = COMMENT_OR_STRING.sub(" ", path.read_text(encoding="utf-8"))
        calls = set(CALL.findall(DECLARATION.sub(" ", text)))
        if calls:
            found[str(path.relative_to(source))] = sorted(calls)
    return found


SEEDS = {
    "open": 'int f(void)\n{\n\treturn open("/etc/motd", 0);\n}\n',
    "stat": "int f(void)\n{\n\treturn x ? stat(path, &st) : 0;\n}\n",
    "realpath": "char *f(void)\n{\n\treturn realpath(path, NULL);\n}\n",
    "a Dwfl": "void f(void)\n{\n\tdwfl_begin(NULL);\n}\n",
    "an opener of the library's users":
        "int f(void)\n{\n\treturn usdtinfo_image_open(path, &image, err);\n}\n",
}


def main():
    tap = Tap()
    found = callers(SOURCE / "src")
    tap.none([f"{name} calls {', '.join(calls)}" for name, calls in found.items()
              if name not in ALLOWED],
             "nothing else opens files, or asks for them, by a path of this host")
    tap.none(sorted(set(ALLOWED) - set(found)), "each row of the table is needed")
    for what, text in SEEDS.items():
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "a.c")
            path.write_text(text, encoding="utf-8")
            tap.ok(callers(pathlib.Path(folder)), f"{what} is noticed")
    tap.done()


main()
