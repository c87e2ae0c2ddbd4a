# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The recipes of man/ci.md: each is taken out, parsed by its own syntax, and its command run on
a program that keeps its probes and on one that lost them."""
import configparser
import email
import os
import pathlib
import re
import shutil
import tempfile
import xml.etree.ElementTree

from helpers.tap import COMPILER, SOURCE, TOOL, Tap, run, told

try:
    import yaml
except ImportError:
    yaml = None

PROGRAM = pathlib.Path(__file__).resolve().parent / "variant.c"
RECIPE = re.compile(r"<!-- recipe: ([\w-]+) -->\n```\w*\n(.*?)```\n", re.DOTALL)


def by_shell(text):
    return text.splitlines()


def by_github(text):
    if not yaml:
        return re.findall(r"^  run: (.*)$", text, re.MULTILINE)
    return [step["run"] for step in yaml.safe_load(text)]


def by_gitlab(text):
    if not yaml:
        return re.findall(r"^    - (.*)$", text, re.MULTILINE)
    job = yaml.safe_load(text)["probes"]
    assert job["artifacts"]["reports"]["junit"] == "probes.xml"
    return job["script"]


def by_debian(text):
    control = email.message_from_string(text)
    assert "allow-stderr" not in control["Restrictions"]
    return [control["Test-Command"].replace("/usr/bin/server", "build/server")]


def by_rpm(text):
    head, *lines = text.splitlines()
    assert head == "%check"
    return [line.replace("%{buildroot}", "root") for line in lines]


def by_tox(text):
    ini = configparser.ConfigParser()
    ini.read_string(text)
    section = ini["testenv:probes"]
    assert section["allowlist_externals"] == "usdtinfo"
    return [section["commands"].replace("{envsitepackagesdir}", "site")]


PARSERS = {"shell": by_shell, "github": by_github, "gitlab": by_gitlab, "debian": by_debian,
           "rpm": by_rpm, "tox": by_tox}


def compile_to(target, *options):
    target.parent.mkdir(parents=True, exist_ok=True)
    result = run(*COMPILER, "-O2", *options, "-o", target, PROGRAM)
    if result.returncode:
        raise RuntimeError(told(result))


def stage(folder, *options):
    """What the recipes speak of, built with OPTIONS."""
    compile_to(folder / "build" / "server", *options)
    for place in ("root/usr/bin/server", "site/app/server.so"):
        (folder / place).parent.mkdir(parents=True)
        shutil.copy(folder / "build" / "server", folder / place)
    compile_to(folder / "released" / "server")


def main():
    tap = Tap()
    recipes = dict(RECIPE.findall((SOURCE / "man" / "ci.md").read_text(encoding="utf-8")))
    tap.ok(set(recipes) == {*PARSERS, "requirements"}, "man/ci.md has the recipes", sorted(recipes))
    path = f"{TOOL.parent}:{os.environ['PATH']}"
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as name:
        for folder, code, options in (("kept", 0, []), ("lost", 1, ["-DNONE", "-DRENAMED"])):
            place = pathlib.Path(name) / folder
            stage(place, *options)
            (place / "probes.txt").write_text(recipes["requirements"])
            for kind, parse in PARSERS.items():
                for command in parse(recipes[kind]):
                    result = run("sh", "-c", command, cwd=place, env={"PATH": path})
                    tap.ok(result.returncode == code and not result.stderr,
                           f"{kind}, probes {folder}: {command}", told(result))
            report = xml.etree.ElementTree.parse(place / "probes.xml").getroot()
            tap.ok((report.find(".//failure") is not None) == bool(code),
                   f"gitlab, probes {folder}: the report says so")
    tap.done()


main()
