# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Real processes: what is loaded is listed, and a probe is armed while a consumer is there."""
import faulthandler
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from target import (  # noqa: E402
    Gdb, Target, Uprobe, build, interpreter, listing, mount, unshare_mounts)
from schema import jsonschema, validator  # noqa: E402
from tap import TOOL, Tap, have, run, told  # noqa: E402

ROOT = os.geteuid() == 0
NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
IDLE = ("idle", None)
# What the kernel makes of a nop of ten bytes, and what it leaves afterwards.
LEA_CALL = b"\x48\x8d\x64\x24\x80\xe8\1\2\3\4"
NOP_AGAIN = b"\x66\x2e\x0f\x1f\x84" + LEA_CALL[5:]
tap = Tap()


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


def check_written(folder):
    """Everything that can be written into memory, where nobody runs it."""
    with Target(folder / "target") as target:
        semaphore = target.address("main", "counted", 1)
        target.poke(semaphore, b"\1\0")
        probe = target.probe("counted")
        tap.ok((probe["state"], probe["state_reason"], probe["semaphore_value"],
                probe["runtime_bytes"]) == ("armed", "semaphore", 1, "90"),
               "a count that was left behind: armed by semaphore, the site untouched", probe)
        armed = run(TOOL, "-p", target.pid, "--armed", "-n", "-F", "tsv", "-o", "NAME,STATE")
        tap.ok(armed.stdout == "counted\tarmed\ncoldcounted\tarmed\n" and armed.returncode == 0, "--armed",
               told(armed))
        target.poke(semaphore, b"\0\0")
        tap.ok(target.state("counted") == IDLE, "and idle again")
        none = run(TOOL, "-p", target.pid, "--armed")
        tap.ok(none.returncode == 1 and not none.stdout, "--armed exits with 1 when none is",
               told(none))
        for name, offset, data, reason in [
                ("cold", 0, b"\xcc", "breakpoint"), ("cold", 0, b"\xe9", "patch"),
                ("coldwide", 0, b"\xcc", "breakpoint"), ("coldwide", 1, b"\xcc", "breakpoint"),
                ("coldwide", 1, b"\xe8\1\2\3\4", "call"), ("coldwide", 5, b"\1", "patch"),
                ("coldfive", 0, b"\xcc", "breakpoint"),
                ("coldfive", 0, b"\xe8\1\2\3\4", "call"),
                ("coldten", 0, LEA_CALL, "call"), ("coldlong", 1, LEA_CALL, "call"),
                ("coldten", 0, b"\xcc" + LEA_CALL[1:], "breakpoint"),
                ("coldlong", 1, b"\xcc" + LEA_CALL[1:], "breakpoint"),
                ("coldlong", 1, b"\xcc" + NOP_AGAIN[1:], "breakpoint"),
                ("coldten", 0, b"\xe8\1\2\3\4", "patch"), ("coldlong", 0, LEA_CALL, "patch"),
                ("coldten", 9, b"\1", "patch"), ("coldten", 0, NOP_AGAIN, None),
                ("coldlong", 1, NOP_AGAIN, None), ("coldlong", 0, NOP_AGAIN, "patch")]:
            place = target.address("main", name) + offset
            before = target.poke(place, data)
            state = target.state(name)
            others = [probe["name"] for file in target.files() for probe in file["probes"]
                      if probe["state"] != "idle"]
            target.poke(place, before)
            wanted = ("armed", reason) if reason else IDLE
            tap.ok(state == wanted and others == ([name] if reason else []) and
                   target.state(name) == IDLE,
                   f"{data.hex()} at {name}+{offset}: {reason}", f"{state} {others}")


def offsets(path, name):
    probe, = [probe for probe in listing(path)["files"][0]["probes"] if probe["name"] == name]
    return int(probe["file_offset"], 16), int(probe["semaphore_offset"] or "0", 16)


