# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Reports of check and diff as others read them: prove(1), an XML schema of JUnit's, the
runner of GitHub Actions, and our own JSON Schema."""
import pathlib
import re
import tempfile
import xml.etree.ElementTree

from helpers import schema
from helpers.tap import SOURCE, TOOL, Tap, have, run, told

HERE = pathlib.Path(__file__).resolve().parent
X86 = "fixtures/x86_64"
# A report, whether it fails.
COMMANDS = [
    (["check", f"{X86}/minimal.so"], False),
    (["check", "--require=minimal:work__start", "--require=no#such", "--forbid=work*",
      "--args=work__done=int32,<&\">", "--min-probes=2", f"{X86}/minimal.so"], None),
    (["check", "--each", "--require=work__start=9", "--forbid=none", f"{X86}/minimal.so",
      f"{X86}/semaphores.so"], True),
    (["check", "--lint", f"{X86}/gc-lld"], True),
    (["check", f"--baseline={X86}/minimal.so", f"{X86}/semaphores.so"], True),
    (["diff", f"{X86}/minimal.so", f"{X86}/minimal.so"], False),
    (["diff", f"{X86}/minimal.so", f"{X86}/semaphores.so"], True),
    (["diff", "--strict", f"{X86}/clang-O0.so", f"{X86}/clang-O2.so"], True),
    (["diff", f"{X86}/none", f"{X86}/none"], False),
]
# A workflow command, as the runner takes it apart: no bare % and no line end in it.
ANNOTATION = re.compile(r"::(error|warning|notice)(?: (?:file|title)=[^:,%\r\n]*"
                        r"(?:%(?:25|0D|0A|3A|2C)[^:,%\r\n]*)*(?:,(?:file|title)=[^:,%\r\n]*"
                        r"(?:%(?:25|0D|0A|3A|2C)[^:,%\r\n]*)*)*)?"
                        r"::(?:[^%\r\n]|%25|%0D|%0A)+\n")


def judge_tap(tap, name, result, fails, folder):
    text = folder / "report.t"
    text.write_text(result.stdout)
    lines = [line for line in result.stdout.splitlines() if line.startswith(("ok", "not ok"))]
    plan = re.search(r"^1\.\.(\d+)", result.stdout, re.MULTILINE)
    tap.ok(plan and int(plan[1]) == len(lines), f"{name}: TAP has its plan", told(result))
    if not have("prove"):
        tap.skip(f"{name}: prove agrees", "no prove")
        return
    proved = run("prove", "--exec", "cat", text)
    tap.ok((proved.returncode != 0) == fails, f"{name}: prove agrees", told(proved))


def judge_junit(tap, name, result, fails, folder):
    path = folder / "report.xml"
    path.write_text(result.stdout)
    suite = xml.etree.ElementTree.fromstring(result.stdout.encode()).find("testsuite")
    cases, failures = suite.findall("testcase"), suite.findall("testcase/failure")
    tap.ok((len(cases), len(failures)) == (int(suite.get("tests")), int(suite.get("failures"))),
           f"{name}: JUnit's counts are those of its cases", result.stdout)
    tap.ok(bool(failures) == fails, f"{name}: JUnit fails as the exit code", result.stdout)
    if not have("xmllint"):
        tap.skip(f"{name}: JUnit by its schema", "no xmllint")
        return
    valid = run("xmllint", "--noout", "--schema", HERE / "junit.xsd", path)
    tap.ok(valid.returncode == 0, f"{name}: JUnit by its schema", told(valid) + result.stdout)


def judge_github(tap, name, result, fails, folder):
    lines = result.stdout.splitlines(True)
    bad = [line for line in lines if not ANNOTATION.fullmatch(line)]
    tap.none(bad, f"{name}: annotations by their grammar")
    tap.ok(not fails or any(line.startswith(("::error", "::warning")) for line in lines),
           f"{name}: a failure is annotated", result.stdout)


def judge_json(tap, name, result, fails, folder):
    found = schema.complaints(result.stdout.encode())
    value = schema.parse(result.stdout)
    tap.none(found, f"{name}: JSON by its schema")
    tap.ok((value["summary"]["failed"] > 0) == fails, f"{name}: JSON counts the failures",
           result.stdout)


JUDGES = {"tap": judge_tap, "junit": judge_junit, "github": judge_github, "json": judge_json}


def self_test(tap, folder):
    for line in ("::error file=a:b::x\n", "::fatal::x\n", "::error::\n", "::error::100%\n", "x\n"):
        tap.ok(not ANNOTATION.fullmatch(line), f"no annotation: {line!r}")
    bad = folder / "bad.xml"
    bad.write_text("<testsuites><testsuite/></testsuites>")
    if have("xmllint"):
        tap.ok(run("xmllint", "--noout", "--schema", HERE / "junit.xsd", bad).returncode != 0,
               "a fault by JUnit's schema is noticed")


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
        folder = pathlib.Path(folder)
        self_test(tap, folder)
        for command, fails in COMMANDS:
            name = " ".join(command).replace("fixtures/x86_64/", "")
            if fails is None:
                result = run(TOOL, *command, cwd=SOURCE)
                tap.ok(result.returncode == 2 and result.stdout == "", f"{name}: misuse",
                       told(result))
                continue
            for form, judge in JUDGES.items():
                aside = folder / "aside"
                result = run(TOOL, *command, "-F", form, f"--report={form}:{aside}", cwd=SOURCE)
                tap.ok(result.returncode == (1 if fails else 0) and not result.stderr,
                       f"{name}: {form} leaves the exit code alone", told(result))
                tap.ok(aside.read_text() == result.stdout, f"{name}: {form} beside the log")
                judge(tap, name, result, fails, folder)
    tap.done()


main()
