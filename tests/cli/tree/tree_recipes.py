# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The recipes for many hosts of man/fleets.md: taken out and run, with a directory for /usr and a program
for ssh that stays here."""
import json
import os
import re
import sqlite3
import subprocess

from helpers.forest import SOURCE, TOOL, Scan, folder, plant
from helpers.tap import Tap, have, told

RECIPE = re.compile(r"<!-- fleet: ([\w-]+) -->\n```sh\n(.*?)```\n", re.DOTALL)
# Takes the command as ssh does: as words that a shell reads; its host is in the header.
SSH = """#!/bin/sh
host=$1
shift
sh -c "$*" | xz -dc | sed "1s/\\"host\\":\\"[^\\"]*\\"/\\"host\\":\\"$host\\"/" | xz -3
"""


def shell(text, where, programs):
    return subprocess.run(["sh", "-euc", text.replace("/usr", f"'{where / 'usr'}'")], cwd=where,
                          capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
                          env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}",
                               "HOME": str(where)})


def database(path, question):
    with sqlite3.connect(path) as connection:
        return connection.execute(question).fetchall()


def main():
    tap = Tap()
    recipes = dict(RECIPE.findall((SOURCE / "man" / "fleets.md").read_text(encoding="utf-8")))
    tap.ok(set(recipes) == {"sqlite", "parallel", "merge"}, "man/fleets.md has the recipes",
           sorted(recipes))
    lacking = [tool for tool in ("sqlite3", "parallel", "xz") if not have(tool)]
    if lacking:
        tap.skip("recipes for many hosts", f"no {', '.join(lacking)}")
        tap.done()
        return
    with folder() as where, folder() as programs:
        (programs / "usdtinfo").symlink_to(TOOL)
        (programs / "ssh").write_text(SSH)
        (programs / "ssh").chmod(0o755)
        for name in ("minimal.so", "semaphores.so", "none"):
            plant(where / "usr" / "lib" / name, SOURCE / "fixtures" / "x86_64" / name)
        plant(where / "usr" / "copy.so", SOURCE / "fixtures" / "x86_64" / "minimal.so")
        probes = [(probe["provider"], file["build_id"], probe["note_offset"])
                  for file in Scan(where, paths=["usr"]).files for probe in file["probes"]]

        result = shell(recipes["sqlite"], where, programs)
        want = [f"{provider}|{sum(p[0] == provider for p in probes)}|"
                f"{len({p[1] for p in probes if p[0] == provider})}"
                for provider in sorted({p[0] for p in probes})]
        tap.ok(result.returncode == 0 and not result.stderr and
               result.stdout.splitlines() == want and len(want) == 2,
               "SQLite counts each provider's probes and builds", f"{want}\n{told(result)}")

        (where / "hosts").write_text("alpha\nbeta\n")
        result = shell(recipes["parallel"], where, programs)
        tap.ok(result.returncode == 0 and sorted(path.name for path in where.glob("*.xz")) ==
               ["alpha.ndjson.xz", "beta.ndjson.xz"], "parallel: one file a host", told(result))

        for turn in ("once", "and again"):
            result = shell(recipes["merge"], where, programs)
            kept = database(where / "fleet.db", "SELECT provider, build_id, note_offset FROM probe")
            installed = database(where / "fleet.db", "SELECT host, path FROM installed")
            tap.ok(result.returncode == 0 and not result.stderr and
                   sorted(kept) == sorted(set(probes)) and len(kept) < len(probes) and
                   len(installed) == 6 and {host for host, _ in installed} == {"alpha", "beta"},
                   f"merged {turn}: each build once, each host's files",
                   f"{installed}\n{told(result)}")
        whole = [json.loads(line) for (line,) in database(where / "fleet.db",
                                                          "SELECT json FROM probe")]
        tap.ok(all(probe["record"] == "probe" and probe["arguments"] is not None
                   for probe in whole), "the records are kept whole")
    tap.done()


main()
