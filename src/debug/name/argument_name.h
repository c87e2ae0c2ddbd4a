/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Names of arguments: the variable, or the part of one, that is where an operand reads.
 *
 * A name is given only when it is sure: when the innermost function that has a variable in
 * that place has one only. What is not sure becomes a candidate.
 */
#pragma once

#include "base/arena.h"
#include "debug/code/code.h"
#include "debug/name/visible.h"
#include "probe/note/probe.h"

struct name_context {
	struct usdtinfo_image *image;
	struct debug_file *file;
	struct unit *unit;
	const struct scopes *scopes;
	const struct unwind *unwind;
	uint64_t address; /* of the site, in the file */
	const struct visible *visible;
	/* When looking at an instruction before the site: */
	const struct visible *site; /* what is visible at the site; NULL: looking at it */
	/* For each register of then, those that hold the same at the site, one bit each. */
	const uint64_t *copies;
	const struct code *code; /* of the function; NULL: not to be traced */
	uint64_t bias;           /* of static data: image's addresses less the file's */
	struct arena *arena;     /* takes what is put into arguments */
};

/*
 * argument_name - set name, c_type, name_source and candidates of one argument
 *
 * Return: 0 or USDTINFO_E_MEMORY.
 */
int argument_name(const struct name_context *context, struct usdtinfo_argument *argument,
                  struct usdtinfo_error *err);
