# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Rows on versions, on markers and on what a build leaves behind; see layouts.py."""

from helpers.standin import EM_386, EM_PPC, EM_S390, FRAMES, GC, IMPORT, MARKERS
from layouts import SYSCONFIG, YES11, built, python, row

OLD = "lib/python3.9"
# A program without a name that tells, of before Py_Version: only its strings speak.
STRINGS = [
    row("a string of its own", {"p": python(9, strings=[OLD, "3.9.18", "3.2.0"])}, ["{top}/p"],
        version="3.9.18", exit=1),
    row("the tail of a path", {"p": python(9, strings=["/opt/" + OLD, "/opt/v/3.9.18", "3.2.0"])},
        ["{top}/p"], version="3.9.18", exit=1),
    row("no patch release anywhere", {"p": python(9, strings=[OLD, "3.2.0", "13.9.18"])},
        ["{top}/p"], version="3.9.?", exit=1),
    row("tails that contradict each other",
        {"p": python(9, strings=[OLD, "a/3.9.1", "b/3.9.2"])}, ["{top}/p"], version="3.9.?",
        exit=1),
    row("one of its own among tails",
        {"p": python(9, strings=[OLD, "a/3.9.1", "3.9.7", "b/3.9.2"])}, ["{top}/p"],
        version="3.9.7", exit=1),
    row("a candidate", {"p": python(9, strings=[OLD, "3.9.0rc2"])}, ["{top}/p"],
        version="3.9.0rc2", exit=1),
    row("a development build", {"p": python(9, strings=[OLD, "3.9.4+"])}, ["{top}/p"],
        version="3.9.4", exit=1),
    row("no version at all", {"p": python(9)}, ["{top}/p"], version=None, exit=1),
    row("the library's name alone", {"libpython3.7m.so.1.0": built(7)},
        ["{top}/libpython3.7m.so.1.0"], version="3.7.?", exit=0),
    row("the soname of a renamed file", {"x.so": built(8, soname="libpython3.8.so.1.0")},
        ["{top}/x.so"], version="3.8.?", exit=0),
]

SYMBOL = [
    row("an alpha", {"p": python(15, micro=0, level=0xa3)}, ["{top}/p"], version="3.15.0a3",
        exit=1),
    row("a beta", {"p": python(14, micro=0, level=0xb1)}, ["{top}/p"], version="3.14.0b1",
        exit=1),
    row("a release candidate", {"p": python(13, micro=0, level=0xc2)}, ["{top}/p"],
        version="3.13.0rc2", exit=1),
    row("32 bits, big-endian", {"p": built(12, bits=32, order="big", machine=EM_PPC)},
        ["{top}/p"], verdict="yes", version="3.12.2", exit=0, names=5),
    row("32 bits, little-endian", {"p": built(11, bits=32, machine=EM_386)}, ["{top}/p"],
        **YES11),
    row("64 bits, big-endian, wide hash words",
        {"p": built(13, order="big", machine=EM_S390)}, ["{top}/p"], verdict="yes",
        version="3.13.2", exit=0),
    row("free-threaded, by its name", {"libpython3.13t.so.1.0": built(13)},
        ["{top}/libpython3.13t.so.1.0"], version="3.13.2", free_threaded=True, debug=False,
        exit=0),
    row("free-threaded and debug, by its name", {"libpython3.14td.so.1.0": built(14)},
        ["{top}/libpython3.14td.so.1.0"], free_threaded=True, debug=True, exit=0),
    row("free-threaded, by its phrase",
        {"p": built(13, strings=["%.80s experimental free-threading build (%.80s) %.80s"])},
        ["{top}/p"], free_threaded=True, exit=0),
    row("free-threaded, by the phrase of 3.14",
        {"p": built(14, strings=["%.80s free-threading build (%.80s) %.80s"])}, ["{top}/p"],
        free_threaded=True, exit=0),
    row("not free-threaded, for all it says of it",
        {"p": built(14, strings=["free-threaded", "free-threading"])}, ["{top}/p"],
        free_threaded=False, exit=0),
    row("debug, by its symbols", {"p": built(11, symbols=["_Py_NegativeRefcount"])}, ["{top}/p"],
        debug=True, **YES11),
]

