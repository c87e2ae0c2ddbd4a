# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Reads what usdtinfo and its peers print, each into the same records."""
import collections
import re
import unicodedata

STORED = ("location", "base", "semaphore", "arguments")
ADJUSTED = ("adjusted", "adjusted_semaphore")
Record = collections.namedtuple("Record", ("provider", "name", *STORED, *ADJUSTED),
                                defaults=(None,) * 6)

OWNER = re.compile(rb"^  .{20,}? 0x[0-9a-f]{8,}\t")
STAPSDT = b"\tNT_STAPSDT (SystemTap probe descriptors)"
READELF = re.compile(
    rb"    Provider: (.*)\n    Name: (.*)\n    Location: (\w+), Base: (\w+), "
    rb"Semaphore: (\w+)\n    Arguments: (.*)\n")
EU_READELF = re.compile(
    rb"    PC: (\w+), Base: (\w+), Semaphore: (\w+)\n"
    rb"    Provider: (.*), Name: (.*), Args: '(.*)'\n")
GDB_COLUMNS = (b"Provider", b"Name", b"Where", b"Semaphore", b"Object")


def number(text):
    return int(text, 16) if text else None


def stored(probe, key):
    """The bytes of a text; they stand in KEY_hex where they are no UTF-8."""
    if f"{key}_hex" in probe:
        return bytes.fromhex(probe[f"{key}_hex"])
    return (probe[key] or "").encode()


def of_json(probe):
    return Record(
        stored(probe, "provider"), stored(probe, "name"), number(probe["location_raw"]),
        number(probe["base"]), number(probe["semaphore_raw"]) or 0,
        stored(probe, "arguments_text"), number(probe["location"]),
        number(probe["semaphore"]) or 0)


def safe(text):
    """As usdtinfo shows text that could steer a terminal."""
    out = bytearray()
    for char in text.decode("utf-8", errors="surrogateescape"):
        code = char.encode("utf-8", errors="surrogateescape")
        harmful = unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        out += b"".join(b"\\x%02x" % byte for byte in code) if harmful else code
    return bytes(out)


def escaped(blocks):
    """Blocks of readelf with the texts in them made safe; the tab of a heading stays."""
    return b"\n".join(line if OWNER.match(line) or line.startswith(b"  Owner ") else safe(line)
                      for line in blocks.split(b"\n"))


def stapsdt_blocks(output):
    """What readelf -n prints, with the blocks left out of other notes and of those that it
    calls corrupt."""
    kept, heading, taking = [], [], False
    lines = output.split(b"\n")
    for line, following in zip(lines, [*lines[1:], b""]):
        if line.startswith(b"Displaying notes found "):
            heading, taking = [b"", line], False
        elif line.startswith(b"  Owner ") and len(heading) == 2:
            heading.append(line)
        elif OWNER.match(line):
            taking = line.endswith(STAPSDT) and not following.startswith(b"  <corrupt")
            if taking:
                kept += [*heading, line]
                heading = []
        elif not line:
            taking = False
        elif taking:
            kept.append(line)
    return b"\n".join([*kept, b""]) if kept else b""


def readelf(output):
    return [Record(provider, name, number(location), number(base), number(semaphore), arguments)
            for provider, name, location, base, semaphore, arguments
            in READELF.findall(stapsdt_blocks(output))]


def eu_readelf(output):
    return [Record(provider, name, number(location), number(base), number(semaphore), arguments)
            for location, base, semaphore, provider, name, arguments in EU_READELF.findall(output)]


def gdb(output):
    """The table of "info probes stap", cut at the columns that its heading begins."""
    head, *rows = output[max(0, output.find(b"Type Provider")):].split(b"\n")
    if not head.startswith(b"Type Provider"):
        return []
    starts = [head.index(word) for word in GDB_COLUMNS]
    found = []
    for row in rows:
        if row.startswith(b"stap "):
            provider, name, where, semaphore = (
                row[start:end].strip() for start, end in zip(starts, starts[1:]))
            if where:  # a line break in a name cuts a row short
                found.append(Record(provider, name, adjusted=number(where),
                                    adjusted_semaphore=number(semaphore) or 0))
    return found
