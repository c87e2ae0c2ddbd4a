# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""The ways in which usdtinfo is built, one row each; builds.py reads them."""
import dataclasses

# What a build of any kind has to pass: what the options leave out is skipped there.
MOST = ("unit-*", "golden", "schema", "fuzz-*", "library", "library-live", "saved", "edge",
        "edge-*")
# What is made of objects that hold no code yet has to work for those who link it.
LINKED = (*MOST, "house-installed")
# On another machine all that is ours, and what is damaged or fails there.
FOREIGN = ("unit/*", "cli/*", "fuzz-*", "damage", "damage-verbs", "faults", "limits", "edge-bounds",
           "values")
# Of what has to do with optional libraries.
OPTIONAL = ("unit-*", "golden", "schema", "saved")
FEATURES = ("smartcols", "archive", "json_c", "capstone", "lzma")


@dataclasses.dataclass(frozen=True)
class Variant:
    name: str
    group: str  # run together: "builds.py GROUP"
    compiler: str
    options: tuple = ()  # of meson
    tests: tuple = MOST  # their names; none: the program has to start
    needs: tuple = ()  # other programs
    linker: str = ""
    archiver: str = "ar"


@dataclasses.dataclass(frozen=True)
class Machine:
    """A machine that is built for, in Debian's words and in meson's."""
    name: str
    triplet: str
    family: str
    endian: str
    compiler: tuple
    emulator: str  # of qemu-user; "": this machine's kernel runs its programs
    tests: tuple = FOREIGN
    linker: str = "ld.so"  # the dynamic linker in the root, where there is no emulator


OPTIMISED = ("-Doptimization=3", "-Ddebug=true", "-Db_lto=true")
VARIANTS = (
    Variant("gcc -O0", "compilers", "gcc", ("-Doptimization=0",)),
    Variant("gcc -O3, at link time", "compilers", "gcc", OPTIMISED, LINKED, archiver="gcc-ar"),
    Variant("clang -O0", "compilers", "clang", ("-Doptimization=0",)),
    Variant("clang -O3, at link time", "compilers", "clang", OPTIMISED, LINKED,
            linker="lld", archiver="llvm-ar", needs=("ld.lld", "llvm-ar")),
    *(Variant(f"without {name}", "features", "cc", (f"-D{name}=disabled",), OPTIONAL)
      for name in FEATURES),
    Variant("without any feature", "features", "cc",
            tuple(f"-D{name}=disabled" for name in FEATURES), OPTIONAL),
    Variant("libraries linked", "kinds", "cc", ("-Dlazy=false",)),
    Variant("static library only", "kinds", "cc", ("-Ddefault_library=static",), ("golden",)),
    Variant("shared library only", "kinds", "cc", ("-Ddefault_library=shared",), ("golden",)),
    Variant("static program", "kinds", "cc", ("-Dstatic=true",), ("golden", "unit-*")),
    Variant("nothing beside the program", "kinds", "cc",
            ("-Dman=false", "-Dcompletions=false", "-Dtests=disabled"), ()),
)

MACHINES = (
    Machine("i386", "i386-linux-gnu", "x86", "little", ("gcc", "-m32"), "",
            linker="lib/ld-linux.so.2"),
    Machine("s390x", "s390x-linux-gnu", "s390x", "big", ("s390x-linux-gnu-gcc",), "s390x"),
    Machine("arm64", "aarch64-linux-gnu", "aarch64", "little", ("aarch64-linux-gnu-gcc",),
            "aarch64"),
    Machine("armhf", "arm-linux-gnueabihf", "arm", "little", ("arm-linux-gnueabihf-gcc",),
            "arm", ("unit-*", "golden", "schema", "library", "library-live")),
)
