# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The installed tree stands on its own: the program runs from there, its manual and its
completions are found, and pkg-config builds the example of man/library.md against either library."""
import os
import pathlib
import re
import subprocess
import tempfile

from helpers.tap import BUILD, COMPILER, CROSS, SOURCE, WRAPPER, Tap, have, run, told

MINIMAL = SOURCE / "fixtures" / "x86_64" / "minimal.so"
EXPECTED = """\
minimal:work__start at file offset 0x240
minimal:work__done at file offset 0x241
minimal:unused at file offset 0x260
"""
# Without the library's folder, which differs by system, and the library's version.
INSTALLED = {
    "bin/usdtinfo",
    "include/usdtinfo.h",
    "lib/libusdtinfo.a",
    "lib/libusdtinfo.so",
    "lib/libusdtinfo.so.0",
    "lib/libusdtinfo.so.VERSION",
    "lib/pkgconfig/usdtinfo.pc",
    "share/bash-completion/completions/usdtinfo",
    "share/fish/vendor_completions.d/usdtinfo.fish",
    "share/usdtinfo/usdtinfo.schema.json",
    "share/zsh/site-functions/_usdtinfo",
}
# A program's own functions, called as some that the library has inside.
CLASH = """
int fail(void), diagnose(void), span_take(void), image_read(void), machine_name(void);
int fail(void) { return 1; }
int diagnose(void) { return 1; }
int span_take(void) { return 1; }
int image_read(void) { return 1; }
int machine_name(void) { return 1; }
"""


def example():
    """The program that man/library.md shows."""
    page = (SOURCE / "man" / "library.md").read_text(encoding="utf-8")
    return re.search(r"^```c\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)[1]


def plain_name(path, libdir):
    """lib for the library's folder, VERSION for a version."""
    name = path.replace(f"{libdir}/", "lib/", 1) if path.startswith(f"{libdir}/") else path
    return re.sub(r"\.so\.\d+\.\d+\.\d+$", ".so.VERSION", name)


def check_tree(tap, prefix, libdir):
    manuals = set(re.findall(r"'([\w-]+\.(\d))'",
                             (SOURCE / "man" / "meson.build").read_text(encoding="utf-8")))
    wanted = INSTALLED | {f"share/man/man{part}/{name}" for name, part in manuals}
    found = {plain_name(str(path.relative_to(prefix)), libdir)
             for path in prefix.rglob("*") if not path.is_dir()}
    tap.none([f"{name}: missing" for name in sorted(wanted - found)] +
             [f"{name}: not expected" for name in sorted(found - wanted)],
             "what is installed is what was meant to be")


def check_program(tap, prefix):
    tool = prefix / "bin" / "usdtinfo"
    bare = {"PATH": "/usr/bin:/bin"}
    listed = run(*WRAPPER, tool, "-F", "names", MINIMAL, env=bare, cwd="/")
    tap.ok(listed.returncode == 0 and listed.stdout.split() ==
           ["minimal:unused", "minimal:work__done", "minimal:work__start"],
           "the program runs from there", told(listed))
    version = run(*WRAPPER, tool, "--version", env=bare)
    tap.ok(re.match(r"usdtinfo \d+\.\d+\.\d+\n", version.stdout), "it says its version",
           told(version))


def check_hardening(tap, path):
    """Position-independent, its tables read-only once they are bound, no executable stack."""
    shown = run("readelf", "-hldW", path).stdout
    wanted = {"DYN": r"Type: +DYN", "RELRO": r"GNU_RELRO", "bound at once": r"BIND_NOW|Flags:.*NOW",
              "no executable stack": r"GNU_STACK.* RW +0"}
    tap.none([what for what, pattern in wanted.items() if not re.search(pattern, shown)],
             f"{path.name} is hardened")


