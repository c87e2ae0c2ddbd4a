# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Processes that are none, that end, and all of them."""
import json
import os
import pathlib
import subprocess

from helpers.tap import TOOL, run, told, wait_for
from helpers.target import Target, listing
from process_cases import Case, run_cases, tap


def check_words(folder):
    with Target(folder / "target", "thread", "zombie") as target:
        thread, zombie = target.told["thread"][0][0], target.told["zombie"][0][0]
        gone = subprocess.Popen(["true"])
        gone.wait(60)
        kernel = "2" if run("cat", "/proc/2/comm").stdout == "kthreadd\n" else None
        for name, pid, word in [("a thread", thread, f"a thread of process {target.pid}"),
                                ("a zombie", zombie, "a zombie"),
                                ("a kernel thread", kernel, "a kernel thread"),
                                ("a process that has ended", gone.pid, "no such process"),
                                ("a number that never was", "4199999", "no such process"),
                                ("a number that none can have", "9999999999",
                                 "no such process")]:
            if pid is None:
                tap.skip(name, "kthreadd is not seen here")
                continue
            result = run(TOOL, "-p", f"{pid},{target.pid}")
            tap.ok(result.returncode == 2 and result.stderr.count("\n") == 1 and
                   result.stderr.startswith(f"usdtinfo: /proc/{pid}: {word}") and
                   "counted" in result.stdout, name, told(result))
            entry = listing("-p", pid)["files"]
            tap.ok(len(entry) == 1 and entry[0]["state"] == "unreadable" and
                   entry[0]["pid"] == int(pid), f"{name} in JSON", entry)
    with Target(folder / "target", "thread", "leave") as target:
        status = pathlib.Path(f"/proc/{target.pid}/status")
        wait_for(lambda: "State:\tZ" in status.read_text("ascii"))
        file = [file for file in target.files() if file["path"].endswith("target")]
        tap.ok([file[0]["command"], file[0]["pid"], file[0]["probes"][0]["state"]] ==
               ["target", target.pid, "idle"],
               "a process that goes on without its first thread", file)
        twice = run(TOOL, "-p", f"{target.pid},{target.pid}", "-p", target.pid, "-F", "tsv", "-n",
                    "-m", "target:cold", "-o", "NAME")
        for separator in (",", " ", "\n", "\t"):
            several = run(TOOL, "-p", f"{target.pid}{separator}{os.getpid()}", "-F", "tsv", "-n",
                          "-m", "target:cold", "-o", "NAME")
            tap.ok(several.stdout == "cold\n", f"processes with {separator!r} between them",
                   told(several))
        tap.ok(twice.stdout == "cold\n", "a process that is named twice is looked at once",
               told(twice))
    for options in (["-p", "0"], ["-p", "x"], ["-p", "-1"], ["-p", "1.5"], ["-p", "0x1"],
                    ["-p", "18446744073709551616"], ["-p", "1  2"], ["-p", "1;2"], ["-p", ""], ["-p", "1,"], ["-p", "1", "--root=/"],
                    ["--armed", "/bin/sh"],
                    ["-p", "1", "--all-processes"], ["-p", "1", "--summary", "-F", "long"]):
        result = run(TOOL, *options)
        tap.ok(result.returncode == 2 and not result.stdout and result.stderr,
               f"{' '.join(options)} is wrong usage", told(result))


def check_all(folder):
    with Target(folder / "target") as one, Target(folder / "target") as two:
        churn = subprocess.Popen(["sh", "-c", "while :; do /bin/true; done"])
        try:
            runs = [run(TOOL, "--all-processes", "-nF", "tsv", "-m", "target:*", "-o",
                        "PID,MODULE,NAME,STATE") for _ in range(10)]
        finally:
            churn.kill()
            churn.wait(60)
        mine = [[line for line in each.stdout.splitlines()
                 if line.split("\t")[0] in (str(one.pid), str(two.pid))] for each in runs]
        tap.ok(all(each == mine[0] for each in mine) and len(mine[0]) == 20 and
               [line.split("\t")[0] for line in mine[0]] ==
               [str(pid) for pid in sorted((one.pid, two.pid)) for _ in range(10)],
               "all processes, in one order, while others come and go", mine[0])
        # Somebody else may run a program whose file is damaged, another test one without file.
        said = [line for each in runs for line in each.stderr.splitlines()
                if "permission denied" not in line and not line.endswith("of the notes") and
                ("/usdtinfo-process-" not in line or str(folder) in line)]
        tap.ok(not said and all(each.returncode in (0, 2) for each in runs),
               "whatever ends meanwhile is no trouble", "\n".join(said))


def check_itself(folder):
    """It leaves itself out, also where /proc has other numbers than its own namespace."""
    names = [f"{folder}/usdtinfo"]
    for prefix in ((), ("unshare", "-p", "-f")):
        result = run(*prefix, names[0], "--all-processes", "-J")
        mine = [file["path"] for file in json.loads(result.stdout)["files"]
                if file["path"] in names]
        tap.none(mine, f"itself is left out: {prefix}")


run_cases(
    Case(check_words),
    Case(check_all),
    Case(check_itself, "mounts"),
)
