# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The report formats of lint, on a file whose names and path are as hostile as can be."""
import json
import pathlib
import re
import shutil
import tempfile
import xml.etree.ElementTree as ElementTree

from helpers import schema
from helpers.tap import SOURCE, TOOL, Tap, have, run

FIXTURES = SOURCE / "fixtures"
ODD_PATH = "a,b:c%0A::error::\n<&\"'> # SKIP \x1b[31m\xe2\x80\xae"
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

# What CI systems read of JUnit's format: element, attributes it must have, its children.
JUNIT = {
    "testsuites": (set(), {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped", "time"}, {"testcase"}),
    "testcase": ({"classname", "name", "time"}, {"failure", "system-out"}),
    "failure": ({"message", "type"}, set()),
    "system-out": (set(), set()),
}


def junit_faults(element):
    if element.tag not in JUNIT:
        return [f"element {element.tag}"]
    attributes, children = JUNIT[element.tag]
    found = []
    if set(element.attrib) != attributes:
        found.append(f"{element.tag} has {sorted(element.attrib)}")
    for child in element:
        found += junit_faults(child) if child.tag in children else [f"{child.tag} in {element.tag}"]
    return found


def check_junit(tap, text, expected):
    try:
        root = ElementTree.fromstring(text.encode("utf-8", "surrogateescape"))
    except ElementTree.ParseError as error:
        tap.ok(False, "JUnit is XML", error)
        return
    suite = root[0]
    cases = list(suite)
    failures = sum(case.find("failure") is not None for case in cases)
    faults = junit_faults(root)
    if (int(suite.get("tests")), int(suite.get("failures"))) != (len(cases), failures):
        faults.append(f"counts {suite.attrib} of {len(cases)} and {failures}")
    if len(cases) != len(expected):
        faults.append(f"{len(cases)} cases, not {len(expected)}")
    tap.none(faults, "JUnit by its structure")


def check_tap(tap, text, expected, folder):
    lines = text.splitlines()
    points = [line for line in lines if re.match(r"(not )?ok \d+ - ", line)]
    faults = [line for line in lines[1:-1] if line not in points]
    if lines[0] != "TAP version 13" or lines[-1] != f"1..{len(points)}":
        faults.append(f"{lines[0]} {lines[-1]}")
    if len(points) != len(expected):
        faults.append(f"{len(points)} points, not {len(expected)}")
    faults += [line for line in points if re.search(r"(?<!\\)#", line)]
    tap.none(faults, "TAP by its grammar")
    if not have("prove"):
        tap.skip("prove reads it", "no prove")
        return
    path = folder / "report.tap"
    path.write_text(text, encoding="utf-8")
    said = run("prove", "--exec", "cat", path).stdout
    failed = sum(line.startswith("not ok") for line in points)
    tap.ok(f"Failed {failed}/{len(points)} subtests" in said and "skipped" not in said,
           "prove reads it", said)


def decode(text, properties):
    codes = {"%25": "%", "%0A": "\n", "%0D": "\r"}
    if properties:
        codes.update({"%3A": ":", "%2C": ","})
    return re.sub(r"%[0-9A-F]{2}", lambda m: codes[m[0]], text)


def check_github(tap, text, expected):
    lines = text.splitlines()
    faults = []
    for line in lines:
        match = re.fullmatch(r"::(error|warning|notice) file=([^,:]*),title=([^,:]*)::(.*)", line)
        if not match:
            faults.append(line)
            continue
        decode(match[2], True), decode(match[4], False)
    if len(lines) != len(expected):
        faults.append(f"{len(lines)} annotations, not {len(expected)}")
    tap.none(faults, "GitHub's annotations by their grammar")


def check_formats(tap, folder):
    path = folder / ODD_PATH
    shutil.copy(FIXTURES / "edge" / "25-names", path)
    outputs = {}
    for form in ("text", "json", "tap", "junit", "github"):
        # The folder has to stay out of the path.
        result = run(TOOL, "lint", "-F", form, ODD_PATH, cwd=folder)
        tap.ok(result.returncode == 1 and not result.stderr, f"{form}: exit 1", result.stderr)
        outputs[form] = result.stdout
        tap.none(CONTROL.findall(result.stdout), f"{form}: nothing that steers a terminal")
    tap.none(schema.complaints(outputs["json"].encode()), "JSON by the schema")
    findings = json.loads(outputs["json"])["findings"]
    tap.ok({f["path"] for f in findings} == {ODD_PATH}, "JSON has the path as it is")
    tap.ok(len(outputs["text"].splitlines()) == len(findings) + 1, "text: a line each, and a sum",
           outputs["text"])
    check_junit(tap, outputs["junit"], findings)
    check_tap(tap, outputs["tap"], findings, folder)
    check_github(tap, outputs["github"], findings)
    reports = [f"--report={form}:{folder}/report.{form}" for form in outputs]
    result = run(TOOL, "lint", "-q", *reports, ODD_PATH, cwd=folder)
    tap.ok(result.returncode == 1 and result.stdout == "", "-q with reports")
    for form, text in outputs.items():
        written = (folder / f"report.{form}").read_bytes().decode("utf-8", "surrogateescape")
        tap.ok(written == text, f"--report={form}:FILE is the same", written)


def check_sound(tap):
    arguments = ["x86_64/exec", "x86_64/pie", "x86_64/none"]
    rows = [
        ("text", "x86_64/none: info: the file has no probes [no-probes]\n1 info\n"),
        ("tap", "TAP version 13\nok 1 - x86_64/exec: ok: nothing wrong\n"
                "ok 2 - x86_64/pie: ok: nothing wrong\n"
                "ok 3 - x86_64/none: info: the file has no probes [no-probes]\n1..3\n"),
        ("github", "::notice file=x86_64/none,title=no-probes::x86_64/none: the file has no probes\n"),
    ]
    for form, want in rows:
        result = run(TOOL, "lint", "-F", form, *arguments, cwd=FIXTURES)
        tap.ok(result.returncode == 0 and result.stdout == want, f"{form} of sound files",
               result.stdout + result.stderr)
    result = run(TOOL, "lint", "-F", "junit", *arguments, cwd=FIXTURES)
    check_junit(tap, result.stdout, arguments)
    full = run("sh", "-c", f"{TOOL} lint {' '.join(arguments)} >/dev/full", cwd=FIXTURES)
    tap.ok(full.returncode == 2 and "write error" in full.stderr, "a full disk", full.stderr)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        check_formats(tap, pathlib.Path(folder))
    check_sound(tap)
    tap.done()


main()
