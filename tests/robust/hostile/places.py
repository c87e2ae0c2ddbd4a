# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The places of strings: what is made of them, and the command lines that show them.

A command is (format, argument...); an argument that is a function is given the folder.
"""
import ctypes
import json
import os
import pathlib
import re
import subprocess
import sys

from helpers import listings, made_packages as made, standin
from helpers.tap import SOURCE, TOOL, run
from elfmaker import SHF_ALLOC, SHF_EXECINSTR, SIZE, TEXT, Form, Section, image
from strings import path_strings, tame_strings

FIXTURES = SOURCE / "fixtures"

LISTS = [[form, "-F", form] for form in
         ("readelf", "long", "tsv", "json", "ndjson", "names", "dtrace-list")]
REPORTS = ("text", "json", "tap", "junit", "github")
LONG = 300
COLUMNS = ("PATH,PROVIDER,NAME,LOCATION,SECTION,ARGS,TYPES,OPERANDS,ARGNAMES,ARGTYPES,FUNCTION,"
           "SOURCE,MODULE")


def summaries(*operands):
    for form in ("table", "tsv", "json", "ndjson"):
        yield [form, "--summary", "-F", form, *operands]


class Place:
    traits = ()
    codes = (0, 1)  # that the commands may end with: what is read is not damaged
    locales = ("C.UTF-8",)

    def choose(self, strings):
        return strings

    def tame(self, strings):
        return tame_strings(strings)

    def pairs(self, strings, tame):
        return zip(strings, tame)

    def normal(self, folder, record):
        """A record without what differs between any two runs."""
        return record

    def close(self):
        pass


class Notes(Place):
    """Providers, names and arguments of probes."""

    locales = ("C.UTF-8", "C")

    def choose(self, strings):
        return [text for text in strings if len(text) < LONG]

    def make(self, folder, strings):
        form = Form()
        notes = b"".join(
            form.probe(TEXT + i % SIZE, provider=text, name="n") +
            form.probe(TEXT + i % SIZE, provider="p", name=text) +
            form.probe(TEXT + i % SIZE, provider="p", name="a", args=b"8@?" + text + b"?")
            for i, text in enumerate(strings))
        # What an order begins with is the same on both sides.
        notes = form.probe(TEXT, provider="", name="n") + notes
        (folder / "names").write_bytes(image(notes).bytes())
        (folder / "none").write_bytes(image(form.probe(TEXT)).bytes())

    def commands(self):
        for row in LISTS:
            yield [*row, "names"]
        yield ["table", "-o", COLUMNS, "names"]
        yield ["text", "-l", "names"]
        yield ["colour", "-F", "long", "--color=always", "names"]
        yield ["said of names", "lint", "--for=all", "names"]
        yield ["said of names as JSON", "lint", "-J", "--for=all", "names"]
        for form in REPORTS:
            yield [form, "lint", "-F", form, "names"]
            yield [form, "check", "-F", form, "--forbid=*:*", "--require=none", "names"]


class LongNotes(Notes):
    """A few of them, as long as a page: columns are as wide as the widest."""

    locales = ("C.UTF-8",)

    def choose(self, strings):
        return [text for text in strings if len(text) >= LONG] + strings[:3]


class Differences(Place):
    """The same, as differences: their order is that of the names."""

    traits = ("unordered",)
    make = Notes.make

    def commands(self):
        yield from summaries("names")
        for form in REPORTS:
            yield [form, "check", "-F", form, "--baseline=names", "none"]
            yield [form, "diff", "-F", form, "names", "none"]
            yield [form, "diff", "-F", form, "--strict", "none", "names"]


class Symbols(Place):
    """Names of sections and of functions."""

    choose = Notes.choose

    def make(self, folder, strings):
        form = Form()
        for number, start in enumerate(range(0, len(strings), SIZE)):
            part = strings[start:start + SIZE]
            notes = b"".join(form.probe(TEXT + i) for i in range(len(part)))
            elf = image(notes, symbols=[(text, TEXT + i, 1) for i, text in enumerate(part)])
            elf.replace(".text", flags=0)
            for i, text in enumerate(part):
                elf.add(Section(text, data=b"\x90", flags=SHF_ALLOC | SHF_EXECINSTR,
                                address=TEXT + i, offset=0x200 + i))
            (folder / f"symbols{number}").write_bytes(elf.bytes())

    def commands(self):
        def files(folder):
            return sorted(path.name for path in folder.iterdir())
        for row in LISTS:
            yield [*row, "-s", files]
        yield ["table", "-o", COLUMNS, files]


class DebugInfo(Place):
    """Every name that debug information has: a file for each string, which is all of them."""

    LIBRARY = FIXTURES / "site" / "x86_64-gcc-O2-dwarf5"
    LEAST = 5  # what is shorter stays: it says little, and there are many of it

    def choose(self, strings):
        cut = dict.fromkeys(text.replace(b"/", b"_")[:self.LEAST] for text in strings
                            if len(text) < LONG)
        return [text for text in cut if len(text) == self.LEAST]

    def __init__(self):
        """Which strings are shown whole, and by no other name that is the end of one."""
        said = run(TOOL, "-J", "-s", "-a", "--lines", self.LIBRARY).stdout
        shown = set(re.findall(r"\w+", said))
        content = self.LIBRARY.read_bytes()
        self.start = content.rindex(b"\0result\0from\0")
        self.end = content.index(b"\0sdt.h\0", self.start) + 1
        words = [word for word in shown if len(word) >= self.LEAST and
                 not any(word != other and word.endswith(other) for other in shown)]
        whole = "|".join(sorted(words, key=len, reverse=True))
        self.slot = re.compile(rf"(?<=\0)(?:{whole})(?=\0)|(?<=\0src/)site\.c(?=\0)".encode())
        self.content = content

    def pairs(self, strings, tame):
        sizes = {len(old) for old in self.slot.findall(self.content)}
        return [(a.ljust(size, b"Z"), b.ljust(size, b"t"))
                for a, b in zip(strings, tame) for size in sizes]

    def make(self, folder, strings):
        for i, text in enumerate(strings):
            fill = b"t" if text.startswith(b"T~") else b"Z"
            changed = self.slot.sub(lambda match, text=text, fill=fill:
                                    text.ljust(len(match[0]), fill),
                                    self.content[self.start:self.end])
            (folder / f"debug{i:03}").write_bytes(
                self.content[:self.start] + changed + self.content[self.end:])

    def commands(self):
        def files(folder):
            return sorted(path.name for path in folder.iterdir())
        for row in LISTS:
            yield [*row, "-s", "-a", "--lines", files]
        yield ["table", "-o", COLUMNS, files]


class Paths(Place):
    """Names of files, in a directory, on the command line and in a list."""

    traits = ("unordered",)

    def choose(self, strings):
        return path_strings([text for text in strings if len(text) < LONG])

    def make(self, folder, strings):
        self.content = image(Form().probe(TEXT)).bytes()
        tree = folder / "tree"
        tree.mkdir()
        (folder / "empty").mkdir()
        for text in strings:
            (pathlib.Path(os.fsdecode(os.fsencode(tree) + b"/" + text))).write_bytes(self.content)
        (folder / "list").write_bytes(b"".join(b"tree/" + text + b"\0" for text in strings))

    def commands(self):
        def files(folder):
            return [b"tree/" + name for name in os.listdir(os.fsencode(folder / "tree"))]
        for row in LISTS:
            yield [*row, "-r", "tree"]
            yield [*row, "--files-from=list", "-0"]
        yield ["table", "-r", "-o", COLUMNS, "tree"]
        yield ["text", "-l", files]
        yield from summaries("-r", "tree")
        yield ["text", "-r", "--progress=always", "-q", "-j1", "empty"]
        for form in REPORTS:
            yield [form, "lint", "-F", form, files]
            yield [form, "check", "-F", form, "--each", "--forbid=*:*", "--require=none", "tree"]
            yield [form, "diff", "-F", form, "tree", "empty"]


class Members(Place):
    """Names of members of packages and archives."""

    traits = ("unordered",)

    def choose(self, strings):
        return [text for text in path_strings(strings) if len(text) < LONG]

    def make(self, folder, strings):
        content = image(Form().probe(TEXT)).bytes()
        members = {os.fsdecode(text): content for text in strings}
        (folder / "made.tar").write_bytes(made.tar(members))

    def commands(self):
        return self.commands_for("made.tar")

    def commands_for(self, name):
        for row in LISTS:
            yield [*row, name]
        yield ["table", "-o", COLUMNS, name]
        yield ["text", "-l", name]
        yield from summaries(name)
        for form in REPORTS:
            yield [form, "lint", "-F", form, name]
            yield [form, "check", "-F", form, "--each", "--forbid=*:*", name]


class ArchiveMembers(Members):
    """The same of ar's: a line end ends a name there."""

    def choose(self, strings):
        return [text for text in Members.choose(self, strings) if b"\n" not in text]

    def make(self, folder, strings):
        content = image(Form().probe(TEXT)).bytes()
        names = b"".join(text + b"/\n" for text in strings)
        archive, rows, at = b"!<arch>\n", [(b"//", names)], 0
        for text in strings:
            rows.append((b"/%d" % at, content))
            at += len(text) + 2
        for name, data in rows:
            archive += b"%-16s%-12d%-6d%-6d%-8o%-10d`\n" % (name, 0, 0, 0, 0o644, len(data))
            archive += data + b"\n" * (len(data) % 2)
        (folder / "made.a").write_bytes(archive)

    def commands(self):
        return self.commands_for("made.a")


