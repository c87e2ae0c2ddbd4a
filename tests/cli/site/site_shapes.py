# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""Types of variables that few compilers write, by hand: what fits an operand, which part of it
does, and how it is spelled."""
import collections
import json
import pathlib
import tempfile

from helpers.tap import TOOL, Tap, run
from dwarf import (
    ARRAY, ATOMIC, CLASS, CONST, CXX, ENUMERATION, FLOAT, FUNCTION_TYPE, IMMUTABLE, INHERITANCE,
    MEMBER, MIPS_ASSEMBLER, PACKED, PARAMETER, POINTER, PROBES, REFERENCE, RESTRICT, RVALUE, SHARED,
    SIGNED, STRING, STRUCTURE, SUBRANGE, TYPEDEF, UNION, UNSIGNED, UNSPECIFIED, VARIADIC, VOLATILE,
    Entry, Form1, base, program, variable)

Row = collections.namedtuple("Row", "title argument type name spelled more",
                             defaults=(None, None, {}))
REGISTER, STACK = b"\x50", b"\x76\x70"                 # rax; at rbp - 16
INT, UINT, CHAR, LONG, SHORT = (
    base("int", 4, SIGNED), base("unsigned int", 4, UNSIGNED), base("char", 1, 6),
    base("long", 8, SIGNED), base("short", 2, SIGNED))


def many(tag, count, type):
    for _ in range(count):
        type = Entry(tag, name="t", type=type) if tag == TYPEDEF else Entry(tag, type=type)
    return type


def array(element, *ranges, **attributes):
    return Entry(ARRAY, *(Entry(SUBRANGE, **each) for each in ranges), type=element, **attributes)


def structure(*members, tag=STRUCTURE, size=16, name="s"):
    return Entry(tag, *members, name=name, byte_size=size)


def member(name, type, place=None, tag=MEMBER, **attributes):
    if place is not None:
        attributes["member_location"] = place
    return Entry(tag, name=name, type=type, **attributes)


def function(*parameters, **attributes):
    return Entry(FUNCTION_TYPE, *parameters, **attributes)


def pointer(type=None, tag=POINTER, **attributes):
    return Entry(tag, **({} if type is None else {"type": type}), **attributes)


def taking(depth):
    """A pointer to a function that takes such a pointer, and so on."""
    return pointer(function(*([Entry(PARAMETER, type=taking(depth - 1))] if depth > 1 else [])))


NAMES = (
    Row("atomic", "4@%eax", Entry(ATOMIC, type=UINT), "it", "_Atomic unsigned int"),
    Row("volatile and const", "4@%eax", Entry(CONST, type=Entry(VOLATILE, type=UINT)), "it",
        "const volatile unsigned int"),
    Row("immutable, which C cannot say", "4@%eax", Entry(IMMUTABLE, type=UINT), "it"),
    Row("packed, which C cannot say", "4@%eax", Entry(PACKED, type=UINT), "it"),
    Row("shared, which C cannot say", "4@%eax", Entry(SHARED, type=UINT), "it"),
    Row("as long a chain as any", "4@%eax", many(TYPEDEF, 63, UINT), "it", "t"),
    Row("a chain without an end", "4@%eax", many(TYPEDEF, 64, UINT)),
    Row("of pointers without an end", "8@%rax", many(POINTER, 64, UINT), "it"),
    Row("a typedef of nothing", "4@%eax", Entry(TYPEDEF, name="nothing")),
    Row("named by nothing", "4@%eax", Entry(0x24, byte_size=4, encoding=UNSIGNED), "it"),
    Row("a pointer that has a name", "8@%rax", Entry(POINTER, name="&str", byte_size=8), "it",
        "&str"),
    Row("a pointer without a size", "8@%rax", pointer(UINT), "it", "unsigned int *"),
    Row("to anything", "8@%rax", pointer(), "it", "void *"),
    Row("to anything that does not change", "8@%rax", pointer(Entry(CONST)), "it",
        "const void *"),
    Row("restricted", "8@%rax", Entry(RESTRICT, type=pointer(CHAR)), "it", "char *restrict"),
    Row("restricted and const", "8@%rax",
        Entry(CONST, type=Entry(RESTRICT, type=pointer(CHAR))), "it", "char *const restrict"),
    Row("what a reference refers to", "4@(%rax)", pointer(UINT, REFERENCE), "it",
        "unsigned int"),
    Row("to be moved", "8@%rax", pointer(UINT, RVALUE), "it", "unsigned int &&"),
    Row("nullptr", "8@%rax", Entry(UNSPECIFIED, name="decltype(nullptr)"), "it",
        "decltype(nullptr)"),
    Row("a string of Fortran", "4@%eax", Entry(STRING, name="x", byte_size=4)),
    Row("a class of a language that says so", "8@%rax", pointer(structure(tag=CLASS)), "it", "s *",
        {"unit": {"language": CXX}}),
    Row("one without a name", "8@%rax", pointer(Entry(CLASS, byte_size=4)), "it",
        "class {...} *", {"unit": {"language": CXX}}),
    Row("a structure of C++", "8@%rax", pointer(structure()), "it", "s *",
        {"unit": {"language": CXX}}),
    Row("a structure of another language", "8@%rax", pointer(structure()), "it", "s *",
        {"unit": {"language": MIPS_ASSEMBLER}}),
)

SHAPES = (
    Row("a boolean", "1@%al", base("_Bool", 1, 2), "it", "_Bool"),
    Row("a signed char", "-1@%al", base("signed char", 1, 6), "it", "signed char"),
    Row("a character of Unicode", "4@%eax", base("char32_t", 4, 0x10), "it", "char32_t"),
    Row("an address", "8@%rax", base("address", 8, 1), "it", "address"),
    Row("a float", "4f@%xmm0", base("float", 4, FLOAT), "it", "float",
        {"location": b"\x61"}),
    Row("a float is no integer", "4@%eax", base("float", 4, FLOAT), None, None,
        {"candidates": ("it",)}),
    Row("a complex number", "8@%rax", base("complex float", 8, 3), "it", "complex float"),
    Row("a decimal is neither", "4@%eax", base("_Decimal32", 4, 0xf)),
    Row("no encoding", "4@%eax", Entry(0x24, name="plain", byte_size=4)),
    Row("an enumeration of either sign", "-4@%eax", Entry(ENUMERATION, name="e", byte_size=4), "it",
        "enum e"),
    Row("an enumeration of one", "4@%eax", Entry(ENUMERATION, name="e", type=UINT, byte_size=4),
        "it", "enum e"),
    Row("its size from what is beneath it", "4@%eax", Entry(ENUMERATION, name="e", type=UINT),
        "it", "enum e"),
    Row("an enumeration with an encoding", "4@%eax",
        Entry(ENUMERATION, name="e", byte_size=4, encoding=UNSIGNED), "it", "enum e"),
    Row("an enumeration of no size", "4@%eax", Entry(ENUMERATION, name="e")),
    Row("a vector", "8@%rax", array(SHORT, {"count": 4}, vector=True, byte_size=8), "it",
        "short [4]"),
    Row("a whole structure", "8@%rax", structure(size=8), "it", "struct s"),
    Row("a whole union", "8@%rax", structure(tag=UNION, size=8), "it", "union s"),
    Row("a function", "8@%rax", function(byte_size=8)),
)

FUNCTIONS = (
    Row("of nothing said", "8@%rax", pointer(function(type=INT)), "it", "int (*)()"),
    Row("of nothing", "8@%rax", pointer(function(type=INT, prototyped=True)), "it",
        "int (*)(void)"),
    Row("of two", "8@%rax",
        pointer(function(Entry(PARAMETER, type=CHAR), Entry(PARAMETER, type=pointer()),
                         prototyped=True)), "it", "void (*)(char, void *)"),
    Row("of any number", "8@%rax",
        pointer(function(Entry(PARAMETER, type=CHAR), Entry(VARIADIC), type=INT)), "it",
        "int (*)(char, ...)"),
    Row("that says nothing of its parameters", "8@%rax",
        pointer(function(Entry(VARIADIC), type=INT)), "it", "int (*)()"),
    Row("the same in C++", "8@%rax", pointer(function(Entry(VARIADIC), type=INT)), "it",
        "int (*)(...)", {"unit": {"language": CXX}}),
    Row("a parameter without a type", "8@%rax", pointer(function(Entry(PARAMETER))), "it"),
    Row("of functions of functions of functions", "8@%rax", taking(3), "it",
        "void (*)(void (*)(void (*)()))"),
    Row("too deep in each other", "8@%rax", taking(6), "it"),
    Row("of hundreds", "8@%rax",
        pointer(function(*(Entry(PARAMETER, type=CHAR) for _ in range(300)))), "it"),
    Row("too long to spell", "8@%rax", pointer(function(
        *(Entry(PARAMETER, type=base("x" * 300, 4, SIGNED)) for _ in range(8)))), "it"),
)

ROWS = ({"count": 4},), ({"upper_bound": 3},), ({"lower_bound": 1, "upper_bound": 4},)
ARRAYS = (
    *(Row(f"element of {ranges}", "4@-12(%rbp)", array(UINT, *ranges), "it[1]", "unsigned int")
      for ranges in ROWS),
    *(Row(f"beyond the last of {ranges}", "4@0(%rbp)", array(UINT, *ranges)) for ranges in ROWS),
    Row("of two dimensions", "2@-4(%rbp)",
        array(base("u", 2, UNSIGNED), {"count": 2}, {"count": 4}), "it[1][2]", "u"),
    Row("of more than any has", "4@-12(%rbp)", array(UINT, *[{"count": 1}] * 40)),
    Row("an array of arrays", "4@-12(%rbp)", array(array(UINT, {"count": 2}), {"count": 2})),
    Row("without a dimension", "4@-16(%rbp)", array(UINT)),
    Row("an upper bound of -1", "4@-16(%rbp)", array(UINT, {"upper_bound": 0xffffffff})),
    Row("that ends before it begins", "4@-16(%rbp)",
        array(UINT, {"lower_bound": 8, "upper_bound": 3})),
    Row("larger than memory", "4@-16(%rbp)", array(UINT, {"count": 1 << 62}, {"count": 8})),
    Row("of elements without a size", "4@-16(%rbp)", array(Entry(CONST), {"count": 4})),
    Row("a pointer to an array", "8@%rax", pointer(array(INT, {"count": 3}, {"upper_bound": 4})),
        "it", "int (*)[3][5]"),
    Row("to one of unknown length", "8@%rax", pointer(array(INT, {})), "it", "int (*)[]"),
    Row("to an array of what a pointer points to", "8@%rax",
        pointer(array(pointer(CHAR), {"count": 2})), "it", "char *(*)[2]"),
    Row("to what has too many dimensions", "8@%rax", pointer(array(INT, *[{"count": 1}] * 40)),
        "it"),
)

MEMBERS = (
    Row("at a number", "4@-8(%rbp)", structure(member("a", UINT, 0), member("b", UINT, 8)),
        "it.b", "unsigned int"),
    Row("as DWARF 2 says it", "4@-8(%rbp)",
        structure(member("a", UINT, Form1(b"\x23\0")), member("b", UINT, Form1(b"\x23\x08"))),
        "it.b", "unsigned int", {"version": 2, "location": Form1(STACK)}),
    Row("as an expression", "4@-8(%rbp)",
        structure(member("a", UINT, b"\x23\0"), member("b", UINT, b"\x23\x08")),
        "it.b", "unsigned int"),
    Row("where no compiler puts it", "4@-8(%rbp)",
        structure(member("b", UINT, b"\x38\x22"), member("c", INT, 8))),
    Row("of some bits", "4@-8(%rbp)", structure(member("b", UINT, 8, bit_size=3))),
    Row("of all of a class", "4@-8(%rbp)",
        structure(member("b", UINT, 8, external=True, declaration=True))),
    Row("without a type", "4@-8(%rbp)", structure(Entry(MEMBER, name="b", member_location=8))),
    Row("in one without a name", "4@-8(%rbp)",
        structure(Entry(MEMBER, type=structure(member("b", UINT, 4), size=8), member_location=4)),
        "it.b", "unsigned int"),
    Row("of what it is derived from", "4@-8(%rbp)",
        structure(Entry(INHERITANCE, type=structure(member("b", UINT, 4), size=8, name="base"),
                        member_location=4)), "it.b", "unsigned int"),
    Row("of a union", "4@-16(%rbp)", structure(member("b", UINT), tag=UNION, size=8), "it.b",
        "unsigned int"),
    Row("two of a union", "4@-16(%rbp)",
        structure(member("b", UINT), member("c", UINT), tag=UNION, size=8), None, None,
        {"candidates": ("it.b", "it.c")}),
    Row("one of them of the other sign", "4@-16(%rbp)",
        structure(member("b", UINT), member("c", INT), tag=UNION, size=8), "it.b", "unsigned int"),
    Row("a last one of any length", "4@8(%rax)",
        pointer(structure(member("a", LONG, 0), member("b", array(UINT, {}), 8), size=8)),
        "it->b[0]", "unsigned int", {"location": REGISTER}),
    Row("the second of these", "4@12(%rax)",
        pointer(structure(member("a", LONG, 0), member("b", array(UINT, {}), 8), size=8)),
        "it->b[1]", "unsigned int", {"location": REGISTER}),
    # As far as is looked; what is there is of the same bytes.
    Row("structures without an end", "4@-16(%rbp)", None, "it" + ".m" * 16, "struct s"),
    Row("a member of the second that a pointer points to", "4@12(%rax)",
        pointer(structure(member("a", UINT, 0), member("b", UINT, 4), size=8)), "it[1].b",
        "unsigned int", {"location": REGISTER}),
    Row("before what a pointer points to", "4@-4(%rax)", pointer(UINT), None, None,
        {"location": REGISTER}),
    Row("farther than any index", "4@400000(%rax)", pointer(UINT), None, None,
        {"location": REGISTER}),
)


def nested(depth):
    inner = UINT
    for _ in range(depth):
        inner = structure(member("m", inner, 0), size=4)
    return inner


# A structure that holds itself: as damage says.
ITSELF = structure(member("m", UINT, 0), size=4)
ITSELF.children[0].attributes["type"] = ITSELF
MEMBERS = tuple(row._replace(type=ITSELF) if row.type is None else row for row in MEMBERS) + (
    Row("as deep as any", "4@-16(%rbp)", nested(16), "it" + ".m" * 16, "unsigned int"),
    Row("deeper", "4@-16(%rbp)", nested(17), "it" + ".m" * 16, "struct s"),
)
AREAS = (("types", NAMES), ("shapes", SHAPES), ("functions", FUNCTIONS), ("arrays", ARRAYS),
         ("members", MEMBERS))
STATICS = (
    Row("the address of a variable", "8@$held", UINT, "&it", "unsigned int *"),
    Row("of an array: of its first", "8@$held", array(UINT, {"count": 4}), "it", "unsigned int *"),
    Row("of another element", "8@$held+8", array(UINT, {"count": 4}), "&it[2]", "unsigned int *"),
    Row("within an element", "8@$held+2", array(UINT, {"count": 4})),
    Row("within a variable", "8@$held+2", UINT),
    Row("of an array of arrays", "8@$held", array(UINT, {"count": 2}, {"count": 2})),
    Row("behind it", "8@$held+16", array(UINT, {"count": 4})),
)


def needed(type, found):
    """What a type refers to has to stand in the unit, too."""
    if type in found:
        return
    found.append(type)
    for entry in type.everything():
        other = entry.attributes.get("type")
        if other:
            needed(other, found)


def made(row, location):
    more = dict(row.more)
    location, _ = more.pop("location", location), more.pop("candidates", None)
    types = []
    needed(row.type, types)
    return program(types, [variable("it", row.type, location)], row.argument, **more)


def check(tap, area, rows, folder):
    paths = []
    for number, row in enumerate(rows):
        location = REGISTER if "%rbp" not in row.argument else STACK
        paths.append(folder / f"{area}-{number}")
        paths[-1].write_bytes(
            made(row, b"\x03" + PROBES.to_bytes(8, "little") if area == "statics" else location))
    found = json.loads(run(TOOL, "-J", "-a", *paths).stdout)["files"]
    for row, file in zip(rows, found):
        argument = file["probes"][0]["arguments"][0]
        candidates = tuple(each["name"] for each in argument.get("candidates", []))
        got = argument["name"], argument["c_type"], candidates
        tap.ok(got == (row.name, row.spelled, row.more.get("candidates", ())),
               f"{area}: {row.title}", f"{got}, {file['diagnostics']}, {argument}")


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="usdtinfo-") as folder:
        for area, rows in (*AREAS, ("statics", STATICS)):
            check(tap, area, rows, pathlib.Path(folder))
    tap.done()


main()
