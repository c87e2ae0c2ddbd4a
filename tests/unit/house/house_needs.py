# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""./bootstrap on machines that lack something: what is told before anything is installed, and
what one package that cannot be had costs. The package manager is one that only writes down what
it is asked for.
"""
import pathlib
import re
import shutil
import tempfile

from helpers.tap import SOURCE, Tap, run, told

SYSTEMS = ("Debian", "Fedora", "Arch", "Alpine", "openSUSE")
CLASSES = ("build", "extra", "check", "tests", "coverage", "long", "hosts")
NEED = re.compile(r"(command:[\w.+-]+(\|[\w.+-]+|>=\d+(\.\d+)*)?|header:[\w./-]+|"
                  r"compiler:[\w.+-]+,-[\w=-]+|(module|python|sanitizer):[\w.+-]+)$")
PACKAGES = re.compile(r"(-|[\w.+{}|-]+(,[\w.+{}|-]+)*)$")
# What a machine without a compiler has.
TOOLS = ("cat", "cut", "dirname", "env", "grep", "head", "mkdir", "printf", "sed", "sh", "sort",
         "tr")
APT_CACHE = """\
#!/bin/sh
shift
for package; do
	case $package in
	{known}) printf '%s:\\n  Installed: (none)\\n  Candidate: %s\\n' "$package" "{version}" ;;
	virtual) printf '%s:\\n  Installed: (none)\\n  Candidate: (none)\\n' "$package" ;;
	esac
done
"""
APT_GET = """\
#!/bin/sh
echo "$*" >>"{log}"
"""


class Machine:
    """A copy of bootstrap with a table of needs of its own, on a machine with apt."""

    def __init__(self, folder, rows, known="*", version="1.0.1-5", user=0):
        self.folder, self.log = folder, folder / "log"
        programs = folder / "bin"
        for name in ("bin", "tree/.ci"):
            (folder / name).mkdir(parents=True)
        for name in TOOLS:
            (programs / name).symlink_to(shutil.which(name))
        for name, text in (("id", f"#!/bin/sh\necho {user}\n"),
                           ("apt-get", APT_GET.format(log=self.log)),
                           ("apt-cache", APT_CACHE.format(known=known, version=version))):
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)
        shutil.copy(SOURCE / "bootstrap", folder / "tree")
        (folder / "tree" / ".ci" / "needs").write_text("# a comment\n" + "".join(
            row + "\n" for row in rows))

    def bootstrap(self, *words):
        """The result, and the installations that were asked for"""
        result = run(self.folder / "tree" / "bootstrap", *words,
                     env={"PATH": str(self.folder / "bin"), "HOME": str(self.folder)})
        asked = self.log.read_text().splitlines() if self.log.exists() else []
        return result, [line.split("--no-install-recommends ")[1].split() for line in asked
                        if " install " in line]


def row(need, debian):
    return f"build {need} {debian} - - - -"


def check_table(tap):
    rows = [line.split() for line in (SOURCE / ".ci" / "needs").read_text().splitlines()
            if not line.startswith("#")]
    tap.none([r for r in rows if len(r) != 2 + len(SYSTEMS)],
             f"each row names packages of {len(SYSTEMS)} systems")
    tap.none([r for r in rows if r[0] not in CLASSES], "each row says what it is for")
    tap.none([r for r in rows if not NEED.match(r[1])], "and how its need is recognised")
    tap.none([word for r in rows for word in r[2:] if not PACKAGES.match(word)],
             "names of packages are well formed")
    tap.none(sorted({r[1] for r in rows if [s[1] for s in rows].count(r[1]) > 1}),
             "no need has two rows")
    wanted = re.search(r"meson_version: '>= ([0-9.]+)'", (SOURCE / "meson.build").read_text())[1]
    tap.ok(any(r[1] == f"command:meson>={wanted}" for r in rows),
           "it asks for the version of meson that meson.build asks for", wanted)


def check_refusals(tap, folder):
    machine = Machine(folder / "short", ["build command:nothing nothing - - -"])
    result, asked = machine.bootstrap("build")
    tap.ok(result.returncode == 2 and "nothing names packages of 4 systems" in result.stderr and
           not asked, "a broken row is named, and nothing installed", told(result))
    machine = Machine(folder / "old", [row("command:cc", "gcc"), row("command:meson>=0.63", "meson")],
                      version="1:0.56.2-1+deb11u1")
    result, asked = machine.bootstrap("build")
    tap.ok(result.returncode == 2 and not asked and
           re.search("^bootstrap: meson 0.63 or later is needed, apt-get has 0.56.2: ",
                     result.stderr, re.M),
           "a meson that is too old is refused before anything is installed", told(result))
    machine = Machine(folder / "new", [row("command:meson>=0.63", "meson")], version="1.10.0-2")
    result, asked = machine.bootstrap("build")
    tap.ok(asked and asked[0] == ["meson"], "1.10 is later than 0.63", told(result))


def check_choice(tap, folder):
    rows = [row("command:a", "a"), row("command:b", "gone|b"), row("command:c", "gone,c"),
            row("command:d", "virtual"), row("compiler:cc,-m32", "gcc-{gcc}-multilib"),
            row("command:sh", "sh"), "tests command:e e - - - -"]
    machine = Machine(folder / "some", rows, "a|b|c|e|gcc|gcc-14-multilib", "4:14.2.0-1")
    result, asked = machine.bootstrap("build")
    tap.ok(asked and sorted(asked[0]) == ["a", "b", "c", "gcc-14-multilib"],
           "what can be had is asked for at once", f"{told(result)}{asked}")
    tap.ok(result.returncode == 2 and "apt-get has no gone\n" in result.stderr and
           "apt-get has no virtual\n" in result.stderr and "gone|b" not in result.stderr,
           "what cannot is named", told(result))
    tap.ok("still missing: command:a command:b command:c command:d" in result.stderr,
           "and what is still missing", told(result))
    result, asked = Machine(folder / "user", rows, "a", user=1000).bootstrap("build")
    tap.ok(not asked and "nor doas here: install as root: a " in result.stderr,
           "who may not install is told what to install", told(result))
    result, asked = machine.bootstrap("deps")
    tap.ok(sorted(result.stdout.split()) == ["a", "b", "c", "gcc-14-multilib", "gone", "virtual"],
           "deps prints the same packages", told(result))


def main():
    tap = Tap()
    check_table(tap)
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
        check_refusals(tap, pathlib.Path(folder))
        check_choice(tap, pathlib.Path(folder))
    tap.done()


main()
