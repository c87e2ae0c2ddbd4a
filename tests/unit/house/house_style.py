# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The source tree's own rules: clang-format, licence lines, nothing left open."""
import pathlib
import re
import shutil
import tempfile

from helpers.tap import SOURCE, Tap, have, run, text_files

TREE = ["src", "include", "tests", "man", "fixtures", ".ci", "bootstrap", "meson.build",
        "meson_options.txt", "README.md", "NEWS.md"]
LICENCE = "SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause"
# Other versions break lines elsewhere.
CLANG_FORMAT = 14
# Written so that this file does not match itself.
LEFT_OPEN = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|\bfor " r"now\b|"
                       r"\bnot (yet )?" r"implemented\b|\bunimple" r"mented\b")


def clang_format():
    for name in (f"clang-format-{CLANG_FORMAT}", "clang-format"):
        if have(name) and f"version {CLANG_FORMAT}." in run(name, "--version").stdout:
            return name
    return None


def left_open(paths):
    found = []
    for path in paths:
        text = path.read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            match = LEFT_OPEN.search(line)
            if match:
                found.append(f"{path}:{number}: {match[0]}")
    return found


def untidy(paths):
    found = []
    for path in paths:
        text = path.read_text(encoding="utf-8")
        if text and not text.endswith("\n"):
            found.append(f"{path}: no newline at the end")
        for number, line in enumerate(text.splitlines(), 1):
            if line != line.rstrip():
                found.append(f"{path}:{number}: white space at the end")
    return found


def unlicensed(paths):
    return [f"{path}: no licence line" for path in paths
            if LICENCE not in "\n".join(path.read_text(encoding="utf-8").splitlines()[:3])]


def check_format(tap, paths):
    formatter = clang_format()
    if not formatter:
        here = run("clang-format", "--version").stdout.strip() if have("clang-format") else "none"
        tap.skip("clang-format", f"wants clang-format {CLANG_FORMAT}; here is {here}")
        return
    result = run(formatter, "--dry-run", "-Werror", *paths)
    tap.ok(result.returncode == 0, "clang-format has nothing to change", result.stderr)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(SOURCE / ".clang-format", folder)
        seed = pathlib.Path(folder, "seed.c")
        seed.write_text("int  a;\n", encoding="utf-8")
        tap.ok(run(formatter, "--dry-run", "-Werror", seed).returncode != 0,
               "clang-format notices a seeded fault")


def main():
    tap = Tap()
    code = [p for p in text_files("src", "include", "tests") if p.suffix in (".c", ".h")]
    check_format(tap, code)
    tap.none(left_open(text_files(*TREE)), "nothing is left open in the text")
    scripts = [p for p in text_files("src", "tests", ".ci", "bootstrap")
               if p.suffix in (".py", ".sh") or p.name in ("run", "bootstrap")]
    tap.none(untidy(code + scripts + text_files("README.md", "NEWS.md", "man")),
             "no stray white space")
    tap.none(unlicensed(code + scripts), "every source names its licence")

    with tempfile.TemporaryDirectory() as folder:
        seed = pathlib.Path(folder, "seed.c")
        for what, check, text in (
            ("a reminder to oneself", left_open, "/* FIX" "ME */\n"),
            ("space at a line's end", untidy, "int a; \n"),
            ("a missing last newline", untidy, "int a;"),
            ("a missing licence", unlicensed, "int a;\n"),
        ):
            seed.write_text(text, encoding="utf-8")
            tap.ok(check([seed]), f"{what} is noticed")
    tap.done()


main()
