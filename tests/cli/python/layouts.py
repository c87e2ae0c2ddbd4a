# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Layouts of Pythons, one row each: files, what is asked, what must be answered.

In a row {top} is the directory of its files. A file is bytes, a text, or a Link; what is
bytes or a script is executable. Expected are keys of the answer's JSON; "object" and
"path" stand without {top}, "reason" and "hint" are a part of them.
"""
from collections import namedtuple

from helpers import standin
from helpers.standin import GLIBC, MUSL, Later, cache

Link = namedtuple("Link", "target")
Row = namedtuple("Row", "name files asked expected")
built, library, python, stub = map(Later, (standin.built, standin.library, standin.python,
                                           standin.stub))
# A machine whose libraries the host has none of.
AWAY = {"machine": standin.EM_AARCH64}
LIB11 = "libpython3.11.so.1.0"
SYSCONFIG = "# generated\nbuild_time_vars = {{'ABIFLAGS': '',\n 'WITH_DTRACE': {}}}\n"
ROOT = ["--root={top}"]
YES11 = {"verdict": "yes", "version": "3.11.2", "exit": 0}


def row(name, files, asked, **expected):
    return Row(name, files, asked, expected)


def shim(tool):
    return (f"#!/usr/bin/env bash\nset -e\nexport PYENV_ROOT=\"/opt/{tool}\"\n"
            f"exec \"/opt/{tool}/libexec/{tool}\" exec \"$program\" \"$@\"\n")


# Where the program and its library are.
PLACES = [
    row("static program", {"bin/python3": built(11)}, ["{top}/bin/python3"],
        object="/bin/python3", **YES11),
    row("links to the program", {"bin/python3.11": built(11), "bin/python3": Link("python3.11"),
                                 "python": Link("bin/python3")}, ["{top}/python"],
        path="/bin/python3.11", hops=3, **YES11),
    row("shared, by an absolute RUNPATH (pyenv)",
        {"v/bin/python3.11": stub(11, runpath="{top}/v/lib"), "v/lib/" + LIB11: library(11)},
        ["{top}/v/bin/python3.11"], object="/v/lib/" + LIB11, **YES11),
    row("shared, in /usr/lib64 (Fedora's layout)",
        {"usr/bin/python3.11": stub(11), "usr/bin/python3": Link("/usr/bin/python3.11"),
         "usr/lib64/" + LIB11: library(11)}, ROOT, object="/usr/lib64/" + LIB11, **YES11),
    row("shared, by ld.so.cache (docker-library's layout)",
        {"usr/local/bin/python3": stub(11), "usr/local/lib/" + LIB11: library(11),
         "etc/ld.so.cache": cache({LIB11: "/usr/local/lib/" + LIB11,
                                   "libc.so.6": "/lib/libc.so.6"})},
        ROOT, object="/usr/local/lib/" + LIB11, **YES11),
    row("shared, by ld.so.conf in a staging tree",
        {"usr/bin/python3": stub(11), "opt/lib/" + LIB11: library(11),
         "etc/ld.so.conf": "/opt/lib\n"}, ROOT, object="/opt/lib/" + LIB11, **YES11),
    row("shared, in a staging tree without cache and configuration",
        {"usr/bin/python3.11": stub(11), "usr/lib/x86_64-linux-gnu/" + LIB11: library(11)},
        ROOT + ["/usr/bin/python3.11"], object="/usr/lib/x86_64-linux-gnu/" + LIB11, **YES11),
    row("program and library apart (Debian's layout)",
        {"usr/bin/python3.11": built(11),
         "usr/lib/x86_64-linux-gnu/" + LIB11: library(11, with_dtrace=False)},
        ROOT + ["--all"], object="/usr/bin/python3.11", others=["no"], **YES11),
    row("the library alone, in a package",
        {"usr/lib/x86_64-linux-gnu/" + LIB11: library(11)}, ROOT,
        object="/usr/lib/x86_64-linux-gnu/" + LIB11, **YES11),
    row("the library itself", {"lib/" + LIB11: library(11)}, ["{top}/lib/" + LIB11],
        object="/lib/" + LIB11, **YES11),
    row("static with the library beside it, $ORIGIN in RPATH (python-build-standalone)",
        {"p/bin/python3.11": python(11, rpath="$ORIGIN/../lib", interpreter=GLIBC),
         "p/lib/" + LIB11: library(11, with_dtrace=False)}, ["{top}/p/bin/python3.11"],
        verdict="no", object="/p/bin/python3.11", version="3.11.2", exit=1,
        hint="--with-dtrace"),
    row("the stable ABI's stub, $ORIGIN in DT_NEEDED",
        {"p/lib/libpython3.so": python(11, cpython=False, soname="libpython3.so",
                                       needed=["$ORIGIN/../lib/" + LIB11]),
         "p/lib/" + LIB11: library(11)}, ["{top}/p/lib/libpython3.so"],
        object="/p/lib/../lib/" + LIB11, **YES11),
    row("a program that needs the stub",
        {"bin/app": stub(11, library="libpython3.so", runpath="$ORIGIN/../lib"),
         "lib/libpython3.so": python(11, cpython=False, soname="libpython3.so",
                                     runpath="$ORIGIN", needed=[LIB11]),
         "lib/" + LIB11: library(11)}, ["{top}/bin/app"], hops=3, **YES11),
    row("conda's layout", {"c/bin/python3.11": python(11, rpath="$ORIGIN/../lib"),
                           "c/lib/" + LIB11: library(11, with_dtrace=False)}, ["{top}/c"],
        verdict="no", object="/c/bin/python3.11", exit=1),
    row("musl", {"usr/bin/python3": stub(11, interpreter=MUSL),
                 "usr/local/lib/" + LIB11: library(11),
                 "usr/lib/" + LIB11: library(11, with_dtrace=False)}, ROOT,
        object="/usr/local/lib/" + LIB11, **YES11),
    row("an embedding program", {"bin/gdb": stub(11, rpath="{top}/lib"),
                                 "lib/" + LIB11: library(11)}, ["{top}/bin/gdb"],
        object="/lib/" + LIB11, **YES11),
    row("a plug-in without interpreter",
        {"pg/plpython3.so": stub(11, interpreter=None, runpath="$ORIGIN/../lib"),
         "lib/" + LIB11: library(11)}, ["{top}/pg/plpython3.so"], **YES11),
    row("a program that needs it through another library",
        {"bin/app": python(11, cpython=False, needed=["libapp.so"], rpath="{top}/lib"),
         "lib/libapp.so": stub(11, interpreter=None), "lib/" + LIB11: library(11)},
        ["{top}/bin/app"], hops=3, **YES11),
    row("--library-path", {"bin/python3": stub(11), "l/" + LIB11: library(11)},
        ["--library-path={top}/l", "{top}/bin/python3"], object="/l/" + LIB11, **YES11),
    row("the library of another machine is passed over",
        {"bin/python3": stub(11, runpath="{top}/wrong:{top}/right"),
         "wrong/" + LIB11: library(11, machine=standin.EM_AARCH64),
         "right/" + LIB11: library(11)}, ["{top}/bin/python3"], object="/right/" + LIB11,
        **YES11),
    row("an installation's prefix", {"i/bin/python3.9": built(9), "i/bin/python3.11": built(11)},
        ["{top}/i"], object="/i/bin/python3.11", **YES11),
    row("a build tree", {"b/python": stub(11, runpath="{top}/installed"),
                         "b/pybuilddir.txt": "build/lib.linux-x86_64-3.11",
                         "b/" + LIB11: library(11),
                         "b/build/lib.linux-x86_64-3.11/_sysconfigdata__linux_.py":
                             SYSCONFIG.format(1),
                         "installed/" + LIB11: library(11, with_dtrace=False)},
        ["{top}/b/python"], object="/b/" + LIB11, record=True, agrees=True, **YES11),
    row("a build tree by its directory", {"b/python": built(14), "b/pybuilddir.txt": "x"},
        ["{top}/b"], verdict="yes", version="3.14.2", exit=0, object="/b/python"),
    row("found by a guess", {"i/bin/python3": stub(11, **AWAY),
                               "i/lib/" + LIB11: library(11, **AWAY)},
        ["{top}/i/bin/python3"], codes=["python-library-guessed", "python-marker-dead"], **YES11),
    row("not found", {"bin/python3": stub(11, **AWAY)}, ["{top}/bin/python3"], verdict="unknown",
        exit=2, reason=LIB11, hint="--library-path"),
    row("only one that does not fit",
        {"bin/python3": stub(11, runpath="{top}/l", **AWAY), "l/" + LIB11: library(11)},
        ["{top}/bin/python3"], verdict="unknown", exit=2, reason="does not fit"),
]

HOME = "home = {top}/base/bin\ninclude-system-site-packages = false\nversion = 3.11.2\n"
BASE = {"base/bin/python3.11": stub(11, runpath="$ORIGIN/../lib", **AWAY),
        "base/bin/python3": Link("python3.11"), "base/lib/" + LIB11: library(11, **AWAY)}
COPY = stub(11, runpath="$ORIGIN/../lib", **AWAY)

# Environments, scripts and shims.
WAYS = [
    row("a virtual environment of links",
        {**BASE, "v/bin/python3": Link("{top}/base/bin/python3"), "v/bin/python": Link("python3"),
         "v/pyvenv.cfg": HOME}, ["{top}/v"], home="{top}/base/bin",
        object="/base/bin/../lib/" + LIB11, **YES11),
    row("its python", {**BASE, "v/bin/python": Link("{top}/base/bin/python3"),
                       "v/pyvenv.cfg": HOME}, ["{top}/v/bin/python"], home="{top}/base/bin",
        **YES11),
    row("a copy whose library is not beside it", {**BASE, "v/bin/python3": COPY,
                                                  "v/pyvenv.cfg": HOME},
        ["{top}/v/bin/python3"], object="/base/bin/../lib/" + LIB11, **YES11),
    row("a copy, its base after make altinstall",
        {"base/bin/python3.11": stub(11, runpath="$ORIGIN/../lib", **AWAY),
         "base/bin/python3.12": stub(12, **AWAY), "base/lib/" + LIB11: library(11, **AWAY),
         "v/bin/python": COPY, "v/pyvenv.cfg": HOME}, ["{top}/v/bin/python"],
        object="/base/bin/../lib/" + LIB11, **YES11),
    row("the same by virtualenv",
        {"base/bin/python3.11": stub(11, runpath="$ORIGIN/../lib", **AWAY),
         "base/lib/" + LIB11: library(11, **AWAY), "v/bin/python": COPY,
         "v/pyvenv.cfg": HOME.replace("version = 3.11.2", "version_info = 3.11.2.final.0")},
        ["{top}/v/bin/python"], **YES11),
    row("a copy, its base by its own name",
        {**BASE, "v/bin/python3": COPY,
         "v/pyvenv.cfg": "Executable = {top}/base/bin/python3.11\n"}, ["{top}/v/bin/python3"],
        **YES11),
    row("a copy of a static program", {"v/bin/python3": built(11), "v/pyvenv.cfg": HOME},
        ["{top}/v"], object="/v/bin/python3", **YES11),
    row("an environment whose base is gone",
        {"v/bin/python3": Link("{top}/gone/python3"), "v/pyvenv.cfg": HOME}, ["{top}/v"],
        verdict="unknown", exit=2, reason="No such file"),
    row("#! with a path", {**BASE, "s": "#! {top}/base/bin/python3 -u\nprint()\n"}, ["{top}/s"],
        **YES11),
    row("#! with env", {**BASE, "s": "#!/usr/bin/env python3\n"}, ["{top}/s"],
        search="{top}/base/bin", **YES11),
    row("#! with env and options",
        {**BASE, "s": "#!/usr/bin/env -S -u PYTHONPATH LANG=C python3.11 -E\n"}, ["{top}/s"],
        search="{top}/base/bin", **YES11),
    row("#! with env, split", {**BASE, "s": "#!/usr/bin/env -Spython3.11 -E\n"}, ["{top}/s"],
        search="{top}/base/bin", **YES11),
    row("#! with env, not found", {"s": "#!/usr/bin/env python3\n"}, ["{top}/s"],
        search="{top}", verdict="unknown", exit=2, reason="not in PATH"),
    row("a script of pip", {**BASE, "s": "#!/bin/sh\n'''exec' \"{top}/base/bin/python3\" "
                                         "\"$0\" \"$@\"\n' '''\nimport re\n"}, ["{top}/s"],
        **YES11),
    row("a script of uv", {**BASE, "s": "#!/bin/sh\n'''exec' '{top}/base/bin/python3' "
                                        "\"$0\" \"$@\"\n' '''\n"}, ["{top}/s"], **YES11),
    row("a relocatable script of uv",
        {**BASE, "base/bin/tool": "#!/bin/sh\n'''exec' \"$(dirname -- \"$(realpath -- "
                                  "\"$0\")\")\"/'python3' \"$0\" \"$@\"\n' '''\n"},
        ["{top}/base/bin/tool"], **YES11),
    row("scripts of scripts", {**BASE, "a": "#!{top}/b\n", "b": "#!{top}/base/bin/python3\n"},
        ["{top}/a"], **YES11),
    row("scripts in a circle", {"a": "#!{top}/b\n", "b": "#!{top}/a\n"}, ["{top}/a"],
        verdict="unknown", exit=2, reason="deep"),
    row("a script of a shell", {"s": "#!/bin/sh\necho\n", "bin/sh": python(cpython=False)},
        ["--root={top}", "/s"], verdict="not-cpython", exit=2),
    row("pyenv's shim", {"p/shims/python3": shim("pyenv"), "p/versions/3.9.18/bin/python3": "",
                         "p/versions/3.13.0/bin/python3": ""}, ["{top}/p/shims/python3"],
        verdict="not-cpython", exit=2, reason="pyenv", hint="versions/3.13.0/bin/python3"),
    row("asdf's shim", {"a/shims/python3": "#!/usr/bin/env bash\n# asdf-plugin: python 3.11.4\n"
                                           "exec /opt/asdf/bin/asdf exec \"python3\" \"$@\"\n"},
        ["{top}/a/shims/python3"], verdict="not-cpython", exit=2, reason="asdf",
        hint="installs/python/3.11.4/bin/python3"),
    row("a wrapper in shell",
        {"w": "#! /nix/store/x-bash/bin/bash -e\nexport A='b'\nexec -a \"$0\" "
              "\"/nix/store/y-python3/bin/.python3-wrapped\"  \"$@\" \n"}, ["{top}/w"],
        verdict="not-cpython", exit=2, hint="/nix/store/y-python3/bin/.python3-wrapped"),
    row("a compiled wrapper",
        {"w": python(cpython=False, strings=["makeCWrapper '/nix/store/y/bin/python3.11' \\"])},
        ["{top}/w"], verdict="not-cpython", exit=2, hint="/nix/store/y/bin/python3.11"),
    row("a wrapper beside what it wraps",
        {"python3": python(cpython=False), ".python3-wrapped": built(11)}, ["{top}/python3"],
        verdict="not-cpython", exit=2, hint=".python3-wrapped"),
    row("a name in PATH", {**BASE}, ["python3"], search="{top}/base/bin", **YES11),
    row("a link of a container's root", {"opt/py/bin/python3.11": built(11),
                                         "usr/bin/python3": Link("/opt/py/bin/python3.11")},
        ROOT + ["/usr/bin/python3"], path="/opt/py/bin/python3.11", **YES11),
    row("a name inside a root", {"usr/bin/python3": built(11)}, ROOT + ["python3"], **YES11),
]

# What is no Python, and what is broken.
OTHERS = [
    row("another program", {"ls": python(cpython=False)}, ["{top}/ls"], verdict="not-cpython",
        exit=2, reason="neither contains CPython"),
    row("PyPy", {"pypy3": python(cpython=False, needed=["libpypy3.9-c.so"])}, ["{top}/pypy3"],
        verdict="not-cpython", exit=2, reason="PyPy"),
    row("PyPy's library", {"l.so": python(cpython=False, symbols=["pypy_main_startup"])},
        ["{top}/l.so"], verdict="not-cpython", exit=2, reason="PyPy"),
    row("an extension module", {"_ssl.cpython-311-x86_64-linux-gnu.so": python(cpython=False)},
        ["{top}/_ssl.cpython-311-x86_64-linux-gnu.so"], verdict="not-cpython", exit=2,
        reason="extension module"),
    row("Mach-O", {"python3": b"\xcf\xfa\xed\xfe" + bytes(60)}, ["{top}/python3"],
        verdict="not-cpython", exit=2, reason="Mach-O"),
    row("a Windows program", {"python.exe": b"MZ" + bytes(60)}, ["{top}/python.exe"],
        verdict="not-cpython", exit=2, reason="Windows"),
    row("an archive", {"libpython3.11.a": "!<arch>\n"}, ["{top}/libpython3.11.a"],
        verdict="not-cpython", exit=2, reason="archive"),
    row("a text", {"t": "hello\n"}, ["{top}/t"], verdict="not-cpython", exit=2,
        reason="neither an ELF file nor a script"),
    row("an empty file", {"e": ""}, ["{top}/e"], verdict="not-cpython", exit=2, reason="empty"),
    row("a directory that is none of these", {"d/x": ""}, ["{top}/d"], verdict="not-cpython",
        exit=2, reason="directory"),
    row("a directory that is a root", {"d/usr/bin/python3": built(11)}, ["{top}/d"],
        verdict="not-cpython", exit=2, hint="--root="),
    row("nothing there", {}, ["{top}/none"], verdict="unknown", exit=2, reason="No such file"),
    row("no Python in a root", {"etc/motd": ""}, ROOT, verdict="unknown", exit=2,
        reason="no python3"),
    row("a loop of links", {"a": Link("b"), "b": Link("a")}, ["{top}/a"], verdict="unknown",
        exit=2, reason="loop of symbolic links"),
    row("a truncated ELF file", {"p": built(11)[:40]}, ["{top}/p"], verdict="unknown", exit=2,
        reason="damaged"),
    row("cut before its section headers", {"p": built(11)[:-200]}, ["{top}/p"],
        verdict="unknown", exit=2, reason="damaged"),
    row("a cache of garbage", {"usr/bin/python3": stub(11), "usr/lib/" + LIB11: library(11),
                               "etc/ld.so.cache": b"glibc-ld.so.cache1.1" + b"\xff" * 200},
        ROOT, **YES11),
    row("a record of garbage", {"i/bin/python3": built(11),
                                "i/lib/python3.11/_sysconfigdata__x.py": b"{'" + b"\xff\0" * 99},
        ["{top}/i"], record=None, **YES11),
    row("the notes stripped", {"p": python(11, counters=24)}, ["{top}/p"], verdict="stripped",
        exit=1, hint="llvm-strip"),
    row("the notes of 3.6 stripped", {"libpython3.6m.so.1.0": python(6, counters=18)},
        ["{top}/libpython3.6m.so.1.0"], verdict="stripped", exit=1),
    row("counters of another size", {"p": python(11, counters=26)}, ["{top}/p"], verdict="no",
        exit=1, codes=["python-traces"]),
    row("stripped, with the base left alone", {"p": python(11, extra_sections=[".stapsdt.base"])},
        ["{top}/p"], verdict="no", exit=1, codes=["python-traces"]),
    row("another dtrace's data", {"p": python(11, extra_sections=[".SUNW_dof"])}, ["{top}/p"],
        verdict="no", exit=1, codes=["python-traces"]),
    row("notes of another provider alone", {"p": python(11, markers=["x"], provider="app")},
        ["{top}/p"], verdict="no", exit=1),
    row("a separate debug file", {"p.debug": built(11, without_code=True)}, ["{top}/p.debug"],
        verdict="not-cpython", exit=2, reason="debug file"),
    row("no section headers", {"p": built(11, with_headers=False)}, ["{top}/p"],
        verdict="unknown", version="3.11.2", exit=2, reason="section headers"),
]
