# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Lines to paste and scripts: what a tool would be told of hostile names and paths.

    hostile_quoting.py [STEP]    every STEPth string

The names are those of files' notes, of their arguments in debug information, and all that a
saved listing can say. Each line that is no comment is read as its tool reads it: words by the
shells themselves, C by the compiler, the tools' own languages by their grammar. All that any of
them may say is a probe that is in the files.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from helpers import listings
from helpers.tap import COMPILER, HANG, SOURCE, TOOL, Tap, have
from elfmaker import SIZE, TEXT, Form, image
from judges import Fault, check_safe
from strings import CANARY, hostile_strings, path_strings

BASE = 0x1180
STRING = r'"((?:[^"\\\n]|\\.)*)"'
NAME = r"([A-Za-z0-9_-]+)"
FORMAT = r'"(?:[^"\\\n%]|%(?:[dux]|l[dux]|ll[dux]|s)|\\n)*"'
VALUES = r"(?:, [\w$>()-]+(?:\([\w$, ]*\))?)*"


def unescape(text):
    """What a string of C is."""
    def one(match):
        return chr(int(match[1], 8)) if match[1][0] in "01234567" else match[1]
    return re.sub(r"\\([0-7]{3}|.)", one, text).encode("latin-1", "surrogateescape") \
        if text.isascii() else re.sub(r"\\(.)", r"\1", text).encode()


def file_of(notes):
    """perf takes .stapsdt.base to be as far from its offset as the code is."""
    elf = image(notes)
    elf.replace(".stapsdt.base", address=BASE)
    return elf.bytes()


def made(folder, strings):
    """Files of hostile names and at hostile paths; (path, provider, name) of each probe."""
    form, probes = Form(), set()
    top = os.fsencode(folder)
    notes = form.probe(TEXT, BASE, provider="tame", name="probe", args="8@%rdi -4@%esi")
    for i, text in enumerate(strings):
        notes += form.probe(TEXT + i % SIZE, BASE, provider=text, name="n", args="8@%rdi")
        notes += form.probe(TEXT + i % SIZE, BASE, provider="p", name=text, args="8@%rdi")
        probes |= {(top + b"/names", text, b"n"), (top + b"/names", b"p", text)}
    (folder / "names").write_bytes(file_of(notes))
    probes.add((top + b"/names", b"tame", b"probe"))
    paths = [top + b"/names"]
    content = file_of(form.probe(TEXT, BASE, provider="p", name="n", args="8@%rdi"))
    for text in path_strings(strings):
        path = top + b"/" + text
        with open(path, "wb") as file:
            file.write(content)
        paths.append(path)
        probes.add((path, b"p", b"n"))
    return paths, probes


def both(key, text):
    """A text of JSON, with its bytes where it is no UTF-8."""
    shown = text.decode("utf-8", "replace")
    return {key: shown} if "\ufffd" not in shown else {key: shown, key + "_hex": text.hex()}


def probe_of(name, arguments, raw=b"8@%rdi", **more):
    return {**listings.PROBE, "name": name, "arguments": arguments, **both("arguments_text", raw),
            "note_size": 24 + len("p") + 1 + len(name) + 1 + len(raw) + 1, **more}


def hostile_probes(text):
    """Probes of tame names of which something else is hostile."""
    shown, one = text.decode("utf-8", "replace"), listings.ARGUMENT
    named = {**one, "name_source": "dwarf", **both("name", text), **both("c_type", text + b" *")}
    part = {**named, **both("name", b"n" + text), "c_type": "int", "type": shown}
    yield probe_of("named", [named, {**part, "number": 1}], b"8@%rdi 8@%rsi")
    yield probe_of("placed", [one], section=shown, function={"name": shown, "offset": "0x0"},
                   source=[{"file": shown, "line": 1, "function": shown}])
    yield probe_of("spelt", [{**one, **both("raw", b"8@" + text)}], b"8@" + text)
    for name, operand in {
            "register": {"kind": "register", "register": shown},
            "constant": {"kind": "constant", "value": shown},
            "address": {"kind": "address", "symbol": shown, "displacement": 8},
            "memory": {"kind": "memory", "base": shown, "index": shown, "segment": shown,
                       "scale": 4, "displacement": 8},
            "symbol": {"kind": "memory", "symbol": shown, "relocation": shown}}.items():
        yield probe_of(name, [{**one, "operand": operand}])


