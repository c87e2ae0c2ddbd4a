# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Packages as operands: each kind, nested ones, damaged and hostile ones, and what they cost."""
import bz2
import gzip
import json
import lzma
import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

from helpers import made_packages as made, schema
from helpers.tap import SOURCE, TOOL, Tap, have, run
from scanned import (MEMBERS, NONE, PROBES, codes, has_libarchive, listed, put, scan,
                     told)


def whole(tap, where):
    """Each kind with the same members: the same probes."""
    rows = {"x.zip": made.zipped(MEMBERS), "stored.zip": made.zipped(MEMBERS, zipfile.ZIP_STORED),
            "x-1.0-py3-none-any.whl": made.zipped(MEMBERS), "x.rpm": made.rpm(MEMBERS),
            "xz.rpm": made.rpm(MEMBERS, lzma.compress), "x.cpio": made.cpio(MEMBERS),
            "six.rpm": made.rpm6(MEMBERS), "xz-six.rpm": made.rpm6(MEMBERS, lzma.compress),
            "bare-six.rpm": made.rpm6(MEMBERS, bytes), "old.cpio": made.old_cpio(MEMBERS),
            "pax.tar": made.tar(MEMBERS, made.tarfile.PAX_FORMAT),
            "ustar.tar": made.tar(MEMBERS, made.tarfile.USTAR_FORMAT)}
    for suffix, compress in made.COMPRESSORS.items():
        rows[f"x.tar{suffix}"] = compress(made.tar(MEMBERS))
        rows[f"deb{suffix}.deb"] = made.deb(MEMBERS, compress, suffix)
    for suffix, program in made.PROGRAMS.items():
        if have(program):
            rows[f"x.tar{suffix}"] = made.by_program(program)(made.tar(MEMBERS))
    for name, content in rows.items():
        result = scan(put(where, name, content))
        files = json.loads(result.stdout)["files"]
        tap.ok(result.returncode == 0 and not result.stderr and
               listed(result) == ["usr/bin/x", "usr/lib/y.so"] and
               [file["path"] for file in files][0] == f"{name}//usr/bin/x" and
               not schema.complaints(result.stdout), name, told(result))
    alone = put(where, "alone", PROBES)
    want = json.loads(scan(alone).stdout)["files"][0]
    sparse = {f"sparse-{version}.tar": made.pax_sparse_tar(PROBES, version)
              for version in ("0.0", "0.1", "1.0")}
    sparse["sparse-old.tar"] = made.old_sparse_tar(PROBES)
    for name, content in sparse.items():
        result = scan(put(where, name, content))
        got = json.loads(result.stdout)["files"][0]
        tap.ok(result.returncode == 0 and got["path"] == f"{name}//x" and
               got.pop("archive") == name and dict(want, path="") == dict(got, path=""), name, told(result))
    got = json.loads(scan(where / "x.tar.xz").stdout)["files"][0]
    tap.ok(got.pop("archive") == "x.tar.xz" and dict(want, path="") == dict(got, path=""),
           "a member is what the file is")


def real(tap, where):
    """A package that rpmbuild or dpkg-deb made."""
    if not have("dpkg-deb"):
        tap.skip("dpkg-deb", "no dpkg-deb")
    else:
        root = where / "root"
        (root / "DEBIAN").mkdir(parents=True)
        (root / "usr" / "bin").mkdir(parents=True)
        (root / "DEBIAN" / "control").write_text(
            "Package: made\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b.c>\n"
            "Description: made\n")
        (root / "usr" / "bin" / "x").write_bytes(PROBES)
        for kind in ("gzip", "xz", "zstd", "none"):
            path = where / f"{kind}.deb"
            if run("dpkg-deb", f"-Z{kind}", "-b", root, path).returncode:
                continue
            result = scan(path)
            tap.ok(result.returncode == 0 and listed(result) == ["usr/bin/x"],
                   f"dpkg-deb -Z{kind}", told(result))
    if not have("rpmbuild"):
        tap.skip("rpmbuild", "no rpmbuild")
        return
    put(where, "x", PROBES)
    put(where, "made.spec", f"""Name: made
Version: 1
Release: 1
Summary: made
License: none
%define __strip /bin/true
%define debug_package %{{nil}}
%define _build_id_links none
%description
made
%install
mkdir -p %{{buildroot}}/usr/bin
cp {where}/x %{{buildroot}}/usr/bin/x
%files
/usr/bin/x
""".encode())
    result = run("rpmbuild", "-bb", "--define", f"_topdir {where}/rpm", "--nodeps",
                 where / "made.spec")
    found = sorted(where.glob("rpm/RPMS/*/*.rpm"))
    if tap.ok(found, "rpmbuild builds", result.stderr[-1000:]):
        result = scan(found[0])
        tap.ok(result.returncode == 0 and listed(result) == ["usr/bin/x"], "rpmbuild",
               told(result))


