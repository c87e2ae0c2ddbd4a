# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""What the tests of processes share: programs to look at, and which cases can be had here."""
import faulthandler
import os
import pathlib
import shutil
import tempfile
import traceback

from helpers.tap import HANG, TOOL, Tap, have, run
from helpers.target import build, mount, shares_paths, unshare_mounts

ROOT = os.geteuid() == 0
# A user without privileges, another for each run: tests side by side do not meet.
USER = 60000 + os.getpid() % 5000
NOBODY = ("setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups")
IDLE = ("idle", None)
REASONS = {
    "root": "not root",
    "mounts": "no mount namespace of our own",
    "paths": "in a chroot, the kernel names files of other mount namespaces from another root",
    "tracefs": "no tracefs with uprobe_events to write to",
}
tap = Tap()


class Case:
    """A function that is given a folder, and what it needs: see REASONS, else programs."""

    def __init__(self, check, *needs):
        self.check = check
        self.needs = needs
        self.name = check.__name__.removeprefix("check_")


class Place:
    """A folder in which everybody may run the programs, and what can be done there."""

    def __init__(self, folder):
        self.folder = folder
        self.mounts = unshare_mounts()
        self.paths = self.mounts and shares_paths()
        self.tracefs = self.mounts and mount("tracefs", folder / "tracefs") and \
            os.access(folder / "tracefs" / "uprobe_events", os.W_OK)

    def lacks(self, need):
        return not {"root": ROOT, "mounts": self.mounts, "paths": self.paths,
                    "tracefs": self.tracefs}.get(need, have(need))

    def leave(self):
        for place in ("tracefs", "stack/merged", "stack") if self.mounts else ():
            run("umount", "-l", self.folder / place)


def run_case(place, case):
    lacking = [REASONS.get(need, f"no {need}") for need in case.needs if place.lacks(need)]
    if lacking:
        tap.skip(case.name, ", ".join(lacking))
        return
    try:
        case.check(place.folder)
    except Exception:  # pylint: disable=broad-except
        tap.ok(False, case.name, traceback.format_exc())


def run_cases(*cases):
    # Something that waits for ever is to be told by where it waits.
    faulthandler.dump_traceback_later(HANG + 200, exit=True)
    if not os.path.exists(f"/proc/{os.getpid()}/maps"):
        tap.skip("processes", "/proc is not mounted, or is another namespace's")
        tap.done()
    with tempfile.TemporaryDirectory(prefix="usdtinfo-process-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        if not build(folder / "target") or not build(folder / "libtarget.so", "-shared", "-fPIC",
                                                     "-DLIBRARY"):
            tap.skip("processes", "target.c is not for this machine")
            tap.done()
        # Where everybody may run it.
        shutil.copy(TOOL, folder / "usdtinfo")
        place = Place(folder)
        try:
            for case in cases:
                run_case(place, case)
        finally:
            place.leave()
    tap.done()
