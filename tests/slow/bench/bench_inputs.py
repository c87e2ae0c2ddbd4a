# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""What the benchmark reads: made here, or found on this machine."""
import glob
import pathlib
import shutil
import struct
import subprocess
import sys

from helpers.debian_packages import Packages, cache_folder
from helpers.tap import COMPILER, SOURCE, have

# What compilers write most: registers, memory, constants, symbols.
ARGUMENTS = ("-4@%ebx 8@%rdi", "8@-104(%rbp) -4@$5", "8@%rax 8@%rdx -4@12(%rsp)", "",
             "-8@8(%rsi,%rdi,8)", "4@%r12d 8@32(%r13) 1@$1 8@%rcx")
BASE, TEXT = 0x800, 0x1000
# name, package, where in it, where else
OBJECTS = (
    ("python3.11", "python3.11-minimal", "usr/bin/python3.11", "/usr/bin/python3.11"),
    ("libjvm.so", "openjdk-17-jre-headless", "usr/lib/jvm/*/lib/server/libjvm.so",
     "/usr/lib/jvm/*/lib/server/libjvm.so"),
    ("postgres", "postgresql-15", "usr/lib/postgresql/15/bin/postgres",
     "/usr/lib/postgresql/*/bin/postgres"),
    ("libstdc++.so.6", "libstdc++6", "usr/lib/x86_64-linux-gnu/libstdc++.so.6.*",
     "/usr/lib/*/libstdc++.so.6"),
)


def counters_at(count):
    """The writable page behind the text."""
    return (TEXT + count + 0x1fff) & ~0xfff


def notes(count):
    """The section's bytes: each probe in a place of its own, one name in sixteen sites."""
    out, counters = bytearray(), counters_at(count)
    for number in range(count):
        text = (b"prov%d\0name__%d\0" % (number // 16 % 50, number // 16) +
                ARGUMENTS[number % len(ARGUMENTS)].encode() + b"\0")
        desc = struct.pack("<3Q", TEXT + number, BASE,
                           counters + 2 * (number % 100) if number % 3 == 0 else 0) + text
        out += struct.pack("<3I8s", 8, len(desc), 3, b"stapsdt\0") + desc
        out += b"\0" * (-len(desc) % 4)
    return bytes(out)


def many_probes(path, count):
    """A shared object of COUNT notes. Returns the size of its note section."""
    noted = notes(count)
    names = b"\0.text\0.stapsdt.base\0.probes\0.note.stapsdt\0.shstrtab\0"
    contents = [(b".stapsdt.base", 1, 2, BASE, b"\0"),
                (b".text", 1, 6, TEXT, b"\x90" * count),
                (b".probes", 1, 3, counters_at(count), b"\0" * 200),
                (b".note.stapsdt", 7, 0, 0, noted), (b".shstrtab", 3, 0, 0, names)]
    offset, body, headers = 64 + 2 * 56, b"", [b"\0" * 64]
    segments = b""
    for name, kind, flags, address, data in contents:
        padding = (address - offset) % 0x1000 if flags else -offset % 8
        body += b"\0" * padding
        offset += padding
        headers.append(struct.pack("<IIQQQQIIQQ", names.index(b"\0" + name + b"\0") + 1, kind,
                                   flags, address, offset, len(data), 0, 0,
                                   4 if kind == 7 else 1, 0))
        if name in (b".text", b".probes"):
            segments += struct.pack("<IIQQQQQQ", 1, 5 if name == b".text" else 6, offset,
                                    address, address, len(data), len(data), 0x1000)
        body += data
        offset += len(data)
    padding = -offset % 8
    header = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\2\1\1", 3, 62, 1, 0, 64,
                         offset + padding, 0, 64, 56, 2, 64, len(headers), len(headers) - 1)
    pathlib.Path(path).write_bytes(header + segments + body + b"\0" * padding +
                                   b"".join(headers))
    return len(noted)


def debug_program(folder, functions=500):
    """A program of many functions with a probe each, with debug info; None if none is made."""
    source = folder / "large.c"
    with open(source, "w", encoding="ascii") as file:
        file.write("#include <sys/sdt.h>\n")
        for number in range(functions):
            file.write(f"static inline int in{number}(int a, char *b)\n{{\n"
                       f"\tDTRACE_PROBE2(large, p{number}, a, b);\n\treturn a * {number};\n}}\n"
                       f"int f{number}(int a, char *b)\n{{\n"
                       f"\treturn in{number}(a + 1, b) + {number};\n}}\n")
        file.write("int main(void) { return 0; }\n")
    program = folder / "large"
    made = subprocess.run([*COMPILER, "-g", "-O1", "-o", program, source], check=False,
                          capture_output=True)
    return program if made.returncode == 0 else None


def archive(folder, members=1000):
    """An archive of MEMBERS objects; None without ar."""
    if not have("ar"):
        return None
    place = folder / "members"
    place.mkdir()
    for number in range(members):
        shutil.copyfile(SOURCE / "fixtures" / "x86_64" / "semaphores.o",
                        place / f"member{number:04}.o")
    path = folder / "libmany.a"
    names = sorted(file.name for file in place.iterdir())
    subprocess.run(["ar", "rc", path, *names], cwd=place, check=True)
    return path


def system_objects(folder):
    """Yields (name, path) of the objects of Debian's packages, from the cache of the long
    tests if they are there, else from this machine."""
    cached = Packages(["amd64"])
    for name, package, inside, outside in OBJECTS:
        found = sorted((cache_folder() / "debs").glob(f"{package}_*_amd64.deb"))
        if found and have("dpkg-deb"):
            place = folder / package
            cached.unpack(found[-1], place)
            paths = sorted(glob.glob(str(place / inside)))
        else:
            paths = sorted(glob.glob(outside))
        if paths:
            yield name, paths[-1]
