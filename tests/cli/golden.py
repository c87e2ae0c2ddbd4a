# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Golden tests: a command goes in; standard output, standard error and exit code come out.

A case is a folder golden/AREA/CASE beside this file:

    cmd      a line for sh, run in the source tree's root; usdtinfo is first in PATH, and
             $T is an empty folder of the case's own
    stdin    what the command reads; nothing when there is no such file
    stdout   what it must write; nothing when there is no such file
    stderr   likewise
    exit     its exit code; 0 when there is no such file
    needs    words, each a feature of the build ("smartcols") or a program that cmd uses
             ("jq"); the case is skipped where one is missing

JSON among the output is held to the schema as well. "golden.py --update [AREA[/CASE]...]"
writes stdout, stderr and exit of the named cases anew: read the difference before you
commit it.
"""
import concurrent.futures
import difflib
import os
import pathlib
import subprocess
import sys
import tempfile

from helpers import schema
from helpers.tap import HANG, SOURCE, TOOL, Tap, have, run

CASES = pathlib.Path(__file__).resolve().parent / "golden"
FILES = {"cmd", "stdin", "stdout", "stderr", "exit", "needs"}
KEPT = ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LD_LIBRARY_PATH")


def all_cases():
    return sorted(path.parent for path in CASES.glob("*/*/cmd"))


def stray():
    """Files that belong to no case: a misspelt name would silently expect nothing."""
    found = [p for p in CASES.glob("*/*") if p.is_dir() and not (p / "cmd").is_file()]
    found += [p for p in CASES.glob("*/*/*") if p.name not in FILES]
    return [p for p in found if "__pycache__" not in p.parts]


def placed():
    """Files that hold the place of this source tree, and would be wrong in any other."""
    return [p for p in CASES.glob("*/*/*") if str(SOURCE).encode() in p.read_bytes()]


def read(case, name):
    path = case / name
    return path.read_bytes() if path.exists() else b""


def expected(case):
    return {"stdout": read(case, "stdout"), "stderr": read(case, "stderr"),
            "exit": read(case, "exit").strip() or b"0"}


def actual(case):
    environment = {key: os.environ[key] for key in KEPT if key in os.environ}
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
        environment.update({
            "PATH": f"{TOOL.parent}:{os.environ.get('PATH', '/usr/bin:/bin')}",
            "HOME": folder, "T": folder, "LC_ALL": "C", "TZ": "UTC", "TERM": "dumb",
        })
        result = subprocess.run(
            ["sh", "-c", read(case, "cmd").decode()], cwd=SOURCE, env=environment,
            input=read(case, "stdin"), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            timeout=HANG, check=False)
    return {"stdout": result.stdout, "stderr": result.stderr,
            "exit": str(result.returncode).encode()}


def features():
    """What this build can do, as --version tells: "smartcols=yes"."""
    words = run(TOOL, "--version").stdout.split()
    return {word.split("=")[0] for word in words if word.endswith("=yes")}


def lacking(case, have_features):
    return [word for word in read(case, "needs").decode().split()
            if word not in have_features and not have(word)]


def compare(want, got):
    found = []
    for name in ("exit", "stdout", "stderr"):
        if want[name] != got[name]:
            lines = difflib.unified_diff(
                want[name].decode(errors="backslashreplace").splitlines(),
                got[name].decode(errors="backslashreplace").splitlines(),
                f"{name}, expected", f"{name}, got", lineterm="", n=2)
            found += list(lines)[:60] or [f"{name} differs in its last newline only"]
    return found


def judge(case):
    try:
        got = actual(case)
    except subprocess.TimeoutExpired:
        return [f"still running after {HANG} seconds"]
    return compare(expected(case), got) + schema.complaints(got["stdout"])


def update(case):
    got = actual(case)
    got["exit"] = b"" if got["exit"] == b"0" else got["exit"] + b"\n"
    for name, content in got.items():
        path = case / name
        if content:
            path.write_bytes(content)
        elif path.exists():
            path.unlink()


def self_test(tap):
    want = {"stdout": b"a\nb\n", "stderr": b"", "exit": b"0"}
    for name, text in (("stdout", b"a\nc\n"), ("stdout", b"a\nb"), ("stderr", b"x\n"),
                       ("exit", b"2")):
        tap.ok(compare(want, {**want, name: text}), f"another {name} is noticed: {text!r}")
    tap.ok(schema.complaints(b'{"format": NaN}\n'), "invalid JSON is noticed")
    if schema.jsonschema is None:
        tap.skip("a fault by the schema is noticed", "no python3-jsonschema")
    else:
        tap.ok(schema.complaints(b'{"format": "usdtinfo"}\n'), "a fault by the schema is noticed")


def chosen(names):
    return [case for case in all_cases()
            if not names or {case.parent.name, f"{case.parent.name}/{case.name}"} & set(names)]


def main():
    arguments = sys.argv[1:]
    if arguments[:1] == ["--update"]:
        for case in chosen(arguments[1:]):
            update(case)
        return
    tap = Tap()
    self_test(tap)
    tap.none(stray(), "every file belongs to a case")
    tap.none(placed(), "no case tells where it was written")
    have_features = features()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        futures = [(case, lacks, None if lacks else pool.submit(judge, case))
                   for case in chosen(arguments)
                   for lacks in [lacking(case, have_features)]]
        for case, lacks, future in futures:
            name = f"{case.parent.name}/{case.name}"
            if lacks:
                tap.skip(name, f"no {', '.join(lacks)}")
                continue
            found = future.result()
            command = "$ " + read(case, "cmd").decode().strip()
            tap.ok(not found, name, "\n".join([command, *found]))
    tap.done()


main()
