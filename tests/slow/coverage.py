# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""How many of the lines the tests ran: builds once more with -Db_coverage=true, in
build-coverage, runs the tests there and reads the counts.

    ./bootstrap coverage [FILE...]
    ninja -C build line-coverage

FILE: below src, shows which of its lines no test ran. Fails where there is less than is
promised. No line is left out of the count.
"""
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from helpers.tap import SOURCE, have, run, told

Part = collections.namedtuple("Part", "name floors least")
PARTS = (
    Part("library", ("base", "lazy", "elf", "probe", "debug", "find"), 95),
    Part("tool", ("rules", "output", "cli"), 90),
)
SHOWN = 12  # files of each part, the worst first
TREE = SOURCE / "build-coverage"
OPTIONS = ("-Dtests=enabled", "-Db_coverage=true", "-Doptimization=0", "-Ddefault_library=static",
           "-Dman=false", "-Dcompletions=false")
# The house's tests and those that build for themselves run none of this build's lines.
LEFT_OUT = ("long", "house", "slow")


def run_tests():
    """Build and run the tests; some may fail and still count."""
    # A compiler's cache would leave the counts where the first build was.
    environment = {**os.environ, "CCACHE_DISABLE": "1"}
    if not (TREE / "build.ninja").exists():
        subprocess.run(["meson", "setup", TREE, SOURCE, *OPTIONS], env=environment, check=True)
    subprocess.run(["ninja", "-C", TREE, "all", "meson-test-prereq"], env=environment, check=True)
    for old in TREE.rglob("*.gcda"):
        old.unlink()
    # Some tests of root's run the program as nobody, who must be able to add what it counted.
    for note in TREE.rglob("*.gcno"):
        counts = note.with_suffix(".gcda")
        counts.touch()
        counts.chmod(0o666)
    suites = [word for suite in LEFT_OUT for word in ("--no-suite", suite)]
    tested = subprocess.run(["meson", "test", "-C", TREE, "--no-rebuild", "--print-errorlogs",
                             *suites], env=environment, check=False)
    if tested.returncode:
        print("some tests failed: their lines may be missing below", flush=True)
    for counts in TREE.rglob("*.gcda"):
        if not counts.stat().st_size:
            counts.unlink()


def counted(build):
    """{path below src: {line: whether it ran}}"""
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
        report = pathlib.Path(folder, "coverage.json")
        result = run("gcovr", "--root", SOURCE, "--filter", f"{SOURCE}/src/",
                     "--object-directory", build, "--json", report, "-j", os.cpu_count(), build,
                     cwd=SOURCE, timeout=1800)
        if result.returncode:
            sys.exit(told(result))
        files = json.loads(report.read_text(encoding="utf-8"))["files"]
    return {file["file"].removeprefix("src/"):
            {line["line_number"]: line["count"] > 0 for line in file["lines"]
             if not line.get("gcovr/noncode")} for file in files}


def ranges(numbers):
    """"3, 7-9" of [3, 7, 8, 9]"""
    spans = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"{first}-{last}" if last > first else str(first) for first, last in spans)


def share(files):
    lines = [ran for file in files.values() for ran in file.values()]
    return 100 * sum(lines) / len(lines) if lines else 0.0


def main():
    if not have("gcovr"):
        sys.exit("without gcovr nothing is counted")
    run_tests()
    files = counted(TREE)
    status = 0
    for part in PARTS:
        mine = {path: lines for path, lines in files.items() if path.split("/")[0] in part.floors}
        worst = sorted(mine, key=lambda path: sum(mine[path].values()) - len(mine[path]))
        for path in worst[:SHOWN]:
            print(f"{path:32} {share({path: mine[path]}):5.1f} %  "
                  f"{len(mine[path]) - sum(mine[path].values()):3} lines did not run")
        reached = share(mine)
        status |= reached < part.least
        print(f"{part.name}: {reached:.2f} % of {sum(map(len, mine.values()))} lines, "
              f"at least {part.least} promised")
    for path in sys.argv[1:]:
        lines = files.get(path.removeprefix("src/"), {})
        print(f"{path}: {ranges(sorted(line for line, ran in lines.items() if not ran))}")
    sys.exit(status)


main()
