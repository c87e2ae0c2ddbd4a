# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""On x86 a bare number is memory in AT&T syntax and a constant in Intel's: what one argument string
leaves open, the other notes of the same object decide, in whatever order they come."""
import json
import pathlib
import subprocess
import tempfile

from elfmaker import EM_386, EM_AARCH64, TEXT, Form, image

from helpers.tap import TOOL, Tap, run, told

NUMBER = "-4@5"
MEMORY, CONSTANT = "memory", "constant"
# What the object's argument strings are, and what the bare number among them is.
CASES = (
    ("alone", [NUMBER], MEMORY),
    ("behind a register of Intel's", ["-4@edi", NUMBER], CONSTANT),
    ("before a register of Intel's", [NUMBER, "-4@edi"], CONSTANT),
    ("far before brackets", [NUMBER, *["-4@7"] * 50, "8@QWORD PTR 8[rbp]"], CONSTANT),
    ("beside registers of AT&T's", [NUMBER, "-4@%edi", "-4@$3"], MEMORY),
    # Objects of both were linked: of the two only Intel's has bare constants.
    ("beside both", ["-4@%edi", NUMBER, "-4@edi"], CONSTANT),
    ("beside no arguments", ["", NUMBER, ""], MEMORY),
    ("beside a variable", ["-4@counter", NUMBER], MEMORY),
)
# Nothing in these decides: that is said.
UNSURE = ("alone", "beside no arguments", "beside a variable")


def listed(tap, folder, name, strings, **options):
    """The kind of each operand whose text is NUMBER."""
    form = options.pop("form", None) or Form()
    notes = b"".join(form.probe(TEXT + number, name=f"n{number}", args=string)
                     for number, string in enumerate(strings))
    path = pathlib.Path(folder, "object")
    path.write_bytes(image(notes, form, **options).bytes())
    result = run(TOOL, "-J", path)
    if result.returncode:
        tap.ok(False, name, told(result))
        return []
    saved = subprocess.run([TOOL, "-J", "-"], input=result.stdout, capture_output=True,
                           text=True, check=False, timeout=120)
    tap.ok(saved.stdout == result.stdout, f"{name}: a saved listing keeps it", saved.stderr)
    file = json.loads(result.stdout)["files"][0]
    numbers = [argument for probe in file["probes"] for argument in probe["arguments"]
               if argument["raw"] == NUMBER]
    doubts = [finding for finding in file["diagnostics"] if finding["code"] == "argument-ambiguous"]
    tap.ok([number["resolvable"] for number in numbers] == [name not in UNSURE] * len(numbers) and
           len(doubts) == (name in UNSURE), f"{name}: whether that is sure", told(result))
    return [number["operand"]["kind"] for number in numbers]


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
        for name, strings, wanted in CASES:
            tap.ok(listed(tap, folder, name, strings) == [wanted], f"{name}: {wanted}")
        found = listed(tap, folder, "i386", [NUMBER, "-4@edi"], form=Form(32), machine=EM_386)
        tap.ok(found == [CONSTANT], "i386: constant")
        found = listed(tap, folder, "AArch64", [NUMBER, "-4@x0"], machine=EM_AARCH64)
        tap.ok(found == [CONSTANT], "AArch64 has one syntax: constant")
    tap.done()


main()
