# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Hostile bytes in every place that a file can put them, through every verb and format.

    hostile_places.py SOURCE [STEP]    every STEPth string; SOURCE is a name of PLACES

Each place is made twice: with hostile strings, and with tame ones of the same length. What
usdtinfo writes of the one must be readable as its format, steer no terminal, and say the same
as what it writes of the other, string for string.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from helpers.tap import HANG, TOOL, Tap
from judges import LAID_OUT, READERS, Fault, read_text, squeeze
from places import PLACES
from strings import CANARY, canonical, hostile_strings, pattern_of

NUMBER = re.compile(r"\.\d+(?=[.=])")


class Twins:
    """The two sides of a place: their folders, and which string stands for which."""

    def __init__(self, folder, place, strings):
        self.place = place
        self.folders = folder / "hostile", folder / "the-tame"
        tame = place.tame(strings)
        for side, rows in zip(self.folders, (strings, tame)):
            side.mkdir()
            place.make(side, rows)
        self.mapping = {canonical(a): canonical(b) for a, b in place.pairs(strings, tame)}
        self.pattern = re.compile(pattern_of(self.mapping))

    def plain(self, side, records, form):
        """What both sides must have alike."""
        out = [self.pattern.sub(lambda match: self.mapping[match[0]], record)
               for record in records]
        out = [record.replace(str(self.folders[0]), str(self.folders[1])) for record in out]
        out = [self.place.normal(self.folders[side], record) for record in out]
        if form in LAID_OUT:
            out = [squeeze(record) for record in out]
        if "unordered" in self.place.traits:
            out = [NUMBER.sub(".N", record) for record in out]
            # Its lines are numbered.
            out = [record.lstrip("0123456789") for record in out] if form == "dtrace-list" else out
        return sorted(out) if "unordered" in self.place.traits or form in LAID_OUT else out


def first_difference(a, b):
    for left, right in zip(a, b):
        if left != right:
            return f"{left[:300]!r}\nis not\n{right[:300]!r}"
    return f"{len(a)} records, not {len(b)}: {(a + b)[min(len(a), len(b))][:300]!r}"


def run_on(side, arguments, environment):
    words = [word(side) if callable(word) else word for word in arguments]
    return subprocess.run([TOOL, *flat(words)], cwd=side, stdin=subprocess.DEVNULL,
                          capture_output=True, check=False, timeout=HANG,
                          env={**os.environ, **environment})


def judge(twins, form, arguments, environment):
    """What is wrong with one command, or None."""
    both = "shown only" not in twins.place.traits
    said = [run_on(side, arguments, environment)
            for side in (twins.folders if both else twins.folders[:1])]
    hostile, tame = said[0], said[-1]
    if hostile.returncode != tame.returncode or hostile.returncode not in twins.place.codes:
        return f"exit {hostile.returncode}, not {tame.returncode}: {hostile.stderr[:300]}"
    try:
        for output, read, kind in (("stdout", READERS[form], form), ("stderr", read_text, "text")):
            pair = [twins.plain(side, read(getattr(result, output)), kind)
                    for side, result in enumerate(said)]
            if pair[0] != pair[-1]:
                return first_difference(*pair)
    except Fault as fault:
        return str(fault)
    return None


def flat(words):
    for word in words:
        if isinstance(word, (list, tuple)):
            yield from word
        else:
            yield word


def check_place(tap, name, strings):
    place = PLACES[name]()
    chosen = place.choose(strings)
    if not chosen:
        tap.skip(name, "not on this machine")
        return
    with tempfile.TemporaryDirectory(prefix="usdtinfo-hostile.") as folder:
        folder = pathlib.Path(folder)
        wrong, count = [], 0
        try:
            twins = Twins(folder, place, chosen)
            for form, *arguments in place.commands():
                for locale in place.locales:
                    said = judge(twins, form, arguments, {"LC_ALL": locale})
                    words = b" ".join(os.fsencode(word) for word in arguments
                                      if isinstance(word, (str, bytes)))
                    wrong += [f"{locale}: {canonical(words)[:200]}\n{said}"] if said else []
                    count += 1
        finally:
            place.close()
        tap.none(wrong[:20], f"{name}: {count} commands, {len(chosen)} strings")
        tap.none(list(folder.rglob(CANARY)), f"{name}: nothing was run")


def main():
    tap = Tap()
    step = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    strings = hostile_strings()
    chosen = strings[::step]
    for name in PLACES if sys.argv[1] == "all" else sys.argv[1].split(","):
        check_place(tap, name, chosen)
    tap.done()


main()
