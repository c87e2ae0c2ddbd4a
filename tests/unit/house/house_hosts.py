# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""./bootstrap test --on=SUITE, but for the roots, which take minutes to make: what it reports, and
that nothing stays mounted or running when it is killed."""
import contextlib
import io
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

from helpers.tap import SOURCE, Tap, run, told
from count import Test, add_up
import hosts

TESTS = (
    {"name": "usdtinfo:cli / one", "result": "OK", "duration": 1.0,
     "stdout": "ok 1 - a\nok 2 - b # SKIP no tracefs\nok 3 # SKIP no name\n1..3\n"},
    {"name": "usdtinfo:peers / two", "result": "SKIP", "stdout": "1..0 # SKIP no gdb\n"},
    {"name": "usdtinfo:peers / three", "result": "ERROR", "stdout": "not ok 1 - c\n1..1\n"},
    {"name": "usdtinfo:slow / four", "result": "TIMEOUT", "stdout": ""},
)
WAITER = """\
import sys
import hosts
hosts.isolated("sh", "-c", 'mount -t tmpfs tmpfs "$0"; ls "$0"; echo mounted; sleep 100; echo alive',
               sys.argv[1])
"""


def report(skips, **changes):
    return {"versions": {"gcc": "12.2.0"}, "exit": {"run": 0, "test": 0},
            "seconds": {"run": 61.0, "test": 600.4}, "counts": [7, 0, len(skips)],
            "skips": skips, "failures": [], **changes}


def printed(function, *arguments):
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        function(*arguments)
    return text.getvalue()


def check_logs(tap):
    tests = [Test("/somewhere/build", test) for test in TESTS]
    skips = [(test.name, *skip) for test in tests for skip in test.skips()]
    tap.ok(skips == [("one", "b", "no tracefs"), ("one", "", "no name"),
                     ("two", "all of it", "no gdb")], "what is skipped, and why", skips)
    failures = [(test.name, what) for test in tests for what in test.failures()]
    tap.ok(failures == [("three", "c"), ("four", "timeout")], "what fails", failures)
    tap.ok(add_up(tests) == [1, 2, 3], "the counts are those of count.py", add_up(tests))


def check_report(tap):
    known = [("one", "b", "no tracefs"), ("two", "c", "no gdb")]
    here = [("one", "b", "not mounted"), ("two", "d", "no gdb")]
    reports = {"bookworm": report(known), "sid": report(here)}
    text = printed(hosts.print_skips, reports, reports["bookworm"])
    tap.ok("\n  one: b: not mounted\n! two: d: no gdb\n" in text,
           "a skip that bookworm does not have is marked", text)
    tap.ok("nothing is known" in printed(hosts.print_skips, reports, None),
           "without a run on bookworm that is said")
    text = printed(hosts.print_table, reports)
    tap.ok("| gcc | 12.2.0 | 12.2.0 |\n" in text and "| bpftrace | - | - |\n" in text and
           "| `./bootstrap test`, min:s | 10:00, exit 0 | 10:00, exit 0 |\n" in text and
           "| skipped | 2 | 2 |\n" in text, "the table has versions, times and counts", text)
    for what, changes, good in (("all is well", {}, True),
                                ("no probes in the system's Python", {"exit": {"run": 1, "test": 0}}, True),
                                ("a command fails", {"exit": {"run": 0, "test": 1}}, False),
                                ("a command did not run", {"exit": {"run": 2}}, False),
                                ("a test fails", {"counts": [7, 1, 0]}, False)):
        tap.ok(hosts.good(report([], **changes)) == good, f"the verdict where {what}")


def check_end(tap, folder):
    if os.geteuid() or run("unshare", "--mount", "--pid", "--fork", "true").returncode:
        tap.skip("nothing stays", "this user may not unshare mounts and PIDs")
        return
    (folder / "seen").touch()
    with subprocess.Popen([sys.executable, "-c", WAITER, folder],
                          stdout=subprocess.PIPE, text=True) as waiter:
        line = waiter.stdout.readline()
        tap.ok(line == "mounted\n" and list(folder.iterdir()),
               "what is mounted for a host is mounted there alone", line)
        waiter.send_signal(signal.SIGKILL)
        # Whoever lives on holds the other end.
        tap.ok(waiter.stdout.read() == "", "no process outlives it, even when it is killed")


def main():
    tap = Tap()
    check_logs(tap)
    check_report(tap)
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
        check_end(tap, pathlib.Path(folder))
    result = run(sys.executable, SOURCE / ".ci" / "hosts.py", "--on=No/Such")
    tap.ok(result.returncode == 2 and "No/Such is no suite" in result.stderr,
           "a suite's name is looked at first", told(result))
    tap.done()


main()
