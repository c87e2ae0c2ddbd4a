/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Requirements: what the probes of files must be, and whether they are. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/diff/side.h"
#include "rules/set/match.h"
#include "usdtinfo.h"

enum require_kind {
	REQUIRE_PROBES,    /* so many probes match */
	REQUIRE_NONE,      /* none matches */
	REQUIRE_MIN,       /* so many probes altogether */
	REQUIRE_ARGUMENTS, /* all that match have these types of arguments, and one does */
	REQUIRE_KINDS
};
/* By enum require_kind, ended by NULL; as options and lines of a file have them. */
extern const char *const require_names[];

struct requirement {
	enum require_kind kind;
	char *text; /* as it was given, without its name */
	struct match match;
	uint64_t least;
	const char *signature; /* in TEXT */
};

/*
 * requirement_parse - read one
 * @text: PROBES: [PROVIDER:]NAME[=LEAST]; NONE: [PROVIDER:]NAME; MIN: a number; ARGUMENTS:
 *        [PROVIDER:]NAME=TYPE,... See signature_matches() for the types.
 *
 * Release with requirement_deinit(). Return: 0, USDTINFO_E_ARGUMENT, USDTINFO_E_MEMORY.
 */
int requirement_parse(enum require_kind kind, const char *text, struct requirement *ret,
                      struct usdtinfo_error *err);
void requirement_deinit(struct requirement *requirement);

/* Zero-initialise; release with verdict_deinit(). */
struct verdict {
	bool ok;
	struct strbuf found;  /* what is there: "2 probes", "int32 | int64" */
	struct strbuf reason; /* a sentence; when it is not met */
};
void verdict_deinit(struct verdict *verdict);

/*
 * requirement_judge - hold files, taken together, to a requirement
 * @files: their sets are sorted
 *
 * Return: 0 with the verdict filled, or USDTINFO_E_MEMORY.
 */
int requirement_judge(const struct requirement *requirement,
                      const struct side_file *files, size_t count,
                      struct verdict *verdict);

/*
 * signature_matches - whether types of arguments are those wanted
 * @wanted: types separated by commas, "" for none: those of struct set_probe; "ptr" is an
 *          unsigned integer of @word bytes (4 or 8; 0: either), "*" any type
 */
bool signature_matches(const char *wanted, struct text signature, unsigned word);
/* Return: NULL, or what of a wanted signature is no type; *@size_ret its length */
const char *signature_fault(const char *wanted, size_t *size_ret);
