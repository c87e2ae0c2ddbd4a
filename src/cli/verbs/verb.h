/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Verbs: one file each, one row each in main.c's table. */
#pragma once

#include "cli/messages/report.h"

struct verb {
	const char *name;
	const char *help; /* one line */
	/* argv[0] is what messages begin with; @verbs are all of them, ended by a row without a
	 * name. Returns enum exit_code. */
	int (*run)(int argc, char **argv, const struct verb *verbs);
};

int run_check(int argc, char **argv, const struct verb *verbs);
int run_diff(int argc, char **argv, const struct verb *verbs);
int run_lint(int argc, char **argv, const struct verb *verbs);
int run_list(int argc, char **argv, const struct verb *verbs);
int run_python(int argc, char **argv, const struct verb *verbs);
int run_script(int argc, char **argv, const struct verb *verbs);
