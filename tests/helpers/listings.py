# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Saved listings, made by hand: what a file and a probe have to say for one to be read back."""

HEAD = {"format": "usdtinfo", "kind": "list", "version": 1}
FILE = {"path": "a", "state": "ok", "build_id": "00", "class": 64, "endian": "little",
        "machine": "x86_64", "machine_number": 62, "type": "dyn", "base_state": "present",
        "diagnostics": []}
ARGUMENT = {"number": 0, "raw": "8@%rdi", "size": 8, "signed": False, "float": False,
            "type": "uint64", "operand": {"kind": "register", "register": "rdi"},
            "size_declared": True, "resolvable": True}
PROBE = {"provider": "p", "name": "n", "location": "0x1200", "location_raw": "0x1200",
         "base": "0x180", "base_delta": "0x0", "semaphore": None, "semaphore_raw": None,
         "file_offset": "0x200", "semaphore_offset": None, "section": ".text",
         "section_offset": "0x0", "note_section": {"name": ".note.stapsdt", "index": 4},
         "note_offset": "0x300", "note_size": 29, "site": {"bytes": "90", "kind": "nop"},
         "arguments_text": "8@%rdi", "arguments": [ARGUMENT]}


def document(files):
    return {**HEAD, "files": files}


def records(file, probes):
    """The lines of the same as NDJSON."""
    yield {"record": "header", **HEAD}
    yield {"record": "file", **{key: file[key] for key in file if key != "diagnostics"}}
    for probe in probes:
        yield {"record": "probe", "path": file["path"], "build_id": file["build_id"], **probe}
    yield {"record": "summary", "files": 1, "files_with_probes": int(bool(probes)),
           "probes": len(probes), "names": len(probes), "errors": 0}
