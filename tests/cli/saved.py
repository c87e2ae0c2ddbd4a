# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Saved listings read back: the same bytes, in every format; what is broken is said with its
line."""
import json
import re

from helpers.tap import SANITIZED, SOURCE, TOOL, Tap, run

FORMATS = ["readelf", "long", "table", "tsv", "ndjson", "names", "json"]
DETAILS = [[], ["-s", "--lines", "-a"]]
SAMPLE = "fixtures/x86_64/minimal.so"
HEADER = {"format": "usdtinfo", "kind": "list", "version": 1, "generator": "usdtinfo 1"}

# What is given on standard input, and the reason; %s stands for the sample.
BROKEN = [
    ("nothing but a bracket", "{", "line 1: broken JSON: it ends in the middle"),
    ("an empty object", "{}", "line 1: not a listing of usdtinfo"),
    ("another program's JSON", '{\n"name": {"deep": [1, 2]},\n"x": 1}',
     "line 3: not a listing of usdtinfo"),
    ("another format", '{"format": "lockfile"}',
     "line 1: its format is 'lockfile', not usdtinfo"),
    ("a newer version", json.dumps({**HEADER, "version": 2, "files": []}),
     "line 1: version 2 is newer than this usdtinfo reads"),
    ("another kind", json.dumps({**HEADER, "kind": "diff", "changes": []}),
     "line 1: of kind 'diff', not a listing"),
    ("no files", json.dumps(HEADER), "line 1: a listing without 'files'"),
    ("an array of arrays", '{"files": ' + "[" * 100, "line 1: broken JSON: it ends in the middle"),
    ("a file that is none", json.dumps({**HEADER, "files": [1]}),
     "line 1: broken JSON: '1' where '{' should be"),
    ("a file without a path", json.dumps({**HEADER, "files": [{"state": "ok"}]}),
     "line 1: 'path' is missing in a file"),
    ("a stream without its summary", json.dumps({"record": "header", **HEADER}),
     "line 1: it ends without its summary"),
    ("a probe without a file",
     json.dumps({"record": "header", **HEADER}) + '\n{"record": "probe", "path": "x"}',
     "line 2: a probe without its file before it"),
]

# A line of the saved sample is changed.
CHANGED = [
    ('"location": "0x', '"location": "0y', "'location' is not hexadecimal in a string"),
    ('"size": 4', '"size": -4', "'size' is not a number"),
    ('"size": 4', '"size": 4.5', "'size' is not a number"),
    ('"kind": "nop"', '"kind": "hop"', "'kind' is not one of its names"),
    ('"machine": "x86_64"', '"machine": "y86_64"', "'machine' is 'y86_64', which is not known"),
    ('"signed": true', '"signed": 1', "'signed' is not true or false"),
    ('"bytes": "90"', '"bytes": "9"', "'bytes' is not up to 16 bytes in hexadecimal"),
    ('"bytes": "90"', '"bytes": "%s"' % ("90" * 17), "'bytes' is not up to 16 bytes in hexadecimal"),
    ('"base_delta": "0x0"', '"base_delta": "-0x8000000000000001"',
     "'base_delta' is not hexadecimal in a string"),
    ('"provider": "minimal"', '"provider": null', "a probe whose names are null"),
    ('"size": 4', '"size": x', "broken JSON: "),
    ('"raw": ', '"raw_": ', "'raw' is missing in a argument"),
    ('"register": ', '"register_": ', "'register' is missing in a operand"),
    # json-c refuses the first two since 0.17, the next since 0.18, the last two since 0.19.
    ('"size": 4', '"size": 18446744073709551616', "broken JSON: number expected"),
    ('"size": 4', '"size": -9223372036854775809', "broken JSON: number expected"),
    ('"provider": "minimal"', '"provider": "mini\tmal"', "broken JSON: invalid string sequence"),
    ('"provider": "minimal"', '"pro\tvider": "minimal"', "broken JSON: invalid string sequence"),
    ('"path": ', '"pa\th": ', "broken JSON: invalid string sequence"),
]


def read(options, text):
    return run(TOOL, *options, "-", stdin=None, input=text, cwd=SOURCE)


def fixtures():
    return sorted(str(p.relative_to(SOURCE)) for p in (SOURCE / "fixtures").rglob("*")
                  if p.is_file() and p.suffix not in (".c", ".py", ".s", ".d"))


def same(tap, direct, saved, name):
    good = (direct.stdout, direct.stderr, direct.returncode) == \
        (saved.stdout, saved.stderr, saved.returncode)
    differing = [f"{a!r}\n{b!r}" for a, b in
                 zip(direct.stdout.splitlines(), saved.stdout.splitlines()) if a != b]
    tap.ok(good, name, "\n".join(differing[:3] + [direct.stderr[:300], saved.stderr[:300]]))


def round_trips(tap, files):
    for details in DETAILS:
        listing = run(TOOL, "-J", *details, *files, cwd=SOURCE).stdout
        records = run(TOOL, "-F", "ndjson", *details, *files, cwd=SOURCE).stdout
        for form in FORMATS:
            direct = run(TOOL, "-F", form, *details, *files, cwd=SOURCE)
            same(tap, direct, read(["-F", form, *details], listing),
                 f"{form} {' '.join(details)}: from JSON as from {len(files)} files")
            same(tap, direct, read(["-F", form, *details], records),
                 f"{form} {' '.join(details)}: from NDJSON as well")
        same(tap, run(TOOL, "-J", *details, *files, cwd=SOURCE), read(["-J"], listing),
             "what was asked for when it was saved stays")


def orders(tap):
    listing = run(TOOL, "-J", SAMPLE, cwd=SOURCE).stdout
    value = json.loads(listing)
    compact = json.dumps(value, sort_keys=True)
    for name, text in [("sorted keys", compact),
                       ("laid out otherwise", json.dumps(value, indent=7, sort_keys=True)),
                       ("with keys of a later time", listing.replace(
                           '"path":', '"new": [{"a": "]"}], "newer": 1, "path":'))]:
        tap.ok(read(["-J"], text).stdout == listing, f"{name}: read back the same")
    twice = read(["-F", "names"], listing + listing)
    tap.ok(twice.stdout == run(TOOL, "-F", "names", SAMPLE, cwd=SOURCE).stdout,
           "two listings, one after the other")
    for options in (["-m", "work__done"], ["-q"], ["-l"], ["-q", "-m", "absent"]):
        same(tap, run(TOOL, *options, SAMPLE, cwd=SOURCE),
             read(options, listing),
             f"{' '.join(options)}: as of the file")
    big = json.dumps({**value, "files": value["files"] * 2000})
    tap.ok(len(big) > 1 << 20 and read(["-F", "names"], big).returncode == 0,
           "a pipe longer than is held")
    late = json.dumps({"files": value["files"] * 2000, **HEADER})
    result = read(["-F", "names"], late)
    tap.ok(result.returncode == 2 and "which a pipe does not allow" in result.stderr,
           "a long pipe with its header last is refused", result.stderr)


# What is read at a time: the size of struct input's buffer.
PIECE = 1 << 16


def characters(tap):
    """A listing is read in pieces, whose ends may lie within a character."""
    listing = run(TOOL, "-J", SAMPLE, cwd=SOURCE).stdout
    for character in "\u00e9\u20ac\U0001f600":
        wrong = []
        for before in range(len(character.encode())):
            path = "x" * before + character * 40000
            text = listing.replace(SAMPLE, path)
            if read(["-J"], text).stdout != text:
                wrong.append(f"after {before} bytes")
        tap.none(wrong, f"characters of {len(character.encode())} bytes: read back the same")
    # Nor is a byte of 0x80 and more a control character, as json-c 0.18 has it.
    odd = listing.replace(SAMPLE, "\u00e9x\u20ac").replace('"minimal"', '"\u00e9 \U0001f600"')
    tap.ok(read(["-J"], odd).stdout == odd, "names that are not ASCII: read back the same")
    key = listing.replace('"provider": ', '"\u00e9": "\u00e9", "provider": ', 1)
    tap.ok(key != listing and read(["-J"], key).stdout == listing, "and keys: passed over")
    for name, new in (("before a value", '"size": \u00e94'), ("in a number", '"size": 4\u00e9'),
                      ("in a word", '"signed": tr\u00e9ue, "size": 4')):
        text = listing.replace('"size": 4', new, 1)
        result = read([], text)
        tap.ok(text != listing and result.returncode == 2 and "broken JSON" in result.stderr,
               f"{name} they are broken", result.stderr)
    text = listing.replace(SAMPLE, "x\udce2\udc82")
    result = read([], text)
    tap.ok(result.returncode == 2 and "broken JSON: invalid utf-8" in result.stderr,
           "half a character is broken", result.stderr)
    cut = listing[:listing.index(SAMPLE)] + "\udce2\udc82"
    result = read([], cut)
    tap.ok(result.returncode == 2 and "broken JSON" in result.stderr,
           "and so it is at the end", result.stderr)


def scans(tap):
    """The summary of a scan counts files that it does not list."""
    for form in ("json", "ndjson"):
        direct = run(TOOL, "-F", form, "-r", "fixtures/x86_64", cwd=SOURCE)
        same(tap, direct, read(["-F", form], direct.stdout), f"{form} of a scan")
        twice = read(["-F", "ndjson"], direct.stdout * 2).stdout.splitlines()[-1]
        once = read(["-F", "ndjson"], direct.stdout).stdout.splitlines()[-1]
        tap.ok(json.loads(twice)["files"] == 2 * json.loads(once)["files"] > 0,
               f"{form} of two: both are counted")
    listing = json.loads(run(TOOL, "-J", SAMPLE, cwd=SOURCE).stdout)
    for name, text in (("stands first", {"summary": {**listing["summary"], "files": 7}, **HEADER,
                                         "files": listing["files"]}),
                       ("is short", {**listing, "summary": {"files": 7}}),
                       ("is no object", {**listing, "summary": None})):
        result = read(["-F", "ndjson"], json.dumps(text))
        summary = json.loads(result.stdout.splitlines()[-1])
        tap.ok(result.returncode == 0 and
               summary["files"] == (7 if name == "stands first" else 1),
               f"a summary that {name}", f"{summary}")


def pieces(tap):
    """Nor does it matter which value a piece ends with, number or word, just so."""
    listing = run(TOOL, "-J", "-s", "--lines", "-a", SAMPLE, cwd=SOURCE).stdout
    ends = [match.end() for match in re.finditer(r"[0-9a-z](?=[,\]}\s])", listing)]
    texts = ("{" + " " * (PIECE - end) + listing[1:] for end in ends)
    wrong = [end for end, text in zip(ends, texts)
             if text[PIECE] not in ",]} \n" or read(["-J"], text).stdout != listing]
    tap.none(wrong, "a piece may end with any value")
    tap.ok({"l", "e"} < {listing[end - 1] for end in ends} and len(ends) > 20,
           "numbers and words stand at such ends", len(ends))


def faults(tap):
    for name, text, reason in BROKEN:
        result = read([], text)
        tap.ok((result.returncode, result.stderr) == (2, f"usdtinfo: -: {reason}\n"), name,
               f"exit {result.returncode}: {result.stderr}")
    listing = run(TOOL, "-J", SAMPLE, cwd=SOURCE).stdout
    for old, new, reason in CHANGED:
        changed = listing.replace(old, new, 1)
        result = read(["-F", "names"], changed)
        tap.ok(changed != listing and result.returncode == 2 and
               result.stderr.count("\n") == 1 and f": {reason}" in result.stderr,
               f"{new[:40]}: {reason}", f"exit {result.returncode}: {result.stderr}")
    bad = [size for size in range(1, len(listing) - 1, 97)
           if read(["-q"], listing[:size]).returncode != 2]
    tap.none(bad, "cut anywhere it is trouble")
    records = run(TOOL, "-F", "ndjson", SAMPLE, cwd=SOURCE).stdout.splitlines(True)
    bad = [n for n in range(1, len(records))
           if read(["-q"], "".join(records[:n])).returncode != 2]
    tap.none(bad, "NDJSON without its last lines is trouble")


def main():
    tap = Tap()
    if "json-c=no" in run(TOOL, "--version").stdout:
        result = read([], "{}")
        tap.ok(result.returncode == 2 and "no json-c" in result.stderr,
               "a build without json-c says so", result.stderr)
        tap.done()
    round_trips(tap, fixtures()[::4 if SANITIZED else 1])
    orders(tap)
    characters(tap)
    pieces(tap)
    scans(tap)
    faults(tap)
    tap.done()


main()