def saved(folder, strings):
    """Listings in which whatever can be said of a file or a probe is hostile."""
    paths, probes = [], set()
    for i, text in enumerate(text for text in strings if len(text) < 300):
        build_id, there = text.decode("utf-8", "replace"), b"/tmp/" + text.replace(b"/", b"_")
        files = [{**listings.FILE, "path": f"/tmp/f{i}", "build_id": build_id,
                  "probes": [*hostile_probes(text)]},
                 {**listings.FILE, **both("path", there), "probes": [probe_of("n", [])]}]
        probes |= {(b"/tmp/f%d" % i, b"p", probe["name"].encode()) for probe in files[0]["probes"]}
        probes.add((there, b"p", b"n"))
        paths.append(os.fsencode(folder) + b"/saved%d" % i)
        pathlib.Path(os.fsdecode(paths[-1])).write_text(json.dumps(listings.document(files)))
    return paths, probes


LIBRARY = SOURCE / "fixtures" / "site" / "x86_64-gcc-O2-dwarf5"


def described(folder, strings):
    """Files whose debug information calls arguments and their types otherwise."""
    content, paths, probes = LIBRARY.read_bytes(), [], set()
    slot = re.compile(rb"(?<=\0)(?:number|result|length|colour|length_t|local_value)(?=\0)")
    start = content.rindex(b"\0result\0from\0")
    for i, text in enumerate(text for text in strings if 5 < len(text) < 300):
        path = os.fsencode(folder) + b"/described%d" % i
        with open(path, "wb") as file:
            file.write(content[:start] + slot.sub(
                lambda match, text=text: text[:len(match[0])].ljust(len(match[0]), b"Z"),
                content[start:]))
        paths.append(path)
    listing = json.loads(subprocess.run([TOOL, "-J", LIBRARY], capture_output=True,
                                        check=True).stdout)
    for probe in listing["files"][0]["probes"]:
        probes |= {(path, probe["provider"].encode(), probe["name"].encode()) for path in paths}
    return paths, probes


def by_shell(shell, text, folder):
    """The words of each command, as the shell itself takes them."""
    prelude = "told() { printf '%s\\0' \"$#\" \"$@\"; }\n" + "".join(
        f"{name}() {{ told {name} \"$@\"; }}\n" for name in ("trace", "perf", "lttng", "add"))
    path = folder / "lines.sh"
    path.write_text(prelude + text)
    result = subprocess.run([shell, path], cwd=folder, capture_output=True, check=False,
                            env={"PATH": "/usr/bin:/bin"}, timeout=HANG)
    if result.stderr or result.returncode:
        raise Fault(f"{shell} says {result.stderr[:300]}, {result.returncode}")
    words, commands = result.stdout.split(b"\0")[:-1], []
    while words:
        count = int(words[0])
        commands.append(words[1:1 + count])
        words = words[1 + count:]
    return commands


def shells():
    return [shell for shell in ("bash", "zsh", "ksh") if have(shell)]


def read_words(pattern):
    """A reader of commands whose words, joined by NUL, PATTERN fits; it has three groups."""
    def read(text, folder):
        found = []
        for shell in shells():
            for words in by_shell(shell, text, folder):
                match = re.fullmatch(pattern, b"\0".join(words), re.DOTALL)
                if not match:
                    raise Fault(f"{shell} takes {words}")
                if match.lastindex == 3:
                    found.append(match.groups())
        return found
    return read


