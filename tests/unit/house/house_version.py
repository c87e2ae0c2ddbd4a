# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The version stands in meson.build alone; whatever else tells one has it from there."""
import json
import re

from helpers.tap import BUILD, SOURCE, TOOL, Tap, run, text_files

PLACES = ("src", "include", "man", "README.md", "SECURITY.md", "bootstrap", "meson_options.txt")
# The header's example of what a version looks like.
EXAMPLE = 'such as "{}"'


def main():
    tap = Tap()
    version = json.loads((BUILD / "meson-info" / "intro-projectinfo.json").read_text())["version"]
    words = re.findall(r"^  version: '([^']+)',$", (SOURCE / "meson.build").read_text(), re.M)
    tap.ok(words == [version], "meson.build", words)
    told = run(TOOL, "--version").stdout.split()
    tap.ok(told[:2] == ["usdtinfo", version], "--version", told)
    listing = json.loads(run(TOOL, "-J", "fixtures/x86_64/minimal.so", cwd=SOURCE).stdout)
    tap.ok(listing["generator"] == f"usdtinfo {version}", "JSON", listing["generator"])
    config = (BUILD / "meson-private" / "usdtinfo.pc").read_text()
    tap.ok(f"\nVersion: {version}\n" in config, "pkg-config", config)
    first = re.search(r"^## (\S+)", (SOURCE / "NEWS.md").read_text(), re.M)
    tap.ok(first and first[1] == version, "the first of NEWS.md", first and first[0])
    library = BUILD / "src" / f"libusdtinfo.so.{version}"
    tap.ok(library.exists(), "the shared library's file", library)
    word = re.compile(rf"(?<![\w.]){re.escape(version)}(?![\w.]*\w)")
    found = [f"{path.relative_to(SOURCE)}:{number}: {line}"
             for path in text_files(*PLACES)
             for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
             if word.search(line.replace(EXAMPLE.format(version), ""))]
    tap.none(found, "it stands nowhere else")
    tap.done()


main()
