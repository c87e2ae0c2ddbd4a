# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Reads manual pages and the summaries of --help, to hold one to the other."""
import re
import shlex

ALTERNATING = re.compile(r"^\.([BIR]{2}|[BI]|SH|SS) ")
OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z0-9-]*|-[A-Za-z0-9])(?![\w-])")


def plain(text):
    """A page's source as the text that it stands for, line by line; comments left out."""
    lines = []
    for line in text.splitlines():
        if line.startswith('.\\"'):
            continue
        match = ALTERNATING.match(line)
        if match:
            words = shlex.split(line[match.end():].replace("\\", "\\\\").replace("'", "\\'"))
            heading = match[1] in ("SH", "SS")
            # Alternating fonts join their words, the others separate them.
            line = (" " if heading or len(match[1]) == 1 else "").join(words)
            if heading:
                line = f".{match[1]} {line}"
        line = re.sub(r"\\f[BIRP]", "", line).replace("\\-", "-").replace("\\&", "")
        lines.append(line.replace("\\e", "\\"))
    return lines


def section(lines, title):
    """The lines of the section TITLE."""
    found, inside = [], False
    for line in lines:
        if line.startswith(".SH "):
            inside = line == f".SH {title}"
        elif inside:
            found.append(line)
    return found


def terms(lines):
    """What stands as the term of each tagged paragraph."""
    return [after for before, after in zip(lines, lines[1:]) if before == ".TP"]


def options_of_page(lines):
    """The options that the section OPTIONS describes, short and long."""
    found = set()
    for term in terms(section(lines, "OPTIONS")):
        found |= set(OPTION.findall(term))
    return found


def options_of_help(text):
    """The options that a summary lists; argp aligns them at the line's beginning."""
    found = set()
    for line in text.splitlines():
        match = re.match(r"^ {1,8}(-.*)$", line)
        if match:
            # The description follows after two blanks; what it mentions does not count.
            found |= set(OPTION.findall(re.split(r" {2,}", match[1])[0]))
    return found
