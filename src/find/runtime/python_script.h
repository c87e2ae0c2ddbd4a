/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Which interpreter a script names; and scripts that choose one when they run. */
#pragma once

#include <limits.h>
#include <stdbool.h>

#include "base/text.h"

enum program_script_kind {
	SCRIPT_NONE, /* no script */
	SCRIPT_PATH, /* interpreter is a path */
	SCRIPT_SEARCH, /* interpreter is a name that is looked for in PATH, as env(1) does */
	SCRIPT_BESIDE,  /* interpreter is a name in the script's own directory */
	SCRIPT_CHOOSES, /* a shim or a wrapper: only running it tells */
};

struct program_script {
	enum program_script_kind kind;
	const char *tool;           /* SCRIPT_CHOOSES: whose it is, "pyenv"; static */
	char interpreter[PATH_MAX]; /* SCRIPT_CHOOSES: a path that it names, or empty */
	char version[64];           /* SCRIPT_CHOOSES: one that it names, or empty */
};

/*
 * script_read - what the beginning of a file says
 * @head: its first bytes; AT[SIZE] is NUL
 *
 * Knows "#!" with env(1) and its options, and the lines that pip, distlib and uv write for
 * paths that "#!" cannot hold: '''exec' "/path of/python" "$0" "$@" in a script of sh.
 */
void script_read(struct text head, struct program_script *ret);
