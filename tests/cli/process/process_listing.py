# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""What is loaded is listed, in every format, for every verb, and nothing is touched."""
import json
import os
import pathlib
import shutil

from helpers.schema import jsonschema, validator
from helpers.tap import C_STANDARD, TOOL, have, run, starts, told
from helpers.target import Target, build
from process_cases import ROOT, Case, run_cases, tap


def loaded(pid):
    """Paths of the ELF objects with an executable mapping."""
    found = set()
    for line in pathlib.Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
        words = line.split(None, 5)
        if len(words) == 6 and "x" in words[1] and words[5] != "[vsyscall]":
            found.add(words[5])
    return found


def check_listing(folder):
    library = folder / "libtarget.so"
    unread = folder / "unread.so"
    shutil.copy(library, unread)
    with Target(folder / "target", f"lib:{library}", f"again:{library}", f"memory:{library}",
                f"map:{unread}") as target:
        files = target.files()
        tap.ok({file["path"] for file in files} == loaded(target.pid),
               "every loaded object is listed, a file mapped for reading is not",
               f"{[file['path'] for file in files]}\n{loaded(target.pid)}")
        tap.ok(all(file["pid"] == target.pid and file["command"] == "target"
                   for file in files), "process and command of each file")
        twice = [file for file in files if file["path"] == str(library)]
        tap.ok(len(twice) == 2 and twice[0]["load_bias"] != twice[1]["load_bias"],
               "an object that is loaded twice is listed twice")
        memory = [file for file in files if "memfd:libstapsdt:x" in file["path"]]
        tap.ok(len(memory) == 1 and memory[0]["state"] == "ok", "an object in a memfd")
        seen = {(int(probe["runtime_location"], 16),
                 int(probe["runtime_semaphore"] or "0", 16))
                for file in files for probe in file["probes"]}
        for module in ("main", "lib", "again", "memory"):
            counted = (target.address(module, "counted"), target.address(module, "counted", 1))
            cold = (target.address(module, "cold"), 0)
            tap.ok({counted, cold} <= seen, f"addresses are those that {module} tells")
        tap.ok(all(probe["state"] == "idle" and probe["state_reason"] is None
                   for file in files for probe in file["probes"]), "nothing is armed")
        check_formats(target)


def check_formats(target):
    document = run(TOOL, "-J", "-p", target.pid)
    tap.ok(document.returncode == 0 and not document.stderr, "exit code 0, nothing to say",
           told(document))
    if jsonschema:
        schema = validator()
        tap.none([error.message for error in schema.iter_errors(json.loads(document.stdout))],
                 "the listing fits the schema")
        summary = run(TOOL, "-J", "-p", target.pid, "--summary")
        tap.none([error.message for error in schema.iter_errors(json.loads(summary.stdout))],
                 "the summary fits the schema")
        records = [json.loads(line) for line in run(
            TOOL, "-F", "ndjson", "-p", target.pid, "--summary").stdout.splitlines()]
        tap.none([error.message for record in records for error in schema.iter_errors(record)],
                 "its records fit the schema")
        tap.ok([record.pop("record") for record in records[1:]] and
               records[1:] == json.loads(summary.stdout)["names"], "they are its lines", records)
        lines = run(TOOL, "-F", "ndjson", "-p", target.pid).stdout.splitlines()
        tap.none([error.message for line in lines
                  for error in schema.iter_errors(json.loads(line))], "NDJSON fits it, too")
    saved = run(TOOL, "-J", "-", input=document.stdout, stdin=None)
    tap.ok(saved.stdout == document.stdout, "a saved listing reads back the same")
    table = run(TOOL, "-p", target.pid, "-m", "target:cold")
    tap.ok(table.stdout.split("\n")[0].split()[:6] ==
           ["PID", "COMMAND", "MODULE", "PROVIDER", "NAME", "STATE"] and
           table.stdout.split("\n")[1].split()[:6] ==
           [str(target.pid), "target", "target", "target", "cold", "idle"],
           "the table", told(table))
    dtrace = run(TOOL, "-p", target.pid, "-F", "dtrace-list", "-m", "target:c*")
    names = [line.split()[1:] for line in dtrace.stdout.splitlines()]
    tap.ok(names[0] == ["PROVIDER", "MODULE", "FUNCTION", "NAME"] and
           [f"target{target.pid}", "target", "fire", "counted"] in names and
           [f"target{target.pid}", "target", "cold", "cold"] in names,
           "dtrace-list", told(dtrace))
    block = run(TOOL, "-p", target.pid, "-F", "long", "-m", "target:counted")
    tap.ok(f"{target.pid} (target): idle" in block.stdout, "long", told(block))


