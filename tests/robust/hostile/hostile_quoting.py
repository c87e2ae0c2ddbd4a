# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Lines to paste and scripts: what a tool would be told of hostile names and paths.

    hostile_quoting.py [STEP]    every STEPth string

The names are those of files' notes, of members of packages, of arguments in debug information, and
all that a saved listing can say. Whatever is written is read as its tool reads it, and all that it
may say is a probe that is in the files. Into what was rightly written a line is planted that
says more: a reader that takes it could not have failed.
"""
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile

from helpers import listings
from helpers.tap import HANG, SOURCE, TOOL, Tap
from elfmaker import SIZE, TEXT, Form, image
from judges import Fault, check_safe
from strings import CANARY, TOUCH, hostile_strings, path_strings
from tool_readers import READERS, strangers

BASE = 0x1180


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


def member_path(name):
    """Where a member is when its package is unpacked at /; None: nowhere."""
    parts = [part for part in name.split(b"/") if part not in (b"", b".")]
    return None if b".." in parts else b"/" + b"/".join(parts)


def members(folder, strings):
    """A package whose members have hostile names, spelt in several ways."""
    content = file_of(Form().probe(TEXT, BASE, provider="p", name="n", args="8@%rdi"))
    path, probes = os.fsencode(folder) + b"/members.tar", set()
    with tarfile.open(os.fsdecode(path), "w", format=tarfile.GNU_FORMAT) as file:
        for i, text in enumerate(text for text in strings if len(text) < 300):
            for form in (b"usr//bin/%d%s", b"./usr/./%d/%s", b"/%d//%s", b"usr/%d/../%s"):
                name = form % (i, text)
                info = tarfile.TarInfo(os.fsdecode(name))
                info.size = len(content)
                file.addfile(info, io.BytesIO(content))
                probes.add((member_path(name), b"p", b"n"))
    return [path], probes


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


def written(tool, path):
    words = [tool] if tool.startswith("--for") else ["script", tool]
    return subprocess.run([TOOL, *words, path], capture_output=True, check=False,
                          stdin=subprocess.DEVNULL, timeout=HANG).stdout


def check(tap, tool, what, paths, probes, folder):
    wrong, count = [], 0
    for path in paths:
        try:
            # zsh and others read bytes; what steers a terminal is in none of them.
            found = READERS[tool](check_safe(written(tool, path), "\n\t"), folder)
        except Fault as fault:
            wrong.append(f"{path}: {fault}")
            continue
        count += len(found)
        wrong += [f"{path}: {row}" for row in strangers(found, probes)]
    tap.none(wrong[:20], f"{tool}, {what}: {count} probes of {len(paths)} files")
    tap.ok(count > 0, f"{tool}, {what}: some can be said")


# ---- readers that could not fail ---------------------------------------------------------

RUN = TOUCH.decode()
# What each language runs, as a line of its own, and behind the text of a line.
SH = (f"{RUN}\n", f"perf $({RUN})\n", "perf probe -x /other %sdt_p:n\n"), (f"; {RUN}", " -a", " `x`")
AWK = (f'system("{RUN}");\n', f'\tsystem("{RUN}");\n', f'\t$x = system("{RUN}");\n',
       f'BEGIN {{ system("{RUN}"); }}\n'), (f' system("{RUN}");', " x")
STAP = (f'\tsystem("{RUN}")\n', f'\tx = system("{RUN}")\n', "%{ x %}\n",
        'probe begin { exit() }\n'), (f' system("{RUN}")', ", probe begin")
GDB = (f"shell {RUN}\n", f"  shell {RUN}\n", "  python import os\n", "  call abort()\n",
       f'  set $usdt_x = $_shell("{RUN}")\n', f'  printf "%d", $_shell("{RUN}")\n',
       "break other\n"), (f" if $_shell(\"{RUN}\")", " thread 1")
PLANTED = {
    "--for=bpftrace": AWK, "bpftrace": AWK, "--for=dtrace": AWK, "dtrace": AWK,
    "--for=stap": STAP, "stap": STAP, "tapset": STAP, "--for=gdb": GDB, "gdb": GDB,
    "--for=perf": SH, "--for=bcc": SH, "--for=lttng": SH, "perf": SH,
    "--for=libbpf": ((f'system("{RUN}");\n', 'SEC("usdt//other:p:n")\n'), (f' system("{RUN}");',)),
    "--for=ftrace": (("p:x/y /other:0x10\n", "-:x/y\n"), (" arg1=%di:u64;x", " x")),
}


def planted(tool, text):
    """The text with a line more, or with more in a line, wherever a line ends that is no comment."""
    lines, behind = PLANTED[tool]
    # The program around the commands of perf's script is usdtinfo's own.
    begin = text.index("\n# Written by") if tool == "perf" else text.index("\n")
    end = text.rindex("list=$(") if tool == "perf" else len(text)
    ends = [match.start() for match in re.finditer(r"(?<!\n)(?=\n)", text[:end])
            if match.start() >= begin]
    for at in ends:
        last = text[text.rfind("\n", 0, at) + 1:at]
        yield from (text[:at + 1] + line + text[at + 1:] for line in lines)
        if not last.startswith(("#", "//", "/*")):
            yield from (text[:at] + more + text[at:] for more in behind)


def check_planted(tap, tool, paths, probes, folder):
    missed, count = [], 0
    for path in paths:
        text = written(tool, path).decode()
        try:
            right = READERS[tool](text, folder)
        except Fault as fault:
            missed.append(f"{path} is not read: {fault}")
            continue
        for other in planted(tool, text):
            count += 1
            try:
                found = READERS[tool](other, folder)
            except Fault:
                continue
            if not strangers(found, probes):
                missed.append(other)
        if not right or strangers(right, probes):
            missed.append(f"{path} is not read rightly")
    tap.none(missed[:3], f"{tool}: the reader sees each of {count} planted faults")
    tap.ok(count > 0, f"{tool}: faults were planted")


def tame(folder):
    """Files of which every tool can say something, and whose scripts have variables of each kind."""
    notes = Form().probe(TEXT, BASE, provider="tame", name="probe", args="8@%rdi -4@%esi 8@%rdx")
    (folder / "tame").write_bytes(file_of(notes))
    text = {**listings.ARGUMENT, "name_source": "dwarf", "name": "text", "c_type": "char *"}
    listing = listings.document([{**listings.FILE, "path": "/tmp/tame", "probes": [
        probe_of("texts", [text, {**text, "number": 1, "name": "text_len", "c_type": "int"},
                           {**text, "number": 2, "name": "other"}], b"8@%rdi 8@%rsi 8@%rdx")]}])
    (folder / "listing").write_text(json.dumps(listing))
    top = os.fsencode(folder)
    return [top + b"/tame", top + b"/listing"], \
        {(top + b"/tame", b"tame", b"probe"), (b"/tmp/tame", b"p", b"texts")}


PLACES = {"made": made, "members": members, "saved": saved, "described": described}


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
        for tool in READERS:
            check_planted(tap, tool, *tame(folder), folder / "work")
    tap.done()


if __name__ == "__main__":
    main()
