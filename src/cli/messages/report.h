/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What goes to standard error, and the exit code that it adds up to. */
#pragma once

#include <stdbool.h>

#include "base/text.h"
#include "elf/object/facts.h"
#include "output/stream/stream.h"

/* What every verb exits with. */
enum exit_code {
	EXIT_YES = 0,     /* found, equal, all hold, nothing wrong */
	EXIT_NO = 1,      /* none found, differs, unmet */
	EXIT_TROUBLE = 2, /* usage, unreadable or damaged input, write error */
};

/* Zero-initialise; release with report_deinit(). */
struct report {
	bool trouble;          /* some input could not be read whole */
	bool found;            /* something asked for is there */
	struct strbuf notices; /* lines that are said only if nothing was found */
	uint64_t
		denied; /* processes of others, of all: said once, whatever the code is */
	void *told; /* lines about files that processes have loaded: a tree of strings */
};

/* "usdtinfo: PATH: reason" on standard error, escaped for a terminal; counts as trouble. */
void report_trouble(struct report *report, struct text path, struct text reason);
/*
 * Say what is wrong with a file: its first finding of severity error, and how many more
 * there are. Files without any are passed over. What is wrong with a file that several
 * processes have loaded is said once.
 */
void report_file(struct report *report, const struct file_facts *facts);
/*
 * Keep a line for the end. With exit code 0 standard error stays empty: a program among
 * others that has no probes is no news.
 */
void report_notice(struct report *report, struct text path, const char *reason);
/* "usdtinfo: reason" for what concerns no file; counts as trouble. */
void report_message(struct report *report, const char *reason);
/*
 * Flush the stream (NULL: none), print the notices if the code calls for it.
 *
 * Return: the exit code
 */
enum exit_code report_end(struct report *report, struct stream *stream);
void report_deinit(struct report *report);
