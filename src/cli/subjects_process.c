/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Processes of this computer. */
#include "cli/subjects_process.h"

#include <sys/resource.h>

#include "find/processes.h"

/* Each file with probes stays open, and a busy computer has more than the usual 1024. */
static void allow_more_files(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur == limit.rlim_max)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

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
	allow_more_files();
	int r = find_processes(&finder, visit, context, &tally, &err);
	if (r == USDTINFO_E_SYSTEM) {
		report_trouble(report, text_of(finder.proc), text_of(err.text));
		return 0;
	}
	report->denied += tally.denied;
	return r;
}
