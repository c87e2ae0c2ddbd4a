# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Stand-ins for CPython: small ELF files with what tells a Python, and nothing else.

One segment holds the whole file at address 0, so that addresses are offsets.
"""
import struct

EM_386, EM_PPC, EM_S390, EM_X86_64, EM_AARCH64 = 3, 20, 22, 62, 183
GLIBC, MUSL = "/lib64/ld-linux-x86-64.so.2", "/lib/ld-musl-x86_64.so.1"

TEXT, INT, LONG, POINTER = "text", "int", "long", "pointer"
# What each marker passes.
ARGUMENTS = {
    "function__entry": (TEXT, TEXT, INT), "function__return": (TEXT, TEXT, INT),
    "line": (TEXT, TEXT, INT), "gc__start": (INT,), "gc__done": (LONG,),
    "import__find__load__start": (TEXT,), "import__find__load__done": (TEXT, INT),
    "audit": (TEXT, POINTER),
}
FRAMES = ["function__entry", "function__return"]
GC = ["gc__start", "gc__done"]
IMPORT = ["import__find__load__start", "import__find__load__done"]
# What a build --with-dtrace of each version really has.
MARKERS = {
    6: FRAMES + ["line"] + GC,
    7: FRAMES + ["line"] + GC + IMPORT,
    8: FRAMES + ["line"] + GC + IMPORT + ["audit"],
    9: FRAMES + ["line"] + GC + IMPORT + ["audit"],
    10: FRAMES + ["line"] + GC + IMPORT + ["audit"],
    11: FRAMES + ["line"] + GC + IMPORT + ["audit"],
    12: GC + IMPORT + ["audit"],
    13: GC + IMPORT + ["audit"],
    14: GC + IMPORT + ["audit"],
    15: FRAMES + GC + IMPORT + ["audit"],
}
COUNTERS = {6: 9, 7: 11}  # else 12


class Elf:
    """A file that grows; words of one class and byte order."""

    def __init__(self, bits, order, machine):
        self.bits, self.machine = bits, machine
        self.mark = "<" if order == "little" else ">"
        self.order = order
        self.data = bytearray(0x400)
        self.sections = [("", 0, 0, 0, 0)]

    def pack(self, codes, *values):
        return struct.pack(self.mark + codes.replace("A", "Q" if self.bits == 64 else "I"),
                           *values)

    def add(self, content, align=16):
        self.data += bytes(-len(self.data) % align)
        at = len(self.data)
        self.data += content
        return at

    def section(self, name, kind, flags, at, size):
        self.sections.append((name, kind, flags, at, size))

    def put(self, at, content):
        self.data[at:at + len(content)] = content

    def symbol(self, name, value, size, section):
        info = 0x11
        if self.bits == 64:
            return self.pack("IBBHQQ", name, info, 0, section, value, size)
        return self.pack("IIIBBH", name, value, size, info, 0, section)

    def segments(self, rows):
        """Program headers of (type, offset, size), for a file of which all is loaded."""
        for index, (kind, at, size) in enumerate(rows):
            if self.bits == 64:
                header = self.pack("IIQQQQQQ", kind, 7, at, at, 0, size, size, 1)
            else:
                header = self.pack("IIIIIIII", kind, at, at, 0, size, size, 7, 1)
            self.put(64 + index * len(header), header)

    def finish(self, segments, with_headers):
        names, offsets = b"", []
        for name, *_ in self.sections + [(".shstrtab",)]:
            offsets.append(len(names))
            names += name.encode() + b"\0"
        at = self.add(names)
        rows = self.sections + [(".shstrtab", 3, 0, at, len(names))]
        table = b"".join(
            self.pack("IIAAAAIIAA", offset, kind, flags, start if flags & 2 else 0, start, size,
                      0, 0, 4 if kind == 7 else 1, 0)
            for offset, (_, kind, flags, start, size) in zip(offsets, rows))
        headers = self.add(table) if with_headers else 0
        self.segments(segments + [(1, 0, len(self.data))])
        wide = self.bits == 64
        self.put(0, b"\177ELF" + bytes([2 if wide else 1, 1 if self.order == "little" else 2, 1])
                 + bytes(9))
        self.put(16, self.pack("HHIAAAIHHHHHH", 3, self.machine, 1, 0, 64, headers, 0,
                               64 if wide else 52, 56 if wide else 32, len(segments) + 1,
                               64 if wide else 40, len(rows) if headers else 0,
                               len(rows) - 1 if headers else 0))
        return bytes(self.data)


def argument(kind, index, bits):
    word = bits // 8
    size = {TEXT: word, POINTER: word, INT: -4, LONG: -word}[kind]
    return f"{size}@{8 * index}(%rsp)"


def notes(elf, markers, base, probes, provider="python", arguments=None):
    out = b""
    for index, name in enumerate(markers):
        passed = arguments or " ".join(
            argument(kind, i, elf.bits) for i, kind in enumerate(ARGUMENTS.get(name, ())))
        descriptor = elf.pack("AAA", 0x100 + index, base, probes + 2 * index)
        descriptor += b"".join(text.encode() + b"\0" for text in (provider, name, passed))
        out += elf.pack("III", 8, len(descriptor), 3) + b"stapsdt\0" + descriptor
        out += bytes(-len(descriptor) % 4)
    return out


def dynamic_tables(elf, symbols, names):
    """.dynsym and a .hash of one bucket. SYMBOLS: name to (value, size)."""
    table, chains = elf.symbol(0, 0, 0, 0), [0]
    for index, (name, (value, size)) in enumerate(symbols.items(), 1):
        table += elf.symbol(names(name), value, size, 1)
        chains.append(index + 1 if index < len(symbols) else 0)
    wide = elf.machine == EM_S390 and elf.bits == 64
    words = [1, len(chains), 1 if symbols else 0, *chains]
    return elf.add(table), elf.add(elf.pack(("Q" if wide else "I") * len(words), *words))


def python(minor=11, micro=2, level=0xf0, markers=(), cpython=True, version_symbol=None,
           needed=(), soname=None, rpath=None, runpath=None, interpreter=None, strings=(),
           symbols=(), counters=None, with_base=True, with_headers=True, bits=64,
           order="little", machine=EM_X86_64, provider="python", arguments=None,
           extra_sections=(), without_code=False):
    """A stand-in. MARKERS: names of notes; CPYTHON: whether it defines Py_*."""
    elf = Elf(bits, order, machine)
    word = bits // 8
    defined = {}
    if cpython:
        for name in ("Py_GetVersion", "Py_Main") + (("Py_BytesMain", "Py_RunMain")
                                                     if minor >= 8 else ()):
            defined[name] = (0x100, 1)
    if cpython and (minor >= 11 if version_symbol is None else version_symbol):
        value = 3 << 24 | minor << 16 | micro << 8 | level
        defined["Py_Version"] = (elf.add(elf.pack("A", value)), word)
    for name in symbols:
        defined[name] = (0x100, 1)
    if strings:
        elf.add(b"\0" + b"\0".join(text.encode() for text in strings) + b"\0")
    base = elf.add(b"\0") if markers and with_base else 0
    if with_base and not base and counters:
        base = elf.add(b"\0")
    size = counters if counters is not None else \
        2 * COUNTERS.get(minor, 12) if markers else 0
    probes = elf.add(bytes(size)) if size else 0
    if base:
        elf.section(".stapsdt.base", 1, 2, base, 1)
    if size:
        elf.section(".probes", 1, 3, probes, size)
    if markers:
        content = notes(elf, markers, base, probes, provider, arguments)
        elf.section(".note.stapsdt", 7, 0, elf.add(content), len(content))
    if without_code:
        elf.section(".text", 8, 6, 0x100, 0x100)
    for name in extra_sections:
        elf.section(name, 1, 2, elf.add(b"\0" * 16), 16)
    texts = bytearray(b"\0")

    def text(value):
        at = len(texts)
        texts.extend(value.encode() + b"\0")
        return at

    tags = [(1, text(name)) for name in needed]
    tags += [(tag, text(value)) for tag, value in ((14, soname), (15, rpath), (29, runpath))
             if value]
    symbol_table, hash_table = dynamic_tables(elf, defined, text)
    string_table = elf.add(bytes(texts))
    tags += [(4, hash_table), (6, symbol_table), (5, string_table), (10, len(texts)), (0, 0)]
    dynamic = b"".join(elf.pack("AA", *tag) for tag in tags)
    segments = [(2, elf.add(dynamic), len(dynamic))]
    if interpreter:
        content = interpreter.encode() + b"\0"
        segments.append((3, elf.add(content), len(content)))
    return elf.finish(segments, with_headers)


def built(minor, **more):
    """As built --with-dtrace."""
    return python(minor, markers=MARKERS[minor], **more)


def stub(minor, library=None, **more):
    """The program of an --enable-shared build."""
    more.setdefault("interpreter", GLIBC)
    return python(minor, cpython=False,
                  needed=(library or f"libpython3.{minor}.so.1.0", "libc.so.6"), **more)


def library(minor, flags="", with_dtrace=True, **more):
    more.setdefault("soname", f"libpython3.{minor}{flags}.so.1.0")
    return built(minor, **more) if with_dtrace else python(minor, **more)


def cache(entries):
    """An ld.so.cache of today's layout."""
    header = 48 + 24 * len(entries)
    rows, texts = b"", b""
    for name, path in sorted(entries.items(), reverse=True):
        at = header + len(texts)
        texts += name.encode() + b"\0" + path.encode() + b"\0"
        rows += struct.pack("<iIIIQ", 0x0303, at, at + len(name) + 1, 0, 0)
    return (b"glibc-ld.so.cache1.1" + struct.pack("<IIB", len(entries), len(texts), 2)
            + bytes(19) + rows + texts)


class Later:
    """A stand-in that is made where {top} in its texts is known: function, arguments, end."""

    def __init__(self, function, arguments=None, named=None, end=None):
        self.function, self.end = function, end
        self.arguments, self.named = arguments, named

    def __call__(self, *arguments, **named):
        return Later(self.function, arguments, named)

    def __getitem__(self, part):
        """Only its beginning: [:END]."""
        return Later(self.function, self.arguments, self.named, part.stop)

    def make(self, top):
        named = {key: value.replace("{top}", top) if isinstance(value, str) else value
                 for key, value in self.named.items()}
        return self.function(*self.arguments, **named)[:self.end]
