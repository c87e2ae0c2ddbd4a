# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Requirements and comparisons, one row a case: what is said, and the exit code."""
import pathlib
import re
import shutil
import tempfile

from helpers.tap import SOURCE, TOOL, Tap, run, told

X86 = SOURCE / "fixtures" / "x86_64"
DEFINITIONS = """provider minimal {
  probe work__start(int);
  probe work-done(int, char *);
  probe never__fired(int);
};
"""
# Of lint, likewise.
LINTS = [("minimal.so", 0, ["nothing wrong"]), ("@saved", 2, ["a saved listing does not hold enough for lint"])]
# Options of check, the exit code, and words of standard output, or of standard error for 2.
CHECKS = [
    ("minimal.so", 0, []),
    ("none", 1, ["no probe, where at least 1 should be", "[min-probes]"]),
    ("--min-probes=3 minimal.so", 0, []),
    ("--min-probes=4 minimal.so", 1, ["3 probes, where at least 4 should be"]),
    ("--require=minimal:work__start minimal.so", 0, []),
    ("--require=minimal:work-start minimal.so", 0, []),
    ("--require=work*=2 minimal.so", 0, []),
    ("--require=work*=3 minimal.so", 1, ["2 probes, where at least 3 should be"]),
    ("--require=minimal:work__strat minimal.so", 1, ["nearest: minimal:work__start"]),
    ("--require=minima:unused minimal.so", 1, ["nearest: minimal:unused"]),
    ("--require=zzzzzzzzz minimal.so", 1, ["no probe matches [require]"]),
    ("--forbid=unused minimal.so", 1, ["must not be there: minimal:unused", "[forbid]"]),
    ("--forbid=zzz minimal.so semaphores.so", 0, []),
    ("--forbid=unused semaphores.so minimal.so", 1, ["minimal.so: unused"]),
    ("--require=unused semaphores.so minimal.so", 0, []),
    ("--each --require=unused semaphores.so minimal.so", 1, ["semaphores.so: unused"]),
    ("--args=work__start=int32,uint64 minimal.so", 0, []),
    ("--args=work__start=*,ptr minimal.so", 0, []),
    ("--args=work__start=int64 minimal.so", 1, ["are int32,uint64, not int64"]),
    ("--args=work__start= minimal.so", 1, ["are int32,uint64, not none"]),
    ("--args=work__start=int32 minimal.so", 1, ["are int32,uint64, not int32"]),
    ("--args=work__start=int32,ptr,* minimal.so", 1, ["are int32,uint64, not int32,ptr,*"]),
    ("--args=unused=int32 minimal.so", 0, []),
    ("--args=gone=int32 minimal.so", 1, ["no probe matches"]),
    ("--baseline=minimal.so minimal.so", 0, []),
    ("--baseline=minimal.so semaphores.so", 1, ["minimal:unused: error: gone"]),
    ("--baseline=@saved minimal.so", 0, []),
    ("-d @definitions minimal.so", 1, ["minimal:never__fired", "line 4", "never fired"]),
    ("-d @definitions --allow-missing=never* minimal.so", 0, []),
    ("-d @definitions --allow-missing=minimal:never-fired minimal.so", 0, []),
    ("--requirements=@good minimal.so", 0, []),
    ("--requirements=@unmet minimal.so", 1, ["gone", "work__start=int64"]),
    ("--lint minimal.so", 0, []),
    ("--lint gc-lld", 1, ["[base-missing]"]),
    ("--lint --fail-on=error gc-lld", 0, ["warning"]),
    ("-q --require=gone minimal.so", 1, []),
    ("@saved", 0, []),
    ("--require=unused @saved", 0, []),
    ("--require=work__start=4 archive.a", 1, ["[require]"]),
    ("llvm-strip", 1, ["the probe notes were stripped from"]),
    ("@tree", 0, []),
    ("--each @tree", 1, ["none: error: no probe"]),
    ("-m work* --min-probes=3 minimal.so", 1, ["2 probes"]),
    ("--require=a:b=x minimal.so", 2, ["'x' is no number of probes"]),
    ("--require=: minimal.so", 2, ["':' is no [PROVIDER:]NAME pattern"]),
    ("--min-probes=-1 minimal.so", 2, ["'-1' is no number"]),
    ("--min-probes=99999999999999999999 minimal.so", 2, ["is no number"]),
    ("--args=a minimal.so", 2, ["'a' is no [PROVIDER:]NAME=TYPE"]),
    ("--args=a=int33 minimal.so", 2, ["'int33' is no type"]),
    ("--args=a=bytes minimal.so", 2, ["'bytes' is no type"]),
    ("--args=a=int32, minimal.so", 2, ["'' is no type"]),
    ("--requirements=@bad minimal.so", 2, ["line 2: 'no such line' is no requirement"]),
    ("--requirements=@absent minimal.so", 2, ["cannot open"]),
    ("--baseline=@absent minimal.so", 2, ["cannot open"]),
    ("-d @absent minimal.so", 2, ["absent"]),
    ("--lint @saved", 2, ["a saved listing is not enough"]),
    ("@absent", 2, ["cannot open"]),
    ("@absent minimal.so", 2, ["cannot open"]),
    ("", 2, ["Usage: usdtinfo check"]),
    ("--fail-on=fatal minimal.so", 2, ["--fail-on is error, warning or info"]),
    ("--report=xml:x minimal.so", 2, ["unknown format 'xml'"]),
    ("--report=json:/nonexistent/x minimal.so", 2, ["cannot write /nonexistent/x"]),
]
DIFFS = [
    ("minimal.so minimal.so", 0, []),
    ("@saved minimal.so", 0, []),
    ("minimal.so @saved", 0, []),
    ("@records @saved", 0, []),
    ("none none", 0, ["no probes in either build"]),
    ("minimal.so none", 1, ["-minimal:unused(int32)", "@@ error: gone @@"]),
    ("none minimal.so", 1, ["+minimal:unused(int32)", "@@ warning: new @@"]),
    ("--fail-on=error none minimal.so", 0, ["+minimal:unused(int32)"]),
    ("-m unused minimal.so none", 1, ["-minimal:unused(int32)"]),
    ("-m zzz minimal.so none", 0, ["no probe matches in either build"]),
    ("clang-O0.so clang-O2.so", 0, ["not counted without --strict"]),
    ("--strict clang-O0.so clang-O2.so", 1, ["@@ warning: operands @@"]),
    ("--fail-on=info clang-O0.so clang-O2.so", 1, []),
    ("-q minimal.so none", 1, []),
    ("--color=always minimal.so none", 1, ["\033[31m-minimal:unused(int32)\033[m"]),
    ("@tree @tree", 0, []),
    ("@tree @other", 1, ["+++ /dev/null", "tree/a/minimal.so", "--- /dev/null", "other/b/second"]),
    ("archive.a archive.a", 0, []),
    ("@listed @tree", 0, []),
    ("@absent minimal.so", 2, ["cannot open"]),
    ("minimal.so @absent", 2, ["cannot open"]),
    ("minimal.so", 2, ["Usage: usdtinfo diff"]),
    ("minimal.so none none", 2, ["Usage: usdtinfo diff"]),
    ("@broken minimal.so", 2, ["line 1: broken JSON"]),
]

