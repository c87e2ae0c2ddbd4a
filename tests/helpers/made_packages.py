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


def cpio(members):
    out = b""
    for number, (name, content) in enumerate([*members.items(), ("TRAILER!!!", b"")], 1):
        raw = name.encode() + b"\0"
        fields = (number, 0o100644, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(raw), 0)
        out += b"070701" + b"".join(b"%08x" % field for field in fields) + raw
        out += b"\0" * (-len(out) % 4) + content
        out += b"\0" * (-len(out) % 4)
    return out


def rpm(members, compress=gzip.compress):
    """A lead, a signature, a header, and the payload."""
    header = (b"\x8e\xad\xe8\x01" + bytes(4) + struct.pack(">II", 1, 8) +
              struct.pack(">IIII", 1000, 6, 0, 1) + b"made\0\0\0\0")
    lead = struct.pack(">4sBBHH66sHH16s", b"\xed\xab\xee\xdb", 3, 0, 0, 1, b"made", 1, 5, b"")
    return lead + header + header + compress(cpio(members))


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
