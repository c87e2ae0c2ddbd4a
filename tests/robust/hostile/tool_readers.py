# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""What each tool would be told by lines to paste and by scripts: the probes that they name.

Words are read by the shells themselves, C by the compiler, the tools' own languages by the few
forms that usdtinfo writes. A reader takes the text, and a folder of its own; it returns rows (path,
provider, name), of which what a tool is not told is None or empty, or raises a Fault at anything else.
"""
import os
import re
import shutil
import subprocess

from helpers.tap import COMPILER, HANG, have
from judges import Fault

STRING = r'"((?:[^"\\\n]|\\.)*)"'
NAME = r"([A-Za-z0-9_-]+)"
# What a printf() shows, of names and values, and the values that it is given.
FORMAT = r'"(?:[\w:= -]|%(?:[dux]|l[dux]|ll[dux]|[rs])|\\n)*"'
AWK_VALUES = r"(?:, (?:\(int\d+(?:_t)?\))?\$?arg\d+)*"


def unescape(text):
    """What a string is to bpftrace and SystemTap, which know no other escapes in a path."""
    if re.search(r'\\[^"\\]', re.sub(r'\\[\\"]', "", text)):
        raise Fault(f"an escape that is none: {text!r}")
    return re.sub(r"\\(.)", r"\1", text).encode("utf-8", "surrogateescape")


# ---- shells --------------------------------------------------------------------------

def shells():
    return [shell for shell in ("bash", "zsh", "ksh") if have(shell)]


def by_shell(shell, text, folder):
    """The words of each command, as the shell itself takes them."""
    prelude = "told() { printf '%s\\0' \"$#\" \"$@\"; }\n" + "".join(
        f"{name}() {{ told {name} \"$@\"; }}\n" for name in ("trace", "perf", "lttng", "add"))
    path, programs = folder / "lines.sh", folder / "bin"
    path.write_text(prelude + text)
    # Nothing else is in PATH, so that every other command is an error.
    if not programs.exists():
        programs.mkdir()
        (programs / "printf").symlink_to(shutil.which("printf"))
    result = subprocess.run([shutil.which(shell), path], cwd=folder, capture_output=True,
                            check=False, env={"PATH": str(programs)}, timeout=HANG)
    if result.stderr or result.returncode:
        raise Fault(f"{shell} says {result.stderr[:300]}, {result.returncode}")
    words, commands = result.stdout.split(b"\0")[:-1], []
    while words:
        if not words[0].isdigit():
            raise Fault(f"{shell} prints {words[0][:300]}")
        count = int(words[0])
        commands.append(words[1:1 + count])
        words = words[1 + count:]
    return commands


PERF = (rb"perf\0buildid-cache\0--add\0(?P<path>[^\0,]*)|"
        rb"perf\0probe\0-x\0(?P<of>[^\0]*)\0%sdt_(?P<provider>\w+):(?P<name>\w+)")
BCC = rb'trace\0u:(?P<path>[^:]*):(?P<provider>[^:]*):(?P<name>[^ :]*) "[\w %-]*"(?:, arg\d+)*'
LTTNG = (rb"lttng\0enable-event\0--kernel\0--userspace-probe=sdt:(?P<path>[^\0]*):"
         rb"(?P<provider>[^:]*):(?P<name>[^:\0]*)\0\w[\w-]*")
EVENT = (rb"p:\w+/\w+ (?P<path>\S+):0x[0-9a-f]+(?:\(0x[0-9a-f]+\))?"
         rb"(?: \w+=[%@+\w()\\:/-]+)*")


def row_of(pattern, text):
    """What a command's words, joined by NUL, or an event tell; None if they are no such."""
    match = re.fullmatch(pattern, text, re.DOTALL)
    if not match:
        return None
    told = match.groupdict()
    return (told["path"] or told.get("of"), told.get("provider"), told.get("name"))


def read_words(pattern):
    def read(text, folder):
        found = []
        for shell in shells():
            for words in by_shell(shell, text, folder):
                row = row_of(pattern, b"\0".join(words))
                if not row:
                    raise Fault(f"{shell} takes {words}")
                found.append(row)
        return found
    return read


def read_perf_script(text, folder):
    begin = text.index("\n# Written by")
    return read_words(rb"add\0" + EVENT)(text[begin:text.rindex("list=$(")], folder)


# ---- the tools' own languages ------------------------------------------------------------

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
            groups = [None if group is None else unescape(group) for group in match.groups()]
            found.append(tuple(groups) if len(groups) == 3 else
                         (groups[0] or groups[1], *groups[2:]))
            at = match.end()
        return found
    return read


C_LINE = re.compile(rf"(?:SEC\({STRING}\)|"
                    rf"bpf_program__attach_usdt\(prog, -1, {STRING}, {STRING}, {STRING}, NULL\);)"
                    rf"(?: /\* (?:(?!\*/).)* \*/)?")