LISTING = re.compile(r"@(saved|records|listed|broken)\b")


def prepare(folder):
    def write(name, text):
        (folder / name).write_text(text)
    write("definitions", DEFINITIONS)
    write("saved", run(TOOL, "-J", X86 / "minimal.so").stdout)
    write("records", run(TOOL, "-F", "ndjson", X86 / "minimal.so").stdout)
    write("good", "# all is well\n\nrequire=minimal:work__start # here\n  args work__done=*\n"
                  "--forbid=zzz\nmin-probes\t3\nminimal:unused=1\r\nallow-missing x\n")
    write("unmet", "args work__start=int64\ngone\n")
    write("bad", "minimal:unused\nno such line\n")
    write("broken", '{"format": ')
    for tree, names in (("tree", ["a/minimal.so", "b/none", "b/semaphores.so"]),
                        ("other", ["b/none", "b/semaphores.so", "b/second"])):
        for name in names:
            target = folder / tree / name
            target.parent.mkdir(parents=True, exist_ok=True)
            source = X86 / (target.name if target.name != "second" else "minimal.so")
            shutil.copy(source, target)
    write("tree/text", "no ELF file\n")
    files = sorted(str(p) for p in (folder / "tree").rglob("*") if p.is_file() and p.name != "text")
    write("listed", run(TOOL, "-J", *files).stdout)


def judge(tap, verb, row, folder):
    words, code, said = row
    arguments = []
    for word in words.split():
        option, sign, value = word.partition("=")
        last = value if sign and word.startswith("--") else word
        if last.startswith("@"):
            last = str(folder / last[1:])
        elif (X86 / last).is_file():
            last = str(X86 / last)
        arguments.append(f"{option}={last}" if sign and word.startswith("--") else last)
    result = run(TOOL, verb, *arguments, cwd=folder)
    output = result.stderr if code == 2 else result.stdout
    good = result.returncode == code and all(each in output for each in said)
    if code == 0:
        good = good and not result.stderr and (said or verb == "diff" or not result.stdout)
    if "-q" in arguments:
        good = good and not result.stdout
    tap.ok(good, f"{verb} {words}", f"wanted {code} and {said}\n{told(result)}")


def main():
    tap = Tap()
    no_listings = "json-c=no" in run(TOOL, "--version").stdout
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
        folder = pathlib.Path(folder)
        prepare(folder)
        for verb, rows in (("check", CHECKS), ("diff", DIFFS), ("lint", LINTS)):
            for row in rows:
                if no_listings and LISTING.search(row[0]):
                    tap.skip(f"{verb} {row[0]}", "built without json-c")
                else:
                    judge(tap, verb, row, folder)
    tap.done()


main()
