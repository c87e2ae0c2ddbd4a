# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""DWARF made by hand: entries of any tag and attribute, right or wrong, around one probe."""

from elfmaker import (
    EM_AARCH64, EM_S390, EM_X86_64, ET_DYN, PROBES, SHT_PROGBITS, SIZE, TEXT, Form, Section, image)

# Tags
ARRAY, CLASS, ENUMERATION, PARAMETER, BLOCK, MEMBER = 0x01, 0x02, 0x04, 0x05, 0x0b, 0x0d
POINTER, REFERENCE, UNIT, STRUCTURE, FUNCTION_TYPE, TYPEDEF = 0x0f, 0x10, 0x11, 0x13, 0x15, 0x16
UNION, VARIADIC, INHERITANCE, INLINED, SUBRANGE = 0x17, 0x18, 0x1c, 0x1d, 0x21
BASE, CONST, CONSTANT, PACKED, SUBPROGRAM, VARIABLE = 0x24, 0x26, 0x27, 0x2d, 0x2e, 0x34
VOLATILE, RESTRICT, UNSPECIFIED, SHARED, RVALUE = 0x35, 0x37, 0x3b, 0x40, 0x42
ATOMIC, IMMUTABLE, STRING = 0x47, 0x4b, 0x12
# Attributes, by their name in lower case.
ATTRIBUTES = {
    "location": 0x02, "name": 0x03, "byte_size": 0x0b, "stmt_list": 0x10, "low_pc": 0x11,
    "high_pc": 0x12, "language": 0x13, "comp_dir": 0x1b, "const_value": 0x1c,
    "lower_bound": 0x22, "prototyped": 0x27, "upper_bound": 0x2f, "abstract_origin": 0x31,
    "count": 0x37, "member_location": 0x38, "declaration": 0x3c, "encoding": 0x3e,
    "external": 0x3f, "frame_base": 0x40, "specification": 0x47, "type": 0x49, "ranges": 0x55,
    "call_file": 0x58,
    "call_line": 0x59, "linkage_name": 0x6e, "bit_size": 0x0d, "addr_base": 0x73,
    "loclists_base": 0x8c, "vector": 0x2107,
}
SIGNED, UNSIGNED, UNSIGNED_CHAR, FLOAT = 5, 7, 8, 4  # encodings
C99, CXX, MIPS_ASSEMBLER = 0x0c, 0x04, 0x8001


def uleb(number):
    out = bytearray()
    while True:
        out.append(number & 0x7f | (0x80 if number > 0x7f else 0))
        number >>= 7
        if not number:
            return bytes(out)


def sleb(number):
    out = bytearray()
    while True:
        byte = number & 0x7f
        number >>= 7
        if number in (0, -1) and (number == -1) == bool(byte & 0x40):
            return bytes(out + bytes([byte]))
        out.append(byte | 0x80)


class Address(int):
    """A number that is written as an address of the target."""


class Offset(int):
    """One that is written as an offset into another section."""


class Index(int):
    """One that is written as an index into a table of lists of locations."""


class Form1(bytes):
    """An expression as DWARF 2 and 3 have it: in a block, whose length is one byte."""


class Entry:
    """A debugging entry. What an attribute's value is, its Python type tells."""

    def __init__(self, tag, *children, **attributes):
        self.tag = tag
        self.children = list(children)
        self.attributes = attributes
        self.offset = None

    def everything(self):
        yield self
        for child in self.children:
            yield from child.everything()


def variable(name, type, location=None, tag=VARIABLE, **attributes):
    if location is not None:
        attributes["location"] = location
    return Entry(tag, name=name, type=type, **attributes)


def base(name, size, encoding):
    return Entry(BASE, name=name, byte_size=size, encoding=encoding)


class Writer:
    """One unit, in .debug_info and .debug_abbrev."""

    def __init__(self, form, version):
        self.form = form
        self.version = version

    def value(self, value):
        """(form, bytes)"""
        pack = self.form.pack
        if value is True:
            return 0x19, b""                                      # flag_present
        if isinstance(value, Entry):
            return 0x13, pack("I", value.offset or 0)             # ref4
        if isinstance(value, Address):
            return 0x01, pack("A", value)                         # addr
        if isinstance(value, Offset):
            return 0x17, pack("I", value)                         # sec_offset
        if isinstance(value, Index):
            return 0x22, uleb(value)                              # loclistx
        if isinstance(value, str):
            return 0x08, value.encode() + b"\0"                   # string
        if isinstance(value, Form1):
            return 0x0a, bytes([len(value)]) + value              # block1
        if isinstance(value, bytes):
            return 0x18, uleb(len(value)) + value                 # exprloc
        return (0x0d, sleb(value)) if value < 0 else (0x0f, uleb(value))

    def unit(self, root):
        """The unit's bytes; sets each entry's offset."""
        codes = {entry: number for number, entry in enumerate(root.everything(), 1)}
        pack = self.form.pack
        offset = pack("I", 0)
        head = (pack("H", self.version) + (b"\1" + bytes([self.form.bits // 8]) + offset
                                           if self.version >= 5 else
                                           offset + bytes([self.form.bits // 8])))
        out = bytearray(4 + len(head))

        def write(entry):
            entry.offset = len(out)
            out.extend(uleb(codes[entry]))
            for value in entry.attributes.values():
                out.extend(self.value(value)[1])
            for child in entry.children:
                write(child)
            if entry.children:
                out.append(0)

        write(root)
        out[:] = pack("I", len(out) - 4) + head
        write(root)  # once more, with the offsets that are known now
        return bytes(out)

    def abbreviations(self, root):
        out = bytearray()
        for code, entry in enumerate(root.everything(), 1):
            out += uleb(code) + uleb(entry.tag) + bytes([bool(entry.children)])
            for name, value in entry.attributes.items():
                out += uleb(ATTRIBUTES[name]) + uleb(self.value(value)[0])
            out += b"\0\0"
        return bytes(out + b"\0")


def program(types, function, arguments, form=None, version=4, machine=EM_X86_64, unit=None,
            frame_base=b"\x9c", symbols=(("held", PROBES, SIZE),), sections=(), text=None,
            e_type=ET_DYN, site=16, place=None, pack=lambda name, data: (name, data, 0)):
    """An ELF file with a probe of ARGUMENTS in a function of the entries FUNCTION.

    TYPES: entries of the unit's own, which those refer to. UNIT: more of its attributes.
    SECTIONS: further ones, by name. SITE: how far into .text. PLACE: the function's, all of
    .text if none is given. PACK: makes a section's name, content and flags of the first two.
    """
    form = form or Form()
    body = Entry(SUBPROGRAM, *function, name="around", frame_base=frame_base,
                 **(place or {"low_pc": Address(TEXT), "high_pc": SIZE}))
    attributes = {"name": "made.c", "comp_dir": "/made", "low_pc": Address(TEXT), "high_pc": SIZE,
                  "language": C99, **(unit or {})}
    root = Entry(UNIT, *types, body,
                 **{name: value for name, value in attributes.items() if value is not None})
    writer = Writer(form, version)
    info = writer.unit(root)
    elf = image(form.probe(location=TEXT + site, args=arguments), form=form, machine=machine,
                type=e_type, symbols=symbols, text=text)
    content = {".debug_info": info, ".debug_abbrev": writer.abbreviations(root), **dict(sections)}
    for name, data, flags in (pack(*each) for each in content.items()):
        elf.add(Section(name, SHT_PROGBITS, data, flags))
    return elf.bytes()
