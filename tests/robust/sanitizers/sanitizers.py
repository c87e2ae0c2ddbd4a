# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The sanitizers of this build are awake, here and in what the drivers start: a clean run
means nothing where they are not (LeakSanitizer needs ptrace, and says nothing without).

    sanitizers.py PROGRAM
"""
import os
import re
import sys

from helpers.tap import Tap, run, told

# What the program does, and what is said of it.
WRONGS = {"leak": "LeakSanitizer: detected memory leaks", "beyond": "insufficient space|heap-buffer-overflow",
          "overflow": "signed integer overflow"}


def main():
    tap = Tap()
    if "ASAN_OPTIONS" not in os.environ:
        tap.skip("sanitizers", "not under meson test --setup=sanitize")
        tap.done()
    for what, words in WRONGS.items():
        result = run(sys.argv[1], what)
        tap.ok(result.returncode == 99 and re.search(words, result.stderr), what, told(result))
    result = run(sys.argv[1], "nothing")
    tap.ok(result.returncode == 0 and not result.stderr, "nothing wrong", told(result))
    tap.done()


main()
