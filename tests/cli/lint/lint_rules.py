# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Each rule of lint: a file that breaks it, one that comes near and does not, its words."""

from helpers import schema
from helpers.tap import SOURCE, TOOL, Tap, run

FIXTURES = SOURCE / "fixtures"

# Rule, default severity, a file that breaks it and how often, a file that does not.
ROWS = [
    ("argument-by-value", "warning", "edge/29-struct", 2, "edge/27-floats"),
    ("argument-floating-point", "warning", "edge/27-floats", 5, "edge/29-struct"),
    ("argument-without-size", "warning", "edge/39-no-sizes", 4, "edge/32-numbers-x86"),
    ("arguments-differ", "info", "edge/41-many-sites", 1, "edge/41-several-semaphores"),
    ("base-apart", "warning", "x86_64/lld", 3, "x86_64/bfd"),
    ("base-missing", "warning", "x86_64/gc-lld", 1, "x86_64/gc-bfd"),
    ("base-moved", "info", "x86_64/base-moved-up", 1, "x86_64/bfd"),
    ("base-zero", "warning", "edge/02-base-zero", 1, "edge/02-base-section-at-zero"),
    ("debug-file", "info", "x86_64/debug.gnu", 1, "x86_64/strip"),
    ("duplicate-note", "warning", "edge/41-many-sites", 1, "edge/42-two-semaphores"),
    ("headers-stripped", "error", "x86_64/strip-sections", 1, "x86_64/strip"),
    ("location-not-executable", "error", "edge/44-location-in-data", 1,
     "edge/44-location-nowhere"),
    ("location-unmapped", "error", "edge/44-location-nowhere", 2, "edge/44-location-in-data"),
    ("name-not-portable", "warning", "edge/25-names", 12, "edge/25-arguments"),
    ("no-probes", "info", "x86_64/none", 1, "x86_64/llvm-strip"),
    ("note-alignment", "info", "edge/18-alignment-8-claimed", 1, "edge/18-alignment-8"),
    ("note-allocated", "warning", "x86_64/alloc-notes", 27, "edge/17-libstapsdt"),
    ("note-malformed", "error", "edge/23-descriptor-short", 1, "edge/21-trailing-bytes"),
    ("note-not-terminated", "warning", "edge/20-unterminated", 1, "edge/21-trailing-bytes"),
    ("note-section", "warning", "edge/18-other-section", 1, "x86_64/templates.o"),
    ("note-trailing-bytes", "warning", "edge/21-trailing-zeros", 1, "edge/24-no-padding"),
    ("note-version", "warning", "edge/19-versions", 3, "edge/18-foreign-notes"),
    ("notes-mixed", "warning", "edge/18-foreign-notes", 1, "edge/18-alignment-8-claimed"),
    ("notes-stripped", "error", "x86_64/llvm-strip", 1, "x86_64/eu-strip"),
    ("operand-not-understood", "warning", "edge/40-unknown-operands", None,
     "edge/32-numbers-x86"),
    ("operand-unreadable", "warning", "x86_64/tls", None, "edge/31-spaces-aarch64"),
    ("operand-unresolvable", "warning", "edge/35-symbols-stripped", None, "edge/35-symbols"),
    ("probes-old-format", "warning", "edge/47-format-1", 1, "edge/47-semaphores-only"),
    ("section-order", "warning", "edge/18-other-section", 1, "x86_64/semaphores"),
    ("semaphore-not-file-backed", "error", "edge/43-semaphore-in-bss", 1,
     "edge/43-semaphore-read-only"),
    ("semaphore-not-writable", "error", "edge/43-semaphore-read-only", 1,
     "edge/43-semaphore-in-bss"),
    ("semaphore-unaligned", "error", "edge/43-odd-semaphore", 1, "edge/43-semaphore-in-bss"),
    ("semaphore-undefined", "error", "edge/43-semaphore-elsewhere", 1,
     "x86_64/semaphores"),
    ("semaphores-differ-at-site", "error", "edge/42-two-semaphores", 1, "edge/41-many-sites"),
    ("several-semaphores", "warning", "edge/41-several-semaphores", 1,
     "edge/42-two-semaphores"),
    ("site-is-breakpoint", "error", "edge/44-sites", None, "x86_64/exec"),
    ("site-not-nop", "warning", "edge/44-sites", None, "edge/17-libstapsdt"),
    ("site-thumb", "info", "edge/45-thumb", 1, "arm/gcc-O2.exec"),
    ("too-many-arguments", "warning", "edge/41-thirteen-arguments", 1, "x86_64/gcc-O2.exec"),
]

# Nothing at all is wrong with these.
CLEAN = ["x86_64/exec", "x86_64/bfd.so", "x86_64/pie", "x86_64/semaphores", "aarch64/semaphores.so",
         "s390x/semaphores.so", "ppc64le/semaphores.so"]


