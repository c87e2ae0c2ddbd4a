# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The matrix refuses what the lines to paste refuse, for the same reasons, and nothing else."""
import collections
import json
import pathlib
import re
import shutil
import tempfile

from helpers.tap import SOURCE, TOOL, Tap, run, told

FIXTURES = SOURCE / "fixtures"
TOOLS = ("bpftrace", "bcc", "libbpf", "perf", "gdb", "stap", "lttng", "dtrace", "ftrace")
# Of these one line covers all probes of a name.
BY_NAME = [tool for tool in TOOLS if tool != "ftrace"]
FILES = ("edge/01-no-base", "edge/02-base-zero", "edge/25-names", "edge/27-floats",
         "edge/41-thirteen-arguments", "edge/43-semaphore-in-bss", "edge/44-sites",
         "x86_64/base-moved-up", "x86_64/templates.o", "x86_64/alloc-notes")
PATHS = ("a b", "a:b", "a$(touch x)`y`", "a'b", 'a"b', "a#b", "a*b", "a[b", "a\\b", "a\nb",
         "a\udcffb", "a(b")
# What libbpf 1.7 makes of an index register: a probe, and its status.
INDEXED = (
    ("x86_64/gcc-O2.so", "tls:variables", "unattachable", "it merges an argument with the next "
     "one when that has an index"),
    ("i386/gcc-O2.exec", "operands:locals", "unattachable", "it merges an argument with the next "
     "one when that has an index"),
    ("i386/gcc-O2.exec", "operands:elements", "usable", None),
    ("edge/35-symbols", "p:a0", "unattachable", "it does not look up symbols"),
)
# What stands in the way of a line that is typed, and not of the tool: the matrix is about the tool.
OF_THE_PLACE = {"a shell could take such a path apart, make a symbolic link",
                "shells differ on such a path, make a symbolic link",
                "no terminal takes a line of over 4095 bytes"}
REFUSED = re.compile(r": not for [\w_ ]+: (.*)\.(?: \*/)?$")


def pasted(path, tool):
    """Reasons, and how often each is given."""
    lines = run(TOOL, f"--for={tool}", path).stdout.splitlines()
    reasons = [found[1] for line in lines if (found := REFUSED.search(line))]
    return collections.Counter(reason for reason in reasons if reason not in OF_THE_PLACE)


def judged(path, tool):
    result = run(TOOL, "lint", "-J", f"--for={tool}", path)
    if not result.stdout:
        return told(result)
    seen, reasons = set(), collections.Counter()
    for row in json.loads(result.stdout)["tools"]:
        name = row["provider"], row["name"], row.get("provider_hex"), row.get("name_hex")
        verdict, = row["verdicts"]
        if tool in BY_NAME and name in seen:
            continue
        seen.add(name)
        if verdict["status"] in ("unattachable", "invisible"):
            reasons[verdict["reason"]] += 1
    return reasons


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        places = [(name, FIXTURES / name) for name in FILES]
        for name in PATHS:
            shutil.copy(FIXTURES / "x86_64" / "exec", pathlib.Path(folder, name))
            places.append((f"in {name!r}", pathlib.Path(folder, name)))
        refused = set()
        for name, path in places:
            wrong = []
            for tool in TOOLS:
                lines, matrix = pasted(path, tool), judged(path, tool)
                refused |= {(tool, reason) for reason in lines}
                if lines != matrix:
                    wrong.append(f"{tool}: {lines}\n{matrix}")
            tap.none(wrong, f"the matrix and the lines agree: {name}")
        tools = {tool for tool, reason in refused if "such a path" in reason or "split paths" in reason}
        tap.ok(tools == set(TOOLS) - {"libbpf", "gdb", "dtrace"},
               "paths that a tool cannot be told are among them", refused)
        tools = {tool for tool, reason in refused if "such a name" in reason}
        tap.ok(tools >= {"bpftrace", "bcc", "gdb", "lttng"}, "and names", refused)
        text = run(TOOL, "lint", "--for=stap", "-m", "unused", pathlib.Path(folder, "a*b")).stdout
        tap.ok("  stap      cannot attach: it takes such a path for a pattern, make a symbolic link\n"
               in text, "as text", text)
    for path, name, *wanted in INDEXED:
        result = run(TOOL, "lint", "-J", "--for=libbpf=1.7", "-m", name, FIXTURES / path)
        got = [[row["verdicts"][0]["status"], row["verdicts"][0]["reason"]]
               for row in json.loads(result.stdout)["tools"]]
        tap.ok(got == [wanted], f"libbpf 1.7 and an index: {path} {name}", got)
    tap.done()


main()
