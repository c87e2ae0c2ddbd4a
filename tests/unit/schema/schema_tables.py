# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The JSON Schema against the tables of fields and against what the writers write."""
import copy
import json
import re
import subprocess
import sys

from helpers.tap import SOURCE, Tap, WRAPPER

try:
    import jsonschema
    Validator = jsonschema.Draft202012Validator
except (ImportError, AttributeError):
    Validator = None

EMIT = [*WRAPPER, sys.argv[1]]
ENUMS = ["state", "type", "base_state", "site_kind", "operand_kind", "probe_state", "severity", "machine",
         "diagnostic_code"]
FORMATS = ["json", "ndjson"]
SAMPLES = ["sample", "details", "bytes", "process"]


def emit(*args):
    return subprocess.run([*EMIT, *args], check=True, stdout=subprocess.PIPE).stdout


def parse(output, form):
    text = output.decode("utf-8")
    return [json.loads(line) for line in text.split("\n")[:-1]] if form == "ndjson" \
        else [json.loads(text)]


def properties(defs, name):
    """All keys that a definition allows, those of its alternatives included."""
    found = dict(defs[name].get("properties", {}))
    for other in defs[name].get("oneOf", []):
        found.update(properties(defs, other["$ref"].rsplit("/", 1)[1]))
    return found


def is_closed(defs, schema):
    """Whether only listed values fit: its text can then be nothing but UTF-8."""
    if "$ref" in schema:
        return is_closed(defs, defs[schema["$ref"].rsplit("/", 1)[1]])
    if "anyOf" in schema:
        return all(is_closed(defs, each) for each in schema["anyOf"])
    return "enum" in schema or "pattern" in schema or schema.get("type") == "null"


def enum_of(defs, schema):
    """The strings that a key may have."""
    if "$ref" in schema:
        return enum_of(defs, defs[schema["$ref"].rsplit("/", 1)[1]])
    for each in schema.get("anyOf", []):
        if each != {"type": "null"}:
            return enum_of(defs, each)
    return schema.get("enum")


# Names of registers come from our own tables, and are ASCII.
OWN_NAMES = {"register", "base", "index", "segment"}


def compare_record(defs, name, fields):
    """Complaints about the definition of the table NAME."""
    found = []
    allowed = properties(defs, name)
    expected = set()
    for field in fields:
        key = field["key"]
        expected.add(key)
        schema = allowed.get(key)
        if schema is None:
            found.append(f"{name}.{key} is not in the schema")
            continue
        if field["text"] and not is_closed(defs, schema) and key not in OWN_NAMES:
            expected.add(key + "_hex")
        if field["names"] and name != "operand" \
                and enum_of(defs, schema) != field["names"]:
            found.append(f"{name}.{key}: {enum_of(defs, schema)} is not {field['names']}")
    found += [f"{name}.{key} is in the schema alone" for key in set(allowed) - expected]
    found += [f"{name}.{key} is missing" for key in expected - set(allowed)]
    if name != "operand":
        always = {field["key"] for field in fields if field["always"]}
        required = set(defs[name]["required"])
        found += [f"{name}.{key}: required in one only" for key in always ^ required]
    return found


def objects(value):
    """Every object in a document."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else \
            value if isinstance(value, list) else []:
        yield from objects(each)


# Keys that only some probes or operands have, or that an option adds.
OPTIONAL = {"shift", "pair", "index_extend", "index_subtracted", "pc_relative", "candidates",
            "semaphore_symbol", "note_segment", "function", "source", "pid", "command",
            "load_bias", "runtime_location", "runtime_semaphore", "semaphore_value",
            "runtime_bytes", "state_reason"}
ARGUMENT_OPTIONAL = {"name", "c_type", "name_source"}


def may_lack(holder, key):
    return key in OPTIONAL or key.endswith("_hex") or \
        ("operand" in holder and key in ARGUMENT_OPTIONAL)


def accepted_mutations(validator, document):
    """Each object with a key too many, and with one too few: none may pass."""
    found = []
    for index, each in enumerate(objects(document)):
        changed = copy.deepcopy(document)
        target = list(objects(changed))[index]
        target["surplus"] = 1
        if validator.is_valid(changed):
            found.append(f"a surplus key passes in {str(each)[:60]}")
        for key in each:
            if may_lack(each, key):
                continue
            changed = copy.deepcopy(document)
            del list(objects(changed))[index][key]
            if validator.is_valid(changed):
                found.append(f"{key} can be left out of {str(each)[:60]}")
    return found


def wrong_bytes(probes):
    """Complaints about the 256 probes whose texts hold each byte in turn."""
    found = []
    for byte, probe in enumerate(probes):
        raw = bytes([ord("<"), byte, ord(">")])
        argument = probe["arguments"][0]
        for holder, key in [(probe, "provider"), (probe, "name"), (probe, "arguments_text"),
                            (probe, "section"), (probe, "semaphore_symbol"),
                            (probe["note_section"], "name"), (argument, "raw"),
                            (argument["operand"], "symbol")]:
            text = raw.decode("utf-8", "replace")
            shown = holder.get(key)
            if shown != text:
                found.append(f"{byte:#x} {key}: {shown!r}")
            if (byte < 128) == (key + "_hex" in holder):
                found.append(f"{byte:#x} {key}: its _hex is wrongly there or not there")
            elif byte >= 128 and bytes.fromhex(holder[key + "_hex"]) != raw:
                found.append(f"{byte:#x} {key}: {holder[key + '_hex']}")
    return found if len(probes) == 256 else [f"{len(probes)} probes"]


def main():
    tap = Tap()
    schema = json.loads((SOURCE / "src/output/usdtinfo.schema.json").read_text("utf-8"))
    defs = schema["$defs"]
    tables = json.loads(emit())
    for name in ENUMS:
        tap.ok(sorted(defs[name]["enum"]) == sorted(set(tables[name])), f"{name}: same names",
               f"schema: {defs[name]['enum']}\ntables: {tables[name]}")
    for name, fields in tables["records"].items():
        tap.none(compare_record(defs, name, fields), f"{name}: same keys")
    for form in FORMATS:
        output = emit("bytes", form)
        parsed = parse(output, form)
        probes = parsed[0]["files"][0]["probes"] if form == "json" else \
            [each for each in parsed if each["record"] == "probe"]
        tap.none(wrong_bytes(probes), f"{form}: every byte comes back")
        harmful = re.findall(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]", output)
        tap.none(harmful, f"{form}: nothing that steers a terminal")
    if Validator is None:
        tap.skip("validation", "no jsonschema that knows draft 2020-12")
        tap.done()
    Validator.check_schema(schema)
    validator = Validator(schema)
    for form in FORMATS:
        for sample in SAMPLES:
            parsed = parse(emit(sample, form), form)
            errors = [f"{error.json_path}: {error.message[:200]}\n"
                      + "\n".join(each.message[:200] for each in error.context)
                      for document in parsed for error in validator.iter_errors(document)]
            tap.none(errors, f"{form}: {sample} is valid")
    for form in FORMATS:
        for document in parse(emit("details", form), form):
            tap.none(accepted_mutations(validator, document),
                     f"{form}: {document.get('record', 'document')} is held to its keys")
    tap.done()


if __name__ == "__main__":
    main()
