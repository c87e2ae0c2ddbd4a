/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The verb list: the probes of binaries. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "cli/messages/report.h"
#include "cli/options/options.h"
#include "cli/options/options_process.h"
#include "cli/options/options_site.h"
#include "cli/verbs/subjects.h"
#include "cli/verbs/verb.h"
#include "find/find.h"
#include "output/list/columns.h"
#include "output/stream/name_set.h"

struct list {
	const struct verb *verbs; /* all of them, for the help */
	struct selection selection;
	struct output output;
	struct site_options site;
	struct process_options process;
	struct report report;
	struct stream *stream;
	struct output_options options;
	struct writer *writer; /* NULL with -q and -l, and until open_writer() */
	bool writer_failed;
	struct summary summary;
	struct name_set names; /* for the summary */
	struct tree_counts counts;
};

static const char doc[] =
	"List the static probes (USDT) of ELF files, which sys/sdt.h records in the section .note.stapsdt.\v"
	"Examples:\n"
	"  usdtinfo /usr/bin/python3                     list the probes of a file\n"
	"  usdtinfo --for=bpftrace -m gc__start FILE     print lines for bpftrace\n"
	"  usdtinfo -p 1234 --armed                      what is being traced now?\n"
	"\n"
	"Exit code: 0 probes were found, 1 none, 2 trouble.\n"
	"See usdtinfo(1) and usdtinfo-list(1).";

