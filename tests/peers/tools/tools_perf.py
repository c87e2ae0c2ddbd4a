# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""perf: the SDT cache that it makes of each fixture, against the matrix."""
import os
import pathlib
import re
import tempfile

from common import EDGE, FILES, FIXTURES, Tap, differ, each, have, names, rows, run, version_after


def cached(path):
    """[(name, file offset, arguments)], and what perf makes of it."""
    with tempfile.TemporaryDirectory() as home:
        run("perf", "buildid-cache", "--add", FIXTURES / path, env={**os.environ, "HOME": home})
        found = []
        for cache in pathlib.Path(home).glob(".debug/.build-id/*/*/probes"):
            for line in cache.read_text(errors="surrogateescape").splitlines():
                if match := re.match(r"p:sdt_(.*)/(\S+) \S+:0x(\w+)(?:\(0x\w+\))?(.*)", line):
                    numbers = {int(n) - 1 for n in re.findall(r"\barg(\d+)=", match[4])}
                    found.append((f"{match[1]}:{match[2]}", int(match[3], 16), numbers))
        return found


def judge(path, perf):
    found = rows("perf", perf, path)
    seen = cached(path)
    visible = [row for row in found if row.status != "invisible"]
    problems = differ(path, "listed", names(visible), {name for name, _, _ in seen})
    for row in visible:
        places = [(offset, numbers) for name, offset, numbers in seen if name == row.name]
        right = [numbers for offset, numbers in places if offset == row.offset]
        # The cache does not know what the kernel will say of a semaphore.
        if "semaphore" in (row.reason or ""):
            continue
        if bool(right) != (row.status != "unattachable"):
            problems.append(f"{path}: perf has {[hex(o) for o, _ in places]} for {row}")
        elif right and row.status != "unattachable":
            shown = set().union(*right)
            # A float is shown, as an integer; the matrix counts it among the lost.
            misread = {a["number"] for a in row.probe["arguments"]
                       if a["float"] or a["operand"].get("pair")}
            if shown - misread != row.read - misread:
                problems.append(f"{path}: perf shows {sorted(shown)} of {row}")
    return problems


def has_build_id(path):
    return b"GNU\0" in (FIXTURES / path).read_bytes()


def main():
    tap = Tap()
    perf = have("perf") and version_after("", "perf", "--version")
    if not perf:
        tap.skip("perf", "no perf")
    else:
        # The cache goes by build-id.
        each(tap, [path for path in FILES + EDGE if has_build_id(path)],
             lambda path: judge(path, perf))
    tap.done()


main()