def uncommented(text, begin, end=""):
    """The lines that are no comments; a comment fills its line, and ends with it."""
    kept = []
    for line in text.split("\n")[:-1]:
        inside = line[len(begin):len(line) - len(end)]
        if not line.startswith(begin):
            kept.append(line)
        elif not line.endswith(end) or (end and (end.strip() in inside)):
            raise Fault(f"a comment that ends early: {line!r}")
        elif line.endswith("\\"):
            raise Fault(f"a comment that goes on: {line!r}")
    return kept


def read_grammar(pattern, begin, end="", head=r""):
    """A reader of what is nothing but HEAD and PATTERNs, and comments."""
    def read(text, folder):
        left = "\n".join(line for line in uncommented(text, begin, end) if line)
        left += "\n" if left else ""
        match = re.match(head, left)
        at, found = match.end() if match else 0, []
        while at < len(left):
            match = re.compile(pattern).match(left, at)
            if not match:
                raise Fault(f"no part of the language: {left[at:at + 200]!r}")
            found.append([None if group is None else unescape(group)
                          for group in match.groups()])
            at = match.end()
        return found
    return read


def read_c(text, folder):
    """What the compiler makes of it, with trigraphs, as old C has them."""
    code = folder / "lines.c"
    code.write_text(
        "#include <stdio.h>\n#define SEC(x) fwrite(x, sizeof(x), 1, stdout);\n"
        "#define bpf_program__attach_usdt(prog, pid, path, provider, name, options) \\\n"
        "\tprintf(\"call%c%s%c%s%c%s%c\", 0, path, 0, provider, 0, name, 0)\n"
        "int main(void)\n{\n" + text + "return 0;\n}\n")
    result = subprocess.run([*COMPILER, "-std=c99", "-w", "-o", folder / "lines", code],
                            capture_output=True, text=True, check=False)
    if result.returncode:
        raise Fault(result.stderr[:500])
    words = subprocess.run([folder / "lines"], capture_output=True, check=True).stdout
    words, found = words.split(b"\0")[:-1], []
    while words:
        if words[0] == b"call":
            found.append(tuple(words[1:4]))
            words = words[4:]
            continue
        # libbpf separates by colons.
        match = re.fullmatch(rb"usdt/([^:]*):([^:]*):([^:]*)", words.pop(0), re.DOTALL)
        if not match:
            raise Fault("a section of another form")
        found.append(match.groups())
    return found


EVENT = rb"p:\w+/\w+ (\S+):0x[0-9a-f]+(?:\(0x[0-9a-f]+\))?((?: \w+=[%@+\w()\\:/-]+)*)()"


def read_events(text, folder):
    """tracefs' uprobe_events: blanks separate, "#" ends the line."""
    found = []
    for line in uncommented(text, "# "):
        match = re.fullmatch(EVENT + rb"(?: # \d+ of \d+ arguments cannot be fetched)?",
                             line.encode("utf-8", "surrogateescape"))
        if not match:
            raise Fault(f"no event: {line!r}")
        found.append((match[1], None, None))
    return found


def read_perf_script(text, folder):
    begin = text.index("\n# Written by")
    middle = text[begin:text.rindex("list=$(")]
    read = read_words(rb"add\0" + EVENT)
    return [(path, None, None) for path, _, _ in read(middle, folder)]