/* For the completion scripts. */
static const struct argp_option options[] = {
	{ "list-verbs", KEY_LIST_VERBS, NULL, OPTION_HIDDEN, NULL, 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct list *list = state->input;
	switch (key) {
	case KEY_LIST_VERBS:
		for (const struct verb *verb = list->verbs; verb->name; verb++)
			printf("%s\t%s\n", verb->name, verb->help);
		options_end();
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &list->selection;
		state->child_inputs[1] = &list->output;
		state->child_inputs[2] = &list->selection.tree;
		state->child_inputs[3] = &list->site;
		state->child_inputs[4] = &list->process;
		return 0;
	case ARGP_KEY_SUCCESS:
		if (selection_is_empty(&list->selection) && !list->output.list_columns)
			argp_usage(state);
		process_options_check(&list->process, &list->selection, &list->output,
		                      state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{ &selection_argp, 0, NULL, 0 },
	{ &output_argp, 0, NULL, 0 },
	{ &tree_argp, 0, NULL, 0 },
	{ &site_argp, 0, NULL, 0 },
	{ &process_argp, 0, NULL, 0 },
	{ &common_argp, 0, NULL, 0 },
	{ 0 },
};

/* The default verb's help is the program's: it names the others, too. */
static char *add_verbs(int key, const char *text, void *input)
{
	const struct list *list = input;
	struct strbuf out = { 0 };
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)text;
	strbuf_add_string(&out, "Verbs (each has its own --help):\n");
	for (const struct verb *verb = list->verbs; verb->name; verb++)
		strbuf_addf(&out, "  %-8s %s\n", verb->name, verb->help);
	strbuf_addf(&out, "\n%s", text);
	if (!out.failed)
		return out.at; /* argp frees it */
	strbuf_deinit(&out);
	return (char *)text;
}

static const struct argp list_argp = { .options = options,
	                               .parser = parse,
	                               .args_doc = "PATH...",
	                               .doc = doc,
	                               .children = children,
	                               .help_filter = add_verbs };

/* Hand one probe over. Return: 0, or a negative code that ends the listing. */
static int show_probe(struct list *list, const struct object *object,
                      const struct usdtinfo_probe *probe, uint64_t shown)
{
	if (shown == 0 && list->output.files_with_probes) {
		stream_escaped(list->stream, object->facts->path);
		stream_char(list->stream, '\n');
	}
	if (!list->writer)
		return 0;
	list->summary.probes++;
	if (list->writer->ops->shows_summary &&
	    !name_set_add(&list->names, probe->provider, probe->name))
		return USDTINFO_E_MEMORY;
	return list->writer->ops->probe(list->writer, object->facts, probe);
}

static bool is_wanted(const struct list *list, const struct usdtinfo_probe *probe)
{
	return match_probe(&list->selection.match, probe->provider, probe->name) &&
	       (!list->process.armed || probe->runtime.state == USDTINFO_PROBE_ARMED);
}

/* Show an image's probes that match. Return: how many, or a negative code. */
static int64_t show_probes(struct list *list, const struct object *object)
{
	struct probe_walk *walk = NULL;
	struct usdtinfo_sites *sites = NULL;
	struct usdtinfo_error err;
	const struct usdtinfo_probe *probe;
	int64_t shown = 0;
	unsigned details = list->writer ? list->writer->details : 0;
	int r = 0;
	if (object->image)
		r = site_options_open(&list->site, details, object->image, &sites, &err);
	if (r == 0)
		r = object_walk_open(object, details, &walk, &err);
	if (r == 0 && sites)
		usdtinfo_walk_describe(object_walk_image(walk), sites);
	while (r >= 0 && (r = object_walk_next(walk, &probe, &err)) > 0) {
		if (!is_wanted(list, probe))
			continue;
		r = show_probe(list, object, probe, (uint64_t)shown);
		if (r < 0) {
			fail_memory(&err);
			break;
		}
		shown++;
		if (!list->writer || list->stream->error)
			break;
	}
	if (r < 0)
		report_trouble(&list->report, object->facts->path, text_of(err.text));
	object_walk_close(walk);
	usdtinfo_sites_close(sites);
	return r < 0 ? r : shown;
}

/* The probes of a Python built as a shared library are not in the program. */
static void notice_no_probes(struct list *list, const struct object *object,
                             struct text path)
{
	_cleanup_(freep) char *python = NULL;
	_cleanup_(strbuf_deinit) struct strbuf reason = { 0 };
	if (object->image && !list->selection.libs &&
	    find_needed_python(object->finder, object->image, object->image->path,
	                       &python) > 0)
		strbuf_addf(
			&reason,
			"no probes in this file; those of Python would be in %s (see 'usdtinfo python')",
			python);
	report_notice(&list->report, path,
	              reason.at && !reason.failed ? reason.at : "no probes");
}

static void notice_absence(struct list *list, const struct object *object)
{
	const struct file_facts *facts = object->facts;
	/* One line for an archive, not one for each of a thousand members. */
	struct text path = facts->archive.at ? facts->archive : facts->path;
	if (list->output.quiet || list->output.files_with_probes ||
	    selection_has_processes(&list->selection))
		return;
	if (facts->state == USDTINFO_STATE_NOTES_STRIPPED)
		report_notice(&list->report, facts->path,
		              "probe notes were stripped from this file");
	else if (facts->state == USDTINFO_STATE_OK)
		report_notice(&list->report, path, "no probe matches");
	else
		notice_no_probes(list, object, path);
}

static const char *default_format(const struct list *list)
{
	if (list->site.details)
		return "long";
	return selection_has_processes(&list->selection) ? "table" : "readelf";
}

/* Opened with the first object, since members of an archive need their names shown. */
static int open_writer(struct list *list, bool is_one_of_several)
{
	const struct output *output = &list->output;
	const struct writer_ops *ops = output->format;
	struct usdtinfo_error err;
	if (list->writer || output->quiet || output->files_with_probes)
		return 0;
	if (!ops)
		ops = writer_find(default_format(list));
	list->options = (struct output_options){
		.details = list->site.details,
		.show_file_names = is_one_of_several || list->selection.path_count != 1 ||
		                   list->selection.files_from || list->selection.libs ||
		                   list->selection.tree.recursive,
		.show_processes = selection_has_processes(&list->selection),
		.hide_empty_files = list->selection.tree.recursive ||
		                    selection_has_processes(&list->selection),
		.no_headings = output->no_headings,
		.columns = output->columns,
		.color = output_color(output, STDOUT_FILENO),
		.width = output_width(STDOUT_FILENO),
		.tool = output->tool,
		.root = list->selection.root,
	};
	list->writer = writer_open(ops, list->stream, &list->options, &err);
	if (list->writer)
		return 0;
	list->writer_failed = true;
	report_message(&list->report, err.text);
	return 1;
}

static int visit(void *context, const struct object *object)
{
	struct list *list = context;
	int64_t shown = 0;
	int r = open_writer(list, object->facts->archive.at || object->has_siblings);
	if (r != 0)
		return r;
	struct writer *writer = list->writer;
	list->summary.files++;
	if (writer) {
		writer->image = object->image;
		writer->needed_by = object->finder ? object->finder->needed_by : NULL;
	}
	if (writer && writer->ops->file_begin)
		r = writer->ops->file_begin(writer, object->facts);
	if (r == 0)
		shown = show_probes(list, object);
	if (r == 0 && writer && writer->ops->file_end)
		r = writer->ops->file_end(writer, object->facts);
	if (r < 0)
		return r;
	if (shown < 0)
		return (int)shown;
	if (shown > 0) {
		list->report.found = true;
		list->summary.files_with_probes++;
	}
	list->summary.errors += object->facts->diagnostics.has_error;
	report_file(&list->report, object->facts);
	if (shown == 0 && !object->facts->diagnostics.has_error)
		notice_absence(list, object);
	/* Nothing can be worse than trouble, and nobody reads a stream that failed. */
	return list->stream->error || (list->output.quiet && list->report.trouble);
}

/* Return: whether the files that options name could be read; said if not */
static bool load_definitions(struct list *list)
{
	const char *path;
	struct usdtinfo_error err;
	if (site_options_load(&list->site, &path, &err))
		return true;
	report_trouble(&list->report, text_of(path), text_of(err.text));
	return false;
}

static enum exit_code list_all(struct list *list)
{
	if (!load_definitions(list))
		return report_end(&list->report, list->stream);
	list->selection.tree.counts = &list->counts;
	/* Armed is armed in some process: each has to be asked. */
	list->selection.for_tracers = list->output.tool && !list->process.armed;
	int r = each_subject(&list->selection, &list->report, visit, list);
	list->summary.files += list->counts.empty;
	if (r == USDTINFO_E_MEMORY)
		report_message(&list->report, "out of memory");
	process_options_report(&list->process, &list->selection, &list->output,
	                       &list->report);
	list->summary.names = list->names.count;
	/* A listing without objects is a listing. */
	if (!list->writer_failed)
		open_writer(list, false);
	r = 0;
	if (list->writer && list->writer->ops->end)
		r = list->writer->ops->end(list->writer, &list->summary);
	if (r < 0)
		report_message(&list->report, "out of memory");
	writer_close(list->writer);
	return report_end(&list->report, list->stream);
}

static enum exit_code list_columns(struct list *list)
{
	size_t width = 0;
	for (size_t i = 0; i < column_count; i++) {
		size_t size = strlen(columns[i].name);
		width = size > width ? size : width;
	}
	for (size_t i = 0; i < column_count; i++)
		stream_printf(list->stream, "%-*s  %s\n", (int)width, columns[i].name,
		              columns[i].help);
	list->report.found = true;
	return report_end(&list->report, list->stream);
}

int run_list(int argc, char **argv, const struct verb *verbs)
{
	struct list list = { .verbs = verbs };
	enum exit_code code = EXIT_TROUBLE;
	parse_options(&list_argp, argc, argv, &list);
	list.stream = malloc(sizeof(*list.stream));
	if (list.stream) {
		stream_init(list.stream, STDOUT_FILENO);
		code = list.output.list_columns ? list_columns(&list) : list_all(&list);
	} else {
		report_message(&list.report, "out of memory");
	}
	name_set_deinit(&list.names);
	report_deinit(&list.report);
	selection_deinit(&list.selection);
	site_options_deinit(&list.site);
	free(list.stream);
	return (int)code;
}
