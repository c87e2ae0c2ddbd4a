# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Damaged files through the program itself: every verb, and what is no ELF file.

    damage_verbs.py [STEP]    every STEPth damage

Each file is cut at every length, and has every byte set to 0, 0xff, and with each bit turned;
every word of an object or a zip, and every number in the headers of an archive, is set to 0, 1,
the most that it can be, and the file's size and its neighbours. Where a file is large, its
headers and notes, at its beginning and its end, are what is changed. Every run ends within a second of its own time, in the file's size and 64 MiB of memory (the
libraries' own, by a run of the whole file, apart), with 0, 1 or 2, a message for 2, and JSON
that is whole and as the schema says.
"""
import concurrent.futures
import functools
import json
import math
import multiprocessing
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

from helpers import made_packages as made, schema, standin
from helpers.tap import SANITIZED, SOURCE, TOOL, Tap
from elfmaker import ET_CORE, Form, TEXT, image

FIXTURES = SOURCE / "fixtures"
# Of the processor, which no load adds to: a run takes a tenth of one.
SECONDS = 20 if SANITIZED else 5
MEMORY = 64 << 20
LEAST = 16 if SANITIZED else 40  # runs of each file
ENDS = 0x1200  # of a larger file: bytes at each end that are changed

OBJECTS = ["x86_64/minimal.so", "x86_64/minimal.o", "x86_64/semaphores", "edge/07-executable",
           "edge/08-elf32", "edge/09-big-endian", "edge/09-big-endian-32", "edge/11-relocatable",
           "edge/13-debug-file"]
VERBS = [["-J", "-s", "-a", "--lines", "{}"], ["-F", "long", "{}"], ["-o", "+SITE,OPERANDS", "{}"],
         ["lint", "-J", "--for=all", "{}"], ["check", "-J", "--args=*=int32", "{}"],
         ["script", "perf", "{}"], ["script", "gdb", "{}"], ["--for=ftrace", "{}"],
         ["python", "-J", "./{}"], ["diff", "-J", "{}", "whole"], ["-J", "--libs", "{}"]]


def thin_archive():
    """Two members, one with a long name; what they name is beside the archive or not."""
    names = b"whole/\na-member-of-a-long-name/\n"
    rows = [(b"//", names), (b"/0", None), (b"/7", None)]
    out = b"!<thin>\n"
    for name, data in rows:
        out += b"%-16s%-12d%-6d%-6d%-8o%-10d`\n" % (name, 0, 0, 0, 0o644,
                                                    len(data) if data else 4096)
        out += (data or b"") + b"\n" * (len(data or b"") % 2)
    return out


def separate():
    """What a whole program finds its debug info in, by each way that leads there."""
    folder = FIXTURES / "separate"
    words = ["-J", "-s", "-a", "--lines"]
    identity = json.loads(subprocess.run([TOOL, "-J", folder / "stripped"], capture_output=True,
                                         check=True).stdout)["files"][0]["build_id"]
    by_identity = f"usr/lib/debug/.build-id/{identity[:2]}/{identity[2:]}.debug"
    for name, program, found, target, operand in [
            ("a unit of split debug info", "split", "site.dwo", "site.dwo", ["split"]),
            ("an alternate debug file", "dwz", "dwz.debug", "dwz.debug", ["dwz"]),
            ("a debug file by build ID", "stripped", "stripped.debug", by_identity,
             ["--root=.", "/stripped"]),
            ("a debug file by checksum", "stripped", "stripped.debug", "stripped.debug",
             ["stripped"])]:
        yield Row(name, (folder / found).read_bytes(), [[*words, *operand]], target,
                  {program: (folder / program).read_bytes()}, b'"name": "colour"')
    yield Row("symbols in .gnu_debugdata", (folder / "minidebug").read_bytes(),
              [[*words, "{}"]], shows=b'"name": "scalars"')


class Row:
    """A file to damage, what reads it, what stands beside it, and what shows that it is read."""

    def __init__(self, name, content, commands, target="damaged", beside=None, shows=b""):
        self.name, self.content, self.target, self.shows = name, content, target, shows
        self.commands = [[word.replace("{}", target) for word in words] for words in commands]
        self.beside = beside or {}


def rows():
    yield from (Row(*fields) for fields in files())
    yield from separate()


def files():
    """(name, content, command lines)"""
    for name in OBJECTS:
        yield name, (FIXTURES / name).read_bytes(), VERBS
    form = Form()
    probe = form.probe(TEXT, args="8@%rdi -4@8(%rsp)")
    yield "a core", image(probe, type=ET_CORE).bytes(), VERBS[:4]
    debug = (FIXTURES / "site" / "x86_64-gcc-O2-dwarf5").read_bytes()
    yield "debug info", debug, VERBS[:1] + VERBS[5:6]
    yield "a python", standin.built(11), [["python", "-J", "./{}"], ["python", "-F", "tsv", "./{}"]]
    archive = made.ar({"a/": image(probe).bytes(), "b/": b"no ELF"})
    yield "an archive", archive, [["-J", "{}"], ["lint", "-J", "{}"]]
    yield "a thin archive", thin_archive(), [["-J", "{}"], ["check", "-J", "{}"]]
    yield "a package", made.tar({"a": image(probe).bytes()}), [["-J", "{}"], ["lint", "-J", "{}"]]
    yield "a zip", made.zipped({"a": image(probe).bytes()}), [["-J", "{}"]]
    saved = subprocess.run([TOOL, "-J", FIXTURES / "edge" / "25-arguments"],
                           capture_output=True, check=True).stdout
    yield "a saved listing", saved[:6000], [["-J", "{}"], ["diff", "-J", "{}", "whole"],
                                            ["script", "gdb", "{}"]]
    lines = subprocess.run([TOOL, "-F", "ndjson", FIXTURES / "x86_64" / "minimal.so"],
                           capture_output=True, check=True).stdout
    yield "a saved stream", lines, [["-J", "{}"], ["lint", "-J", "{}"]]
    definitions = b"provider p {\n\tprobe n(char *name, int count : long);\n" \
                  b"\t/* more */ probe m__n(struct a *, uint8_t);\n};\n#pragma D attributes x\n"
    yield "definitions", definitions, [["-J", "-d", "{}", "whole"], ["check", "-J", "-d", "{}",
                                                                     "whole"]]
    requirements = b"require p:*=1\nforbid q:a*  # no\nargs p:n=uint64,int32\nmin-probes=1\n"
    yield "requirements", requirements, [["check", "-J", "--requirements={}", "whole"]]


def places_of(content):
    if len(content) <= 2 * ENDS:
        return range(len(content))
    return [*range(ENDS), *range(len(content) - ENDS, len(content))]


def fields(content, order, aligned):
    """Every word as a size or an offset."""
    for width in (2, 4, 8):
        most = (1 << 8 * width) - 1
        values = {0, 1, most, most >> 1, *(len(content) + n & most for n in (-1, 0, 1))}
        for at in places_of(content):
            if at + width <= len(content) and (not aligned or at % width == 0):
                for value in sorted(values):
                    yield at, value.to_bytes(width, order)


def numbers(content):
    """Those in the headers of ar and tar, which are written out."""
    values = (0, 1, len(content) - 1, len(content), len(content) + 1)
    for match in re.finditer(rb"(?s)(?<=.{58})`\n", content):
        for value in (*values, 10 ** 10 - 1):
            yield match.start() - 10, b"%-10d" % value
            yield match.start() - 58, b"/%-15d" % value
    for match in re.finditer(rb"ustar", content):
        for value in (*values, 8 ** 11 - 1):
            yield match.start() - 257 + 124, b"%011o\0" % value
        yield match.start() - 257 + 124, b"\x80" + b"\xff" * 11


def damages(content):
    """Every damage: where, and what stands there; None: the file ends there."""
    for size in range(len(content)):
        yield size, None
    for at in places_of(content):
        for byte in {0, 0xff, *(content[at] ^ 1 << bit for bit in range(8))} - {content[at]}:
            yield at, bytes([byte])
    if content.startswith(b"\x7fELF"):
        yield from fields(content, "big" if content[5] == 2 else "little", True)
    elif content.startswith(b"PK"):
        yield from fields(content, "little", False)
    else:
        yield from numbers(content)


def damage(content, at, put):
    return content[:at] + (put + content[at + len(put):] if put is not None else b"")


class Judge:
    def __init__(self, folder):
        self.folder = folder
        self.most = 0
        self.judged = set()

    def run(self, words, memory=None):
        """(exit code, output, messages, seconds, kilobytes)"""
        with open(self.folder / "out", "w+b") as out, open(self.folder / "err", "w+b") as err:
            child = subprocess.Popen(
                [TOOL, *words], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU,
                                                      (SECONDS * 4, SECONDS * 4)))
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            err.seek(0)
            return child.returncode, out.read(), err.read(), used.ru_utime + used.ru_stime, \
                used.ru_maxrss

    def fault(self, words, size, base):
        code, out, err, seconds, kilobytes = self.run(words)
        self.most = max(self.most, seconds)
        if code not in (0, 1, 2):
            return f"exit {code}: {err[-300:]}"
        if code == 2 and not err.startswith(b"usdtinfo"):
            return f"exit 2 without a message: {err[:200]}"
        if seconds > SECONDS:
            return f"{seconds:.2f} s"
        if not SANITIZED and kilobytes << 10 > (base << 10) + size + MEMORY:
            return f"{kilobytes} KiB"
        # Most damages change nothing of what is said.
        if "-J" in words and out and out not in self.judged:
            self.judged.add(out)
            return "; ".join(schema.complaints(out)) or None
        return None


def check(judge, row, step):
    """(what is checked, complaints)"""
    # Of what is small, more.
    total = sum(1 for _ in damages(row.content)) * len(row.commands)
    step, turn = max(1, min(step, total // LEAST)), 0
    # In turns, so that each command line has its share.
    while math.gcd(step, len(row.commands)) > 1:
        step -= 1
    target = judge.folder / row.target
    target.parent.mkdir(parents=True, exist_ok=True)
    wrong, count, bases = [], 0, []
    target.write_bytes(row.content)
    target.chmod(0o755)
    for words in row.commands:
        _, out, err, _, kilobytes = judge.run(words)
        bases.append(kilobytes)
        if row.shows not in out:
            wrong.append(f"{' '.join(words)}: the whole file is not read: {err[-300:]}")
    for at, put in damages(row.content):
        for words, base in zip(row.commands, bases):
            turn += 1
            if turn % step:
                continue
            damaged = damage(row.content, at, put)
            target.write_bytes(damaged)
            count += 1
            fault = judge.fault(words, len(damaged), base)
            if fault:
                wrong.append(f"{at:#x}, {put}: {' '.join(words)}: {fault}")
    return f"{row.name}: {count} runs", wrong[:10]


def check_file(step, row):
    """As check(), and the most time of a run."""
    with tempfile.TemporaryDirectory(prefix="usdtinfo-damage.") as folder:
        judge = Judge(pathlib.Path(folder))
        whole = image(Form().probe(TEXT, provider="p", name="n", args="8@%rdi")).bytes()
        for name, content in {"whole": whole, **row.beside}.items():
            (judge.folder / name).write_bytes(content)
        return *check(judge, row, step), judge.most


def main():
    tap = Tap()
    step = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    most = 0
    # Files are many, and of much the same size. Newer Pythons would run this file once more for
    # each worker.
    with concurrent.futures.ProcessPoolExecutor(
            os.cpu_count(), multiprocessing.get_context("fork")) as pool:
        for name, wrong, took in pool.map(functools.partial(check_file, step), rows()):
            tap.none(wrong, name)
            most = max(most, took)
    print(f"# most time {most:.3f} s")
    tap.done()


main()
