# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Edge cases: every odd file of fixtures/, held to its row in edge_cases.py.

    edge.py           test
    edge.py NUMBER... test the cases of these numbers
    edge.py --index   write fixtures/edge/README from the rows
"""
import concurrent.futures
import json
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

from helpers import schema
from helpers.tap import HANG, SANITIZED, SOURCE, TOOL, Tap, run
from edge_cases import CASES

FIXTURES = SOURCE / "fixtures"
INDEX = FIXTURES / "edge" / "README"


def argument_text(argument):
    """An argument in a few characters: "int32 [rsi+rdi*8+8]", "uint8 =200", "int32 ?"."""
    operand = argument["operand"]
    kind = operand["kind"]
    text = {"unknown": lambda: "?", "register": lambda: operand["register"],
            "constant": lambda: "=" + operand["value"],
            "memory": lambda: f"[{place_text(operand)}]",
            "address": lambda: f"&{place_text(operand)}"}[kind]()
    if operand.get("address"):
        text += "=" + operand["address"]
    if operand.get("candidates"):
        text += " " + "|".join(operand["candidates"])
    if operand.get("pair"):
        text += " pair"
    named = operand.get("symbol") is not None and operand.get("relocation") not in (
        "GOTPCREL", "GOT")
    if named and not argument["resolvable"]:
        text += " unresolvable"
    return f"{argument['type']} {text}"


def place_text(operand):
    parts = [operand.get("base")]
    if operand.get("index"):
        parts.append(f"{operand['index']}*{operand['scale']}")
    if operand.get("symbol"):
        relocation = operand.get("relocation")
        parts.append(operand["symbol"] + (f"@{relocation}" if relocation else ""))
    text = "+".join(part for part in parts if part)
    added = operand["displacement"]
    if added or not text:
        text += f"{added:+d}" if text else str(added)
    return (operand["segment"] + ":" if operand.get("segment") else "") + text


def look_up(file, path):
    """The value at a dotted path; "p0.a1" stands for "probes.0.arguments.1"."""
    path = re.sub(r"\bp(\d+)", r"probes.\1", path)
    path = re.sub(r"\ba(\d+)", r"arguments.\1", path)
    value = file
    for key in path.split("."):
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def judge_file(case, file):
    found = []

    def hold(what, want, got):
        if want != got:
            found.append(f"{what}: {str(got)[:200]!r}, not {str(want)[:200]!r}")

    hold("state", case.state, file["state"])
    hold("probes", case.probes, len(file["probes"]))
    hold("diagnostics", case.codes, [d["code"] for d in file["diagnostics"]])
    if len(file["probes"]) != case.probes:
        return found
    for path, want in case.facts.items():
        try:
            hold(path, want, look_up(file, path))
        except (KeyError, IndexError, TypeError):
            found.append(f"{path}: there is none, it must be {want!r}")
    for number, want in case.arguments.items():
        got = [argument_text(a) for a in file["probes"][number]["arguments"]]
        hold(f"arguments of probe {number}", want, got)
    return found


def judge_members(case, files):
    got = [(file["path"], file["state"], len(file["probes"]),
            " ".join(d["code"] for d in file["diagnostics"])) for file in files]
    want = [(case.file + name, *rest) for name, *rest in case.members]
    return [] if got == want else [f"members are\n  {got}\nnot\n  {want}"]


def judge(case, folder):
    """All that is wrong with what the program says of a case's file."""
    result = run(TOOL, "-J", case.file, cwd=folder, errors="strict")
    found = []
    if result.returncode != case.exit:
        found.append(f"exit {result.returncode}, not {case.exit}")
    # On success nothing is said; else each line names its file.
    lines = result.stderr.splitlines()
    if case.exit == 0 and lines or case.exit == 2 and not lines:
        found.append(f"standard error: {result.stderr!r}")
    found += [f"standard error: {line!r}" for line in lines
              if not line.startswith(f"usdtinfo: {case.file}")]
    try:
        document = json.loads(result.stdout)
    except ValueError as error:
        return found + [f"{error}: {result.stdout[:200]!r}"]
    if len(result.stdout) < 1 << 20:
        found += schema.complaints(result.stdout.encode())
    files = document["files"]
    if case.members is not None:
        return found + judge_members(case, files)
    if len(files) != 1:
        return found + [f"{len(files)} files"]
    return found + judge_file(case, files[0])


