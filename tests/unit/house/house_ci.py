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


def main():
    tap = Tap()
    for name, tests, status, line, code in CASES:
        with tempfile.TemporaryDirectory() as folder:
            log = pathlib.Path(folder, "meson-logs", "testlog-usual.json")
            log.parent.mkdir()
            log.write_text("".join(json.dumps({"name": "x", "result": result, "stdout": stdout})
                                   + "\n" for result, stdout in tests), encoding="utf-8")
            result = run(sys.executable, SOURCE / ".ci" / "count.py", status, folder)
            tap.ok(result.stdout == line + "\n" and result.returncode == code, name, told(result))
    tap.done()


main()
