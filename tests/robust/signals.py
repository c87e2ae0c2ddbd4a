# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""A signal ends the program wherever it is.

    signals.py STUCK.so

Each row has one call of a run never come back (stuck.c): in a library, or in a loop whose
counts a file chooses. The signal is sent when that call was reached, which a pipe tells, and
must end the program. All rows run at once; the limit of time is for hangs.
"""
import lzma
import os
import pathlib
import select
import signal
import subprocess
import sys
import tempfile

import budgets
from helpers import made_packages
from helpers.tap import SOURCE, TOOL, Tap
from elfmaker import Form, image

HANG = 300
FORM = Form()
DEBUG = SOURCE / "fixtures" / "site" / "x86_64-gcc-O2-dwarf5"
PROBES = image(FORM.probe()).bytes()


class Run:
    """A program that does not get on, in a directory of its own."""

    def __init__(self, name, where, words, stuck=None, number=signal.SIGTERM, **options):
        """STUCK: the call that does not come back; else the sign is the first output."""
        self.name, self.number = name, number
        self.sign, theirs = os.pipe()
        environment = dict(os.environ)
        if stuck:
            environment |= {"LD_PRELOAD": os.path.abspath(sys.argv[1]), "STUCK": f"{stuck}:{theirs}"}
        self.process = subprocess.Popen(
            [str(TOOL), *map(str, words)], cwd=where, env=environment,
            stdout=subprocess.DEVNULL if stuck else theirs, stderr=subprocess.DEVNULL,
            pass_fds=[theirs], **options)
        os.close(theirs)

    def is_reached(self):
        """Whether it is where it shall be; not when it ended instead."""
        return bool(select.select([self.sign], [], [], HANG)[0] and os.read(self.sign, 1))

    def end(self):
        try:
            return self.process.wait(timeout=HANG)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return "does not end"
        finally:
            os.close(self.sign)


def put(where, name, content):
    path = where / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def rows(place):
    """(name, directory, words, stuck call[, signal])"""
    tree = place / "tree"
    put(tree, "a", PROBES)
    put(tree, "debug", DEBUG.read_bytes())
    put(tree, "x.tar.xz", lzma.compress(made_packages.tar({"b": PROBES})))
    saved = put(place, "saved.json", subprocess.run([TOOL, "-J", tree / "a"], check=True,
                                                    stdout=subprocess.PIPE).stdout)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        yield (f"libelf, of a tree, {number.name}", tree, ["-r", "."], "malloc:libelf:3", number)
        yield (f"libelf, of a file, {number.name}", tree, ["a"], "malloc:libelf:2", number)
    yield "libdw", tree, ["-r", "-aJ", "."], "malloc:libdw:3"
    yield "libdw, of a file", tree, ["-a", "debug"], "malloc:libdw:3"
    yield "libdw, by the only worker", tree, ["-r", "-j1", "--lines", "."], "malloc:libdw:3"
    yield "libarchive", tree, ["-r", "--packages", "."], "malloc:libarchive:3"
    yield "libarchive, of a file", tree, ["x.tar.xz"], "malloc:libarchive:3"
    yield "libsmartcols", tree, ["-r", "-o", "+PATH", "."], "malloc:libsmartcols:20"
    yield "json-c", tree, ["check", "--require=*", saved], "malloc:libjson-c:9"
    yield "json-c, of a file", tree, [saved], "malloc:libjson-c:9"
    yield "a read of a file", tree, ["lint", "."], "pread:usdtinfo:3"
    yield "a list of paths", tree, ["-r", "--files-from=/dev/zero"], "read:usdtinfo:2"
    yield "a write", tree, ["check", "--require=*", "-J", "."], "write:usdtinfo:1"


def loops(place):
    """The same for loops over two counts of a file, as "rows"."""
    libraries = place / "libraries"
    put(libraries, "p", budgets.program(["lib.so"], ":".join(["/a"] * 1000)))
    yield "directories of a search path", libraries, ["-r", "--libs", "."], "stat:usdtinfo:500"
    put(libraries, "etc/ld.so.conf", b"include d/*a*b\n" * 100)
    for number in range(100):
        put(libraries, f"etc/d/{number}", b"")
    yield ("patterns of ld.so.conf", place, ["-r", "--libs", "--root=libraries", "/"],
           "fnmatch:usdtinfo:500")
    thin = place / "thin"
    put(thin, "x.o", PROBES)
    put(thin, "thin.a", b"!<thin>\n" + budgets.header(b"x.o/", len(PROBES)) * 1000)
    large = place / "large"
    large.mkdir()
    budgets.debug_link(large, PROBES + bytes(32 << 20))
    yield "a checksum", large, ["-r", "-s", "."], "pread:usdtinfo:60"
    yield "a file that an archive names again", thin, ["-r", "."], "stat:usdtinfo:100"


def ignored(tap, place):
    """nohup(1) and shells' background jobs ignore signals before they start a program."""
    def ignore():
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    run = Run("", place, ["-r", "tree"], "malloc:libelf:3", signal.SIGKILL, preexec_fn=ignore)
    run.is_reached()
    status = pathlib.Path(f"/proc/{run.process.pid}/status").read_text(encoding="utf-8")
    run.process.kill()
    run.end()
    masks = dict(line.split(":\t") for line in status.splitlines() if line.startswith("Sig"))
    wanted = 1 << signal.SIGHUP - 1 | 1 << signal.SIGINT - 1
    tap.ok(int(masks["SigIgn"], 16) & wanted == wanted and not int(masks["SigCgt"], 16) & wanted,
           "signals that were ignored stay so", masks)


def unread(place):
    """A tree whose listing nobody reads: the first byte is the sign, and then the pipe fills."""
    wide = place / "wide"
    notes = b"".join(FORM.probe(name=f"n{number}") for number in range(5000))
    put(wide, "a", image(notes).bytes())
    return Run("output that nobody reads", place, ["-r", "-J", "wide"])


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as directory:
        place = pathlib.Path(directory)
        runs = [Run(*row) for row in (*rows(place), *loops(place))] + [unread(place)]
        reached = [run.is_reached() for run in runs]
        for run in runs:
            run.process.send_signal(run.number)
        for run, was_reached in zip(runs, reached):
            code = run.end()
            tap.ok(was_reached and code == -run.number, run.name,
                   f"{'reached' if was_reached else 'not reached'}, exit {code}")
        ignored(tap, place)
    tap.done()


main()