def sixth(tap, where):
    """An .rpm of version 6, whose payload has neither names nor sizes."""
    members = {"usr/bin/x": PROBES, "usr/lib/a": PROBES, "usr/lib/b": PROBES, "usr/lib/c": PROBES,
               "top": PROBES}
    links = ("usr/lib/a", "usr/lib/c")
    result = scan(put(where, "links.rpm", made.rpm6(members, links=links)))
    tap.ok(result.returncode == 0 and
           listed(result) == ["usr/bin/x", "usr/lib/b", "usr/lib/c", "top"],
           "of two names of one file the last has it", told(result))
    result = scan(put(where, "none.rpm", made.rpm_whole({}, gzip.compress(made.TRAILER))))
    tap.ok(result.returncode == 1, "a package without files", told(result))
    files = made.rpm_files(members, range(5))
    payload = made.stripped_cpio(members.values())
    short = {**files, 5008: (5, 4, files[5008][2])}
    far = {**files, 1116: (4, 5, b"\0\0\0\x63" * 5)}
    endless = {**files, 1117: (8, 1 << 30, files[1117][2])}
    rows = {
        "short": (made.rpm_whole(short, payload), []), "far": (made.rpm_whole(far, payload), []),
        "endless": (made.rpm_whole(endless, payload), []),
        "sizes": (made.rpm6(members, bytes, sizes=[1 << 63] * 5), []),
        "number": (made.rpm_whole(files, payload.replace(b"07070X00000001", b"07070X00000009")),
                   ["usr/bin/x", "usr/lib/b", "usr/lib/c", "top"]),
        "digits": (made.rpm_whole(files, payload.replace(b"07070X00000001", b"07070X0000000g")),
                   ["usr/bin/x", "usr/lib/b", "usr/lib/c", "top"]),
        "nameless": (payload, []),
    }
    for name, (content, want) in rows.items():
        result = scan(put(where, f"{name}.rpm", content))
        tap.ok(result.returncode == 2 and listed(result) == want and
               result.stderr.count(b"\n") == 1 + (name == "sizes") and not schema.complaints(result.stdout),
               f"its list of files is damaged: {name}", told(result))


def volumes(members):
    """The second volume of a tar archive: the rest of a file, and more."""
    rest = made.tarfile.TarInfo("begun.before")
    rest.size, rest.type = 700, b"M"
    return rest.tobuf(made.tarfile.GNU_FORMAT) + b"x" * 1024 + made.tar(members)


