# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""count.py STATUS BUILD...: add up what meson's test logs say.

A test that speaks TAP counts as many as it has points, one written with check as many as
its summary says, any other as one. STATUS is that of the run that wrote the logs: when it
is not 0, at least one failure is counted, so that a run that ended before its first test
is not taken for a good one. Before that last line stand the seconds of each suite and the
slowest tests.
"""
import collections
import json
import pathlib
import re
import sys

POINT = re.compile(r"^(?P<bad>not )?ok\b *\d*(?: *- *)?(?P<name>(?:[^#\\]|\\.)*)"
                   r"(?:#\s*(?P<left>skip|todo)\S*\s*(?P<reason>.*))?", re.IGNORECASE)
# Of a TAP test that has no points: "1..0 # SKIP reason".
PLAN = re.compile(r"^1\.\.0 *#\s*skip\S*\s*(.*)", re.IGNORECASE | re.MULTILINE)
CHECK = re.compile(r"^\d+%: Checks: (\d+), Failures: (\d+), Errors: (\d+)$", re.MULTILINE)
GOOD = {"OK", "EXPECTEDFAIL"}
SLOWEST = 10


class Test:
    """One row of testlog.json."""

    def __init__(self, build, row):
        self.build = pathlib.Path(build).name
        # "usdtinfo:SUITE+SUITE / NAME"; the first suite is the room that the test stands in.
        suites, _, self.name = row["name"].partition(" / ")
        self.suite = suites.partition(":")[2].split("+")[0] or "no suite"
        self.seconds = row.get("duration", 0)
        self.result = row["result"]
        self.stdout = row.get("stdout", "")
        self.points = [m for m in map(POINT.match, self.stdout.splitlines()) if m]

    def count(self):
        """(passed, failed, skipped)"""
        if self.result == "SKIP":
            return 0, 0, max(1, len(self.points))
        failed = sum(1 for m in self.points if m["bad"] and not m["left"])
        skipped = sum(1 for m in self.points if m["left"])
        passed = len(self.points) - failed - skipped
        for checks, failures, errors in CHECK.findall(self.stdout):
            failed += int(failures) + int(errors)
            passed += int(checks) - int(failures) - int(errors)
        if self.result not in GOOD:
            failed = max(1, failed)
        elif not passed + failed + skipped:
            passed = 1
        return passed, failed, skipped

    def skips(self):
        """[(what was left out, why)]"""
        found = [(m["name"].strip(), m["reason"]) for m in self.points if m["left"]]
        if self.result == "SKIP" and not found:
            plan = PLAN.search(self.stdout)
            found = [("all of it", plan[1] if plan else "the test does not say why")]
        return found

    def failures(self):
        """[what failed]"""
        found = [m["name"].strip() for m in self.points if m["bad"] and not m["left"]]
        return found or ([self.result.lower()] if self.count()[1] else [])


def read_logs(builds):
    return [Test(build, json.loads(line)) for build in builds
            for log in sorted(pathlib.Path(build, "meson-logs").glob("testlog*.json"))
            for line in log.read_text(encoding="utf-8").splitlines()]


def add_up(tests):
    return [sum(numbers) for numbers in zip((0, 0, 0), *(test.count() for test in tests))]


def print_seconds(tests):
    """Tests run beside each other: the sums are more than the run took."""
    suites = collections.Counter()
    for test in tests:
        suites[f"{test.build} {test.suite}"] += test.seconds
    print("seconds of each suite's tests:")
    for suite, seconds in suites.most_common():
        print(f"{seconds:9.1f}  {suite}")
    print(f"the {SLOWEST} slowest tests:")
    for test in sorted(tests, key=lambda test: -test.seconds)[:SLOWEST]:
        print(f"{test.seconds:9.1f}  {test.build} {test.name}")


def main():
    status = int(sys.argv[1])
    tests = read_logs(sys.argv[2:])
    total = add_up(tests)
    if status and not total[1]:
        total[1] = 1
    if tests:
        print_seconds(tests)
    print("{} passed, {} failed, {} skipped".format(*total))
    return 1 if total[1] or not total[0] else 0


if __name__ == "__main__":
    sys.exit(main())
