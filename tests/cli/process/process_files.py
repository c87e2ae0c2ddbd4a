# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The very file that is mapped, whatever became of its path."""
import json
import os
import re
import shutil

from helpers.tap import TOOL, run, told
from helpers.target import Target, build, mount
from process_cases import IDLE, NOBODY, ROOT, USER, Case, run_cases, tap


def check_spelled(folder):
    """The kernel writes a newline in a name as the four characters of its code."""
    prefix = NOBODY if ROOT else ()
    for name in ("lib\n.so", "lib\\012.so", "lib\n\\012.so"):
        library = folder / name
        shutil.copy(folder / "libtarget.so", library)
        with Target(folder / "target", f"lib:{library}", prefix=prefix) as target:
            for how, words in (("root", ()), ("its user", prefix)):
                result = run(*words, folder / "usdtinfo", "-J", "-p", target.pid)
                found = [len(file["probes"]) for file in json.loads(result.stdout)["files"]
                         if file["path"] == str(library)]
                tap.ok(result.returncode == 0 and found == [10],
                       f"a library called {name!r}, for {how}", told(result)[-600:])


def check_crowded(folder):
    """Too many open files are said to be that, and not a fault of what is mapped."""
    with Target(folder / "target", f"lib:{folder / 'libtarget.so'}") as target:
        wrong, refused, whole = [], 0, 0
        for room in range(4, 30):
            result = run("prlimit", f"--nofile={room}", TOOL, "-nF", "tsv", "-o", "NAME", "-m",
                         "*:cold", "-p", target.pid)
            lines = [line for line in result.stderr.splitlines() if line.startswith("usdtinfo:")]
            refused += result.returncode == 2 and bool(lines)
            whole += result.returncode == 0 and result.stdout == "cold\ncold\n"
            wrong += [f"{room}: {line}" for line in lines if "Too many open files" not in line]
        tap.none(wrong, "too many open files")
        tap.ok(refused and whole, "some limits are too low, and some are not", f"{refused} {whole}")


def check_replaced(folder):
    library = folder / "libgone.so"
    unread = folder / "unread.so"
    shutil.copy(folder / "libtarget.so", library)
    shutil.copy(folder / "libtarget.so", unread)
    with Target(folder / "target", f"lib:{library}") as target:
        library.unlink()
        files = [file for file in target.files() if "libgone.so" in file["path"]]
        if ROOT and os.access(f"/proc/{target.pid}/map_files", os.R_OK):
            tap.ok(len(files) == 1 and files[0]["path"].endswith(" (deleted)") and
                   len(files[0]["probes"]) == 10, "a library that was deleted", files)
        else:
            tap.skip("a library that was deleted", "map_files may not be read")
        shutil.copy(unread, library)
    with Target(folder / "target", f"lib:{library}",
                prefix=NOBODY if ROOT else ()) as target:
        library.unlink()
        shutil.copy(unread, library)
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
        result = run(*NOBODY, folder / "usdtinfo", "lint", "-p", target.pid, "--for=bpftrace", "-m",
                     "target:counted")
        tap.ok(result.returncode == 0 and "  bpftrace  cannot attach: no path leads to the file "
               "that is loaded\n" in result.stdout, "nor in the matrix", told(result))


def check_namespace(folder):
    """A file that can be reached in the process's mount namespace alone."""
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


def check_places(folder):
    """Where paths are not what they seem: a chroot, overlay."""
    jail = folder / "jail"
    jail.mkdir()
    if build(jail / "target", "-static"):
        with Target("/target", prefix=("chroot", jail)) as target:
            tap.ok(target.state("counted", "/target") == IDLE, "a process in a chroot")
            tap.ok(traced_path(target) == f"{jail}/target", "for tracers the path from here",
                   traced_path(target))
        with Target("/target", prefix=("chroot", f"--userspec={USER}:{USER}", jail)) as target:
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


run_cases(
    Case(check_spelled),
    Case(check_crowded, "prlimit"),
    Case(check_replaced),
    Case(check_reach, "root", "setpriv"),
    Case(check_namespace, "mounts", "paths"),
    Case(check_places, "mounts"),
)
