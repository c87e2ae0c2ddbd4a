/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The state of the verb check, and the requirements that other files make. */
#pragma once

#include "cli/options.h"
#include "cli/options_findings.h"
#include "cli/options_require.h"
#include "cli/report.h"
#include "find/object.h"
#include "io/findings.h"
#include "rules/side.h"

struct check {
	struct require_options require;
	struct selection selection;
	struct findings_options output;
	struct report report;
	struct findings findings;
	struct side side, baseline;
	struct definitions *definitions; /* by file of -d */
	bool out_of_memory;
};

/* What a finding is about. */
struct check_subject {
	const char *option; /* that asked for it, without dashes */
	struct text about;  /* behind "=" */
	bool is_number;     /* ABOUT is: nothing to name it by */
	const char *rule;   /* NULL: OPTION */
	struct text path;   /* not known: all files together */
};

void check_say(struct check *check, const struct check_subject *subject, bool ok,
               enum usdtinfo_severity severity, struct text found, struct text reason);
/* What findings about these files name: the only one, or none. */
struct text check_path(const struct check *check, const struct side_file *files,
                       size_t count);

/* Read --baseline and -d. Return: false when one cannot be; said already */
bool check_load_documents(struct check *check);
void check_free_documents(struct check *check);
/* Hold files, taken together, to --baseline and -d. */
void check_documents(struct check *check, const struct side_file *files, size_t count);
/* An object_visit: hold one to the rules of lint. */
int check_lint(void *context, const struct object *object);
