# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""That --root is not left, wherever a file names another.

Each row puts files into a root that lead to a file by a path of this host. It is read twice.
Outside: what is led to is on this host alone; nothing of it may be known. Inside: it is in
the root alone, where it has to be found, and on this host a FIFO has its name, which hangs
whoever opens it. In both runs strace looks that nothing outside is opened or asked for.
"""
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import tempfile

from helpers import made_packages as made, standin
from helpers.apart import other_half, skeleton, supplemented, supplementary
from helpers.tap import SOURCE, TOOL, Tap, have, run, told
from elfmaker import Form, image

FIXTURES = SOURCE / "fixtures" / "separate"
LIBRARY = "libpython3.11.so.1.0"
UP = "../" * 30


def write(path, content):
    """CONTENT: bytes, text, the target of a link in a tuple, or None for a FIFO."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if content is None:
        os.mkfifo(path)
    elif isinstance(content, tuple):
        path.symlink_to(*content)
    else:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(0o755)


def inside(root, path):
    return pathlib.Path(f"{root}{path}")


def ways(path):
    """How a link leads there, or a name that may have slashes."""
    return {"absolute": str(path), "up": UP + str(path)[1:]}


def links(path):
    return {f"a link, {name}": (target,) for name, target in ways(path).items()}


class World:
    """A root and what is outside of it."""

    def __init__(self, top, is_inside):
        self.is_inside = is_inside
        self.root, self.out = top / "root", top / "out"
        for folder in (self.root, self.out):
            folder.mkdir(parents=True)

    def canary(self, path, content):
        """What is led to by PATH."""
        write(inside(self.root, path) if self.is_inside else path, content)
        if self.is_inside:
            write(path, None)

    def put(self, path, content):
        write(inside(self.root, path), content)

    def list(self, *arguments, root=None):
        """(what it says, what it opened or asked for outside)"""
        command = [TOOL, *arguments, f"--root={root or self.root}"]
        calls = self.root.parent / "calls"
        traced = have("strace")
        environment = dict(os.environ)
        if traced:
            # What looks for leaks would trace the program, too, which one alone can.
            environment["ASAN_OPTIONS"] = f"{os.environ.get('ASAN_OPTIONS', '')}:detect_leaks=0"
            command[:0] = ["strace", "-f", "--seccomp-bpf", "-y", "-o", calls, "-e", "trace=%file"]
        done = run("timeout", "60", *command, cwd=self.root, env=environment)
        return done, self.strays(calls.read_text(errors="replace")) if traced else []

    def strays(self, calls):
        out = re.escape(str(self.out))
        stray = re.compile(rf'= \d+<{out}|\(AT_FDCWD[^,]*, "{out}|\w+\("{out}|\.dwp"')
        return [call for call in calls.splitlines() if stray.search(call) and "execve(" not in call]


# ---- debug files, for an object wherever it is ----

