/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The option group of verbs that report findings: lint, check, diff. */
#pragma once

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

#include "cli/messages/report.h"
#include "output/report/findings.h"

struct findings_report {
	const struct findings_format *format;
	const char *path; /* borrowed from the command line */
};

/* Zero-initialise; release with findings_options_deinit(). */
struct findings_options {
	const struct findings_format *format; /* NULL: text */
	bool json, quiet;
	bool fail_on_given;
	enum usdtinfo_severity fail_on; /* set at the end of parsing */
	struct findings_report *reports;
	size_t report_count, report_room;
};

extern const struct argp findings_argp;
void findings_options_deinit(struct findings_options *options);

/* Return: false when @name is no severity */
bool severity_parse(const char *name, enum usdtinfo_severity *ret);

/*
 * findings_open - set up the outputs that the options ask for, and begin
 *
 * Return: false when one cannot be written; said already.
 */
bool findings_open(struct findings *findings, const struct findings_kind *kind,
                   const struct findings_options *options, struct report *report);
/*
 * findings_close - end, release, and hand the result to the exit code
 *
 * Nothing that counts sets report->found (exit code 0); report_end() is the caller's.
 */
void findings_close(struct findings *findings, struct report *report);
