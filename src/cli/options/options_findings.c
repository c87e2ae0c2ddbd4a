/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The option group of verbs that report findings. */
#include "cli/options/options_findings.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/names.h"
#include "cli/options/options.h"

enum {
	KEY_REPORT = 0x400,
	KEY_FAIL_ON
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Report:", 4 },
	{ "format", 'F', "FORMAT", 0, "text (default), json, tap, junit or github", 4 },
	{ "json", 'J', NULL, 0, "the same as --format=json", 4 },
	{ "report", KEY_REPORT, "FORMAT:FILE", 0,
	  "also write a report in this format to FILE; may be repeated", 4 },
	{ "fail-on", KEY_FAIL_ON, "SEVERITY", 0,
	  "the least severity that makes the exit code 1: error, warning (default) or info",
	  4 },
	{ "quiet", 'q', NULL, 0, "print nothing on standard output", 4 },
	{ 0 },
};

static const struct findings_format *find_format(const char *name,
                                                 struct argp_state *state)
{
	const struct findings_format *format = findings_format_find(name);
	if (!format)
		usage_error(state, "unknown format '%s'", name);
	return format;
}

static void add_report(struct findings_options *findings, const char *arg,
                       struct argp_state *state)
{
	const char *colon = strchr(arg, ':');
	if (!colon || !colon[1] || strcmp(colon, ":-") == 0)
		usage_error(state, "--report takes FORMAT:FILE, not '%s'", arg);
	_cleanup_(freep) char *name = strndup(arg, (size_t)(colon - arg));
	if (!name || !array_grow(&findings->reports, &findings->report_room,
	                         findings->report_count + 1, sizeof(*findings->reports)))
		out_of_memory(state);
	findings->reports[findings->report_count++] =
		(struct findings_report){ find_format(name, state), colon + 1 };
}

bool severity_parse(const char *name, enum usdtinfo_severity *ret)
{
	for (unsigned i = 0; severity_names[i]; i++) {
		if (strcmp(severity_names[i], name) == 0) {
			*ret = (enum usdtinfo_severity)i;
			return true;
		}
	}
	return false;
}

static void check(struct findings_options *findings, struct argp_state *state)
{
	if (findings->json && findings->format && findings->format != &findings_json)
		usage_error(state, "--json and --format=%s cannot be combined",
		            findings->format->name);
	if (findings->json)
		findings->format = &findings_json;
	if (!findings->format)
		findings->format = &findings_text;
	if (!findings->fail_on_given)
		findings->fail_on = USDTINFO_SEVERITY_WARNING;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct findings_options *findings = state->input;
	switch (key) {
	case 'F':
		findings->format = find_format(arg, state);
		return 0;
	case 'J':
		findings->json = true;
		return 0;
	case 'q':
		findings->quiet = true;
		return 0;
	case KEY_REPORT:
		add_report(findings, arg, state);
		return 0;
	case KEY_FAIL_ON:
		if (!severity_parse(arg, &findings->fail_on))
			usage_error(state,
			            "--fail-on is error, warning or info, not '%s'", arg);
		findings->fail_on_given = true;
		return 0;
	case ARGP_KEY_END:
		check(findings, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp findings_argp = { .options = options, .parser = parse };

void findings_options_deinit(struct findings_options *findings)
{
	free(findings->reports);
	*findings = (struct findings_options){ 0 };
}

bool findings_open(struct findings *findings, const struct findings_kind *kind,
                   const struct findings_options *from, struct report *report)
{
	struct usdtinfo_error err;
	int r = 0;
	*findings = (struct findings){ .kind = kind, .fail_on = from->fail_on };
	if (!from->quiet)
		r = findings_add_output(findings, from->format, NULL, &err);
	for (size_t i = 0; r == 0 && i < from->report_count; i++)
		r = findings_add_output(findings, from->reports[i].format,
		                        from->reports[i].path, &err);
	if (r < 0) {
		report_message(report, err.text);
		findings_deinit(findings);
		return false;
	}
	findings_begin(findings);
	return true;
}

void findings_close(struct findings *findings, struct report *report)
{
	struct usdtinfo_error err;
	findings->is_incomplete = report->trouble;
	if (findings_end(findings, &err) < 0)
		report_message(report, err.text);
	report->found = findings->totals.failed == 0;
	findings_deinit(findings);
}
