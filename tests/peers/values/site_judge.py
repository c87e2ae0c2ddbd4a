# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""gdb is the judge: at each site, is the value of the name that of the operand?"""
import json
import os
import pathlib
import platform
import tempfile

from helpers.tap import SOURCE, TOOL, Tap, have, run, told

HERE = pathlib.Path(__file__).resolve().parent

FIXTURES = SOURCE / "fixtures" / "site"
# What gdb itself knows of as many names of a hundred; the others are optimised out to it.
LEAST = 60


def stops(path, folder):
    listed = json.loads(run(TOOL, "-J", "-a", path).stdout)["files"][0]
    task, output = folder / "task", folder / f"{path.name}.stops"
    task.write_text(json.dumps({"probes": listed["probes"], "output": str(output)}))
    program = folder / path.name
    program.write_bytes(path.read_bytes())
    program.chmod(0o755)
    done = run("gdb", "-batch", "-nx", "-x", HERE / "site_judge_stops.py", "--args", program, "two",
               env={**os.environ, "JUDGE_TASK": str(task), "LC_ALL": "C",
                    "PYTHONDONTWRITEBYTECODE": "1"})
    return (json.loads(output.read_text()), listed) if output.exists() else (None, told(done))


def judge(tap, path, folder):
    found, listed = stops(path, folder)
    if not tap.ok(found, f"{path.name}: gdb stopped", listed):
        return
    met = {stop["probe"] for stop in found}
    tap.none([probe["name"] for probe in listed["probes"] if probe["name"] not in met],
             f"{path.name}: at every probe")
    wrong, named, judged = [], 0, 0
    for stop in found:
        for row in stop["arguments"]:
            if not row["name"]:
                continue
            named += 1
            if "error" in row or row["named"] is None:
                continue
            judged += 1
            if row["named"] != row["operand"]:
                wrong.append(f"{stop['probe']} {row['raw']} {row['name']}: {row['named']}, "
                             f"operand {row['operand']}")
    tap.none(wrong, f"{path.name}: {judged} of {named} names have the operand's value")
    tap.ok(judged * 100 >= named * LEAST, f"{path.name}: gdb knows {LEAST} of 100")


def main():
    tap = Tap()
    if platform.machine() != "x86_64" or not have("gdb"):
        tap.skip("names have the values of their operands", "needs gdb on x86-64")
        tap.done()
    with tempfile.TemporaryDirectory() as directory:
        for path in sorted(FIXTURES.glob("x86_64-*-dwarf*")):
            judge(tap, path, pathlib.Path(directory))
    tap.done()


if __name__ == "__main__":
    main()