# Markers that are not as the version has them.
MARKED = [
    row("one is missing", {"p": python(13, markers=GC + IMPORT)}, ["{top}/p"], verdict="yes",
        exit=0, missing=["audit"], codes=["python-marker-missing"]),
    row("one is missing, and all are wanted", {"p": python(13, markers=GC + IMPORT)},
        ["--complete", "{top}/p"], verdict="yes", exit=1),
    row("all are there, and wanted", {"p": built(13)}, ["--complete", "{top}/p"], verdict="yes",
        exit=0),
    row("all are there, but some are dead", {"p": built(11)}, ["--complete", "{top}/p"],
        verdict="yes", exit=1),
    row("a fork's", {"python3.10": python(10, markers=MARKERS[10] + ["instruction"])},
        ["{top}/python3.10"],
        verdict="yes", exit=0, extra=["instruction"], codes=["python-marker-extra"]),
    row("several sites", {"p": python(13, markers=MARKERS[13] + ["audit"] * 3)}, ["{top}/p"],
        verdict="yes", exit=0, sites={"audit": 4, "gc__start": 1}),
    row("other arguments than documented", {"p": python(13, markers=GC, arguments="8@%rax")},
        ["{top}/p"], verdict="yes", exit=0, unnamed=["gc__start", "gc__done"]),
    row("one is required", {"p": built(13)}, ["--require=gc__start", "{top}/p"], exit=0),
    row("one is required, as DTrace spells it", {"p": built(13)},
        ["--require=python:gc-start", "{top}/p"], exit=0),
    row("one is required and not there", {"p": built(13)}, ["--require=line", "{top}/p"], exit=1),
    row("one is required and dead", {"p": built(11)}, ["--require=line", "{top}/p"], exit=1),
    row("one of two is there", {"p": built(13)},
        ["--require=audit", "--require=line", "{top}/p"], exit=1),
    row("another provider's is required", {"p": built(13)}, ["--require=ruby:audit", "{top}/p"],
        exit=1),
    row("a version before the table", {"python2.7": python(7, markers=FRAMES,
                                                           version_symbol=False)},
        ["{top}/python2.7"], verdict="yes", version="2.7.?", exit=0, names=2),
    row("a version after the table", {"p": python(16, markers=MARKERS[15])}, ["{top}/p"],
        verdict="yes", version="3.16.2", exit=0, names=7, codes=["python-version-unknown"]),
]

LIB = "i/lib/python3.11/"
WRAPPED = ("build_time_vars = {'AR': 'gcc-ar',\n 'CONFIG_ARGS': \"'--enable-shared' \"\n"
           "                \"'--with-dtrace' 'CC=x'\",\n 'ESCAPED': 'a\\\\\\'b',\n 'N': -1,\n"
           " 'WITH_DTRACE': 1}\n")
JSON = '{\n  "CONFIG_ARGS": "\'--with-dtrace\'",\n  "Q": "\\u00e9\\"",\n  "WITH_DTRACE": 1\n}\n'
DETAILS = ('{"schema_version": "1.0", "language": {"version": "3.9"}, "implementation":'
           ' {"name": "cpython", "version": {"major": 3, "serial": 0}, "hexversion": 50926320},'
           ' "abi": {"flags": ["t"]}}')


def recorded(name, path, content, says, agrees, with_dtrace=True, **more):
    program = built(11) if with_dtrace else python(11)
    expected = {**YES11, "exit": 0} if with_dtrace else {"verdict": "no", "exit": 1}
    return row(name, {"i/bin/python3.11": program, path: content}, ["{top}/i/bin/python3.11"],
               **{**expected, "record": says, "agrees": agrees, **more})


