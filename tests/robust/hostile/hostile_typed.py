# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Lines to paste, typed into interactive shells: what runs is what they say, and nothing else.

    hostile_typed.py [STEP]    every STEPth string; 1: pasted as a terminal does it, too

bash, zsh, tcsh, fish and mksh have a terminal each, and a PATH with nothing in it but programs that
write down how they were called. Commands are typed as they are written, and the comments of every
tool with them. What the programs write down must be the probes of the files, once for each line.
"""
import json
import pathlib
import re
import sys
import tempfile

from helpers import listings
from helpers.tap import Tap, have
from hostile_quoting import PLACES, probe_of, written
from judges import check_safe
from strings import CANARY, hostile_strings
from terminal import SHELLS, Silence, Terminal, batches
from tool_readers import BCC, LTTNG, PERF, READERS, row_of, strangers

COMMANDS = {"--for=perf": PERF, "--for=bcc": BCC, "--for=lttng": LTTNG}
PROGRAMS = ("perf", "trace", "lttng", "touch")
# Ends of words that shells take differently, beside the strings that all hostile tests have.
OWN = [b"\\';" + b"touch Canary;'", b"\\\\';" + b"touch Canary;'", b"!t!!!$", b"\\!t", b"a\\\\", b"^t^x^",
       b"it's", b"'\\''!'\\", b"m\xc3\xbcll", b"a,b", b"''", b"-x", b"%1", b"@x", b"~", b"=touch",
       b"{touch,Canary}", b"(touch Canary)", b"$'\\n'touch Canary", b"\x1b[201~\rtouch Canary\r",
       b"\x15touch Canary\r", b"\x03", b"\tx\t", b"#x", b"*(e:touch Canary:)", b"a/*/*(N)", b"!{x}",
       b"y" * 180 + b"'", b"'" * 150, b"\\" * 150]
# What each shell would run where comments or quotes are not what they are meant to be.
UNSAFE = {shell: b"perf 'x'; touch Canary" for shell in SHELLS}
UNSAFE["zsh"] = UNSAFE["tcsh"] = b"# p:x;touch Canary"
UNSAFE["fish"] = b"perf 'x\\'\\'';touch Canary;\\'\\'"


class Programs:
    """The programs that can be run, and what they were called with."""

    def __init__(self, folder):
        self.folder, self.log = folder / "bin", folder / "log"
        self.folder.mkdir()
        self.log.touch()
        for name in PROGRAMS:
            path = self.folder / name
            path.write_text(f"#!/bin/sh\nprintf '%s\\0' $(($# + 1)) {name} \"$@\" >>'{self.log}'\n")
            path.chmod(0o755)

    def calls(self):
        """The words of each call since the last time."""
        words, calls = self.log.read_bytes().split(b"\0")[:-1], []
        self.log.write_bytes(b"")
        while words:
            count = int(words[0])
            calls.append(words[1:1 + count])
            words = words[1 + count:]
        return calls


def lines_of(tool, path):
    """(commands, comments) that are written for a file."""
    text = check_safe(written(tool, path), "\n\t")
    lines = [line.encode() for line in text.split("\n") if line]
    comments = [line for line in lines if line.startswith((b"#", b"//", b"/*"))]
    if tool not in COMMANDS:
        return [], [line for line in comments if not line.startswith(b"#!")]
    return [line for line in lines if line not in comments], comments


def distinct(lines):
    """Lines that differ in more than numbers."""
    return list({re.sub(rb"\d+", b"0", line): line for line in lines}.values())


def judge(calls, commands, probes):
    """What is wrong with how programs were called."""
    wrong, found = [], []
    for words in calls:
        rows = [row_of(pattern, b"\0".join(words)) for pattern in COMMANDS.values()]
        row = next((row for row in rows if row), None)
        if row:
            found.append(row)
        else:
            wrong.append(f"no command of usdtinfo's: {words}")
    wrong += [f"no probe: {row}" for row in strangers(found, probes)]
    if len(calls) != len(commands):
        wrong.append(f"{len(calls)} calls by {len(commands)} lines")
    return wrong


def type_all(shell, folder, texts, programs, locale, pasted):
    """(what is wrong, how many calls) with TEXTS: [(name, lines, commands, probes)]."""
    home = folder / f"{shell}-{locale}-{pasted}"
    home.mkdir()
    wrong, count = [], 0
    terminal = Terminal(shell, home, programs.folder, locale)
    try:
        for name, lines, commands, probes in texts:
            for group in batches(lines):
                terminal.type(group, pasted)
            calls = programs.calls()
            count += len(calls)
            wrong += [f"{name}: {complaint}" for complaint in judge(calls, commands, probes)]
    except Silence as silence:
        wrong.append(f"{name}: {silence}")
    finally:
        terminal.close()
    return wrong, count


def notices(shell, folder, programs):
    """Whether a line that this shell takes amiss is seen to run something."""
    wrong, _ = type_all(shell, folder, [("unsafe", [UNSAFE[shell]], [], set())], programs, "C",
                        "unsafe")
    return any("touch" in complaint for complaint in wrong)


def line_for(folder, tool, length):
    """(what is written of a file whose path is so long, its probes), by a saved listing."""
    path = "/" + "y" * (length - 1)
    (folder / "long").write_text(json.dumps(listings.document(
        [{**listings.FILE, "path": path, "probes": [probe_of("n", [])]}])))
    return lines_of(tool, folder / "long"), {(path.encode(), b"p", b"n")}


def longest_lines(tap, folder):
    """A line as long as a terminal takes is written, and no longer one; they are typed, too."""
    for tool in COMMANDS:
        (commands, _), _ = line_for(folder, tool, 100)
        # With its end it has 4095 bytes, and the path is once in each.
        most = 100 + 4094 - max(map(len, commands))
        (commands, comments), probes = line_for(folder, tool, most)
        tap.ok(commands and max(map(len, commands)) == 4094, f"{tool}: a line of 4095 bytes")
        yield f"long, {tool}", commands, commands, probes
        (commands, comments), _ = line_for(folder, tool, most + 1)
        tap.ok(not commands and len(comments) == 1 and b"4095" in comments[0] and
               len(comments[0]) < 4095, f"{tool}: a longer one becomes a comment",
               commands + comments)
        yield f"long, {tool}", comments, [], set()


def main():
    tap = Tap()
    step = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    ways = [("C", False)] + ([("C.UTF-8", True)] if step == 1 else [])
    strings = hostile_strings()[::step] + OWN
    # Other scripts are files for their tools, and nobody types them.
    tools = [tool for tool in READERS if tool in COMMANDS or tool == "perf" or
             (step == 1 and tool.startswith("--for"))]
    with tempfile.TemporaryDirectory(prefix="usdtinfo-typed.") as top:
        folder = pathlib.Path(top)
        programs = Programs(folder)
        texts = []
        for what, make in PLACES.items():
            (folder / what).mkdir()
            paths, probes = make(folder / what, strings)
            for i, tool in enumerate(tools):
                pairs = [lines_of(tool, path) for path in paths]
                # The tools are told the same: the usual run has each of it once.
                start, every = (i, len(tools)) if step > 1 else (0, 1)
                commands, comments = (
                    distinct(line for pair in pairs for line in pair[kind])[start::every]
                    for kind in (0, 1))
                texts.append((f"{what}, {tool}", comments + commands, commands, probes))
        # Showing it takes some shells seconds.
        longest = list(longest_lines(tap, folder))
        texts += longest if step == 1 else []
        for shell in SHELLS:
            if not have(shell):
                tap.skip(f"{shell}", f"no {shell}")
                continue
            tap.ok(notices(shell, folder, programs), f"{shell}: what runs would be seen")
            for locale, pasted in ways:
                wrong, count = type_all(shell, folder, texts, programs, locale, pasted)
                tap.none(wrong[:20], f"{shell} in {locale}, {'pasted' if pasted else 'typed'}: "
                                     f"{count} calls")
                tap.ok(count, f"{shell}: there were calls")
        tap.none(list(folder.rglob(CANARY)), "nothing was run")
    tap.done()


if __name__ == "__main__":
    main()
