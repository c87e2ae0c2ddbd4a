# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""count.py STATUS BUILD...: add up what meson's test logs say.

A test that speaks TAP counts as many as it has points, one written with check as many as
its summary says, any other as one. STATUS is that of the run that wrote the logs: when it
is not 0, at least one failure is counted, so that a run that ended before its first test
is not taken for a good one.
"""
import json
import pathlib
import re
import sys

POINT = re.compile(r"^(not )?ok\b(?:[^#\\]|\\.)*(#\s*(?:skip|todo))?", re.IGNORECASE)
CHECK = re.compile(r"^\d+%: Checks: (\d+), Failures: (\d+), Errors: (\d+)$", re.MULTILINE)
GOOD = {"OK", "EXPECTEDFAIL"}


def count_test(test):
    """(passed, failed, skipped) of one row of testlog.json"""
    stdout = test.get("stdout", "")
    points = [m for m in map(POINT.match, stdout.splitlines()) if m]
    if test["result"] == "SKIP":
        return 0, 0, max(1, len(points))
    failed = sum(1 for m in points if m[1] and not m[2])
    skipped = sum(1 for m in points if m[2])
    passed = len(points) - failed - skipped
    for checks, failures, errors in CHECK.findall(stdout):
        failed += int(failures) + int(errors)
        passed += int(checks) - int(failures) - int(errors)
    if test["result"] not in GOOD:
        failed = max(1, failed)
    elif not passed + failed + skipped:
        passed = 1
    return passed, failed, skipped


def main():
    status = int(sys.argv[1])
    total = [0, 0, 0]
    for build in sys.argv[2:]:
        for log in pathlib.Path(build, "meson-logs").glob("testlog*.json"):
            for line in log.read_text(encoding="utf-8").splitlines():
                total = [a + b for a, b in zip(total, count_test(json.loads(line)))]
    if status and not total[1]:
        total[1] = 1
    print("{} passed, {} failed, {} skipped".format(*total))
    return 1 if total[1] or not total[0] else 0


if __name__ == "__main__":
    sys.exit(main())
