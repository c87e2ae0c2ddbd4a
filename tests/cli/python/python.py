# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The verb python, on stand-ins of every layout, version and record, and on this system."""
import json
import os
import pathlib
import sys
import tempfile

from helpers import schema, standin
from helpers.standin import FRAMES, MARKERS, built, library, python, stub
from helpers.tap import TOOL, Tap, run, told
import layouts
import versions

ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith("LD_")}
TABLES = {"places": layouts.PLACES, "ways": layouts.WAYS, "others": layouts.OTHERS,
          "strings": versions.STRINGS, "symbol": versions.SYMBOL, "markers": versions.MARKED,
          "records": versions.RECORDS}


def in_place(value, top):
    return value.replace("{top}", top) if isinstance(value, str) else value


def write(top, files):
    for name, content in files.items():
        path = pathlib.Path(top, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, layouts.Link):
            path.symlink_to(in_place(content.target, top))
            continue
        if isinstance(content, standin.Later):
            content = content.make(top)
        if isinstance(content, str):
            content = in_place(content, top).encode()
        path.write_bytes(content)
        path.chmod(0o755)


def ask(*arguments, search=None, **options):
    environment = {**ENVIRONMENT, "PATH": search} if search else ENVIRONMENT
    return run(TOOL, "python", *arguments, env=environment, **options)


def names(answer, *statuses):
    return [each["name"] for each in answer["markers"] if each["status"] in statuses]


# What an expected key is held to; others are keys of the answer.
CHECKS = {
    "exit": lambda answer, value, top: answer["exit"] == value,
    "reason": lambda answer, value, top: value in answer["reason"],
    "hint": lambda answer, value, top: value in (answer["hint"] or ""),
    "hops": lambda answer, value, top: len(answer["hops"]) == value,
    "home": lambda answer, value, top: answer["home"] == in_place(value, top),
    "object": lambda answer, value, top: (answer["object"] or "").removeprefix(top) == value,
    "path": lambda answer, value, top: answer["path"].removeprefix(top) == value,
    "search": lambda answer, value, top: True,
    "others": lambda answer, value, top: [o["verdict"] for o in answer["others"]] == value,
    "codes": lambda answer, value, top: [d["code"] for d in answer["diagnostics"]] == value,
    "record": lambda answer, value, top: (answer["record"] or {}).get("with_dtrace") == value,
    "agrees": lambda answer, value, top: (answer["record"] or {}).get("agrees") == value,
    "config_args": lambda answer, value, top: answer["record"]["config_args"] == value,
    "names": lambda answer, value, top: sum(m["probes"] > 0 for m in answer["markers"]) == value,
    "missing": lambda answer, value, top: names(answer, "missing") == value,
    "extra": lambda answer, value, top: names(answer, "extra") == value,
    "sites": lambda answer, value, top: value.items() <= {
        m["name"]: m["probes"] for m in answer["markers"]}.items(),
    "unnamed": lambda answer, value, top: [
        m["name"] for m in answer["markers"] if m["probes"] and not m["arguments"]] == value,
}


def complaints(row, top):
    asked = [in_place(word, top) for word in row.asked]
    search = in_place(row.expected.get("search"), top)
    result = ask("-J", *asked, search=search)
    try:
        document = schema.parse(result.stdout)
    except ValueError as error:
        return [f"{error}", told(result)]
    found = [error.message[:200] for error in schema.validator().iter_errors(document)] \
        if schema.jsonschema else []
    answer = {**document["pythons"][0], "exit": result.returncode}
    for key, value in row.expected.items():
        check = CHECKS.get(key, lambda a, v, t, k=key: a[k] == v)
        if not check(answer, value, top):
            found.append(f"{key}: expected {value!r}")
    # One line each on standard error with 2, none with 0 and 1.
    lines = result.stderr.splitlines()
    if len(lines) != (result.returncode == 2) or any(not s.startswith("usdtinfo: ")
                                                      for s in lines):
        found.append(f"standard error: {result.stderr!r}")
    return found + [told(result)] if found else []


