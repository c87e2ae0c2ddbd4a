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


# A comment in front of an example says what it needs to be run, or that it is "not run".
EXAMPLE = re.compile(r'(?:^\.\\" (?P<needs>[\w -]+)\n)?^\.EX\n(?P<body>.*?)^\.EE$',
                     re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^(?:[$#] )?\\fB(.*)\\fR$")


def source(text):
    """Lines of plain text as a page's source between .EX and .EE."""
    lines = text.replace("\\", "\\e").replace("-", "\\-").splitlines(keepends=True)
    return "".join("\\&" + line if line[0] in ".'" else line for line in lines)


def shown(text):
    """The plain text that such lines stand for."""
    lines = (line.removeprefix("\\&") for line in text.splitlines(keepends=True))
    return "".join(lines).replace("\\-", "-").replace("\\e", "\\")


def steps(body):
    """(source of the prompt's lines, the command that they are, what the page shows below) of each
    prompt in an example; the command is None where it is for root, or no command of a shell."""
    found = []
    for line in body.splitlines(keepends=True):
        command = COMMAND.match(line)
        word = command and command[1].replace("\\-", "-").replace("\\e", "\\")
        if line.startswith("$ \\fB"):
            found.append([line, word, ""])
        elif command and found and not found[-1][2] and line.startswith("\\fB"):
            found[-1][0] += line
            found[-1][1] += "\n" + word
        elif found and not line.startswith("# \\fB"):
            found[-1][2] += line
        else:
            found.append([line, None, ""])
    return [tuple(step) for step in found]