def check_uprobes(folder):
    tracefs = folder / "tracefs"
    program = folder / "target"
    with Target(program) as target, Target(program) as other:
        for name, extra, wanted in [
                ("counted", 0, [("armed", "semaphore and breakpoint")]),
                ("plain", 0, [("armed", "breakpoint")]),
                ("cold", 0, [("armed", "breakpoint")]),
                ("wide", 1, [("armed", "breakpoint"), ("armed", "call")]),
                ("five", 0, [("armed", "breakpoint"), ("armed", "call")])]:
            offset, counter = offsets(program, name)
            with Uprobe(tracefs, program, offset + extra, counter):
                state = target.waits_for(name, wanted[-1:], seconds=1)
                also = other.state(name)
                neighbours = [probe["name"] for file in target.files()
                              for probe in file["probes"]
                              if probe["state_reason"] not in (None, "semaphore")]
            after = target.state(name)
            tap.ok(state in wanted and also in wanted and neighbours == [name],
                   f"a uprobe at {name}+{extra}: {state[1]}", f"{state} {also} {neighbours}")
            tap.ok(after == IDLE, f"{name} is idle without it", after)


def check_python(folder):
    tracefs = folder / "tracefs"
    program = shutil.which("python3.11", path="/usr/bin")
    if not program or run(TOOL, "-q", "-m", "python:gc__start", program).returncode:
        tap.skip("python3.11 armed at gc__start", "no /usr/bin/python3.11 with probes")
        return
    with interpreter(program) as pid:
        state = lambda: run(TOOL, "-p", pid, "--armed", "-nF", "tsv", "-o",  # noqa: E731
                            "NAME,SEMVALUE,REASON").stdout
        before = state()
        with Uprobe(tracefs, program, *offsets(program, "gc__start")):
            during = state()
        after = state()
    tap.ok((before, during, after) == ("", "gc__start\t1\tsemaphore and breakpoint\n", ""),
           "python3.11 armed at gc__start", f"{before}{during}{after}")


def check_gdb(folder):
    with Target(folder / "target") as target, Target(folder / "target") as other:
        gdb = Gdb(target.pid, "target:counted")
        state = target.waits_for("counted", [("armed", "semaphore and breakpoint")], seconds=40)
        tap.ok(state == ("armed", "semaphore and breakpoint"),
               "a probe breakpoint of gdb's while the program runs", state)
        tap.ok(other.state("counted") == IDLE, "another process of the program is idle")
        summary = run(TOOL, "--all-processes", "--summary", "-F", "tsv", "-n", "-m",
                      "target:counted")
        line = [line.split("\t") for line in summary.stdout.splitlines()
                if f"\t{folder}/target\t" in line]
        tap.ok(line and line[0][3:] == ["2", str(target.pid)],
               "--summary: in two processes, armed in one", told(summary))
        gdb.end()
        state = target.waits_for("counted", [IDLE])
        tap.ok(state == IDLE, "and idle when gdb has gone", state)
    with Target(folder / "target") as target:
        gdb = Gdb(target.pid, "target:coldcounted")
        both = ("armed", "semaphore and breakpoint")
        state = target.waits_for("coldcounted", [both], seconds=40)
        gdb.kill()
        time.sleep(0.2)
        left, shared = target.state("coldcounted"), target.state("counted")
        tap.ok(state == left == both and shared == ("armed", "semaphore") and
               target.process.poll() is None,
               "gdb killed by SIGKILL leaves both behind, and the count at another site",
               f"{state} {left} {shared}")
        target.poke(target.address("main", "coldcounted"), b"\x90")
        left = target.state("coldcounted")
        tap.ok(left == ("armed", "semaphore"), "the count alone", left)


