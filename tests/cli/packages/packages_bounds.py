# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Packages that mislead libarchive: what it would run, never end, or leave out; and what verbs
make of members."""
import bz2
import gzip
import json
import lzma
import os
import pathlib
import re
import signal
import subprocess
import sys
import tarfile
import tempfile

from helpers import made_packages as made, schema
from helpers.tap import HANG, SOURCE, TOOL, Tap, run, wait_for
from scanned import (NONE, PROBES, codes, has_libarchive, listed, put, scan, told)

OTHERS = (SOURCE / "fixtures" / "x86_64" / "semaphores.so").read_bytes()


def programs(tap, where):
    """libarchive has programs decompress what it cannot: none may be run."""
    bin_ = where / "bin"
    bin_.mkdir()
    for name in ("lzop", "lrzip", "grzip", "zstd", "lz4", "uncompress"):
        (bin_ / name).write_text(f"#!/bin/sh\necho {name} >>{where}/ran\n")
        (bin_ / name).chmod(0o755)
    for name, magic in (("lzop", b"\x89LZO\0\r\n\x1a\n\x10\x30\x20\xa0"),
                        ("lrzip", b"LRZI\0\6"), ("grzip", b"GRZipII\0\2\4:)"),
                        ("uu", b"begin 644 x\n#0V%T\n`\nend\n")):
        for kind, wrap in (("", bytes), (".gz", gzip.compress)):
            path = put(where, name + kind, wrap(magic + bytes(600)))
            result = subprocess.run([TOOL, path], capture_output=True, check=False, timeout=HANG,
                                    env={**os.environ, "PATH": f"{bin_}:{os.environ['PATH']}"})
            tap.ok(not (where / "ran").exists() and result.returncode in (1, 2),
                   f"no program is run for {name}{kind}", told(result))


def endless(tap, where):
    """Bytes that yield no member: looking for the next one ends, too."""
    start, junk = junk_package()
    result = scan(put(where, "junk.cpio.bz2", start + junk * 600))
    tap.ok(result.returncode == 2 and "package-limit" in codes(result) and
           listed(result) == ["first"], "20 GB without a header in 40 kB", told(result))
    empty = gzip.compress(b"") * 400000
    result = scan(put(where, "empty.gz.bz2", bz2.compress(empty) * 100))
    tap.ok(result.returncode == 2 and "package-limit" in codes(result),
           "nothing, compressed 40 million times", told(result))


def loops(tap, where):
    """What costs a reader that keeps and compares all of it the square of its size."""
    lists = [b"".join(b"u:%d:r," % number for number in range(90000)), b"everyone@:r::allow," * 50000]
    for name, text in zip(("access", "ace"), lists):
        line = made.pax_record(b"SCHILY.acl." + name.encode(), text)
        header = made.tar_entry("pax", line, tarfile.XHDTYPE)
        content = (header + made.tar_entry("text", b"text")) * 12 + \
            made.tar_entry("x", PROBES)
        result = scan(put(where, f"{name}.tar.gz", gzip.compress(content, 1)))
        tap.ok(result.returncode == 0 and listed(result) == ["x"],
               "long lists of access control in tar headers", told(result))
    entry = made.cpio_entry(0x1234567, "text", b"", links=2)
    head, tail = entry.split(b"01234567")
    content = b"".join(head + b"%08x" % number + tail for number in range(300000))
    result = scan(put(where, "links.cpio.gz", gzip.compress(
        content + made.cpio({"x": PROBES}), 1)))
    tap.ok(result.returncode == 0 and listed(result) == ["x"],
           "many files with two names in a cpio archive", told(result))


def headers(tap, where):
    """Limits of what stands before contents: what just fits, and one byte more."""
    def tar_of(size):
        line = made.pax_record(b"comment", b"x" * (size - 18))
        return made.tar_entry("pax", line, tarfile.XHDTYPE) + made.tar_entry("x", PROBES)

    def rpm_of(size):
        whole = made.rpm_whole({1001: (6, 1, b"made\0"), 5008: (5, 0, b"")}, b"")
        at = whole.rindex(b"\x8e\xad\xe8\1") + 12
        return whole[:at] + size.to_bytes(4, "big") + whole[at + 4:]

    def list_of(count):
        return made.rpm_whole({1030: (3, count, bytes(2 * count)),
                               1116: (4, count, bytes(4 * count)), 1117: (8, count, bytes(count)),
                               1118: (8, 1, b"/\0"), 5008: (5, count, bytes(8 * count))},
                              made.TRAILER)
    limit = (16 << 20) - 512
    rows = (("tar", tar_of, limit, set(), ["x"], b"larger than 16 MiB"),
            ("rpm", rpm_of, 64 << 20, {"package-damaged"}, [], b"larger than 64 MiB"),
            ("list.rpm", list_of, 1 << 20, set(), [], b"more than a million files"))
    for name, make, most, want, found, reason in rows:
        result = scan(put(where, f"most.{name}.gz", gzip.compress(make(most), 1)))
        tap.ok(codes(result) == want and listed(result) == found, f"{name}: just within the limit",
               told(result))
        result = scan(put(where, f"over.{name}.gz", gzip.compress(make(most + 1), 1)))
        tap.ok(codes(result) == {"package-limit"} and reason in result.stderr and
               result.returncode == 2, f"{name}: beyond it", told(result))
    name = b"x" * 1000
    entry = b"PK\1\2" + bytes(24) + len(name).to_bytes(2, "little") + bytes(16) + name
    count = (64 << 20) // len(entry) + 100
    size = count * len(entry)
    end = b"PK\5\6" + bytes(8) + size.to_bytes(4, "little") + (30).to_bytes(4, "little") + bytes(2)
    result = scan(put(where, "directory.zip", b"PK\3\4" + bytes(26) + entry * count + end))
    tap.ok(codes(result) == {"package-limit"} and b"larger than 64 MiB" in result.stderr,
           "a zip archive's directory beyond its limit", told(result))


def sparse(tap, where):
    """A map of holes, of which libarchive keeps ten times as much as it takes: 100 MB in 100 kB."""
    rows = 25 << 20
    words = b"%d\n" % rows + b"0\n0\n" * rows
    records = b"".join(made.pax_record(b"GNU.sparse." + key, value) for key, value in (
        (b"major", b"1"), (b"minor", b"0"), (b"name", b"x"), (b"realsize", b"10")))
    tar = (made.tar_entry("pax", records, tarfile.XHDTYPE) + made.tar_entry("x", words) +
           bytes(1024))
    result = scan(put(where, "sparse.tar.gz", gzip.compress(tar, 6)))
    tap.ok(result.returncode == 2 and "package-limit" in codes(result),
           "a map of holes that is larger than any header", told(result))


def junk_package():
    start = made.cpio({"first": PROBES})
    return bz2.compress(start[:start.index(b"070701", 6)]), bz2.compress(b"\1" * (32 << 20))


def long_package():
    """Members, each just below the limit of one, that are passed over: 4 MB, but 3 TB of tar."""
    filling, block = 31, 32 << 20
    entry = tarfile.TarInfo("filling")
    entry.size = filling * block
    member = bz2.compress(entry.tobuf(tarfile.USTAR_FORMAT)) + \
        bz2.compress(b"\1" * block) * filling
    return bz2.compress(made.tar_entry("first", PROBES)) + member * 3000


def long_headers(first, entry):
    """The same without members' contents: nothing but headers."""
    return bz2.compress(first) + bz2.compress(entry * ((8 << 20) // len(entry))) * 6000


def processor_time(pid):
    """Seconds that a process has worked for, however long it had to wait for its turns."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def interrupted(tap, where):
    """A signal is heard within a package, too, and within its headers."""
    put(where, "a", PROBES)
    tar = long_headers(made.tar_entry("first", PROBES), made.tar_entry(
        "pax", made.pax_record(b"comment", b"x" * 9000), tarfile.XHDTYPE) + made.tar_entry(
            "empty", b""))
    cpio = long_headers(made.cpio_entry(1, "first", PROBES), made.cpio_entry(1, "empty", b""))
    for workers, name, content in (("1", "b.tar.bz2", long_package()), ("2", "b.tar.bz2", None),
                                   ("1", "b.tar.bz2", tar), ("1", "b.cpio.bz2", cpio)):
        if content:
            (where / "b.tar.bz2").unlink(missing_ok=True)
            put(where, name, content)
        process = subprocess.Popen([TOOL, "-r", "--packages", "-F", "ndjson", "-j", workers, "."],
                                   cwd=where, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        # What comes before the package costs some hundredths of this.
        wait_for(lambda: processor_time(process.pid) >= 1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=HANG)
        tap.ok(process.returncode == 2 and b"interrupted" in err and
               b"limit" not in out and b'"./a"' in out and out.splitlines()[-1].startswith(
                   b'{"record":"summary"'), f"SIGINT in {name} with -j {workers}",
               f"exit {process.returncode}\n{out[-600:]}\n{err}")


def misleading(tap, where):
    """Bytes behind a magic number that are not what it promises: said once, in words."""
    rows = {"zip": b"PK\3\4" + b"garbage" * 50, "bz2": b"BZh9" + b"\x93" * 300,
            "text": b"BZhello\n", "lz": b"LZIP" + b"\x93" * 300,
            "gz": b"\x1f\x8b\x08\0" + b"\xff" * 300,
            "xz": b"\xfd7zXZ\0" + b"\x93" * 300, "zst": b"\x28\xb5\x2f\xfd" + b"\xff" * 300,
            "lz4": b"\x04\x22\x4d\x18" + b"\x93" * 300,
            "rpm": b"\xed\xab\xee\xdb" + bytes(2000), "ustar": b"a" * 257 + b"ustar" + b"b" * 600,
            "cpio": b"070701" + b"0" * 500}
    for name, content in rows.items():
        result = scan(put(where, name, content))
        files = json.loads(result.stdout)["files"]
        tap.ok(result.returncode == 2 and [file["path"] for file in files] == [name] and
               codes(result) == {"package-damaged"} and result.stderr.count(b"\n") == 1 and
               b"INTERNAL" not in result.stderr, f"no {name}, for all its magic", told(result))


def told_names(tap, where):
    """Names in any alphabet, whatever the locale; a member that cannot be read is named."""
    path = put(where, "names.zip", made.zipped({"\u00e4/\u00f6": PROBES, "\u65e5\u672c": PROBES}))
    for locale in ("C", "C.UTF-8", "POSIX"):
        result = run(TOOL, "-l", path.name, cwd=where, env={**os.environ, "LC_ALL": locale})
        tap.ok(result.returncode == 0 and result.stdout ==
               "names.zip//\u00e4/\u00f6\nnames.zip//\u65e5\u672c\n",
               f"names in the locale {locale}", told(result))
    result = scan(put(where, "locked.zip", made.encrypted(made.zipped({"a": NONE, "x": PROBES}))))
    tap.ok(result.returncode == 2 and b"locked.zip//a: " in result.stderr and
           b"locked.zip//x: " in result.stderr, "what is encrypted is named", told(result))


def behind_damage(tap, where):
    """What follows a member that is damaged, too large or of no known kind is listed."""
    content = bytearray(made.tar({"a": PROBES, "b": NONE, "c": PROBES}))
    content[512 + (len(PROBES) + 511) // 512 * 512 + 150] ^= 7
    result = scan(put(where, "header.tar", bytes(content)))
    tap.ok(result.returncode == 2 and listed(result) == ["a", "c"] and
           b"INTERNAL" not in result.stderr and result.stderr.count(b"\n") == 1,
           "a header in the middle", told(result))
    text = made.sparse_tar(b"text", 1 << 45, PROBES)
    for name, content in (("text.tar", text), ("text.tar.xz", lzma.compress(text))):
        result = scan(put(where, name, content))
        tap.ok(result.returncode == 0 and listed(result) == ["x"] and not result.stderr,
               f"a hole of 32 TiB: {name}", told(result))
    objects = made.sparse_tar(PROBES, 1 << 45)
    for name, content in (("elf.tar", objects), ("elf.tar.xz", lzma.compress(objects))):
        result = scan(put(where, name, content))
        tap.ok(result.returncode == 2 and listed(result) == ["x"] and
               codes(result) == {"package-limit"}, f"an object with one: {name}", told(result))


def unread(tap, where):
    """What is known but not read is named as an operand, in a package and in a tree."""
    rows = {"a 7-Zip archive": b"7z\xbc\xaf\x27\x1c\0\4", "a RAR archive": b"Rar!\x1a\7\1\0",
            "a part of a split zip archive": b"PK\7\bPK\3\4", "a SquashFS image": b"hsqs",
            "a file compressed by compress": b"\x1f\x9d\x90",
            "a file compressed by lzop": b"\x89LZO\0\r\n\x1a\n",
            "a file compressed by lrzip": b"LRZI\0\6"}
    for name, magic in rows.items():
        content = magic + b"\x93" * 1000
        line = f": {name}, which is not read: unpack it first\n".encode()
        inner = {"a/b": content, "x": PROBES}
        for path, package, want in (
                ("plain", content, b"plain"), ("x.tar", made.tar(inner), b"x.tar//a/b"),
                ("x.tar.gz", gzip.compress(made.tar(inner)), b"x.tar.gz//a/b"),
                ("x.deb", made.deb(inner), b"x.deb//a/b"),
                ("x.zip", made.zipped({"y.tar": made.tar(inner)}), b"x.zip//y.tar//a/b")):
            result = scan(put(where, path, package))
            states = {file["path"]: file["state"] for file in json.loads(result.stdout)["files"]}
            tap.ok(result.returncode == 2 and result.stderr == b"usdtinfo: " + want + line and
                   codes(result) == {"package-unsupported"} and
                   states[want.decode()] == "unreadable" and
                   bool(listed(result)) == (b"/a/b" in want) and
                   not schema.complaints(result.stdout), f"{name}: {path}", told(result))
        tree = where / "tree"
        tree.mkdir(exist_ok=True)
        put(tree, "a", content)
        put(tree, "b", PROBES)
        for options, code, told_ in (((), 0, b""), (("--packages",), 2, line)):
            result = scan(tree, "-r", *options)
            tap.ok(result.returncode == code and result.stderr.endswith(told_) and
                   bool(result.stderr) == bool(told_) and listed(result) == ["tree/b"],
                   f"{name} in a tree {' '.join(options)}", told(result))


def libraries(tap, where):
    """A static library without objects is nothing, in a package as in a tree."""
    path = put(where, "dev.deb", made.deb({"lib/empty.a": b"!<arch>\n", "lib/x.so": PROBES}))
    result = scan(path)
    document = json.loads(result.stdout)
    tap.ok(result.returncode == 0 and document["summary"]["files"] == 1 and
           [file["path"] for file in document["files"]] == ["dev.deb//lib/x.so"],
           "a static library without objects", told(result))
    library = (SOURCE / "fixtures" / "x86_64" / "archive.a").read_bytes()
    path = put(where, "two.deb", made.deb({"lib/a.a": library, "lib/b.a": library}))
    result = run(TOOL, "-m", "nothing", path.name, cwd=where)
    tap.ok(result.returncode == 1 and result.stderr == "usdtinfo: two.deb: no probe matches\n"
           "usdtinfo: two.deb: no probes\n", "each reason once for a package", told(result))


def spelt(tap, where):
    """Names of members that are spelt otherwise: one path each, and never another member's."""
    names = {"usr//bin/a": "usr/bin/a", "./usr/./bin//b": "usr/bin/b", "/abs/c": "abs/c",
             "//abs//d": "abs/d", "usr/bin/.e": "usr/bin/.e", "usr/bin/f..": "usr/bin/f..",
             "...//g": ".../g"}
    upwards = ("../up", "a/../b", "a//..//c", "usr/..")
    files = {name: PROBES for name in (*names, *upwards)}
    put(where, "spelt.tar", made.tar(files))
    put(where, "spelt.zip", made.zipped(files))
    put(where, "spelt.cpio", made.cpio({**files, "usr/last/": PROBES, "/": PROBES}))
    put(where, "deep.tar", made.tar({"one//layer.tar": made.tar(files)}))
    for path in ("spelt.tar", "spelt.zip", "spelt.cpio", "deep.tar"):
        want = [*names.values(), *(["usr/last"] if path == "spelt.cpio" else [])]
        result = scan(where / path)
        (where / "saved").write_bytes(result.stdout)
        inner = "one/layer.tar//" if path == "deep.tar" else ""
        shown = set(listed(result))
        tap.ok({inner + name for name in want} <= shown and
               all(name.count("//") == inner.count("//") for name in shown),
               f"{path}: each name is spelt in one way", told(result))
        for operand in (path, "saved"):
            for words in (["--for=bpftrace"], ["script", "bpftrace"]):
                result = run(TOOL, *words, "-m", "*start", operand, cwd=where)
                said = re.findall("^usdt:(.*):minimal:", result.stdout, re.MULTILINE)
                tap.ok(sorted(said) == sorted(f"/{name}" for name in want),
                       f"{' '.join(words)}: paths in {path}, {operand}", told(result))
                tap.ok(result.stdout.count("no package is unpacked to") == len(upwards),
                       f"{' '.join(words)}: names that lead upwards in {path}, {operand}",
                       told(result))


def verbs(tap, where):
    """What verbs and formats make of members."""
    both, one = {"usr/x1": PROBES, "usr/x2": OTHERS, "usr/none": NONE}, {"usr/x2": OTHERS}
    put(where, "both.tar", made.tar(both))
    put(where, "both.zip", made.zipped(both))
    put(where, "one.tar", made.tar(one))
    (where / "tree" / "usr").mkdir(parents=True)
    for name, content in both.items():
        put(where / "tree", name, content)
    for old, new in (("both.tar", "both.zip"), ("both.tar", "tree"), ("tree", "both.zip")):
        result = run(TOOL, "diff", old, new, cwd=where)
        tap.ok(result.returncode == 0 and not result.stdout, f"diff {old} {new}", told(result))
    result = run(TOOL, "diff", "-J", "both.tar", "one.tar", cwd=where)
    changes = json.loads(result.stdout)["changes"]
    tap.ok(result.returncode == 1 and {(change["change"], change["provider"])
                                       for change in changes} == {("removed", "minimal")},
           "diff pairs members by their whole names", told(result))
    put(where, "image.tar", made.tar({"layer.tar": made.tar(one)}))
    for path in ("one.tar", "image.tar"):
        for words in (["--for=bpftrace"], ["script", "bpftrace"]):
            result = run(TOOL, *words, "-m", "first", path, cwd=where)
            tap.ok(result.returncode == 0 and "usdt:/usr/x2:semaphores:first" in result.stdout and
                   path not in result.stdout, f"{' '.join(words)} has the path in {path}",
                   told(result))
    for form in ("readelf", "long"):
        result = run(TOOL, "-F", form, "both.tar", cwd=where)
        tap.ok(result.returncode == 0 and "both.tar//usr/x1" in result.stdout and
               "none" not in result.stdout, f"{form} is silent on members without probes",
               told(result))
    result = scan(where / "both.tar")
    tap.ok([file["path"] for file in json.loads(result.stdout)["files"]] ==
           [f"both.tar//{name}" for name in both] and not schema.complaints(result.stdout),
           "JSON has them", told(result))
    put(where, "x.deb", made.deb(one))
    result = run(TOOL, "python", "x.deb", cwd=where)
    tap.ok(result.returncode == 2 and "a package: " in result.stderr, "no package is a Python",
           told(result))


def main():
    tap = Tap()
    if not has_libarchive():
        tap.skip("packages", "built without libarchive")
        tap.done()
    for test in (programs, endless, loops, headers, sparse, interrupted, misleading, told_names,
                 behind_damage, unread, libraries, spelt, verbs):
        if len(sys.argv) > 1 and test.__name__ not in sys.argv[1:]:
            continue
        with tempfile.TemporaryDirectory(prefix="usdtinfo-packages-") as folder:
            test(tap, pathlib.Path(folder))
    tap.done()


main()