BODY = r"\n\{\n(?:\t[\w$>-]+ = [\w$(), ]+;\n)*\t" + rf"printf\({FORMAT}{VALUES}\);\n\}}\n"
STAP = rf"process\({STRING}\)\.provider\({STRING}\)\.mark\({STRING}\)"
STAP_BODY = r"\n\{\n(?:\t\w+ = [^\n]*\n)*"
BPFTRACE = rf"usdt:(?:{STRING}|([^\s\":\\]+)):{NAME}:{NAME}"
READERS = {
    "--for=bpftrace": read_grammar(rf"{BPFTRACE} \{{ printf\({FORMAT}{VALUES}\); \}}\n", "//"),
    "--for=bcc": read_words(rb"trace\0u:([^:]*):([^:]*):([^ :]*) .*"),
    "--for=libbpf": read_c,
    "--for=perf": read_words(rb"perf\0(?:buildid-cache\0--add\0[^\0]*|"
                             rb"probe\0-x\0([^\0]*)\0%sdt_(\w+):(\w+))"),
    "--for=gdb": read_grammar(rf"break -probe-stap (){NAME}:{NAME}\n", "#"),
    "--for=stap": read_grammar(rf"probe {STAP} \{{ printf\({FORMAT}{VALUES}\) \}}\n", "//"),
    "--for=lttng": read_words(rb"lttng\0enable-event\0--kernel\0"
                              rb"--userspace-probe=sdt:([^\0]*):([^:]*):([^:\0]*)\0[\w-]+"),
    "--for=dtrace": read_grammar(
        rf"(){NAME}\$target:::{NAME} \{{ printf\({FORMAT}{VALUES}\); \}}\n", "/*", " */"),
    "--for=ftrace": read_events,
    "bpftrace": read_grammar(BPFTRACE + BODY, "//", head=r"#!/usr/bin/env bpftrace\n"),
    "dtrace": read_grammar(rf"(){NAME}\$target:::{NAME}{BODY}", "/*", " */",
                           head=r"#!/usr/sbin/dtrace -qs\n"),
    "gdb": read_grammar(rf"break -probe-stap (){NAME}:{NAME}\ncommands\n(?:  [^\n]*\n)*end\n",
                        "#", head=r"set breakpoint pending on\nset pagination off\n"),
    "stap": read_grammar(rf"probe {STAP}{STAP_BODY}\tprintf\({FORMAT}{VALUES}\)\n\}}\n", "//",
                         head=r"#!/usr/bin/env stap\n"),
    "tapset": read_grammar(rf"probe [\w.]+ = {STAP}{STAP_BODY}\}}\n", "//"),
    "perf": read_perf_script,
}


def same_name(said, name):
    """DTrace writes "-" for "__"."""
    return said in (name, name.replace(b"__", b"-"))


def strangers(found, probes):
    """What was read and is no probe of the files; a part that is None or empty is not said."""
    paths = {path for path, _, _ in probes}
    names = {(provider, name) for _, provider, name in probes}
    wrong = []
    for row in found:
        path, provider, name = row if len(row) == 3 else (row[0] or row[1], *row[2:])
        if provider is None:
            known = path in paths
        elif not path:
            known = any(provider == p and same_name(name, n) for p, n in names)
        else:
            known = (path, provider, name) in probes
        wrong += [] if known else [row]
    return wrong


def check(tap, tool, what, paths, probes, folder):
    words = [tool] if tool.startswith("--for") else ["script", tool]
    wrong, count = [], 0
    for path in paths:
        result = subprocess.run([TOOL, *words, path], capture_output=True, check=False,
                                stdin=subprocess.DEVNULL, timeout=HANG)
        try:
            # zsh and others read bytes; what steers a terminal is in none of them.
            found = READERS[tool](check_safe(result.stdout, "\n\t"), folder)
        except Fault as fault:
            wrong.append(f"{path}: {fault}")
            continue
        count += len(found)
        wrong += [f"{path}: {row}" for row in strangers(found, probes)]
    tap.none(wrong[:20], f"{tool}, {what}: {count} probes of {len(paths)} files")
    tap.ok(count > 0, f"{tool}, {what}: some can be said")


PLACES = {"made": made, "saved": saved, "described": described}


def main():
    tap = Tap()
    step = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    with tempfile.TemporaryDirectory(prefix="usdtinfo-quoting.") as top:
        folder = pathlib.Path(top)
        (folder / "work").mkdir()
        strings = hostile_strings()[::step]
        for what, make in PLACES.items():
            (folder / what).mkdir()
            paths, probes = make(folder / what, strings)
            for tool in READERS:
                check(tap, tool, what, paths, probes, folder / "work")
        tap.none(list(folder.rglob(CANARY)), "nothing was run")
    tap.done()


main()
