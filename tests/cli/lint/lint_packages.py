# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""No false alarm on the probes of Debian's own packages, which tracers are known to use.

The packages are downloaded, not installed; a machine without apt-get skips.
"""
import pathlib
import subprocess
import tempfile

from helpers.tap import TOOL, Tap, have, run, told

# Package of the archive, a file of it with probes.
ROWS = [
    ("python3.11-minimal", "usr/bin/python3.11"),
    ("libpython3.11", "usr/lib/*/libpython3.11.so.1.0"),
    ("postgresql-15", "usr/lib/postgresql/15/bin/postgres"),
    ("libvirt0", "usr/lib/*/libvirt.so.0.*"),
    ("openjdk-17-jre-headless", "usr/lib/jvm/*/lib/server/libjvm.so"),
    ("libstdc++6", "usr/lib/*/libstdc++.so.6.*"),
]


def unpack(package, folder):
    folder.mkdir()
    result = run("apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", package, cwd=folder,
                 timeout=300)
    archives = list(folder.glob("*.deb"))
    if result.returncode or not archives:
        return told(result)
    subprocess.run(["dpkg-deb", "-x", archives[0], folder], check=True)
    archives[0].unlink()
    return None


def main():
    tap = Tap()
    if not have("apt-get") or not have("dpkg-deb"):
        tap.skip("packages", "no apt-get")
        tap.done()
    with tempfile.TemporaryDirectory() as top:
        for package, pattern in ROWS:
            folder = pathlib.Path(top, package)
            failed = unpack(package, folder)
            if failed and ("Unable to locate" in failed or "has no candidate" in failed):
                tap.skip(package, "this release has no such package")
                continue
            files = sorted(folder.glob(pattern))
            if not tap.ok(files, f"{package} has {pattern}", failed):
                continue
            result = run(TOOL, "lint", files[0])
            tap.ok(result.returncode == 0 and not result.stderr, f"{files[0].name} is sound",
                   told(result))
    tap.done()


main()
