# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Every compiled fixture against its sources: names, counts of arguments, sites, operands.

What a source says in STAP_PROBEn(provider, name, ...) must come out of every binary made of
it, whatever the machine, compiler, linker and stripper: the same names, n arguments each,
none of them unknown, all with one size and sign on one machine, and a nop at every site
that the file holds.
"""
import collections
import hashlib
import json
import re
import tempfile

from helpers.tap import SOURCE, TOOL, Tap, run, told

FIXTURES = SOURCE / "fixtures"
# Machines of which nobody reads the operands: they are listed all the same.
LISTED_ONLY = {"m68k", "hppa", "alpha", "sh4"}
# Files that are to have no probes.
STATES = {
    "x86_64/none": "no-probes", "x86_64/none.o": "no-probes",
    "x86_64/only-semaphores.o": "no-probes", "x86_64/lto-gcc.o": "no-probes",
    "x86_64/lto-clang.o": "not-elf", "x86_64/llvm-strip": "notes-stripped",
    "separate/site.dwo": "no-probes", "separate/dwz.debug": "no-probes", "x86_64/no-notes": "notes-stripped", "x86_64/strip-sections": "no-section-headers",
}
# Only these moved, so that what they point at is no probe.
MOVED = {"x86_64/base-moved-up", "x86_64/base-moved-down", "i386/base-moved-up"}


def manifest():
    """Yields each file of MANIFEST as a dictionary."""
    for block in (FIXTURES / "MANIFEST").read_text().split("\n\n"):
        path, *fields = block.strip().split("\n")
        yield {"path": path, **{f.split()[0]: f.split(None, 1)[1] for f in fields}}


def declared(source):
    """The probes of a source: {"provider:name": number of arguments}."""
    text = (FIXTURES / source).read_text()
    found = {}
    for included in re.findall(r'#include "(\w+\.c)"', text):
        found.update(declared(f"src/{included}"))
    for number, provider, name in re.findall(r"STAP_PROBE(\d*)\((\w+), (\w+)[,)]", text):
        found[f"{provider}:{name}"] = int(number or 0)
    return found


def expected(row, rows):
    """The probes of all sources of a file, through the files that it was made of."""
    found = {}
    for source in row["sources"].split():
        if source in rows:
            found.update(expected(rows[source], rows))
        elif not source.endswith(".S"):
            found.update(declared(source))
    if "-DFEW_STRUCTS" in row["command"]:
        found.pop("floats:structs", None)
    # What nobody calls goes, when the linker may say so.
    if "--gc-sections" in row["command"] or re.search("-flto .*-static", row["command"]):
        found.pop("minimal:unused", None)
    return found


def judge(row, rows, file):
    found = []
    folder = row["path"].split("/")[0]
    if file["state"] != STATES.get(row["path"], "ok"):
        found.append(f"state {file['state']}")
    if file["state"] != "ok":
        return found
    names = {f"{p['provider']}:{p['name']}" for p in file["probes"]}
    want = expected(row, rows)
    if names - {n for n in names if n.startswith("asm:")} != set(want):
        found.append(f"names {sorted(names ^ set(want))} are missing or too many")
    for probe in file["probes"]:
        name = f"{probe['provider']}:{probe['name']}"
        arguments = probe["arguments"]
        label = f"{name} at {probe['location']}"
        if name in want and len(arguments) != want[name]:
            found.append(f"{label}: {len(arguments)} arguments, not {want[name]}")
        if folder not in LISTED_ONLY and name != "asm:odd":
            found += [f"{label}: {a['raw']!r} is unknown" for a in arguments
                      if a["operand"]["kind"] == "unknown"]
        if not has_semaphore(row, probe):
            found.append(f"{label}: semaphore {probe['semaphore']}, "
                         f"{probe.get('semaphore_symbol')}")
        if not is_site(row, folder, name, probe):
            found.append(f"{label}: {probe['site']}")
    return found


def has_semaphore(row, probe):
    if probe["provider"] != "semaphores" or row["path"] in MOVED:
        return True
    if row["path"].endswith(".o"):
        return probe["semaphore_symbol"] == f"semaphores_{probe['name']}_semaphore"
    # Alpha's linker leaves to a dynamic relocation what others write.
    if row["path"] in ("x86_64/semaphore-elsewhere", "alpha/semaphores.so"):
        return probe["semaphore"] is None
    offset = probe["semaphore_offset"]
    if row["shows"].startswith("debug file"):
        return offset is None
    return offset is not None and int(offset, 16) % 2 == 0


def is_site(row, folder, name, probe):
    kind = probe["site"]["kind"]
    if folder in LISTED_ONLY or row["path"] in MOVED or name == "asm:other":
        return True
    if row["shows"].startswith("debug file"):
        return kind == "unavailable"
    return kind.startswith("nop")


def signatures(rows, files):
    """Yields complaints where one machine's compilers disagree about a probe's arguments."""
    seen = collections.defaultdict(lambda: collections.defaultdict(list))
    for row in rows.values():
        file = files.get(row["path"])
        if not file or not re.search(r"/(gcc|clang)-O", row["path"]):
            continue
        for probe in file["probes"]:
            signature = tuple((a["size"], a["signed"], a["float"])
                              for a in probe["arguments"])
            key = (row["path"].split("/")[0], probe["provider"], probe["name"])
            seen[key][signature].append(row["path"])
    for key, variants in seen.items():
        if len(variants) > 1:
            yield f"{key}: {dict(variants)}"


def main():
    tap = Tap()
    rows = {row["path"]: row for row in manifest()}
    tap.none([path for path, row in rows.items() if row["sha256"] != hashlib.sha256(
        (FIXTURES / path).read_bytes()).hexdigest()],
             "every fixture is the one that MANIFEST knows")
    here = {str(p.relative_to(FIXTURES)) for p in FIXTURES.glob("*/*")
            if p.parent.name not in ("src", "edge", "__pycache__")}
    tap.none(sorted(here ^ set(rows)), "every fixture is in MANIFEST")
    plain = [path for path in rows if not path.endswith(".a")]
    with tempfile.NamedTemporaryFile("w", suffix=".list") as names:
        names.write("\n".join(plain) + "\n")
        names.flush()
        result = run(TOOL, "-J", f"--files-from={names.name}", cwd=FIXTURES)
    if not tap.ok(result.returncode == 2, "some of the files are trouble", told(result)):
        tap.done()
    files = {file["path"]: file for file in json.loads(result.stdout)["files"]}
    tap.none(sorted(set(plain) ^ set(files)), "every file has its entry")
    for path in plain:
        if path in files:
            tap.none(judge(rows[path], rows, files[path]), path)
    tap.none(list(signatures(rows, files)), "compilers of one machine agree about arguments")
    tap.done()


main()
