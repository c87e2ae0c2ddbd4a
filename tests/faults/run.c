/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The program under faults: for each command line and each kind of fault, every call of that
 * kind fails once. Usage: faults FIXTURES [KIND [STEP [COMMAND]]]: every STEPth call only,
 * one row of the table only.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faults/faults.h"

int program_main(int argc, char **argv);

/* What the command line writes; decides what half a report is. */
enum shape {
	SHAPE_TEXT,
	SHAPE_JSON,
	SHAPE_NDJSON
};

static const struct command {
	enum shape shape;
	/*
	 * Made by a library that does not tell that memory ran out: libdw 0.188 crashes,
	 * libsmartcols 2.38 leaves cells out.
	 */
	bool is_forgetful;
	const char *words[10];
} commands[] = {
	{ SHAPE_TEXT, false, { "x86_64/gcc-O2.so" } },
	{ SHAPE_JSON, false, { "-J", "x86_64/gcc-O2.so", "edge/25-names" } },
	{ SHAPE_NDJSON, false, { "-F", "ndjson", "x86_64/gcc-O2.so" } },
	{ SHAPE_TEXT, true, { "-F", "table", "edge/25-names" } },
	{ SHAPE_TEXT, false, { "-F", "tsv", "edge/25-names" } },
	{ SHAPE_TEXT, false, { "-F", "names", "x86_64/gcc-O2.so", "edge/25-names" } },
	{ SHAPE_TEXT, false, { "-F", "dtrace-list", "edge/25-names" } },
	{ SHAPE_TEXT, false, { "-F", "long", "edge/30-got" } },
	{ SHAPE_TEXT, false, { "-q", "edge/25-names" } },
	{ SHAPE_TEXT,
	  false,
	  { "-l", "-m", "*:*", "edge/25-names", "edge/41-many-sites" } },
	{ SHAPE_TEXT, false, { "--for=bpftrace", "edge/25-arguments" } },
	{ SHAPE_TEXT, false, { "--for=ftrace", "edge/25-arguments" } },
	{ SHAPE_JSON, false, { "-J", "edge/11-relocatable" } },
	{ SHAPE_JSON, false, { "-J", "edge/51-compressed" } },
	{ SHAPE_JSON, false, { "-J", "edge/50-archive.a" } },
	{ SHAPE_TEXT, false, { "edge/50-archive-damaged.a" } },
	{ SHAPE_JSON, false, { "-J", "-s", "site/x86_64-gcc-O2-dwarf5" } },
	{ SHAPE_JSON, true, { "-J", "--lines", "-a", "site/x86_64-gcc-O2-dwarf5" } },
	{ SHAPE_JSON, false, { "-r", "-J", "s390x" } },
	{ SHAPE_TEXT, false, { "lint", "edge/25-arguments" } },
	{ SHAPE_JSON,
	  false,
	  { "lint", "-F", "json", "--for=bpftrace,gdb", "edge/25-arguments" } },
	{ SHAPE_TEXT, false, { "lint", "-F", "junit", "edge/25-arguments" } },
	{ SHAPE_TEXT, false, { "diff", "edge/25-arguments", "edge/25-names" } },
	{ SHAPE_JSON,
	  false,
	  { "diff", "-F", "json", "edge/25-arguments", "edge/25-names" } },
	{ SHAPE_JSON,
	  false,
	  { "check", "-F", "json", "--require=*:*", "edge/25-arguments" } },
	{ SHAPE_TEXT, false, { "python", "./x86_64/gcc-O2.exec" } },
	{ SHAPE_JSON, false, { "python", "-J", "./x86_64/gcc-O2.exec" } },
};

/* What must come of a fault. */
enum outcome {
	OUTCOME_HONEST, /* the same result, or trouble that is told of */
	OUTCOME_SAME,   /* the same result */
};

