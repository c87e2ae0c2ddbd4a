/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Processes of this computer. */
#include "cli/subjects_process.h"

#include "cli/subjects.h"
#include "find/processes.h"

int each_process(const struct selection *selection, struct report *report,
                 object_visit visit, void *context)
{
	const struct process_finder finder = {
		.proc = "/proc",
		.pids = selection->all_processes ? NULL : selection->pids,
		.count = selection->pid_count,
		.for_tracers = selection->for_tracers,
	};
	struct process_tally tally = { 0 };
	struct usdtinfo_error err;
	/* Each file with probes stays open. */
	allow_many_files();
	int r = find_processes(&finder, visit, context, &tally, &err);
	if (r == USDTINFO_E_SYSTEM) {
		report_trouble(report, text_of(finder.proc), text_of(err.text));
		return 0;
	}
	report->denied += tally.denied;
	return r;
}
