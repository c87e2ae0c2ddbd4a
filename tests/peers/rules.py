# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Why a peer may tell something else: one row a reason."""
import collections
import re
import struct

from readers import ADJUSTED

# applies(file):      whether the rule can be the reason for this file
# shows(file, probe): whether the peer shows this probe at all
# blind:              fields that are not compared then
# partial:            one may show fewer probes than the other, but none that differs
# text:               the peer shows the same probes, with something else around them
# anything:           what the peer shows cannot be compared
# until:              a version of the peer that does not differ any more
Rule = collections.namedtuple(
    "Rule", "peer name reason applies shows blind partial text anything until",
    defaults=(lambda file, probe: True, (), False, False, False, None))


def code(name):
    return lambda file: name in file.codes


def fact(key, *values):
    return lambda file: file.facts.get(key) in values


def nothing(file, probe):
    return False


def always(file):
    return True


def exact_size(probe, file):
    """What a descriptor has to have: three addresses and three strings with their ends."""
    texts = (probe["provider"], probe["name"], probe["arguments_text"] or "")
    return 3 * file.facts["class"] // 8 + sum(len(text.encode()) + 1 for text in texts)


def terminated(file, probe):
    return probe["note_size"] >= exact_size(probe, file)


def exact(file, probe):
    return probe["note_size"] == exact_size(probe, file)


def not_last_unpadded(file, probe):
    return probe is not file.probes[-1] or probe["note_size"] % 4 == 0


def one_line(file, probe):
    return not any(char in probe["provider"] + probe["name"] for char in "\n\r")


def owner_with_nul(file, probe):
    order = "<" if file.facts["endian"] == "little" else ">"
    return struct.unpack_from(f"{order}I", file.bytes, int(probe["note_offset"], 16))[0] == 8


def odd_section_header_size(file):
    if len(file.bytes) < 64:
        return False
    order = "<" if file.bytes[5] == 1 else ">"
    size, offset = (40, 46) if file.bytes[4] == 1 else (64, 58)
    return struct.unpack_from(f"{order}H", file.bytes, offset)[0] != size


RULES = (
    Rule("readelf", "reads a core file's segments", "and not its sections",
         fact("type", "core"), nothing),
    Rule("readelf", "guesses a byte order", "where the header gives none that exists",
         lambda file: file.bytes[5] not in (1, 2), partial=True),
    Rule("readelf", "refuses odd section headers", "whose size the header misstates",
         odd_section_header_size, nothing),
    Rule("readelf", "invents a section's name", "<no-strings> where there is no name",
         lambda file: any(not (probe["note_section"] or {}).get("name")
                          for probe in file.probes), text=True),
    Rule("readelf", "shows nothing without relocations", "that lie outside of the file",
         code("relocation-damaged"), nothing, until=(2, 47)),
    Rule("readelf", "reads notes at a wrong alignment", "as the section declares it",
         code("note-alignment"), anything=True),
    Rule("readelf", "takes owners that begin like it", "such as stapsdtX",
         lambda file: re.search(rb"(\x03\0\0\0|\0\0\0\x03)stapsdt[^\0]", file.bytes), partial=True),
    Rule("readelf", "wants sections of notes", "whatever their name",
         lambda file: not file.note_sections(), nothing),
    Rule("readelf", "wants arguments to end", "with a NUL byte inside of the note",
         always, terminated),
    Rule("readelf", "wants the last note padded", "though nothing follows it",
         always, not_last_unpadded),
    Rule("readelf", "prints names as they are", "so that a line break ends them", always, one_line),
    Rule("readelf", "does not decompress notes", "which no assembler compresses",
         code("section-compressed"), nothing),

    Rule("eu-readelf", "does not relocate",
         "in relocatable objects it prints what stands in the note before",
         fact("type", "rel"), blind=("location", "base", "semaphore")),
    Rule("eu-readelf", "does not relocate sizes", "which are labels on RISC-V",
         lambda file: (file.facts.get("type"), file.facts.get("machine")) == ("rel", "riscv"),
         nothing),
    Rule("eu-readelf", "reads a core file's segments", "and not its sections",
         fact("type", "core"), nothing),
    Rule("eu-readelf", "reads notes at a wrong alignment", "as the section declares it",
         code("note-alignment"), nothing),
    Rule("eu-readelf", "wants sections of notes", "whatever their name",
         lambda file: not file.note_sections(), nothing),
    Rule("eu-readelf", "wants descriptors of the exact size",
         "arguments end them with a NUL byte, and zeros behind it are invalid", always, exact),
    Rule("eu-readelf", "wants the last note padded", "though nothing follows it",
         always, not_last_unpadded),
    Rule("eu-readelf", "prints names as they are", "so that a line break ends them",
         always, one_line),
    Rule("eu-readelf", "does not decompress notes", "which no assembler compresses",
         code("section-compressed"), nothing),

    Rule("gdb", "does not relocate",
         "in relocatable objects it gives every probe one meaningless address",
         fact("type", "rel"), blind=ADJUSTED),
    Rule("gdb", "does not relocate sizes", "which are labels on RISC-V",
         lambda file: (file.facts.get("type"), file.facts.get("machine")) == ("rel", "riscv"),
         nothing),
    Rule("gdb", "wants .stapsdt.base", "it discards every probe of a file without that section",
         fact("base_state", "missing"), nothing),
    Rule("gdb", "corrects by a base of zero",
         "it shifts by the section's whole address when the notes record base 0",
         fact("base_state", "zero"), blind=ADJUSTED),
    Rule("gdb", "corrects to where no code is",
         "it shifts even when only the stored location is in a segment that is executed",
         lambda file: "base-moved" in file.codes or file.base_at_zero(), blind=ADJUSTED),
    Rule("gdb", "was built without the machine",
         "it reads the notes of machines that it does not know as if they were i386's",
         lambda file: file.facts.get("machine") not in ("x86_64", "i386"), blind=ADJUSTED),
    Rule("gdb", "reads no core file as a program", "nor one whose section headers are odd",
         lambda file: file.facts.get("type") == "core" or odd_section_header_size(file), nothing),
    Rule("gdb", "reads notes at a wrong alignment", "as the section declares it",
         code("note-alignment"), nothing),
    Rule("gdb", "wants sections of notes", "whatever their name",
         lambda file: not file.note_sections(), nothing),
    Rule("gdb", "wants the owner's NUL byte", "which the size of the name may leave out",
         always, owner_with_nul),
    Rule("gdb", "wants descriptors of the exact size",
         "arguments end them with a NUL byte, and zeros behind it are invalid", always, exact),
    Rule("gdb", "prints names as they are", "so that a line break ends them", always, one_line),
)
