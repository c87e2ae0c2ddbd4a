# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The manual pages render without a warning, begin with what the verb is for and examples, refer to
pages that exist, and say all that there is to say: every verb, option, column, format, code and
enumerator, and none that does not exist."""
import json
import pathlib
import re
import tempfile

from helpers import roff
from helpers.schema import SCHEMA
from helpers.tap import SOURCE, TOOL, Tap, have, run

MAN = SOURCE / "man"


PAGES = sorted(MAN.glob("*.[1-9]"))
# How a page of a verb begins.
BEGINNING = ["NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES"]


def page(name):
    return roff.plain((MAN / name).read_text(encoding="utf-8"))


def render(path):
    """What the formatters say against a page; None where there is no formatter."""
    said = []
    if have("mandoc"):
        result = run("mandoc", "-Tlint", path)
        # Long lines of source are no concern of a reader's.
        said += [line for line in (result.stdout + result.stderr).splitlines()
                 if "input text line longer" not in line]
    # Not every man(1) is man-db's.
    if have("man") and "man" in run("man", "--version").stdout.split():
        result = run("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", path)
        said += result.stderr.splitlines()
    elif not have("mandoc"):
        return None
    return said


def differences(page_has, program_has):
    return ([f"{what}: not in the page" for what in sorted(program_has - page_has)] +
            [f"{what}: only in the page" for what in sorted(page_has - program_has)])


def enumerators(node):
    """All strings that the schema allows by "enum" or "const"."""
    if isinstance(node, dict):
        for value in [*node.get("enum", []), node.get("const")]:
            if isinstance(value, str):
                yield value
        for value in node.values():
            yield from enumerators(value)
    elif isinstance(node, list):
        for value in node:
            yield from enumerators(value)


def rows(path, pattern):
    return set(re.findall(pattern, (SOURCE / path).read_text(encoding="utf-8")))


def empty_groups(summary):
    """Headings of --help with nothing below: argp merges groups of one number."""
    return re.findall(r"^ (\S.*:)\n(?!  )", summary, re.MULTILINE)


def check_rendering(tap):
    for path in PAGES:
        said = render(path)
        if said is None:
            tap.skip(f"{path.name} renders", "neither man-db nor mandoc")
        else:
            tap.none(said, f"{path.name} renders without warnings")
    with tempfile.TemporaryDirectory() as folder:
        seed = pathlib.Path(folder, "seed.1")
        seed.write_text(".TH SEED 1 2026-01-01\n.SH NAME\nseed \\- x\n.NOSUCH\n", encoding="utf-8")
        said = render(seed)
        if said is not None:
            tap.ok(said, "a fault in a page is noticed")


def check_verbs(tap):
    verbs = {path.stem.split("-", 1)[1] for path in MAN.glob("usdtinfo-*.1")}
    named = {term.split()[0] for term in roff.terms(roff.section(page("usdtinfo.1"), "VERBS"))}
    tap.none(differences(named, verbs), "usdtinfo.1 names the verbs that have pages")
    known = {row.split("\t")[0] for row in run(TOOL, "--list-verbs").stdout.splitlines()}
    tap.none(differences(verbs, known), "every verb has a page")
    readme = set(re.findall(r"^\| `(\w+)` \|", (SOURCE / "README.md").read_text(encoding="utf-8"),
                            re.MULTILINE))
    tap.none(differences(readme, known), "README names every verb")
    for verb in sorted(verbs):
        summary = run(TOOL, verb, "--help")
        tap.ok(summary.returncode == 0 and not summary.stderr, f"{verb} --help", summary.stderr)
        tap.none(differences(roff.options_of_page(page(f"usdtinfo-{verb}.1")),
                             roff.options_of_help(summary.stdout)),
                 f"usdtinfo-{verb}.1 has the options of {verb} --help")
        tap.none(empty_groups(summary.stdout), f"every group of {verb} --help has options")
    installed = rows("man/meson.build", r"'(usdtinfo[\w-]*\.\d)'")
    tap.none(differences({path.name for path in PAGES}, installed), "every page is installed")


def options_of_commands(commands, verbs):
    """(verb, option) of each word of an example that is an option of usdtinfo's."""
    for command in commands:
        for call in re.findall(r"(?:^|[ (])usdtinfo ((?:[^'|>;&]|'[^']*')*)", command):
            words = call.split()
            verb = words[0] if words and words[0] in verbs else "list"
            for word in words:
                yield from ((verb, option) for option in roff.OPTION.findall(word.split("=")[0])
                            if word.startswith("-"))