def linked():
    """A program that its debug link alone leads to a debug file."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(FIXTURES / "stripped.debug", f"{folder}/a.debug")
        run("objcopy", "--remove-section=.note.gnu.build-id", "--add-gnu-debuglink=a.debug",
            FIXTURES / "stripped", f"{folder}/linked", cwd=folder)
        return pathlib.Path(folder, "linked").read_bytes()


HOLDERS = {
    "a file": lambda content: content,
    "a member of an archive": lambda content: made.ar({"m.o": content}),
    "a member of a tar file": lambda content: made.tar({"usr/bin/m": content}),
    "a member of a .deb": lambda content: made.deb({"./usr/bin/m": content}),
    "a member of an archive in a tar file": lambda content: made.tar(
        {"usr/lib/m.a": made.ar({"m.o": content})}),
    "a member of a package in a package": lambda content: made.tar(
        {"m.tar": made.tar({"m": content})}),
}


def debug_rows(world, program):
    """(name, path of the file with the object, the object): what it leads to is put there."""
    debug = (FIXTURES / "stripped.debug").read_bytes()
    # The host has this file beside the path that the object has inside.
    path = world.out / "beside" / "object"
    world.canary(path.parent / "a.debug", debug)
    yield "a debug link, beside", path, program
    path = world.out / "below" / "object"
    world.canary(path.parent / ".debug" / "a.debug", debug)
    yield "a debug link, in .debug", path, program
    for name, link in links(world.out / "linked.debug").items():
        path = pathlib.Path("/link", name, "object")
        world.put(path.parent / "a.debug", link)
        yield f"a debug link, {name}", path, program
    world.canary(world.out / "linked.debug", debug)

    half = other_half()
    for name, target in ways(world.out / "named.dwo").items():
        yield f"a .dwo file, {name}", pathlib.Path("/named", name, "object"), skeleton(target)
    world.canary(world.out / "named.dwo", half)
    yield ("a .dwo file, by the compiler's directory", pathlib.Path("/compiled/object"),
           skeleton("half.dwo", world.out / "compiled"))
    world.canary(world.out / "compiled" / "half.dwo", half)
    path = world.out / "half" / "object"
    world.canary(path.parent / "half.dwo", half)
    yield "a .dwo file, beside", path, skeleton("half.dwo")
    for name, link in links(world.out / "linked.dwo").items():
        path = pathlib.Path("/half", name, "object")
        world.put(path.parent / "half.dwo", link)
        yield f"a .dwo file, {name}", path, skeleton("half.dwo")
    world.canary(world.out / "linked.dwo", half)

    shared = supplementary()
    for name, target in ways(world.out / "named.shared").items():
        yield (f"a supplementary file, {name}", pathlib.Path("/shared", name, "object"),
               supplemented(target))
    world.canary(world.out / "named.shared", shared)
    path = world.out / "shared" / "object"
    world.canary(path.parent / "shared", shared)
    yield "a supplementary file, beside", path, supplemented("shared")
    for name, link in links(world.out / "linked.shared").items():
        path = pathlib.Path("/shared", name, "object")
        world.put(path.parent / "shared", link)
        yield f"a supplementary file, {name}", path, supplemented("shared")
    world.canary(world.out / "linked.shared", shared)

    # By build-id, in a directory that a link leads to.
    stripped = (FIXTURES / "stripped").read_bytes()
    build_id = re.search(rb"GNU\0(.{20})", stripped, re.DOTALL)[1].hex()
    world.put("/usr/lib/debug/.build-id", (str(world.out / "ids"),))
    world.canary(world.out / "ids" / build_id[:2] / f"{build_id[2:]}.debug", debug)
    yield "a debug file by build-id", pathlib.Path("/id/object"), stripped


def is_known(found):
    """Whether anything of an object's debug info is."""
    arguments = [argument for probe in found["probes"] for argument in probe["arguments"]]
    names = [argument.get("c_type") for argument in arguments]
    sources = [probe.get("source") for probe in found["probes"]]
    return any(names) or any(source and source[0]["file"].startswith("src/") for source in sources)


@contextlib.contextmanager
def root_of_process(path):
    """A link of /proc: what its text says, which may be "/", is somewhere else."""
    asked, answer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.chroot(path)
            os.write(answer, b"y")
        except OSError:
            os.write(answer, b"n")
        signal.pause()
    may = os.read(asked, 1) == b"y"
    yield f"/proc/{pid}/root" if may else "/proc/self/cwd"
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(asked)
    os.close(answer)


def debug_cases(tap, top, program):
    for is_inside in (False, True):
        world = World(top / f"debug-{is_inside}", is_inside)
        operands = {}
        for name, path, content in debug_rows(world, program):
            for holder, hold in HOLDERS.items():
                operand = path.with_name(f"{path.name} {len(operands)}")
                world.put(operand, hold(content))
                operands[str(operand)] = f"{name}, of {holder}"
        detail = ["list", "-J", "-s", "--lines", "-a"]
        done, strays = world.list(*detail, *operands)
        told_of(tap, world, done, operands, strays, "")
        if not is_inside:
            done, strays = world.list(*detail, "-r", "/")
            tap.ok(done.returncode == 0 and not strays, "debug files: of a tree",
                   "\n".join(strays) or told(done)[-3000:])
        with root_of_process(world.root) as root:
            done, strays = world.list(*detail, *operands, root=root)
        told_of(tap, world, done, operands, strays, "; the root is a process's")


