/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The program: picks the verb. */
#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/thread.h"
#include "cli/options/options.h"
#include "cli/verbs/verb.h"

static const struct verb verbs[] = {
	{ "list", "list probes (the default)", run_list },
	{ "python", "say whether a Python was built --with-dtrace", run_python },
	{ "lint", "find probes that tracers will miss or misread", run_lint },
	{ "check", "check binaries against requirements (for CI)", run_check },
	{ "diff", "show what changed between two builds", run_diff },
	{ "script", "write a script for a tracing tool", run_script },
	{ 0 },
};

static const struct verb *find_verb(const char *name)
{
	for (const struct verb *verb = verbs; verb->name; verb++) {
		if (strcmp(verb->name, name) == 0)
			return verb;
	}
	return NULL;
}

static int run(int argc, char **argv)
{
	const struct verb *verb = argc > 1 ? find_verb(argv[1]) : NULL;
	if (!verb) {
		argv[0] = (char *)"usdtinfo";
		return run_list(argc, argv, verbs);
	}
	if (access(verb->name, F_OK) == 0)
		fprintf(stderr,
		        "usdtinfo: '%s' is taken as the verb; write './%s' for the file of that name\n",
		        verb->name, verb->name);
	char name[64];
	snprintf(name, sizeof(name), "usdtinfo %s", verb->name);
	argv[1] = name;
	return verb->run(argc - 1, argv + 1, verbs);
}

static bool has_answer;

/*
 * libdw ends a program with 1 when memory runs out: here that is an answer. Once the options
 * are read, nothing of ours ends the program but the answer.
 */
static void correct_code(void)
{
	if (options_were_read && !has_answer)
		_exit(EXIT_TROUBLE);
}

static int fail_start(void)
{
	fputs("usdtinfo: out of memory\n", stderr);
	return EXIT_TROUBLE;
}

struct call {
	int argc, code;
	char **argv;
};

static void *run_call(void *data)
{
	struct call *call = data;
	call->code = run(call->argc, call->argv);
	return NULL;
}

/* Where the process's stack is too small for the libraries, a thread brings its own. */
static int run_with_stack(int argc, char **argv)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_STACK, &limit) < 0 || limit.rlim_cur >= THREAD_STACK_SIZE)
		return run(argc, argv);
	struct call call = { .argc = argc, .code = EXIT_TROUBLE, .argv = argv };
	pthread_t thread;
	if (thread_start(&thread, run_call, &call) != 0)
		return fail_start();
	pthread_join(thread, NULL);
	return call.code;
}

/* Some file systems tell only when a file is closed that there was no room for it. */
static int close_output(int code)
{
	if (close(STDOUT_FILENO) == 0 || errno == EBADF)
		return code;
	fprintf(stderr, "usdtinfo: write error: %s\n", strerror(errno));
	return EXIT_TROUBLE;
}

int main(int argc, char **argv)
{
	if (atexit(correct_code) != 0)
		return fail_start();
	/* A closed pipe is a write error like any other, and is reported. */
	signal(SIGPIPE, SIG_IGN);
	/* So is a file that may not grow. */
	signal(SIGXFSZ, SIG_IGN);
	argp_err_exit_status = EXIT_TROUBLE;
	int code = close_output(run_with_stack(argc, argv));
	has_answer = true;
	return code;
}
