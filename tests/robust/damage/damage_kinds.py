# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""damage_kinds.py FOLDER STAMP: small files of each class and byte order, of the kinds that no compiler
leaves so small: executables, cores, compressed notes, and what a dynamic linker reads."""
import pathlib
import sys
import zlib

from helpers import standin
from elfmaker import EM_386, EM_PPC, EM_S390, EM_X86_64, ET_CORE, ET_EXEC
from elfmaker import PROBES, SHF_COMPRESSED, TEXT, Form, image

MACHINES = {(32, "little"): EM_386, (64, "little"): EM_X86_64, (32, "big"): EM_PPC,
            (64, "big"): EM_S390}
SYMBOLS = [("main", TEXT, 0x40), ("counter", PROBES, 2)]


def compressed(form, machine, notes):
    elf, packed = image(notes, form, machine), zlib.compress(notes, 9)
    head = form.pack("IIQQ", 1, 0, len(notes), 4) if form.bits == 64 else \
        form.pack("III", 1, len(notes), 4)
    elf.replace(".note.stapsdt", data=head + packed, size=len(head) + len(packed),
                flags=SHF_COMPRESSED, alignment=form.bits // 8)
    return elf


def kinds(bits, order):
    form, machine = Form(bits, order), MACHINES[bits, order]
    notes = form.probe(TEXT + 4, semaphore=PROBES, args="4@counter") + form.probe(TEXT + 8)
    for name, kind in (("core", ET_CORE), ("executable", ET_EXEC)):
        yield name, image(notes, form, machine, kind, symbols=SYMBOLS).bytes()
    yield "compressed", compressed(form, machine, notes).bytes()
    yield "dynamic", standin.python(markers=("line", "audit"), needed=("libc.so.6",),
                                    runpath="/x", soname="y", bits=bits, order=order,
                                    machine=machine)


def main():
    folder, stamp = map(pathlib.Path, sys.argv[1:])
    folder.mkdir(exist_ok=True)
    for bits, order in MACHINES:
        for name, content in kinds(bits, order):
            (folder / f"{name}-{bits}-{order}").write_bytes(content)
    stamp.touch()


main()
