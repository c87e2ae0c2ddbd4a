# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""bpftrace: what it lists of each fixture, and the scripts of --for, compiled and run."""
import re
import shlex
import tempfile

from common import (FILES, FIXTURES, TOOL, Tap, differ, each, have, have_tracefs, in_tracefs,
                    names, number, rows, run, version_after)

# Since which version, and how it is told to compile, show the code and attach nothing for long.
COMPILING = (
    ((0, 22), "--dry-run -d codegen"),
    ((0, 0), "-d"),
)
PRINTED = "5 -1 200 1 4660 -9223372036854775808 18446744073709551615 0".split()
RUN = ("x86_64/gcc-O0.exec", "x86_64/gcc-O2.exec", "x86_64/clang-O2.exec", "x86_64/general")


def judge(path, version):
    found = rows("bpftrace", version, path)
    said = run("bpftrace", "-l", f"usdt:{FIXTURES / path}:*").stdout
    prefix = f"usdt:{FIXTURES / path}:"
    seen = {line[len(prefix):] for line in said.splitlines() if line.startswith(prefix)}
    visible = [row for row in found if row.status != "invisible"]
    return differ(path, "listed", names(visible), seen)


def functions(text):
    """The names of the functions in LLVM's text, each with and without the number that keeps
    those of one name apart. Versions differ in that number, and in whether a name keeps what is
    neither letter nor digit."""
    found = re.findall(r'^define i64 @"?(usdt[^"(]*)"?\(', text, re.MULTILINE)
    return {plain(re.sub(number, "", name)) for name in found
            for number in ("$", r"\.\d+$", r"(_loc\d+)?_\d+$")}


def plain(name):
    return re.sub(r"\W", "_", name)


def check_compiled(tap, path, version):
    """What bpftrace says against a script of --for, whose arguments it must all read."""
    options = next(options for since, options in COMPILING if number(version) >= since)
    script = run(TOOL, f"--for=bpftrace={version}", FIXTURES / path).stdout
    probes = [line for line in script.splitlines() if line.startswith("usdt:")]
    if not probes:
        return
    result = in_tracefs(f"bpftrace {options} -e {shlex.quote(script)} 2>&1")
    wanted = {plain(re.match(r'(usdt:\S+?) \{', line)[1]) for line in probes}
    tap.ok(wanted <= functions(result.stdout),
           f"{path}: bpftrace compiles the lines of --for",
           "\n".join(line for line in result.stdout.splitlines() if "ERROR" in line)[:600])


def check_run(tap, path, version):
    with tempfile.NamedTemporaryFile("w", suffix=".bt") as file:
        file.write(run(TOOL, f"--for=bpftrace={version}", "-m", "operands:constants",
                       FIXTURES / path).stdout)
        file.flush()
        result = in_tracefs(f"bpftrace {shlex.quote(file.name)} -c {FIXTURES / path} 2>&1")
    got = [line for line in result.stdout.splitlines() if line.startswith("constants ")]
    if not got and re.search(r"BPF_PROG_LOAD|Operation not permitted|failed to create", result.stdout):
        tap.skip(f"{path} run", "the kernel lets nobody load BPF programs")
        return
    row = next(row for row in rows("bpftrace", version, path) if row.name == "operands:constants")
    wanted = " ".join(["constants"] + [PRINTED[number] for number in sorted(row.read)])
    tap.ok(got and set(got) == {wanted}, f"{path}: bpftrace prints what is passed",
           result.stdout[-800:])


def main():
    tap = Tap()
    version = have("bpftrace") and version_after("", "bpftrace", "--version")
    if not version:
        tap.skip("bpftrace", "no bpftrace")
        tap.done()
    each(tap, FILES, lambda path: judge(path, version))
    if not have_tracefs():
        tap.skip("scripts", "not root, or no tracefs")
        tap.done()
    for path in ("x86_64/exec", "x86_64/semaphores.so", "x86_64/gcc-O2.exec", "x86_64/general",
                 "x86_64/gcc-O2.so", "x86_64/sse", "x86_64/lld"):
        check_compiled(tap, path, version)
    for path in RUN:
        check_run(tap, path, version)
    tap.done()


main()
