# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Each shell, asked to complete a line, offers what the program knows."""
import os
import pathlib
import pty
import re
import select
import shlex
import tempfile
import time

from helpers import roff
from helpers.tap import HANG, SOURCE, TOOL, Tap, have, have_terminals, run, told

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

# What is typed in bash before the tabulator, and what stands on the line then.
TYPED = (
    ("usdtinfo --form", "usdtinfo --format="),
    ("usdtinfo --format=js", "usdtinfo --format=json "),
    ("usdtinfo --format=t", "usdtinfo --format=t"),
    ("usdtinfo -F nd", "usdtinfo -F ndjson "),
    ("usdtinfo --js", "usdtinfo --json "),
    ("usdtinfo --lib", "usdtinfo --lib"),
    ("usdtinfo pyth", "usdtinfo python "),
    ("usdtinfo lint --fail-on=w", "usdtinfo lint --fail-on=warning "),
    ("usdtinfo -o PROV", "usdtinfo -o PROVIDER"),
    ("usdtinfo -o NAME,PRO", "usdtinfo -o NAME,PROVIDER"),
    ("usdtinfo --output=+PRO", "usdtinfo --output=+PROVIDER"),
    ("usdtinfo --output=NAME,PRO", "usdtinfo --output=NAME,PROVIDER"),
    ("usdtinfo lint --disable=base-z", "usdtinfo lint --disable=base-zero"),
    ("usdtinfo two", "usdtinfo two\\ words "),
    ("usdtinfo -F long fold", "usdtinfo -F long folder/"),
    ("usdtinfo --root=fold", "usdtinfo --root=folder/"),
    ("usdtinfo --files-from=two", "usdtinfo --files-from=two\\ words "),
    ("usdtinfo script bpf", "usdtinfo script bpftrace "),
)
BASH_COMPLETION = pathlib.Path("/usr/share/bash-completion/bash_completion")
# What a user's startup file does before ours.
BASHES = {
    "bash on a terminal": "",
    "bash without = in COMP_WORDBREAKS": "COMP_WORDBREAKS=${COMP_WORDBREAKS//=}",
    "bash with bash-completion": f"source {BASH_COMPLETION}",
}


class Terminal:
    """An interactive bash, to which keys are typed."""

    def __init__(self, folder, startup):
        # A key of our own shows the line as readline has it.
        rows = ["PS1='$ '", "bind 'set bell-style none'", startup,
                f"source {shlex.quote(str(FILES / 'usdtinfo.bash'))}",
                r"""bind -x '"\C-xl": printf "\nLINE<%s>END\n" "$READLINE_LINE"'""",
                "printf 'LINE<ready>%s\\n' END"]
        startup_file = pathlib.Path(folder, "startup")
        startup_file.write_text("\n".join(rows) + "\n", encoding="utf-8")
        child, self.end = pty.fork()
        if child == 0:
            os.chdir(folder)
            os.environ.update(PATH=f"{TOOL.parent}:{os.environ['PATH']}", TERM="dumb",
                              INPUTRC="/dev/null", LC_ALL="C", HISTFILE="")
            os.execvp("bash", ["bash", "--noprofile", "--rcfile", str(startup_file), "-i"])
        self.child, self.text = child, ""
        self.line()

    def line(self):
        """What the next report of a line says, or what came instead."""
        limit = time.monotonic() + HANG
        while time.monotonic() < limit:
            match = re.search(r"LINE<(.*?)>END", self.text, re.DOTALL)
            if match:
                self.text = self.text[match.end():]
                return match[1]
            if select.select([self.end], [], [], 1)[0]:
                try:
                    self.text += os.read(self.end, 65536).decode("utf-8", "replace")
                except OSError:
                    break
        return f"no line: {self.text}"

    def complete(self, typed):
        os.write(self.end, f"\x15{typed}\t\x18l".encode())
        return self.line()

    def close(self):
        os.write(self.end, b"\x15exit\n")
        os.waitpid(self.child, 0)
        os.close(self.end)


def check_typed(tap, name, startup):
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
        pathlib.Path(folder, "two words").touch()
        pathlib.Path(folder, "folder").mkdir()
        terminal = Terminal(folder, startup)
        for typed, wanted in TYPED:
            line = terminal.complete(typed)
            tap.ok(line == wanted, f"{name}: {typed}", f"the line is\n{line}\nnot\n{wanted}")
        terminal.close()


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
    for name, startup in BASHES.items():
        if not have("bash") or not have_terminals():
            tap.skip(name, "no bash, or no pseudo-terminals")
        elif str(BASH_COMPLETION) in startup and not BASH_COMPLETION.exists():
            tap.skip(name, "no bash-completion")
        else:
            check_typed(tap, name, startup)
    tap.done()


main()
