# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The line that CI reads counts what the test logs say, and a failure cannot hide in it."""
import json
import pathlib
import sys
import tempfile

from helpers.tap import SOURCE, Tap, run, told

TAP = "ok 1 - a\nok 2 - b # SKIP no b\n1..2\n"
BROKEN = "ok 1 - a\nnot ok 2 - b\n# not ok 3 in a comment\n1..2\n"
CHECK = "Running suite(s): x\n83%: Checks: 6, Failures: 1, Errors: 0\n"
# What the log says of each test, the status of the run; the line, and the exit code.
CASES = (
    ("tests that pass", [("OK", ""), ("OK", TAP)], 0, "2 passed, 0 failed, 1 skipped", 0),
    ("points that fail", [("ERROR", BROKEN)], 1, "1 passed, 1 failed, 0 skipped", 1),
    ("checks that fail", [("FAIL", CHECK)], 1, "5 passed, 1 failed, 0 skipped", 1),
    ("a crash after good points", [("ERROR", TAP)], 1, "1 passed, 1 failed, 1 skipped", 1),
    ("a timeout", [("TIMEOUT", "")], 1, "0 passed, 1 failed, 0 skipped", 1),
    ("a skipped test", [("OK", ""), ("SKIP", "")], 0, "1 passed, 0 failed, 1 skipped", 0),
    ("a run that ended early", [("OK", "")], 2, "1 passed, 1 failed, 0 skipped", 1),
    ("no test at all", [], 0, "0 passed, 0 failed, 0 skipped", 1),
)


# Twelve tests of two suites; the slowest is the last.
TIMED = [{"name": f"usdtinfo:{'unit+quick' if number % 2 else 'cli'} / test-{number}",
          "result": "OK", "stdout": "", "duration": number + 0.25} for number in range(12)]


def count(tests, status=0):
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder, "build", "meson-logs", "testlog-usual.json")
        log.parent.mkdir(parents=True)
        log.write_text("".join(json.dumps(test) + "\n" for test in tests), encoding="utf-8")
        return run(sys.executable, SOURCE / ".ci" / "count.py", status, f"{folder}/build")


def check_seconds(tap):
    result = count(TIMED)
    lines = result.stdout.splitlines()
    tap.ok(lines[1:3] == ["     37.5  build unit", "     31.5  build cli"],
           "the seconds of each suite", told(result))
    tap.ok(lines[4:14] == [f"{number + 0.25:9.1f}  build test-{number}"
                           for number in range(11, 1, -1)], "the ten slowest", told(result))
    tap.ok(lines[14:] == ["12 passed, 0 failed, 0 skipped"], "the counts last", told(result))


def main():
    tap = Tap()
    for name, tests, status, line, code in CASES:
        result = count([{"name": "x", "result": result, "stdout": stdout}
                        for result, stdout in tests], status)
        tap.ok(result.stdout.splitlines()[-1:] == [line] and result.returncode == code, name,
               told(result))
    check_seconds(tap)
    tap.done()


main()
