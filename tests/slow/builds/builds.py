# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Builds in other ways and for other machines: see tests/README.md.

    builds.py GROUP [WORD...]  the rows of variants.py of that group ("hosts": the machines),
                               or those of them that have one of the words in their name
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from helpers.meson_tests import named
from helpers.tap import C_STANDARD, SOURCE, Tap, have, run, told
from roots import Root
from variants import MACHINES, VARIANTS

CROSS = """\
[binaries]
c = {compiler}
ar = '{tools}ar'
objcopy = '{tools}objcopy'
strip = '{tools}strip'
pkgconfig = 'pkg-config'
{wrapper}
[properties]
sys_root = '{root}'
pkg_config_libdir = '{root}/usr/lib/{triplet}/pkgconfig'
needs_exe_wrapper = {foreign}

[built-in options]
c_link_args = {link}

[host_machine]
system = 'linux'
cpu_family = '{family}'
cpu = '{family}'
endian = '{endian}'
"""


# What ninja and meson say of steps that go well.
NO_NEWS = re.compile(r"^\[\d+/\d+\] |^ *\d+/\d+ .* (OK|SKIP) |^ok \d+ ")


class Build:
    """One build in a folder of its own: each step is a point of the test."""

    def __init__(self, tap, name, folder, environment):
        self.tap, self.name, self.folder = tap, name, folder
        self.environment = {**os.environ, "LC_ALL": "C", **environment}

    def step(self, *command):
        result = run(*command, env=self.environment, stderr=subprocess.STDOUT, timeout=3600)
        wrong = "\n".join(line for line in told(result).splitlines() if not NO_NEWS.search(line))
        return self.tap.ok(result.returncode == 0, f"{self.name}: {' '.join(command[:2])}",
                           wrong[-8000:])

    def make(self, options, tests):
        """A warning is a failure."""
        return (self.step("meson", "setup", "--werror", *options, self.folder, SOURCE) and
                self.step("ninja", "-C", self.folder, "all", "meson-test-prereq") and
                (not tests or
                 self.step("meson", "test", "-C", self.folder, "--no-rebuild", "--setup", "long",
                           "--print-errorlogs", *named(self.folder, *tests))))

    def starts(self, tool):
        version = run(tool, "--version")
        self.tap.ok(version.returncode == 0 and "usdtinfo" in version.stdout,
                    f"{self.name}: it runs", told(version))


def build_variant(tap, variant):
    lacking = [name for name in (variant.compiler, *variant.needs) if not have(name)]
    if lacking:
        tap.skip(variant.name, f"no {', '.join(lacking)}")
        return
    environment = {"CC": variant.compiler, "AR": variant.archiver}
    if variant.linker:
        environment["CC_LD"] = variant.linker
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
        build = Build(tap, variant.name, folder, environment)
        if build.make(variant.options, variant.tests):
            build.starts(pathlib.Path(folder, "src", "usdtinfo"))


def emulator(machine):
    """The path of the emulator; "" where none is needed, None where there is none."""
    if not machine.emulator:
        return ""
    name = f"qemu-{machine.emulator}"
    return shutil.which(name + "-static") or shutil.which(name)


def cross_file(machine, root, runner):
    link, wrapper, tools = [], "", machine.triplet + "-"
    if runner:
        wrapper = f"exe_wrapper = {[runner, '-L', str(root)]}\n"
    else:
        folders = ":".join(f"{root}/{folder}/{machine.triplet}" for folder in ("lib", "usr/lib"))
        link = [f"-Wl,--dynamic-linker={root}/{machine.linker}", "-Wl,--disable-new-dtags",
                f"-Wl,-rpath,{folders}"]
        tools = ""
    return CROSS.format(compiler=[*machine.compiler, f"--sysroot={root}"], tools=tools,
                        wrapper=wrapper, root=root, triplet=machine.triplet, link=link,
                        foreign=str(bool(runner)).lower(), family=machine.family,
                        endian=machine.endian)


def can_link(machine, root, folder):
    """Only some compilers come with the libraries of another word size."""
    source = folder / "main.c"
    source.write_text("int main(void) { return 0; }\n")
    return run(*machine.compiler, C_STANDARD, f"--sysroot={root}", "-o", folder / "main",
               source).returncode == 0


def build_machine(tap, machine):
    runner = emulator(machine)
    lacking = [name for name in (machine.compiler[0],) if not have(name)]
    lacking += [f"qemu-{machine.emulator}"] if runner is None else []
    if lacking:
        tap.skip(machine.name, f"no {', '.join(lacking)}")
        return
    made = Root(machine.name)
    if made.error:
        tap.skip(machine.name, f"no root: {made.error.strip().splitlines()[-1]}")
        return
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as name:
        folder = pathlib.Path(name)
        # Tests run the program as other users, too, who may not see the cache.
        folder.chmod(0o755)
        root = folder / "root"
        if run("cp", "-al", made.path, root).returncode:
            shutil.rmtree(root, ignore_errors=True)
            shutil.copytree(made.path, root, symlinks=True)
        if not can_link(machine, root, folder):
            tap.skip(machine.name, f"{' '.join(machine.compiler)} cannot link")
            return
        (folder / "cross").write_text(cross_file(machine, root, runner))
        tool = folder / "build" / "src" / "usdtinfo"
        environment = {"USDTINFO_TOOL": str(tool)}
        if runner:
            (folder / "bin").mkdir()
            word = folder / "bin" / "usdtinfo"
            word.write_text(f"#!/bin/sh\nexec {runner} -L {root} {tool} \"$@\"\n")
            word.chmod(0o755)
            # strace would see what the emulator does, and what prlimit leaves is too little for it.
            # Of the emulator meson tells those tests alone that are given a program to run by it.
            environment = {"USDTINFO_TOOL": str(word), "USDTINFO_WITHOUT": "strace prlimit",
                           "MESON_EXE_WRAPPER": f"{runner} -L {root}"}
            tool = word
        build = Build(tap, machine.name, folder / "build", environment)
        if build.make(["--cross-file", str(folder / "cross")], machine.tests):
            build.starts(tool)


def main():
    group, words = sys.argv[1], sys.argv[2:]
    tap = Tap()
    rows, step = ((MACHINES, build_machine) if group == "hosts" else
                  ([row for row in VARIANTS if row.group == group], build_variant))
    for row in rows:
        if not words or any(word in row.name for word in words):
            step(tap, row)
    tap.done()


if __name__ == "__main__":
    main()
