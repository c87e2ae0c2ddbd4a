# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""What stands in a file where usdtinfo says that a probe's site and semaphore are. Addresses
are turned into offsets here, apart from usdtinfo, by the headers of segments and sections."""
import collections
import re

from helpers.tap import run

# One row a machine, by the byte order of instructions: the nops that a site may be.
NOPS = {
    ("x86_64", "little"): ("90",),
    ("i386", "little"): ("90",),
    ("aarch64", "little"): ("1f2003d5",),
    ("aarch64", "big"): ("1f2003d5",),
    ("arm", "little"): ("00bf", "c046", "0000a0e1", "00f020e3"),
    ("arm", "big"): ("bf00", "46c0", "e1a00000", "e320f000", "00bf", "c046", "0000a0e1",
                     "00f020e3"),
    ("ppc64", "little"): ("00000060",),
    ("ppc64", "big"): ("60000000",),
    ("ppc", "big"): ("60000000",),
    ("s390", "big"): ("47000000", "0700", "0707"),
    ("mips", "little"): ("00000000",),
    ("mips", "big"): ("00000000",),
    ("riscv", "little"): ("13000000", "0100"),
    ("sparc", "big"): ("01000000",),
    ("loongarch", "little"): ("00004003",),
    ("alpha", "little"): ("1f04ff47",),
    ("parisc", "big"): ("08000240",),
    ("m68k", "big"): ("4e71",),
    ("sh", "little"): ("0900",),
    ("sh", "big"): ("0009",),
}

Segment = collections.namedtuple("Segment", "offset address size")
Section = collections.namedtuple("Section", "name kind address offset size")
SEGMENT = re.compile(r"^  LOAD +(0x\w+) (0x\w+) 0x\w+ (0x\w+)", re.MULTILINE)
SECTION = re.compile(
    r"^  \[ *\d+\] (.*?) +([A-Z_][\w+<>: ]*?) +([0-9a-f]{8,16}) ([0-9a-f]{6,}) ([0-9a-f]{6,}) ",
    re.MULTILINE)


class Layout:
    """Where readelf says that segments and sections are."""

    def __init__(self, path):
        text = run("readelf", "-lSW", path).stdout
        self.segments = [Segment(*(int(word, 16) for word in row)) for row in SEGMENT.findall(text)]
        self.sections = [Section(name, kind, *(int(word, 16) for word in row))
                         for name, kind, *row in SECTION.findall(text)]

    def offset(self, address):
        """The offset of an address, or None where no segment has bytes of the file for it."""
        for segment in self.segments:
            if segment.address <= address < segment.address + segment.size:
                return segment.offset + address - segment.address
        return None

    def in_section(self, name, offset):
        """The offsets in the file that a place in a section of that name may have: objects
        have many of one name."""
        return [section.offset + offset for section in self.sections
                if section.name == name and section.kind != "NOBITS" and offset < section.size]

    def is_split(self):
        """Whether the file is debug info apart from the program, without its code."""
        return any(section.name == ".text" and section.kind == "NOBITS"
                   for section in self.sections)


# applies(file, layout, probe): whether that can be why what is found is not what is expected
Rule = collections.namedtuple("Rule", "name reason applies")
RULES = (
    Rule("has no bytes", "debug info apart from its program holds no code",
         lambda file, layout, probe: layout.is_split()
         and probe["file_offset"] is None and probe["site"]["kind"] == "unavailable"),
    Rule("has other nops", "libstapsdt writes four of one byte",
         lambda file, layout, probe: probe["site"]["kind"] == "nops"
         and file.at(probe["file_offset"], 4) == b"\x90" * 4),
)


def number(text):
    return None if text is None else int(text, 16)


def site_complaint(file, layout, probe):
    """What is wrong with the place of a probe, or None."""
    nops = NOPS.get((file.facts["machine"], file.facts["endian"]), ())
    if file.facts["type"] == "rel":
        offsets = layout.in_section(probe["section"], number(probe["section_offset"]) or 0)
    else:
        offsets = [layout.offset(number(probe["location"]))]
    offset = number(probe["file_offset"])
    if offset not in offsets:
        return f"file offset {probe['file_offset']}, not one of {offsets}"
    if offset is None:
        return "no bytes in the file"
    found = file.at(offset, 4).hex()
    if not found.startswith(nops):
        return f"no nop: {found}"
    site = probe["site"]
    if not (site["kind"].startswith("nop") and site["bytes"].startswith(nops)):
        return f"a nop, and usdtinfo tells of {site}"
    return None


def semaphore_complaint(file, layout, probe):
    if probe["semaphore"] is None:
        return None
    offset = layout.offset(number(probe["semaphore"]))
    if offset != number(probe["semaphore_offset"]):
        return f"semaphore at offset {probe['semaphore_offset']}, not {offset}"
    if offset is None:
        return "a semaphore without bytes in the file"
    if file.at(offset, 2) != b"\0\0":
        return f"the semaphore at {offset:#x} is {file.at(offset, 2).hex()}"
    return None


def check(file):
    """(complaints, names of the rules that explain one)"""
    layout = Layout(file.path)
    complaints, used = [], collections.Counter()
    for probe in file.probes:
        for judge in (site_complaint, semaphore_complaint):
            complaint = judge(file, layout, probe)
            if not complaint:
                continue
            reasons = [rule.name for rule in RULES if rule.applies(file, layout, probe)]
            used.update(reasons[:1])
            if not reasons:
                complaints.append(f"{file.name}: {probe['provider']}:{probe['name']} "
                                  f"{probe['location']}: {complaint}")
    return complaints, used