def told_of(tap, world, done, operands, strays, remark):
    where = "inside" if world.is_inside else "outside"
    try:
        found = json.loads(done.stdout)["files"]
    except ValueError:
        tap.ok(False, f"debug files {where}{remark}", told(done)[-3000:])
        return
    wrong = [operands[operand] for operand in operands
             if [is_known(file) for file in found if belongs(file, operand)] !=
             [world.is_inside]]
    tap.none(wrong, f"debug files {where}: {len(operands)} objects{remark}")
    tap.none(strays, f"debug files {where}: no other file{remark}")


def belongs(file, operand):
    path = file["path"]
    return path == operand or path.startswith((f"{operand}(", f"{operand}//"))


# ---- what options name is outside ----

def option_cases(tap, top, program):
    """A directory of the user's, and where files in it lead."""
    world = World(top / "option", False)
    debug = (FIXTURES / "stripped.debug").read_bytes()
    write(world.out / "own" / "a.debug", debug)
    world.put("/bin/object", program)
    done, _ = world.list("-J", "-s", "--lines", "-a", f"--debuginfo={world.out}/own", "/bin/object")
    tap.ok(is_known(json.loads(done.stdout)["files"][0]), "--debuginfo: outside of the root",
           told(done))
    # A debug file in it that leads out of it, and one that leads into the root.
    with tempfile.TemporaryDirectory() as folder:
        for name, target, known in (("up", "../leak.dwo", False), ("beside", "near.dwo", True),
                                    ("absolute", str(world.out / "leak.dwo"), False),
                                    ("into the root", str(world.out / "in.dwo"), True)):
            whole = pathlib.Path(folder, "whole")
            whole.write_bytes(skeleton(target))
            taken, left = pathlib.Path(folder, "a.debug"), pathlib.Path(folder, "left")
            run("objcopy", "--only-keep-debug", whole, taken)
            run("objcopy", "--strip-debug", "--add-gnu-debuglink=a.debug", whole, left, cwd=folder)
            own = world.out / f"own {name}"
            write(own / "a.debug", taken.read_bytes())
            write(own / "near.dwo", other_half())
            world.put(f"/bin/{name}", left.read_bytes())
            if name == "up":
                write(world.out / "leak.dwo", other_half())
                world.put(str(world.out / "in.dwo"), other_half())
            done, _ = world.list("-J", "-a", f"--debuginfo={own}", f"/bin/{name}")
            tap.ok(is_known(json.loads(done.stdout)["files"][0]) == known,
                   f"--debuginfo: a debug file there names another, {name}", told(done))


# ---- packages of split units, which libdw opens by itself ----

def package_of_halves(tap, top):
    world = World(top / "dwp", True)
    world.put("/bin/app", skeleton("half.dwo"))
    world.put("/bin/half.dwo", other_half())
    world.put("/bin/app.dwp", None)
    done, strays = world.list("-J", "-a", "/bin/app")
    tap.ok(done.returncode == 0 and is_known(json.loads(done.stdout)["files"][0]),
           "a .dwp file that is a FIFO", told(done))
    tap.none(strays, "a .dwp file is not opened")


# ---- members of thin archives ----

def thin_of(name, nested=False):
    """A thin archive of one file, or of the first member of one."""
    table = f"{name}/\n" + "\n" * (len(name) % 2)
    entry = "/0:8" if nested else "/0"
    return (f"!<thin>\n{'//':<48}{len(table):<10}`\n{table}"
            f"{entry:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{0:<10}`\n").encode()


def thin_cases(tap, top):
    content = image(Form().probe(provider="canary")).bytes()
    for is_inside in (False, True):
        world = World(top / f"thin-{is_inside}", is_inside)
        operands = []
        for nested in (False, True):
            path = world.out / f"member {nested}"
            world.canary(path, made.ar({"m.o": content}) if nested else content)
            named = dict(ways(path))
            for name, link in links(path).items():
                named[name] = "linked"
                world.put(f"/thin/{nested} {name}/linked", link)
            for name, target in named.items():
                operands.append(f"/thin/{nested} {name}/x.a")
                world.put(operands[-1], thin_of(target, nested))
        for what, arguments in (("operands", operands), ("a tree", ["-r", "/thin"])):
            done, strays = world.list("-F", "names", *arguments)
            seen = done.stdout.count("canary") and json.loads(
                world.list("-J", *arguments)[0].stdout)["summary"]["probes"]
            tap.ok(seen == (len(operands) if is_inside else 0) and not strays,
                   f"thin archives as {what}, {'inside' if is_inside else 'outside'}",
                   "\n".join(strays) or told(done))


