# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Files through usdtinfo and through its peers: readelf -n, eu-readelf -n, gdb's "info probes
stap". They have to tell the same, and each difference has to be one that a rule names and
gives the reason of."""
import collections
import functools
import os
import re

from helpers import schema
from helpers.tap import SOURCE, TOOL, run
import readers
from rules import RULES

# blind: fields that the peer does not print
Peer = collections.namedtuple("Peer", "name command read blind ordered")
PEERS = (
    Peer("readelf", ("readelf", "-n"), readers.readelf, readers.ADJUSTED, True),
    Peer("eu-readelf", ("eu-readelf", "-n"), readers.eu_readelf, readers.ADJUSTED, True),
    Peer("gdb", ("gdb", "-nx", "-batch", "-ex", "set debug-file-directory /nonexistent",
                 "-ex", "set width 0"),
         readers.gdb, readers.STORED, False),
)
# gdb takes longer to start than to read: one run for all files, parted by lines.
PART = "---- next file ----"
# What its command line takes apart.
SPECIAL = " \t\"'\\"


class File:
    """What usdtinfo says of a file."""

    def __init__(self, path):
        self.path = path
        self.name = str(path.relative_to(SOURCE)) if SOURCE in path.parents else str(path)
        listing = run(TOOL, "-F", "readelf", path, errors=None)
        json = run(TOOL, "-J", path, errors=None)
        self.text = listing.stdout
        self.fault = None
        facts = {}
        if json.returncode not in (0, 1, 2) or json.returncode != listing.returncode:
            self.fault = f"exit {listing.returncode}, as JSON {json.returncode}"
        try:
            facts = schema.parse(json.stdout)["files"][0]
        except ValueError as error:
            self.fault = f"no JSON: {error}"
        self.facts = facts
        self.codes = {finding["code"] for finding in facts.get("diagnostics", [])}
        self.probes = facts.get("probes", [])
        self.records = [readers.of_json(probe) for probe in self.probes]

    @functools.cached_property
    def bytes(self):
        return self.path.read_bytes()

    def at(self, offset, size):
        return self.bytes[offset:offset + size]

    @functools.cached_property
    def sections(self):
        """(name, type, address) of each section, by readelf."""
        rows = run("readelf", "-SW", self.path).stdout.replace("[ ", "[").splitlines()
        return [row.split()[1:4] for row in rows if row.startswith("  [") and len(row.split()) > 4]

    def note_sections(self):
        return [name for name, kind, _ in self.sections
                if kind == "NOTE" and not name.startswith(".note.gnu")]

    def base_at_zero(self):
        return any(name == ".stapsdt.base" and not int(address, 16)
                   for name, kind, address in self.sections if kind != "NULL")

    def same_text(self, output):
        """Whether readelf's stapsdt blocks are ours, byte for byte but for what is promised."""
        kept = [line for line in self.text.split(b"\n") if not line.startswith(b"    Adjusted: ")]
        return b"\n".join(kept) == readers.escaped(readers.stapsdt_blocks(output))


@functools.cache
def version(command):
    """The dotted number at the end of what a peer calls itself, as a tuple."""
    name = run(command, "--version").stdout.partition("\n")[0]
    return tuple(map(int, re.match(r"[\d.]*\d", name.split()[-1])[0].split(".")))


def rules_of(peer):
    """Those of the peer as it is installed."""
    return [rule for rule in RULES if rule.peer == peer.name and
            not (rule.until and version(peer.command[0]) >= rule.until)]


def masked(records, blind, ordered):
    kept = [record._replace(**{field: None for field in blind}) for record in records]
    return kept if ordered else sorted(kept, key=lambda record: [str(v) for v in record])


def is_part(part, whole):
    """Whether PART is WHOLE with some left out."""
    rest = iter(whole)
    return all(any(other == one for other in rest) for one in part)


def agree(file, peer, theirs, rules):
    """Whether the two tell the same once RULES are heeded."""
    if any(rule.anything for rule in rules):
        return True
    blind = set(peer.blind).union(*(rule.blind for rule in rules))
    ours = [record for record, probe in zip(file.records, file.probes)
            if all(rule.shows(file, probe) for rule in rules)]
    ours = masked(ours, blind, peer.ordered)
    theirs = masked(theirs, blind, peer.ordered)
    if any(rule.partial for rule in rules):
        return is_part(theirs, ours) or is_part(ours, theirs)
    return ours == theirs


def difference(file, peer, theirs):
    ours = [str(tuple(record)) for record in masked(file.records, peer.blind, peer.ordered)]
    theirs = [str(tuple(record)) for record in masked(theirs, peer.blind, peer.ordered)]
    lines = [f"- usdtinfo {line}" for line in ours if line not in theirs][:4]
    lines += [f"+ {peer.name} {line}" for line in theirs if line not in ours][:4]
    return [f"{file.name}: {len(ours)} probes, {peer.name} {len(theirs)}", *lines]


def outputs(pool, peer, files):
    """What the peer prints for each file."""
    environment = {**os.environ, "LC_ALL": "C"}
    if peer.name != "gdb":
        results = pool.map(lambda file: run(*peer.command, file.path, env=environment,
                                            errors=None), files)
        return [result.stdout for result in results]
    command = list(peer.command)
    for file in files:
        path = "".join(f"\\{char}" if char in SPECIAL else char for char in str(file.path))
        command += ["-ex", "file", "-ex", f"file -readnever {path}", "-ex", "info probes stap",
                    "-ex", f"echo {PART}\\n"]
    parts = run(*command, env=environment, errors=None).stdout.split(f"{PART}\n".encode())
    if len(parts) != len(files) + 1:
        raise RuntimeError(f"gdb ended after {len(parts) - 1} of {len(files)} files")
    return parts[:-1]


def compare(file, peer, output, allowed):
    """(complaints, names of the rules that explain a difference)"""
    theirs = peer.read(output)
    same = agree(file, peer, theirs, ())
    if same and (peer.name != "readelf" or file.same_text(output)):
        return [], ()
    rules = [rule for rule in allowed if rule.peer == peer.name and rule.applies(file)]
    if same:
        reasons = tuple(rule.name for rule in rules if rule.text)
        return [] if reasons else [f"{file.name}: the same probes in other bytes"], reasons
    # One reason is better than several.
    for tried in [*((rule,) for rule in rules), tuple(rules)]:
        if tried and agree(file, peer, theirs, tried):
            return [], tuple(rule.name for rule in tried)
    return difference(file, peer, theirs), ()


def is_elf(path):
    with open(path, "rb") as stream:
        return stream.read(4) == b"\x7fELF"
