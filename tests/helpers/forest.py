# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Trees for the tests of -r: made in a folder, scanned, taken away however deep they are."""
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from helpers import schema
from helpers.tap import HANG, SOURCE, TOOL

# Validating takes far longer than the scan: of large outputs JSON's own rules are held.
VALIDATED_SIZE = 32768

# A file with three probes, and one without any.
PROBES = SOURCE / "fixtures" / "x86_64" / "minimal.so"
NONE = SOURCE / "fixtures" / "x86_64" / "none"
ARCHIVE = SOURCE / "fixtures" / "x86_64" / "archive.a"


@contextlib.contextmanager
def folder(in_memory=False):
    """A new folder that others may read; rm takes it away, however deep, which disks are
    slow at."""
    memory = "/dev/shm" if in_memory and os.access("/dev/shm", os.W_OK) else None
    path = pathlib.Path(tempfile.mkdtemp(prefix="usdtinfo-tree-", dir=memory))
    path.chmod(0o755)
    try:
        yield path
    finally:
        subprocess.run(["rm", "-rf", "--", path], check=False)


def plant(path, source=PROBES):
    """A copy of a fixture at PATH, with the directories above it."""
    path = pathlib.Path(os.fsdecode(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, path)
    return path


class Scan:
    """One run of "usdtinfo -r -J" in a folder."""

    def __init__(self, where, *options, paths=(".",), prefix=(), tool=TOOL, **more):
        self.command = [*map(str, prefix), str(tool), "-r", "-J", *options, *paths]
        result = subprocess.run(self.command, cwd=where, stdin=subprocess.DEVNULL,
                                capture_output=True, timeout=HANG, check=False, **more)
        self.code, self.out, self.err = result.returncode, result.stdout, result.stderr

    @property
    def document(self):
        return json.loads(self.out)

    @property
    def files(self):
        return self.document["files"]

    @property
    def paths(self):
        """As bytes, without the "./" of the folder itself."""
        return [name[2:] if name.startswith(b"./") else name for name in map(raw_path, self.files)]

    def listed(self):
        """The paths of those that have probes."""
        return [path for path, file in zip(self.paths, self.files) if file.get("probes")]

    def wrong(self, code=0):
        """What is wrong whatever the tree: exit code, messages, JSON."""
        found = []
        if len(self.out) <= VALIDATED_SIZE:
            found = schema.complaints(self.out)
        else:
            schema.parse(self.out)
        if self.code != code:
            found.append(f"exit {self.code}, not {code}")
        if bool(self.err) != (code == 2):
            found.append(f"standard error: {self.err[:400]!r}")
        return found

    def told(self):
        return (f"$ {' '.join(self.command)}\nexit {self.code}\n{self.out[:2000]!r}\n"
                f"{self.err[:2000]!r}")


def raw_path(file):
    if file.get("path_hex"):
        return bytes.fromhex(file["path_hex"])
    return file["path"].encode()