static const struct kind {
	const char *name;
	enum fault fault;
	enum outcome outcome;
} kinds[] = {
	{ "allocation", FAULT_ALLOCATION, OUTCOME_HONEST },
	{ "allocations", FAULT_ALLOCATIONS, OUTCOME_HONEST },
	{ "open", FAULT_OPEN, OUTCOME_HONEST },
	{ "read", FAULT_READ, OUTCOME_HONEST },
	{ "read-end", FAULT_READ_END, OUTCOME_HONEST },
	{ "read-stutter", FAULT_READ_STUTTER, OUTCOME_SAME },
	{ "read-short", FAULT_READ_SHORT, OUTCOME_SAME },
	{ "reads-short", FAULT_READS_SHORT, OUTCOME_SAME },
	{ "stat", FAULT_STAT, OUTCOME_HONEST },
	{ "write", FAULT_WRITE, OUTCOME_HONEST },
	{ "write-stutter", FAULT_WRITE_STUTTER, OUTCOME_SAME },
	{ "writes-short", FAULT_WRITES_SHORT, OUTCOME_SAME },
};

struct captured {
	char *at; /* NUL-terminated */
	size_t size;
};

struct result {
	int status; /* of waitpid() */
	struct captured out, err, trace;
	struct fault_counts counts;
};

static struct fault_counts *shared;
static unsigned tests, failures;

static void check_system(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(99);
}

static struct captured capture(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	check_system(size >= 0, "lseek");
	struct captured ret = { malloc((size_t)size + 1), (size_t)size };
	check_system(ret.at, "malloc");
	for (size_t used = 0; used < ret.size;) {
		ssize_t got = pread(fd, ret.at + used, ret.size - used, (off_t)used);
		check_system(got > 0, "pread");
		used += (size_t)got;
	}
	ret.at[ret.size] = '\0';
	close(fd);
	return ret;
}

/* In a child of its own. Does not return. */
static void run_command(const struct command *command, enum fault fault, uint64_t number,
                        int out, int err)
{
	char *argv[12] = { (char *)"usdtinfo" };
	int argc = 1;
	for (size_t i = 0; command->words[i]; i++)
		argv[argc++] = (char *)command->words[i];
	check_system(dup2(out, 1) == 1 && dup2(err, 2) == 2, "dup2");
	alarm(20);
	fault_arm(fault, number, shared);
	int code = program_main(argc, argv);
	fault_disarm();
	shared->ended = true;
	_exit(code);
}

static struct result run(const struct command *command, enum fault fault, uint64_t number)
{
	struct result ret;
	int out = memfd_create("out", MFD_CLOEXEC),
	    err = memfd_create("err", MFD_CLOEXEC);
	int trace = memfd_create("trace", MFD_CLOEXEC);
	check_system(out >= 0 && err >= 0 && trace >= 0, "memfd_create");
	memset(shared, 0, sizeof(*shared));
	shared->trace_fd = getenv("FAULTS_TRACE") ? trace : -1;
	fflush(stdout);
	pid_t child = fork();
	check_system(child >= 0, "fork");
	if (child == 0)
		run_command(command, fault, number, out, err);
	check_system(waitpid(child, &ret.status, 0) == child, "waitpid");
	ret.out = capture(out);
	ret.err = capture(err);
	ret.trace = capture(trace);
	ret.counts = *shared;
	return ret;
}

static void result_deinit(struct result *result)
{
	free(result->out.at);
	free(result->err.at);
	free(result->trace.at);
}

static bool is_json(const char *at, size_t size)
{
	struct json_tokener *tokener = json_tokener_new_ex(64);
	struct json_object *object = json_tokener_parse_ex(tokener, at, (int)size);
	enum json_tokener_error error = json_tokener_get_error(tokener);
	size_t end = json_tokener_get_parse_end(tokener);
	json_object_put(object);
	json_tokener_free(tokener);
	return error == json_tokener_success && end + 1 >= size;
}

static bool is_ndjson(struct captured text)
{
	for (size_t at = 0; at < text.size;) {
		const char *end = memchr(text.at + at, '\n', text.size - at);
		if (!end || !is_json(text.at + at, (size_t)(end - text.at) - at))
			return false;
		at = (size_t)(end - text.at) + 1;
	}
	return true;
}

static bool is_same(const struct result *a, const struct result *b)
{
	return a->status == b->status && a->out.size == b->out.size &&
	       a->err.size == b->err.size &&
	       memcmp(a->out.at, b->out.at, a->out.size) == 0 &&
	       memcmp(a->err.at, b->err.at, a->err.size) == 0;
}

