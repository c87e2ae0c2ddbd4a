# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""usdtinfo.h gives of processes and Pythons all that JSON shows."""
import json
import os
import pathlib
import sys
import tempfile

from helpers.tap import TOOL, WRAPPER, Tap, run, told
from helpers.target import Target, build, interpreter

LIVE = [*WRAPPER, pathlib.Path(sys.argv[1]).resolve()]
MAYBE = {None: "-1", False: "0", True: "1"}


def shown(value):
    return "-" if value is None else str(value)


def process_lines(files):
    reasons = {probe["state_reason"] for file in files for probe in file["probes"]
               if probe["state"] == "unknown"}
    yield "\t".join(["process", files[0]["command"], shown(next(iter(reasons), None)),
                     str(len(files))])
    for file in files:
        if file["state"] == "unreadable":
            yield "\t".join(["object", file["path"], "failed",
                             file["diagnostics"][0]["message"]])
            continue
        yield "\t".join(["object", file["path"], file["state"], file["load_bias"]])
        for probe in file["probes"]:
            value = probe["semaphore_value"]
            yield "\t".join(["probe", probe["name"], probe["state"],
                             shown(probe["state_reason"]), shown(probe["runtime_location"]),
                             shown(probe["runtime_semaphore"]),
                             "-" if value is None else hex(value), probe["runtime_bytes"] or ""])


def python_lines(answer):
    record = answer["record"] or dict.fromkeys(
        ("source", "agrees", "with_dtrace", "config_args"))
    yield "\t".join(["python", answer["verdict"], answer["reason"], shown(answer["hint"]),
                     answer["path"], shown(answer["object"]), shown(answer["build_id"]),
                     shown(answer["version"]), shown(record["source"]), MAYBE[record["agrees"]],
                     MAYBE[record["with_dtrace"]], shown(record["config_args"]),
                     shown(answer["home"]), MAYBE[answer["free_threaded"]],
                     MAYBE[answer["debug"]]])
    for hop in answer["hops"]:
        yield "\t".join(["hop", hop["path"], hop["how"]])
    for found in answer["diagnostics"]:
        yield "\t".join(["diagnostic", found["severity"], found["code"], found["message"]])
    for marker in answer["markers"]:
        arguments = [shown(each[key]) for each in marker["arguments"] or []
                     for key in ("name", "c_type")]
        yield "\t".join(["marker", marker["name"], marker["status"], str(marker["probes"]),
                         shown(marker["raw"]), *arguments, "-", "beyond"])


def agree(tap, name, lines, *words):
    result = run(*LIVE, *words)
    want, have = list(lines), result.stdout.splitlines()
    wrong = [f"JSON    {one}\nlibrary {other}"
             for one, other in zip(want + ["-"], have + ["-"]) if one != other]
    tap.ok(result.returncode == 0 and want and not wrong, name,
           "\n".join(wrong[:3]) or told(result))


def check_process(tap, folder):
    library = folder / "libtarget.so"
    with Target(folder / "target", f"lib:{library}", f"again:{library}",
                f"memory:{library}") as target:
        if os.geteuid() == 0:
            target.poke(target.address("main", "counted", 1), b"\2\1")
            target.poke(target.address("lib", "cold"), b"\xcc")
        files = json.loads(run(TOOL, "-J", "-p", target.pid).stdout)["files"]
        agree(tap, "a process, as JSON has it", process_lines(files), "process", "-", target.pid)
        agree(tap, "below the name of its directory", process_lines(files), "process", "/proc",
              target.pid)
        if os.geteuid() == 0:
            armed = {line.split("\t", 4)[3] for line in run(
                *LIVE, "process", "-", target.pid).stdout.splitlines()
                if line.startswith("probe") and "\tarmed\t" in line}
            tap.ok(armed == {"semaphore", "breakpoint"}, "armed in two ways", armed)
        else:
            tap.skip("armed in two ways", "not root: memory of others may not be written")
    for name, proc, pid, want in [
            ("no such process", "-", 4199999, "failed\t-2\t3\tno such process\n"),
            ("process 0", "-", 0, "failed\t-2\t3\tno such process\n"),
            ("no such directory", folder / "none", 1, "failed\t-2\t3\tno such process\n")]:
        result = run(*LIVE, "process", proc, pid)
        tap.ok(result.stdout == want, name, told(result))
    refused = run(*LIVE, "refusals")
    tap.ok(refused.stdout == "-6 -6 -6\n", "no place for the result", told(refused))


def check_python(tap):
    def answer(*words):
        return json.loads(run(TOOL, "python", "-J", *words).stdout)["pythons"][0]
    program = os.path.realpath(sys.executable)
    for name, asked in [("this Python", program), ("no Python", "/bin/sh"),
                        ("nothing", "/nowhere/python3")]:
        agree(tap, name, python_lines(answer(asked)), "python", asked)
    with tempfile.TemporaryDirectory(prefix="usdtinfo-venv-") as place:
        if run(program, "-m", "venv", "--without-pip", place).returncode == 0:
            asked = f"{place}/bin/python"
            tap.ok(answer(asked)["home"], "a virtual environment has a home")
            agree(tap, "a virtual environment", python_lines(answer(asked)), "python", asked)
        else:
            tap.skip("a virtual environment", "this Python makes none")
    with interpreter(program) as pid:
        agree(tap, "the Python of a process", python_lines(answer("-p", pid)), "python-process",
              "-", pid)
    agree(tap, "that of none", python_lines(answer("-p", 4199999)), "python-process", "/proc",
          4199999)


def main():
    tap = Tap()
    if WRAPPER:
        tap.skip("running processes", "a program of another machine sees its emulator")
        tap.done()
    check_python(tap)
    with tempfile.TemporaryDirectory(prefix="usdtinfo-live-") as name:
        folder = pathlib.Path(name)
        if build(folder / "target") and build(folder / "libtarget.so", "-shared", "-fPIC",
                                              "-DLIBRARY"):
            check_process(tap, folder)
        else:
            tap.skip("processes", "target.c is not for this machine")
    tap.done()


main()