def unended(content):
    """A tar archive without the zeros at its end."""
    return content[:(len(content.rstrip(b"\0")) + 511) // 512 * 512]


def not_counted(content):
    """A zip archive whose directory breaks off."""
    at = content.index(b"PK\1\2", content.index(b"PK\1\2") + 1)
    return content[:at] + b"XX" + content[at + 2:]


def of_method(content, method):
    for magic, offset in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        at = content.find(magic)
        content = content[:at + offset] + bytes([method, 0]) + content[at + offset + 2:]
    return content


def unseen(tap, where):
    """What was not all seen is never called without probes."""
    none, tail = {"a": NONE, "b": b"text"}, b"bytes of anything else" * 40
    plain, two = made.tar(none), made.zipped({"a": NONE, "b": NONE})
    rows = {
        "data.deb": made.deb(none, lambda content: b"new compression" + content, ".new"),
        "inner.deb": made.deb(none, lambda content: gzip.compress(tail), ".gz"),
        "empty.deb": made.deb(none, lambda content: b"", ""),
        "nothing.deb": made.deb(none, lambda content: gzip.compress(b""), ".gz"),
        "unread.deb": made.deb(none, lambda content: b"\x1f\x9d\x90" + content, ".Z"),
        "payload.rpm": made.rpm_whole({}, tail), "inner.rpm": made.rpm(none, lambda content: tail),
        "wrapped.rpm": made.rpm_whole({}, gzip.compress(tail)),
        "empty.rpm": made.rpm_whole({}, b""), "nothing.rpm": made.rpm_whole({}, gzip.compress(b"")),
        "cut.rpm": made.rpm6(none, lambda content: gzip.compress(content[:-len(made.TRAILER)])),
        "tail.tar": plain + tail, "tail.tar.gz": gzip.compress(plain) + tail,
        "inner-tail.tar.gz": gzip.compress(plain + tail), "tail.cpio": made.cpio(none) + tail,
        "tail.tar.bz2": bz2.compress(plain) + tail, "tail.cpio.gz": gzip.compress(
            made.cpio(none)) + tail,
        "volume.tar": volumes(none), "locked.zip": made.encrypted(two),
        "method.zip": of_method(two, 96), "directory.zip": not_counted(two),
        "apk": gzip.compress(unended(plain)) + b"\x1f\x8b\x09" + gzip.compress(plain)[3:],
        "tail.gz": gzip.compress(b"") + b"\x1f\x8b\x09" + gzip.compress(plain)[3:],
    }
    for name, content in rows.items():
        result = scan(put(where, name, content))
        tap.ok(result.returncode == 2 and not listed(result) and result.stderr and
               not schema.complaints(result.stdout), name, told(result))
    tree = where / "tree"
    tree.mkdir()
    put(tree, "data.deb", rows["data.deb"])
    put(tree, "x.tar", made.tar({"payload.rpm": rows["payload.rpm"], "x": PROBES}))
    result = scan(tree, "-r", "--packages")
    tap.ok(result.returncode == 2 and result.stderr.count(b"\n") == 2 and
           codes(result) == {"package-unsupported"} and listed(result) == ["x"],
           "in a tree, and in a package", told(result))


def joined(tap, where):
    """One archive after the other: both are read."""
    first, second = {"a": PROBES, "text": b"text"}, {"b": PROBES}
    rows = {
        "two.tar": made.tar(first) + made.tar(second),
        "two.tar.gz": gzip.compress(made.tar(first)) + gzip.compress(made.tar(second)),
        # Alpine's: a signature, a description and the files, each compressed by itself.
        "x.apk": gzip.compress(unended(made.tar(first))) + gzip.compress(made.tar(second)),
        "image.cpio": made.cpio(first) + bytes(300) + made.cpio(second),
        "initrd": made.cpio(first) + bytes(512) + lzma.compress(made.cpio(second)),
        "initrd.gz": gzip.compress(made.cpio(first)) + gzip.compress(made.cpio(second)),
        "zeros.tar.gz": gzip.compress(made.tar({**first, **second}) + bytes(99999)) + bytes(999),
    }
    for name, content in rows.items():
        result = scan(put(where, name, content))
        tap.ok(result.returncode == 0 and listed(result) == ["a", "b"] and not result.stderr,
               name, told(result))
    result = scan(put(where, "many.cpio", made.cpio(first) * 20))
    tap.ok(result.returncode == 2 and codes(result) == {"package-limit"},
           "twenty image parts are too many", told(result))


def nothing(tap, where):
    """What was made of nothing has no probes; what is cut before its contents is damaged."""
    compressors = {**made.COMPRESSORS, **{suffix: made.by_program(program) for suffix, program in
                                          made.PROGRAMS.items() if have(program)}}
    del compressors[""]
    for suffix, compress in compressors.items():
        whole_ = compress(b"")
        result = scan(put(where, f"empty{suffix}", whole_))
        tap.ok(result.returncode == 1 and not codes(result), f"nothing: {suffix}", told(result))
        codes_ = [scan(put(where, f"cut{suffix}", compress(b"text" * 9)[:at])).returncode
                  for at in (6, 8, 14)]
        tap.ok(codes_ == [2] * 3, f"cut within or before the first bytes: {suffix}", codes_)


def nested(tap, where):
    """Packages in packages, to a depth; a conda package is such a one."""
    inner = made.tar({"lib/x.so": PROBES})
    path = put(where, "x.conda", made.zipped({
        "metadata.json": b"{}", "pkg-x.tar.xz": lzma.compress(inner)}, zipfile.ZIP_STORED))
    result = scan(path)
    tap.ok(result.returncode == 0 and listed(result) == ["pkg-x.tar.xz//lib/x.so"],
           "conda: a tar in a zip", told(result))
    path = put(where, "image.tar", made.tar({
        "l1/layer.tar": made.tar({"a": PROBES}), "l2/layer.tar": made.tar({"b": PROBES})}))
    result = scan(path)
    tap.ok(listed(result) == ["l1/layer.tar//a", "l2/layer.tar//b"], "an image of layers",
           told(result))
    content = made.tar({"x": PROBES})
    for depth in range(2, 12):
        content = made.tar({f"level{depth}.tar": content, f"file{depth}": PROBES})
    result = scan(put(where, "deep.tar", content))
    tap.ok(result.returncode == 2 and "package-limit" in codes(result) and
           "file11" in listed(result), "nested too deeply: said, and the rest is listed",
           told(result))
    quine = gzip.compress(gzip.compress(gzip.compress(made.tar({"x": PROBES}))))
    result = scan(put(where, "x.tar.gz.gz.gz", quine))
    tap.ok(result.returncode in (0, 2) and not schema.complaints(result.stdout),
           "compressed three times", told(result))


def in_trees(tap, where):
    """In a directory packages are passed over unless --packages asks for them."""
    for name, content in {"a.deb": made.deb(MEMBERS), "m/b.ko.xz": lzma.compress(PROBES),
                          "m/c.zip": made.zipped({"text": b"text"}), "m/d": PROBES,
                          "m/empty.gz": gzip.compress(b""), "m/page.1.gz": gzip.compress(b".TH"),
                          "z.tar.gz": gzip.compress(made.tar({"last": PROBES}))}.items():
        (where / name).parent.mkdir(exist_ok=True)
        put(where, name, content)
    want = {(): ["m/d"], ("--packages",): ["a.deb//usr/bin/x", "a.deb//usr/lib/y.so",
                                           "m/b.ko.xz//data", "m/d", "z.tar.gz//last"]}
    for options, paths in want.items():
        for workers in ("1", "3"):
            result = subprocess.run([TOOL, "-r", "-J", "-j", workers, *options, "."], cwd=where,
                                    check=False, capture_output=True)
            got = [file["path"].removeprefix("./") for file in json.loads(result.stdout)["files"]]
            tap.ok(result.returncode == 0 and not result.stderr and got == paths and
                   not schema.complaints(result.stdout),
                   f"a tree with -j {workers} {' '.join(options)}", told(result))
    summary = json.loads(result.stdout)["summary"]
    tap.ok((summary["files"], summary["files_with_probes"], summary["errors"]) == (6, 5, 0),
           "objects without probes in packages are counted", summary)
    put(where, "m/cut.tar.xz", lzma.compress(made.tar(MEMBERS))[:-100])
    result = subprocess.run([TOOL, "-r", "-l", "--packages", "."], cwd=where, check=False,
                            capture_output=True, text=True)
    tap.ok(result.returncode == 2 and result.stderr.count("m/cut.tar.xz") == 1 and
           "./z.tar.gz//last\n" in result.stdout, "a damaged one is said, the rest is listed",
           told(result))
    result = scan(where / "m" / "empty.gz")
    tap.ok(result.returncode == 1 and not schema.complaints(result.stdout), "nothing, compressed",
           told(result))


def damaged(tap, where):
    """Cut anywhere: no crash, no hang, what came before is listed."""
    rows = {"x.tar": made.tar(MEMBERS), "x.tar.gz": gzip.compress(made.tar(MEMBERS)),
            "x.tar.xz": lzma.compress(made.tar(MEMBERS)), "x.zip": made.zipped(MEMBERS),
            "x.deb": made.deb(MEMBERS), "x.rpm": made.rpm(MEMBERS),
            "x.tar.bz2": bz2.compress(made.tar(MEMBERS)), "x.cpio": made.cpio(MEMBERS),
            "x.conda": made.zipped({"pkg-x.tar.xz": lzma.compress(made.tar(MEMBERS))},
                                   zipfile.ZIP_STORED)}
    for name, content in rows.items():
        bad = []
        for part in range(1, 20):
            for kind in ("cut", "flipped"):
                at = len(content) * part // 20
                changed = (content[:at] if kind == "cut" else
                           content[:at] + bytes([content[at] ^ 0xff]) + content[at + 1:])
                result = scan(put(where, name, changed))
                # A tar archive may end behind any member, and zip's directory repeats what is
                # known by then.
                whole_ = at % 512 == 0 if name == "x.tar" else b"PK\1\2" in changed
                if kind == "cut" and result.returncode != 2 and not whole_:
                    bad.append(f"cut at {at}, and nothing is said: {told(result)}")
                if result.returncode not in (0, 1, 2) or schema.complaints(result.stdout) or \
                        bool(result.stderr) != (result.returncode != 0):
                    bad.append(f"{kind} at {at}: {told(result)}")
        tap.none(bad[:2], f"{name}: cut, and changed, at 19 places")
    content = rows["x.tar"]
    # The end of the last object is missing; the first stands.
    result = scan(put(where, "late.tar", content[:len(content) - 10240 - 3000]))
    tap.ok(result.returncode == 2 and "usr/bin/x" in listed(result),
           "what came before the damage is listed", told(result))


def hostile(tap, where):
    """Names that climb, lie or speak to terminals; sizes that are not true."""
    names = {"../../etc/x": PROBES, "/absolute": PROBES, "esc\x1b[31m": PROBES,
             "new\nline": PROBES, "ok": PROBES}
    path = put(where, "names.tar", made.tar(names))
    before = sorted(os.listdir(where.parent)), sorted(os.listdir(where))
    result = scan(path)
    tap.ok(result.returncode == 0 and len(listed(result)) == len(names) and
           not schema.complaints(result.stdout), "names are only names", told(result))
    tap.ok((sorted(os.listdir(where.parent)), sorted(os.listdir(where)))[1] == before[1],
           "nothing is unpacked")
    text = subprocess.run([TOOL, "-F", "long", path], capture_output=True, check=False)
    tap.ok(b"\x1b" not in text.stdout + text.stderr, "no escape reaches a terminal")

    huge = bytearray(made.tar({"first": PROBES, "huge": b"x" * 600, "last": PROBES}))
    at = huge.index(b"huge\0")
    huge[at + 124:at + 136] = b"77777777777\0"
    header = bytes(huge[at:at + 512])
    total = sum(header) - sum(header[148:156]) + 8 * 32
    huge[at + 148:at + 156] = b"%06o\0 " % total
    result = scan(put(where, "huge.tar", bytes(huge)))
    tap.ok(result.returncode == 2 and "first" in listed(result), "a member that claims 8 GiB",
           told(result))


def odd(tap, where):
    """Members that are no plain files, or whose contents cannot be had."""
    library = (SOURCE / "fixtures" / "x86_64" / "archive.a").read_bytes()
    thin = (SOURCE / "fixtures" / "x86_64" / "thin.a").read_bytes()
    members = [path.split("(", 1)[1] for path in listed(scan(put(where, "lib.a", library)))]
    rows = {
        # name: (content, exit code, members that are listed)
        "dev.deb": (made.deb({"usr/lib/libx.a": library, "x": PROBES}), 0,
                    [f"usr/lib/libx.a({name}" for name in members] + ["x"]),
        "thin.tar": (made.tar({"libx.a": thin, "x": PROBES}), 0, ["x"]),
        "links.tar": (made.special_tar(PROBES), 0, ["x"]),
        "sparse.tar": (made.sparse_tar(PROBES), 0, ["sparse", "x"]),
        "encrypted.zip": (made.encrypted(made.zipped({"a": NONE, "x": PROBES})), 2, []),
        "empty.zip": (made.zipped({}), 1, []),
        "old.tar": (made.old_tar(MEMBERS), 0, ["usr/bin/x", "usr/lib/y.so"]),
        "empty.tar": (made.tar({}), None, []),
        "empty.tar.gz": (gzip.compress(made.tar({})), None, []),
        "bytes.tar": (made.tar({"\udcff\udcfe": PROBES, "n" * 255: PROBES, "a\tb": PROBES}), 0,
                      ["\ufffd\ufffd", "n" * 255, "a\tb"]),
        "deep.zip": (made.zipped({"d/" * 500 + "x": PROBES}), 0, ["d/" * 500 + "x"]),
    }
    for name, (content, code, want) in rows.items():
        result = scan(put(where, name, content))
        # What is empty may be no package at all to see.
        codes_ = (1, 2) if code is None else (code,)
        tap.ok(result.returncode in codes_ and listed(result) == want and
               bool(result.stderr) == (result.returncode != 0) and
               not schema.complaints(result.stdout), name, told(result))


def bombs(tap, where):
    """What expands beyond measure ends soon, within 1 GiB of address space."""
    zeros = b"\0" * (64 << 20)
    rows = {
        "elf.zip": made.zipped({"first": PROBES, "zeros": PROBES[:64] + zeros * 3}),
        "zeros.tar.xz": lzma.compress(made.tar({"first": PROBES, **{
            f"zeros{number}": zeros for number in range(12)}}), preset=0),
        "nested.tar.xz": lzma.compress(made.tar({
            "first": PROBES, "inner.tar.gz": gzip.compress(made.tar({"z": zeros * 8}), 1)})),
    }
    for name, content in rows.items():
        path = put(where, name, content)
        result = scan(path)
        tap.ok(result.returncode in (0, 2) and "first" in listed(result),
               f"{name}: {len(content)} bytes", told(result))


def main():
    tap = Tap()
    if not has_libarchive():
        tap.skip("packages", "built without libarchive")
        tap.done()
    for test in (whole, real, sixth, unseen, joined, nothing, nested, in_trees, damaged, hostile,
                 odd, bombs):
        if len(sys.argv) > 1 and test.__name__ not in sys.argv[1:]:
            continue
        with tempfile.TemporaryDirectory(prefix="usdtinfo-packages-") as folder:
            test(tap, pathlib.Path(folder))
    tap.done()


main()
