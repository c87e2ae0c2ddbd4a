# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The library's binary interface, held to the one on record.

    abi.py            compare the library of the build with libusdtinfo.abi
    abi.py --update   record it anew

A difference fails. Where it only adds (a function, an enumerator at the end), record it anew
and commit both. Anything else breaks programs that are linked already: it needs another
soname (soversion in src/meson.build), and another version node in src/libusdtinfo.map.
"""
import pathlib
import platform
import re
import sys
import tempfile

from helpers.tap import BUILD, CROSS, SOURCE, Tap, have, run, told

HERE = pathlib.Path(__file__).resolve().parent

RECORD = HERE / "libusdtinfo.abi"
LIBRARY = BUILD / "src" / "libusdtinfo.so"
OPTIONS = ("--headers-dir", SOURCE / "include", "--no-corpus-path", "--no-comp-dir-path",
           "--drop-private-types", "--drop-undefined-syms", "--no-elf-needed")


def interface(library):
    return run("abidw", *OPTIONS, "--no-show-locs", library).stdout


def compared(old, new):
    return run("abidiff", "--harmless", "--no-show-locs", old, new)


def format_of(record):
    """The version of the form that a record is written in, but for what only adds to it."""
    return re.search(r"<abi-corpus version='(\d+)", record)[1]


def damaged(record):
    """The record with one thing changed: what, and the text."""
    yield "a function is gone", re.sub(r".*usdtinfo_version.*\n(?:.*return.*\n.*</function.*\n)?",
                                       "", record)
    yield "an enumerator has another value", record.replace(
        "name='USDTINFO_E_ARGUMENT' value='-6'", "name='USDTINFO_E_ARGUMENT' value='-7'")
    yield "a member is moved", re.sub(
        r"(name='usdtinfo_error'(?:.*\n){7}.*offset-in-bits=)'64'", r"\1'96'", record)


def judge(tap, folder):
    now, other = folder / "now.abi", folder / "other.abi"
    now.write_text(interface(LIBRARY))
    formats = [format_of(path.read_text()) for path in (RECORD, now)]
    result = compared(RECORD, now)
    if formats[0] != formats[1]:
        tap.skip("the library has the interface on record",
                 f"the record is in format {formats[0]}, this abidw writes {formats[1]}, and "
                 "abidiff compares no two formats")
    else:
        tap.ok(result.returncode == 0, "the library has the interface on record",
               told(result) + "\nif it only adds: tests/unit/house/abi.py --update; see its first lines")
    for what, text in damaged(now.read_text()):
        other.write_text(text)
        result = compared(other, now)
        tap.ok(text != now.read_text() and result.returncode in (4, 12),
               f"it is noticed when {what}", told(result))


def main():
    if sys.argv[1:] == ["--update"]:
        RECORD.write_text(interface(LIBRARY))
        return
    tap = Tap()
    lacking = [name for name in ("abidw", "abidiff") if not have(name)]
    if lacking or (CROSS or platform.machine()) != "x86_64" or not LIBRARY.exists():
        tap.skip("the interface on record", ", ".join(lacking) or "of another machine, or static")
        tap.done()
    if ".debug_info" not in run("readelf", "-SW", LIBRARY).stdout:
        tap.skip("the interface on record", "the library has no debug info")
        tap.done()
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
        judge(tap, pathlib.Path(folder))
    tap.done()


main()