def check_examples(tap):
    verbs = {path.stem.split("-", 1)[1] for path in MAN.glob("usdtinfo-*.1")}
    known = {verb: roff.options_of_help(run(TOOL, verb, "--help").stdout) for verb in verbs}
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        titles = [line[4:] for line in page(path.name) if line.startswith(".SH ")]
        wanted = BEGINNING if path.suffix == ".1" else ["NAME", "DESCRIPTION", "EXAMPLES"]
        tap.ok(titles[:len(wanted)] == wanted, f"{path.name} begins with examples", titles)
        commands = [re.sub(r"^[$#] |\\f[BR]", "", line, flags=re.MULTILINE).replace("\\-", "-")
                    for block in roff.EXAMPLE.finditer(text)
                    for line, _, _ in roff.steps(block["body"])]
        tap.ok(len(commands) >= 3, f"{path.name} has three examples", commands)
        tap.none([f"{verb} {option}" for verb, option in options_of_commands(commands, verbs)
                  if option not in known[verb]], f"{path.name}: examples have real options")
    for verb in sorted(verbs):
        commands = re.findall(r"^  (usdtinfo .*?)(?:  |$)", run(TOOL, verb, "--help").stdout,
                              re.MULTILINE)
        tap.ok(len(commands) >= 3, f"{verb} --help has three examples", commands)
        tap.none([f"{name} {option}" for name, option in options_of_commands(commands, verbs)
                  if option not in known[name]], f"{verb} --help: examples have real options")
    found = set(options_of_commands(["usdtinfo lint -x", "a | usdtinfo --nosuch=x f"], verbs))
    tap.ok(found == {("lint", "-x"), ("list", "--nosuch")}, "options are found in commands", found)


def check_references(tap):
    """Pages and summaries name pages that exist, and usdtinfo(1) leads to all of them."""
    texts = {path.name: "\n".join(page(path.name)) for path in PAGES}
    texts |= {f"{verb} --help": run(TOOL, verb, "--help").stdout
              for verb in ("list", "python", "check", "diff", "lint", "script")}
    for name, text in texts.items():
        named = {f"{title}.{part}"
                 for title, part in re.findall(r"\b(usdtinfo[\w-]*) ?\((\d)\)", text)}
        tap.none(sorted(named - {path.name for path in PAGES}), f"{name} names pages that exist")
    named = {f"{title}.{part}" for title, part in
             re.findall(r"(usdtinfo[\w-]*)\((\d)\)",
                        "\n".join(roff.section(page("usdtinfo.1"), "SEE ALSO")))}
    tap.none(differences(named, {path.name for path in PAGES} - {"usdtinfo.1"}),
             "usdtinfo(1) leads to every page")


def check_list(tap):
    lines = page("usdtinfo-formats.5")
    columns = {line.split()[0] for line in run(TOOL, "--list-columns").stdout.splitlines()}
    tap.none(differences(set(roff.terms(roff.section(lines, "COLUMNS"))), columns),
             "the columns of --list-columns")
    formats = set()
    for path in sorted((SOURCE / "src" / "output" / "list").glob("format_*.c")):
        formats |= rows(path.relative_to(SOURCE), r'\.name = "([\w-]+)"')
    tap.none(differences(set(roff.terms(roff.section(lines, "FORMATS"))), formats), "the formats")
    options = roff.section(page("usdtinfo-list.1"), "OPTIONS")
    start = next(number for number, line in enumerate(options) if "--format=" in line)
    shown = set(re.findall(r"[\w-]+", "\n".join(options[start:options.index(".TP", start)])))
    tap.none(sorted(formats - shown), "usdtinfo-list.1 names every format")
    readme = re.search(r"^Formats: (.*?)\.", (SOURCE / "README.md").read_text(encoding="utf-8"),
                       re.MULTILINE | re.DOTALL)
    tap.none(differences(set(re.findall(r"`([\w-]+)`", readme[1])), formats),
             "README names every format")
    codes = {tuple(term.replace("(", "").replace(")", "").split())
             for path in PAGES
             for term in roff.terms(roff.section(page(path.name), "DIAGNOSTICS"))}
    table = {(name, severity.lower()) for name, severity in
             rows("src/base/diagnostic.c",
                  r'\[DIAG_\w+\] = \{ "([\w-]+)",\s*USDTINFO_SEVERITY_(\w+) \}')}
    tap.none(differences({" ".join(code) for code in codes}, {" ".join(code) for code in table}),
             "the diagnostic codes and their severities, each in one page")
    every = "\n".join(line for path in PAGES for line in page(path.name))
    words = set(re.findall(r"[\w-]+", every))
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    missing = {word for word in enumerators(schema)
               if not set(re.findall(r"[\w-]+", word)) <= words}
    tap.none(sorted(missing), "every enumerator of the schema")


def check_lint(tap):
    lines = page("usdtinfo-lint.1")
    table = {" ".join(line.split()[:2])
             for line in run(TOOL, "lint", "--list-rules").stdout.splitlines()}
    named = {term.replace("(", "").replace(")", "")
             for term in roff.terms(roff.section(lines, "RULES"))}
    tap.none(differences(named, table), "the rules of lint and their severities")
    # What a rule finds is the same sentence in both.
    sentences = " ".join(roff.section(lines, "RULES")).replace(" .TP ", "\n").splitlines()
    said = {line.split()[0]: " ".join(line.split()[2:]) for line in sentences if "(" in line}
    listed = {line.split()[0]: " ".join(line.split()[2:])
              for line in run(TOOL, "lint", "--list-rules").stdout.splitlines()}
    tap.none([f"{rule}: {listed.get(rule)}" for rule, sentence in said.items()
              if sentence.lower() != f"{listed.get(rule, '')}.".lower()],
             "what the rules find, as --list-rules says it")


def main():
    tap = Tap()
    check_rendering(tap)
    check_verbs(tap)
    check_examples(tap)
    check_references(tap)
    check_list(tap)
    check_lint(tap)
    tap.done()


main()
