# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Builds in other ways: another compiler, without the optional libraries, one library only,
optimised at link time. Each without a warning, and each passes the tests that need it."""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import SOURCE, Tap, have, run, told  # noqa: E402

FEATURES = ["-Dsmartcols=disabled", "-Djson_c=disabled", "-Dlzma=disabled"]
# name, compiler, options of meson, tests to run
VARIANTS = (
    ("clang", "clang", [], ["golden", "edge"]),
    ("no optional library", "cc", FEATURES, ["golden"]),
    ("static library", "cc", ["-Ddefault_library=static"], ["golden"]),
    ("shared library", "cc", ["-Ddefault_library=shared"], ["golden"]),
    ("link-time optimisation", "cc", ["-Db_lto=true", "-Dbuildtype=release"], ["golden", "edge"]),
    ("debug, libraries linked", "cc", ["-Dbuildtype=debug", "-Dlazy=false"], ["golden"]),
    ("nothing beside the program", "cc",
     ["-Dman=false", "-Dcompletions=false", "-Dtests=false"], []),
)


def build(tap, name, compiler, options, tests, folder):
    environment = {**os.environ, "CC": compiler}
    steps = [["meson", "setup", folder, SOURCE, "--werror", *options], ["ninja", "-C", folder]]
    if tests:
        steps.append(["meson", "test", "-C", folder, "--no-rebuild", *tests])
    for step in steps:
        result = run(*step, env=environment, stderr=subprocess.STDOUT, timeout=900)
        if not tap.ok(result.returncode == 0, f"{name}: {step[0]} {step[1]}", told(result)[-4000:]):
            return
    version = run(pathlib.Path(folder, "src", "usdtinfo"), "--version")
    tap.ok(version.returncode == 0, f"{name}: it runs", told(version))


def main():
    tap = Tap()
    for name, compiler, options, tests in VARIANTS:
        if not have(compiler):
            tap.skip(name, f"no {compiler}")
            continue
        with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
            build(tap, name, compiler, options, tests, folder)
    tap.done()


main()
