# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""What reads each format: its records as canonical text, or why it cannot be read.

Each reader takes the bytes and returns a list; what it finds wrong it raises as a Fault.
"""
import json
import re
import unicodedata
import xml.etree.ElementTree as ElementTree

from strings import canonical


class Fault(Exception):
    pass


def unsafe_characters(text):
    """The characters that steer a terminal, hide, or change the order of others."""
    found = set()
    for char in set(text):
        if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp", "Cs"):
            found.add(char)
    return found


def check_safe(output, allowed):
    """The output as text, when all of it is UTF-8 and nothing in it steers."""
    try:
        text = output.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Fault(f"not UTF-8: {error}") from None
    found = unsafe_characters(text) - set(allowed)
    if found:
        raise Fault(f"characters that steer: {sorted(map(ascii, found))}")
    return text


def squeeze(line):
    return re.sub(" +", " ", line).strip()


def read_text(output):
    text = check_safe(output, "\n")
    if text and not text.endswith("\n"):
        raise Fault("the last line has no end")
    return [canonical(line) for line in text.split("\n")]


def read_colour(output):
    """The same in colours. Those of a name would be missing beside its twin's."""
    return read_text(re.sub(rb"\x1b\[[0-9;]*m", b"", output))


def only_safe(read):
    """What is said depends on the names: it is only held to be readable."""
    def check(output):
        read(output)
        return []
    return check


def read_readelf(output):
    # One tab stands in its headings.
    text = check_safe(output, "\n\t")
    wrong = [line for line in text.split("\n")
             if "\t" in line and not line.startswith(("  Owner  ", "  stapsdt  "))]
    if wrong:
        raise Fault(f"a tab in {wrong[0]!r}")
    return [canonical(line) for line in text.split("\n")]


def read_tsv(output):
    text = check_safe(output, "\n\t")
    rows = [line.split("\t") for line in text.split("\n")[:-1]]
    if len({len(row) for row in rows}) > 1:
        raise Fault("lines of different numbers of cells")
    letters = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}

    def unescape(match):
        if match[1] in letters:
            return letters[match[1]]
        return bytes([int(match[1][1:], 16)]).decode("latin-1") if match[1][0] == "x" else "?"

    records = []
    for row in rows:
        cells = []
        for cell in row:
            raw = re.sub(rb"\\(x[0-9a-f]{2}|.)",
                         lambda m: unescape([None, m[1].decode()]).encode("latin-1"),
                         cell.encode())
            cells.append(canonical(raw))
        records.append("\t".join(cells))
    return records


def restore(value):
    """A JSON value in which text is canonical, by all its bytes where it says them."""
    if isinstance(value, dict):
        out = {}
        for key, item in value.items():
            if key.endswith("_hex") and key[:-4] in value:
                continue
            if key + "_hex" in value:
                if "\ufffd" not in item:
                    raise Fault(f"{key}_hex beside a value without U+FFFD")
                out[key] = canonical(bytes.fromhex(value[key + "_hex"]))
            else:
                out[key] = restore(item)
        return out
    if isinstance(value, list):
        return [restore(item) for item in value]
    return canonical(value) if isinstance(value, str) else value


def load(text):
    def once(pairs):
        if len({key for key, _ in pairs}) < len(pairs):
            raise Fault("a key twice")
        return dict(pairs)
    try:
        return json.loads(text, object_pairs_hook=once)
    except ValueError as error:
        raise Fault(f"no JSON: {error}") from None


def flatten(value, path=""):
    """Each value of a document, with where it stands."""
    if isinstance(value, dict):
        return [row for key, item in value.items() for row in flatten(item, f"{path}.{key}")]
    if isinstance(value, list):
        return [row for i, item in enumerate(value) for row in flatten(item, f"{path}.{i}")]
    return [f"{path}={value}"]


def read_json(output):
    return flatten(restore(load(check_safe(output, "\n"))))


def read_ndjson(output):
    lines = check_safe(output, "\n").split("\n")[:-1]
    return [row for line in lines for row in flatten(restore(load(line)))]


def read_tap(output):
    """As the specification says, and so that readers without escapes see no directive."""
    lines = check_safe(output, "\n").split("\n")
    if lines[0] != "TAP version 13" or lines[-1] != "":
        raise Fault("no TAP")
    points = lines[1:-2]
    if not re.fullmatch(rf"1\.\.{len(points)}( # SKIP nothing to judge)?", lines[-2]):
        raise Fault(f"the plan {lines[-2]!r} for {len(points)} points")
    records = []
    for number, line in enumerate(points, 1):
        match = re.fullmatch(rf"(ok|not ok) {number} - ((?:[^#\\]|\\[#\\])*)", line)
        if not match:
            raise Fault(f"no point {number}: {line!r}")
        if re.search(r"#\s*(skip|todo)", line, re.IGNORECASE):
            raise Fault(f"a directive to readers without escapes: {line!r}")
        plain = re.sub(r"\\([#\\])", r"\1", match[2].replace(r"\\x23", "#"))
        records.append(f"{match[1]} {canonical(plain)}")
    return records


def read_junit(output):
    check_safe(output, "\n")
    try:
        root = ElementTree.fromstring(output)
    except ElementTree.ParseError as error:
        raise Fault(f"no XML: {error}") from None
    suite = root[0]
    cases = suite.findall("testcase")
    failures = sum(case.find("failure") is not None for case in cases)
    if (len(cases), failures) != (int(suite.get("tests")), int(suite.get("failures"))) or \
            len(suite) != len(cases):
        raise Fault("the suite counts other cases than it has")
    records = []
    for element in root.iter():
        text = (element.text or "").strip()
        for key, value in sorted(element.attrib.items()):
            records.append(f"{element.tag}.{key}={canonical(value)}")
        records.append(f"{element.tag}:{canonical(text)}")
    return records


def read_github(output):
    """As the runner does: actions/runner, ActionCommand.TryParseV2."""
    records = []
    codes = {"%25": "%", "%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","}

    def decode(text, known):
        return re.sub("%(25|0D|0A|3A|2C)", lambda m: codes[m[0]] if m[0] in known else m[0],
                      text)

    for line in check_safe(output, "\n").split("\n")[:-1]:
        head, end, data = line[2:].partition("::")
        command, _, properties = head.partition(" ")
        if not line.startswith("::") or not end or command not in ("error", "warning", "notice"):
            raise Fault(f"no annotation: {line!r}")
        pairs = [pair.partition("=") for pair in properties.split(",")]
        if not {key for key, _, _ in pairs} <= {"file", "title"} or len(pairs) > 2:
            raise Fault(f"properties {pairs}")
        values = [f"{key}={canonical(decode(value, codes))}" for key, _, value in pairs]
        records.append(" ".join([command, *values,
                                 canonical(decode(data, ("%25", "%0D", "%0A")))]))
    return records


READERS = {"readelf": read_readelf, "long": read_text, "table": read_text, "tsv": read_tsv,
           "json": read_json, "ndjson": read_ndjson, "names": read_text,
           "dtrace-list": read_text, "text": read_text, "colour": read_colour,
           "said of names": only_safe(read_text), "said of names as JSON": only_safe(read_json), "tap": read_tap, "junit": read_junit,
           "github": read_github}
# Of these the order or the widths follow the names.
LAID_OUT = {"table", "names", "dtrace-list", "long", "text", "colour"}
