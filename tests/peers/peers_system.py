# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Every ELF file and every archive below directories, held to readelf, eu-readelf and gdb: the
notes, their addresses and arguments; and to the file itself, which has to have a nop where a
probe is and a zero where its semaphore is. Each difference has to have a reason that a rule
names.

    peers_system.py [--probes] [--limit=N] DIRECTORY...

--probes: only files in which the name of the notes' owner stands, which is quick; --limit: N
objects and no archives, taken evenly from all.
"""
import collections
import concurrent.futures
import json
import mmap
import os
import pathlib
import shutil
import stat
import sys
import tempfile

from helpers.tap import TOOL, Tap, have, run
from compare import PEERS, File, compare, outputs, rules_of
import places_in_files as places

ELF, ARCHIVE, THIN = b"\x7fELF", b"!<arch>\n", b"!<thin>\n"
OWNER = b"stapsdt"
BATCH = 100
ENVIRONMENT = {**os.environ, "LC_ALL": "C"}

# applies(path, facts): whether it explains a state that is neither "ok" nor "no-probes"
State = collections.namedtuple("State", "state name reason applies")
STATES = (
    State("damaged", "is damaged", "readelf complains of it, too",
          lambda path, facts: complains(path)),
    State("not-elf", "is too short", "readelf finds no ELF header either",
          lambda path, facts: complains(path)),
    State("no-section-headers", "has no section headers", "and readelf finds none either",
          lambda path, facts: not places.Layout(path).sections),
    State("notes-stripped", "lost its notes", "the section that locations refer to is left",
          lambda path, facts: any(section.name in (".stapsdt.base", ".probes")
                                  for section in places.Layout(path).sections)),
)


def complains(path):
    result = run("readelf", "-hlSnW", path, env=ENVIRONMENT)
    return bool(result.returncode or result.stderr)


class Found:
    """The files below directories, each inode once, by what they begin with."""

    def __init__(self, directories):
        self.objects, self.archives, self.inodes = [], [], {}
        for directory in directories:
            for folder, folders, names in os.walk(directory):
                folders[:] = sorted(name for name in folders
                                    if not os.path.ismount(os.path.join(folder, name)))
                for name in sorted(names):
                    self.add(pathlib.Path(folder, name))

    def add(self, path):
        try:
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode) or not status.st_size:
                return
            with path.open("rb") as stream:
                magic = stream.read(8)
        except OSError:  # a tree that is in use changes
            return
        kind = {ELF: self.objects, ARCHIVE: self.archives}.get(
            magic if magic == ARCHIVE else magic[:4])
        if kind is not None and (status.st_dev, status.st_ino) not in self.inodes:
            self.inodes[status.st_dev, status.st_ino] = path
            kind.append(path)


def has_owner(path):
    with path.open("rb") as stream, \
            mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return data.find(OWNER) >= 0


def batches(paths):
    return [paths[start:start + BATCH] for start in range(0, len(paths), BATCH)]


def listed(paths):
    """{path: the entries of usdtinfo's listing}, an archive has one for each member"""
    result = run(TOOL, "-J", *paths, timeout=600)
    entries = {str(path): [] for path in paths}
    for entry in json.loads(result.stdout)["files"]:
        path = entry["path"]
        while path not in entries:
            path = path.rpartition("(")[0]
        entries[path].append(entry)
    return entries


class Plain(collections.namedtuple("Plain", "path")):
    """A file of which nothing is known yet."""


def silent(pool, peer, paths):
    """Those of the files of which the peer does not tell that they have probes."""
    mark = b"NT_STAPSDT" if peer.name == "readelf" else OWNER
    if peer.name == "gdb":
        told = outputs(pool, peer, [Plain(path) for path in paths])
        return [path for path, output in zip(paths, told) if not peer.read(output)]

    def says_nothing(some):
        return mark not in run(*peer.command, *some, env=ENVIRONMENT, errors=None,
                               timeout=600).stdout
    if says_nothing(paths):
        return paths
    return [path for path in paths if says_nothing([path])]


def states(entries, complaints, used):
    for path, files in entries.items():
        if not files:
            complaints.append(f"{path}: not listed")
        for facts in files:
            if facts["state"] in ("ok", "no-probes"):
                continue
            reasons = [rule for rule in STATES
                       if rule.state == facts["state"] and rule.applies(path, facts)]
            used.update(f"it {rule.name}: {rule.reason}" for rule in reasons)
            if not reasons:
                complaints.append(f"{facts['path']}: {facts['state']}")


def members(archive):
    """(name, bytes) of each member of an archive that is an ELF object"""
    data, at, names = archive.read_bytes(), len(ARCHIVE), b""
    while at + 60 <= len(data):
        name, size = data[at:at + 16].rstrip(b" "), int(data[at + 48:at + 58])
        body = data[at + 60:at + 60 + size]
        if name == b"//":
            names = body
        elif name.startswith(b"/") and name[1:].isdigit():
            name = names[int(name[1:]):].split(b"\n")[0]
        elif name.startswith(b"#1/"):
            length = int(name[3:])
            name, body = body[:length].rstrip(b"\0"), body[length:]
        if body.startswith(ELF):
            yield name.rstrip(b"/").decode(errors="surrogateescape"), body
        at += 60 + size + size % 2


class Judge:
    """What has been found over all files."""

    def __init__(self, pool, peers):
        self.pool, self.peers = pool, peers
        self.complaints = {key: [] for key in ("states", "places", "operands", "archives", "walk",
                                               *(peer.name for peer in peers))}
        self.used = collections.Counter()
        self.counts = collections.Counter()
        foreign = shutil.which("gdb-multiarch") in [peer.command[0] for peer in peers]
        self.rules = [rule for peer in peers for rule in rules_of(peer)
                      if not foreign or rule.name != "was built without the machine"]

    def plain(self, paths):
        """Files that should have no probes; returns those that somebody sees some in."""
        entries = listed(paths)
        states(entries, self.complaints["states"], self.used)
        quiet = [path for path in paths
                 if not any(facts.get("probes") for facts in entries[str(path)])]
        loud = [path for path in paths if path not in quiet]
        for peer in self.peers:
            asked = [path for path in quiet
                     if peer.name != "gdb" or not str(path).endswith(".a")]
            loud += set(asked) - set(silent(self.pool, peer, asked))
        self.counts["files without probes"] += len(paths) - len(set(loud))
        return sorted(set(loud))

    def files(self, paths, titles=None):
        """Files that may have probes. Returns what usdtinfo says of them."""
        files = list(self.pool.map(File, paths))
        for file, title in zip(files, titles or map(str, paths)):
            file.name = title
            if file.fault:
                self.complaints["states"].append(f"{file.name}: {file.fault}")
            self.counts["files with probes" if file.probes else "files without probes"] += 1
            self.counts["probes"] += len(file.probes)
            self.counts["arguments"] += sum(len(probe["arguments"]) for probe in file.probes)
            self.complaints["operands"] += [
                f"{title}: {probe['provider']}:{probe['name']}: {argument['raw']}"
                for probe in file.probes for argument in probe["arguments"]
                if argument["operand"]["kind"] == "unknown"]
        states({file.path: [file.facts] for file in files}, self.complaints["states"], self.used)
        for peer in self.peers:
            for file, output in zip(files, outputs(self.pool, peer, files)):
                complaints, reasons = compare(file, peer, output, self.rules)
                self.complaints[peer.name] += complaints
                self.used.update(f"{peer.name} {rule.name}: {rule.reason}" for rule in self.rules
                                 if rule.peer == peer.name and rule.name in reasons)
        for complaints, used in self.pool.map(places.check, files):
            self.complaints["places"] += complaints
            self.used.update({f"a place {rule.name}: {rule.reason}": used[rule.name]
                              for rule in places.RULES if used[rule.name]})
        return files

    def archive(self, path):
        """Members with probes as files of their own, and as the archive's listing has them."""
        with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
            paths, titles = [], []
            for number, (name, body) in enumerate(members(path)):
                if OWNER in body:
                    paths.append(pathlib.Path(folder, f"{number}.o"))
                    paths[-1].write_bytes(body)
                    titles.append(f"{path}({name})")
            files = [file for some, names in zip(batches(paths), batches(titles))
                     for file in self.files(some, names)]
            alone = [[member_probe(probe) for probe in file.probes] for file in files
                     if file.probes]
            inside = [[member_probe(probe) for probe in facts["probes"]]
                      for facts in listed([path])[str(path)] if facts.get("probes")]
            if alone != inside:
                self.complaints["archives"].append(
                    f"{path}: {len(inside)} members with probes, not {len(alone)} or not the same")
        self.counts["archives with probes"] += bool(alone)

    def walk(self, directories, inodes):
        """What -r finds is what the files say one by one."""
        result = run(TOOL, "-r", "-l", *directories, timeout=1800)
        names = {line for line in result.stdout.splitlines() if "(" not in line}
        seen = {(status.st_dev, status.st_ino) for status in map(os.stat, names)}
        expected = {inode for inode, path in inodes.items() if path in self.having}
        self.complaints["walk"] += [f"{inodes.get(inode, inode)}: not by both"
                                    for inode in seen ^ expected]

    having = frozenset()


def member_probe(probe):
    """A probe without what differs between an archive and a file of its own."""
    return {key: value for key, value in probe.items()
            if key not in ("note_offset", "file_offset", "semaphore_offset")}


POINTS = {
    "states": "every file is listed, and what is not whole has a reason",
    "readelf": "readelf shows the same, byte for byte",
    "eu-readelf": "eu-readelf shows the same",
    "gdb": "gdb shows the same places",
    "places": "a nop at every site, a zero at every semaphore",
    "operands": "no operand is unknown",
    "archives": "an archive is what its members are",
    "walk": "-r finds what the files have one by one",
}


def judge_all(judge, directories, probes_only=False, limit=0):
    """Returns the files, archives' members apart, of which anybody thinks that they have
    probes."""
    found = Found(directories)
    if limit:
        found.objects = found.objects[::max(1, -(-len(found.objects) // limit))]
        found.archives = []
    objects = [path for path in found.objects if has_owner(path)]
    archives = [path for path in found.archives if has_owner(path)]
    if not probes_only:
        others = set(objects) | set(archives)
        rest = [path for path in found.objects + found.archives if path not in others]
        for some in batches(rest):
            for path in judge.plain(some):
                (archives if path in found.archives else objects).append(path)
    files = [file for some in batches(objects) for file in judge.files(some)]
    judge.having = {file.path for file in files if file.probes}
    for path in archives:
        judge.archive(path)
    if not limit:
        judge.walk(directories, found.inodes)
    return files


def peers_here():
    """The peers that this machine has, as they are called here."""
    peers = []
    for peer in PEERS:
        # Debian's gdb knows the machines of its own kind alone.
        programs = [name for name in (f"{peer.name}-multiarch", peer.name) if have(name)]
        if programs:
            peers.append(peer._replace(command=(shutil.which(programs[0]), *peer.command[1:])))
    return peers


def main():
    tap = Tap()
    options = [word for word in sys.argv[1:] if word.startswith("--")]
    directories = [pathlib.Path(word).resolve() for word in sys.argv[1:] if word not in options]
    limit = sum(int(word[8:]) for word in options if word.startswith("--limit="))
    peers = peers_here()
    if "readelf" not in [peer.name for peer in peers]:
        tap.skip("trees", "no readelf")
        tap.done()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        judge = Judge(pool, peers)
        judge_all(judge, directories, "--probes" in options, limit)
    for key, text in POINTS.items():
        if key in judge.complaints:
            wrong = judge.complaints[key]
            tap.none(wrong[:40] + ["..."][:len(wrong) > 40], f"{text} ({len(wrong)} do not)")
    print(f"# {', '.join(f'{number} {what}' for what, number in judge.counts.items())}")
    for reason, number in sorted(judge.used.items()):
        print(f"# {number} times {reason}")
    tap.done()


if __name__ == "__main__":
    main()
