# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Analyzers over all sources of the library and the tool: see README.

    analyze.py [TOOL...] [--only=WORD]     one point a tool; only files with WORD in their path

A finding fails unless a row of explained.txt says why it is none; a row that explains no
finding any more fails as well (unless --only is given).
"""
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import re
import shlex
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from tap import BUILD, SOURCE, Tap, have, run  # noqa: E402

FINDING = re.compile(r"^(?P<path>[^\s:][^:]*):(?P<line>\d+):(?:\d+:)? "
                     r"(?:warning|error): (?P<text>.*) \[(?P<check>[^\]]+)\]$", re.MULTILINE)
# Leaks are left to LeakSanitizer: gcc 12 does not know of __attribute__((cleanup)).
GCC = ("-fanalyzer", "-Wno-analyzer-malloc-leak", "-Wno-analyzer-file-leak",
       "-fdiagnostics-color=never", "-fdiagnostics-path-format=none", "-c", "-o", "/dev/null")


def sources(only):
    """(file, words of its compiler, folder) of each source once."""
    seen = {}
    for row in json.loads((BUILD / "compile_commands.json").read_text()):
        path = (pathlib.Path(row["directory"]) / row["file"]).resolve()
        if (SOURCE / "src") in path.parents and only in str(path):
            seen.setdefault(path, (path, shlex.split(row["command"]), row["directory"]))
    return list(seen.values())


def flags(words):
    """Those that name no output."""
    kept, skipped = [], False
    for word in words:
        if skipped or word in ("-MQ", "-MF", "-o"):
            skipped = not skipped
        elif word not in ("-MD", "-c") and not word.endswith("ccache"):
            kept.append(word)
    return kept


def by_gcc(source):
    path, words, folder = source
    compiler = ["gcc", *flags(words)[1:]]
    return run(*compiler, *GCC, cwd=folder, timeout=900).stderr


def by_clang_tidy(source):
    return run("clang-tidy", "-p", BUILD, "--quiet", source[0], cwd=SOURCE, timeout=900).stdout


def by_cppcheck(source):
    return run("cppcheck", "--enable=warning,performance,portability", "--std=c11", "--quiet",
               "--template={file}:{line}: warning: {message} [{id}]", "-D__linux__",
               "-D_GNU_SOURCE", f"-I{SOURCE}/src", f"-I{SOURCE}/include", f"-I{BUILD}",
               source[0], timeout=900).stderr


TOOLS = {"gcc": by_gcc, "clang-tidy": by_clang_tidy, "cppcheck": by_cppcheck}


def rows():
    """(tool, path, check, reason) of explained.txt"""
    for line in (HERE / "explained.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield tuple(re.split(r"  +", line, maxsplit=3))


def findings(tool, found, folder):
    """(path in src, line, check, text), each once."""
    result = set()
    for output in found:
        for match in FINDING.finditer(output):
            path = pathlib.Path(os.path.normpath(folder / match["path"]))
            if (SOURCE / "src") in path.parents:
                name = str(path.relative_to(SOURCE / "src"))
                for check in match["check"].split(","):
                    result.add((name, int(match["line"]), check, match["text"]))
    return sorted(result)


def judge(tap, tool, only):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(TOOLS[tool], sources(only)))
    explained = [row for row in rows() if row[0] == tool]
    used, wrong = set(), []
    for path, line, check, text in findings(tool, found, BUILD):
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
    tap.none([row for row in rows() if len(row) != 4 or row[0] not in TOOLS],
             "each explanation has a tool, a file, a check and a reason")
    for tool in named or TOOLS:
        if have(tool):
            judge(tap, tool, only)
        else:
            tap.skip(tool, f"no {tool}")
    tap.done()


if __name__ == "__main__":
    main()
