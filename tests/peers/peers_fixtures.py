# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Every fixture, and some binaries of this system, held to readelf, eu-readelf and gdb; each
rule of a peer has to be the reason somewhere.

    peers_fixtures.py [PEER...]
"""
import collections
import concurrent.futures
import os
import pathlib
import sys

from helpers.tap import SOURCE, Tap, have
from compare import PEERS, File, compare, is_elf, outputs, rules_of

# What of a system may have probes; what is not there is left out.
SYSTEM = (
    "/usr/bin/python3", "/usr/bin/gdb", "/usr/bin/perl", "/usr/bin/qemu-system-x86_64",
    "/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib/x86_64-linux-gnu/libstdc++.so.6",
    "/lib64/libc.so.6", "/usr/lib64/libstdc++.so.6", "/usr/lib/libstdc++.so.6",
    "/usr/lib/aarch64-linux-gnu/libstdc++.so.6",
)


def check_peer(tap, pool, peer, files):
    rules = rules_of(peer)
    results = [compare(file, peer, output, rules)
               for file, output in zip(files, outputs(pool, peer, files))]
    failures = [complaints for complaints, _ in results if complaints]
    tap.none([line for complaints in failures[:20] for line in complaints],
             f"{peer.name}: {len(files) - len(failures)} of {len(files)} files agree")
    used = collections.Counter(name for _, names in results for name in names)
    for rule in rules:
        tap.ok(used[rule.name],
               f"{peer.name} {rule.name} ({used[rule.name]} files): {rule.reason}",
               "no file differs for this reason: the rule is wrong, or this version needs none")


def main():
    """Compares with the peers that are named, or with all."""
    tap = Tap()
    peers = [peer for peer in PEERS if peer.name in sys.argv[1:] or not sys.argv[1:]]
    paths = [p for p in sorted((SOURCE / "fixtures").rglob("*")) if p.is_file() and is_elf(p)]
    tap.ok(len(paths) > 100, f"{len(paths)} fixtures")
    paths += [pathlib.Path(p) for p in SYSTEM if os.path.exists(p)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        files = list(pool.map(File, paths))
        tap.none([f"{file.name}: {file.fault}" for file in files if file.fault],
                 "usdtinfo reads each, with the same exit code as blocks and as JSON")
        for peer in peers:
            if have(peer.command[0]):
                check_peer(tap, pool, peer, files)
            else:
                tap.skip(peer.name, f"no {peer.command[0]}")
    tap.done()


main()
