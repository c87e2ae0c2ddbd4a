/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Every verb, every format, and every kind of input that a parser of its own reads. */
#include "faults/commands.h"

#define TEXT(...)                                                                        \
	{                                                                                \
		SHAPE_TEXT, NULL,                                                        \
		{                                                                        \
			__VA_ARGS__                                                      \
		}                                                                        \
	}
#define JSON(...)                                                                        \
	{                                                                                \
		SHAPE_JSON, NULL,                                                        \
		{                                                                        \
			__VA_ARGS__                                                      \
		}                                                                        \
	}
#define NDJSON(...)                                                                      \
	{                                                                                \
		SHAPE_NDJSON, NULL,                                                      \
		{                                                                        \
			__VA_ARGS__                                                      \
		}                                                                        \
	}
/*
 * libdw 0.188 has no way to say that memory ran out: it ends the program (__libdw_oom()), or
 * uses what it did not get. So do Capstone 4, json-c 0.16 and libarchive 3.6.
 */
#define BLAME(shape, libraries, ...)                                                     \
	{                                                                                \
		SHAPE_##shape, libraries,                                                \
		{                                                                        \
			__VA_ARGS__                                                      \
		}                                                                        \
	}
#define LIBDW(shape, ...)   BLAME(shape, "libdw libcapstone", __VA_ARGS__)
#define SAVED(shape, ...)   BLAME(shape, "libjson-c", __VA_ARGS__)
#define PACKAGE(shape, ...) BLAME(shape, "libarchive", __VA_ARGS__)
/* glibc's argp asserts that it has memory for its help: no frame but its own and ours. */
#define HELP(...) BLAME(TEXT, "faults", __VA_ARGS__)

