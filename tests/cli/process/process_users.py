# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""What another user, a privileged program and a hidden process show."""
import json
import os
import re
import shutil

from helpers.tap import run, told
from helpers.target import Target
from process_cases import IDLE, NOBODY, Case, run_cases, tap


def check_unprivileged(folder):
    with Target(folder / "target", prefix=NOBODY) as own, Target(folder / "target") as other, \
            Target(folder / "target", "secret", prefix=NOBODY) as secret:
        result = run(*NOBODY, folder / "usdtinfo", "-p", own.pid)
        tap.ok(result.returncode == 0 and not result.stderr and "counted" in result.stdout,
               "one's own process", told(result))
        for name, target, why in (
                ("another's process", other, "it runs as user 0"),
                ("one that hides", secret, "it hides from its own user, or has privileges that "
                 "you have not")):
            result = run(*NOBODY, folder / "usdtinfo", "-p", f"{target.pid},{own.pid}")
            tap.ok(result.returncode == 2 and result.stderr.count("\n") == 1 and
                   f"cannot read its maps: Permission denied ({why})" in result.stderr and
                   "counted" in result.stdout, name, told(result))
        result = run(*NOBODY, folder / "usdtinfo", "--all-processes", "-m", "target:*")
        pids = {line.split()[0] for line in result.stdout.splitlines()[1:]}
        tap.ok(result.returncode == 0 and result.stderr.count("\n") == 1 and
               "permission denied" in result.stderr and str(own.pid) in pids and
               str(other.pid) not in pids, "among all, those of others are counted and said once",
               told(result))
        document = json.loads(run(*NOBODY, folder / "usdtinfo", "--all-processes", "-J").stdout)
        tap.ok([entry["diagnostics"][0]["code"] for entry in document["files"]
                if entry["path"] == "/proc"] == ["processes-denied"], "and in JSON")


def check_denied(folder):
    """One process of another user, and several."""
    for others, words in ((0, "1 process "), (2, "3 processes ")):
        script = 'for i in $(seq $0); do sleep 60 & done; "$@"; code=$?; kill $(jobs -p); exit $code'
        result = run("unshare", "-m", "-p", "-f", "--mount-proc", "sh", "-c", script, others,
                     *NOBODY, folder / "usdtinfo", "--all-processes", "-J")
        entry, = json.loads(result.stdout)["files"]
        tap.ok(result.returncode == 1 and
               result.stderr.startswith(f"usdtinfo: {entry['diagnostics'][0]['message']}\n") and
               f": {words}could" in result.stderr, f"{words}of another user", told(result))


def check_privileged(folder):
    """Processes that are more than their user."""
    if os.statvfs(folder).f_flag & os.ST_NOSUID:
        tap.skip("a set-user-ID process", "programs here cannot be set-user-ID")
    else:
        program = folder / "privileged"
        shutil.copy(folder / "target", program)
        program.chmod(0o4755)
        with Target(program, prefix=NOBODY) as target:
            result = run(*NOBODY, folder / "usdtinfo", "-p", target.pid)
            tap.ok(result.returncode == 2 and "(it runs as user 0)" in result.stderr,
                   "a set-user-ID process", told(result))
            tap.ok(target.state("counted", "privileged") == IDLE, "and as root")


def check_hidden(folder):
    """A /proc that hides the processes of others, mounted for one command alone."""
    # Before, it was one for all mounts of a namespace's /proc.
    if tuple(map(int, re.match(r"(\d+)\.(\d+)", os.uname().release).groups())) < (5, 8):
        tap.skip("hidepid", "this kernel has it for every /proc, not for one mount")
        return
    with Target(folder / "target") as other, Target(folder / "target", prefix=NOBODY) as own:
        for hide, complaint in (("1", "cannot look at the process: Operation not permitted"),
                                ("2", "no such process")):
            script = f"mount -t proc -o hidepid={hide} none /proc && exec \"$@\""
            result = run("unshare", "-m", "sh", "-c", script, "sh", *NOBODY,
                         folder / "usdtinfo", "-nF", "tsv", "-m", "target:cold", "-o", "PID", "-p",
                         f"{other.pid},{own.pid}")
            tap.ok(result.returncode == 2 and result.stdout == f"{own.pid}\n" and
                   result.stderr == f"usdtinfo: /proc/{other.pid}: {complaint}\n",
                   f"hidepid={hide}", told(result))
            result = run("unshare", "-m", "sh", "-c", script, "sh", *NOBODY,
                         folder / "usdtinfo", "-nF", "tsv", "-m", "target:cold", "-o", "PID",
                         "--all-processes")
            tap.ok(result.returncode == 0 and f"{own.pid}\n" in result.stdout and
                   f"{other.pid}\n" not in result.stdout,
                   f"hidepid={hide}, all processes", told(result))


run_cases(
    Case(check_unprivileged, "root", "setpriv"),
    Case(check_denied, "mounts", "setpriv"),
    Case(check_privileged, "mounts", "setpriv"),
    Case(check_hidden, "mounts", "paths", "setpriv"),
)