class Saved(Place):
    """A listing that was saved, with strings wherever one can stand."""

    def choose(self, strings):
        """Those that JSON holds as they are: all others become the same. Paths end at "/"."""
        return [text for text in Notes.choose(self, strings)
                if text.decode("utf-8", "ignore").encode() == text and b"/" not in text]

    def make(self, folder, strings):
        files = []
        for text in strings:
            value = text.decode("utf-8", "replace")
            operand = {"kind": "memory", "base": value, "index": value, "segment": value,
                       "symbol": value, "relocation": value, "displacement": 8}
            arguments = [{**listings.ARGUMENT, "type": value, "raw": value, "name": value,
                          "c_type": value, "name_source": "dwarf"},
                         {**listings.ARGUMENT, "number": 1, "operand": operand},
                         {**listings.ARGUMENT, "number": 2,
                          "operand": {"kind": "constant", "value": value}}]
            probe = {**listings.PROBE, "provider": value, "name": value, "section": value,
                     "function": {"name": value, "offset": "0x0"}, "arguments": arguments,
                     "arguments_text": value, "note_section": {"name": value, "index": 4},
                     "source": [{"file": value, "line": 1, "function": value}]}
            files.append({**listings.FILE, "path": value, "build_id": value,
                          "command": value, "probes": [probe],
                          "diagnostics": [{"severity": "warning", "code": value,
                                           "message": value}]})
        (folder / "saved").write_text(json.dumps(listings.document(files)))
        (folder / "none").write_bytes(image(b"").bytes())

    traits = ("unordered",)

    def commands(self):
        for row in LISTS:
            yield [*row, "saved"]
        yield ["table", "-o", COLUMNS, "saved"]
        yield from summaries("saved")
        for form in REPORTS:
            yield [form, "check", "-F", form, "--each", "--forbid=*:*", "--args=*=int8", "saved"]
            yield [form, "diff", "-F", form, "--strict", "saved", "none"]


