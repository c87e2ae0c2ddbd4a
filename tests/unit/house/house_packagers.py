# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""What those who package it count on: it is set up without what only tests need, and there are no
tests where Debian's builders want none.
"""
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
ABSENT = "Run-time dependency check found: NO"
# Our words: meson's own before them differ by its version.
REFUSED = ": the tests need check, which was not found"


def set_up(tap, name, option, environment, code, words):
    """A build is configured, or not, and has no tests."""
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
        folder = pathlib.Path(folder)
        word = folder / "pkg-config"
        word.write_text(PKG_CONFIG.format(shutil.which("pkg-config")))
        word.chmod(0o755)
        environment = {key: value.format(folder) for key, value in environment.items()}
        result = run("meson", "setup", f"-Dtests={option}", folder / "build", SOURCE,
                     env={**os.environ, **environment})
        tests = run("meson", "introspect", "--tests", folder / "build")
    tap.ok(result.returncode == code and words in result.stdout, name, told(result)[-2000:])
    if not code:
        tap.ok(tests.stdout.strip() == "[]", f"{name}: no tests", told(tests)[-2000:])


def main():
    tap = Tap()
    without = {"PKG_CONFIG": "{}/pkg-config", "CMAKE": "false"}
    set_up(tap, "without check", "auto", without, 0, ABSENT)
    set_up(tap, "without check, which is asked for", "enabled", without, 1, REFUSED)
    set_up(tap, "nocheck", "auto", {"DEB_BUILD_OPTIONS": "parallel=4 nocheck"}, 0, "")
    tap.done()


main()
