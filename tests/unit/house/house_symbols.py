# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""What the libraries export: the header's functions, in the map's versions, nothing else;
and no state that outlives a call."""
import re

from helpers.tap import BUILD, SOURCE, Tap, run

LIBRARY = BUILD / "src"
STATE = re.compile(r"^\S+ [lg].{5}O (\.data|\.bss|\.tdata|\.tbss|COMMON)(?:\.(?!rel\.ro)\S*)?"
                   r"\t\S+ +(?:\.hidden )?(\S+)$", re.MULTILINE)


def declared():
    header = (SOURCE / "include" / "usdtinfo.h").read_text(encoding="utf-8")
    code = re.sub(r"/\*.*?\*/", " ", header, flags=re.DOTALL)
    return set(re.findall(r"\b(usdtinfo_\w+)\s*\(", code))


def mapped():
    text = (SOURCE / "src" / "libusdtinfo.map").read_text(encoding="utf-8")
    return set(re.findall(r"^\t(usdtinfo_\w+);$", text, re.MULTILINE))


def defined(path, *options):
    """Global symbols that a library defines, without version and version nodes."""
    listing = run("nm", "-g", "--defined-only", *options, path).stdout
    rows = [line.split() for line in listing.splitlines() if len(line.split()) == 3]
    return {name.split("@")[0] for _, kind, name in rows if kind != "A"}


def difference(have, want):
    return ([f"{name}: not expected" for name in sorted(have - want)] +
            [f"{name}: missing" for name in sorted(want - have)])


def main():
    tap = Tap()
    tap.ok(len(declared()) > 50, "the header's functions are found")
    tap.none(difference(mapped(), declared()), "the symbol map names the header's functions")
    tap.none(difference(defined(LIBRARY / "libusdtinfo.so", "-D"), declared()),
             "the shared library exports the header's functions")
    tap.none(difference(defined(LIBRARY / "libusdtinfo.a"), declared()),
             "the static library exports the header's functions")
    inner = defined(LIBRARY / "libusdtinfo-core.a")
    tap.ok(inner - declared(), "the objects do have other symbols, which the libraries hide")
    table = run("objdump", "-t", LIBRARY / "libusdtinfo-core.a").stdout
    tap.none([f"{name} in {section}" for section, name in STATE.findall(table)],
             "the library keeps no writable data")
    seed = "0000000000000000 l     O .bss\t0000000000000008 counter"
    constant = "0000000000000000 l     O .data.rel.ro.local\t0000000000000008 table"
    tap.ok(STATE.search(seed) and not STATE.search(constant), "writable data is told apart")
    tap.done()


main()
