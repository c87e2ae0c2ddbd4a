# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""What fixtures/src/site.c says of its own probes: names, C types, lines."""
import re

from helpers.tap import SOURCE

PROBE = re.compile(r"STAP_PROBE\d\(site, (\w+), (.*)\); /\* (.*) \*/")
SOURCE_FILE = SOURCE / "fixtures" / "src" / "site.c"


def split(text):
    """At commas that are in no parentheses."""
    parts, depth = [""], 0
    for char in text:
        depth += (char in "([") - (char in ")]")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts]


def probes():
    """name -> (line, [(expression, C type or None)]); None: no name is to be found."""
    found = {}
    for number, line in enumerate(SOURCE_FILE.read_text().splitlines(), 1):
        match = PROBE.search(line)
        if match:
            names = split(match[2])
            types = [None if part == "-" else part for part in match[3].split("; ")]
            assert len(names) == len(types), line
            found[match[1]] = (number, list(zip(names, types)))
    return found


def aliases():
    """expression -> what the functions around call the same: as true, where it is not there."""
    return {"given": {"node", "where"}, "given->kind": {"node->kind", "where->kind"}}


def chains():
    """name -> functions of the source lines, innermost first."""
    inlined = ["twice", "outer", "calls_inlined"]
    return {"inlined": inlined, "inlined_member": inlined, "after": inlined[2:],
            "parameters": ["scalars"], "widths": ["scalars"], "local": ["scalars"],
            "member": ["members"], "later": ["members"], "inside": ["frame"],
            "statics": ["statics"], "shared": ["shared"], "array": ["probes"]}
