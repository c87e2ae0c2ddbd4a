# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""usdtinfo.h gives all that JSON shows, however a file is opened and from several threads."""
import json
import pathlib
import sys
import urllib.parse

from helpers.tap import SOURCE, TOOL, WRAPPER, Tap, run, told

FACTS = [*WRAPPER, pathlib.Path(sys.argv[1]).resolve()]
FIXTURES = SOURCE / "fixtures"
PLAIN, ALL = 0x7, 0x3f  # enum usdtinfo_detail, ored
PRINTABLE = "".join(map(chr, range(0x21, 0x7f))).replace("%", "")


def text(holder, key):
    """A text as facts.c writes it: with all its bytes where they are no UTF-8."""
    if holder.get(key) is None:
        return "-"
    data = bytes.fromhex(holder[f"{key}_hex"]) if f"{key}_hex" in holder else holder[key].encode()
    return urllib.parse.quote_from_bytes(data.split(b"\0")[0], PRINTABLE)


def shown(value):
    return "-" if value is None else str(int(value) if isinstance(value, bool) else value)


def argument_lines(argument):
    operand = argument["operand"]
    size = min(argument["size"], 2**32 - 1)
    yield "\t".join([
        "argument", text(argument, "raw"), str(size), shown(argument["size_declared"]),
        shown(argument["signed"]), shown(argument["float"]), shown(argument["resolvable"]),
        text(argument, "type"), operand["kind"], text(operand, "register"),
        shown(operand.get("shift", 0)), shown(operand.get("pair", False)),
        text(operand, "value"), text(operand, "base"), text(operand, "index"),
        shown(operand.get("scale") or 0), operand.get("index_extend", "none"),
        shown(operand.get("index_subtracted", False)), shown(operand.get("displacement", 0)),
        text(operand, "symbol"), text(operand, "relocation"), text(operand, "segment"),
        shown(operand.get("pc_relative", False)), shown(operand.get("address")),
        *operand.get("candidates", [])])
    yield "\t".join(["name", text(argument, "name"), text(argument, "c_type"),
                     text(argument, "name_source"),
                     *(text(each, key) for each in argument.get("candidates", [])
                       for key in ("name", "c_type"))])


def probe_lines(probe):
    note = probe["note_section"] or {"name": None, **probe["note_segment"]}
    yield "\t".join([
        "probe", text(probe, "provider"), text(probe, "name"), text(probe, "arguments_text"),
        shown(probe["location"]), probe["location_raw"], probe["base"], probe["base_delta"],
        shown(probe["semaphore"]), probe["semaphore_raw"] or "0x0", shown(probe["file_offset"]),
        shown(probe["semaphore_offset"]), text(probe, "section"), shown(probe["section_offset"]),
        text(note, "name"), "section" if note["name"] is not None else "segment",
        str(note["index"]), probe["note_offset"], str(probe["note_size"]),
        *([note["offset"], str(note["size"])] if note["name"] is None else ["inside"]),
        probe["site"]["kind"], probe["site"]["bytes"] or "", text(probe, "semaphore_symbol")])
    function = probe.get("function") or {}
    yield "\t".join(["function", text(function, "name"), shown(function.get("offset"))])
    for line in probe.get("source") or []:
        yield "\t".join(["source", text(line, "file"), str(line["line"] or 0),
                         text(line, "function")])
    for argument in probe["arguments"]:
        yield from argument_lines(argument)


def file_lines(file):
    yield "\t".join(["file", *(text(file, key) for key in ("path", "state", "build_id")),
                     str(file["class"]), file["endian"], text(file, "machine"),
                     str(file["machine_number"]), file["type"], file["base_state"]])
    for probe in file["probes"]:
        yield from probe_lines(probe)
    for found in file["diagnostics"]:
        yield "\t".join(["diagnostic", found["severity"], found["code"], text(found, "message")])


def compare(tap, mode, details, options, files):
    listed = run(TOOL, "-J", *options, *files, cwd=FIXTURES)
    known = run(*FACTS, mode, str(details), *files, cwd=FIXTURES, timeout=300)
    if not tap.ok(known.returncode == 0, f"facts {mode} {details:#x}", told(known)):
        return
    blocks = ("\n" + known.stdout).split("\nfile\t")[1:]
    have = {block.split("\t", 1)[0]: "file\t" + block.rstrip("\n") for block in blocks}
    wrong = []
    for file in json.loads(listed.stdout)["files"]:
        mine = have[file["path"]]
        if file["class"] is None:
            if "\trefused\t" not in mine:
                wrong.append(f"{file['path']}: not refused")
            continue
        want = list(file_lines(file))
        for one, other in zip(want + ["-"], mine.split("\n") + ["-"]):
            if one != other:
                wrong.append(f"{file['path']}:\n  JSON    {one}\n  library {other}")
                break
    tap.none(wrong, f"the library tells what JSON shows: {mode}, {' '.join(options) or 'plain'}")
    tap.ok(len(have) == len(files), f"every file is told of: {mode}", f"{len(have)} of {len(files)}")


def main():
    tap = Tap()
    files = sorted(str(path.relative_to(FIXTURES)) for path in FIXTURES.glob("*/*")
                   if path.is_file() and path.suffix != ".a" and path.parent.name != "src")
    for mode in ("path", "descriptor", "memory", "pipe"):
        compare(tap, mode, PLAIN, [], files)
    described = [path for path in files if path.startswith(("site/", "x86_64/"))]
    compare(tap, "path", ALL, ["-s", "--lines", "-a"], described)
    changed = list(probe_lines({**json.loads(run(
        TOOL, "-J", "x86_64/minimal.so", cwd=FIXTURES).stdout)["files"][0]["probes"][0],
        "file_offset": "0x1"}))
    known = run(*FACTS, "path", str(PLAIN), "x86_64/minimal.so", cwd=FIXTURES).stdout
    tap.ok(changed[0] not in known and changed[1] in known, "another offset is noticed")
    tap.done()


main()
