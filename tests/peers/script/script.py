# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Scripts: the real tools take them, and print what a program passes.

    script.py TOOL     fires.c is compiled, run under the tool's script, and its output read;
                       what has no such tool here, or no right to trace, is skipped
    script.py hostile [TOOL...]
                       nothing in names, paths or strings runs, whatever takes the script
    script.py python   scripts for CPython cover every marker, linked in and as a library
"""
import os
import pathlib
import re
import shlex
import sys
import tempfile

from helpers.tap import COMPILER, TOOL, Tap, have, run, told
from elfmaker import TEXT, Form, image

HERE = pathlib.Path(__file__).resolve().parent

TOOLS = ("bpftrace", "dtrace", "gdb", "perf", "stap", "tapset")
ODD = '100% "quoted" $x `y`'
# Of each line what every tool prints alike.
PASSED = (
    ("text", {"greeting": "hello, world", "odd": ODD}),
    ("numbers", {"minus": "-7", "large": "4000000000", "longest": "-9000000000000000000",
                 "widest": "18000000000000000000"}),
    ("small__numbers", {"small": "-128", "byte": "200", "middle": "-30000"}),
    ("counted", {"bytes": "first", "bytes_len": "5"}),
    ("nothing", {}),
    ("many__texts", {"first": "hello, world", "second": ODD, "third": "first of all",
                     "last": "hello, world"}),
    ("many__counted", {"one": "first", "two": "hello", "three": "100%", "four": "first of all"}),
    ("two__sites", {"number": "-7", "string": "hello, world"}),
    ("two__sites", {"number": "-8", "string": ODD}),
)
# What a tool is known not to do: (tool, probe, argument).
EXCEPT = {
    ("perf", "small__numbers", "small"), ("perf", "small__numbers", "middle"),
    ("perf", "counted", "bytes"), *(("perf", "many__counted", name) for name in
                                    ("one", "two", "three", "four")),
}
# A kernel for SystemTap's front end, which asks for no more than this.
KERNEL = """MODULES UPROBES ARCH_SUPPORTS_UPROBES TRACEPOINTS UPROBE_EVENTS PERF_EVENTS
INODE_UPROBES""".split()


def in_tracefs(script, folder):
    """Run a shell script where a tracefs is mounted that nobody else sees."""
    # Where it is mounted already, the kernel refuses to mount it there again.
    prelude = ("{ test -e /sys/kernel/tracing/uprobe_events || "
               "mount -t tracefs none /sys/kernel/tracing; } && ")
    return run("unshare", "-m", "sh", "-c", prelude + script, cwd=folder)


def may_trace():
    return os.geteuid() == 0 and have("unshare") and \
        in_tracefs("test -w /sys/kernel/tracing/uprobe_events", "/").returncode == 0


def compile_program(source, output, *flags):
    return run(*COMPILER, "-O1", *flags, "-o", output, source)


def script(tool, *arguments, **options):
    return run(TOOL, "script", tool, *arguments, **options)


def write_script(tool, folder, *arguments):
    """(the file, what usdtinfo said)"""
    result = script(tool, *arguments, cwd=folder)
    path = folder / f"script.{tool.partition('=')[0]}"
    path.write_text(result.stdout)
    return path, result


def kernel(folder):
    made = folder / "kernel"
    (made / "include" / "config").mkdir(parents=True)
    (made / ".config").write_text("".join(f"CONFIG_{name}=y\n" for name in KERNEL))
    (made / "Module.symvers").write_text("")
    (made / "Makefile").write_text("")
    (made / "include" / "config" / "kernel.release").write_text(os.uname().release + "\n")
    return made


def stap(folder, *arguments):
    made = folder / "kernel"
    if not made.exists():
        kernel(folder)
    return run("stap", "-p2", "-r", made, *arguments, cwd=folder,
               env={**os.environ, "SYSTEMTAP_DIR": str(folder / "cache"), "LC_ALL": "C"})


def version_of(tool, folder):
    """ "=VERSION" of an installed tool, so that its script suits it; "" where it is not known."""
    words = {"bpftrace": "--version", "gdb": "--version"}
    if tool not in words:
        return ""
    match = re.search(r"\d+\.\d+[.\d]*", run(tool, words[tool], cwd=folder).stdout)
    return f"={match[0].rstrip('.')}" if match else ""


# ---- a program that fires its probes -----------------------------------------------------

def output_of(tool, path, folder):
    """What the tool's script prints of ./fires, or why it cannot."""
    if tool == "gdb":
        return run("gdb", "-nx", "-batch", "-x", path, "-ex", "run", "./fires", cwd=folder), None
    if not may_trace():
        return None, "only root may trace, in a kernel with uprobe_events"
    if tool == "bpftrace":
        result = in_tracefs("bpftrace -e 'BEGIN { exit(); }'", folder)
        if result.returncode != 0:
            return None, "the kernel takes no BPF programs"
        return in_tracefs(f"bpftrace {shlex.quote(str(path))} -c ./fires", folder), None
    return in_tracefs(f"sh {shlex.quote(str(path))} ./fires", folder), None


