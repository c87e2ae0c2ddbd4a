/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Operands, then lists of paths. */
#include "cli/verbs/subjects.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "base/lines.h"
#include "cli/messages/interrupt.h"
#include "cli/options/progress.h"
#include "find/find.h"
#include "find/package/package.h"
#include "find/process/processes.h"
#include "find/tree/tree.h"
#include "output/saved/read_listing.h"

static void closep(int *fd)
{
	if (*fd > STDIN_FILENO)
		close(*fd);
}

static void trouble_errno(struct report *report, const char *path, const char *what)
{
	struct usdtinfo_error err;
	fail_errno(&err, "%s", what);
	report_trouble(report, text_of(path), text_of(err.text));
}

static int each_line(const struct selection *selection, const struct finder *finder,
                     struct report *report, object_visit visit, void *context)
{
	const char *name = selection->files_from;
	bool is_stdin = strcmp(name, "-") == 0;
	_cleanup_(closep) int fd = is_stdin ? STDIN_FILENO
	                                    : open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		trouble_errno(report, name, "cannot open");
		return 0;
	}
	_cleanup_(lines_deinit) struct lines lines = { .fd = fd };
	char *line, separator = selection->null_separated ? '\0' : '\n';
	int more;
	while ((more = lines_next(&lines, separator, &line)) > 0) {
		if (*line == '\0')
			continue;
		int r = find_objects(finder, line, visit, context);
		if (r != 0)
			return r;
	}
	if (more < 0)
		trouble_errno(report, name, "cannot read");
	return 0;
}

static int each_named(const struct selection *selection, const struct finder *finder,
                      struct report *report, object_visit visit, void *context)
{
	for (size_t i = 0; i < selection->path_count; i++) {
		int r = find_objects(finder, selection->paths[i], visit, context);
		if (r != 0)
			return r;
	}
	if (!selection->files_from)
		return 0;
	return each_line(selection, finder, report, visit, context);
}

/* As many open files as may be had: a busy computer has more than the usual 1024. */
static void allow_many_files(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur == limit.rlim_max)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int each_in_trees(const struct selection *selection, struct finder *finder,
                         struct report *report, object_visit visit, void *context)
{
	struct progress progress;
	struct usdtinfo_error err;
	struct tree_options options = tree_choice_options(&selection->tree);
	finder->interrupted = interrupts_catch();
	options.counts = selection->tree.counts;
	options.progress_data = &progress;
	if (progress_init(&progress, selection->tree.progress))
		options.progress = progress_tell;
	if (options.packages && package_check(&err) < 0) {
		report_trouble(report, text_of("--packages"), text_of(err.text));
		options.packages = false;
	}
	finder->tree = &options;
	/* Workers hold what they found open until it is visited. */
	allow_many_files();
	int r = each_named(selection, finder, report, visit, context);
	finder->tree = NULL;
	progress_end(&progress);
	interrupts_release();
	if (*finder->interrupted)
		report_message(report, "interrupted before everything was read");
	return r;
}

/* The loaded objects of --pid or --all-processes. Return: as each_subject() */
static int each_process(const struct selection *selection, struct report *report,
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

int each_subject(const struct selection *selection, struct report *report,
                 object_visit visit, void *context)
{
	struct root root;
	struct usdtinfo_error err;
	if (root_init(&root, selection->root, &err) < 0) {
		report_trouble(report, text_of(selection->root), text_of(err.text));
		return 0;
	}
	/* The hint is about this host's programs, which another root does not have. */
	struct finder finder = {
		.root = &root,
		.search_path = selection->root ? NULL : getenv("PATH"),
		.library_path = selection_library_path(selection->library_path,
		                                       selection->root),
		.with_libraries = selection->libs,
		.read_listing = listing_visit,
		.unlisted = selection->tree.counts ? &selection->tree.counts->empty
		                                   : NULL,
		.directory_hint = "use -r to list the files in it",
	};
	int r = selection->tree.recursive
	                ? each_in_trees(selection, &finder, report, visit, context)
	                : each_named(selection, &finder, report, visit, context);
	root_deinit(&root);
	if (r == 0 && selection_has_processes(selection))
		r = each_process(selection, report, visit, context);
	return r;
}
