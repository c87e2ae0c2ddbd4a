# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""SystemTap: what its translator lists and resolves of each fixture, without a kernel tree."""
import concurrent.futures
import os
import pathlib
import re
import sys
import tempfile

from common import (COMPILER, EDGE, FILES, FIXTURES, TOOL, Tap, differ, have, names, rows, run,
                    version_after)

CONFIG = ("MODULES UPROBES ARCH_SUPPORTS_UPROBES TRACEPOINTS UPROBE_EVENTS PERF_EVENTS "
          "INODE_UPROBES").split()

# It dies on a constant of more than 64 bits.
DIES = {("edge/26-constants", "p:a4")}


def stand_in(folder):
    """What the translator looks at of a kernel's build tree."""
    (folder / "include" / "config").mkdir(parents=True)
    (folder / ".config").write_text("".join(f"CONFIG_{name}=y\n" for name in CONFIG))
    (folder / "Module.symvers").touch()
    (folder / "Makefile").touch()
    (folder / "include" / "config" / "kernel.release").write_text(os.uname().release + "\n")
    return folder


class Stap:
    def __init__(self, folder, version):
        self.tree = stand_in(folder / "tree")
        self.environment = {**os.environ, "SYSTEMTAP_DIR": str(folder / "cache")}
        self.version = version

    def run(self, *arguments):
        return run("stap", "-r", self.tree, *arguments, env=self.environment)

    def listed(self, path):
        pattern = f'process("{FIXTURES / path}").provider("*").mark("*")'
        found = {}
        for line in self.run("-L", pattern).stdout.splitlines():
            if match := re.match(r'.*\.provider\("(.*?)"\)\.mark\("(.*?)"\)(.*)', line):
                found[f"{match[1]}:{match[2]}"] = len(re.findall(r"\$arg\d+", match[3]))
        return found

    def places(self, path, row):
        """Addresses that the probe of --for becomes, with its readable arguments; or what is
        wrong with it."""
        provider, name = row.probe["provider"], row.probe["name"]
        point = f'process("{FIXTURES / path}").provider("{provider}").mark("{name}")'
        values = " ".join(f"println($arg{n + 1})" for n in sorted(row.read))
        result = self.run("-p2", "-e", f"probe {point} {{ println(1) {values} }}")
        return {int(n, 16) for n in re.findall(r"\.statement\((0x\w+)\) /\* pc", result.stdout)}, \
            result.stderr


def judge(stap, path):
    found = rows("stap", stap.version, path)
    crashes = any(row.count > 12 for row in found)
    visible = [row for row in found if row.status != "invisible"]
    problems = [] if crashes else differ(path, "listed", names(visible), set(stap.listed(path)))
    seen = set()
    for row in visible:
        same = [other for other in visible if other.name == row.name]
        if problems or row.name in seen or (path, row.name) in DIES or len({str(o.read) for o in same}) > 1:
            continue
        seen.add(row.name)
        places, said = stap.places(path, row)
        wanted = {other.location for other in same if other.status != "unattachable"}
        if not wanted <= places or any(other.location in places for other in same
                                       if other.status == "unattachable"
                                       and "semaphore" not in other.reason):
            problems.append(f"{path}: stap has {sorted(map(hex, places))} of {row}\n{said[:300]}")
    return problems


def check_lines(tap, stap, path):
    script = run(TOOL, "--for=stap", FIXTURES / path).stdout
    result = stap.run("-p2", "-e", script)
    wanted = {row.location for row in rows("stap", stap.version, path)
              if row.status in ("usable", "arguments-lost")}
    places = {int(n, 16) for n in re.findall(r"\.statement\((0x\w+)\) /\* pc", result.stdout)}
    tap.ok(result.returncode == 0 and places == wanted, f"{path}: stap takes the lines of --for",
           result.stderr[:1000])


def check_library(tap, stap, folder):
    """Behind a program a library's probes are those of that program."""
    (folder / "main.c").write_text("int main(void) { return 0; }\n")
    library = FIXTURES / "x86_64" / "minimal.so"
    made = run(*COMPILER, "-Wl,--no-as-needed", folder / "main.c", library, "-o", folder / "main")
    if made.returncode:
        tap.skip("libraries", "nothing links here for x86-64")
        return
    lines = [line for line in run(TOOL, "--libs", "--for=stap", folder / "main").stdout.splitlines()
             if "minimal" in line]
    result = stap.run("-p2", "-e", "\n".join(lines))
    # How a place was arrived at stands behind it on its line, from 5 on with every step.
    places = [line for line in result.stdout.splitlines()
              if f'process("{folder}/main").library("{library}")' in line]
    tap.ok(len(lines) == len(places) == 3, "stap takes .library()", "\n".join(lines) + result.stdout + result.stderr)


def check_path(tap, stap, folder):
    """Quotes, backslashes and characters that are no ASCII, as they stand in a script."""
    path = folder / 'm\u00fc "l" \\n \\303 $x `y` \'z\' !!'
    path.write_bytes((FIXTURES / "x86_64" / "exec").read_bytes())
    path.chmod(0o755)
    script = run(TOOL, "script", "stap", path).stdout
    result = stap.run("-p2", "-e", script)
    found = re.findall(r"\.statement\((0x\w+)\) /\* pc", result.stdout)
    tap.ok(result.returncode == 0 and len(found) == 3, "stap finds a file at an odd path",
           script + result.stderr[:1000])


def main():
    tap = Tap()
    version = have("stap") and version_after("", "stap", "--version")
    if not version:
        tap.skip("stap", "no stap")
        tap.done()
    with tempfile.TemporaryDirectory() as folder:
        stap = Stap(pathlib.Path(folder), version)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            files = (FILES + EDGE)[::1 if "--all" in sys.argv else 6]
            for path, problems in zip(files, pool.map(lambda path: judge(stap, path), files)):
                tap.none(problems, path)
        for path in ("x86_64/exec", "x86_64/gcc-O2.exec", "x86_64/semaphores.so"):
            check_lines(tap, stap, path)
        check_library(tap, stap, pathlib.Path(folder))
        check_path(tap, stap, pathlib.Path(folder))
    tap.done()


main()
