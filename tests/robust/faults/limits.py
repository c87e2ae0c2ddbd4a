# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""A host in trouble: full disks, closed pipes, few descriptors, little memory, moving files.

    limits.py [STEP]    every STEPth limit

Each command line is run as it is, then in each trouble. What comes is either what ever came,
or a message and exit code 2; a report is whole or absent, unless writing is what fails.
"""
import contextlib
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import xml.etree.ElementTree as ElementTree

from helpers import made_packages as made, schema, standin
from helpers.tap import HANG, SANITIZED, SOURCE, TOOL, WRAPPER, Tap

FIXTURES = SOURCE / "fixtures"
NAMES, OBJECT = FIXTURES / "edge" / "25-names", FIXTURES / "x86_64" / "gcc-O2.so"
DEBUG, TREE = FIXTURES / "site" / "x86_64-gcc-O2-dwarf5", FIXTURES / "s390x"
ARCHIVE, ARGUMENTS = FIXTURES / "edge" / "50-archive.a", FIXTURES / "edge" / "25-arguments"
COMMANDS = [
    [OBJECT], ["-J", OBJECT, NAMES], ["-F", "ndjson", OBJECT], ["-o", "+PATH", NAMES],
    ["-F", "tsv", NAMES], ["-F", "names", NAMES], ["-F", "dtrace-list", NAMES],
    ["-F", "long", OBJECT], ["-l", NAMES], ["--summary", NAMES], ["--for=gdb", ARGUMENTS],
    ["-J", ARCHIVE], ["-J", "-s", "-a", "--lines", DEBUG], ["-r", "-J", TREE], ["-rj4", TREE],
    ["-F", "readelf", OBJECT, NAMES], ["--for=ftrace", ARGUMENTS], ["-J", "--libs", OBJECT],
    ["-J", "package.tar"], ["-J", "saved.json"], ["-F", "names", "saved.json"],
    ["lint", ARGUMENTS], ["lint", "-J", ARGUMENTS], ["lint", "-F", "tap", ARGUMENTS],
    ["lint", "-F", "junit", ARGUMENTS], ["lint", "-F", "github", ARGUMENTS],
    ["lint", "--list-rules"], ["lint", "--for=all", ARGUMENTS],
    ["check", "--require=none", ARGUMENTS], ["check", "-F", "tap", "--each", TREE],
    ["check", "-J", "--baseline=saved.json", ARGUMENTS], ["diff", OBJECT, NAMES],
    ["diff", "-J", "saved.json", NAMES], ["diff", "-F", "junit", "--strict", OBJECT, TREE],
    *(["script", tool, OBJECT] for tool in ("bpftrace", "dtrace", "gdb", "perf", "stap", "tapset")),
    ["python", "./python3"], ["python", "-J", "./python3"], ["python", "-F", "tsv", "./python3"],
    ["--help"], ["--version"], ["--list-columns"], ["--list-options"],
]


def half(words, out):
    """What of a report is half, or None."""
    if not out:
        return None
    form = "json" if "-J" in words else words[words.index("-F") + 1] if "-F" in words else "text"
    try:
        if form == "json":
            schema.parse(out)
        elif form == "ndjson":
            for line in out.decode().split("\n")[:-1]:
                schema.parse(line)
        elif form == "junit":
            ElementTree.fromstring(out)
        elif form == "tap" and not out.splitlines()[-1].startswith(b"1.."):
            return "no plan"
    except (ValueError, ElementTree.ParseError) as error:
        return f"{form} is cut: {error}"
    return None if out.endswith(b"\n") else "the last line is cut"


class Run:
    def __init__(self, words, folder, before=None, out=subprocess.PIPE, **options):
        options.setdefault("stdin", subprocess.DEVNULL)
        options.setdefault("stderr", subprocess.PIPE)
        with subprocess.Popen([TOOL, *words], cwd=folder, preexec_fn=before, stdout=out,
                              **options) as process:
            self.out, self.err = process.communicate(timeout=HANG)
        self.code = process.returncode

    def same(self, other):
        return (self.out, self.err, self.code) == (other.out, other.err, other.code)

    def fault(self, words, whole):
        """What is wrong with a run under a limit, or None."""
        if self.code < 0:
            return f"signal {signal.Signals(-self.code).name}"
        if self.same(whole):
            return None
        if self.code != 2:
            return f"exit {self.code}, and another result: {self.err[:200]}"
        if not self.err.startswith(b"usdtinfo"):
            return f"no message: {self.err[:200]}"
        return half(words, self.out)


def prepare(folder):
    (folder / "python3").write_bytes(standin.built(11))
    (folder / "python3").chmod(0o755)
    (folder / "package.tar").write_bytes(made.tar({"a": NAMES.read_bytes(),
                                                   "b": OBJECT.read_bytes()}))
    (folder / "saved.json").write_bytes(Run(["-J", NAMES, OBJECT], folder).out)


def text(words):
    return " ".join(pathlib.Path(str(word)).name for word in words)


# ---- writing ----------------------------------------------------------------------------


def to_closed_pipe(words, folder, handling):
    """Its reader is gone before the first byte comes."""
    read, write = os.pipe()
    os.close(read)
    try:
        return Run(words, folder, lambda: signal.signal(signal.SIGPIPE, handling), write)
    finally:
        os.close(write)


def to_full_disk(words, folder):
    with open("/dev/full", "wb") as full:
        return Run(words, folder, None, full)


def to_nothing(words, folder):
    return Run(words, folder, lambda: os.close(1), None)


def check_writing(tap, folder):
    ways = {"a full disk": (to_full_disk, b"No space left"),
            "a closed pipe": (lambda w, f: to_closed_pipe(w, f, signal.SIG_DFL), b"Broken pipe"),
            "a closed pipe, SIGPIPE ignored":
                (lambda w, f: to_closed_pipe(w, f, signal.SIG_IGN), b"Broken pipe"),
            "a closed descriptor": (to_nothing, b"Bad file descriptor")}
    for name, (way, reason) in ways.items():
        wrong = []
        for words in COMMANDS:
            result = way(words, folder)
            if result.code != 2 or reason not in result.err:
                wrong.append(f"{text(words)}: exit {result.code}: {result.err}")
        tap.none(wrong, f"writing to {name}")


def check_messages(tap, folder):
    """Without a standard error the code is the same."""
    wrong = []
    for words in [*COMMANDS, ["none"], ["--none"], ["check", "--require=none", "none"]]:
        code = Run(words, folder).code
        with open("/dev/full", "wb") as full:
            codes = [Run(words, folder, lambda: os.close(2), stderr=None).code,
                     Run(words, folder, lambda: os.close(0), stdin=None).code,
                     Run(words, folder, stderr=full).code]
        if codes != [code] * 3:
            wrong.append(f"{text(words)}: {codes}, not {code}")
    tap.none(wrong, "the exit code without standard error or input")


def check_reports(tap, folder):
    wrong = []
    for form in ("text", "json", "tap", "junit", "github"):
        for verb in (["lint", ARGUMENTS], ["check", "--require=none", NAMES],
                     ["diff", OBJECT, NAMES]):
            for place in ("/dev/full", "none/report", "."):
                result = Run([*verb, f"--report={form}:{place}"], folder)
                if result.code != 2 or place.encode() not in result.err:
                    wrong.append(f"{verb[0]} {form} {place}: {result.code} {result.err}")
            result = Run([*verb, f"--report={form}:short"], folder,
                         lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (16, 16)))
            if result.code != 2 or b"File too large" not in result.err:
                wrong.append(f"{verb[0]} {form} of 16 bytes: {result.code} {result.err}")
    tap.none(wrong, "reports that cannot be written")


# ---- limits -----------------------------------------------------------------------------


def sweep(tap, folder, name, kind, values, told_least=0):
    wrong, told = [], 0
    for words in COMMANDS:
        whole = Run(words, folder)
        for value in values:
            result = Run(words, folder, lambda value=value: resource.setrlimit(kind,
                                                                               (value, value)))
            # The dynamic linker could not even begin.
            if result.code == 127 or b"error while loading shared libraries: libc" in result.err:
                continue
            fault = result.fault(words, whole)
            told += fault is None and not result.same(whole)
            if fault:
                wrong.append(f"{text(words)} with {value}: {fault}")
    tap.none(wrong[:30], f"{name}: {len(COMMANDS)} commands, {told} runs were told to fail")
    if told_least:
        tap.ok(told >= told_least, f"{name}: some are too few", f"{told} runs told of it")


def check_limits(tap, folder, step):
    if WRAPPER:
        tap.skip("limits of descriptors, memory and stack", "an emulator would meet them first")
        return
    sweep(tap, folder, "few descriptors", resource.RLIMIT_NOFILE,
          [*range(4, 7), *range(7, 14, step)], 1)
    if SANITIZED:
        tap.skip("a small stack, little address space", "a sanitizer needs more of both")
        return
    sweep(tap, folder, "a small stack", resource.RLIMIT_STACK,
          [kib << 10 for kib in (64, 128, 256, 1024)][::step])
    sweep(tap, folder, "little address space", resource.RLIMIT_AS,
          [kib << 10 for kib in range(3 << 10, 24 << 10, 256)][::5 * step], 1)


# ---- files that change ------------------------------------------------------------------


@contextlib.contextmanager
def changing(path, contents, in_place):
    """The file is each of CONTENTS in turn, all the while."""
    end = threading.Event()

    def change():
        turn = 0
        while not end.is_set():
            turn += 1
            target = path if in_place else path.with_name("next")
            target.write_bytes(contents[turn % len(contents)])
            if not in_place:
                os.replace(target, path)
    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()


def check_changes(tap, folder, step):
    large = OBJECT.read_bytes()
    contents = [NAMES.read_bytes(), large, b"", large[:len(large) // 2], b"no ELF"]
    commands = [["-J"], ["-J", "-s", "-a", "--lines"], ["lint", "-J"], ["check", "-J"],
                ["python", "-J"], ["-r", "-J"], ["script", "gdb"]]
    for in_place in (False, True):
        wrong = []
        (folder / "moving").mkdir(exist_ok=True)
        path = folder / "moving" / "file"
        path.write_bytes(large)
        with changing(path, contents, in_place):
            for words in commands * (40 // step):
                result = Run([*words, path.parent if "-r" in words else path], folder)
                fault = None
                if result.code not in (0, 1, 2) or \
                        (result.code == 2 and not result.err.startswith(b"usdtinfo")):
                    fault = f"exit {result.code}: {result.err[:200]}"
                else:
                    fault = half(words, result.out)
                wrong += [f"{text(words)}: {fault}"] if fault else []
        tap.none(wrong[:20], "a file that is " + ("written to" if in_place else "replaced"))


def main():
    tap = Tap()
    step = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    with tempfile.TemporaryDirectory(prefix="usdtinfo-limits.") as top:
        folder = pathlib.Path(top)
        prepare(folder)
        check_writing(tap, folder)
        check_messages(tap, folder)
        check_reports(tap, folder)
        check_limits(tap, folder, step)
        check_changes(tap, folder, step)
    tap.done()


main()
