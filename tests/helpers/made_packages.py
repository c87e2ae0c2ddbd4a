# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Packages from {name: bytes}, with nothing but the standard library."""
import bz2
import gzip
import io
import lzma
import struct
import subprocess
import tarfile
import zipfile


def tar(members, form=tarfile.GNU_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as file:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
    return out.getvalue()


def special_tar(content):
    """A file, and what only has a name: links, devices, a directory."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as file:
        info = tarfile.TarInfo("x")
        info.size = len(content)
        file.addfile(info, io.BytesIO(content))
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE,
                     tarfile.DIRTYPE):
            info = tarfile.TarInfo(f"special{kind.decode()}")
            info.type, info.linkname = kind, "x"
            file.addfile(info)
    return out.getvalue()


def resummed(block):
    """A tar header with the sum that it should have."""
    block = block[:148] + b" " * 8 + block[156:]
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


def old_tar(members):
    """As before POSIX: without a magic number."""
    out = b""
    for name, content in members.items():
        info = tarfile.TarInfo(name)
        info.size = len(content)
        header = info.tobuf(tarfile.USTAR_FORMAT)
        out += resummed(header[:257] + b"\0" * 255) + content + b"\0" * (-len(content) % 512)
    return out + b"\0" * 1024


def sparse_tar(content, hole=100 << 20, last=None):
    """GNU's old form: CONTENT, then a hole; and LAST, or CONTENT again, without one."""
    size = len(content)
    info = tarfile.TarInfo("sparse")
    info.size = size
    block = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    block[156:157] = b"S"
    block[386:410] = b"%011o\0%011o\0" % (0, size)
    block[410:434] = b"\x80" + hole.to_bytes(11, "big") + b"%011o\0" % 0
    block[483:495] = b"\x80" + hole.to_bytes(11, "big")
    return (resummed(bytes(block)) + content + b"\0" * (-size % 512) +
            tar({"x": last or content}))


def pax_record(key, value):
    """A line of a pax header, which begins with its own length."""
    rest = b" %s=%s\n" % (key, value)
    size = len(rest)
    while size != len(rest) + len(str(size)):
        size = len(rest) + len(str(size))
    return b"%d" % size + rest


def tar_entry(name, content, kind=tarfile.REGTYPE):
    entry = tarfile.TarInfo(name)
    entry.size, entry.type = len(content), kind
    return entry.tobuf(tarfile.USTAR_FORMAT) + content + bytes(-len(content) % 512)


def extents(content):
    """The parts of it between zeros, in pieces of 512 bytes: at least six, for old headers' sake."""
    pieces = [at for at in range(0, len(content), 512) if content[at:at + 512].strip(b"\0")]
    return [(at, min(512, len(content) - at)) for at in pieces] + [(len(content), 0)]


def pax_sparse_tar(content, version):
    """GNU's forms of sparse files in pax headers: "0.0", "0.1", "1.0"."""
    found, size = extents(content), b"%d" % len(content)
    stored = b"".join(content[at:at + count] for at, count in found)
    numbers = [b"%d" % number for extent in found for number in extent]
    lines = [(b"GNU.sparse.size", size), (b"GNU.sparse.name", b"x")]
    if version == "0.0":
        keys = [b"GNU.sparse.offset", b"GNU.sparse.numbytes"] * len(found)
        lines = [(b"GNU.sparse.size", size), *zip(keys, numbers)]
    elif version == "0.1":
        lines.append((b"GNU.sparse.map", b",".join(numbers)))
    else:
        lines = [(b"GNU.sparse.major", b"1"), (b"GNU.sparse.minor", b"0"),
                 (b"GNU.sparse.name", b"x"), (b"GNU.sparse.realsize", size)]
        table = b"".join(number + b"\n" for number in [b"%d" % len(found), *numbers])
        stored = table + bytes(-len(table) % 512) + stored
    return (tar_entry("pax", b"".join(pax_record(*line) for line in lines), tarfile.XHDTYPE) +
            tar_entry("x" if version == "0.0" else "GNUSparseFile.0/x", stored) + bytes(1024))


def old_sparse_tar(content):
    """GNU's own header, and one more for the extents beyond the fourth."""
    def rows(part):
        return b"".join(b"%011o\0%011o\0" % extent for extent in part)
    found = extents(content)
    stored = b"".join(content[at:at + count] for at, count in found)
    info = tarfile.TarInfo("x")
    info.size = len(stored)
    block = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    block[156:157] = b"S"
    block[386:482] = rows(found[:4])
    block[482] = 1
    block[483:495] = b"%011o\0" % len(content)
    return (resummed(bytes(block)) + rows(found[4:25]).ljust(512, b"\0") + stored +
            bytes(-len(stored) % 512 + 1024))


def encrypted(content):
    """A zip archive whose members claim to be encrypted."""
    out = bytearray(content)
    for magic, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = out.find(magic)
        while at >= 0:
            out[at + flags] |= 1
            at = out.find(magic, at + 1)
    return bytes(out)


def zipped(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return out.getvalue()


def ar(members):
    out = b"!<arch>\n"
    for name, content in members.items():
        out += f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode()
        out += content + b"\n" * (len(content) % 2)
    return out


def deb(members, compress=lzma.compress, suffix=".xz"):
    return ar({"debian-binary": b"2.0\n",
               "control.tar.gz": gzip.compress(tar({"./control": b"Package: made\n"})),
               "data.tar" + suffix: compress(tar(members))})


def cpio_entry(number, name, content, mode=0o100644, links=1):
    raw = name.encode() + b"\0"
    fields = (number, mode, 0, 0, links, 0, len(content), 0, 0, 0, 0, len(raw), 0)
    out = b"070701" + b"".join(b"%08x" % field for field in fields) + raw
    out += b"\0" * (-len(out) % 4) + content
    return out + b"\0" * (-len(out) % 4)


TRAILER = cpio_entry(0, "TRAILER!!!", b"", 0)


def cpio(members):
    return b"".join(cpio_entry(number, name, content)
                    for number, (name, content) in enumerate(members.items(), 1)) + TRAILER


def old_cpio(members):
    """With numbers in octal and without padding."""
    out = b""
    for number, (name, content) in enumerate([*members.items(), ("TRAILER!!!", b"")], 1):
        raw = name.encode() + b"\0"
        out += b"070707" + b"".join(b"%06o" % field for field in (
            0, number, 0o100644, 0, 0, 1, 0)) + b"%011o%06o%011o" % (0, len(raw), len(content))
        out += raw + content
    return out


def rpm_header(tags):
    """TAGS: {number: (type, count, values as bytes)}"""
    index, data = b"", b""
    for tag, (kind, count, values) in sorted(tags.items()):
        data += bytes(-len(data) % {3: 2, 4: 4, 5: 8}.get(kind, 1))
        index += struct.pack(">IIII", tag, kind, len(data), count)
        data += values
    return (b"\x8e\xad\xe8\x01" + bytes(4) +
            struct.pack(">II", len(tags), len(data)) + index + data)


def rpm_whole(tags, payload, version=3):
    """A lead, a signature, a header, and the payload."""
    signature = rpm_header({1000: (6, 1, b"made\0")})
    lead = struct.pack(">4sBBHH66sHH16s", b"\xed\xab\xee\xdb", version, 0, 0, 1, b"made", 1, 5,
                       b"")
    return (lead + signature + bytes(-len(signature) % 8) +
            rpm_header({1000: (6, 1, b"made\0"), **tags}) + payload)


def rpm(members, compress=gzip.compress):
    return rpm_whole({}, compress(cpio(members)))


def rpm_files(members, inodes, sizes=None):
    """The list of files that a package of version 6 has in its header."""
    names = [name.rpartition("/") for name in members]
    directories = sorted({f"/{name[0]}/" if name[0] else "/" for name in names})
    count = len(members)

    def array(form, values):
        return struct.pack(f">{count}{form}", *values)

    def strings(values):
        return b"".join(value.encode() + b"\0" for value in values)
    return {
        1030: (3, count, array("H", [0o100644] * count)), 1037: (4, count, array("I", [0] * count)),
        1095: (4, count, array("I", [1] * count)), 1096: (4, count, array("I", inodes)),
        1116: (4, count, array("I", [directories.index(f"/{name[0]}/" if name[0] else "/")
                                     for name in names])),
        1117: (8, count, strings(name[2] for name in names)),
        1118: (8, len(directories), strings(directories)),
        5008: (5, count, array("Q", sizes or map(len, members.values()))),
        5114: (4, 1, struct.pack(">I", 6)),
    }


def stripped_cpio(contents):
    out = b""
    for index, content in enumerate(contents):
        out += b"07070X%08x\0\0" % index + content
        out += b"\0" * (-len(out) % 4)
    return out + TRAILER


def rpm6(members, compress=gzip.compress, links=(), sizes=None):
    """Version 6 of the format: the payload has no names. LINKS: names of what the last of them
    holds."""
    names = list(members)
    inodes = [1000 if name in links else number for number, name in enumerate(names)]
    contents = [b"" if name in links[:-1] else members[name] for name in names]
    return rpm_whole(rpm_files(members, inodes, sizes), compress(stripped_cpio(contents)), 4)


def by_program(program):
    """A compressor that is a program; None when it is not here."""
    def compress(content):
        return subprocess.run([program, "-c"], input=content, check=True,
                              stdout=subprocess.PIPE).stdout
    return compress


COMPRESSORS = {"": lambda content: content, ".gz": gzip.compress, ".bz2": bz2.compress,
               ".xz": lzma.compress,
               ".lzma": lambda content: lzma.compress(content, lzma.FORMAT_ALONE)}
PROGRAMS = {".zst": "zstd", ".lz4": "lz4", ".lz": "lzip"}
