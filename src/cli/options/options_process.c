/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The option group about the live state of probes in processes. */
#include "cli/options/options_process.h"

#include <inttypes.h>
#include <stdio.h>

#include "output/list/process_summary.h"
#include "output/list/provider_summary.h"

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Processes:", 6 },
	{ "armed", KEY_ARMED, NULL, 0, "list only probes that are being traced right now",
	  6 },
	{ "summary", KEY_SUMMARY, NULL, 0,
	  "print one line for each provider; for processes, one line for each probe", 6 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct process_options *process = state->input;
	(void)arg;
	switch (key) {
	case KEY_ARMED:
		process->armed = true;
		return 0;
	case KEY_SUMMARY:
		process->summary = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp process_argp = { .options = options, .parser = parse };

void process_options_check(const struct process_options *process,
                           const struct selection *selection, struct output *output,
                           struct argp_state *state)
{
	if (!selection_has_processes(selection) && process->armed)
		usage_error(state, "--armed needs --pid or --all-processes");
	if (!process->summary)
		return;
	if (output->columns)
		usage_error(state, "--summary cannot be combined with -o");
	const struct writer_ops *format = selection_has_processes(selection)
	                                          ? process_summary_find(output->format)
	                                          : provider_summary_find(output->format);
	if (!format)
		usage_error(
			state,
			"--summary needs the format table, tsv, json or ndjson, not %s",
			output->format->name);
	output->format = format;
}

/* "process 1", "processes 1, 2", "processes 1, 2, ..."; "all processes" */
static void name_processes(const struct selection *selection, char *to, size_t room)
{
	/* Of one more process, or of what stands for the others. */
	const size_t longest = sizeof(", 18446744073709551615, ...");
	size_t at = (size_t)snprintf(to, room, "%s",
	                             selection->all_processes    ? "all processes"
	                             : selection->pid_count == 1 ? "process "
	                                                         : "processes ");
	if (selection->all_processes)
		return;
	for (size_t i = 0; i < selection->pid_count; i++) {
		if (room - at < longest) {
			snprintf(to + at, room - at, ", ...");
			return;
		}
		at += (size_t)snprintf(to + at, room - at, "%s%" PRIu64, i ? ", " : "",
		                       selection->pids[i]);
	}
}

static void notice_absence(const struct process_options *process,
                           const struct selection *selection, struct report *report)
{
	bool matches = selection->match.count;
	const char *reason = process->armed
	                             ? (matches ? "no probe that matches is armed"
	                                        : "no probe is armed")
	                             : (matches ? "no probe matches" : "no probes");
	char who[256];
	name_processes(selection, who, sizeof(who));
	report_notice(report, text_of(who), reason);
}

void process_options_report(const struct process_options *process,
                            const struct selection *selection,
                            const struct output *output, struct report *report)
{
	if (!selection_has_processes(selection))
		return;
	if (output->quiet)
		report->denied = 0;
	else if (!output->files_with_probes)
		notice_absence(process, selection, report);
}