# ---- libraries and what tells the linker where they are ----

def library_rows(out):
    """(name, files in the root, what they lead to); {top} is the directory outside."""
    stub, library = standin.stub, standin.library(11)
    program = {"/usr/bin/python3": stub(11)}
    path = f"{out}/lib/{LIBRARY}"
    yield "RUNPATH", {"/usr/bin/python3": stub(11, runpath=f"{out}/lib")}, {path: library}
    yield "RPATH", {"/usr/bin/python3": stub(11, rpath=f"{out}/lib")}, {path: library}
    yield ("$ORIGIN and up", {"/usr/bin/python3": stub(11, runpath=f"$ORIGIN/{UP}{out}/lib")},
           {path: library})
    yield "DT_NEEDED", {"/usr/bin/python3": stub(11, library=path)}, {path: library}
    for name, link in links(path).items():
        yield f"a library, {name}", {**program, f"/usr/lib/{LIBRARY}": link}, {path: library}
    yield ("a directory of libraries", {**program, "/usr/lib": (f"{out}/lib",)}, {path: library})
    # The linker's files lead to a place in the root that no rule knows.
    found = {**program, f"/opt/strange/{LIBRARY}": library}
    conf = {f"{out}/conf": "/opt/strange\n"}
    yield "ld.so.conf", {**found, "/etc/ld.so.conf": (f"{out}/conf",)}, conf
    for name, target in ways(f"{out}/conf").items():
        yield (f"an included file, {name}", {**found, "/etc/ld.so.conf": f"include {target}\n"},
               conf)
    yield ("included files by a pattern", {**found, "/etc/ld.so.conf": f"include {out}/c*\n"}, conf)
    yield ("an included link", {**found, "/etc/ld.so.conf": "include /etc/x.d/*\n",
                                "/etc/x.d/a": (f"{out}/conf",)}, conf)
    yield ("ld.so.cache", {**found, "/etc/ld.so.cache": (f"{out}/cache",)},
           {f"{out}/cache": standin.cache({LIBRARY: f"/opt/strange/{LIBRARY}"})})
    yield ("a path in ld.so.cache", {**program, "/etc/ld.so.cache": standin.cache({LIBRARY: path})},
           {path: library})
    musl = stub(11, interpreter=f"{out}/lib/ld-musl-x86_64.so.1")
    yield ("the path file of musl", {"/usr/bin/python3": musl, f"/opt/strange/{LIBRARY}": library},
           {f"{out}/etc/ld-musl-x86_64.path": "/opt/strange\n"})


# ---- Pythons ----

CONFIG = "build_time_vars = {'WITH_DTRACE': 1}\n"
DETAILS = json.dumps({"schema_version": "1.0", "base_prefix": "/usr", "language": {
    "version": "3.11"}, "c_api": {}, "abi": {}})


def python_rows(out):
    built = standin.built(11)
    for name, link in links(f"{out}/python3").items():
        yield f"a program, {name}", {"/usr/bin/python3": link}, {f"{out}/python3": built}
    for name, target in ways(f"{out}/python3").items():
        yield f"#!, {name}", {"/usr/bin/python3": f"#!{target}\n"}, {f"{out}/python3": built}
    yield ("an interpreter in quotes",
           {"/usr/bin/python3": f"#!/bin/sh\n'''exec' \"{out}/python3\" \"$0\" \"$@\"\n' '''\n"},
           {f"{out}/python3": built})
    stub = {"/v/bin/python3": standin.stub(11)}
    home = {f"{out}/home/bin/python3": built}
    for name, target in ways(f"{out}/home/bin").items():
        yield (f"pyvenv.cfg, {name}", {**stub, "/v/pyvenv.cfg": f"home = {target}\n"}, home)
    yield ("pyvenv.cfg, a link", {**stub, "/v/pyvenv.cfg": (f"{out}/cfg",),
                                  "/opt/strange/python3": built},
           {f"{out}/cfg": "home = /opt/strange\n"})