def values(text):
    """[(probe, rest of the line)] in the order of the output."""
    names = [name for name, _ in PASSED]
    found = []
    for line in text.splitlines():
        match = re.search(r"fires:(\w+):?(.*)", line)
        if match and match[1] in names and not line.startswith(("Attaching", "Breakpoint")):
            found.append((match[1], match[2]))
    return found


def unreadable(tool, text):
    """{(tool, probe, argument)} that the script itself says it cannot have."""
    return {(tool, name, argument)
            for name, arguments in re.findall(r"^\W* fires:(\w+)(.*)", text, re.MULTILINE)
            for argument in re.findall(r"(\w+) \(not readable\)", arguments)}


def wrong_values(tool, found, excepted):
    wrong = []
    if [name for name, _ in found] != [name for name, _ in PASSED]:
        return [f"printed: {found}"]
    for (name, rest), (_, arguments) in zip(found, PASSED):
        for argument, value in arguments.items():
            if (tool, name, argument) in excepted:
                continue
            if not re.search(rf'\b{argument}="?{re.escape(value)}"?(?= |$)', rest):
                wrong.append(f"{name}: {argument} is not {value}: {rest}")
    return wrong


def check_fires(tap, tool, folder):
    path, result = write_script(tool + version_of(tool, folder), folder, "-d",
                                HERE / "fires.d", "./fires")
    tap.ok(result.returncode == 0 and not result.stderr, f"a script for {tool}", told(result))
    tap.ok("not for" not in result.stdout, "it has all probes", result.stdout)
    printed, reason = output_of(tool, path, folder)
    if reason:
        tap.skip(f"{tool} prints what the program passes", reason)
        return
    found = values(printed.stdout)
    tap.none([f"{line}\n{told(printed)}" for line in
              wrong_values(tool, found, EXCEPT | unreadable(tool, result.stdout))],
             f"{tool} prints what the program passes")


def check_stap(tap, folder):
    path, result = write_script("stap", folder, "-d", HERE / "fires.d", "./fires")
    tap.ok(result.returncode == 0 and "not for" not in result.stdout, "a script for stap",
           told(result))
    resolved = stap(folder, path)
    statements = re.findall(r"statement\(0x\w+\) /\*", resolved.stdout)
    tap.ok(resolved.returncode == 0 and len(statements) == len(PASSED),
           "stap resolves every probe", told(resolved)[-2000:])
    aliases = folder / "aliases"
    aliases.mkdir()
    library, result = write_script("tapset", folder, "-d", HERE / "fires.d", "./fires")
    library.rename(aliases / "fires.stp")
    wanted = {"fires.text": "greeting, odd", "fires.numbers": "minus, large, longest, widest",
              "fires.small.numbers": "small, byte, middle",
              "fires.counted": "bytes, bytes_len", "fires.nothing": "pid()",
              "fires.many.texts": "first, second, third, last"}
    program = "\n".join(f"probe {name} {{ println({used}) }}" for name, used in wanted.items())
    resolved = stap(folder, "-I", aliases, "-e", program)
    tap.ok(resolved.returncode == 0, "stap resolves every alias of the tapset",
           told(resolved)[-2000:])


