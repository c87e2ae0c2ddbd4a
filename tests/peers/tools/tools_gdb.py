# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""gdb: the probes that it knows of each fixture, where --for's lines stop, the arguments."""
import json
import pathlib
import re
import tempfile

from common import (EDGE, FILES, FIXTURES, TOOL, Tap, differ, each, have, names, rows, run,
                    version_after)

# Probes by gdb's own API; their arguments where the program runs to them.
SCRIPT = r"""
import gdb, json
result = {"probes": [], "arguments": {}}
text = gdb.execute("info probes stap", to_string=True).splitlines()
for line in text[1:]:
    if not line.startswith("stap"):
        continue
    where = [word for word in line.split() if word.startswith("0x") and len(word) == 18]
    words = line.split()
    provider, name = (words[1], words[2]) if words[2] != where[0] else ("", words[1])
    result["probes"].append([provider + ":" + name, int(where[0], 16)])
if RUN:
    for name, _ in result["probes"]:
        gdb.Breakpoint("-probe-stap " + name, temporary=False)
    try:
        gdb.execute("run", to_string=True)
        for _ in range(400):
            pc = int(gdb.selected_frame().pc())
            # The first question parses all arguments, and complains.
            count, read = 0, []
            for _ in range(2):
                try:
                    count = int(gdb.parse_and_eval("$_probe_argc"))
                except (gdb.error, TypeError, ValueError):
                    pass
            for i in range(count):
                try:
                    int(gdb.parse_and_eval("$_probe_arg%d" % i))
                    read.append(i)
                except (gdb.error, ValueError, TypeError):
                    pass
            result["arguments"][pc] = [count, read]
            gdb.execute("continue", to_string=True)
    except gdb.error:
        pass
print("RESULT" + json.dumps(result))
"""


def ask(path, runs):
    with tempfile.TemporaryDirectory() as folder:
        script = pathlib.Path(folder, "ask.py")
        script.write_text(f"RUN = {runs}\n{SCRIPT}", encoding="utf-8")
        said = run("gdb", "-q", "-nx", "-batch", "-ex", "set pagination off", "-ex",
                   "set confirm off", "-x", script, FIXTURES / path).stdout
    return json.loads(said.partition("RESULT")[2] or "{}")


def is_static(path):
    return path.startswith("x86_64/") and not path.endswith(".so") and \
        path.split("/")[1] in "exec semaphores gcc-O0.exec gcc-O2.exec clang-O2.exec sse general".split()


def judge(path, gdb):
    found = rows("gdb", gdb, path)
    answer = ask(path, is_static(path))
    seen = [(name, place) for name, place in answer["probes"]]
    visible = [row for row in found if row.status != "invisible"]
    problems = differ(path, "listed", names(visible), {name for name, _ in seen})
    for row in visible:
        # What it cannot be told of by name is listed all the same.
        if row.reason and "colons" in row.reason or row.name.endswith(":"):
            continue
        if ((row.name, row.location) in seen) != (row.status != "unattachable"):
            problems.append(f"{path}: gdb has {[hex(p) for n, p in seen if n == row.name]} of {row}")
        stop = answer["arguments"].get(str(row.location))
        if stop and row.read != set(stop[1][:stop[0]]):
            problems.append(f"{path}: gdb reads {stop} of {row}")
    return problems


def check_lines(tap, path):
    """Each break of --for=gdb becomes a breakpoint at addresses of ours."""
    with tempfile.TemporaryDirectory() as folder:
        script = pathlib.Path(folder, "lines.gdb")
        script.write_text(run(TOOL, "--for=gdb", FIXTURES / path).stdout, encoding="utf-8")
        said = run("gdb", "-q", "-nx", "-batch", "-x", script, "-ex", "info breakpoints",
                   FIXTURES / path)
    places = {int(text, 16) for text in re.findall(r"0x0\w{15}", said.stdout)}
    wanted = {row.location for row in rows("gdb", "13.1", path)
              if row.status in ("usable", "arguments-lost")}
    tap.ok(places == wanted and "rror" not in said.stderr, f"{path}: gdb takes the lines of --for",
           f"{wanted - places} {places - wanted} {said.stderr[:500]}")


def main():
    tap = Tap()
    gdb = have("gdb") and version_after("", "gdb", "--version")
    if not gdb:
        tap.skip("gdb", "no gdb")
        tap.done()
    each(tap, FILES + EDGE, lambda path: judge(path, gdb))
    for path in ("x86_64/exec", "x86_64/gcc-O2.exec", "x86_64/semaphores", "x86_64/gc-lld"):
        check_lines(tap, path)
    tap.done()


main()