def judge_text(case, folder):
    """The formats for people and awk: all there, and no byte that a terminal obeys."""
    found = []
    formats = ("readelf", "long", "table", "tsv", "names")
    # By turns, since each reads the file as the others do.
    turn = CASES.index(case)
    for format in {formats[turn % 5], formats[(turn + 2) % 5]} if SANITIZED else formats:
        result = subprocess.run([str(TOOL), "-F", format, case.file], cwd=folder,
                                stdin=subprocess.DEVNULL, capture_output=True, timeout=HANG,
                                check=False)
        if result.returncode != case.exit:
            found.append(f"{format}: exit {result.returncode}, not {case.exit}")
        for stream in (result.stdout, result.stderr):
            if re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", stream):
                found.append(f"{format}: control characters in the output")
        if format == "readelf":
            blocks = len(re.findall(rb"^    Provider: ", result.stdout, re.M))
            want = (case.probes if case.members is None
                    else sum(member[2] for member in case.members))
            if blocks != want:
                found.append(f"{blocks} blocks, not {want}")
    return found


# What compares probes, arguments or names with each other; {0} and {1} are two large files.
COMPARING = [
    ('lint', '--for=all', '{0}'),
    ('script', 'gdb', '{0}'),
    ('script', 'perf', '{0}'),
    ('script', 'tapset', '{0}'),
    ('diff', '--strict', '{0}', '{1}'),
    ('check', '--baseline={1}', '--args=*:*=int32', '{0}'),
    ('python', '{0}'),
]
SECONDS = 60  # of the processor: each takes less than one, a few under sanitizers


def limit_time():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def judge_comparison(words, folder):
    result = subprocess.run([str(TOOL), *words], cwd=folder, stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
                            preexec_fn=limit_time)
    return [] if result.returncode in (0, 1, 2) else [f'exit {result.returncode}']


def judge_comparisons(tap, folder):
    """Each large file and the next, one at a time."""
    large = [case.file for case in CASES if case.file.startswith('big/52-')]
    pairs = [*zip(large, large[1:] + large[:1])]
    # All of them are about time.
    for one, other in pairs[:1] if SANITIZED else pairs:
        for command in COMPARING:
            words = [word.format(one, other) for word in command]
            tap.none(judge_comparison(words, folder), ' '.join(words))


def index_text():
    """fixtures/edge/README: number, file, what is expected."""
    lines = ["The edge cases: number, file below fixtures/, what it is about, and what usdtinfo",
             "says of it. Written by tests/cli/edge/edge.py --index; big/ is made when the tests run.",
             ""]
    for case in sorted(CASES, key=lambda c: c.number):
        if case.members is None:
            said = f"{case.state}, probes: {case.probes}"
            said += "".join(f", {code}" for code in case.codes)
        else:
            said = "; ".join(f"{name} {state}, probes: {probes}" + (f", {codes}" if codes else "")
                             for name, state, probes, codes in case.members)
        lines += [f"{case.number:2}  {case.file}", f"        {case.about}",
                  f"        exit {case.exit}; {said}"]
    return "\n".join(lines) + "\n"


def main():
    if sys.argv[1:] == ["--index"]:
        INDEX.write_text(index_text())
        return
    numbers = {int(word) for word in sys.argv[1:]}
    tap = Tap()
    tap.ok(INDEX.read_text() == index_text(), "fixtures/edge/README is what the rows say",
           "run tests/cli/edge/edge.py --index")
    made = run(sys.executable, FIXTURES / "make-damaged", "--check")
    tap.ok(made.returncode == 0, "fixtures/edge is what make-damaged writes", made.stdout)
    listed = {case.file for case in CASES}
    tap.none([p.name for p in sorted(INDEX.parent.iterdir())
              if p != INDEX and f"edge/{p.name}" not in listed], "every file has a row")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for part in FIXTURES.iterdir():
            (folder / part.name).symlink_to(part)
        (folder / "big").mkdir()
        made = run(sys.executable, FIXTURES / "make-damaged", "--big", folder / "big")
        tap.ok(made.returncode == 0, "the big files are made", made.stderr)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            chosen = [c for c in CASES if not numbers or c.number in numbers]
            answers = [(c, pool.submit(judge, c, folder), pool.submit(judge_text, c, folder))
                       for c in chosen]
            for case, data, text in answers:
                label = f"{case.number}: {case.file}: {case.about}"
                tap.none(data.result(), label)
                tap.none(text.result(), label + ", as text")
        if not numbers or 52 in numbers:
            judge_comparisons(tap, folder)
    tap.done()


main()
