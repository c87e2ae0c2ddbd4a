/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The option group that says what to look at. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "cli/options/options.h"

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Selection:", 2 },
	{ "match", 'm', "[PROVIDER:]NAME", 0,
	  "only probes that match the glob pattern; - and __ match each other; may be repeated",
	  2 },
	{ "files-from", KEY_FILES_FROM, "FILE", 0,
	  "read further paths from FILE, one a line; - is standard input", 2 },
	{ "null", '0', NULL, 0,
	  "paths in --files-from end with a NUL byte instead of a newline", 2 },
	{ "root", KEY_ROOT, "DIR", 0,
	  "operands, and all links on the way to them, are inside DIR", 2 },
	{ "libs", KEY_LIBS, NULL, 0, "also look at the libraries that each file needs",
	  2 },
	{ "library-path", KEY_LIBRARY_PATH, "DIR[:DIR...]", 0,
	  "also look for libraries in DIR, instead of LD_LIBRARY_PATH", 2 },
	{ "pid", 'p', "PID[,PID...]", 0, "look at what these processes have loaded", 2 },
	{ "all-processes", KEY_ALL_PROCESSES, NULL, 0,
	  "look at what all processes have loaded", 2 },
	{ 0 },
};

static void add_pattern(struct selection *selection, const char *arg,
                        struct argp_state *state)
{
	struct usdtinfo_error err;
	if (match_add(&selection->match, arg, &err) < 0)
		usage_error(state, "%s", err.text);
}

static void add_path(struct selection *selection, char *arg, struct argp_state *state)
{
	if (!array_grow(&selection->paths, &selection->path_room,
	                selection->path_count + 1, sizeof(*selection->paths)))
		out_of_memory(state);
	selection->paths[selection->path_count++] = arg;
}

/* No PID is larger: PID_MAX_LIMIT is 2^22. */
#define PID_DIGITS_MAX 10

/* As ps(1) takes what pgrep(1) gives. */
#define PID_SEPARATORS ", \t\n"

size_t take_pid(const char *at, uint64_t *pid_ret)
{
	size_t size = strspn(at, "0123456789");
	uint64_t pid = strtoull(at, NULL, 10);
	if (!size || size > PID_DIGITS_MAX || !pid ||
	    (at[size] && !strchr(PID_SEPARATORS, at[size])))
		return 0;
	*pid_ret = pid;
	return size;
}

static void add_pids(struct selection *selection, const char *arg,
                     struct argp_state *state)
{
	for (const char *at = arg;;) {
		uint64_t pid = 0;
		size_t size = take_pid(at, &pid);
		if (!size)
			usage_error(state, "--pid takes process numbers, not '%s'", arg);
		if (!array_grow(&selection->pids, &selection->pid_room,
		                selection->pid_count + 1, sizeof(*selection->pids)))
			out_of_memory(state);
		selection->pids[selection->pid_count++] = pid;
		if (at[size] == '\0')
			return;
		at += size + 1;
	}
}

static int compare_pids(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* A process that is named twice is looked at once, where it was named first. */
static void drop_repeats(struct selection *selection, struct argp_state *state)
{
	size_t count = selection->pid_count, unique = 0, kept = 0;
	_cleanup_(freep) uint64_t *sorted = malloc((count + 1) * sizeof(*sorted));
	_cleanup_(freep) bool *seen = calloc(count + 1, sizeof(*seen));
	if (!sorted || !seen)
		out_of_memory(state);
	for (size_t i = 0; i < count; i++)
		sorted[i] = selection->pids[i];
	qsort(sorted, count, sizeof(*sorted), compare_pids);
	for (size_t i = 0; i < count; i++)
		if (!unique || sorted[unique - 1] != sorted[i])
			sorted[unique++] = sorted[i];
	for (size_t i = 0; i < count; i++) {
		uint64_t pid = selection->pids[i];
		const uint64_t *place = bsearch(&pid, sorted, unique, sizeof(*sorted),
		                                compare_pids);
		if (!seen[place - sorted])
			selection->pids[kept++] = pid;
		seen[place - sorted] = true;
	}
	selection->pid_count = kept;
}

static void check(const struct selection *selection, struct argp_state *state)
{
	if (selection->null_separated && !selection->files_from)
		usage_error(state, "--null needs --files-from");
	if (selection->root && selection_has_processes(selection))
		usage_error(state,
		            "--root cannot be combined with --pid or --all-processes");
	if (selection->all_processes && selection->pid_count)
		usage_error(state, "--pid and --all-processes cannot be combined");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct selection *selection = state->input;
	switch (key) {
	case 'm':
		add_pattern(selection, arg, state);
		return 0;
	case KEY_FILES_FROM:
		selection->files_from = arg;
		return 0;
	case KEY_ROOT:
		selection->root = arg;
		return 0;
	case KEY_LIBS:
		selection->libs = true;
		return 0;
	case KEY_LIBRARY_PATH:
		selection->library_path = arg;
		return 0;
	case 'p':
		add_pids(selection, arg, state);
		return 0;
	case KEY_ALL_PROCESSES:
		selection->all_processes = true;
		return 0;
	case '0':
		selection->null_separated = true;
		return 0;
	case ARGP_KEY_ARG:
		add_path(selection, arg, state);
		return 0;
	case ARGP_KEY_END:
		check(selection, state);
		drop_repeats(selection, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp selection_argp = { .options = options, .parser = parse };

const char *selection_library_path(const char *given, const char *root)
{
	return given || root ? given : getenv("LD_LIBRARY_PATH");
}

bool selection_has_processes(const struct selection *selection)
{
	return selection->pid_count || selection->all_processes;
}

bool selection_is_empty(const struct selection *selection)
{
	return selection->path_count == 0 && !selection->files_from &&
	       !selection_has_processes(selection);
}

void selection_deinit(struct selection *selection)
{
	match_deinit(&selection->match);
	free(selection->paths);
	tree_choice_deinit(&selection->tree);
	free(selection->pids);
	*selection = (struct selection){ 0 };
}
