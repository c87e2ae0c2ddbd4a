# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""What the tests that ask tracers share: fixtures, and what lint says a tracer makes of them."""
import json
import os
import re
import subprocess
import sys

from helpers.tap import C_STANDARD, COMPILER, SOURCE, TOOL, Tap, have, run  # noqa: F401

FIXTURES = SOURCE / "fixtures"

# Linked x86-64 files of every kind that tracers treat differently.
FILES = [f"x86_64/{name}" for name in (
    "exec pie static-pie libc minimal.so separate-code high-base semaphores semaphores.so bfd gold "
    "lld mold lld.so mold.so gc-bfd gc-gold gc-lld gc-mold no-base base-moved-up base-moved-down "
    "alloc-notes merged-notes named-notes strip llvm-strip llvm-strip-gnu eu-strip gcc-O0.exec "
    "gcc-O2.exec gcc-O2.so clang-O2.exec clang-O2.so general general-clang sse asm tls duplicates "
    "duplicates-stripped templates templates-O0 intel-gcc").split()]
# Made by hand: good for tools that only read.
EDGE = [f"edge/{name}" for name in (
    "01-no-base 02-base-zero 02-base-section-at-zero 04-base-moved-up 04-base-moved-down "
    "05-no-semaphore 07-executable 12-several-sections 16-allocated 17-libstapsdt "
    "18-foreign-notes 18-other-section 18-alignment-8 19-versions 20-unterminated "
    "21-trailing-bytes 21-trailing-zeros 26-constants 27-floats 28-long-double 29-struct 30-got "
    "32-numbers-x86 33-local-labels 35-symbols 35-symbols-stripped 37-intel 39-no-sizes "
    "40-unknown-operands 41-many-sites 41-thirteen-arguments").split()]


class Row:
    """A probe of a listing, and the verdict of one tool on it."""

    def __init__(self, probe, verdict):
        self.probe = probe
        self.name = f"{probe['provider']}:{probe['name']}"
        self.location = int(probe["location"], 16)
        self.offset = probe["file_offset"] and int(probe["file_offset"], 16)
        self.count = len(probe["arguments"])
        self.status = verdict["status"]
        self.reason = verdict["reason"]
        self.lost = set(verdict["lost"])
        self.read = set(range(self.count)) - self.lost

    def __str__(self):
        return f"{self.name} at {self.location:#x} ({self.probe['arguments_text']}): {self.status}, " \
               f"{self.reason}, lost {sorted(self.lost)}"


def rows(tool, version, path):
    """The rows of a file, in note order."""
    listing = json.loads(run(TOOL, "-J", path, cwd=FIXTURES).stdout)["files"][0]["probes"]
    matrix = json.loads(run(TOOL, "lint", "-J", f"--for={tool}={version}", path,
                            cwd=FIXTURES).stdout)["tools"]
    assert len(listing) == len(matrix), path
    return [Row(probe, row["verdicts"][0]) for probe, row in zip(listing, matrix)]


def version_after(word, *command):
    """The dotted number behind WORD in what a tool says of itself."""
    said = run(*command).stdout + run(*command).stderr
    for text in said.replace("(", " ").replace(",", " ").replace("/", " ").split():
        text = text.removeprefix("v").removeprefix(word)
        if text[:1].isdigit() and "." in text:
            return text.strip("().-+")
    return None


def number(version):
    """A version for comparing: "0.23.2" is (0, 23, 2)."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def names(found):
    return {row.name for row in found}


def differ(path, what, expected, got):
    """[] or one complaint with the two sets' difference."""
    if expected == got:
        return []
    return [f"{path}: {what}: the matrix has {sorted(expected - got)} alone, "
            f"the tool {sorted(got - expected)}"]


def is_root():
    return os.geteuid() == 0


def have_tracefs():
    """Whether a mount namespace of our own may have a tracefs with uprobe_events."""
    if not is_root() or not have("unshare"):
        return False
    return in_tracefs("test -w uprobe_events").returncode == 0


def in_tracefs(script, **options):
    """Run a shell script in the root of a tracefs that nobody else sees mounted."""
    # Where it is mounted already, the kernel refuses to mount it there again.
    prelude = ("cd /sys/kernel/tracing && { test -e uprobe_events || "
               "{ mount -t tracefs none . && cd /sys/kernel/tracing; }; } && ")
    return run("unshare", "-m", "sh", "-c", prelude + "{\n" + script + "\n}", **options)


def each(tap, files, judge):
    for path in files:
        try:
            tap.none(judge(path), path)
        except subprocess.TimeoutExpired as error:
            tap.ok(False, path, error)
