/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Ruby, built with --enable-dtrace. */
#include "probe/known/catalogue_data.h"

/* clang-format off */
#define TEXT(name) ARG(name, "const char *")
#define HERE TEXT("filename"), ARG("lineno", "int")
#define METHOD CATALOGUE_ARGUMENTS(TEXT("classname"), TEXT("methodname"), HERE)
#define REQUIRED CATALOGUE_ARGUMENTS(TEXT("requiredfile"), HERE)
#define LOADED CATALOGUE_ARGUMENTS(TEXT("loadedfile"), HERE)
#define CLASS CATALOGUE_ARGUMENTS(TEXT("classname"), HERE)
#define LENGTH CATALOGUE_ARGUMENTS(ARG("length", "long"), HERE)
#define SOURCE CATALOGUE_ARGUMENTS(TEXT("sourcefile"), ARG("lineno", "int"))

static const char rows[] =
	ROW("method__entry", "a method is about to be entered", "2.0", "", METHOD)
	ROW("method__return", "a method has returned", "2.0", "", METHOD)
	ROW("cmethod__entry", "a method written in C is about to be entered", "2.0", "", METHOD)
	ROW("cmethod__return", "a method written in C is about to return", "2.0", "", METHOD)
	ROW("require__entry", "a file is required", "2.0", "", REQUIRED)
	ROW("require__return", "a file was required without an exception", "2.0", "", REQUIRED)
	ROW("find__require__entry", "a required file is about to be looked for", "2.0", "", REQUIRED)
	ROW("find__require__return", "a required file was looked for", "2.0", "", REQUIRED)
	ROW("load__entry", "a file is about to be loaded", "2.0", "", LOADED)
	ROW("load__return", "a file was loaded", "2.0", "", LOADED)
	/* Up to 2.2 the returns passed only the file. */
	ROW("require__return", "a file was required without an exception", "2.0", "2.3",
	    CATALOGUE_ARGUMENTS(TEXT("requiredfile")))
	ROW("load__return", "a file was loaded", "2.0", "2.3",
	    CATALOGUE_ARGUMENTS(TEXT("loadedfile")))
	ROW("raise", "an exception is raised", "2.0", "", CLASS)
	ROW("object__create", "an object is about to be allocated", "2.0", "", CLASS)
	ROW("array__create", "an Array is about to be allocated", "2.0", "", LENGTH)
	ROW("hash__create", "a Hash is about to be allocated", "2.0", "", LENGTH)
	ROW("string__create", "a String is about to be allocated", "2.0", "", LENGTH)
	ROW("symbol__create", "a Symbol is about to be allocated", "2.1", "",
	    CATALOGUE_ARGUMENTS(TEXT("string"), HERE))
	ROW("parse__begin", "a source file is about to be parsed and compiled", "2.0", "", SOURCE)
	ROW("parse__end", "a source file was parsed and compiled", "2.0", "", SOURCE)
	ROW("method__cache__clear", "the cache of methods is cleared", "2.1", "3.0",
	    CATALOGUE_ARGUMENTS(TEXT("class"), HERE))
	ROW("insn", "an instruction of the virtual machine is executed", "2.0", "",
	    CATALOGUE_ARGUMENTS(TEXT("insns_name")))
	ROW("insn__operand", "an instruction of the virtual machine has an operand", "2.0", "",
	    CATALOGUE_ARGUMENTS(TEXT("val"), TEXT("insns_name")))
	ROW("gc__mark__begin", "a mark phase of the garbage collector begins", "2.0", "", "")
	ROW("gc__mark__end", "a mark phase of the garbage collector ends", "2.0", "", "")
	ROW("gc__sweep__begin", "a sweep phase of the garbage collector begins", "2.0", "", "")
	ROW("gc__sweep__end", "a sweep phase of the garbage collector ends", "2.0", "", "");
/* clang-format on */

const struct catalogue_provider catalogue_ruby = {
	.name = "ruby",
	.source = "https://docs.ruby-lang.org/en/master/dtrace_probes_rdoc.html",
	.rows = { rows, sizeof(rows) - 1 },
};
