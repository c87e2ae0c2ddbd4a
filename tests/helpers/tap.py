# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The Test Anything Protocol, and what the test drivers share."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("USDTINFO_BUILD", SOURCE / "build")).resolve()
# Where programs for another machine are run, the driver of the build puts a word before them.
TOOL = pathlib.Path(os.environ.get("USDTINFO_TOOL", BUILD / "src" / "usdtinfo"))
# The machine that the build is for, where that is another one.
CROSS = os.environ.get("USDTINFO_CROSS", "")
# What programs for another machine are run by; meson tells.
WRAPPER = os.environ.get("MESON_EXE_WRAPPER", "").split()
# Words of "needs", programs or features, that this run goes without.
WITHOUT = os.environ.get("USDTINFO_WITHOUT", "").split()
# Seconds after which a command is taken for one that hangs, on any machine at any load.
HANG = 600
# What a compiler takes sources for when nobody says changes with its version.
C_STANDARD, CXX_STANDARD = "-std=gnu11", "-std=gnu++17"
CC = os.environ.get("USDTINFO_CC", "cc").split()
COMPILER = [*CC, C_STANDARD]
_IS_COMPILER = re.compile(r"([\w-]+-)?(cc|gcc|clang|[cg]\+\+|clang\+\+)(-[\d.]+)?")
# Programs are slow under sanitizers, and most inputs show them nothing new: a share will do.
_OPTIONS = BUILD / "meson-info" / "intro-buildoptions.json"
SANITIZED = _OPTIONS.exists() and any(
    row["name"] == "b_sanitize" and row["value"] != "none"
    for row in json.loads(_OPTIONS.read_text(encoding="utf-8")))


class Tap:
    """Numbers the points and remembers whether one failed."""

    def __init__(self):
        self.count = 0
        self.failures = 0

    def ok(self, good, name, detail=""):
        """One point; DETAIL is shown when it is not GOOD."""
        self.count += 1
        print(f"{'ok' if good else 'not ok'} {self.count} - {self._plain(name)}")
        if not good:
            self.failures += 1
            for line in str(detail).splitlines():
                print(f"# {line}")
        sys.stdout.flush()
        return good

    def none(self, found, name):
        """A point that holds when FOUND, a list of complaints, is empty."""
        return self.ok(not found, name, "\n".join(map(str, found)))

    def skip(self, name, reason):
        self.count += 1
        print(f"ok {self.count} - {self._plain(name)} # SKIP {reason}", flush=True)

    def done(self):
        print(f"1..{self.count}", flush=True)
        sys.exit(1 if self.failures else 0)

    @staticmethod
    def _plain(name):
        return str(name).replace("#", "\\#").replace("\n", " ")


def _names_standard(command):
    """Whether a command that compiles says for which standard of its language."""
    words = [str(word) for word in command if word != "ccache"]
    compiles = (_IS_COMPILER.fullmatch(pathlib.Path(words[0]).name) and
                {"-c", "-o", "-fsyntax-only"} & set(words))
    return not compiles or any(word.startswith("-std=") for word in words)


def run(*command, **options):
    """Run a command, with text captured; the result's .returncode, .stdout, .stderr."""
    if not _names_standard(command):
        raise ValueError(f"without -std=: {' '.join(map(str, command))}")
    options.setdefault("stdin", subprocess.DEVNULL)
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stderr", subprocess.PIPE)
    options.setdefault("errors", "surrogateescape")
    options.setdefault("timeout", HANG)
    return subprocess.run([str(word) for word in command], check=False, **options)


def starts(program):
    """Whether the kernel starts a program. Not every kernel starts those of 32 bits."""
    try:
        run(program)
    except OSError:
        return False
    return True


def wait_for(happened):
    """Wait until HAPPENED() is true, however slow the machine is."""
    end = time.monotonic() + HANG
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError("what was waited for has not happened")
        time.sleep(0.02)


def told(result):
    """What a finished command said, for a failure's detail."""
    return (f"$ {' '.join(result.args)}\nexit {result.returncode}\n"
            f"{result.stdout}{result.stderr}")


def have(program):
    return program not in WITHOUT and shutil.which(program) is not None


def have_terminals():
    """Whether there are pseudo-terminals: a chroot may have no /dev/pts."""
    try:
        for end in os.openpty():
            os.close(end)
    except OSError:
        return False
    return True


def text_files(*folders, root=SOURCE):
    """The source tree's own text files under FOLDERS, in order; [] names the root's files."""
    found = []
    for folder in folders:
        base = root / folder
        found += [base] if base.is_file() else sorted(base.rglob("*"))
    return [p for p in found
            if p.is_file() and "__pycache__" not in p.parts and b"\0" not in p.read_bytes()]
