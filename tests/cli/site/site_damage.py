# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Damaged debug info: the listing is complete, says so where it can, and never crashes."""
import json
import pathlib
import random
import tempfile

from helpers.tap import SANITIZED, SOURCE, TOOL, Tap, run

FIXTURES = SOURCE / "fixtures" / "site"
FILES = ("x86_64-gcc-O2-dwarf5", "x86_64-gcc-O2-dwarf4", "x86_64-clang-O2-dwarf5",
         "x86_64-gcc-O2.o", "aarch64-clang-O2-dwarf4")
SECTIONS = (".debug_info", ".debug_abbrev", ".debug_line", ".debug_loclists", ".debug_loc",
            ".debug_str", ".debug_frame", ".debug_addr")
SEEDS = 6
# What the debug info adds; everything else has to stay.
ADDED = {"function", "source", "name", "c_type", "name_source", "candidates", "name_hex",
         "c_type_hex"}


def sections(data):
    """name -> (offset, size) of a 64-bit little-endian file."""
    def number(at, size):
        return int.from_bytes(data[at:at + size], "little")
    headers, count, names = number(0x28, 8), number(0x3C, 2), number(0x3E, 2)
    strings = number(headers + names * 64 + 24, 8)
    found = {}
    for index in range(count):
        at = headers + index * 64
        start = strings + number(at, 4)
        name = data[start:data.index(b"\0", start)].decode()
        found[name] = (number(at + 24, 8), number(at + 32, 8), at)
    return found


def plain(value):
    """A listing without what debug info adds."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if key not in ADDED}
    return value


def listing(path):
    done = run(TOOL, "-J", "-s", "--lines", "-a", path)
    found = json.loads(done.stdout)["files"][0] if done.stdout else {}
    codes = {row["code"] for row in found.get("diagnostics", [])}
    return done.returncode, plain(found.get("probes")), codes


def kinds(data, place):
    """(what was done, the bytes, whether it must be told)"""
    offset, size, header = place
    yield "zeroed", data[:offset] + bytes(size) + data[offset + size:]
    yield "all ones", data[:offset] + b"\xff" * size + data[offset + size:]
    beyond = len(data).to_bytes(8, "little")
    yield "beyond the end", data[:header + 24] + beyond + data[header + 32:]
    half = (size // 2).to_bytes(8, "little")
    yield "cut in half", data[:header + 32] + half + data[header + 40:]
    for seed in range(SEEDS):
        dice, mutated = random.Random(f"{seed}/{size}"), bytearray(data)
        for _ in range(1 + seed * 8):
            mutated[offset + dice.randrange(size)] = dice.randrange(256)
        yield f"flipped, seed {seed}", bytes(mutated)


def lengths(data, place):
    """The expressions of lists of locations run back 32 MiB: -2^25 in an unsigned LEB128."""
    offset, size, _ = place
    number = b"\x80\x80\x80\xf0\xff\xff\xff\xff\xff\x01"
    for at in range(14, size - len(number), 15 if SANITIZED else 3):
        start = offset + at
        yield f"a length at {at}", data[:start] + number + data[start + len(number):]


# Besides those of all sections.
MORE = {".debug_loclists": lengths}


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory) / "damaged"
        for name in FILES:
            data = (FIXTURES / name).read_bytes()
            path.write_bytes(data)
            whole = listing(path)
            for section, place in sections(data).items():
                if section not in SECTIONS or place[1] == 0:
                    continue
                lost, told = [], set()
                more = MORE.get(section, lambda *_: ())
                for what, mutated in (*kinds(data, place), *more(data, place)):
                    path.write_bytes(mutated)
                    code, probes, codes = listing(path)
                    told |= codes
                    if code != whole[0] or probes != whole[1]:
                        lost.append(f"{what}: exit code {code}")
                tap.none(lost, f"{name} {section}: the listing is complete")
                if section in (".debug_info", ".debug_abbrev"):
                    tap.ok("debug-info-damaged" in told, f"{name} {section}: is told", told)
    tap.done()


if __name__ == "__main__":
    main()
