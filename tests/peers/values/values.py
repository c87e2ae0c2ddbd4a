# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Values: do the operands that usdtinfo shows lead to what the program passes?

The fixtures' sources are built so that each probe also keeps the bytes of what it passes.
gdb runs them and stops at every probe. There each argument of usdtinfo's JSON is evaluated
from registers and memory; it must be what was passed, and what gdb's $_probe_argN says where
gdb can read the argument. What usdtinfo calls unresolvable must be so.

    values.py [PART-OF-A-BUILD'S-NAME...]
"""
import collections
import json
import os
import pathlib
import platform
import sys
import tempfile

from helpers.evaluate import FLOAT_BYTES, number
from helpers.tap import C_STANDARD, CXX_STANDARD, SOURCE, TOOL, Tap, have, run, starts, told

HERE = pathlib.Path(__file__).resolve().parent

FIXTURES = SOURCE / "fixtures" / "src"
FLAGS = ("-ffreestanding -fno-stack-protector -fno-asynchronous-unwind-tables "
         "-fcf-protection=none -g0 -w").split()
# For 32-bit programs, whose own headers may not be here; sys/sdt.h suits all.
SYSTEM = ("/usr/include", "/usr/include/x86_64-linux-gnu")
# What is compiled, besides start.c or main.c.
PROGRAMS = ("everything.c", "templates.cc")
LEVELS = ("-O0", "-O1", "-O2")

# One row a way to build: its flags, whether it has the C library, bytes of a word.
Way = collections.namedtuple("Way", "name flags libc word")
WAYS = (
    Way("exec", "-fno-pic -no-pie -static", False, 8),
    Way("pie", "-fPIE -pie", True, 8),
    Way("registers", "-fno-pic -no-pie -static -DSTAP_SDT_ARG_CONSTRAINT=norx", False, 8),
    Way("exec32", "-m32 -march=i686 -fno-pic -no-pie -static", False, 4),
    Way("pic32", "-m32 -march=i686 -fPIC -no-pie -static", False, 4),
)
COMPILERS = (("gcc", "g++"), ("clang", "clang++"))


def compiler_for(compilers, source):
    return compilers[1] if source.endswith(".cc") else compilers[0]


def build(way, compilers, level, source, folder):
    """Returns (the program, None) or (None, what the compiler said)."""
    flags = [*FLAGS, *way.flags.split(), level, f"-I{FIXTURES}"]
    standards = {".c": C_STANDARD, ".cc": CXX_STANDARD}
    header = f"-I{HERE / 'include'}"
    here = [FIXTURES / source]
    parts = [(here[0], [header]), (HERE / "recording.c", []),
             (FIXTURES / ("main.c" if way.libc else "start.c"), [])]
    system = []
    for place in SYSTEM:
        system += ["-idirafter", place]
    if source.endswith(".cc") and not way.libc:
        # The compiler's own C++ headers are there for its first machine alone.
        system += ["-nostdinc++", "-idirafter", FIXTURES / "include"]
    objects = []
    for part, extra in parts:
        target = folder / f"{part.name}.o"
        result = run(compiler_for(compilers, part.name), standards[part.suffix], *flags, *extra, *system, "-c", part,
                     "-o", target)
        if result.returncode:
            return None, told(result)
        objects.append(target)
    program = folder / "program"
    libraries = [] if way.libc else ["-nostdlib"]
    result = run(compilers[0], C_STANDARD, *flags, *libraries, *objects, "-o", program)
    return (None, told(result)) if result.returncode else (program, None)


def address_of(program, symbol):
    """Of a symbol, or None."""
    for line in run("nm", program).stdout.splitlines():
        fields = line.split()
        if len(fields) == 3 and fields[2] == symbol:
            return int(fields[0], 16)
    return None


def stop_at_probes(way, program, folder):
    """Returns (usdtinfo's probes, the stops, None) or (None, None, what went wrong)."""
    listed = run(TOOL, "-J", program)
    if listed.returncode:
        return None, None, told(listed)
    entry = json.loads(listed.stdout)["files"][0]
    thread = address_of(program, "thread")
    task = {
        "program": str(program), "probes": entry["probes"], "word": way.word,
        "recording": address_of(program, "recording"), "moves": entry["type"] == "dyn",
        # start.c puts the thread pointer in the middle of an array of 64 words.
        "thread": thread + 32 * way.word if thread is not None and way.word == 4 else None,
        "output": str(folder / "stops"),
    }
    (folder / "task").write_text(json.dumps(task))
    result = run("gdb", "-batch", "-nx", "-x", HERE / "values_stops.py", "--args", program, "two",
                 "three", env={**os.environ, "VALUES_TASK": str(folder / "task"), "LC_ALL": "C"})
    if not (folder / "stops").exists():
        return None, None, told(result)
    return entry["probes"], json.loads((folder / "stops").read_text()), None


class Verdict:
    """Complaints of one program, and what was compared."""

    def __init__(self, word):
        self.word = word
        self.wrong, self.gdb_wrong, self.unresolved = [], [], []
        self.figures = collections.Counter()

    def argument(self, title, argument, passed, ours, asked):
        title = f"{title} '{argument['raw']}'"
        if "error" in ours:
            self.figures["unresolvable"] += 1
            if argument["resolvable"]:
                self.unresolved.append(f"{title}: {ours['error']}")
            return
        if not argument["resolvable"]:
            self.unresolved.append(f"{title}: called unresolvable, but has a value")
        size = FLOAT_BYTES.get(argument["type"], argument["size"])
        expected, found = bytes.fromhex(passed)[:size], bytes.fromhex(ours["bytes"])[:size]
        self.figures["equal to what was passed"] += 1
        if found != expected:
            self.wrong.append(f"{title}: {found.hex()}, passed {expected.hex()}")
        if "value" in asked:
            self.figures["equal to gdb's"] += 1
            value = number(argument, found)
            size = argument["size"]
            # gdb reads a constant into a "long" of the target and loses what is above.
            if argument["operand"]["kind"] == "constant":
                size = min(size, self.word)
            bits = (1 << size * 8) - 1
            if (asked["value"] - value) & bits:
                self.gdb_wrong.append(f"{title}: {value}, gdb {asked['value']}")

    def stop(self, probe, stop):
        title = f"{probe['provider']}:{probe['name']}"
        self.figures["stops"] += 1
        if len(stop["passed"]) != len(probe["arguments"]):
            self.wrong.append(f"{title}: {len(stop['passed'])} arguments were passed")
            return
        for row in zip(probe["arguments"], stop["passed"], stop["ours"], stop["gdb"]):
            self.argument(title, *row)


def test_program(tap, title, way, compilers, level, source, total):
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as name:
        folder = pathlib.Path(name)
        program, reason = build(way, compilers, level, source, folder)
        if not program:
            tap.ok(False, f"{title}: builds", reason)
            return
        probes, stops, reason = stop_at_probes(way, program, folder)
    if reason:
        tap.ok(False, f"{title}: runs", reason)
        return
    verdict = Verdict(way.word)
    for stop in stops:
        verdict.stop(probes[stop["probe"]], stop)
    tap.none(verdict.wrong, f"{title}: what is evaluated is what was passed")
    tap.none(verdict.gdb_wrong, f"{title}: gdb says the same")
    tap.none(verdict.unresolved, f"{title}: resolvable is what can be evaluated")
    tap.ok(verdict.figures["stops"] >= 5, f"{title}: probes are passed by", verdict.figures)
    total.update(verdict.figures)


def can_build(way, compilers):
    """Whether this machine has what a way of building needs, and can run the result."""
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as name:
        folder = pathlib.Path(name)
        program, reason = build(way, compilers, "-O0", "minimal.c", folder)
        if not program:
            return False, reason
        return starts(program), f"the kernel starts no programs of {way.word * 8} bits"


def missing():
    if platform.machine() != "x86_64":
        return "the programs are x86-64's"
    if not (have("gdb") and have("nm")):
        return "there is no gdb, or no nm"
    if "13" not in run("gdb", "-batch", "-nx", "-ex", "python print(6 + 7)").stdout:
        return "gdb has no Python"
    return None


def main():
    tap, total = Tap(), collections.Counter()
    reason = missing()
    if reason:
        tap.skip("values", reason)
        tap.done()
    for compilers in COMPILERS:
        for way in WAYS:
            able, reason = (can_build(way, compilers) if have(compilers[0]) else
                            (False, "there is no such compiler"))
            for level in LEVELS:
                for source in PROGRAMS:
                    title = f"{compilers[0]} {level} {way.name} {source}"
                    if sys.argv[1:] and not any(word in title for word in sys.argv[1:]):
                        continue
                    if not able:
                        tap.skip(title, "\n".join(reason.splitlines()[2:3] or [reason]))
                        continue
                    test_program(tap, title, way, compilers, level, source, total)
    print("# " + ", ".join(f"{count} {what}" for what, count in total.items()))
    tap.done()


if __name__ == "__main__":
    main()
