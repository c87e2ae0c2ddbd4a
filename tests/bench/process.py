# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""All processes against what cannot be spared: 500 of them that have the same 20 libraries
with probes loaded, against parsing 20 files and reading 500 maps."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import COMPILER, SOURCE, TOOL, run, told  # noqa: E402

PROCESSES, LIBRARIES, RUNS = 500, 20, 7


def compile_to(path, source, *options):
    result = run(*COMPILER, "-O1", *options, "-o", path, source, "-ldl", "-pthread")
    if result.returncode:
        sys.exit(told(result))


def best(*commands):
    """The shortest time that all COMMANDS took together, in seconds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        for command in commands:
            result = run(*command, stdout=subprocess.DEVNULL)
            if result.returncode:
                sys.exit(told(result))
        times.append(time.perf_counter() - start)
    return min(times)


def main():
    with tempfile.TemporaryDirectory(prefix="usdtinfo-bench-") as name:
        folder = pathlib.Path(name)
        compile_to(folder / "many", SOURCE / "tests" / "bench" / "process_many.c")
        compile_to(folder / "library.so", SOURCE / "tests" / "process" / "target.c", "-shared",
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
            found = [line.split("\t")[3] for line in listing.stdout.splitlines()]
            if found != [str(PROCESSES)] * LIBRARIES:
                sys.exit(told(listing))
            looked = best([TOOL, "-p", ",".join(pids), "--summary"])
            needed = best([TOOL, "-F", "names", *libraries],
                          ["cat", *(f"/proc/{pid}/maps" for pid in pids)])
            many.stdin.close()
    sites = PROCESSES * LIBRARIES * 8
    print(f"{PROCESSES} processes with {LIBRARIES} libraries: {looked * 1000:.0f} ms for "
          f"{sites} states; {LIBRARIES} files parsed and {PROCESSES} maps read: "
          f"{needed * 1000:.0f} ms; ratio {looked / needed:.2f}")


main()
