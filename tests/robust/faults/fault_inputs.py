# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""fault_inputs.py FIXTURES OUT: what the command lines under faults read, beside the fixtures.

They are made of files alone, so that nothing built is needed to make them: OUT/package.tar,
OUT/packed, OUT/python3, OUT/script, OUT/venv, OUT/prefix, OUT/root, OUT/saved.json, OUT/saved.ndjson,
OUT/names.d, OUT/requirements, OUT/list, OUT/list0.
"""
import json
import pathlib
import sys

from helpers import listings, made_packages as made, standin


def make_python(out):
    """A program, a script that names it, and a virtual environment of it."""
    (out / "python3").write_bytes(standin.built(11))
    (out / "python3").chmod(0o755)
    (out / "script").write_text(f"#!{out.resolve()}/python3\n")
    (out / "script").chmod(0o755)
    (out / "venv" / "bin").mkdir(parents=True, exist_ok=True)
    (out / "venv" / "pyvenv.cfg").write_text(f"home = {out.resolve()}\nversion = 3.11.2\n")
    place(out / "venv" / "bin" / "python3", "../../python3")
    for version in (9, 11):
        place(out / "prefix" / "bin" / f"python3.{version}", standin.built(version))
        (out / "prefix" / "bin" / f"python3.{version}").chmod(0o755)


def place(path, content):
    """A file of bytes, or a link of text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    if isinstance(content, str):
        path.symlink_to(content)
    else:
        path.write_bytes(content)


def make_root(root):
    """A system without a cache: its configuration says where libraries are."""
    needed = {"soname": "liba.so", "markers": ("line",)}
    place(root / "opt" / "liba.so.1", standin.python(cpython=False, **needed))
    place(root / "opt" / "liba.so", "liba.so.1")
    place(root / "etc" / "ld.so.conf", b"include /etc/ld.so.conf.d/*.conf\n")
    place(root / "etc" / "ld.so.conf.d" / "a.conf", b"/opt\n")
    place(root / "bin" / "app", standin.python(cpython=False, needed=("liba.so",),
                                               interpreter=standin.GLIBC))
    place(root / "bin" / "python3", "python3.11")
    place(root / "bin" / "python3.11", standin.stub(11))
    place(root / "lib" / "libpython3.11.so.1.0", standin.library(11))


def main():
    fixtures, out = map(pathlib.Path, sys.argv[1:3])
    out.mkdir(exist_ok=True)
    (out / "package.tar").write_bytes(made.tar(
        {name: (fixtures / "edge" / name).read_bytes() for name in ("25-names", "30-got")}))
    make_python(out)
    make_root(out / "root")
    place(out / "packed" / "a.tar", (out / "package.tar").read_bytes())
    (out / "saved.json").write_text(json.dumps(listings.document(
        [{**listings.FILE, "probes": [listings.PROBE]}])))
    rows = listings.records(listings.FILE, [listings.PROBE])
    (out / "saved.ndjson").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (out / "names.d").write_text("provider p { probe n(char *name, int count); };\n")
    (out / "requirements").write_text("require p:*\nforbid q:*\nargs p:n=uint64\n")
    (out / "list").write_text("edge/25-names\nedge/30-got\n")
    (out / "list0").write_text("edge/25-names\0edge/30-got\0")
    pathlib.Path(sys.argv[3]).touch()


main()
