# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Roots of foreign machines: the C library and what usdtinfo needs, of Debian's packages of
that architecture, unpacked into a folder of their own; nothing is installed.

    roots.py ARCHITECTURE...       make them and print where they are
"""
import os
import shutil
import sys

from helpers.debian_packages import Packages, cache_folder
from helpers.tap import told

PACKAGES = ("libc6-dev", "libelf-dev", "libdw-dev", "libsmartcols-dev", "libjson-c-dev",
            "liblzma-dev", "libarchive-dev", "libcapstone-dev", "check")
# Without what they need: an emulator would take the Python there for the machine's own.
HEADERS = ("systemtap-sdt-dev",)
# Made anew when this changes.
STAMP = " ".join(PACKAGES + HEADERS) + " 2"


class Root:
    """The root of one architecture. .path is where it is; .error, why there is none, or None."""

    def __init__(self, architecture):
        self.architecture = architecture
        self.folder = cache_folder().parent / "roots" / architecture
        self.path = self.folder / "root"
        self.error = None
        stamp = self.folder / "stamp"
        if stamp.is_file() and stamp.read_text() == STAMP:
            return
        self.error = self._make()
        if not self.error:
            stamp.write_text(STAMP)

    def _make(self):
        lacking = Packages.lacking()
        if lacking:
            return f"no {', '.join(lacking)}"
        packages = Packages([self.architecture], self.folder)
        result = packages.fetch_with_needs(PACKAGES)
        if result.returncode:
            return told(result)[-2000:]
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.mkdir(parents=True)
        debs = sorted((self.folder / "apt" / "archives").glob("*.deb"))
        for name in HEADERS:
            deb, error = packages.fetch(name, self.architecture)
            if error:
                return error
            debs.append(deb)
        for deb in debs:
            error = Packages.unpack(deb, self.path)
            if error:
                return error
            deb.unlink()
        self._mend_links()
        return None

    def _mend_links(self):
        """Absolute links would leave the root."""
        for link in self.path.rglob("*"):
            if link.is_symlink() and os.readlink(link).startswith("/"):
                target = self.path / os.readlink(link).lstrip("/")
                link.unlink()
                link.symlink_to(os.path.relpath(target, link.parent))


def main():
    for architecture in sys.argv[1:]:
        root = Root(architecture)
        print(root.error or root.path)


if __name__ == "__main__":
    main()