def check_tables(tap):
    for name, table in TABLES.items():
        for row in table:
            with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
                top = os.path.realpath(folder)
                write(top, row.files)
                tap.none(complaints(row, top), f"{name}: {row.name}")


def check_versions(tap):
    """Each version's markers, held to the table of what releases have."""
    for minor, present in MARKERS.items():
        with tempfile.TemporaryDirectory(prefix="usdtinfo-") as top:
            path = pathlib.Path(top, f"libpython3.{minor}.so.1.0")
            path.write_bytes(built(minor))
            result = ask("-J", path)
            answer = json.loads(result.stdout)["pythons"][0]
            dead = FRAMES + ["line"] if minor == 11 else []
            wanted = {name: "dead" if name in dead else "present" for name in present}
            got = {m["name"]: m["status"] for m in answer["markers"] if m["probes"]}
            absent = names(answer, "absent")
            declared = {6: 9, 7: 11}.get(minor, 12)
            tap.ok(result.returncode == 0 and answer["verdict"] == "yes" and got == wanted
                   and len(answer["markers"]) == declared and not names(answer, "missing")
                   and all(m["arguments"] for m in answer["markers"]),
                   f"markers of 3.{minor}", f"{got}\nabsent: {absent}")


def check_formats(tap):
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as top:
        paths = [pathlib.Path(top, name) for name in ("yes", "no", "other")]
        for path, content in zip(paths, (built(13), python(13), python(cpython=False))):
            path.write_bytes(content)
        yes, no, other = paths
        result = ask(yes)
        tap.ok(result.stdout.startswith(f"{yes}: yes: 5 markers\n")
               and "int generation" in result.stdout and not result.stderr, "text", told(result))
        result = ask("-q", yes)
        tap.ok(result.returncode == 0 and not result.stdout + result.stderr, "-q", told(result))
        for several, code in (((yes, yes), 0), ((yes, no), 1), ((no, other), 2), ((other, yes), 2)):
            result = ask("-F", "tsv", "-n", *several)
            tap.ok(result.returncode == code and len(result.stdout.splitlines()) == 2,
                   f"the worst of several is {code}", told(result))
        result = ask("-F", "ndjson", yes, no)
        records = [schema.parse(line) for line in result.stdout.splitlines()]
        tap.ok([r["record"] for r in records] == ["header", "python", "python", "summary"]
               and records[3]["yes"] == 1 and records[3]["no"] == 1
               and (not schema.jsonschema
                    or all(schema.validator().is_valid(r) for r in records)), "ndjson",
               told(result))
        result = ask("-F", "tsv", "-o", "verdict,version", yes)
        tap.ok(result.stdout == "VERDICT\tVERSION\nyes\t3.13.2\n", "tsv", told(result))
        result = ask("-F", "table", "-n", "-o", "VERDICT,MARKERS", yes)
        tap.ok(result.stdout.split() == ["yes", "5"] or "libsmartcols" in result.stderr, "table",
               told(result))
        listed = {line.split()[0] for line in ask("--list-columns").stdout.splitlines()}
        tap.ok({"PATH", "VERDICT", "SITES"} <= listed, "--list-columns", listed)
        for bad in (["-o", "nothing", yes], ["-F", "readelf", yes], ["-J", "-o", "PATH", yes],
                    ["-p", "x"], ["--root=/", "-p", "1"], ["--nothing"], ["--root=/nothing"],
                    ["--require="], ["--color=green"]):
            result = ask(*bad)
            tap.ok(result.returncode == 2 and result.stderr and not result.stdout,
                   f"refused: {' '.join(map(str, bad[:2]))}", told(result))
        hostile = pathlib.Path(top, "p\033[2Jq")
        hostile.write_bytes(built(13))
        result = ask(hostile)
        tap.ok("\033" not in result.stdout and "\\x1b[2Jq" in result.stdout,
               "a name that would steer a terminal", told(result))


