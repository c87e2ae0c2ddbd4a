# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""inputs.py FIXTURES OUT: what the command lines under faults read, beside the fixtures.

They are made of files alone, so that nothing built is needed to make them: OUT/package.tar,
OUT/python3, OUT/saved.json, OUT/saved.ndjson, OUT/names.d, OUT/requirements, OUT/list.
"""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "packages"), str(HERE.parent / "python")]
import made  # noqa: E402
import standin  # noqa: E402

PROBE = {"provider": "p", "name": "n", "location": "0x1200", "location_raw": "0x1200",
         "base": "0x180", "semaphore": None, "file_offset": "0x200", "section": ".text",
         "arguments": [{"number": 0, "raw": "8@%rdi", "size": 8, "signed": False, "float": False,
                        "type": "uint64", "operand": {"kind": "register", "register": "rdi"}}]}
FILE = {"path": "a", "state": "ok", "build_id": "00", "class": 64, "endian": "little",
        "machine": "x86_64", "type": "dyn", "base_state": "present", "diagnostics": []}


def main():
    fixtures, out = map(pathlib.Path, sys.argv[1:3])
    out.mkdir(exist_ok=True)
    (out / "package.tar").write_bytes(made.tar(
        {name: (fixtures / "edge" / name).read_bytes() for name in ("25-names", "30-got")}))
    (out / "python3").write_bytes(standin.built(11))
    (out / "python3").chmod(0o755)
    head = {"format": "usdtinfo", "kind": "list", "version": 1}
    (out / "saved.json").write_text(json.dumps({**head, "files": [{**FILE, "probes": [PROBE]}]}))
    rows = [{"record": "header", **head}, {"record": "file", **FILE},
            {"record": "probe", "path": "a", **PROBE}]
    (out / "saved.ndjson").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (out / "names.d").write_text("provider p { probe n(char *name, int count); };\n")
    (out / "requirements").write_text("require p:*\nforbid q:*\nargs p:n=uint64\n")
    (out / "list").write_text("edge/25-names\nedge/30-got\n")
    pathlib.Path(sys.argv[3]).touch()


main()
