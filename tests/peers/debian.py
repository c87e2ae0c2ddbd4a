# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The binaries that Debian ships with probes, on eight architectures, held to readelf,
eu-readelf and gdb as tests/peers/peers_system.py does it; and the catalogue of providers has all of
their probes, and names every argument.

    debian.py [ARCHITECTURE...]
"""
import collections
import concurrent.futures
import os
import pathlib
import sys
import tempfile

from helpers.debian_packages import Packages
from helpers.tap import TOOL, Tap, have, run
from peers_system import POINTS, Judge, judge_all, peers_here

PACKAGES = ("libstdc++6", "libpython3.11", "libvirt0", "postgresql-15",
            "openjdk-17-jre-headless")

ARCHITECTURES = ("amd64", "i386", "arm64", "armhf", "ppc64el", "s390x", "mips64el", "mipsel")


def catalogue_complaints(path):
    """Probes that the catalogue does not know, or whose arguments it takes for others'."""
    result = run(TOOL, "-F", "tsv", "-n", "-o", "PROVIDER,NAME,TYPES,ARGNAMES,DESCRIPTION", path)
    for line in result.stdout.splitlines():
        provider, name, types, names, description = line.split("\t")
        if not description or types.count(",") != names.count(",") or bool(types) != bool(names):
            yield f"{provider}:{name} ({types}) is '{description}' with '{names}'"


class Figures(collections.Counter):
    def __str__(self):
        return ", ".join(f"{number} {what}" for what, number in self.items())


def judge(folder, figures):
    """Holds every ELF file below a folder to its peers; returns complaints by kind."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        judge = Judge(pool, peers_here())
        files = judge_all(judge, [folder])
    judge.complaints["moved"], judge.complaints["catalogue"] = [], []
    for file in files:
        judge.complaints["catalogue"] += [
            f"{file.name}: {complaint}" for complaint in catalogue_complaints(file.path)]
        for probe in file.probes:
            if probe["base_delta"] != "0x0" or probe["location"] is None:
                judge.complaints["moved"].append(f"{file.name}: {probe}")
            figures["unresolvable"] += sum(not argument["resolvable"]
                                           for argument in probe["arguments"])
    figures.update(judge.counts)
    figures.update(judge.used)
    return judge.complaints


POINTS = {
    **POINTS,
    "moved": "Debian moves nothing after it was linked",
    "catalogue": "the catalogue knows every probe and names its arguments",
}


def test_package(tap, packages, package, architecture, figures):
    """Returns how many probes there are."""
    title = f"{architecture} {package}"
    deb, reason = packages.fetch(package, architecture)
    if not tap.ok(deb, f"{title}: can be had", reason):
        return 0
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
        reason = packages.unpack(deb, folder)
        if reason:
            tap.ok(False, f"{title}: can be unpacked", reason)
            return 0
        before = figures["probes"]
        wrong = judge(pathlib.Path(folder), figures)
    for kind, text in POINTS.items():
        if kind in wrong:
            tap.none(wrong[kind][:20], f"{title}: {text}")
    return figures["probes"] - before


def main():
    tap = Tap()
    architectures = sys.argv[1:] or list(ARCHITECTURES)
    lacking = Packages.lacking() + ([] if have("readelf") else ["readelf"])
    if lacking:
        tap.skip("packages", f"this system has no {', '.join(lacking)}")
        tap.done()
    packages = Packages(list(ARCHITECTURES))
    total, of_package = Figures(), Figures()
    for architecture in architectures:
        figures = Figures()
        for package in PACKAGES:
            of_package[package] += test_package(tap, packages, package, architecture, figures)
        tap.ok(figures["probes"], f"{architecture}: there are probes")
        print(f"# {architecture}: {figures}", flush=True)
        total.update(figures)
    # Not every package on every architecture: Debian's OpenJDK has none on two of them.
    for package in PACKAGES if not sys.argv[1:] else ():
        tap.ok(of_package[package], f"{package}: there are probes")
    print(f"# together: {total}", flush=True)
    tap.done()


if __name__ == "__main__":
    main()