class Processes(Place):
    """Names of processes and of what they have mapped."""

    traits = ("unordered",)
    LIBRARY = FIXTURES / "x86_64" / "gcc-O2.so"

    def __init__(self):
        self.children = []

    def choose(self, strings):
        try:
            ctypes.CDLL(str(self.LIBRARY))
        except OSError:
            return []
        return path_strings([text for text in strings if len(text) < LONG])[::24]

    def make(self, folder, strings):
        code = ("import ctypes, sys, os\n"
                "ctypes.CDLL(sys.argv[1])\n"
                "open('/proc/self/comm', 'wb').write(os.fsencode(sys.argv[2]))\n"
                "print('ready', flush=True)\nsys.stdin.read()\n")
        for i, text in enumerate(strings):
            at = os.fsencode(folder / f"{i:03}")
            os.mkdir(at)
            path = at + b"/" + text
            with open(path, "wb") as file:
                file.write(self.LIBRARY.read_bytes())
            child = subprocess.Popen([sys.executable, "-c", code, path, text[:15]],
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            child.stdout.readline()
            self.children.append((folder, child))

    def pairs(self, strings, tame):
        return [*zip(strings, tame), *((a[:15], b[:15]) for a, b in zip(strings, tame))]

    def normal(self, folder, record):
        for i, child in enumerate(self.mine(folder)):
            record = re.sub(rf"(?<!\d){child.pid}(?!\d)", f"PID{i}", record)
        return re.sub(r"\b0x[5-7][0-9a-f]{11}\b", "0xADDRESS", record)

    def mine(self, folder):
        return [child for side, child in self.children if side == folder]

    def commands(self):
        def pids(folder):
            return "-p" + ",".join(str(child.pid) for child in self.mine(folder))
        for row in LISTS:
            yield [*row, pids]
        yield ["table", "-o", "PID,COMMAND," + COLUMNS, pids]
        yield from summaries(pids)
        for form in REPORTS:
            yield [form, "lint", "-F", form, pids]
            yield [form, "check", "-F", form, "--each", "--forbid=*:*", pids]

    def close(self):
        for _, child in self.children:
            child.stdin.close()
            child.wait(10)
            child.stdout.close()


class Pythons(Place):
    """Directories of Pythons, and what they are told apart by."""

    traits = ("unordered",)

    def choose(self, strings):
        return path_strings([text for text in strings if len(text) < LONG])[::8]

    def make(self, folder, strings):
        for i, text in enumerate(strings):
            top = pathlib.Path(os.fsdecode(os.fsencode(folder / f"{i:03}") + b"/" + text))
            top.mkdir(parents=True)
            (top / "python3").write_bytes(standin.built(11))
            (top / "python3").chmod(0o755)
            (top / "script").write_bytes(b"#!" + os.fsencode(top) + b"/none\n")
            (top / "script").chmod(0o755)

    def commands(self):
        def files(name):
            return lambda folder: [os.fsencode(path) + b"/" + os.listdir(os.fsencode(path))[0] +
                                   b"/" + name for path in sorted(folder.iterdir())]
        for form in ("text", "json", "ndjson", "tsv"):
            yield [form, "python", "-F", form, files(b"python3")]
        yield ["table", "python", "-F", "table", files(b"python3")]


class Messages(Place):
    """What is typed, and what files that are typed say: only what is shown of it."""

    traits = ("shown only",)
    codes = (0, 1, 2)

    def choose(self, strings):
        return [text for text in path_strings(strings, 4096)]

    def make(self, folder, strings):
        self.strings = strings
        (folder / "names").write_bytes(image(Form().probe(TEXT)).bytes())
        for i, text in enumerate(strings):
            (folder / f"d{i}").write_bytes(b"provider p { probe " + text + b"; };\n" + text)
            (folder / f"r{i}").write_bytes(text + b"\n")
            (folder / f"b{i}").write_bytes(b"#!" + text + b"\n")
            (folder / f"b{i}").chmod(0o755)
            (folder / f"v{i}").mkdir()
            (folder / f"v{i}" / "pyvenv.cfg").write_bytes(b"home = " + text + b"\n")
            (folder / f"j{i}").write_bytes(b'{"format": "usdtinfo", "kind": "' + text)
            (folder / f"l{i}").write_bytes(standin.python(
                11, markers=("line",), needed=(text.decode("latin-1"),),
                runpath="/x" + text.decode("latin-1"), interpreter=text.decode("latin-1")))

    def commands(self):
        for i, text in enumerate(self.strings):
            rows = [["--", text], ["--files-from=" + f"r{i}"], ["-m", text, "names"],
                    ["--", b"names/" + text],
                    ["check", "-d", f"d{i}", "names"], ["check", f"--requirements=r{i}", "names"],
                    ["check", b"--require=" + text, "names"], ["check", b"--args=" + text, "names"],
                    ["check", b"--min-probes=" + text, "names"], [b"--" + text], [b"-" + text],
                    ["-F", text, "names"], ["-o", text, "names"], [b"--for=" + text, "names"],
                    ["-p", text], [b"--root=" + text, "names"], ["-d", text, "names"],
                    [b"--color=" + text, "names"], [b"--debuginfo=" + text, "-s", "names"],
                    ["lint", b"--explain=" + text], ["lint", b"--for=" + text, "names"],
                    ["lint", b"--severity=" + text, "names"], [b"-j" + text, "-r", "names"],
                    ["lint", b"--report=json:none/" + text, "names"],
                    ["lint", b"--report=" + text, "names"], ["script", text, "names"],
                    ["python", f"./b{i}"], ["python", f"v{i}"], ["python", "--", text],
                    ["python", b"--require=" + text, "names"], ["--libs", f"l{i}"],
                    ["python", f"./l{i}"], ["diff", "--", text, "names"], [f"j{i}"],
                    ["diff", f"j{i}", "names"], ["lint", b"--fail-on=" + text, "names"]]
            yield from (["readelf", *row] for row in rows)


PLACES = {"notes": Notes, "long": LongNotes, "differences": Differences, "symbols": Symbols,
          "debug": DebugInfo, "paths": Paths, "members": Members, "archive": ArchiveMembers, "saved": Saved,
          "processes": Processes, "pythons": Pythons, "messages": Messages}
