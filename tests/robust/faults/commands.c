/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Every verb, every format, and every kind of input that a parser of its own reads. */
#include "faults/commands.h"

/*
 * libdw 0.188 has no way to say that memory ran out: it ends the program (__libdw_oom()), or
 * uses what it did not get. So do Capstone 4, json-c 0.16 and libarchive 3.6.
 */
#define ROW(shape, libraries, fails, ...)                                                \
	{                                                                                \
		SHAPE_##shape, libraries, fails,                                         \
		{                                                                        \
			__VA_ARGS__                                                      \
		}                                                                        \
	}
#define BLAME(shape, libraries, ...) ROW(shape, libraries, false, __VA_ARGS__)
#define FAILS(shape, ...)            ROW(shape, NULL, true, __VA_ARGS__)
#define TEXT(...)                    BLAME(TEXT, NULL, __VA_ARGS__)
#define JSON(...)                    BLAME(JSON, NULL, __VA_ARGS__)
#define NDJSON(...)                  BLAME(NDJSON, NULL, __VA_ARGS__)
#define TAP(...)                     BLAME(TAP, NULL, __VA_ARGS__)
#define JUNIT(...)                   BLAME(JUNIT, NULL, __VA_ARGS__)
#define LIBDW(shape, ...)            BLAME(shape, "libdw libcapstone", __VA_ARGS__)
#define SAVED(shape, ...)            BLAME(shape, "libjson-c", __VA_ARGS__)
#define PACKAGE(shape, ...)          BLAME(shape, "libarchive", __VA_ARGS__)
/* glibc's argp asserts that it has memory for its help: no frame but its own and ours. */
#define HELP(...) BLAME(TEXT, "faults", __VA_ARGS__)

