# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Analyzers over all sources of the library and the tool: see tests/README.md.

    builds_analyze.py [TOOL...] [--only=WORD]     one point a tool; only files with WORD in their path

A finding fails unless a row of explained.txt says why it is none; a row that explains no
finding any more fails as well (unless --only is given).
"""
import concurrent.futures
import fnmatch
import os
import pathlib
import plistlib
import re
import sys
import tempfile

from helpers.commands import flags, sources
from helpers.tap import BUILD, SOURCE, Tap, have, run, told

HERE = pathlib.Path(__file__).resolve().parent

FINDING = re.compile(r"^(?P<path>[^\s:][^:]*):(?P<line>\d+):(?:\d+:)? "
                     r"(?:warning|error): (?P<text>.*) \[(?P<check>[^\]]+)\]$", re.MULTILINE)
# Leaks are left to LeakSanitizer: gcc 12 does not know of __attribute__((cleanup)).
GCC = ("-fanalyzer", "-Wno-analyzer-malloc-leak", "-Wno-analyzer-file-leak",
       "-fdiagnostics-color=never", "-fdiagnostics-path-format=none", "-c", "-o", "/dev/null")


def by_gcc(source):
    path, words, folder = source
    return run("gcc", *flags(words), *GCC, cwd=folder, timeout=900).stderr


def by_clang_tidy(source):
    return run("clang-tidy", "-p", BUILD, "--quiet", source[0], cwd=SOURCE, timeout=900).stdout


def by_cppcheck(source):
    return run("cppcheck", "--enable=warning,performance,portability", "--std=c11", "--quiet",
               "--template={file}:{line}: warning: {message} [{id}]", "-D__linux__",
               "-D_GNU_SOURCE", f"-I{SOURCE}/src", f"-I{SOURCE}/include", f"-I{BUILD}",
               source[0], timeout=900).stderr


def is_cleaned(path, line, variable):
    """Whether the function that LINE is in declares VARIABLE with a cleanup."""
    lines = path.read_text(encoding="utf-8").splitlines()
    begin = max((at for at in range(line) if lines[at] == "{"), default=0)
    end = next((at for at in range(line, len(lines)) if lines[at] == "}"), len(lines))
    return re.search(rf"_cleanup_\(\w+\)[^;=()]*\b{variable}\b", "\n".join(lines[begin:end]))


def in_reports(reports, build):
    """scan-build leaves a report a finding."""
    for report in reports.glob("*/*.plist"):
        content = plistlib.loads(report.read_bytes())
        for found in content["diagnostics"]:
            line, text = found["location"]["line"], found["description"]
            path = pathlib.Path(build, content["files"][found["location"]["file"]]).resolve()
            leaked = re.search(r"leak of memory pointed to by '(\w+)", text)
            if not leaked or not is_cleaned(path, line, leaked[1]):
                yield f"{path}:{line}: warning: {text} [{found['check_name']}]"
    # What ended the analyzer itself.
    for failure in reports.glob("*/failures/*.info.txt"):
        yield f"{SOURCE}/src/meson.build:1: error: {failure.read_text()!r} [failure]"


def by_scan_build():
    """It stands in for the compiler of a whole build."""
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as name:
        build, reports = pathlib.Path(name, "build"), pathlib.Path(name, "reports")
        for command in (["meson", "setup", "-Dtests=disabled", build, SOURCE],
                        ["ninja", "-C", build]):
            result = run("scan-build", "--use-cc=cc", "-plist", "-o", reports, *command,
                         env={**os.environ, "LC_ALL": "C"}, timeout=3600)
            if result.returncode:
                return [f"{SOURCE}/src/meson.build:1: error: {told(result)!r} [build]"]
        return list(in_reports(reports, build))


# Of those that read one source at a time.
TOOLS = {"gcc": by_gcc, "clang-tidy": by_clang_tidy, "cppcheck": by_cppcheck}
ALL = (*TOOLS, "scan-build")


def rows():
    """(tools, path, check, reason) of explained.txt"""
    for line in (HERE / "explained.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield tuple(re.split(r"  +", line, maxsplit=3))


def findings(found):
    """(path in src, line, check, text), each once."""
    result = set()
    for output in found:
        for match in FINDING.finditer(output):
            path = pathlib.Path(os.path.normpath(BUILD / match["path"]))
            if (SOURCE / "src") in path.parents:
                name = str(path.relative_to(SOURCE / "src"))
                for check in match["check"].split(","):
                    result.add((name, int(match["line"]), check, match["text"]))
    return sorted(result)


def outputs(tool, only):
    if tool == "scan-build":
        return by_scan_build()
    read = [source for source in sources("src") if only in str(source[0])]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(TOOLS[tool], read))


def judge(tap, tool, only):
    explained = [row for row in rows() if tool in row[0].split(",")]
    used, wrong = set(), []
    for path, line, check, text in findings(outputs(tool, only)):
        if only not in path:
            continue
        matches = [row for row in explained
                   if fnmatch.fnmatch(path, row[1]) and check.endswith(row[2])]
        used.update(matches)
        if not matches:
            wrong.append(f"src/{path}:{line}: {text} [{check}]")
    tap.none(wrong, f"{tool}: every finding is explained")
    if not only:
        tap.none([row for row in explained if row not in used],
                 f"{tool}: every explanation explains a finding")


def main():
    only = "".join(word[7:] for word in sys.argv[1:] if word.startswith("--only="))
    named = [word for word in sys.argv[1:] if not word.startswith("--")]
    tap = Tap()
    tap.none([row for row in rows() if len(row) != 4 or set(row[0].split(",")) - set(ALL)],
             "each explanation has tools, a file, a check and a reason")
    for tool in named or ALL:
        if have(tool):
            judge(tap, tool, only)
        else:
            tap.skip(tool, f"no {tool}")
    tap.done()


if __name__ == "__main__":
    main()
