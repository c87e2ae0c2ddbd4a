# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""One table of ratios: usdtinfo against its peers, side by side.

    bench_ratios.py [--bare PROGRAM] [--markdown] [--tree DIRECTORY] [GROUP...]

Times are the least of some runs by turns, since what disturbs a run only ever makes it
longer; hyperfine takes them. CPU is user and system time. Instructions are
callgrind's, of a run from the first instruction to the last, dynamic loading included.
"""
import argparse
import collections
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile

from helpers.tap import TOOL, have
import bench_inputs as inputs

HEADINGS = ("what", "usdtinfo", "against", "usdtinfo s", "peer s", "times faster", "goal",
            "less CPU", "fewer instructions")
TOOL_WORD = "usdtinfo"


def shell(text):
    return ["sh", "-c", text]


def quoted(path):
    return "'" + str(path).replace("'", "'\\''") + "'"


class Bench:
    """Measures commands by turns, and keeps the rows of the table."""

    def __init__(self, folder, options):
        self.folder, self.options, self.rows = folder, options, []

    def once(self, command, runs):
        """The least time of RUNS in a row, and the mean of CPU time."""
        out = self.folder / "times.json"
        text = " ".join(quoted(word) for word in command)
        subprocess.run(["hyperfine", "-N", "-i", "-w", "1", "--style", "none", "-r", str(max(runs, 2)),
                        "--export-json", out, text], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        result = json.loads(out.read_text())["results"][0]
        return result["min"], result["user"] + result["system"]

    def times(self, commands, rounds=5, runs=10):
        """{name: (seconds, seconds of CPU)} of {name: command}."""
        found = collections.defaultdict(list)
        for _ in range(rounds):
            for name, command in commands.items():
                found[name].append(self.once([str(word) for word in command], runs))
        return {name: tuple(map(min, zip(*values))) for name, values in found.items()}

    def instructions(self, command):
        if not have("valgrind"):
            return None
        result = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
        for line in result.stderr.splitlines():
            if "Collected :" in line:
                return int(line.split(":")[1].split()[0])
        return None

    def compare(self, what, ours, peers, goals, counted=False, **how):
        """A row for each of PEERS against OURS, both {name: command}."""
        measured = self.times({**ours, **peers}, **how)
        counts = {name: self.instructions(list(map(str, command)))
                  for name, command in {**ours, **peers}.items()} if counted else {}
        for mine in ours:
            for peer in peers:
                goal = goals.get((mine, peer), goals.get(peer, ""))
                fewer = (f"{counts[peer] / counts[mine]:.2f}"
                         if counts.get(peer) and counts.get(mine) else "")
                self.row(what, mine, peer, measured[mine], measured[peer], goal, fewer)
        return measured

    def row(self, what, mine, peer, mine_s, peer_s, goal="", fewer=""):
        """MINE_S and PEER_S: as times()."""
        self.rows.append((what, mine, peer, f"{mine_s[0]:.4f}", f"{peer_s[0]:.4f}",
                          f"{peer_s[0] / mine_s[0]:.2f}", goal,
                          f"{peer_s[1] / mine_s[1]:.2f}" if mine_s[1] else "", fewer))
        print("\t".join(self.rows[-1]), file=sys.stderr, flush=True)


def over_files(where, jobs, peer):
    """A peer on each file of a tree, many in a run."""
    return {f"find, xargs -P{jobs} {peer}": shell(
        f"find {quoted(where)} -type f -print0 | xargs -0 -P{jobs} {peer} -n")}


def tree(bench):
    where = bench.options.tree
    subprocess.run([TOOL, "-r", "-q", "-m", "none", where], check=False,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for jobs in (1, 2):
        bare = {"bare": [bench.options.bare, str(jobs), where]} if bench.options.bare else {}
        peers = over_files(where, jobs, "readelf") if have("readelf") else {}
        goals = {"bare": "0.91", **{name: ("8", "4")[jobs - 1] for name in peers}}
        command = [TOOL, "-r", "-F", "names", f"-j{jobs}", where]
        ours = {f"-r -F names -j{jobs}": command}
        bench.compare(f"tree {where}", ours, {**bare, **peers}, goals, rounds=3, runs=2)
        if have("eu-readelf"):
            # It takes ten times as long as any of the others.
            bench.compare(f"tree {where}", ours, over_files(where, jobs, "eu-readelf"), {},
                          rounds=1, runs=2)
        if bare:
            bench.compare(f"tree {where} but *.a",
                          {f"-r -F names -j{jobs}": [*command, "--exclude-path=*.a"]},
                          {"bare": [*bare["bare"], "no-archives"]}, goals, rounds=3, runs=3)


def files(bench):
    for name, path in inputs.system_objects(bench.folder):
        ours = {"readelf": [TOOL, "-F", "readelf", path], "json": [TOOL, "-J", path]}
        peers = {f"{peer} -n": [peer, "-n", path] for peer in ("readelf", "eu-readelf")
                 if have(peer)}
        goals = {("readelf", peer): "1" for peer in peers}
        goals["json", "readelf -n"] = "1"
        bench.compare(name, ours, peers, goals, counted=True)


# A process starts with the peak of what started it: a small one must.
PEAK = ("import os, subprocess, sys\n"
        "p = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
        "print(os.wait4(p.pid, 0)[2].ru_maxrss * 1024)\n"
        "p.returncode = 0\n")


def peak(command):
    """The most memory of a command, in bytes."""
    result = subprocess.run([sys.executable, "-S", "-c", PEAK, *command], check=True,
                            capture_output=True, text=True)
    return int(result.stdout)


def many(bench):
    lines = []
    for count in (10**4, 10**5, 10**6):
        path = bench.folder / f"many{count}"
        size = inputs.many_probes(path, count)
        ours = {"readelf": [TOOL, "-F", "readelf", path], "json": [TOOL, "-J", path],
                "ndjson": [TOOL, "-F", "ndjson", path]}
        peers = {"readelf -n": ["readelf", "-n", path]} if have("readelf") else {}
        goals = {("readelf", "readelf -n"): "3", ("json", "readelf -n"): "1",
                 ("ndjson", "readelf -n"): "1"}
        measured = bench.compare(f"{count:,} probes", ours, peers, goals,
                                 counted=count == 10**4, rounds=3, runs=2 if count > 10**5 else 4)
        for mine, command in ours.items():
            over = (peak(command) - size) / 2**20
            lines.append(f"{count:,} probes, {mine}: {measured[mine][0] / count * 1e9:.0f} ns a "
                         f"probe, peak memory the note section {over:+.1f} MiB (goal: +16)")
    return lines


def lines_of_source(bench):
    program = inputs.debug_program(bench.folder)
    if not program or not have("eu-addr2line"):
        return ["-s --lines: left out without a compiler, sys/sdt.h and eu-addr2line"]
    tsv = subprocess.run([TOOL, "-F", "tsv", "-n", "-o", "LOCATION", program], check=True,
                         capture_output=True, text=True)
    addresses = bench.folder / "addresses"
    addresses.write_text(tsv.stdout)
    peer = shell(f"eu-addr2line -f -i -e {quoted(program)} <{quoted(addresses)}")
    bench.compare("500 probes with source", {"-s --lines": [TOOL, "-s", "--lines", program]},
                  {"eu-addr2line -f -i": peer}, {}, rounds=3, runs=2)
    return []


def archives(bench):
    path = inputs.archive(bench.folder)
    if not path:
        return ["archive: no ar"]
    place = bench.folder / "unpacked"
    peers = {f"ar x, {peer}": shell(
        f"mkdir -p {quoted(place)} && cd {quoted(place)} && ar x {quoted(path)} && {peer}")
        for peer in (["readelf -n *.o"] if have("readelf") else []) +
        [f"{quoted(TOOL)} -r ."]}
    peers = {name.replace(quoted(TOOL), TOOL_WORD): command for name, command in peers.items()}
    if have("readelf"):
        peers["readelf -n"] = ["readelf", "-n", path]
    bench.compare("archive of 1,000", {"readelf": [TOOL, path]}, peers, {}, rounds=3, runs=4)
    return []


def packages(bench):
    found = sorted((inputs.cache_folder() / "debs").glob("openjdk-17-jre-headless_*_amd64.deb"))
    if not found or not have("dpkg-deb"):
        return ["package: none in the cache of the long tests"]
    place = bench.folder / "package"
    peer = shell(f"rm -rf {quoted(place)} && dpkg-deb -x {quoted(found[-1])} {quoted(place)} && "
                 f"find {quoted(place)} -type f -print0 | xargs -0 readelf -n")
    bench.compare(found[-1].name.split("_")[0] + ".deb", {"readelf": [TOOL, found[-1]]},
                  {"dpkg-deb -x, readelf": peer}, {}, rounds=2, runs=2)
    return []


GROUPS = {"tree": tree, "files": files, "many": many, "lines": lines_of_source,
          "archives": archives, "packages": packages}


def machine():
    model = "unknown processor"
    for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="ascii").splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    versions = [subprocess.run([tool, "--version"], capture_output=True, text=True,
                               check=False).stdout.split("\n")[0]
                for tool in ("readelf", "eu-readelf") if have(tool)]
    return (f"{os.cpu_count()} x {model}, {pages:.0f} GiB, Linux {platform.release()}; "
            f"{'; '.join(versions)}")


def print_table(rows, markdown):
    widths = [max(len(row[i]) for row in [HEADINGS, *rows]) for i in range(len(HEADINGS))]
    for number, row in enumerate([HEADINGS, *rows]):
        cells = [cell.ljust(width) if i < 3 else cell.rjust(width)
                 for i, (cell, width) in enumerate(zip(row, widths))]
        print("| " + " | ".join(cells) + " |" if markdown else "  ".join(cells).rstrip())
        if markdown and number == 0:
            print("|" + "|".join("-" * (width + 1) + (":" if i >= 3 else "-")
                                 for i, width in enumerate(widths)) + "|")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bare")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--tree", default="/usr")
    parser.add_argument("groups", nargs="*", help=", ".join(GROUPS))
    options = parser.parse_args()
    if not have("hyperfine"):
        sys.exit("hyperfine, which takes the times, is not installed")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="usdtinfo-bench-"))
    try:
        bench, notes = Bench(folder, options), []
        for name, group in GROUPS.items():
            if not options.groups or name in options.groups:
                notes += group(bench) or []
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(machine())
    print_table(bench.rows, options.markdown)
    for note in notes:
        print(note)


main()