def check_verbs(folder):
    """What the other verbs and formats make of a process: exit codes, and what is said."""
    with Target(folder / "target") as target, Target(folder / "target") as idle:
        pid = str(target.pid)
        if ROOT:
            target.poke(target.address("main", "counted", 1), b"\3\0")
        gone = "4199999"
        for name, words, code, said, complaint in [
                ("met", ["check", "-p", pid, "--require=target:counted=1"], 0, "", ""),
                ("unmet", ["check", "-p", pid, "--require=target:nothing"], 1,
                 "target:nothing: error: no probe matches", ""),
                ("forbidden", ["check", "-p", pid, "--forbid=target:cold"], 1,
                 f"{folder}/target: target:cold: error", ""),
                ("of none", ["check", "-p", gone], 2, "", "no such process"),
                ("of one and none", ["check", "-p", f"{gone},{pid}"], 2, "", "no such process"),
                ("nothing wrong", ["lint", "-p", pid, "-m", "target:*"], 0, "nothing wrong", ""),
                ("lint of none", ["lint", "-p", gone], 2, "", "no such process"),
                ("script of none", ["script", "gdb", "-p", gone], 2, "", "no such process"),
                ("files", ["-p", pid, "-l"], 0, f"{folder}/target\n", ""),
                ("quiet", ["-p", pid, "-q"], 0, "", ""),
                ("quiet and no match", ["-p", pid, "-q", "-m", "none"], 1, "", ""),
                ("quiet of none", ["-p", gone, "-q"], 2, "", "no such process"),
                ("no match", ["-p", pid, "-m", "none"], 1, "",
                 f"usdtinfo: process {pid}: no probe matches\n"),
                ("no match is armed", ["-p", pid, "--armed", "-m", "none"], 1, "",
                 f"usdtinfo: process {pid}: no probe that matches is armed\n"),
                ("none is armed", ["-p", str(idle.pid), "--armed"], 1, "",
                 f"usdtinfo: process {idle.pid}: no probe is armed\n"),
                ("no match in two", ["-p", f"{pid},{idle.pid}", "-m", "none"], 1, "",
                 f"usdtinfo: processes {pid}, {idle.pid}: no probe matches\n"),
                ("names", ["-p", pid, "-F", "names", "-m", "target:c*d"], 0,
                 "target:cold\ntarget:coldcounted\ntarget:counted\n", "")]:
            result = run(TOOL, *words)
            tap.ok(result.returncode == code and said in result.stdout and
                   (complaint in result.stderr if complaint else not result.stderr) and
                   (said or not result.stdout),
                   f"{words[0] if words[0] != '-p' else 'list'}: {name}", told(result))
        if not ROOT:
            tap.skip("armed in every format", "not root: memory of others may not be written")
            return
        check_armed(target, pid)


def check_armed(target, pid):
    """Two sites count in the semaphore that is 3."""
    names = ["counted", "coldcounted"]
    document = json.loads(run(TOOL, "-p", pid, "--armed", "-J").stdout)
    tap.ok([(probe["name"], probe["semaphore_value"]) for file in document["files"]
            for probe in file["probes"]] == [(name, 3) for name in names], "--armed -J", document)
    lines = [json.loads(line) for line in run(
        TOOL, "-p", pid, "--armed", "-F", "ndjson").stdout.splitlines()]
    tap.ok([line["name"] for line in lines if line["record"] == "probe"] == names and
           lines[-1]["probes"] == 2, "--armed -F ndjson", lines)
    shown = run(TOOL, "-p", pid, "--armed", "-n", "-o", "NAME,STATE,SEMVALUE,REASON,RUNTIMESEM")
    tap.ok([line.split() for line in shown.stdout.splitlines()] ==
           [[name, "armed", "3", "semaphore", hex(target.address("main", "counted", 1))]
            for name in names], "--armed as a table", told(shown))
    for words, want in [
            (["-F", "tsv", "-n"], "".join(f"target\t{name}\t{{}}\t1\t{pid}\n"
                                          for name in sorted(names))),
            (["-n"], "".join(f"target {name:11} {{}} 1 {pid}\n" for name in sorted(names)))]:
        result = run(TOOL, "-p", pid, "--armed", "--summary", *words)
        path = os.readlink(f"/proc/{pid}/exe")
        tap.ok(result.stdout == want.format(path, path), f"--summary {' '.join(words)}",
               told(result))
    summary = json.loads(run(TOOL, "-p", pid, "--armed", "--summary", "-J").stdout)
    tap.ok(summary["kind"] == "processes" and
           [(line["name"], line["processes"], line["armed"]) for line in summary["names"]] ==
           [(name, 1, [int(pid)]) for name in sorted(names)], "--summary -J", summary)
    records = [json.loads(line) for line in run(
        TOOL, "-p", pid, "--armed", "--summary", "-F", "ndjson").stdout.splitlines()]
    tap.ok([record["record"] for record in records] == ["header", "name", "name"] and
           records[1]["armed"] == [int(pid)], "--summary -F ndjson", records)


def check_reading_only(folder):
    if not have("strace"):
        tap.skip("the process is read only", "no strace")
        return
    with Target(folder / "target") as target:
        calls = "ptrace,process_vm_writev,pwrite64,pwritev,kill,tkill,tgkill"
        result = run("strace", "-f", "-qq", "-e", f"trace={calls},openat,open", "-e", "signal=none",
                     TOOL, "-p", target.pid)
        opened = [line for line in result.stderr.splitlines() if '"mem"' in line]
        written = [line for line in result.stderr.splitlines()
                   if (("O_RDWR" in line or "O_WRONLY" in line) and "/tsan." not in line
                       and ".gcda" not in line) or
                   any(f"{call}(" in line for call in calls.split(","))]
        tap.none(written, "nothing is written, attached to or stopped")
        tap.ok(opened and all("O_RDONLY" in line for line in opened), "memory is read",
               result.stderr)


def check_32_bit(folder):
    program = folder / "target32"
    options = ("-m32", "-I/usr/include/x86_64-linux-gnu")
    if not build(program, *options) and \
            not (have("gcc") and build(program, *options, compiler=("gcc", C_STANDARD))):
        tap.skip("a 32-bit process", "the compiler makes none")
        return
    if not starts(program):
        tap.skip("a 32-bit process", "the kernel starts no 32-bit programs")
        return
    with Target(program) as target:
        probe = target.probe("counted", "target32")
        tap.ok(int(probe["runtime_location"], 16) == target.address("main", "counted") and
               int(probe["runtime_semaphore"], 16) == target.address("main", "counted", 1) and
               probe["state"] == "idle", "a 32-bit process", probe)


run_cases(
    Case(check_listing),
    Case(check_verbs),
    Case(check_reading_only),
    Case(check_32_bit),
)
