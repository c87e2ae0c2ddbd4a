# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The release's tarball: "meson dist" makes it of the last commit. It holds what git keeps and
no more, builds without git and without what a developer's environment sets, and passes a
share of the tests; to publish, "meson dist" without --no-tests runs all of them.
"""
import hashlib
import json
import os
import pathlib
import re
import subprocess
import tarfile
import tempfile

from helpers.meson_tests import named
from helpers.tap import SOURCE, Tap, have, run, told

# Those that look at the tree, at the installed files and at what fixtures print.
TESTS = ("unit-*", "golden", "schema", "library", "library-live", "saved", "house-*", "abi")
# What packagers look for, and tests.
WANTED = ("LICENSE", "NEWS.md", "README.md", "SECURITY.md", "bootstrap", "meson.build",
          "meson_options.txt", "include/usdtinfo.h", "man/usdtinfo.1",
          "src/output/usdtinfo.schema.json", "src/cli/completions/_usdtinfo",
          "fixtures/x86_64/minimal.so", "tests/README.md")
# All that may stand at its root; .ci and .clang-format are what tests hold the tree to.
ROOT = {".ci", ".clang-format", ".clang-tidy", ".editorconfig", ".gitignore", "LICENSE", "NEWS.md",
        "README.md", "SECURITY.md", "bootstrap", "fixtures", "include", "man", "meson.build",
        "meson_options.txt", "src", "tests"}
# What newer versions of meson leave out.
GIT_OWN = {".gitattributes", ".gitignore", ".gitmodules"}
NO_GIT = """\
#!/bin/sh
echo "git $*" >>"{log}"
exit 1
"""


def make(folder):
    """(the result of the last command, the tarball or None)"""
    clone, build = folder / "clone", folder / "build"
    for command in (("git", "clone", "-q", SOURCE, clone),
                    ("meson", "setup", build, clone),
                    ("meson", "dist", "-C", build, "--no-tests", "--formats", "xztar")):
        result = run(*command, stderr=subprocess.STDOUT, timeout=600)
        if result.returncode:
            return result, None
    return result, next((build / "meson-dist").glob("*.tar.xz"), None)


def check_names(tap, clone, tarball):
    """What is in it; its version."""
    version = re.search(r"^  version: '([^']+)',$", (clone / "meson.build").read_text(), re.M)[1]
    top = f"usdtinfo-{version}"
    tap.ok(tarball.name == f"{top}.tar.xz", "the file's name has the version", tarball.name)
    digest = hashlib.sha256(tarball.read_bytes()).hexdigest()
    checksum = tarball.with_name(tarball.name + ".sha256sum").read_text()
    tap.ok(checksum.replace("*", "").split() == [digest, tarball.name],
           "its checksum stands beside it", checksum)
    with tarfile.open(tarball) as members:
        members = [member for member in members if not member.isdir()]
    names = {member.name for member in members}
    tap.none([member.name for member in members if not member.isfile()], "files, and no links")
    kept = run("git", "-C", clone, "ls-files", "-z").stdout.split("\0")[:-1]
    wanted = {f"{top}/{name}" for name in kept}
    tap.none(sorted(wanted - names - {f"{top}/{name}" for name in GIT_OWN}),
             "all that git keeps is in it")
    tap.none(sorted(names - wanted), "and nothing else")
    tap.none([name for name in WANTED if f"{top}/{name}" not in names], "what packagers look for")
    tap.none(sorted({name.split("/")[1] for name in names} - ROOT), "its root holds what it should")
    programs = {line.split("\t")[1] for line in
                run("git", "-C", clone, "ls-files", "-s").stdout.splitlines()
                if line.startswith("100755")}
    found = {member.name.split("/", 1)[1] for member in members if member.mode & 0o111}
    tap.ok(programs == found, "programs are executable, nothing else is", programs ^ found)
    return version


def check_build(tap, folder, source, version):
    """Nothing of the environment but where programs are, and a git that tells of its use."""
    log, words = folder / "git.log", folder / "bin"
    words.mkdir()
    (words / "git").write_text(NO_GIT.format(log=log))
    (words / "git").chmod(0o755)
    (folder / "home").mkdir()
    bare = {"PATH": f"{words}:{os.environ['PATH']}", "HOME": str(folder / "home")}
    build = folder / "made"

    def step(name, *command):
        result = run(*command, env=bare, cwd=folder, stderr=subprocess.STDOUT, timeout=3500)
        return tap.ok(result.returncode == 0, name, told(result)[-8000:])

    if not (step("it is set up", "meson", "setup", "--werror", build, source) and
            step("it is built", "ninja", "-C", build) and
            step("tests pass in it", "meson", "test", "-C", build, "--print-errorlogs", "-t", "10",
                 *named(build, *TESTS))):
        return
    logs = "".join(log.read_text() for log in (build / "meson-logs").glob("testlog*.json"))
    # "usdtinfo:SUITE+SUITE / NAME"
    ran = {json.loads(line)["name"].rsplit(" / ", 1)[1] for line in logs.splitlines()}
    tap.none([name for name in named(build, *TESTS) if name not in ran], "all that were meant")
    shown = run(build / "src" / "usdtinfo", "--version", env=bare)
    tap.ok(shown.stdout.split()[:2] == ["usdtinfo", version], "it tells the version", told(shown))
    tap.ok(not log.exists(), "it needs no git", log.read_text() if log.exists() else "")


def main():
    tap = Tap()
    if not have("git") or run("git", "-C", SOURCE, "rev-parse", "--show-toplevel"
                              ).stdout.strip() != str(SOURCE):
        tap.skip("the tarball", "no git, or this is no git checkout")
        tap.done()
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as name:
        folder = pathlib.Path(name)
        result, tarball = make(folder)
        if tap.ok(tarball, "meson dist makes it", told(result)[-3000:]):
            version = check_names(tap, folder / "clone", tarball)
            with tarfile.open(tarball) as members:
                members.extractall(folder)
            check_build(tap, folder, folder / f"usdtinfo-{version}", version)
    tap.done()


main()
