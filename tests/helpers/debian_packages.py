# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Debian packages of any architecture: fetched into a cache and unpacked, never installed.

apt is run with state, lists and architectures of its own, so that the machine's are left
alone; where packages come from is what the machine's own sources say.
"""
import os
import pathlib

from helpers.tap import have, run, told

CONFIGURATION = """\
Dir::State "{cache}/state";
Dir::State::lists "{cache}/state/lists";
Dir::State::status "{cache}/state/status";
Dir::Cache "{cache}/apt";
APT::Architecture "{first}";
APT::Architectures {{ {architectures} }};
APT::Sandbox::User "";
APT::Update::Post-Invoke {{ }};
APT::Update::Post-Invoke-Success {{ }};
Acquire::Languages "none";
Acquire::Retries "3";
"""


def cache_folder():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return pathlib.Path(base) / "usdtinfo" / "packages"


class Packages:
    """The packages of some architectures."""

    def __init__(self, architectures, cache=None):
        self.architectures = architectures
        self.cache = cache or cache_folder()
        self.updated = False

    @staticmethod
    def lacking():
        """What this machine lacks for any of this; [] when nothing."""
        return [program for program in ("apt-get", "dpkg-deb") if not have(program)]

    def _apt(self, *words):
        config = self.cache / "apt.conf"
        return run("apt-get", "-q", *words, cwd=self.cache / "debs", timeout=900,
                   env={**os.environ, "APT_CONFIG": str(config), "LC_ALL": "C"})

    def _update(self):
        """Fetch the lists. One that fails (a mirror in the middle of an update) is left to
        the download that needs it."""
        if self.updated:
            return
        self.updated = True
        for folder in ("debs", "state/lists/partial", "apt/archives/partial"):
            (self.cache / folder).mkdir(parents=True, exist_ok=True)
        (self.cache / "state/status").touch()
        (self.cache / "apt.conf").write_text(CONFIGURATION.format(
            cache=self.cache, first=self.architectures[0],
            architectures=" ".join(f'"{name}";' for name in self.architectures)))
        self._apt("update")

    def _cached(self, package, architecture):
        found = sorted((self.cache / "debs").glob(f"{package}_*_{architecture}.deb"),
                       key=lambda path: path.stat().st_mtime)
        return found[-1] if found else None

    def fetch(self, package, architecture):
        """Returns (the file, None) or (None, why it cannot be had)."""
        found = self._cached(package, architecture)
        if found:
            return found, None
        self._update()
        result = self._apt("download", f"{package}:{architecture}")
        found = self._cached(package, architecture)
        return found, None if found else told(result)

    def fetch_with_needs(self, packages):
        """Fetch packages of the first architecture and all that they depend on into
        apt/archives of the cache; returns the finished command."""
        self._update()
        return self._apt("install", "--download-only", "--yes", "--no-install-recommends",
                         *packages)

    @staticmethod
    def unpack(deb, folder):
        """Returns why it failed, or None."""
        result = run("dpkg-deb", "-x", deb, folder, timeout=600)
        return told(result) if result.returncode else None