/* clang-format off */
const struct command commands[] = {
	TEXT("x86_64/gcc-O2.so"),
	JSON("-J", "x86_64/gcc-O2.so", "edge/25-names"),
	NDJSON("-F", "ndjson", "x86_64/gcc-O2.so"),
	TEXT("-F", "table", "edge/25-names"),
	TEXT("-F", "tsv", "edge/25-names"),
	TEXT("-F", "names", "x86_64/gcc-O2.so", "edge/25-names"),
	TEXT("-F", "dtrace-list", "edge/25-names"),
	TEXT("-F", "long", "edge/30-got"),
	TEXT("-q", "edge/25-names"),
	TEXT("-l", "-m", "*:*", "edge/25-names", "edge/41-many-sites"),
	TEXT("--summary", "edge/25-names", "edge/30-got"),
	TEXT("--summary", "-F", "tsv", "edge/25-names"),
	JSON("--summary", "-J", "edge/25-names"),
	TEXT("--list-columns"),
	TEXT("--list-options"),
	HELP("--help"),
	TEXT("--version"),
	/* Lines to paste */
	TEXT("--for=bpftrace", "edge/25-arguments"),
	TEXT("--for=bcc", "edge/25-arguments"),
	TEXT("--for=libbpf", "edge/25-arguments"),
	TEXT("--for=perf", "edge/25-arguments"),
	TEXT("--for=gdb", "edge/25-arguments"),
	TEXT("--for=stap", "edge/25-arguments"),
	TEXT("--for=lttng", "edge/25-arguments"),
	TEXT("--for=dtrace", "edge/25-arguments"),
	TEXT("--for=ftrace", "edge/25-arguments"),
	/* Kinds of files */
	JSON("-J", "edge/11-relocatable"),
	JSON("-J", "edge/51-compressed"),
	JSON("-J", "edge/50-archive.a"),
	TEXT("edge/50-archive-damaged.a"),
	JSON("-J", "--libs", "x86_64/gcc-O2.exec"),
	JSON("-J", "--files-from=@in/list"),
	JSON("-r", "-J", "s390x"),
	NDJSON("-r", "-F", "ndjson", "s390x"),
	PACKAGE(JSON, "-J", "@in/package.tar"),
	PACKAGE(TEXT, "@in/package.tar"),
	SAVED(JSON, "-J", "@in/saved.json"),
	SAVED(NDJSON, "-F", "ndjson", "@in/saved.ndjson"),
	SAVED(TEXT, "-F", "long", "@in/saved.json"),
	SAVED(TEXT, "@in/saved.json"),
	TEXT("-p", "@pid"),
	JSON("-J", "-p", "@pid"),
	TEXT("--summary", "-p", "@pid"),
	/* Details */
	JSON("-J", "-s", "site/x86_64-gcc-O2-dwarf5"),
	JSON("-J", "-d", "@in/names.d", "edge/25-names"),
	LIBDW(JSON, "-J", "--lines", "-a", "site/x86_64-gcc-O2-dwarf5"),
	LIBDW(TEXT, "-s", "--lines", "-a", "site/aarch64-gcc-O2-dwarf4"),
	LIBDW(JSON, "-J", "-s", "-a", "site/x86_64-gcc-O2.o"),
	/* lint */
	TEXT("lint", "edge/25-arguments"),
	JSON("lint", "-F", "json", "--for=bpftrace,gdb", "edge/25-arguments"),
	TEXT("lint", "--for=all", "edge/25-arguments"),
	TEXT("lint", "-F", "tap", "edge/25-arguments"),
	TEXT("lint", "-F", "junit", "edge/25-arguments"),
	TEXT("lint", "-F", "github", "edge/25-arguments"),
	TEXT("lint", "--report=json:@out/json", "--report=tap:@out/tap",
	     "--report=junit:@out/junit", "--report=github:@out/github", "edge/25-arguments"),
	TEXT("lint", "--list-rules"),
	TEXT("lint", "--explain=base-missing"),
	/* diff */
	TEXT("diff", "edge/25-arguments", "edge/25-names"),
	JSON("diff", "-F", "json", "edge/25-arguments", "edge/25-names"),
	SAVED(TEXT, "diff", "--strict", "@in/saved.json", "edge/25-names"),
	SAVED(TEXT, "diff", "-F", "junit", "@in/saved.ndjson", "@in/saved.json"),
	PACKAGE(JSON, "diff", "-J", "@in/package.tar", "s390x"),
	/* check */
	JSON("check", "-F", "json", "--require=*:*", "edge/25-arguments"),
	TEXT("check", "--each", "--requirements=@in/requirements", "edge/25-arguments",
	     "edge/25-names"),
	SAVED(TEXT, "check", "-F", "tap", "--baseline=@in/saved.json", "edge/25-arguments"),
	JSON("check", "-J", "-d", "@in/names.d", "--lint", "edge/25-arguments"),
	TEXT("check", "--report=junit:@out/junit", "--forbid=*:*", "edge/25-names"),
	/* script */
	LIBDW(TEXT, "script", "bpftrace", "x86_64/gcc-O2.so"),
	LIBDW(TEXT, "script", "dtrace", "x86_64/gcc-O2.so"),
	LIBDW(TEXT, "script", "gdb", "x86_64/gcc-O2.so"),
	LIBDW(TEXT, "script", "perf", "x86_64/gcc-O2.so"),
	LIBDW(TEXT, "script", "stap", "x86_64/gcc-O2.so"),
	LIBDW(TEXT, "script", "tapset", "site/x86_64-gcc-O2-dwarf5"),
	SAVED(TEXT, "script", "bpftrace", "@in/saved.json"),
	/* python */
	TEXT("python", "./x86_64/gcc-O2.exec"),
	JSON("python", "-J", "./x86_64/gcc-O2.exec"),
	TEXT("python", "@in/python3"),
	JSON("python", "-J", "@in/python3"),
	NDJSON("python", "-F", "ndjson", "@in/python3"),
	TEXT("python", "-F", "table", "@in/python3"),
	TEXT("python", "-F", "tsv", "@in/python3"),
};
/* clang-format on */

const size_t command_count = sizeof(commands) / sizeof(*commands);