# ---- hostile names and paths -------------------------------------------------------------

NAMES = ("x\nshell touch PWNED\n", 'x"); system("touch PWNED"); //', "x';touch PWNED;'",
         "$(touch PWNED)", "`touch PWNED`", "x */ BEGIN { system(\"touch PWNED\"); } /*",
         "x\\", "%s%n", "python try: open('PWNED','w')", "end\nshell touch PWNED", "x\rshell touch PWNED",
         "x\\\nshell touch PWNED", 'x") { } probe begin { system("touch PWNED") } //',
         "%{ touch PWNED %}", "x|touch PWNED", "a" * 5000, "\x1b]0;PWNED\x07")


def hostile_files(folder):
    """A file whose names are hostile, and files at hostile paths."""
    form = Form(64)
    notes = b"".join(form.probe(TEXT + 2 * i, provider=name, name="n") +
                     form.probe(TEXT + 2 * i + 1, provider="p", name=name)
                     for i, name in enumerate(NAMES))
    (folder / "names").write_bytes(image(notes).bytes())
    yield "names"
    good = image(form.probe(TEXT, provider="p", name="n")).bytes()
    for i, name in enumerate(NAMES):
        path = folder / f"paths{i}" / (name[:200].strip("/") or "x")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(good)
        except OSError:
            continue
        yield str(path.relative_to(folder))


def take(tool, path, folder):
    """Let whatever would run the script have it, with all that a tool can be forbidden."""
    quoted = shlex.quote(str(path))
    if tool == "gdb" and have("gdb"):
        run("gdb", "-nx", "-batch", "-x", path, "-ex", "run", "/bin/true", cwd=folder)
    if tool == "bpftrace" and have("bpftrace"):
        if may_trace():
            in_tracefs(f"timeout -s INT 300 bpftrace --unsafe {quoted} -c /bin/true", folder)
        else:
            run("bpftrace", "-d", "--unsafe", path, cwd=folder)
    if tool == "perf" and may_trace():
        in_tracefs(f"timeout 300 sh {quoted} /bin/true", folder)
    elif tool == "perf":
        run("sh", path, "/bin/true", cwd=folder)
    if tool in ("stap", "tapset") and have("stap"):
        stap(folder, "-g", path)