/* clang-format off */
const struct command commands[] = {
	TEXT("x86_64/gcc-O2.so"),
	JSON("-J", "x86_64/gcc-O2.so", "edge/25-names"),
	NDJSON("-F", "ndjson", "x86_64/gcc-O2.so"),
	TEXT("-F", "table", "edge/25-names"),
	TEXT("-n", "-o", "PROVIDER,NAME,SECTION,TYPES,OPERANDS", "edge/25-names"),
	TEXT("--color=always", "-F", "long", "edge/25-names"),
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
	FAILS(TEXT, "edge/50-archive-damaged.a"),
	JSON("-J", "--libs", "x86_64/gcc-O2.exec"),
	JSON("-J", "--files-from=@in/list"),
	JSON("-J", "--files-from=@in/list0", "-0"),
	TEXT("--files-from=-", "<@in/list"),
	JSON("-J", "-", "<edge/25-names"),
	JSON("-J", "--root=@in/root", "/bin/app"),
	JSON("-J", "--root=@in/root", "--libs", "/bin/app"),
	JSON("-J", "-r", "--root=@in/root", "/"),
	TEXT("-rl", "--all-links", "-x", "--exclude-path=*.o", "sh4"),
	JSON("-r", "-j3", "-J", "sh4"),
	PACKAGE(JSON, "-rJ", "--packages", "@in/packed"),
	JSON("-r", "-J", "s390x"),
	NDJSON("-r", "-F", "ndjson", "s390x"),
	PACKAGE(JSON, "-J", "@in/package.tar"),
	PACKAGE(TEXT, "@in/package.tar"),
	SAVED(JSON, "-J", "@in/saved.json"),
	SAVED(NDJSON, "-F", "ndjson", "@in/saved.ndjson"),
	SAVED(TEXT, "-F", "long", "@in/saved.json"),
	SAVED(TEXT, "@in/saved.json"),
	SAVED(TEXT, "-F", "tsv", "-", "<@in/saved.ndjson"),
	TEXT("-p", "@pid"),
	JSON("-J", "-p", "@pid"),
	NDJSON("-F", "ndjson", "-p", "@pid"),
	TEXT("-F", "long", "--armed", "-p", "@pid"),
	TEXT("--summary", "-p", "@pid"),
	/* Details */
	JSON("-J", "-s", "site/x86_64-gcc-O2-dwarf5"),
	JSON("-J", "-d", "@in/names.d", "edge/25-names"),
	LIBDW(JSON, "-J", "--lines", "-a", "site/x86_64-gcc-O2-dwarf5"),
	LIBDW(TEXT, "-s", "--lines", "-a", "site/aarch64-gcc-O2-dwarf4"),
	LIBDW(JSON, "-J", "-s", "-a", "site/x86_64-gcc-O2.o"),
	LIBDW(JSON, "-J", "-s", "-a", "--debuginfo=separate", "separate/stripped"),
	LIBDW(JSON, "-J", "--lines", "-a", "separate/split"),
	LIBDW(TEXT, "-o", "NAME,FUNCTION,SOURCE,ARGNAMES,ARGTYPES", "site/x86_64-gcc-O2-dwarf5"),
	/* lint */
	TEXT("lint", "edge/25-arguments"),
	JSON("lint", "-F", "json", "--for=bpftrace,gdb", "edge/25-arguments"),
	TEXT("lint", "--for=all", "edge/25-arguments"),
	TAP("lint", "-F", "tap", "edge/25-arguments"),
	JUNIT("lint", "-F", "junit", "edge/25-arguments"),
	TEXT("lint", "-F", "github", "edge/25-arguments"),
	TEXT("lint", "--report=json:@out/json", "--report=tap:@out/tap",
	     "--report=junit:@out/junit", "--report=github:@out/github", "edge/25-arguments"),
	TEXT("lint", "--list-rules"),
	TEXT("lint", "--explain=base-missing"),
	TEXT("lint", "--severity=base-zero:error", "--fail-on=info", "--disable=base-missing",
	     "-r", "sh4"),
	TAP("lint", "-F", "tap", "-p", "@pid"),
	JUNIT("lint", "-F", "junit", "edge/50-archive.a"),
	PACKAGE(JSON, "lint", "-J", "@in/package.tar"),
	/* diff */
	TEXT("diff", "edge/25-arguments", "edge/25-names"),
	JSON("diff", "-F", "json", "edge/25-arguments", "edge/25-names"),
	SAVED(TEXT, "diff", "--strict", "@in/saved.json", "edge/25-names"),
	SAVED(JUNIT, "diff", "-F", "junit", "@in/saved.ndjson", "@in/saved.json"),
	PACKAGE(JSON, "diff", "-J", "@in/package.tar", "s390x"),
	TEXT("diff", "-F", "github", "edge/50-archive.a", "sh4"),
	TAP("diff", "-F", "tap", "--root=@in/root", "/bin/app", "/lib"),
	/* check */
	JSON("check", "-F", "json", "--require=*:*", "edge/25-arguments"),
	TEXT("check", "--each", "--requirements=@in/requirements", "edge/25-arguments",
	     "edge/25-names"),
	SAVED(TAP, "check", "-F", "tap", "--baseline=@in/saved.json", "edge/25-arguments"),
	JSON("check", "-J", "-d", "@in/names.d", "--lint", "edge/25-arguments"),
	TEXT("check", "--report=junit:@out/junit", "--forbid=*:*", "edge/25-names"),
	TEXT("check", "-F", "github", "--args=*=int32", "--min-probes=9", "edge/25-names"),
	JUNIT("check", "-F", "junit", "--each", "-r", "sh4"),
	JSON("check", "-J", "--libs", "--root=@in/root", "/bin/app"),
	TEXT("check", "-q", "-p", "@pid"),
	/* script */
	LIBDW(TEXT, "script", "bpftrace", "x86_64/gcc-O2.so"),
	LIBDW(TEXT, "script", "dtrace", "x86_64/gcc-O2.so"),
	LIBDW(TEXT, "script", "gdb", "x86_64/gcc-O2.so"),
	LIBDW(TEXT, "script", "perf", "x86_64/gcc-O2.so"),
	LIBDW(TEXT, "script", "stap", "x86_64/gcc-O2.so"),
	LIBDW(TEXT, "script", "tapset", "site/x86_64-gcc-O2-dwarf5"),
	SAVED(TEXT, "script", "bpftrace", "@in/saved.json"),
	LIBDW(TEXT, "script", "-sad", "@in/names.d", "--lines", "gdb", "site/x86_64-gcc-O2-dwarf5"),
	LIBDW(TEXT, "script", "stap", "-r", "sh4"),
	/* Some have a libc with probes, and a script looks for debug info of those it names. */
	TEXT("script", "perf", "-m", "none", "-p", "@pid"),
	TEXT("script", "--list-tools"),
	/* python */
	FAILS(TEXT, "python", "./x86_64/gcc-O2.exec"),
	FAILS(JSON, "python", "-J", "./x86_64/gcc-O2.exec"),
	TEXT("python", "@in/python3"),
	JSON("python", "-J", "@in/python3"),
	NDJSON("python", "-F", "ndjson", "@in/python3"),
	TEXT("python", "-F", "table", "@in/python3"),
	TEXT("python", "-F", "tsv", "@in/python3"),
	TEXT("python", "-n", "-o", "+PATH", "@in/python3"),
	TEXT("python", "-q", "--complete", "@in/python3"),
	TEXT("python", "--require=line", "@in/script"),
	JSON("python", "-J", "@in/venv/bin/python3"),
	TEXT("python", "@in/prefix"),
	JSON("python", "-J", "--all", "--root=@in/root", "/bin/python3"),
	FAILS(TEXT, "python", "-p", "@pid"),
	TEXT("python", "--list-columns"),
};
/* clang-format on */

const size_t command_count = sizeof(commands) / sizeof(*commands);
