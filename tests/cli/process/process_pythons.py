# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The Python of a process, judged by what it has loaded."""
import json
import os
import shutil
import sys

from helpers.schema import jsonschema, validator
from helpers.tap import TOOL, run, told
from helpers.target import Target, build, interpreter
from process_cases import NOBODY, Case, run_cases, tap


def python_of(pid, prefix=(), tool=TOOL):
    result = run(*prefix, tool, "python", "-J", "-p", pid)
    return json.loads(result.stdout)["pythons"][0] if result.stdout else told(result)


def build_libpython(folder):
    """A library of that name, whose probes are Python's."""
    library = folder / "libpython3.11.so.1.0"
    if not build(library, "-shared", "-fPIC", "-DLIBRARY", '-DPROVIDER="python"'):
        raise RuntimeError("target.c cannot be built as libpython")
    return library


def check_namespace(folder):
    """A libpython that can be reached in the process's mount namespace alone."""
    library = build_libpython(folder)
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


def check_pythons(folder):
    """The Python of a process is judged by the files that it has loaded."""
    library = build_libpython(folder)
    replaced = " (deleted)"
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


run_cases(
    Case(check_namespace, "mounts", "paths"),
    Case(check_pythons, "mounts", "setpriv"),
    Case(check_environments),
)
