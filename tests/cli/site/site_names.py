# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Functions, lines, names and types of arguments, held to the source of the fixtures."""
import json
import pathlib

from helpers.tap import SOURCE, TOOL, Tap, run
from expected import aliases, chains, probes

FIXTURES = SOURCE / "fixtures" / "site"
# How many of a hundred arguments that are variables or members have to be named. The others
# were copied to a place that the debug info does not tell of, and instructions are followed
# in linked files of two machines only.
LEAST = (
    (".o", "x86_64", 90), (".o", "i386", 90), (".o", "aarch64", 75), (".o", "arm", 75),
    (".o", "thumb", 75), (".o", "s390x", 75), (".o", "riscv64", 75), (".o", "mips64el", 70),
    (".o", "ppc64", 45), ("-", "-", 95),
)
# Without Capstone.
UNTRACED = (("-O0", "-", 0), ("clang", "-", 0), *LEAST[:-1], ("x86_64", "-", 90), ("-", "-", 80))
# Spellings of one type.
SAME = {"short int": "short", "short unsigned int": "unsigned short", "long int": "long"}


def listing(path, *options):
    done = run(TOOL, "-J", "-s", "--lines", "-a", *options, path)
    return json.loads(done.stdout)["files"][0]


def complaints_about(argument, wanted, c_type, tally):
    """Whether a name is right; one that is missing is only counted."""
    name = argument["name"]
    spelled = SAME.get(argument["c_type"], argument["c_type"])
    candidates = [row["name"] for row in argument.get("candidates", [])]
    if name is None:
        tally["missing"] += c_type is not None and wanted not in candidates
        tally["variables"] += c_type is not None and wanted not in candidates
        return
    tally["variables"] += c_type is not None
    if c_type is None:
        yield f"{argument['raw']} is no variable, named {name}"
    elif name != wanted and name not in aliases().get(wanted, ()):
        yield f"{argument['raw']} is {wanted}, named {name}"
    elif spelled != c_type:
        yield f"{argument['raw']} {wanted} is {c_type}, typed {spelled}"
    elif argument["name_source"] != "dwarf" or candidates:
        yield f"{argument['raw']} {wanted}: source or candidates"


def check(tap, path, table):
    expected, functions = probes(), chains()
    found = listing(path)
    tally = {"variables": 0, "missing": 0}
    wrong, places, seen = [], [], set()
    for probe in found["probes"]:
        line, arguments = expected[probe["name"]]
        seen.add(probe["name"])
        source = probe["source"] or []
        if not source or source[0] != {"file": "src/site.c", "line": line,
                                       "function": source[0].get("function")}:
            places.append(f"{probe['name']}: {source}, not line {line}")
        chain = [row.get("function") for row in source]
        if probe["name"] in functions and chain != functions[probe["name"]]:
            places.append(f"{probe['name']}: {chain}")
        if not probe["function"] or probe["function"]["name"] != chain[-1]:
            places.append(f"{probe['name']}: in {probe['function']}, not {chain}")
        for argument, (name, c_type) in zip(probe["arguments"], arguments):
            wrong += [f"{probe['name']}: {text}" for text in
                      complaints_about(argument, name, c_type, tally)]
    name = path.name
    tap.none(sorted(set(expected) - seen), f"{name}: every probe is there")
    tap.none(places, f"{name}: functions and lines")
    tap.none(wrong, f"{name}: no name or type is wrong")
    named = 100 * (1 - tally["missing"] / tally["variables"])
    least = next(row[2] for row in table if row[0] in name and row[1] in name)
    tap.ok(named >= least, f"{name}: {named:.0f} of 100 are named, at least {least}")
    tap.none(found["diagnostics"], f"{name}: nothing to complain about")


# Debian's python3.11 has no debug info: the catalogue knows its markers.
PYTHON = pathlib.Path("/usr/bin/python3.11")
MARKERS = {
    "function__entry": "filename funcname lineno", "function__return": "filename funcname lineno",
    "line": "filename funcname lineno", "gc__start": "generation", "gc__done": "collected",
    "import__find__load__start": "modulename", "import__find__load__done": "modulename found",
    "audit": "event tuple",
}


def check_python(tap):
    found = listing(PYTHON, "--debuginfo=/nonexistent") if PYTHON.exists() else {"probes": []}
    if not found["probes"] or "debug-info-missing" not in str(found["diagnostics"]):
        tap.skip("python3.11: the catalogue", "no python3.11 with markers and without debug info")
        return
    wrong = [f"{probe['name']}: {argument['raw']} {argument['name']}, not {name}"
             for probe in found["probes"]
             for argument, name in zip(probe["arguments"], MARKERS[probe["name"]].split())
             if (argument["name"], argument["name_source"]) != (name, "catalogue")]
    tap.none(wrong, "python3.11: the catalogue names every argument")


def main():
    tap = Tap()
    check_python(tap)
    table = LEAST if "capstone=yes" in run(TOOL, "--version").stdout else UNTRACED
    for path in sorted(FIXTURES.iterdir()):
        check(tap, path, table)
    tap.done()


if __name__ == "__main__":
    main()
