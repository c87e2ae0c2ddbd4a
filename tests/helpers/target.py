# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Programs to be looked at, the kernel's tracing, and what usdtinfo sees of them."""
import contextlib
import ctypes
import json
import os
import pathlib
import subprocess
import sys
import threading
import time

from helpers.tap import C_STANDARD, COMPILER, HANG, SOURCE, TOOL, WRAPPER, run, told

CODE = SOURCE / "tests" / "helpers" / "target.c"
# An emulated program would be seen as the emulator that it is: an emulated usdtinfo looks at
# programs of the machine that it runs on.
NATIVE = ["cc", C_STANDARD] if WRAPPER else COMPILER
CLONE_NEWNS = 0x00020000
MS_REC, MS_PRIVATE = 0x4000, 1 << 18


def build(path, *options, compiler=NATIVE):
    """Whether target.c was compiled to PATH."""
    result = run(*compiler, "-O1", *options, "-o", path, CODE, "-ldl", "-pthread")
    return result.returncode == 0


class Target:
    """A running target: what it told of its probes, and ways to look at it."""

    def __init__(self, program, *orders, prefix=()):
        self.process = subprocess.Popen(
            [*map(str, prefix), str(program), *map(str, orders)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        self.pid = self.process.pid
        self.told = {}
        # A program that neither gets ready nor ends is ended.
        guard = threading.Timer(HANG, self.process.kill)
        guard.start()
        try:
            for line in self.process.stdout:
                words = line.split()
                if words == ["ready"]:
                    return
                self.told.setdefault(words[0], []).append(words[1:])
        finally:
            guard.cancel()
        raise RuntimeError(f"{program} {' '.join(map(str, orders))} was not ready within "
                           f"{HANG} s, or ended: {self.process.wait(HANG)}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        self.process.kill()
        self.process.wait(HANG)
        self.process.stdout.close()

    def address(self, module, probe, which=0):
        """The address of a probe's site (0) or semaphore (1), as the program tells it."""
        for name, *rest in self.told[module]:
            if name == probe:
                return int(rest[which], 16)
        raise KeyError(probe)

    def poke(self, address, data):
        """Write into its memory, as consumers of old and debuggers do."""
        with open(f"/proc/{self.pid}/mem", "r+b", buffering=0) as memory:
            memory.seek(address)
            before = memory.read(len(data))
            memory.seek(address)
            memory.write(data)
        return before

    def files(self, *options):
        return listing("-p", self.pid, *options)["files"]

    def probe(self, name, module="target"):
        """The probe in the only object whose path ends in MODULE."""
        found = [probe for file in self.files() for probe in file["probes"]
                 if file["path"].endswith(module) and probe["name"] == name]
        assert len(found) == 1, f"{len(found)} probes {name} in {module}"
        return found[0]

    def state(self, name, module="target"):
        probe = self.probe(name, module)
        return probe["state"], probe["state_reason"]

    def waits_for(self, name, wanted, module="target", seconds=HANG, tracer=None):
        """The state of a probe, which is to become WANTED before long; not if TRACER, a process
        that is to make it so, has ended."""
        end = time.monotonic() + seconds
        while True:
            state = self.state(name, module)
            if state in wanted or time.monotonic() > end or (tracer and tracer.poll() is not None):
                return state
            time.sleep(0.05)


def listing(*options):
    result = run(TOOL, "-J", *options)
    if not result.stdout:
        raise AssertionError(told(result))
    return json.loads(result.stdout)


def unshare_mounts():
    """Mounts of our own, which nobody else sees. Return: whether we have them"""
    libc = ctypes.CDLL(None, use_errno=True)
    return os.geteuid() == 0 and libc.unshare(CLONE_NEWNS) == 0 and \
        libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None) == 0


def shares_paths():
    """Whether the kernel names the files of a process in another mount namespace as we do: in a
    chroot it names them from the root that the chroot was made in."""
    with subprocess.Popen(["unshare", "-m", "sh", "-c", "echo; read line"], text=True,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as shell:
        started = shell.stdout.readline()
        maps = pathlib.Path(f"/proc/{shell.pid}/maps").read_text(encoding="utf-8")
    paths = [words[5] for line in maps.splitlines() if len(words := line.split(None, 5)) == 6]
    return bool(started) and all(os.path.exists(path) for path in paths if path[0] == "/")


def mount(kind, place, options=""):
    place.mkdir(exist_ok=True)
    return run("mount", "-t", kind, *(["-o", options] if options else []), "none",
               place).returncode == 0


@contextlib.contextmanager
def interpreter(program):
    """A Python that waits while the block lasts; gives its number."""
    script = "import sys; print('ready', flush=True); sys.stdin.read()"
    process = subprocess.Popen([program, "-c", script], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE)
    guard = threading.Timer(HANG, process.kill)
    guard.start()
    try:
        if process.stdout.readline() != b"ready\n":
            raise RuntimeError(f"{program} was not ready within {HANG} s, or ended")
        guard.cancel()
        yield process.pid
    finally:
        guard.cancel()
        process.kill()
        process.stdin.close()
        process.stdout.close()
        process.wait(60)


class Uprobe:
    """A line of uprobe_events, enabled while the block lasts."""

    def __init__(self, tracefs, path, offset, counter=None):
        self.tracefs = tracefs
        self.name = f"usdtinfo{os.getpid()}/x{offset:x}"
        count = f"({counter:#x})" if counter else ""
        self.line = f"p:{self.name} {path}:{offset:#x}{count}"

    def _write(self, name, text, flags=0):
        file = os.open(self.tracefs / name, os.O_WRONLY | flags)
        try:
            os.write(file, text.encode("ascii"))
        finally:
            os.close(file)

    def __enter__(self):
        self._write("uprobe_events", self.line + "\n", os.O_APPEND)
        self._write(f"events/{self.name}/enable", "1")
        return self

    def __exit__(self, *_):
        self._write(f"events/{self.name}/enable", "0")
        self._write("uprobe_events", f"-:{self.name}\n", os.O_APPEND)


class Gdb:
    """gdb with a breakpoint at a probe of a process, which runs on past it."""

    def __init__(self, pid, probe):
        self.process = subprocess.Popen(
            ["gdb", "-q", "-nx", "-p", str(pid)], stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)
        self._say("set confirm off", "set breakpoint pending on",
                  f"break -probe-stap {probe}", "commands", "silent", "continue", "end",
                  "continue")

    def _say(self, *lines):
        self.process.stdin.write("".join(line + "\n" for line in lines))
        self.process.stdin.flush()

    def end(self):
        """As a person does it: interrupt, delete, quit."""
        self.process.send_signal(2)
        time.sleep(0.3)
        self._say("delete", "detach", "quit")
        try:
            self.process.wait(HANG)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self):
        self.process.kill()
        self.process.wait(HANG)
        with contextlib.suppress(OSError):
            self.process.stdin.close()

