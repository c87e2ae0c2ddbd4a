# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The binaries that Debian ships with probes, on eight architectures, held to readelf.

For every ELF file of the packages: the format readelf is byte-equal to what readelf -n says
of its probes; the bytes at every file offset are a nop of that machine, and every semaphore
is a zero; no operand is unknown; the catalogue of providers has all of them, and names every
argument.

    debian.py [ARCHITECTURE...]
"""
import collections
import json
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))
from packages import Packages  # noqa: E402
from tap import TOOL, Tap, have, run, told  # noqa: E402

PACKAGES = ("libstdc++6", "libpython3.11", "libvirt0", "postgresql-15",
            "openjdk-17-jre-headless")

# One row an architecture: the nops that a site may be, as they stand in the file.
NOPS = {
    "amd64": ("90",),
    "i386": ("90",),
    "arm64": ("1f2003d5",),
    "armhf": ("00bf", "0000a0e1", "00f020e3"),
    "ppc64el": ("00000060",),
    "s390x": ("47000000",),
    "mips64el": ("00000000",),
    "mipsel": ("00000000",),
}
BATCH = 200
HEADING = "\nDisplaying notes found in: "


def elf_files(folder):
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    yield path


def readelf_blocks(path):
    """What readelf -n shows of the probes of a file: whole sections, since Debian's linkers
    put nothing else beside them. With its exit code."""
    result = run("readelf", "-n", path, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"})
    parts = (HEADING + part for part in result.stdout.split(HEADING)[1:])
    return "".join(part for part in parts if "NT_STAPSDT" in part), result.returncode


def listed(paths):
    """The files entries of usdtinfo's JSON, and what is wrong with having them."""
    files, complaints = [], []
    for start in range(0, len(paths), BATCH):
        result = run(TOOL, "-J", *paths[start:start + BATCH], timeout=600)
        if result.returncode not in (0, 1):
            complaints.append(told(result)[-2000:])
        try:
            files += json.loads(result.stdout)["files"]
        except (ValueError, KeyError) as error:
            complaints.append(f"no JSON: {error}")
    if len(files) != len(paths):
        complaints.append(f"{len(files)} entries for {len(paths)} files")
    return files, complaints


def probe_complaints(probe, data, nops):
    """What is wrong with the places of a probe."""
    if probe["file_offset"] is None:
        yield "no file offset"
        return
    offset = int(probe["file_offset"], 16)
    if not any(data[offset:offset + len(nop) // 2].hex() == nop for nop in nops):
        yield f"at file offset {offset:#x}: {data[offset:offset + 4].hex()}"
    if probe["site"]["kind"] != "nop" or probe["site"]["bytes"] not in nops:
        yield f"site {probe['site']}"
    if probe["location"] is None or probe["base_delta"] != "0x0":
        yield f"location {probe['location']}, moved by {probe['base_delta']}"
    if probe["semaphore"] is not None:
        if probe["semaphore_offset"] is None:
            yield "no offset of the semaphore"
            return
        at = int(probe["semaphore_offset"], 16)
        if data[at:at + 2] != b"\0\0":
            yield f"the semaphore is {data[at:at + 2].hex()} at {at:#x}"


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


def judge(folder, architecture, figures):
    """Holds every ELF file below a folder to readelf; returns complaints by kind."""
    wrong = {"readelf": [], "places": [], "operands": [], "catalogue": []}
    paths = list(elf_files(folder))
    files, wrong["listing"] = listed(paths)
    for path, file in zip(paths, files):
        name = path.relative_to(folder)
        figures["ELF files"] += 1
        shown, code = readelf_blocks(path)
        if code:
            wrong["readelf"].append(f"{name}: readelf exits with {code}")
        if not file["probes"]:
            if shown:
                wrong["readelf"].append(f"{name}: only readelf shows probes")
            continue
        figures["with probes"] += 1
        ours = run(TOOL, "-F", "readelf", path).stdout
        if ours != shown:
            wrong["readelf"].append(f"{name}: {first_difference(shown, ours)}")
        wrong["catalogue"] += [f"{name}: {complaint}" for complaint in catalogue_complaints(path)]
        data = path.read_bytes()
        for probe in file["probes"]:
            title = f"{name}: {probe['provider']}:{probe['name']} {probe['location']}"
            figures["probes"] += 1
            figures["arguments"] += len(probe["arguments"])
            wrong["places"] += [f"{title}: {complaint}" for complaint in
                                probe_complaints(probe, data, NOPS[architecture])]
            wrong["operands"] += [f"{title}: {argument['raw']}"
                                  for argument in probe["arguments"]
                                  if argument["operand"]["kind"] == "unknown"]
            figures["unresolvable"] += sum(not argument["resolvable"]
                                           for argument in probe["arguments"])
    return wrong


def first_difference(expected, found):
    for number, (left, right) in enumerate(zip(expected.split("\n"), found.split("\n"))):
        if left != right:
            return f"line {number + 1}: readelf '{left}', usdtinfo '{right}'"
    return f"{len(expected)} bytes of readelf, {len(found)} of usdtinfo"


POINTS = {
    "listing": "every ELF file is listed",
    "readelf": "readelf says the same, byte for byte",
    "places": "nops at the locations, zeros at the semaphores",
    "operands": "no operand is unknown",
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
        wrong = judge(pathlib.Path(folder), architecture, figures)
    for kind, text in POINTS.items():
        tap.ok(not wrong[kind], f"{title}: {text}", "\n".join(wrong[kind][:20]))
    return figures["probes"] - before


def main():
    tap = Tap()
    architectures = sys.argv[1:] or list(NOPS)
    lacking = Packages.lacking() + ([] if have("readelf") else ["readelf"])
    if lacking:
        tap.skip("packages", f"this system has no {', '.join(lacking)}")
        tap.done()
    packages = Packages(list(NOPS))
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
