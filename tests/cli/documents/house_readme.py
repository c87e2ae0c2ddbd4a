# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""What README.md, the pages of man/*.md and the manual pages show is real: each command of their
examples prints what stands below it. "house_readme.py --update" writes the outputs anew."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from helpers import made_server, roff
from helpers.tap import SOURCE, TOOL, Tap, have, run

PAGES = [SOURCE / "README.md", *sorted((SOURCE / "man").glob("*.md"))]
MANUAL = sorted((SOURCE / "man").glob("*.[1-9]"))
README_LINES = 200
BLOCK = re.compile(r"(<!-- (?P<only>[\w-]+) -->\n)?```console\n(?P<body>.*?)```\n", re.DOTALL)
# A block that shows a binary of the system, by comment: the file, how its version begins, and
# its build-id. A security update builds it anew: then only the beginnings of lines are compared.
# Another version has other probes: then the block is skipped.
SYSTEM = {"debian-12-python": ("/usr/bin/python3", "Python 3.11.",
                               "571d98e01096d5c1c32420d229a6731a0a50d2a0")}


def state_of(path):
    """(whether there are probes, build-id)"""
    listing = run(TOOL, "-J", path)
    return listing.returncode == 0, json.loads(listing.stdout)["files"][0].get("build_id")


def output(command, folder):
    path = f"{TOOL.parent}:{os.environ['PATH']}"
    result = run("sh", "-c", command, cwd=folder, env={"PATH": path, "LC_ALL": "C"},
                 stderr=subprocess.STDOUT)
    return result.stdout.replace(str(folder), "/home/me")


def beginnings(text):
    return [line.split()[:1] for line in text.splitlines()]


def check(tap, only, command, shown, folder=SOURCE):
    if "jq" in command.split() and not have("jq"):
        tap.skip(command, "no jq")
        return
    exact = True
    if only:
        path, version, wanted = SYSTEM[only]
        said = run(path, "--version").stdout.strip() if have(path) else "not here"
        if not said.startswith(version):
            tap.skip(command, f"the page shows {version}x, and {path} is {said}")
            return
        found, build_id = state_of(path)
        if not found:
            tap.skip(command, f"{path} has no probes here")
            return
        exact = build_id == wanted
    printed = output(command, folder)
    same = printed == shown if exact else beginnings(printed) == beginnings(shown)
    tap.ok(same, command, f"page:\n{shown}\nprinted:\n{printed}")


def steps(body):
    """(command, output) of each prompt in a block."""
    for step in re.split(r"^(?=\$ )", body, flags=re.MULTILINE):
        if step:
            command, _, shown = step.partition("\n")
            yield command[2:], shown


def check_manual(tap, folder):
    """An example that shows an output says by a comment what it is run with, or that it is not."""
    ran = 0
    for page in MANUAL:
        for block in roff.EXAMPLE.finditer(page.read_text(encoding="utf-8")):
            found = roff.steps(block["body"])
            if block["needs"] is None:
                tap.none([shown for _, _, shown in found if shown],
                         f"{page.name}: no output that is not compared: {found[0][0].strip()}")
            elif block["needs"] != "not run":
                only = None if block["needs"] == "made" else block["needs"]
                for _, command, shown in found:
                    ran += 1
                    check(tap, only, command, roff.shown(shown), folder)
    tap.ok(ran >= len(MANUAL), "the manual pages have examples that are run", ran)


def update(folder):
    def written(match):
        body = "".join(f"$ {command}\n{output(command, SOURCE)}"
                       for command, _ in steps(match["body"]))
        return match[0].replace(match["body"], body)

    def written_source(match):
        if match["needs"] in (None, "not run"):
            return match[0]
        body = "".join(prompt + roff.source(output(command, folder))
                       for prompt, command, _ in roff.steps(match["body"]))
        return match[0].replace(match["body"], body)
    for page in PAGES:
        page.write_text(BLOCK.sub(written, page.read_text(encoding="utf-8")), encoding="utf-8")
    for page in MANUAL:
        page.write_text(roff.EXAMPLE.sub(written_source, page.read_text(encoding="utf-8")),
                        encoding="utf-8")


def main():
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as name:
        folder = pathlib.Path(name).resolve()
        made_server.make(folder)
        if sys.argv[1:] == ["--update"]:
            update(folder)
            return
        tap = Tap()
        lines = PAGES[0].read_text(encoding="utf-8").splitlines()
        tap.ok(len(lines) <= README_LINES, f"README.md has at most {README_LINES} lines",
               len(lines))
        blocks = [block for page in PAGES
                  for block in BLOCK.finditer(page.read_text(encoding="utf-8"))]
        tap.ok(len(blocks) >= 4, "the pages have console blocks")
        for block in blocks:
            for command, shown in steps(block["body"]):
                check(tap, block["only"], command, shown)
        check_manual(tap, folder)
        tap.done()


main()