def check_default(tap):
    """Nothing typed: ./python of a build tree, else python3 of PATH."""
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as top:
        write(top, {"tree/python": built(14), "bin/python3": python(13), "text/python": "hello"})
        result = ask(cwd=f"{top}/tree", search=f"{top}/bin")
        tap.ok(result.stdout.startswith("./python: yes"), "./python first", told(result))
        result = ask(cwd=f"{top}/text", search=f"{top}/bin")
        tap.ok(result.stdout.startswith(f"{top}/bin/python3: no"), "else python3 of PATH",
               told(result))
        result = ask(cwd=f"{top}/text", search=f"{top}/none")
        tap.ok(result.returncode == 2 and "no python3" in result.stderr, "else nothing",
               told(result))
        result = ask("python3", cwd=f"{top}/bin", search=f"{top}/none")
        tap.ok(result.stdout.startswith("python3: no"), "a bare name here", told(result))


def check_list(tap):
    """What the verb list says of a program whose Python is in a library."""
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as top:
        write(top, {"p": stub(11, runpath="$ORIGIN/l"),
                    "l/libpython3.11.so.1.0": library(11, interpreter=None)})
        result = run(TOOL, f"{top}/p", env=ENVIRONMENT)
        tap.ok(result.returncode == 1 and f"{top}/l/libpython3.11.so.1.0" in result.stderr
               and len(result.stderr.splitlines()) == 1, "list says where to look", told(result))
        result = run(TOOL, "--libs", "-F", "names", f"--library-path={top}/l", f"{top}/p",
                     env=ENVIRONMENT)
        tap.ok("python:gc__start" in result.stdout, "list --libs", told(result))


def check_system(tap):
    release = pathlib.Path("/etc/os-release")
    text = release.read_text(encoding="utf-8") if release.exists() else ""
    if "ID=debian" not in text or 'VERSION_ID="12"' not in text or \
            not pathlib.Path("/usr/bin/python3").exists():
        tap.skip("Debian 12's own Python", "not Debian 12")
        return
    for asked in (["/usr/bin/python3"], ["--root=/proc/self/root", "/usr/bin/python3"]):
        result = ask("-J", *asked)
        answer = json.loads(result.stdout)["pythons"][0]
        tap.ok(result.returncode == 0 and answer["verdict"] == "yes"
               and answer["path"] == "/usr/bin/python3.11"
               and sum(m["probes"] > 0 for m in answer["markers"]) == 8
               and names(answer, "dead") == ["function__entry", "function__return", "line"]
               and [d["severity"] for d in answer["diagnostics"]
                    if d["code"] == "python-marker-dead"] == ["warning"],
               f"Debian 12's own Python: {asked[0]}", told(result))


def check_process(tap):
    if not os.path.exists(f"/proc/{os.getpid()}/maps"):
        tap.skip("the process that runs this test", "/proc is not mounted")
        return
    for asked in (["-p", os.getpid()], [os.getpid()]):
        result = ask("-J", *asked)
        answers = json.loads(result.stdout)["pythons"] if result.stdout else []
        tap.ok(len(answers) == 1 and answers[0]["verdict"] in ("yes", "no")
               and answers[0]["version"] == "{}.{}.{}".format(*sys.version_info[:3]),
               f"the process that runs this test, {len(asked)}", told(result))
    result = ask("-p", "999999999")
    tap.ok(result.returncode == 2 and not result.stdout and result.stderr ==
           "usdtinfo: /proc/999999999: cannot tell: no such process\n", "no such process",
           told(result))
    answer = json.loads(ask("-J", "-p", "999999999").stdout)["pythons"][0]
    tap.ok(answer["verdict"] == "unknown" and answer["asked"] == "999999999" and
           answer["pid"] == 999999999 and answer["reason"] == "no such process",
           "no such process in JSON", answer)
    for pid in ("0", "-1", "x", "", "1,", ",1", "1  2", "99999999999"):
        result = ask("-p", pid)
        tap.ok(result.returncode == 2 and not result.stdout and
               f"--pid takes process numbers, not '{pid}'" in result.stderr, f"-p '{pid}'",
               told(result))


def main():
    tap = Tap()
    check_tables(tap)
    check_versions(tap)
    check_formats(tap)
    check_default(tap)
    check_list(tap)
    check_system(tap)
    check_process(tap)
    tap.done()


main()
