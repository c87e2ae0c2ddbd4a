# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""A probe is armed while a real consumer is there, and idle afterwards."""
import os
import shutil
import subprocess
import time

from helpers.tap import HANG, TOOL, run, told
from helpers.target import Gdb, Target, Uprobe, build, interpreter, listing
from process_cases import IDLE, Case, run_cases, tap


def offsets(path, name):
    probe, = [probe for probe in listing(path)["files"][0]["probes"] if probe["name"] == name]
    return int(probe["file_offset"], 16), int(probe["semaphore_offset"] or "0", 16)


def check_uprobes(folder):
    tracefs = folder / "tracefs"
    program = folder / "target"
    with Target(program) as target, Target(program) as other:
        for name, extra, wanted in [
                ("counted", 0, [("armed", "semaphore and breakpoint")]),
                ("plain", 0, [("armed", "breakpoint")]),
                ("cold", 0, [("armed", "breakpoint")]),
                ("wide", 1, [("armed", "breakpoint"), ("armed", "call")]),
                ("five", 0, [("armed", "breakpoint"), ("armed", "call")])]:
            offset, counter = offsets(program, name)
            with Uprobe(tracefs, program, offset + extra, counter):
                state = target.waits_for(name, wanted[-1:], seconds=1)
                also = other.state(name)
                neighbours = [probe["name"] for file in target.files()
                              for probe in file["probes"]
                              if probe["state_reason"] not in (None, "semaphore")]
            after = target.state(name)
            tap.ok(state in wanted and also in wanted and neighbours == [name],
                   f"a uprobe at {name}+{extra}: {state[1]}", f"{state} {also} {neighbours}")
            tap.ok(after == IDLE, f"{name} is idle without it", after)


def check_python(folder):
    tracefs = folder / "tracefs"
    program = shutil.which("python3.11", path="/usr/bin")
    if not program or run(TOOL, "-q", "-m", "python:gc__start", program).returncode:
        tap.skip("python3.11 armed at gc__start", "no /usr/bin/python3.11 with probes")
        return
    with interpreter(program) as pid:
        state = lambda: run(TOOL, "-p", pid, "--armed", "-nF", "tsv", "-o",  # noqa: E731
                            "NAME,SEMVALUE,REASON").stdout
        before = state()
        with Uprobe(tracefs, program, *offsets(program, "gc__start")):
            during = state()
        after = state()
    tap.ok((before, during, after) == ("", "gc__start\t1\tsemaphore and breakpoint\n", ""),
           "python3.11 armed at gc__start", f"{before}{during}{after}")


def check_gdb(folder):
    with Target(folder / "target") as target, Target(folder / "target") as other:
        gdb = Gdb(target.pid, "target:counted")
        state = target.waits_for("counted", [("armed", "semaphore and breakpoint")],
                                 tracer=gdb.process)
        tap.ok(state == ("armed", "semaphore and breakpoint"),
               "a probe breakpoint of gdb's while the program runs", state)
        tap.ok(other.state("counted") == IDLE, "another process of the program is idle")
        summary = run(TOOL, "--all-processes", "--summary", "-F", "tsv", "-n", "-m",
                      "target:counted")
        line = [line.split("\t") for line in summary.stdout.splitlines()
                if f"\t{folder}/target\t" in line]
        tap.ok(line and line[0][3:] == ["2", str(target.pid)],
               "--summary: in two processes, armed in one", told(summary))
        gdb.end()
        state = target.waits_for("counted", [IDLE])
        tap.ok(state == IDLE, "and idle when gdb has gone", state)
    with Target(folder / "target") as target:
        gdb = Gdb(target.pid, "target:coldcounted")
        both = ("armed", "semaphore and breakpoint")
        state = target.waits_for("coldcounted", [both], tracer=gdb.process)
        gdb.kill()
        time.sleep(0.2)
        left, shared = target.state("coldcounted"), target.state("counted")
        tap.ok(state == left == both and shared == ("armed", "semaphore") and
               target.process.poll() is None,
               "gdb killed by SIGKILL leaves both behind, and the count at another site",
               f"{state} {left} {shared}")
        target.poke(target.address("main", "coldcounted"), b"\x90")
        left = target.state("coldcounted")
        tap.ok(left == ("armed", "semaphore"), "the count alone", left)


def check_bpftrace(folder):
    with Target(folder / "target") as target, Target(folder / "target") as other:
        spec = f"usdt:{folder}/target:target:counted {{ @ = count(); }}"
        with subprocess.Popen(["bpftrace", "-p", str(target.pid), "-e", spec],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as tracer:
            state = target.waits_for("counted", [("armed", "semaphore and breakpoint")],
                                     tracer=tracer)
            also = other.state("counted")
            failed = tracer.poll() is not None
            said = end(tracer)
        if failed:
            tap.skip("bpftrace", f"it cannot attach here: {said[-100:]!r}")
            return
        tap.ok(state == ("armed", "semaphore and breakpoint"), "bpftrace arms", state)
        tap.ok(also[0] == "idle" or also == ("armed", "semaphore and breakpoint"),
               "the other process is as the kernel has it", also)
        state = target.waits_for("counted", [IDLE])
        tap.ok(state == IDLE, "and idle when bpftrace has gone", state)


def check_perf(folder):
    """A name of our own, since the kernel has one table of events for everybody."""
    provider = f"perf{os.getpid()}"
    program = folder / provider
    home = {**os.environ, "HOME": str(folder / "home"), "LC_ALL": "C"}
    event = f"sdt_{provider}:counted"
    if not build(program, "-Wl,--build-id", f'-DPROVIDER="{provider}"'):
        tap.ok(False, "a program with a provider of its own")
        return
    run("perf", "buildid-cache", "--add", program, env=home)
    added = run("perf", "probe", event, env=home)
    if added.returncode:
        tap.skip("perf", f"it cannot add an event here: {added.stderr.strip()[-100:]!r}")
        return
    both = ("armed", "semaphore and breakpoint")
    try:
        with Target(program) as target:
            before = target.state("counted", provider)
            with subprocess.Popen(["perf", "record", "-q", "-e", event, "-p", str(target.pid), "-o",
                                   str(folder / "perf.data")], env=home,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE) as tracer:
                state = target.waits_for("counted", [both], module=provider, tracer=tracer)
                said = end(tracer)
            after = target.waits_for("counted", [IDLE], module=provider)
        tap.ok((before, state, after) == (IDLE, both, IDLE),
               "an event of perf's, while it records", f"{before} {state} {after} {said!r}")
    finally:
        run("perf", "probe", "-q", "-d", event, env=home)


def end(process):
    """End a consumer as a person would, else by force. Return: what it said on stderr"""
    process.send_signal(2)
    try:
        return process.communicate(timeout=HANG)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate(timeout=HANG)[1]


run_cases(
    Case(check_uprobes, "tracefs"),
    Case(check_python, "tracefs"),
    Case(check_gdb, "gdb"),
    Case(check_bpftrace, "root", "bpftrace"),
    Case(check_perf, "tracefs", "perf"),
)
