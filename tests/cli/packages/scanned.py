# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""What usdtinfo -J says of a package that a test made."""
import json
import os
import resource
import subprocess

from helpers.tap import HANG, SOURCE, TOOL, run

PROBES = (SOURCE / "fixtures" / "x86_64" / "minimal.so").read_bytes()
NONE = (SOURCE / "fixtures" / "x86_64" / "none").read_bytes()
MEMBERS = {"usr/bin/x": PROBES, "usr/share/doc/x": b"text\n" * 1000, "usr/lib/none.so": NONE,
           "usr/lib/y.so": PROBES}
MEMORY = 1 << 30
SECONDS = 60


def limit():
    """What takes a minute of CPU hangs. Sanitizers reserve addresses by the terabyte: their build
    goes without a limit of those."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    if "ASAN_OPTIONS" in os.environ:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def scan(path, *options):
    return subprocess.run([TOOL, "-J", *options, path.name], cwd=path.parent, check=False,
                          capture_output=True, stdin=subprocess.DEVNULL, timeout=HANG,
                          preexec_fn=limit)


def told(result):
    return f"exit {result.returncode}\n{result.stdout[:2000]!r}\n{result.stderr[:2000]!r}"


def listed(result):
    """The members that have probes, without the package's own name."""
    try:
        files = json.loads(result.stdout)["files"]
    except ValueError:
        return [f"no JSON: {result.stdout[:100]!r}"]
    return [file["path"].split("//", 1)[-1] for file in files if file["probes"]]


def codes(result):
    return {diagnostic["code"] for file in json.loads(result.stdout)["files"]
            for diagnostic in file["diagnostics"]}


def put(where, name, content):
    path = where / name
    path.write_bytes(content)
    return path


def has_libarchive():
    return "archive=yes" in run(TOOL, "--version").stdout