def read_c(text, folder):
    """What the compiler makes of it, with trigraphs, as old C has them."""
    for line in uncommented(text, "/*", " */"):
        if not C_LINE.fullmatch(line):
            raise Fault(f"neither a section nor a call: {line!r}")
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


def read_events(text, folder):
    """tracefs' uprobe_events: blanks separate, "#" ends the line."""
    found = []
    for line in uncommented(text, "# "):
        row = row_of(EVENT + rb"(?: # \d+ of \d+ arguments cannot be fetched)?",
                     line.encode("utf-8", "surrogateescape"))
        if not row:
            raise Fault(f"no event: {line!r}")
        found.append(row)
    return found


BPFTRACE = rf"usdt:(?:{STRING}|([^\s\":\\]+)):{NAME}:{NAME}"
BPFTRACE_STRING = r"(?:str\(arg\d+\)|buf\(arg\d+, arg\d+\))"
BPFTRACE_BODY = (rf"\n\{{\n(?:\t\$\w+ = (?:\(u?int\d+\)arg\d+|{BPFTRACE_STRING});\n)*"
                 rf"\tprintf\({FORMAT}, pid(?:, (?:\$\w+|{BPFTRACE_STRING}))*\);\n\}}\n")
DTRACE = rf"(){NAME}\$target:::{NAME}"
DTRACE_VALUE = r"(?:\(u?int\d+_t\)arg\d+|copyinstr\(arg\d+(?:, arg\d+)?\))"
DTRACE_BODY = (rf"\n\{{\n(?:\tthis->\w+ = {DTRACE_VALUE};\n)*"
               rf"\tprintf\({FORMAT}, pid(?:, this->\w+)*\);\n\}}\n")
GDB = rf"break -probe-stap (){NAME}:{NAME}\n"
GDB_BODY = (r"commands\n  silent\n(?:  frame apply 1 -q -s set \$usdt_argc = \$_probe_argc\n)?"
            r"(?:  with language c -- set \$usdt_\w+ = \((?:char \*|int|long long)\)\$_probe_arg\d+\n"
            r"|  set \$usdt_\w+ = \$_probe_arg\d+\n)*"
            rf"  printf {FORMAT}(?:, \$usdt_\w+)*\n"
            r'(?:  printf " \w+="\n  if \$_probe_arg\d+ > 0\n    with language c -- output '
            r"\*\(char \*\)\$_probe_arg\d+@\(int\)\$_probe_arg\d+\n  end\n)*"
            r'  printf "\\n"\n  continue\nend\n')
STAP = rf"process\({STRING}\)\.provider\({STRING}\)\.mark\({STRING}\)"
STAP_VALUE = (r'(?:\$arg\d+|user_string\(\$arg\d+, "<unknown>"\)|'
              r'user_string_n\(\$arg\d+, \$arg\d+, "<unknown>"\))')
STAP_BODY = rf"\n\{{\n(?:\t\w+ = {STAP_VALUE}\n)*"
READERS = {
    "--for=bpftrace": read_grammar(
        rf"{BPFTRACE} \{{ printf\({FORMAT}{AWK_VALUES}\); \}}\n", "//"),
    "--for=bcc": read_words(BCC),
    "--for=libbpf": read_c,
    "--for=perf": read_words(PERF),
    "--for=gdb": read_grammar(GDB, "#"),
    "--for=stap": read_grammar(rf"probe {STAP} \{{ printf\({FORMAT}{AWK_VALUES}\) \}}\n", "//"),
    "--for=lttng": read_words(LTTNG),
    "--for=dtrace": read_grammar(rf"{DTRACE} \{{ printf\({FORMAT}{AWK_VALUES}\); \}}\n", "/*", " */"),
    "--for=ftrace": read_events,
    "bpftrace": read_grammar(BPFTRACE + BPFTRACE_BODY, "//", head=r"#!/usr/bin/env bpftrace\n"),
    "dtrace": read_grammar(DTRACE + DTRACE_BODY, "/*", " */", head=r"#!/usr/sbin/dtrace -qs\n"),
    "gdb": read_grammar(GDB + GDB_BODY, "#",
                        head=r"set breakpoint pending on\nset pagination off\n"),
    "stap": read_grammar(rf"probe {STAP}{STAP_BODY}\tprintf\({FORMAT}, pid\(\)(?:, \w+)*\)\n\}}\n",
                         "//", head=r"#!/usr/bin/env stap\n"),
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
    for path, provider, name in found:
        if provider is None:
            known = path in paths
        elif not path:
            known = any(provider == p and same_name(name, n) for p, n in names)
        else:
            known = (path, provider, name) in probes
        wrong += [] if known else [(path, provider, name)]
    return wrong
