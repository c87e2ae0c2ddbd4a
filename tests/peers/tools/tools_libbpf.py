# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""libbpf: a program that attaches to each probe of the fixtures, against the matrix."""
import os
import pathlib
import re
import tempfile

from common import C_STANDARD, COMPILER, FILES, FIXTURES, Tap, have, is_root, rows, run

HERE = pathlib.Path(__file__).resolve().parent


def build(folder):
    """Return: the program and the object, or None and why not."""
    multiarch = run(*COMPILER, "-print-multiarch").stdout.strip()
    flags = [C_STANDARD, "-g", "-O2", "-target", "bpf", "-D__TARGET_ARCH_x86"]
    if multiarch:
        flags += ["-idirafter", f"/usr/include/{multiarch}"]
    made = run("clang", *flags, "-c", HERE / "attach.bpf.c", "-o", folder / "attach.bpf.o")
    if made.returncode:
        return None, made.stderr
    made = run(*COMPILER, "-w", HERE / "attach.c", "-o", folder / "attach", "-lbpf")
    return (folder / "attach", None) if not made.returncode else (None, made.stderr)


def version():
    header = pathlib.Path("/usr/include/bpf/libbpf_version.h")
    if not header.exists():
        return None
    return ".".join(re.findall(r"_VERSION (\d+)", header.read_text()))


def judge(program, libbpf, path):
    found = rows("libbpf", libbpf, path)
    # It looks for a name, whose sites must all be sound.
    by_name = {}
    for row in found:
        by_name.setdefault((row.probe["provider"], row.probe["name"]), []).append(row)
    lines = "".join(f"{provider}\t{name}\n" for provider, name in by_name)
    result = run(program, program.with_name("attach.bpf.o"), FIXTURES / path,
                 stdin=None, input=lines)
    if result.returncode == 3:
        return None
    answers = [int(text) for text in result.stdout.split()]
    problems = [] if len(answers) == len(by_name) else [f"{path}: {len(answers)} answers"]
    for same, answer in zip(by_name.values(), answers):
        good = all(row.status in ("usable", "arguments-lost") for row in same)
        # At a wrong place it attaches all the same.
        misplaced = any("correct" in (row.reason or "") or "moves" in (row.reason or "")
                        or (row.probe["base_delta"] != "0x0" and row.probe["semaphore"])
                        for row in same)
        if (answer == 0) != good and not misplaced:
            problems.append(f"{path}: libbpf says {answer and os.strerror(-answer)} of "
                            + "; ".join(map(str, same)))
    return problems


def main():
    tap = Tap()
    libbpf = version()
    if not libbpf or not have("clang") or os.uname().machine != "x86_64":
        tap.skip("libbpf", "no libbpf with headers, no clang, or not x86-64")
        tap.done()
    if not is_root():
        tap.skip("libbpf", "not root")
        tap.done()
    with tempfile.TemporaryDirectory() as folder:
        program, reason = build(pathlib.Path(folder))
        if not tap.ok(program, "the program is built", reason):
            tap.done()
        for path in FILES:
            problems = judge(program, libbpf, path)
            if problems is None:
                tap.skip("libbpf", "the kernel loads no BPF programs")
                break
            tap.none(problems, path)
    tap.done()


main()
