# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""usdtinfo under ThreadSanitizer: no data race in trees, nor among processes."""
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from forest import ARCHIVE, PROBES, SOURCE, folder, plant  # noqa: E402
from tap import Tap, run, told  # noqa: E402

# "vm.mmap_rnd_bits" of newer kernels is more than older sanitizers bear.
PREFIX = ("setarch", "-R")
MARK = "ThreadSanitizer"


def build(tap, where):
    for step in (["meson", "setup", where, SOURCE, "-Db_sanitize=thread", "-Db_lundef=false",
                  "-Dtests=false", "-Dman=false"],
                 ["ninja", "-C", where, "src/usdtinfo"]):
        result = run(*step, stderr=subprocess.STDOUT, timeout=1800)
        if not tap.ok(result.returncode == 0, " ".join(step[:2]), told(result)[-3000:]):
            return None
    return pathlib.Path(where) / "src" / "usdtinfo"


def scan(tap, tool, name, where, *options, codes=(0,)):
    result = run(*PREFIX, tool, "-r", *options, where, timeout=900,
                 env={**os.environ, "TSAN_OPTIONS": "exitcode=66:halt_on_error=0"})
    tap.ok(result.returncode in codes and MARK not in result.stderr, name,
           f"exit {result.returncode}\n{result.stderr[-3000:]}")


def look(tap, tool):
    """All processes, while others come and go."""
    churn = subprocess.Popen(["sh", "-c", "while :; do sleep 0; done"])
    try:
        for options in (["-q"], ["--summary"], ["-J"], ["-J"], ["--for=ftrace"]):
            result = run(*PREFIX, tool, "--all-processes", *options, timeout=300,
                         env={**os.environ, "TSAN_OPTIONS": "exitcode=66:halt_on_error=0"})
            tap.ok(result.returncode in (0, 1, 2) and MARK not in result.stderr,
                   f"--all-processes {options[0]}",
                   f"exit {result.returncode}\n{result.stderr[-3000:]}")
    finally:
        churn.kill()
        churn.wait(60)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as place, folder() as tree:
        tool = build(tap, place)
        for number in range(300 if tool else 0):
            plant(tree / f"{number % 17}" / f"{number}")
        if tool:
            for workers in ("1", "2", "8", "32"):
                scan(tap, tool, f"-j {workers}", tree, "-j", workers, "-J")
                scan(tap, tool, f"-j {workers} that ends early", tree, "-j", workers, "-q")
            for number in range(40):
                with tarfile.open(tree / f"{number % 17}" / f"{number}.tar.gz", "w:gz") as file:
                    file.add(ARCHIVE if number % 2 else PROBES, "member")
            scan(tap, tool, "packages", tree, "-j", "8", "-J", "--packages")
            scan(tap, tool, "the fixtures", SOURCE / "fixtures", "-j", "4", "-F", "long",
                 codes=(0, 2))
            scan(tap, tool, "with functions", SOURCE / "fixtures" / "x86_64", "-j", "4", "-s",
                 codes=(0, 2))
            look(tap, tool)
    tap.done()


main()
