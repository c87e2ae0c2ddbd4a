# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""What who packages it counts on: it is set up without what only tests need."""
import os
import pathlib
import shutil
import tempfile

from helpers.tap import SOURCE, Tap, run, told

# Knows every library but check.
PKG_CONFIG = """\
#!/bin/sh
case " $* " in *" check "*) exit 1 ;; esac
exec {} "$@"
"""


def set_up_without_check(folder, *options):
    word = folder / "pkg-config"
    word.write_text(PKG_CONFIG.format(shutil.which("pkg-config")))
    word.chmod(0o755)
    return run("meson", "setup", *options, folder / "build", SOURCE,
               env={**os.environ, "PKG_CONFIG": str(word), "CMAKE": "false"})


def check_setup(tap):
    for option, code, words in (
            ("auto", 0, "Run-time dependency check found: NO"),
            ("enabled", 1, "Feature tests cannot be enabled: the tests need check")):
        with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
            result = set_up_without_check(pathlib.Path(folder), f"-Dtests={option}")
        tap.ok(result.returncode == code and words in result.stdout,
               f"it is set up without check: tests={option}", told(result)[-2000:])


def main():
    tap = Tap()
    check_setup(tap)
    tap.done()


main()
