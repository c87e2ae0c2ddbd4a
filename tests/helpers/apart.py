# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Debug info in a file of its own: split units (.dwo), and what dwz(1) makes of programs.

In the program is a function with a parameter "v" in the first register, which a probe passes.
What is apart is the function (split), or the parameter's type "int" (dwz).
"""
from elfmaker import ET_REL, SHT_NOTE, SIZE, TEXT, Elf, Form, Section, image

# As they stand in a table of abbreviations.
DW_FORM_GNU_ref_alt, DW_FORM_GNU_strp_alt = b"\xa0\x3e", b"\xa1\x3e"
DW_AT_GNU_dwo_name, DW_AT_GNU_dwo_id = b"\xb0\x42", b"\xb1\x42"

SUPPLEMENT_ID = b"\xaa" * 20
FUNCTION = b"\2\x2e\1\x11\1\x12\x0b\x40\x18\0\0"
INT = b"\x24\0\x03\x08\x0b\x0b\x3e\x0b\0\0"
FAR_INT = b"\x24\0\x03" + DW_FORM_GNU_strp_alt + b"\x0b\x0b\x3e\x0b\0\0"  # its name is farther still


def apart(form, entries, abbreviations, suffix="", strings=b""):
    """Sections of one unit of DWARF 4."""
    head = form.pack("HIB", 4, 0, 8) + entries
    return [Section(f".debug_info{suffix}", data=form.pack("I", len(head)) + head),
            Section(f".debug_abbrev{suffix}", data=abbreviations + b"\0"),
            *([Section(".debug_str", data=strings)] if strings else [])]


def link_to(path, suffix=""):
    return Section(f".gnu_debugaltlink{suffix}", data=bytes(path) + b"\0" + b"\xbb" * 20)


def reach(form):
    return form.pack("Q", TEXT) + bytes([SIZE])


def supplementary(third=None):
    """What dwz(1) makes of several programs; THIRD: a file that the type's name is in."""
    form = Form()
    elf = Elf(form)
    name, abbreviation = (b"\0\0\0\0", FAR_INT) if third else (b"int\0", INT)
    elf.sections = [
        Section(".note.gnu.build-id", SHT_NOTE, form.note(SUPPLEMENT_ID, owner=b"GNU\0", type=3),
                alignment=4),
        *([link_to(third)] if third else []),
        *apart(form, b"\1\2" + name + b"\4\5\0", b"\1\x11\1\0\0\2" + abbreviation)]
    return elf.bytes()


def supplemented(name):
    """A program with a probe, whose parameter's type is in the supplementary file NAME."""
    form = Form()
    elf = image(form.probe(location=TEXT + 16, args="-4@%edi"))
    elf.sections += [
        Section(".gnu_debugaltlink", data=str(name).encode() + b"\0" + SUPPLEMENT_ID),
        *apart(form, b"\1" + reach(form) + b"\x0c\2" + reach(form) + b"\1\x9c" +
               b"\3v\0\x0c\0\0\0\1\x55\0\0",
               b"\1\x11\1\x11\1\x12\x0b\x13\x0b\0\0" + FUNCTION +
               b"\3\5\0\3\x08\x49" + DW_FORM_GNU_ref_alt + b"\2\x18\0\0")]
    return elf.bytes()


IDENTITY = b"IDENTITY", DW_AT_GNU_dwo_id + b"\7"  # what joins two halves


def other_half(third=None):
    """The .dwo file of a skeleton(); THIRD: a file that the type's name is in."""
    form = Form()
    elf = Elf(form, type=ET_REL)
    name, abbreviation = (b"\0\0\0\0", FAR_INT) if third else (b"int\0", INT)
    elf.sections = [
        *([link_to(third, ".dwo")] if third else []),
        *apart(form, b"\1" + IDENTITY[0] + b"\x0c\2" + reach(form) + b"\1\x9c" +
               b"\3v\0\x2b\0\0\0\1\x55\0\4" + name + b"\4\5\0",
               b"\1\x11\1" + IDENTITY[1] + b"\x13\x0b\0\0" + FUNCTION +
               b"\3\5\0\3\x08\x49\x13\2\x18\0\0\4" + abbreviation, ".dwo")]
    return elf.bytes()


def skeleton(name, directory=""):
    """A program with a probe, whose debug info is in NAME, compiled in DIRECTORY."""
    form = Form()
    elf = image(form.probe(location=TEXT + 16, args="-4@%edi"))
    directory = str(directory).encode()
    strings = directory + b"\0" + str(name).encode() + b"\0"
    elf.sections += apart(
        form, b"\1" + IDENTITY[0] + reach(form) + form.pack("II", 0, len(directory) + 1),
        b"\1\x11\0" + IDENTITY[1] + b"\x11\1\x12\x0b\x1b\x0e" + DW_AT_GNU_dwo_name + b"\x0e\0\0",
        strings=strings)
    return elf.bytes()
