# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""A probe is armed by what stands in memory, whoever wrote it there."""

from helpers.tap import TOOL, run, told
from helpers.target import Target
from process_cases import IDLE, Case, run_cases, tap

# What the kernel makes of a nop of ten bytes, and what it leaves afterwards.
LEA_CALL = b"\x48\x8d\x64\x24\x80\xe8\1\2\3\4"
NOP_AGAIN = b"\x66\x2e\x0f\x1f\x84" + LEA_CALL[5:]


def check_written(folder):
    """Everything that can be written into memory, where nobody runs it."""
    with Target(folder / "target") as target:
        semaphore = target.address("main", "counted", 1)
        target.poke(semaphore, b"\1\0")
        probe = target.probe("counted")
        tap.ok((probe["state"], probe["state_reason"], probe["semaphore_value"],
                probe["runtime_bytes"]) == ("armed", "semaphore", 1, "90"),
               "a count that was left behind: armed by semaphore, the site untouched", probe)
        armed = run(TOOL, "-p", target.pid, "--armed", "-n", "-F", "tsv", "-o", "NAME,STATE")
        tap.ok(armed.stdout == "counted\tarmed\ncoldcounted\tarmed\n" and armed.returncode == 0, "--armed",
               told(armed))
        target.poke(semaphore, b"\0\0")
        tap.ok(target.state("counted") == IDLE, "and idle again")
        none = run(TOOL, "-p", target.pid, "--armed")
        tap.ok(none.returncode == 1 and not none.stdout, "--armed exits with 1 when none is",
               told(none))
        for name, offset, data, reason in [
                ("cold", 0, b"\xcc", "breakpoint"), ("cold", 0, b"\xe9", "patch"),
                ("coldwide", 0, b"\xcc", "breakpoint"), ("coldwide", 1, b"\xcc", "breakpoint"),
                ("coldwide", 1, b"\xe8\1\2\3\4", "call"), ("coldwide", 5, b"\1", "patch"),
                ("coldfive", 0, b"\xcc", "breakpoint"),
                ("coldfive", 0, b"\xe8\1\2\3\4", "call"),
                ("coldten", 0, LEA_CALL, "call"), ("coldlong", 1, LEA_CALL, "call"),
                ("coldten", 0, b"\xcc" + LEA_CALL[1:], "breakpoint"),
                ("coldlong", 1, b"\xcc" + LEA_CALL[1:], "breakpoint"),
                ("coldlong", 1, b"\xcc" + NOP_AGAIN[1:], "breakpoint"),
                ("coldten", 0, b"\xe8\1\2\3\4", "patch"), ("coldlong", 0, LEA_CALL, "patch"),
                ("coldten", 9, b"\1", "patch"), ("coldten", 0, NOP_AGAIN, None),
                ("coldlong", 1, NOP_AGAIN, None), ("coldlong", 0, NOP_AGAIN, "patch")]:
            place = target.address("main", name) + offset
            before = target.poke(place, data)
            state = target.state(name)
            others = [probe["name"] for file in target.files() for probe in file["probes"]
                      if probe["state"] != "idle"]
            target.poke(place, before)
            wanted = ("armed", reason) if reason else IDLE
            tap.ok(state == wanted and others == ([name] if reason else []) and
                   target.state(name) == IDLE,
                   f"{data.hex()} at {name}+{offset}: {reason}", f"{state} {others}")


run_cases(
    Case(check_written, "root"),
)