def check_bpftrace(folder):
    with Target(folder / "target") as target, Target(folder / "target") as other:
        spec = f"usdt:{folder}/target:target:counted {{ @ = count(); }}"
        with subprocess.Popen(["bpftrace", "-p", str(target.pid), "-e", spec],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as tracer:
            state = target.waits_for("counted", [("armed", "semaphore and breakpoint")],
                                     seconds=30)
            also = other.state("counted")
            failed = tracer.poll() is not None
            said = end(tracer)
        if failed:
            tap.skip("bpftrace", f"it cannot attach here: {said[-100:]!r}")
            return
        tap.ok(state == ("armed", "semaphore and breakpoint"), "bpftrace arms", state)
        tap.ok(also[0] == "idle" or also == ("armed", "semaphore and breakpoint"),
               "the other process is as the kernel has it", also)
        state = target.waits_for("counted", [IDLE])
        tap.ok(state == IDLE, "and idle when bpftrace has gone", state)


def check_perf(folder):
    """A name of our own, since the kernel has one table of events for everybody."""
    provider = f"perf{os.getpid()}"
    program = folder / provider
    home = {**os.environ, "HOME": str(folder / "home"), "LC_ALL": "C"}
    event = f"sdt_{provider}:counted"
    if not build(program, "-Wl,--build-id", f'-DPROVIDER="{provider}"'):
        tap.ok(False, "a program with a provider of its own")
        return
    run("perf", "buildid-cache", "--add", program, env=home)
    added = run("perf", "probe", event, env=home)
    if added.returncode:
        tap.skip("perf", f"it cannot add an event here: {added.stderr.strip()[-100:]!r}")
        return
    both = ("armed", "semaphore and breakpoint")
    try:
        with Target(program) as target:
            before = target.state("counted", provider)
            with subprocess.Popen(["perf", "record", "-q", "-e", event, "-p", str(target.pid), "-o",
                                   str(folder / "perf.data")], env=home,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE) as tracer:
                state = target.waits_for("counted", [both], module=provider, seconds=30)
                said = end(tracer)
            after = target.waits_for("counted", [IDLE], module=provider)
        tap.ok((before, state, after) == (IDLE, both, IDLE),
               "an event of perf's, while it records", f"{before} {state} {after} {said!r}")
    finally:
        run("perf", "probe", "-q", "-d", event, env=home)


def end(process):
    """End a consumer as a person would, else by force. Return: what it said on stderr"""
    process.send_signal(2)
    try:
        return process.communicate(timeout=20)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate(timeout=60)[1]


def check_words(folder):
    with Target(folder / "target", "thread", "zombie") as target:
        thread, zombie = target.told["thread"][0][0], target.told["zombie"][0][0]
        gone = subprocess.Popen(["true"])
        gone.wait(60)
        kernel = "2" if run("cat", "/proc/2/comm").stdout == "kthreadd\n" else None
        for name, pid, word in [("a thread", thread, f"a thread of process {target.pid}"),
                                ("a zombie", zombie, "a zombie"),
                                ("a kernel thread", kernel, "a kernel thread"),
                                ("a process that has ended", gone.pid, "no such process"),
                                ("a number that never was", "4199999", "no such process"),
                                ("a number that none can have", "9999999999",
                                 "no such process")]:
            if pid is None:
                tap.skip(name, "kthreadd is not seen here")
                continue
            result = run(TOOL, "-p", f"{pid},{target.pid}")
            tap.ok(result.returncode == 2 and result.stderr.count("\n") == 1 and
                   result.stderr.startswith(f"usdtinfo: /proc/{pid}: {word}") and
                   "counted" in result.stdout, name, told(result))
            entry = listing("-p", pid)["files"]
            tap.ok(len(entry) == 1 and entry[0]["state"] == "unreadable" and
                   entry[0]["pid"] == int(pid), f"{name} in JSON", entry)
    with Target(folder / "target", "thread", "leave") as target:
        for _ in range(200):
            if "State:\tZ" in pathlib.Path(f"/proc/{target.pid}/status").read_text("ascii"):
                break
            time.sleep(0.05)
        file = [file for file in target.files() if file["path"].endswith("target")]
        tap.ok([file[0]["command"], file[0]["pid"], file[0]["probes"][0]["state"]] ==
               ["target", target.pid, "idle"],
               "a process that goes on without its first thread", file)
        twice = run(TOOL, "-p", f"{target.pid},{target.pid}", "-p", target.pid, "-F", "tsv", "-n",
                    "-m", "target:cold", "-o", "NAME")
        for separator in (",", " ", "\n", "\t"):
            several = run(TOOL, "-p", f"{target.pid}{separator}{os.getpid()}", "-F", "tsv", "-n",
                          "-m", "target:cold", "-o", "NAME")
            tap.ok(several.stdout == "cold\n", f"processes with {separator!r} between them",
                   told(several))
        tap.ok(twice.stdout == "cold\n", "a process that is named twice is looked at once",
               told(twice))
    for options in (["-p", "0"], ["-p", "x"], ["-p", "-1"], ["-p", "1.5"], ["-p", "0x1"],
                    ["-p", "18446744073709551616"], ["-p", "1  2"], ["-p", "1;2"], ["-p", ""], ["-p", "1,"], ["-p", "1", "--root=/"],
                    ["--armed", "/bin/sh"],
                    ["-p", "1", "--all-processes"], ["-p", "1", "--summary", "-F", "long"]):
        result = run(TOOL, *options)
        tap.ok(result.returncode == 2 and not result.stdout and result.stderr,
               f"{' '.join(options)} is wrong usage", told(result))


def check_replaced(folder):
    library = folder / "libgone.so"
    shutil.copy(folder / "libtarget.so", library)
    with Target(folder / "target", f"lib:{library}") as target:
        library.unlink()
        files = [file for file in target.files() if "libgone.so" in file["path"]]
        if ROOT and os.access(f"/proc/{target.pid}/map_files", os.R_OK):
            tap.ok(len(files) == 1 and files[0]["path"].endswith(" (deleted)") and
                   len(files[0]["probes"]) == 10, "a library that was deleted", files)
        else:
            tap.skip("a library that was deleted", "map_files may not be read")
        shutil.copy(folder / "unread.so", library)
    with Target(folder / "target", f"lib:{library}",
                prefix=NOBODY if ROOT else ()) as target:
        library.unlink()
        shutil.copy(folder / "unread.so", library)
        result = run(*(NOBODY if ROOT else ()), folder / "usdtinfo", "-J", "-p", target.pid)
        files = [file for file in json.loads(result.stdout)["files"]
                 if "libgone.so" in file["path"]]
        tap.ok(result.returncode == 2 and len(files) == 1 and not files[0]["probes"] and
               "another one stands at its path now" in result.stderr and
               "counted" in result.stdout,
               "one that was replaced and cannot be opened: said, not taken for it",
               told(result)[-600:])
        library.unlink()
        result = run(*(NOBODY if ROOT else ()), folder / "usdtinfo", "-p", target.pid)
        tap.ok(result.returncode == 2 and "has no path any more" in result.stderr,
               "one that was deleted and cannot be opened", told(result))
    shutil.copy(folder / "libtarget.so", library)
    orders = (folder / "target", f"lib:{library}")
    prefix = NOBODY if ROOT else ()
    with Target(*orders, prefix=prefix) as one, Target(*orders, prefix=prefix) as two:
        library.unlink()
        result = run(*prefix, folder / "usdtinfo", "-nF", "tsv", "-m", "target:cold", "-o", "PID",
                     "-p", f"{one.pid},{two.pid}")
        tap.ok(result.returncode == 2 and result.stderr.count("\n") == 1 and
               "has no path any more" in result.stderr and
               result.stdout == f"{one.pid}\n{two.pid}\n",
               "what several processes have loaded is complained of once", told(result))


def check_verbs(folder):
    """What the other verbs and formats make of a process: exit codes, and what is said."""
    with Target(folder / "target") as target:
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
                ("nothing wrong", ["lint", "-p", pid], 0, "nothing wrong", ""),
                ("lint of none", ["lint", "-p", gone], 2, "", "no such process"),
                ("script of none", ["script", "gdb", "-p", gone], 2, "", "no such process"),
                ("files", ["-p", pid, "-l"], 0, f"{folder}/target\n", ""),
                ("quiet", ["-p", pid, "-q"], 0, "", ""),
                ("quiet and no match", ["-p", pid, "-q", "-m", "none"], 1, "", ""),
                ("quiet of none", ["-p", gone, "-q"], 2, "", "no such process"),
                ("no match", ["-p", pid, "-m", "none"], 1, "", "no probe in any"),
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


def traced_path(target):
    """Of the line for a tracer, held against what the process runs."""
    result = run(TOOL, "-p", target.pid, "--for=ftrace", "-m", "target:counted")
    found = re.findall(r"^p:\S+ (\S+):0x\w+(?:\(0x\w+\))?$", result.stdout, re.MULTILINE)
    if len(found) != 1 or not os.path.samefile(found[0], f"/proc/{target.pid}/exe"):
        return told(result)
    return found[0]


def check_reach(folder):
    """What is told of a process for a tracer can be given to one as it stands."""
    program = folder / "fleeting"
    shutil.copy(folder / "target", program)
    with Target(program) as target, Target(program) as other:
        result = run(TOOL, "-p", f"{target.pid},{other.pid}", "--for=bpftrace", "-m",
                     "target:counted")
        tap.ok(result.stdout.count("usdt:") == 1, "two processes of a file are one line",
               told(result))
        script = run(TOOL, "script", "bpftrace", "-p", f"{target.pid},{other.pid}", "-m",
                     "target:counted")
        tap.ok(script.stdout.count("usdt:") == 1, "and one stanza of a script", told(script))
        tap.ok(traced_path(target) == str(program), "a path as it is", traced_path(target))
        program.unlink()
        tap.ok(traced_path(target).startswith(f"/proc/{target.pid}/map_files/"),
               "a file without a name", traced_path(target))
    shutil.copy(folder / "target", program)
    with Target(program, prefix=NOBODY) as target:
        program.unlink()
        result = run(*NOBODY, folder / "usdtinfo", "-p", target.pid, "--for=bpftrace", "-m",
                     "target:counted")
        tap.ok("not for bpftrace: no path leads to the file that is loaded." in result.stdout,
               "a file that cannot be named", told(result))


def check_places(folder):
    """Where paths are not what they seem: another mount namespace, a chroot, overlay."""
    hidden = folder / "hidden"
    hidden.mkdir()
    script = ("mount -t tmpfs none $0 && cp $1 $0/inside && exec $0/inside")
    with Target("sh", "-c", script, hidden, folder / "target",
                prefix=("unshare", "-m")) as target:
        tap.ok(not (hidden / "inside").exists() and
               target.state("counted", "hidden/inside") == IDLE,
               "a process in another mount namespace")
        tap.ok(traced_path(target) == f"/proc/{target.pid}/root{hidden}/inside",
               "a path for tracers leads there", traced_path(target))
    jail = folder / "jail"
    jail.mkdir()
    if build(jail / "target", "-static"):
        with Target("/target", prefix=("chroot", jail)) as target:
            tap.ok(target.state("counted", "/target") == IDLE, "a process in a chroot")
            tap.ok(traced_path(target) == f"{jail}/target", "for tracers the path from here",
                   traced_path(target))
        with Target("/target", prefix=("chroot", "--userspec=65534:65534", jail)) as target:
            result = run(*NOBODY, folder / "usdtinfo", "-p", target.pid)
            tap.ok(result.returncode == 0 and "counted" in result.stdout,
                   "a chroot, without capabilities", told(result))
    else:
        tap.skip("a process in a chroot", "the compiler links no static program")
    stack = folder / "stack"
    stack.mkdir()
    if not mount("tmpfs", stack):
        tap.skip("a process on overlay", "no tmpfs")
        return
    for name in ("lower", "upper", "work", "merged"):
        (stack / name).mkdir()
    stack.chmod(0o755)
    shutil.copy(folder / "target", stack / "lower" / "layered")
    if not mount("overlay", stack / "merged", f"lowerdir={stack}/lower,upperdir={stack}/upper,"
                 f"workdir={stack}/work"):
        tap.skip("a process on overlay", "this kernel has no overlay")
        return
    with Target(stack / "merged" / "layered") as target:
        tap.ok(target.state("counted", "layered") == IDLE, "a process on overlay")
    with Target(stack / "merged" / "layered", prefix=NOBODY) as target:
        result = run(*NOBODY, folder / "usdtinfo", "-p", target.pid)
        tap.ok(result.returncode == 0 and "counted" in result.stdout,
               "one on overlay, without capabilities", told(result))


def python_of(pid, prefix=(), tool=TOOL):
    result = run(*prefix, tool, "python", "-J", "-p", pid)
    return json.loads(result.stdout)["pythons"][0] if result.stdout else told(result)


def check_pythons(folder):
    """The Python of a process is judged by the files that it has loaded."""
    library = folder / "libpython3.11.so.1.0"
    replaced = " (deleted)"
    if not build(library, "-shared", "-fPIC", "-DLIBRARY", '-DPROVIDER="python"'):
        tap.ok(False, "a library called libpython")
        return
    inside = folder / "secluded"
    inside.mkdir()
    script = "mount -t tmpfs none $0 && cp $1 $2 $0 && exec $0/target lib:$0/libpython3.11.so.1.0"
    with Target("sh", "-c", script, inside, folder / "target", library,
                prefix=("unshare", "-m")) as target:
        answer = python_of(target.pid)
        tap.ok(answer["verdict"] == "yes" and answer["asked"] == str(target.pid) and
               answer["pid"] == target.pid and
               answer["hops"] == [{"path": f"{inside}/target", "how": "what the process runs"},
                                  {"path": f"{inside}/{library.name}",
                                   "how": "loaded by the process"}] and
               answer["version"] == "3.11.?",
               "a libpython in another mount namespace", answer)
    jail = folder / "cell"
    jail.mkdir()
    if build(jail / "python3.11", "-static", '-DPROVIDER="python"'):
        with Target("/python3.11", prefix=("chroot", jail)) as target:
            answer = python_of(target.pid)
            tap.ok(answer["verdict"] == "yes" and answer["object"].endswith("/python3.11"),
                   "a Python in a chroot", answer)
    else:
        tap.skip("a Python in a chroot", "the compiler links no static program")
    with Target(folder / "target", f"lib:{library}", prefix=NOBODY) as target:
        for name, act in [("deleted", library.unlink),
                          ("replaced", lambda: shutil.copy(folder / "libtarget.so", library))]:
            act()
            if os.access(f"/proc/{target.pid}/map_files", os.R_OK):
                answer = python_of(target.pid)
                tap.ok(answer["verdict"] == "yes" and answer["record"] is None and
                       answer["object"] == f"{library}{replaced}",
                       f"a libpython that was {name}", answer)
            else:
                tap.skip(f"a libpython that was {name}", "map_files may not be read")
            answer = python_of(target.pid, NOBODY, folder / "usdtinfo")
            tap.ok(answer["verdict"] == "unknown" and answer["object"] is None and
                   ("another one stands" if name == "replaced" else "no path any more")
                   in answer["reason"], f"a libpython that was {name} and cannot be opened", answer)
    with Target(folder / "target") as target:
        answer = python_of(target.pid)
        tap.ok(answer["verdict"] == "not-cpython", "a process that is no Python", answer)
        document = json.loads(run(TOOL, "python", "-J", "-p", f"{target.pid},4199999").stdout)
        if jsonschema:
            tap.none([error.message for error in validator().iter_errors(document)],
                     "the answers fit the schema")


def check_environments(folder):
    """In a virtual environment it is the program that the kernel runs that counts."""
    for option in ("--symlinks", "--copies"):
        place = folder / f"venv{option}"
        made = run(sys.executable, "-m", "venv", "--without-pip", option, place)
        if made.returncode:
            tap.skip(f"venv {option}", f"{sys.executable} makes none")
            continue
        program = place / "bin" / "python"
        with interpreter(program) as pid:
            answer = python_of(pid)
            runs = os.readlink(f"/proc/{pid}/exe")
        by_path = json.loads(run(TOOL, "python", "-J", runs).stdout)["pythons"][0]
        tap.ok(answer["path"] == runs and
               all(answer[key] == by_path[key]
                   for key in ("verdict", "reason", "object", "build_id", "version", "markers")),
               f"venv {option}: as its program by path", f"{answer}\n{by_path}")


def check_unprivileged(folder):
    with Target(folder / "target", prefix=NOBODY) as own, Target(folder / "target") as other, \
            Target(folder / "target", "secret", prefix=NOBODY) as secret:
        result = run(*NOBODY, folder / "usdtinfo", "-p", own.pid)
        tap.ok(result.returncode == 0 and not result.stderr and "counted" in result.stdout,
               "one's own process", told(result))
        for name, target, why in (
                ("another's process", other, "it runs as user 0"),
                ("one that hides", secret, "it hides from its own user, or has privileges that "
                 "you have not")):
            result = run(*NOBODY, folder / "usdtinfo", "-p", f"{target.pid},{own.pid}")
            tap.ok(result.returncode == 2 and result.stderr.count("\n") == 1 and
                   f"cannot read its maps: Permission denied ({why})" in result.stderr and
                   "counted" in result.stdout, name, told(result))
        result = run(*NOBODY, folder / "usdtinfo", "--all-processes", "-m", "target:*")
        pids = {line.split()[0] for line in result.stdout.splitlines()[1:]}
        tap.ok(result.returncode == 0 and result.stderr.count("\n") == 1 and
               "permission denied" in result.stderr and str(own.pid) in pids and
               str(other.pid) not in pids, "among all, those of others are counted and said once",
               told(result))
        document = json.loads(run(*NOBODY, folder / "usdtinfo", "--all-processes", "-J").stdout)
        tap.ok([entry["diagnostics"][0]["code"] for entry in document["files"]
                if entry["path"] == "/proc"] == ["processes-denied"], "and in JSON")


def check_privileged(folder):
    """Processes that are more than their user, and a /proc that hides those of others."""
    if os.statvfs(folder).f_flag & os.ST_NOSUID:
        tap.skip("a set-user-ID process", "programs here cannot be set-user-ID")
    else:
        program = folder / "privileged"
        shutil.copy(folder / "target", program)
        program.chmod(0o4755)
        with Target(program, prefix=NOBODY) as target:
            result = run(*NOBODY, folder / "usdtinfo", "-p", target.pid)
            tap.ok(result.returncode == 2 and "(it runs as user 0)" in result.stderr,
                   "a set-user-ID process", told(result))
            tap.ok(target.state("counted", "privileged") == IDLE, "and as root")
    # Before, it was one for all mounts of a namespace's /proc.
    if tuple(map(int, re.match(r"(\d+)\.(\d+)", os.uname().release).groups())) < (5, 8):
        tap.skip("hidepid", "this kernel has it for every /proc, not for one mount")
        return
    with Target(folder / "target") as other, Target(folder / "target", prefix=NOBODY) as own:
        for hide, complaint in (("1", "cannot look at the process: Operation not permitted"),
                                ("2", "no such process")):
            script = f"mount -t proc -o hidepid={hide} none /proc && exec \"$@\""
            result = run("unshare", "-m", "sh", "-c", script, "sh", *NOBODY,
                         folder / "usdtinfo", "-nF", "tsv", "-m", "target:cold", "-o", "PID", "-p",
                         f"{other.pid},{own.pid}")
            tap.ok(result.returncode == 2 and result.stdout == f"{own.pid}\n" and
                   result.stderr == f"usdtinfo: /proc/{other.pid}: {complaint}\n",
                   f"hidepid={hide}", told(result))
            result = run("unshare", "-m", "sh", "-c", script, "sh", *NOBODY,
                         folder / "usdtinfo", "-nF", "tsv", "-m", "target:cold", "-o", "PID",
                         "--all-processes")
            tap.ok(result.returncode == 0 and f"{own.pid}\n" in result.stdout and
                   f"{other.pid}\n" not in result.stdout,
                   f"hidepid={hide}, all processes", told(result))


def check_all(folder):
    with Target(folder / "target") as one, Target(folder / "target") as two:
        churn = subprocess.Popen(["sh", "-c", "while :; do /bin/true; done"])
        try:
            runs = [run(TOOL, "--all-processes", "-nF", "tsv", "-m", "target:*", "-o",
                        "PID,MODULE,NAME,STATE") for _ in range(10)]
        finally:
            churn.kill()
            churn.wait(60)
        mine = [[line for line in each.stdout.splitlines()
                 if line.split("\t")[0] in (str(one.pid), str(two.pid))] for each in runs]
        tap.ok(all(each == mine[0] for each in mine) and len(mine[0]) == 20 and
               [line.split("\t")[0] for line in mine[0]] ==
               [str(pid) for pid in sorted((one.pid, two.pid)) for _ in range(10)],
               "all processes, in one order, while others come and go", mine[0])
        # Somebody else may run a program whose file is damaged.
        said = [line for each in runs for line in each.stderr.splitlines()
                if "permission denied" not in line and not line.endswith("of the notes")]
        tap.ok(not said and all(each.returncode in (0, 2) for each in runs),
               "whatever ends meanwhile is no trouble", "\n".join(said))


def check_itself(folder):
    """It leaves itself out, also where /proc has other numbers than its own namespace."""
    names = [f"{folder}/usdtinfo"]
    for prefix in ((), ("unshare", "-p", "-f")):
        result = run(*prefix, names[0], "--all-processes", "-J")
        mine = [file["path"] for file in json.loads(result.stdout)["files"]
                if file["path"] in names]
        tap.none(mine, f"itself is left out: {prefix}")


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
    if not build(program, "-m32", "-I/usr/include/x86_64-linux-gnu") and \
            not ((shutil.which("gcc-12")) and run(
                "gcc-12", "-m32", "-O1", "-I/usr/include/x86_64-linux-gnu", "-o", program,
                pathlib.Path(__file__).parent / "target.c", "-ldl", "-pthread").returncode == 0):
        tap.skip("a 32-bit process", "the compiler makes none")
        return
    with Target(program) as target:
        probe = target.probe("counted", "target32")
        tap.ok(int(probe["runtime_location"], 16) == target.address("main", "counted") and
               int(probe["runtime_semaphore"], 16) == target.address("main", "counted", 1) and
               probe["state"] == "idle", "a 32-bit process", probe)


def check_each(folder, mounts):
    tracefs = folder / "tracefs"
    traces = mounts and mount("tracefs", tracefs) and \
        os.access(tracefs / "uprobe_events", os.W_OK)
    for holds, reason, check in [
            (True, "", check_listing), (True, "", check_words), (True, "", check_replaced),
            (True, "", check_all), (True, "", check_verbs), (True, "", check_reading_only), (True, "", check_32_bit),
            (ROOT, "not root: memory of others may not be written", check_written),
            (mounts, "no mount namespace of our own", check_places),
            (ROOT and have("setpriv"), "not root, or no setpriv", check_unprivileged),
            (mounts and have("setpriv"), "no mount namespace of our own, or no setpriv",
             check_pythons),
            (True, "", check_environments),
            (mounts and have("setpriv"), "no mount namespace of our own, or no setpriv",
             check_privileged),
            (ROOT and have("setpriv"), "not root, or no setpriv", check_reach),
            (mounts, "no namespaces of our own", check_itself),
            (traces, "no tracefs with uprobe_events to write to", check_uprobes),
            (traces, "no tracefs with uprobe_events to write to", check_python),
            (have("gdb"), "no gdb", check_gdb),
            (traces and have("perf"), "no perf, or no tracefs to write to", check_perf),
            (ROOT and have("bpftrace"), "no bpftrace, or not root", check_bpftrace)]:
        name = check.__name__[6:]
        if not holds:
            tap.skip(name, reason)
            continue
        try:
            check(folder)
        except Exception:  # pylint: disable=broad-except
            tap.ok(False, name, traceback.format_exc())


def main():
    # Something that waits for ever is to be told by where it waits.
    faulthandler.dump_traceback_later(280, exit=True)
    with tempfile.TemporaryDirectory(prefix="usdtinfo-process-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        if not build(folder / "target") or not build(folder / "libtarget.so", "-shared", "-fPIC",
                                                     "-DLIBRARY"):
            tap.skip("processes", "target.c is not for this machine")
            tap.done()
        # Where everybody may run it.
        shutil.copy(TOOL, folder / "usdtinfo")
        mounts = unshare_mounts()
        try:
            check_each(folder, mounts)
        finally:
            if mounts:
                for place in ("tracefs", "stack/merged", "stack"):
                    run("umount", "-l", folder / place)
    tap.done()


main()
