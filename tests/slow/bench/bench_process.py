# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""All processes against what cannot be spared: 500 of them that have the same 20 libraries
with probes loaded, against parsing 20 files and reading 500 maps."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from helpers.tap import COMPILER, SOURCE, TOOL, run, told

PROCESSES, LIBRARIES, RUNS = 500, 20, 11


def compile_to(path, source, *options):
    result = run(*COMPILER, "-O1", *options, "-o", path, source, "-ldl", "-pthread")
    if result.returncode:
        sys.exit(told(result))


def once(*commands):
    """The time, and that of processors, that all COMMANDS took together, in seconds."""
    start, before = time.perf_counter(), os.times()
    for command in commands:
        result = run(*command, stdout=subprocess.DEVNULL)
        if result.returncode:
            sys.exit(told(result))
    after = os.times()
    return (time.perf_counter() - start, after.children_user - before.children_user +
            after.children_system - before.children_system)


def best(*sides):
    """For each side, of runs by turns, the shortest time and the mean one of processors."""
    runs = [[once(*commands) for commands in sides] for _ in range(RUNS)]
    return [(min(wall for wall, _ in side), sum(busy for _, busy in side) / RUNS)
            for side in zip(*runs)]


def main():
    with tempfile.TemporaryDirectory(prefix="usdtinfo-bench-") as name:
        folder = pathlib.Path(name)
        compile_to(folder / "many", SOURCE / "tests" / "slow" / "bench" / "process_many.c")
        compile_to(folder / "library.so", SOURCE / "tests" / "helpers" / "target.c", "-shared",
                   "-fPIC", "-DLIBRARY")
        libraries = [folder / f"lib{number}.so" for number in range(LIBRARIES)]
        for library in libraries:
            shutil.copy(folder / "library.so", library)
        with subprocess.Popen([folder / "many", str(PROCESSES), *libraries],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as many:
            pids = many.stdout.read().split()
            if len(pids) != PROCESSES:
                sys.exit("some processes could not be made")
            listing = run(TOOL, "--all-processes", "--summary", "-nF", "tsv", "-m",
                          "library:cold")
            found = [line.split("\t")[3] for line in listing.stdout.splitlines()
                     if f"\t{folder}/" in line]
            if found != [str(PROCESSES)] * LIBRARIES:
                sys.exit(told(listing))
            looked, needed = best([[TOOL, "-p", ",".join(pids), "--summary"]],
                                  [[TOOL, "-F", "names", *libraries],
                                   ["cat", *(f"/proc/{pid}/maps" for pid in pids)]])
            many.stdin.close()
    sites = PROCESSES * LIBRARIES * 10
    print(f"{PROCESSES} processes with {LIBRARIES} libraries: {looked[0] * 1000:.0f} ms for "
          f"{sites} states; {LIBRARIES} files parsed and {PROCESSES} maps read: "
          f"{needed[0] * 1000:.0f} ms; ratio {looked[0] / needed[0]:.2f}, of processors' time "
          f"{looked[1] / needed[1]:.2f} ({looked[1] * 1000:.0f} ms to {needed[1] * 1000:.0f} ms)")


main()
