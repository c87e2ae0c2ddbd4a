/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The program under faults: for each command line and each kind of fault, every call of that
 * kind fails once. Usage: faults FIXTURES INPUTS [KIND [STEP [COMMAND]]]: every STEPth call
 * only, one row of the table only.
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faults/commands.h"
#include "faults/faults.h"
#include "faults/report_shape.h"

int program_main(int argc, char **argv);

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>

/* The dynamic linker keeps a block for each library that it loads. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:dl_open_worker\nleak:ld-linux\nleak:ld-musl\n";
}
#endif
#define LEAK_CODE 77
#ifdef __SANITIZE_ADDRESS__
#define SLOWNESS     10
#define IS_SANITIZED true
#else
#define SLOWNESS     1
#define IS_SANITIZED false
#endif

/* What must come of a fault. */
enum outcome {
	OUTCOME_HONEST, /* the same result, or trouble that is told of */
	OUTCOME_SAME,   /* the same result */
	OUTCOME_TOLD,   /* trouble that is told of */
};

static const struct kind {
	const char *name;
	enum fault fault;
	enum outcome outcome;
} kinds[] = {
	{ "allocation", FAULT_ALLOCATION, OUTCOME_HONEST },
	{ "allocations", FAULT_ALLOCATIONS, OUTCOME_HONEST },
	{ "open", FAULT_OPEN, OUTCOME_HONEST },
	{ "directory", FAULT_DIRECTORY, OUTCOME_HONEST },
	{ "link", FAULT_LINK, OUTCOME_HONEST },
	{ "thread", FAULT_THREAD, OUTCOME_HONEST },
	{ "read", FAULT_READ, OUTCOME_HONEST },
	{ "read-end", FAULT_READ_END, OUTCOME_HONEST },
	{ "read-stutter", FAULT_READ_STUTTER, OUTCOME_SAME },
	{ "read-short", FAULT_READ_SHORT, OUTCOME_SAME },
	{ "reads-short", FAULT_READS_SHORT, OUTCOME_SAME },
	{ "stat", FAULT_STAT, OUTCOME_HONEST },
	{ "write", FAULT_WRITE, OUTCOME_TOLD },
	{ "write-once", FAULT_WRITE_ONCE, OUTCOME_TOLD },
	{ "close", FAULT_CLOSE, OUTCOME_TOLD },
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
static const char *inputs;
static char out_directory[] = "/tmp/usdtinfo-faults.XXXXXX";

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

/* @word with what its "@" stands for; lives as long as the process. */
static char *expand(const char *word)
{
	char *text = NULL;
	const char *at = strchr(word, '@');
	int before = at ? (int)(at - word) : 0, size;
	if (!at)
		return (char *)word;
	if (strcmp(at, "@pid") == 0)
		size = asprintf(&text, "%.*s%d", before, word, (int)getppid());
	else if (strncmp(at, "@in", 3) == 0)
		size = asprintf(&text, "%.*s%s%s", before, word, inputs, at + 3);
	else
		size = asprintf(&text, "%.*s%s%s", before, word, out_directory, at + 4);
	check_system(size >= 0, "asprintf");
	return text;
}

/* A crash: whose code was it? */
static void tell_crash(int signal_number)
{
	void *frames[32];
	struct sigaction standard = { .sa_handler = SIG_DFL };
	fault_disarm();
	fault_blame(frames + 2, backtrace(frames, 32) - 2, shared->crashed_in,
	            sizeof(shared->crashed_in));
	sigaction(signal_number, &standard, NULL);
	raise(signal_number);
}

__attribute__((unused)) static void watch_crashes(void)
{
	static char stack[1 << 16];
	const stack_t other = { .ss_sp = stack, .ss_size = sizeof(stack) };
	const struct sigaction action = { .sa_handler = tell_crash,
		                          .sa_flags = SA_ONSTACK | (int)SA_RESETHAND };
	check_system(sigaltstack(&other, NULL) == 0, "sigaltstack");
	static const int signals[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGPROF };
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		check_system(sigaction(signals[i], &action, NULL) == 0, "sigaction");
}

/*
 * A child leaves by _exit(), which forgets what lines it ran; and where the program itself
 * calls exit(), the calls that write them down would fail and lose those of other runs, too.
 */
static void save_counts(void)
{
#ifdef COUNTED
	extern void __gcov_dump(void);
	fault_without(__gcov_dump);
#endif
}

/* The command line, with what "<" names for standard input. Return: how many words */
static int prepare(const struct command *command, char **argv)
{
	int argc = 0;
	argv[argc++] = (char *)"usdtinfo";
	for (size_t i = 0; command->words[i]; i++) {
		const char *word = command->words[i];
		if (*word != '<') {
			argv[argc++] = expand(word);
			continue;
		}
		char *name = expand(word + 1);
		int in = open(name, O_RDONLY | O_CLOEXEC);
		check_system(in >= 0 && dup2(in, 0) == 0 && close(in) == 0, word);
		if (name != word + 1)
			free(name);
	}
	return argc;
}

/* In a child of its own. Does not return. */
static void run_command(const struct command *command, enum fault fault, uint64_t number,
                        int out, int err)
{
	char *argv[12] = { NULL };
	int argc = prepare(command, argv);
	check_system(dup2(out, 1) == 1 && dup2(err, 2) == 2, "dup2");
	/* Of its own time, however busy the host is. */
	const struct itimerval patience = { .it_value = { .tv_sec = 4 * SLOWNESS } };
	check_system(setitimer(ITIMER_PROF, &patience, NULL) == 0, "setitimer");
#ifndef __SANITIZE_ADDRESS__
	watch_crashes();
#endif
	check_system(atexit(save_counts) == 0, "atexit");
	fault_arm(fault, number, shared);
	int code = program_main(argc, argv);
	fault_disarm();
	shared->ended = true;
#ifdef __SANITIZE_ADDRESS__
	if (__lsan_do_recoverable_leak_check())
		code = LEAK_CODE;
#endif
	save_counts();
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

static bool is_same(const struct result *a, const struct result *b)
{
	return a->status == b->status && a->out.size == b->out.size &&
	       a->err.size == b->err.size &&
	       memcmp(a->out.at, b->out.at, a->out.size) == 0 &&
	       memcmp(a->err.at, b->err.at, a->err.size) == 0;
}

static bool is_memory(const struct kind *kind)
{
	return kind->fault == FAULT_ALLOCATION || kind->fault == FAULT_ALLOCATIONS;
}

/* Whether @file's name begins with one of the words. */
static bool is_one_of(const char *words, const char *file)
{
	for (const char *at = words; *at; at += strspn(at, " ")) {
		size_t size = strcspn(at, " ");
		if (strncmp(file, at, size) == 0)
			return true;
		at += size;
	}
	return false;
}

/*
 * Whether a library that is known for it ended the program: it crashed in there, or exited
 * with 2 and a message of its own, or of none, or says less than it would.
 */
static bool is_of_library(const struct command *command, const struct kind *kind,
                          const struct result *result)
{
	if (!command->blame || !is_memory(kind))
		return false;
	if (WIFSIGNALED(result->status))
		return is_one_of(command->blame, result->counts.crashed_in);
	/* It goes on with a key less. */
	if (is_one_of("libjson-c", result->counts.failed_in))
		return true;
	/* The dynamic linker, which loads them, ends with 127. */
	int code = WEXITSTATUS(result->status);
	/* argp leaves parts of its help out. */
	if (strcmp(command->words[0], "--help") == 0 && code == 0)
		return true;
	return !result->counts.ended && (code == 2 || code == 127);
}

static bool has_word(const struct command *command, const char *begin)
{
	for (size_t i = 0; command->words[i]; i++) {
		if (strncmp(command->words[i], begin, strlen(begin)) == 0)
			return true;
	}
	return false;
}

static bool scans_tree(const struct command *command)
{
	return has_word(command, "-r") || has_word(command, "s390x") ||
	       has_word(command, "sh4");
}

/*
 * In a directory, in a list, or mapped by a process: what is empty by the time it is looked
 * at is no file to speak of there, or names none.
 */
static bool finds_files(const struct command *command)
{
	return scans_tree(command) || has_word(command, "-p") ||
	       has_word(command, "--files");
}

/* Return: what is wrong with a run, or NULL */
static const char *judge(const struct command *command, const struct kind *kind,
                         const struct result *result, const struct result *whole)
{
	if (is_of_library(command, kind, result))
		return NULL;
	if (WIFSIGNALED(result->status))
		return WTERMSIG(result->status) == SIGPROF ? "it hangs" : "it crashes";
	int code = WEXITSTATUS(result->status);
	bool is_blamed = command->blame && is_memory(kind);
	if (code == LEAK_CODE && is_blamed)
		return NULL;
	if (code == LEAK_CODE)
		return "memory is lost, says LeakSanitizer";
	/*
	 * A sanitizer has blocks of its own, which are not counted, and counts leaks itself.
	 * Threads leave some to those that come after them, however many these are.
	 */
	if (!IS_SANITIZED && !scans_tree(command) && result->counts.ended &&
	    result->counts.blocks > whole->counts.blocks && !is_blamed)
		return "memory is lost";
	if (kind->outcome != OUTCOME_TOLD && is_same(result, whole))
		return NULL;
	if (kind->fault == FAULT_READ_END && code != 2 && finds_files(command))
		return NULL;
	if (kind->outcome == OUTCOME_SAME)
		return "the result differs";
	if (code != 2)
		return "the exit code is not 2";
	if (result->err.size == 0)
		return "nothing is said";
	if (strncmp(result->err.at, "usdtinfo", 8) != 0)
		return "the message does not begin with the program's name";
	/* Nobody filled it. */
	if (strstr(result->err.at, ": \n") || strstr(result->err.at, ": \\x"))
		return "the message is no sentence";
	/* A failing write cuts whatever comes. */
	if (kind->fault == FAULT_WRITE || kind->fault == FAULT_WRITE_ONCE)
		return NULL;
	return shape_half(command->shape, result->out.at, result->out.size);
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
	printf("# call %llu: %s; status %#x %s, blocks %lld of %lld, said: %s%s%s",
	       (unsigned long long)number, complaint, (unsigned)result->status,
	       result->counts.crashed_in, (long long)result->counts.blocks,
	       (long long)whole->counts.blocks, result->err.at,
	       result->err.size ? "" : "\n", result->trace.at);
}

static void sweep(const struct command *command, const struct kind *kind, uint64_t step)
{
	unsigned wrong = 0;
	uint64_t number = 1, runs = 0;
	struct result whole = run(command, kind->fault, 0);
	bool failed = !WIFEXITED(whole.status) || WEXITSTATUS(whole.status) == 2;
	if (failed != command->fails) {
		wrong++;
		complain(0, "what it does as it is is not meant", &whole, &whole);
	}
	for (; whole.counts.calls; number += step, runs++) {
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

static void remove_outputs(void)
{
	static const char *const names[] = { "json", "tap", "junit", "github" };
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char path[64];
		snprintf(path, sizeof(path), "%s/%s", out_directory, names[i]);
		unlink(path);
	}
	rmdir(out_directory);
}

int main(int argc, char **argv)
{
	const char *only = argc > 3 ? argv[3] : "all";
	uint64_t step = argc > 4 ? strtoull(argv[4], NULL, 10) : 1;
	const char *words = argc > 5 ? argv[5] : NULL;
	inputs = argc > 2 ? realpath(argv[2], NULL) : NULL;
	if (!inputs || step == 0 || chdir(argv[1]) < 0) {
		fprintf(stderr, "usage: %s FIXTURES INPUTS [KIND [STEP [COMMAND]]]\n",
		        argv[0]);
		return 2;
	}
	check_system(mkdtemp(out_directory), "mkdtemp");
	/* It loads a library, which is not to happen within a run. */
	void *frame[1];
	backtrace(frame, 1);
	/* Loading a locale, which the C library does once, is not the program's to answer for. */
	setlocale(LC_CTYPE, "C.UTF-8");
	mbstowcs(NULL, "\303\244", 0);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	check_system(shared != MAP_FAILED, "mmap");
	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
		if (strcmp(only, "all") != 0 && strcmp(only, kinds[k].name) != 0)
			continue;
		for (size_t c = 0; c < command_count; c++) {
			if (words && (unsigned)atoi(words) != c)
				continue;
			/* Each run takes long there: a share of the rows of each kind. */
			if (IS_SANITIZED && step > 1 && (c + k) % 16 != 0)
				continue;
			/* Whose crash it is, is told by the build without sanitizers. */
			if (!(IS_SANITIZED && commands[c].blame && is_memory(&kinds[k])))
				sweep(&commands[c], &kinds[k], step);
		}
	}
	remove_outputs();
	printf("1..%u\n", tests);
	return failures || !tests;
}
