# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Breaks the program on purpose, one place at a time, and demands that the unit tests or the
golden ones notice.

    mutants.py [FILE...]
    mutants.py --applies

FILE: only the mutants of these files. Each is built in a copy of the sources, never in them.
--applies: only look whether the places are there still.
"""
import concurrent.futures
import os
import pathlib
import queue
import re
import shutil
import subprocess
import sys
import tempfile

from helpers.meson_tests import named
from helpers.tap import SOURCE, Tap, run, told
from places_to_break import MUTANTS

PARTS = ("meson.build", "meson_options.txt", "src", "include", "man", "tests", "fixtures")
OPTIONS = ("-Doptimization=0", "-Dman=false", "-Dcompletions=false",
           "-Ddefault_library=static")
# The quickest first.
TESTS = ("unit-*", "golden")
TARGET = re.compile(r"^(tests/unit/[\w.-]+|src/usdtinfo): (?:c_LINKER|CUSTOM_COMMAND)", re.MULTILINE)
# A crash is as good as a complaint, and one process a program is quicker than one a check.
ENVIRONMENT = {**os.environ, "CK_FORK": "no"}
# What a mutant may loop for ever in is cut short: this is the share of a test's time limit.
PATIENCE = "0.05"


def misplaced(mutant):
    """Why a mutant does not apply, or None."""
    count = (SOURCE / "src" / mutant.file).read_text(encoding="utf-8").count(mutant.old)
    return None if count == 1 else f"'{mutant.old}' stands {count} times in {mutant.file}"


class Copy:
    """A copy of the sources with a build directory of its own."""

    def __init__(self, folder):
        self.source = pathlib.Path(folder)
        self.build = self.source / "build"
        for part in PARTS:
            if (SOURCE / part).is_dir():
                shutil.copytree(SOURCE / part, self.source / part, symlinks=True,
                                ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(SOURCE / part, self.source / part)

    def set_up(self):
        return run("meson", "setup", self.build, self.source, *OPTIONS,
                   stderr=subprocess.STDOUT, timeout=300)

    def make(self):
        """Builds the program and what the suites run."""
        listed = run("ninja", "-C", self.build, "-t", "targets", "all").stdout
        return run("ninja", "-C", self.build, *TARGET.findall(listed),
                   stderr=subprocess.STDOUT, timeout=900)

    def test(self):
        """The result of the first of TESTS that fails, or of the last."""
        for pattern in TESTS:
            result = run("meson", "test", "-C", self.build, "--no-rebuild",
                         *named(self.build, pattern), "-t", PATIENCE, "--maxfail=1", env=ENVIRONMENT,
                         stderr=subprocess.STDOUT, timeout=1800)
            if result.returncode:
                break
        return result

    def try_mutant(self, mutant):
        """(whether it is killed, why not)"""
        path = self.source / "src" / mutant.file
        lacking = misplaced(mutant)
        if lacking:
            return False, lacking
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
        try:
            built = self.make()
            if built.returncode:
                return False, f"it does not build:\n{told(built)[-2000:]}"
            return self.test().returncode != 0, "no test notices"
        finally:
            path.write_text(text, encoding="utf-8")


def prepare(tap, folder):
    copy = Copy(folder)
    for step in (copy.set_up, copy.make, copy.test):
        result = step()
        if result.returncode:
            tap.ok(False, f"the sources as they are: {step.__name__}", told(result)[-4000:])
            return None
    return copy


def main():
    tap = Tap()
    if sys.argv[1:] == ["--applies"]:
        tap.none([why for why in map(misplaced, MUTANTS) if why],
                 f"each of {len(MUTANTS)} mutants has its place in the sources")
        tap.done()
    mutants = [mutant for mutant in MUTANTS
               if not sys.argv[1:] or mutant.file in sys.argv[1:]]
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder, \
            concurrent.futures.ThreadPoolExecutor(min(4, os.cpu_count())) as pool:
        folders = [pathlib.Path(folder, str(number)) for number in range(pool._max_workers)]
        for each in folders:
            each.mkdir()
        copies = queue.SimpleQueue()
        for copy in pool.map(lambda each: prepare(tap, each), folders):
            if not copy:
                tap.done()
            copies.put(copy)
        tap.ok(True, "the sources as they are build and pass")

        def judge(mutant):
            copy = copies.get()
            try:
                return copy.try_mutant(mutant)
            finally:
                copies.put(copy)
        for mutant, (killed, why) in zip(mutants, pool.map(judge, mutants)):
            tap.ok(killed, f"{mutant.file}: {mutant.wrong}",
                   f"- {mutant.old}\n+ {mutant.new}\n{why}")
    tap.done()


main()
