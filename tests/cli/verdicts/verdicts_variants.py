# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""One program, built in many ways: check and diff are silent on those that keep the probes'
contract and loud on those that break it."""
import pathlib
import shlex
import tempfile

from helpers.tap import C_STANDARD, COMPILER, TOOL, Tap, have, run, told

PROGRAM = pathlib.Path(__file__).resolve().parent / "variant.c"
COMMON = ["-Wall", "-fPIE", "-pie"]
REQUIREMENTS = """
# What this program promises to those who trace it.
require app:request__start
args app:request__start=ptr,int32
args app:request__done=ptr,int32
args app:tick=uint8
forbid app:debug*
"""
# A variant; compiler's options, or a command on a copy of the first; needs; exit codes of
# check and diff; what each must say when it speaks.
KEPT, LOST = (0, 0), (1, 1)
VARIANTS = [
    ("the same again", ["-O2"], [], KEPT, ""),
    ("without optimisation", ["-O0"], [], KEPT, ""),
    ("with more inlining", ["-O3", "-funroll-loops"], [], KEPT, ""),
    ("position-dependent", ["-O2", "-fno-pie", "-no-pie"], [], KEPT, ""),
    ("with debug information", ["-O2", "-g"], [], KEPT, ""),
    ("with sections collected", ["-O2", "-ffunction-sections", "-fdata-sections",
                                 "-Wl,--gc-sections"], [], KEPT, ""),
    ("with link-time optimisation", ["-O2", "-flto"], [], KEPT, ""),
    ("linked by lld", ["-O2", "-fuse-ld=lld"], ["ld.lld"], KEPT, ""),
    ("linked by gold", ["-O2", "-fuse-ld=gold"], ["ld.gold"], KEPT, ""),
    ("by clang", "clang -O2", ["clang"], KEPT, ""),
    ("by clang, not optimised", "clang -O0", ["clang"], KEPT, ""),
    ("by clang, with ThinLTO", "clang -O2 -flto=thin -fuse-ld=lld", ["clang", "ld.lld"], KEPT, ""),
    ("stripped by GNU strip", "$ strip", ["strip"], KEPT, ""),
    ("stripped by eu-strip", "$ eu-strip", ["eu-strip"], KEPT, ""),
    ("stripped of debug information by llvm-strip", "$ llvm-strip -g", ["llvm-strip"], KEPT, ""),
    ("stripped by llvm-strip", "$ llvm-strip", ["llvm-strip"], LOST, "notes were stripped"),
    ("without its note section", "$ objcopy -R .note.stapsdt", ["objcopy"], LOST,
     "notes were stripped"),
    ("without a probe", ["-O2", "-DGONE"], [], LOST, "app:tick"),
    ("without a probe, not optimised", ["-O0", "-DGONE"], [], LOST, "app:tick"),
    ("without a probe, by clang", "clang -O2 -DGONE", ["clang"], LOST, "app:tick"),
    ("with a renamed probe", ["-O2", "-DRENAMED"], [], LOST, "app:request__finish"),
    ("with a wider argument", ["-O2", "-DWIDER"], [], LOST, "uint64,int64"),
    ("without section headers", "$ llvm-strip --strip-sections", ["llvm-strip"], (2, 2), ""),
]


def build(how, needs, first, target):
    """Return why not, or None."""
    lacking = [program for program in needs if not have(program)]
    if lacking:
        return f"no {', '.join(lacking)}"
    if isinstance(how, str) and how.startswith("$ "):
        target.write_bytes(first.read_bytes())
        target.chmod(0o755)
        result = run(*shlex.split(how[2:]), target)
    else:
        command = [*shlex.split(how), C_STANDARD] if isinstance(how, str) else [*COMPILER, *how]
        result = run(*command, *COMMON, *[o for o in command if "pie" in o], "-o", target, PROGRAM)
    # A compiler without its plug-in or linker is no fault of ours.
    return f"cannot be built here: {result.stderr.strip()[-80:]}" if result.returncode else None


def judge(tap, name, codes, says, check, diff):
    tap.ok(check.returncode == codes[0], f"{name}: check exits {codes[0]}", told(check))
    tap.ok(diff.returncode == codes[1], f"{name}: diff exits {codes[1]}", told(diff))
    if codes == KEPT:
        quiet = not check.stdout + check.stderr + diff.stderr
        # What only --strict counts may be told of in one line.
        lines = [line for line in diff.stdout.splitlines()
                 if not line.startswith("not counted without --strict: ")]
        tap.ok(quiet and not lines, f"{name}: both are silent", told(check) + told(diff))
    else:
        tap.ok(says in check.stdout, f"{name}: check names what is wrong", told(check))
        tap.ok(says in diff.stdout, f"{name}: diff names what is wrong", told(diff))


def main():
    tap = Tap()
    no_listings = "json-c=no" in run(TOOL, "--version").stdout
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
        folder = pathlib.Path(folder)
        first, saved, requirements = folder / "first", folder / "first.json", folder / "required"
        reason = build(["-O2"], [], first, first)
        if reason:
            tap.ok(False, "the program is built", reason)
            tap.done()
        requirements.write_text(REQUIREMENTS)
        saved.write_text(run(TOOL, "-J", "-s", first).stdout)
        for number, (name, how, needs, codes, says) in enumerate(VARIANTS):
            target = folder / f"variant{number}"
            reason = build(how, needs, first, target)
            if reason:
                tap.skip(name, reason)
                continue
            check = run(TOOL, "check", f"--requirements={requirements}", target)
            judge(tap, name, codes, says, check, run(TOOL, "diff", first, target))
            if no_listings:
                tap.skip(f"{name}, against the saved listing", "built without json-c")
                continue
            judge(tap, f"{name}, against the saved listing", codes, says,
                  run(TOOL, "check", f"--baseline={saved}", "--args=app:request__done=ptr,int32",
                      "--require=app:tick", target) if codes != (2, 2) else check,
                  run(TOOL, "diff", saved, target))
    tap.done()


main()
