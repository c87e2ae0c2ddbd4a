# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The README's two commands on another release of Debian: hosts.py SUITE is
"./bootstrap test --on=SUITE", of which .ci/hosts.py tells."""
import os
import subprocess
import sys

from helpers.tap import SOURCE, Tap, run, told

# What a machine that cannot do it exits with.
CANNOT = 2


def main():
    tap = Tap()
    suite = sys.argv[1]
    result = run(sys.executable, SOURCE / ".ci" / "hosts.py", f"--on={suite}", timeout=None,
                 stderr=subprocess.STDOUT, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    if result.returncode == CANNOT:
        tap.skip(suite, result.stdout.strip().splitlines()[-1].removeprefix("bootstrap: "))
        tap.done()
    for line in result.stdout.splitlines():
        print(f"# {line}")
    tap.ok(result.returncode == 0, f"both commands succeed on {suite}", told(result)[-4000:])
    tap.done()


main()
