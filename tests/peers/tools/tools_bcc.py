# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""BCC: what tplist lists of each fixture, and which arguments, against the matrix."""
import re
import shutil

from common import EDGE, FILES, FIXTURES, Tap, differ, each, names, rows, run

PROGRAM = shutil.which("tplist-bpfcc") or shutil.which("tplist")


def version():
    said = run("/usr/bin/python3", "-c", "import bcc; print(bcc.__version__)").stdout
    return re.match(r"[\d.]*", said)[0].rstrip(".") or None


def listed(path):
    """{(name, location): number of arguments}"""
    found, name = {}, None
    for line in run(PROGRAM, "-l", FIXTURES / path, "-vv").stdout.splitlines():
        if match := re.match(r"(\S.*) \[sema 0x\w+\]$", line):
            name = match[1]
        elif match := re.match(r"  location #\d+ .* 0x(\w+)$", line):
            key = (name, int(match[1], 16))
            found[key] = 0
        elif line.startswith("    argument #"):
            found[key] += 1
    return found


def listed_names(path):
    """The same without arguments, in describing which tplist sometimes dies."""
    lines = run(PROGRAM, "-l", FIXTURES / path).stdout.splitlines()
    return {line.split(" ", 1)[1] for line in lines if " " in line}


def judge(path, bcc):
    found = rows("bcc", bcc, path)
    seen = listed(path)
    # BCC takes all sites of a name for the first.
    counts = {}
    for row in found:
        counts.setdefault(row.name, set()).add(row.count)
    visible = [row for row in found if row.status != "invisible"]
    problems = differ(path, "listed", names(visible), listed_names(path))
    for row in visible:
        raw = (row.name, int(row.probe["location_raw"], 16))
        if problems or row.status == "unattachable" or raw not in seen or len(counts[row.name]) > 1:
            continue
        # Those after one that is left out take its number, so only those before it count.
        if "several symbols" in (row.reason or ""):
            continue
        before = min(row.lost, default=row.count)
        if (seen[raw] == row.count) != (not row.lost) or seen[raw] < before:
            problems.append(f"{path}: tplist has {seen[raw]} arguments of {row}")
    return problems


def main():
    tap = Tap()
    bcc = PROGRAM and version()
    if not bcc:
        tap.skip("bcc", "no tplist")
    else:
        each(tap, FILES + EDGE, lambda path: judge(path, bcc))
    tap.done()


main()
