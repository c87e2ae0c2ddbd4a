# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""No data race, by ThreadSanitizer: the library's threads, and the tool's own in scans of
trees, packages and processes, whatever their number.

    races.py quick|all

quick: only the library's, with the first compiler that can; all: with every compiler.
"""
import contextlib
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile

from helpers.forest import ARCHIVE, NONE, PROBES, SOURCE, folder, plant
from helpers.tap import C_STANDARD, CC, Tap, have, run, told

FIXTURES = SOURCE / "fixtures"
LISTINGS = SOURCE / "tests" / "robust" / "fuzz" / "corpus" / "listing"
COMPILERS = (" ".join(CC), "gcc", "clang")
# "vm.mmap_rnd_bits" of newer kernels is more than older sanitizers bear.
PREFIX = ("setarch", "-R")
MARK = "ThreadSanitizer"
ENVIRONMENT = {**os.environ, "TSAN_OPTIONS": "exitcode=66:halt_on_error=0"}
OPTIONS = ("-Db_sanitize=thread", "-Db_lundef=false", "-Doptimization=0", "-Dman=false",
           "-Dcompletions=false", "-Ddefault_library=static")
RACE = """
#include <pthread.h>
static int shared;
static void *add(void *unused) { for (int i = 0; i < 1000; i++) shared++; return unused; }
int main(void) {
	pthread_t one, other;
	pthread_create(&one, 0, add, 0);
	pthread_create(&other, 0, add, 0);
	pthread_join(one, 0);
	pthread_join(other, 0);
	return 0;
}
"""


def finds_races(compiler, where):
    """Whether programs of the compiler tell of a race that is there."""
    program = pathlib.Path(where, "race")
    result = run(*compiler.split(), C_STANDARD, "-fsanitize=thread", "-pthread", "-x", "c", "-", "-o", program,
                 input=RACE, stdin=None)
    return result.returncode == 0 and MARK in run(*PREFIX, program, env=ENVIRONMENT).stderr


def build(tap, compiler, where, *targets):
    environment = {**os.environ, "CC": compiler}
    for step in (["meson", "setup", where, SOURCE, *OPTIONS], ["ninja", "-C", where, *targets]):
        result = run(*step, stderr=subprocess.STDOUT, timeout=1800, env=environment)
        if result.returncode:
            return tap.ok(False, f"{compiler}: {step[0]} {step[1]}", told(result)[-3000:])
    return True


def clean(tap, name, *command, codes=(0,)):
    result = run(*PREFIX, *command, timeout=1800, env=ENVIRONMENT)
    output = result.stdout if "not ok" in result.stdout else ""
    tap.ok(result.returncode in codes and MARK not in result.stderr, name,
           f"exit {result.returncode}\n{output}{result.stderr[-3000:]}")


def library(tap, compiler, where, rounds, *files):
    clean(tap, f"{compiler}: the library", pathlib.Path(where, "tests", "robust", "threads"),
          rounds, *files)


@contextlib.contextmanager
def grove():
    """A tree with many files, an archive and packages."""
    with folder() as tree:
        for number in range(300):
            plant(tree / f"{number % 17}" / f"{number}")
        plant(tree / "archive.a", ARCHIVE)
        plant(tree / "17" / "none", NONE)
        for number in range(40):
            with tarfile.open(tree / f"{number % 17}" / f"{number}.tar.gz", "w:gz") as file:
                file.add(ARCHIVE if number % 2 else PROBES, "member")
        yield tree


@contextlib.contextmanager
def churn():
    """Processes that come and go meanwhile."""
    with subprocess.Popen(["sh", "-c", "while :; do sleep 0; done"]) as shell:
        try:
            yield
        finally:
            shell.kill()


def tool(tap, compiler, where):
    program = pathlib.Path(where, "src", "usdtinfo")
    with grove() as tree:
        for workers in ("1", "2", "8", "32"):
            clean(tap, f"{compiler}: -j {workers}", program, "-r", "-j", workers, "-J", tree)
            clean(tap, f"{compiler}: -j {workers} that ends early",
                  program, "-r", "-j", workers, "-q", tree)
        clean(tap, f"{compiler}: packages", program, "-r", "-j", "8", "-J", "--packages", tree)
        for name, options in {
                "in words": ["-F", "long"], "functions, lines and names": ["-s", "--lines", "-a"],
                "with libraries": ["--libs", "-J"], "summed up": ["--summary"]}.items():
            clean(tap, f"{compiler}: the fixtures {name}", program, "-r", "-j", "4", *options,
                  FIXTURES, codes=(0, 2))
        for verb in (["check"], ["lint"], ["lint", "--for=perf,gdb"], ["diff", tree]):
            clean(tap, f"{compiler}: {verb[0]}", program, *verb, tree, codes=(0, 1))
    with churn():
        for option in ("-q", "--summary", "-J", "--for=ftrace"):
            clean(tap, f"{compiler}: --all-processes {option}", program, "--all-processes", option,
                  codes=(0, 1, 2))


def main():
    tap = Tap()
    quick = sys.argv[1:] == ["quick"]
    described = [*sorted((FIXTURES / "site").iterdir()), *sorted((FIXTURES / "separate").iterdir())]
    files = [FIXTURES / "site" / "x86_64-gcc-O2-dwarf5", FIXTURES / "x86_64" / "semaphores",
             LISTINGS / "minimal.json"]
    done = 0
    for compiler in dict.fromkeys(COMPILERS):
        with tempfile.TemporaryDirectory(prefix="usdtinfo-") as where:
            if quick and done:
                break
            if not have(compiler.split()[0]) or not finds_races(compiler, where):
                tap.skip(compiler, "no such compiler, or its programs tell of no race")
                continue
            done += 1
            if quick:
                if build(tap, compiler, where, "tests/robust/threads"):
                    library(tap, compiler, where, 2, *files)
            elif build(tap, compiler, where, "tests/robust/threads", "src/usdtinfo"):
                library(tap, compiler, where, 3, *[path for path in described if path.is_file()],
                        *files, LISTINGS / "minimal.ndjson")
                tool(tap, compiler, where)
    tap.done()


main()
