# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Holds what usdtinfo writes as JSON to the schema that is installed with it."""
import functools
import json

from helpers.tap import SOURCE

try:
    import jsonschema
except ImportError:
    jsonschema = None

SCHEMA = SOURCE / "src" / "output" / "usdtinfo.schema.json"


@functools.lru_cache(maxsize=None)
def validator():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def _refuse_constant(text):
    raise ValueError(f"{text} is no JSON")


def _no_repeats(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError(f"a key stands twice among {keys}")
    return dict(pairs)


def parse(text):
    """One JSON value, read strictly: no NaN, no key twice, UTF-8."""
    if isinstance(text, bytes):
        text = text.decode("utf-8")
    return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_no_repeats)


def documents(stdout):
    """The JSON values of an output: one document, or one a line."""
    if not stdout.lstrip().startswith(b"{"):
        return []
    lines = stdout.splitlines()
    if len(lines) > 1 and lines[0].rstrip().endswith(b"}"):
        return [parse(line) for line in lines]
    return [parse(stdout)]


def complaints(stdout):
    """What is wrong with an output as JSON; [] when nothing is, or when it is no JSON."""
    try:
        values = documents(stdout)
    except ValueError as error:
        return [f"invalid JSON: {error}"]
    if jsonschema is None:
        return []
    found = []
    for number, value in enumerate(values, 1):
        if not {"format", "record"} & value.keys():
            continue
        for error in validator().iter_errors(value):
            where = "/".join(map(str, error.absolute_path)) or "the whole"
            best = jsonschema.exceptions.best_match([error])
            found.append(f"value {number}, {where}: {best.message[:300]}")
    return found
