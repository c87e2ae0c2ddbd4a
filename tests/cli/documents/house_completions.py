# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Each shell, asked to complete a line, offers what the program knows."""
import os
import pathlib
import re

from helpers import roff
from helpers.tap import SOURCE, TOOL, Tap, have, have_terminals, run, told

HERE = pathlib.Path(__file__).resolve().parent
FILES = SOURCE / "src" / "cli" / "completions"
SHELLS = {
    "bash": ["bash", "--norc", HERE / "complete.bash", FILES / "usdtinfo.bash"],
    "zsh": ["zsh", "-f", HERE / "complete.zsh", FILES],
    "fish": ["fish", "--no-config", "-c", f"source {FILES}/usdtinfo.fish; complete -C $argv[1]"],
}
# A line, and some of what must be offered; "!" in front: what must not.
LINES = (
    ("usdtinfo --form", ["--format"]),
    ("usdtinfo --format=", ["readelf", "long", "ndjson"]),
    ("usdtinfo -F nd", ["ndjson", "!names"]),
    ("usdtinfo list -F na", ["names", "!ndjson"]),
    ("usdtinfo --color=a", ["auto", "always", "!never"]),
    ("usdtinfo -o PRO", ["PROVIDER", "!NAME"]),
    ("usdtinfo -o NAME,PRO", ["PROVIDER", "!NAME"]),
    ("usdtinfo --output=+PRO", ["PROVIDER", "!NAME"]),
    ("usdtinfo li", ["list"]),
    ("usdtinfo python -F t", ["text", "table", "tsv", "!readelf"]),
    ("usdtinfo python --format=", ["text", "ndjson", "!readelf"]),
    ("usdtinfo python -o VERD", ["VERDICT"]),
    ("usdtinfo list LIC", ["LICENSE", "!list"]),
    ("usdtinfo py", ["python"]),
    ("usdtinfo python --req", ["--require"]),
    ("usdtinfo python -o VERD", ["VERDICT"]),
    ("usdtinfo --root=s", ["src"]),
    ("usdtinfo --for=bp", ["bpftrace", "!gdb"]),
    ("usdtinfo lint --fail-on=w", ["warning", "!error"]),
    ("usdtinfo lint -F ju", ["junit", "!json"]),
    ("usdtinfo lint --explain=base-m", ["base-missing", "base-moved", "!base-zero"]),
    ("usdtinfo script bp", ["bpftrace", "!gdb"]),
    ("usdtinfo script gdb LIC", ["LICENSE", "!gdb"]),
    ("usdtinfo --files-from=LIC", ["LICENSE"]),
)


def offered(shell, line):
    """What stands last in each offer: shells differ in how much of the word they repeat."""
    path = f"{TOOL.parent}:{os.environ['PATH']}"
    result = run(*SHELLS[shell], line, cwd=SOURCE, env={**os.environ, "PATH": path})
    words = [text.split("\t")[0] for text in result.stdout.splitlines()]
    return {re.split(r"[=,+]", word.rstrip("=/"))[-1] for word in words}, result


def substitutes():
    """Whether bash can read from a command in place of a file, for which it needs /dev/fd."""
    return run("bash", "-c", "read -r word < <(echo yes) && echo $word").stdout == "yes\n"


def check(tap, shell):
    for line, wanted in LINES:
        found, result = offered(shell, line)
        good = all((word[1:] not in found) if word[0] == "!" else (word in found)
                   for word in wanted)
        tap.ok(good, f"{shell}: {line}", f"offered {sorted(found)}\n{told(result)}")
    for verb in verbs():
        summary = run(TOOL, verb, "--help").stdout
        options = {word for word in roff.options_of_help(summary) if word.startswith("--")}
        found, result = offered(shell, f"usdtinfo {verb} --")
        tap.ok(found == options, f"{shell}: all long options of {verb}, and no other",
               f"offered {sorted(found)}\nof {sorted(options)}\n{result.stderr}")
        found, result = offered(shell, f"usdtinfo {verb[:-1]}")
        tap.ok(verb in found, f"{shell}: the verb {verb}", told(result))


def verbs():
    """The verbs that have a manual page."""
    return sorted(path.stem.split("-", 1)[1] for path in (SOURCE / "man").glob("usdtinfo-*.1"))


def main():
    tap = Tap()
    for shell in SHELLS:
        if not have(shell):
            tap.skip(shell, f"no {shell}")
        elif shell == "bash" and not substitutes():
            tap.skip(shell, "no /dev/fd")
        elif shell == "zsh" and not have_terminals():  # it completes on a terminal alone
            tap.skip(shell, "no pseudo-terminals")
        else:
            check(tap, shell)
    tap.done()


main()