def record_rows(out):
    """The same for what a build left: no verdict, but a record."""
    tree = {"/b/python": standin.built(11)}
    config = {f"{out}/x/_sysconfigdata__linux_.py": CONFIG}
    yield "pybuilddir.txt, up", {**tree, "/b/pybuilddir.txt": ways(f"{out}/x")["up"]}, config
    yield ("pybuilddir.txt, a link", {**tree, "/b/pybuilddir.txt": (f"{out}/dir",),
                                      "/b/y/_sysconfigdata__linux_.py": CONFIG},
           {f"{out}/dir": "y"})
    installed = {"/b/python": (  # where it is looked for is told by the program's place
        "/usr/bin/python3.11",), "/usr/bin/python3.11": standin.built(11)}
    for name, link in links(f"{out}/data.py").items():
        yield (f"sysconfigdata, {name}",
               {**installed, "/usr/lib/python3.11/_sysconfigdata__linux_.py": link},
               {f"{out}/data.py": CONFIG})
    yield ("a directory of the standard library",
           {**installed, "/usr/lib/python3.11": (f"{out}/std",)},
           {f"{out}/std/_sysconfigdata__linux_.py": CONFIG})
    yield ("the makefile, a link",
           {**installed, "/usr/lib/python3.11/config-3.11/Makefile": (f"{out}/make",)},
           {f"{out}/make": "CONFIG_ARGS=\t'--with-dtrace'\n"})


def verdict_cases(tap, top):
    for rows, asked, judge in (
            (library_rows, "/usr/bin/python3", lambda found: found["verdict"] == "yes"),
            (python_rows, None, lambda found: found["verdict"] == "yes"),
            (record_rows, "/b/python", lambda found: bool(found["record"]))):
        for is_inside in (False, True):
            where = "inside" if is_inside else "outside"
            folder = top / f"{rows.__name__}-{where}"
            for number, (name, files, canaries) in enumerate(rows(folder / "0" / "out")):
                # The rows are made for one directory, which is made anew for each.
                world = World(folder / "0", is_inside)
                for path, content in files.items():
                    world.put(path, content)
                for path, content in canaries.items():
                    world.canary(pathlib.Path(path), content)
                program = asked or next(path for path in files if path.endswith("/python3"))
                done, strays = world.list("python", "-J", program)
                known = judge(json.loads(done.stdout)["pythons"][0])
                tap.ok(known == is_inside and not strays, f"{name}, {where}",
                       "\n".join(strays) or told(done))
                if name in ("RUNPATH", "ld.so.cache"):
                    done, strays = world.list("list", "--libs", "-J", program)
                    known = json.loads(done.stdout)["summary"]["probes"] > 0
                    tap.ok(known == is_inside and not strays, f"{name}, {where}, --libs",
                           "\n".join(strays) or told(done))
                os.rename(folder / "0", folder / str(number + 1))


# ---- what is read back names files that are not opened ----

def listing_cases(tap, top):
    world = World(top / "saved", False)
    write(world.out / "object", image(Form().probe()).bytes())
    saved = run(TOOL, "-J", world.out / "object").stdout
    world.put("/saved.json", saved)
    for arguments in (["-J", "/saved.json"], ["-r", "/"], ["check", "/saved.json"],
                      ["script", "bpftrace", "/saved.json"]):
        done, strays = world.list(*arguments)
        tap.ok(done.returncode != 2 and not strays, f"a saved listing: {arguments[0]}",
               "\n".join(strays) or told(done))


def main():
    tap = Tap()
    if not have("strace"):
        tap.skip("what is opened", "strace is not here; that nothing is known of it is seen")
    with tempfile.TemporaryDirectory() as directory:
        top = pathlib.Path(directory).resolve()
        if have("objcopy"):
            program = linked()
            debug_cases(tap, top, program)
            option_cases(tap, top, program)
        else:
            tap.skip("debug files", "objcopy is not here")
        package_of_halves(tap, top)
        thin_cases(tap, top)
        verdict_cases(tap, top)
        listing_cases(tap, top)
    tap.done()


main()
