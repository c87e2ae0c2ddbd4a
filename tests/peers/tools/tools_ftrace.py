# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The kernel: it takes each line of --for=ftrace, and what it then records of programs that
run is what they pass."""
import re
import shlex
import tempfile

from common import FILES, FIXTURES, TOOL, Tap, have_tracefs, in_tracefs, run

# Probe and arguments, as fixtures/src/operands.c passes them wherever it is compiled.
CONSTANTS = [5, -1, 200, 1, 4660, -2 ** 63, 2 ** 64 - 1, 0]
RUN = ("x86_64/gcc-O0.exec", "x86_64/gcc-O2.exec", "x86_64/clang-O2.exec", "x86_64/general")


def lines(path):
    return [line for line in run(TOOL, "--for=ftrace", FIXTURES / path).stdout.splitlines()
            if not line.startswith("#")]


def check_taken(tap, path):
    wanted = lines(path)
    script = "\n".join(f"printf '%s\\n' {shlex.quote(line)} >>uprobe_events || echo {shlex.quote(line)}"
                       for line in wanted)
    result = in_tracefs(script + "\ncat uprobe_events >&2\n: >uprobe_events")
    refused = [line for line in result.stdout.splitlines() if line]
    kept = len([line for line in result.stderr.splitlines() if line.startswith("p:usdt_")])
    tap.ok(not refused and kept == len(wanted), f"{path}: the kernel takes {len(wanted)} lines",
           "\n".join(refused) + result.stderr[-1000:])


def values(text):
    found = []
    for value in re.findall(r"\barg\d+=(\S+)", text):
        found.append(int(value, 0))
    return found


def recorded(path, match):
    """The lines of the trace while the program runs."""
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(run(TOOL, "--for=ftrace", "-m", match, FIXTURES / path).stdout)
        file.flush()
        result = in_tracefs(
            f"cat {shlex.quote(file.name)} >uprobe_events || exit\n"
            "for event in events/usdt_*; do echo 1 >$event/enable; done\n: >trace\n"
            f"{shlex.quote(str(FIXTURES / path))} >/dev/null 2>&1\n"
            "for event in events/usdt_*; do echo 0 >$event/enable; done\n"
            "cat trace\n: >uprobe_events")
    return [line for line in result.stdout.splitlines() if not line.startswith("#")], result


def check_values(tap, path):
    trace, result = recorded(path, "operands:constants")
    got = [values(line) for line in trace]
    tap.ok(got and all(row == CONSTANTS for row in got), f"{path}: constants as they are passed",
           f"{got[:3]} {result.stderr}")
    # Variables behind symbols, which are fetched relative to the probe.
    if run(TOOL, "-q", "-m", "operands:globals", FIXTURES / path).returncode == 0:
        trace, result = recorded(path, "operands:globals")
        first = [int(re.search(r"arg1=(-?\w+)", line)[1], 0) for line in trace]
        tap.ok(first and set(first) == {7}, f"{path}: a global variable by its symbol",
               f"{first} {trace[:1]} {result.stderr}")


def main():
    tap = Tap()
    if not have_tracefs():
        tap.skip("uprobe_events", "not root, or the kernel has no uprobe_events")
        tap.done()
    for path in FILES:
        check_taken(tap, path)
    for path in RUN:
        check_values(tap, path)
    tap.done()


main()