/* Return: what is wrong with a run, or NULL */
static const char *judge(const struct command *command, const struct kind *kind,
                         const struct result *result, const struct result *whole)
{
	if (WIFSIGNALED(result->status))
		return WTERMSIG(result->status) == SIGALRM ? "it hangs" : "it crashes";
	int code = WEXITSTATUS(result->status);
	if (result->counts.ended && result->counts.blocks > whole->counts.blocks)
		return "memory is lost";
	if (is_same(result, whole))
		return NULL;
	/* What is empty by the time it is looked at is no file to speak of. */
	if (kind->fault == FAULT_READ_END && strcmp(command->words[0], "-r") == 0 &&
	    code == 1)
		return NULL;
	if (kind->outcome == OUTCOME_SAME)
		return "the result differs";
	if (code != 2)
		return "the result differs, and the exit code is not 2";
	if (result->err.size == 0)
		return "nothing is said";
	if (strncmp(result->err.at, "usdtinfo", 8) != 0)
		return "the message does not begin with the program's name";
	/* A failing write cuts whatever comes. */
	if (kind->fault == FAULT_WRITE)
		return NULL;
	if (command->shape == SHAPE_JSON && result->out.size &&
	    !is_json(result->out.at, result->out.size))
		return "the JSON is not whole";
	if (command->shape == SHAPE_NDJSON && !is_ndjson(result->out))
		return "a line of the NDJSON is not whole";
	return NULL;
}

static void print_words(const struct command *command)
{
	for (size_t i = 0; command->words[i]; i++)
		printf(" %s", command->words[i]);
}

/* FAULTS_TRACE in the environment adds who made the call. */
static void complain(uint64_t number, const char *complaint, const struct result *result,
                     const struct result *whole)
{
	printf("# call %llu: %s; status %#x, blocks %lld of %lld, said: %s%s%s",
	       (unsigned long long)number, complaint, (unsigned)result->status,
	       (long long)result->counts.blocks, (long long)whole->counts.blocks,
	       result->err.at, result->err.size ? "" : "\n", result->trace.at);
}

static void sweep(const struct command *command, const struct kind *kind, uint64_t step)
{
	unsigned wrong = 0;
	uint64_t number = 1, runs = 0;
	struct result whole = run(command, kind->fault, 0);
	for (;; number += step, runs++) {
		struct result result = run(command, kind->fault, number);
		bool hit = result.counts.hit;
		const char *complaint = hit ? judge(command, kind, &result, &whole)
		                            : NULL;
		if (complaint && wrong++ < 8)
			complain(number, complaint, &result, &whole);
		result_deinit(&result);
		if (!hit)
			break;
	}
	result_deinit(&whole);
	failures += wrong > 0;
	printf("%sok %u - %s:", wrong ? "not " : "", ++tests, kind->name);
	print_words(command);
	printf(" (%llu runs, %u wrong)\n", (unsigned long long)runs, wrong);
}

int main(int argc, char **argv)
{
	const char *only = argc > 2 ? argv[2] : "all";
	uint64_t step = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
	const char *words = argc > 4 ? argv[4] : NULL;
	if (argc < 2 || step == 0 || chdir(argv[1]) < 0) {
		fprintf(stderr, "usage: %s FIXTURES [KIND [STEP [COMMAND]]]\n", argv[0]);
		return 2;
	}
	/* Loading a locale, which the C library does once, is not the program's to answer for. */
	setlocale(LC_CTYPE, "C.UTF-8");
	mbstowcs(NULL, "\303\244", 0);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	check_system(shared != MAP_FAILED, "mmap");
	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
		if (strcmp(only, "all") != 0 && strcmp(only, kinds[k].name) != 0)
			continue;
		for (size_t c = 0; c < sizeof(commands) / sizeof(*commands); c++) {
			if (words && (unsigned)atoi(words) != c)
				continue;
			bool is_memory = kinds[k].fault == FAULT_ALLOCATION ||
			                 kinds[k].fault == FAULT_ALLOCATIONS;
			if (!is_memory || !commands[c].is_forgetful)
				sweep(&commands[c], &kinds[k], step);
		}
	}
	printf("1..%u\n", tests);
	return failures || !tests;
}