def lint(*arguments):
    return run(TOOL, "lint", *arguments, cwd=FIXTURES)


def findings(path, *options):
    result = lint("-J", *options, path)
    return result, schema.parse(result.stdout)["findings"]


def check_row(tap, rule, severity, bad, count, good):
    result, found = findings(bad)
    mine = [f for f in found if f["rule"] == rule]
    problems = schema.complaints(result.stdout.encode())
    if not mine or (count is not None and len(mine) != count):
        problems.append(f"{len(mine)} findings, not {count}: {mine[:3]}")
    problems += [f"severity {f['severity']}" for f in mine if f["severity"] != severity]
    problems += [f"path {f['path']}" for f in mine if f["path"] != bad]
    tap.none(problems, f"{bad} breaks {rule}")
    tap.none([f for f in findings(good)[1] if f["rule"] == rule], f"{good} keeps {rule}")
    tap.none([f for f in findings(bad, f"--disable={rule}")[1] if f["rule"] == rule],
             f"--disable={rule}")
    for other in ("error", "warning", "info"):
        got = {f["severity"] for f in findings(bad, f"--severity={rule}:{other}")[1]
               if f["rule"] == rule}
        if not tap.ok(got == {other}, f"--severity={rule}:{other}", got):
            break


def check_words(tap):
    rows = [line.split(None, 2) for line in lint("--list-rules").stdout.splitlines()]
    tap.ok([row[:2] for row in rows] == [list(row[:2]) for row in ROWS],
           "--list-rules has the rules and severities of this table",
           f"{[row[:2] for row in rows]}")
    tap.ok([row[0] for row in rows] == sorted(row[0] for row in rows), "in alphabetic order")
    for name, severity, summary in rows:
        words = lint(f"--explain={name}").stdout
        tap.ok(words.startswith(f"{name} ({severity}): {summary}\n\n") and len(words) > 150 and
               max(map(len, words.splitlines()[1:])) <= 78, f"--explain={name}", words)


def check_exits(tap):
    rows = [
        (0, ["edge/45-thumb", "--disable=base-apart"]),
        (1, ["edge/45-thumb", "--disable=base-apart", "--fail-on=info"]),
        (1, ["x86_64/lld"]),
        (0, ["x86_64/lld", "--fail-on=error"]),
        (0, ["x86_64/lld", "--severity=base-apart:info"]),
        (1, ["x86_64/lld", "--severity=base-apart:error", "--fail-on=error"]),
        (0, ["x86_64/none"]),
        (1, ["x86_64/llvm-strip"]),
        (2, ["x86_64/strip-sections"]),
        (2, ["edge/23-descriptor-short"]),
        (2, ["edge/00-text"]),
        (2, ["no-such-file"]),
        (2, ["x86_64/exec", "x86_64/lld", "no-such-file"]),
        (1, ["x86_64/exec", "x86_64/lld"]),
        (0, ["x86_64/lld", "-m", "no:such"]),
        (1, ["x86_64/lld", "-m", "minimal:*", "-m", "semaphores:*"]),
        (2, []), (2, ["--disable=nothing", "x86_64/exec"]), (2, ["--explain=nothing"]),
        (2, ["--severity=base-apart", "x86_64/exec"]),
        (2, ["--severity=base-apart:fatal", "x86_64/exec"]),
        (2, ["--fail-on=never", "x86_64/exec"]), (2, ["--for=strace", "x86_64/exec"]),
        (2, ["-F", "readelf", "x86_64/exec"]), (2, ["--report=tap", "x86_64/exec"]),
        (2, ["--report=tap:-", "x86_64/exec"]),
        (2, ["--report=tap:/no/such/place", "x86_64/exec"]), (2, ["-J", "-F", "tap", "x86_64/exec"]),
    ]
    for code, arguments in rows:
        result = lint(*arguments)
        tap.ok(result.returncode == code and (code != 0 or not result.stderr),
               f"exit {code}: lint {' '.join(arguments)}", f"{result.returncode} {result.stderr}")
    listing = run("sh", "-c", f"{TOOL} -J x86_64/exec | {TOOL} lint -", cwd=FIXTURES)
    tap.ok(listing.returncode == 2 and "saved listing" in listing.stderr, "a saved listing",
           listing.stderr)
    libs = lint("--libs", "-J", "x86_64/libc")
    tap.none([f for f in schema.parse(libs.stdout)["findings"] if f["rule"] == "no-probes"],
             "libraries that nobody named are no news")
    for path in CLEAN:
        result = lint("--fail-on=info", path)
        tap.ok(result.returncode == 0 and result.stdout == "nothing wrong\n",
               f"{path} is clean", result.stdout)


def main():
    tap = Tap()
    check_words(tap)
    for row in ROWS:
        check_row(tap, *row)
    check_exits(tap)
    tap.done()


main()