def check_manual(tap, prefix):
    if not have("man"):
        tap.skip("man finds the pages", "no man")
        return
    for page in sorted((prefix / "share" / "man").rglob("*.[1-9]")):
        name = page.stem
        shown = run("man", name, env={**os.environ, "MANPATH": str(prefix / "share" / "man"),
                                      "MANPAGER": "cat", "MANWIDTH": "80", "LC_ALL": "C"})
        tap.ok(shown.returncode == 0 and "EXAMPLES" in shown.stdout, f"man {name}", told(shown))


def check_library(tap, staging, prefix, libdir):
    if CROSS or not have("pkg-config"):
        tap.skip("pkg-config builds man/library.md's example",
                 f"pkg-config knows no libraries for {CROSS}" if CROSS else "no pkg-config")
        return
    folder = pathlib.Path(staging, "example")
    folder.mkdir()
    (folder / "probes.c").write_text(example(), encoding="utf-8")
    (folder / "clash.c").write_text(CLASH, encoding="utf-8")
    environment = {**os.environ, "PKG_CONFIG_SYSROOT_DIR": staging,
                   "PKG_CONFIG_PATH": f"{prefix / libdir / 'pkgconfig'}:"
                                      f"{os.environ.get('PKG_CONFIG_PATH', '')}"}

    def flags(*options):
        words = run("pkg-config", *options, "usdtinfo", env=environment)
        tap.ok(words.returncode == 0, f"pkg-config {' '.join(options)}", told(words))
        return words.stdout.split()

    strict = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
    shared = flags("--cflags", "--libs")
    # Only our own library is static here: what the others need in turn may not be installed.
    private = re.findall(r"^Requires\.private: (.*)$", (prefix / libdir / "pkgconfig" /
                         "usdtinfo.pc").read_text(encoding="utf-8"), re.MULTILINE)
    others = run("pkg-config", "--libs", *private[0].replace(",", " ").split())
    tap.ok(others.returncode == 0, "pkg-config knows what the static library needs", told(others))
    static = [*shared, *others.stdout.split()]
    archive = str(prefix / libdir / "libusdtinfo.a")
    builds = {
        "shared": ["probes.c", *shared],
        "static": ["probes.c", "clash.c",
                   *(archive if word == "-lusdtinfo" else word for word in static)],
    }
    for kind, words in builds.items():
        built = run(*COMPILER, *strict, "-o", kind, *words, cwd=folder)
        if not tap.ok(built.returncode == 0, f"man/library.md's example, {kind}", told(built)):
            continue
        environment = {"LD_LIBRARY_PATH": str(prefix / libdir)} if kind == "shared" else {}
        ran = run(folder / kind, MINIMAL, env=environment)
        tap.ok(ran.returncode == 0 and ran.stdout == EXPECTED, f"it runs, {kind}", told(ran))
        refused = run(folder / kind, SOURCE / "README.md", env=environment)
        tap.ok(refused.returncode == 2 and "README.md: " in refused.stderr,
               f"it refuses what is no ELF file, {kind}", told(refused))
    needed = run("readelf", "-dW", prefix / libdir / "libusdtinfo.so").stdout
    tap.ok("SONAME" in needed and "[libusdtinfo.so.0]" in needed, "the library's soname", needed)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as staging:
        install = run("meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", staging,
                      stderr=subprocess.STDOUT)
        if tap.ok(install.returncode == 0, "meson install", told(install)):
            pkgconfig = next(pathlib.Path(staging).rglob("usdtinfo.pc"))
            variables = dict(re.findall(r"^(\w+)=(.*)$", pkgconfig.read_text(), re.MULTILINE))
            prefix = pathlib.Path(staging, variables["prefix"].lstrip("/"))
            libdir = str(pkgconfig.parent.parent.relative_to(prefix))
            check_tree(tap, prefix, libdir)
            check_program(tap, prefix)
            for name in ("bin/usdtinfo", f"{libdir}/libusdtinfo.so"):
                check_hardening(tap, prefix / name)
            check_manual(tap, prefix)
            check_library(tap, staging, prefix, libdir)
    tap.done()


main()