# What the build left behind.
RECORDS = [
    recorded("sysconfigdata", LIB + "_sysconfigdata__x86_64-linux-gnu.py", SYSCONFIG.format(1),
             True, True),
    recorded("sysconfigdata of lib64", "i/lib64/python3.11/_sysconfigdata__linux_x.py",
             SYSCONFIG.format(1), True, True),
    recorded("strings over several lines", LIB + "_sysconfigdata__x.py", WRAPPED, True, True,
             config_args="'--enable-shared' '--with-dtrace' 'CC=x'"),
    recorded("nothing but the words of configure", LIB + "_sysconfigdata__x.py",
             "build_time_vars = {'CONFIG_ARGS': \"'--with-dtrace'\"}\n", True, True),
    recorded("words that do not turn it on", LIB + "_sysconfigdata__x.py",
             "build_time_vars = {'CONFIG_ARGS': \"'--with-dtrace=no'\"}\n", False, False,
             codes=["python-marker-dead", "python-record-differs"]),
    recorded("JSON", LIB + "_sysconfig_vars__linux_x.json", JSON, True, True),
    recorded("pyconfig.h", "i/include/python3.11/pyconfig.h",
             "/* x */\n#define WITH_DTRACE 1\n", True, True),
    recorded("pyconfig.h of a machine", "i/include/x86_64-linux-gnu/python3.11/pyconfig.h",
             "#define WITH_DTRACE 1\n", True, True),
    recorded("pyconfig.h that says no", "i/include/python3.11/pyconfig.h",
             "/* #undef WITH_DTRACE */\n", False, True, with_dtrace=False),
    recorded("Makefile", LIB + "config-3.11-x86_64-linux-gnu/Makefile",
             "CC=\tgcc\nDTRACE=\t\t/usr/bin/dtrace\nCONFIG_ARGS=\t'--with-dtrace'\n", True, True,
             config_args="'--with-dtrace'"),
    recorded("Makefile that says no", LIB + "config-3.11/Makefile", "DTRACE=\nDTRACE_OBJS=\n",
             False, True, with_dtrace=False),
    recorded("the record says yes, the file no", LIB + "_sysconfigdata__x.py",
             SYSCONFIG.format(1), True, False, with_dtrace=False,
             codes=["python-record-differs"]),
    recorded("the record says no, the file yes", LIB + "_sysconfigdata__x.py",
             SYSCONFIG.format(0), False, False,
             codes=["python-marker-dead", "python-record-differs"]),
    row("another Python's, further up",
        {"lib/python3.11/_sysconfigdata__x.py": SYSCONFIG.format(0),
         "opt/tool/python3.11": built(11)}, ["--root={top}", "/opt/tool/python3.11"],
        record=None, **YES11),
    row("the machine's own among several",
        {"i/bin/python3.11": built(11),
         LIB + "_sysconfigdata__i386-linux-gnu.py": SYSCONFIG.format(0),
         LIB + "_sysconfigdata__x86_64-linux-gnu.py": SYSCONFIG.format(1)}, ["{top}/i"],
        record=True, agrees=True, **YES11),
    row("the debug build's among several",
        {"i/bin/python3.11d": built(11),
         LIB + "_sysconfigdata__x86_64-linux-gnu.py": SYSCONFIG.format(0),
         LIB + "_sysconfigdata_d_x86_64-linux-gnu.py": SYSCONFIG.format(1)},
        ["{top}/i/bin/python3.11d"], record=True, debug=True, **YES11),
    row("stripped, which the record does not contradict",
        {"i/bin/python3.11": python(11, counters=24),
         LIB + "_sysconfigdata__x.py": SYSCONFIG.format(1)}, ["{top}/i"], verdict="stripped",
        record=True, agrees=True, exit=1),
    row("build-details.json for the version",
        {"i/bin/python3.9": python(9), "i/lib/python3.9/build-details.json": DETAILS},
        ["{top}/i"], version="3.9.18", record=None, exit=1),
]
