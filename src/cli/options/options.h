/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Option groups that verbs share: argp children, each with a struct of its own. */
#pragma once

#include <argp.h>
#include <stdbool.h>
#include <stdio.h>

#include "cli/options/options_tree.h"
#include "output/list/writer.h"
#include "rules/set/match.h"

/* Keys of options without a letter, over all groups. */
enum option_key {
	KEY_FILES_FROM = 0x100,
	KEY_ROOT,
	KEY_LIBS,
	KEY_LIBRARY_PATH,
	KEY_LIST_COLUMNS,
	KEY_COLOR,
	KEY_FOR,
	KEY_EXCLUDE_PATH,
	KEY_ALL_LINKS,
	KEY_PACKAGES,
	KEY_PROGRESS,
	KEY_USAGE,
	KEY_LIST_OPTIONS,
	KEY_LIST_VERBS,
	KEY_ALL_PROCESSES,
	KEY_ARMED,
	KEY_SUMMARY,
};

/* What to look at. Zero-initialise; release with selection_deinit(). */
struct selection {
	struct match match;
	char **paths; /* as they stand on the command line; borrowed */
	size_t path_count, path_room;
	const char *files_from;   /* NULL: none; "-": standard input */
	bool null_separated;      /* of files_from */
	const char *root;         /* NULL: the host's own files */
	bool libs;                /* the libraries that a file needs, too */
	const char *library_path; /* NULL: not given */
	struct tree_choice tree;  /* of tree_argp */
	uint64_t *pids;
	size_t pid_count, pid_room;
	bool all_processes;
	bool for_tracers; /* set by the verb: what is shown is for tools, not about processes */
};

extern const struct argp selection_argp;
/*
 * take_pid - a process's number, which a separator or nothing follows
 *
 * Return: how many digits; 0: there is none, or it is 0
 */
size_t take_pid(const char *at, uint64_t *pid_ret);
void selection_deinit(struct selection *selection);
/* Return: what --library-path says, else on this computer LD_LIBRARY_PATH, else NULL */
const char *selection_library_path(const char *given, const char *root);
/* Return: whether processes are to be looked at */
bool selection_has_processes(const struct selection *selection);
/* Return: whether anything to look at was named */
bool selection_is_empty(const struct selection *selection);

/* How to show it. Zero-initialise. */
struct output {
	const struct writer_ops *format; /* NULL: the verb's default */
	const char *columns;             /* of -o; NULL: not given */
	const char *tool; /* of --for, for tracer_choice(); NULL: not given */
	bool json;        /* -J was given */
	bool no_headings, quiet, files_with_probes, list_columns;
	enum {
		COLOR_AUTO,
		COLOR_ALWAYS,
		COLOR_NEVER
	} color;
};

extern const struct argp output_argp;
/* Return: false when @when is neither auto nor always nor never */
bool output_set_color(struct output *output, const char *when);
/* Whether output on @fd should be coloured: NO_COLOR, TERM and --color decide. */
bool output_color(const struct output *output, int fd);
/* Columns of the terminal at @fd; 0 when it is none. */
unsigned output_width(int fd);

/*
 * --help, --usage and --version, which every verb has. argp's own would need a global
 * variable for the version.
 */
extern const struct argp common_argp;
/* argp_error() with a message that is escaped for a terminal. */
__attribute__((noreturn, format(printf, 2, 3))) void
usage_error(const struct argp_state *state, const char *fmt, ...);
/* End the program: there is no memory for what was asked. */
_Noreturn void out_of_memory(const struct argp_state *state);
/* End the program when an option's own name cannot be shown as it is: there is none such. */
void options_check_words(const struct argp *argp, int argc, char **argv);
/*
 * argp_parse() for a verb: ends the program when the usage is wrong, or memory runs out
 * @input: of the parser
 */
void parse_options(const struct argp *argp, int argc, char **argv, void *input);
/*
 * End the program after an answer was printed, with what every verb exits with: a help text
 * that did not arrive is a failure, as any other output.
 */
_Noreturn void options_end(void);
/* Whether parse_options() came back. */
extern bool options_were_read;