def strange_lines(text):
    """Lines with what a terminal must not see, and what no stanza has at its beginning."""
    wrong = [line for line in text.split("\n") if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", line)]
    begins = re.compile(r"(#|//|/\*|\t|  |probe |usdt:|[\w]+\$target:::|break |commands$|end$|set |add '|"
                        r"[{}]$|$|tracefs=|\[ -e |data=|events=|add\(\)|remove\(\)|trap |list=|perf )")
    return wrong + [line for line in text.split("\n") if not begins.match(line)]


def check_hostile(tap, folder, tools):
    files = list(hostile_files(folder))
    for tool in tools:
        wrong, ran = [], []
        for file in files:
            path, result = write_script(tool, folder, f"./{file}")
            wrong += [f"{file!r}: {line!r}" for line in strange_lines(result.stdout)]
            if result.returncode not in (0, 1):
                wrong.append(f"{file!r}: {told(result)[:500]}")
            if result.stdout:
                take(tool, path, folder)
            for made in folder.rglob("PWNED*"):
                if made.is_file() and made.stat().st_size == 0:
                    ran.append(f"{file!r} ran: {made}")
                    made.unlink()
        tap.none(wrong, f"{tool}: every line is one that the script has for itself")
        tap.none(ran, f"{tool}: nothing runs")


# ---- CPython -----------------------------------------------------------------------------

# The markers of the manual's page, and the names that it gives their arguments.
MARKERS = {
    "function__entry": ["filename", "funcname", "lineno"],
    "function__return": ["filename", "funcname", "lineno"],
    "line": ["filename", "funcname", "lineno"],
    "gc__start": ["generation"],
    "gc__done": ["collected"],
    "import__find__load__start": ["modulename"],
    "import__find__load__done": ["modulename", "found"],
    "audit": ["event", "tuple"],
}
STRINGS = {"filename", "funcname", "modulename", "event"}
READ = {"tapset": "user_string(", "stap": "user_string(", "dtrace": "copyinstr("}


def stanza(tool, text, marker):
    where = f"python$target:::{marker.replace('__', '-')}\n" if tool == "dtrace" \
        else f'.mark("{marker}")\n'
    _, found, rest = text.partition(where)
    return rest.partition("\n}\n")[0] if found else None


def missing(tool, text):
    wrong = []
    for marker, arguments in MARKERS.items():
        body = stanza(tool, text, marker)
        if body is None:
            wrong.append(f"no stanza for {marker}")
            continue
        for argument in arguments:
            match = re.search(rf"\b{argument} = (.*)", body)
            if not match or (argument in STRINGS) != match[1].startswith(READ[tool]):
                wrong.append(f"{marker}: {argument}: {match and match[0]}")
    return wrong


def check_python(tap, folder):
    builds = (
        ("linked in", "python", [], [("-o", "python", HERE / "python.c")], None),
        ("as a library", "python", ["--library-path=."],
         [("-shared", "-fPIC", "-DLIBRARY", "-Wl,-soname,libpython3.14.so.1.0", "-o",
           "libpython3.14.so.1.0", HERE / "python.c"),
          ("-DPROGRAM", "-o", "python", HERE / "python.c", "./libpython3.14.so.1.0")],
         "libpython3.14.so.1.0"),
    )
    for name, program, options, commands, library in builds:
        place = folder / name.replace(" ", "-")
        place.mkdir()
        for command in commands:
            result = run(*COMPILER, "-O1", *command, cwd=place)
            if result.returncode != 0:
                tap.skip(f"a Python with its markers {name}", "no sys/sdt.h, or no compiler")
                break
        else:
            check_built_python(tap, place, name, program, options, library)


def check_built_python(tap, place, name, program, options, library):
    for tool in READ:
        path, result = write_script(tool, place, *options, f"./{program}")
        tap.none(missing(tool, result.stdout) + ([told(result)] if result.returncode else []),
                 f"{tool}, {name}: every marker, with its arguments")
        if tool == "dtrace":
            continue
        form = f'process("{place}/{program}").' + \
            (f'library("{place}/{library}").' if library else "") + 'provider("python").'
        tap.ok(result.stdout.count(form) == len(MARKERS), f"{tool}, {name}: {form}",
               result.stdout)
        if not have("stap"):
            tap.skip(f"{tool}, {name}: stap resolves every marker", "no stap")
            continue
        arguments = [path]
        if tool == "tapset":
            (place / "aliases").mkdir()
            path.rename(place / "aliases" / "python-probes.stp")
            uses = re.findall(r"^probe (\S+) = .*\n{\n((?:\t.*\n)*)", result.stdout, re.MULTILINE)
            arguments = ["-I", place / "aliases", "-e", "\n".join(
                f"probe {alias} {{ println({', '.join(re.findall('(?m)^.(.*?) =', body))}) }}"
                for alias, body in uses)]
        resolved = stap(place, *arguments)
        statements = re.findall(r"statement\(0x\w+\) /\*", resolved.stdout)
        tap.ok(resolved.returncode == 0 and len(statements) == len(MARKERS),
               f"{tool}, {name}: stap resolves every marker", told(resolved)[-2000:])


def main():
    tap = Tap()
    what = sys.argv[1]
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as name:
        # Such names are as common as libstdc++, and operators in some languages.
        folder = pathlib.Path(name).resolve() / "c++-1.2"
        folder.mkdir()
        if what == "hostile":
            check_hostile(tap, folder, sys.argv[2:] or TOOLS)
        elif what == "python":
            check_python(tap, folder)
        elif not have(what):
            tap.skip(f"scripts for {what}", f"no {what}")
        elif compile_program(HERE / "fires.c", folder / "fires").returncode != 0:
            tap.skip(f"scripts for {what}", "no sys/sdt.h, or no compiler")
        elif what == "stap":
            check_stap(tap, folder)
        else:
            check_fires(tap, what, folder)
    tap.done()


if __name__ == "__main__":
    main()
