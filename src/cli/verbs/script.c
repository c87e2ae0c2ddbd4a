/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The verb script: a whole script for a tracing tool. */
#include "output/tool/script.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "cli/messages/report.h"
#include "cli/options/options.h"
#include "cli/options/options_site.h"
#include "cli/verbs/subjects.h"
#include "cli/verbs/verb.h"
#include "find/find.h"

enum {
	KEY_LIST_TOOLS = 0x600,
};

struct script_verb {
	struct selection selection;
	struct site_options site;
	struct report report;
	struct stream *stream;
	const struct script_tool *tool;
	const char *version; /* NULL: none was named */
	bool list_tools;
	struct script *script;
	const char *program; /* that needs the library at hand; NULL: none */
};

static const char doc[] =
	"Write a script that makes a tracing tool stop at the probes of ELF files and print their arguments.\v"
	"TOOL is one of those that --list-tools lists. Append the version if it is not the newest: bpftrace=0.17.\n"
	"\n"
	"Examples:\n"
	"  usdtinfo script bpftrace -m 'gc-*' /usr/bin/python3 >gc.bt\n"
	"  usdtinfo script perf build/server >server.sh\n"
	"  usdtinfo script tapset /usr/bin/python3 >tapset/python-probes.stp\n"
	"\n"
	"Exit code: 0 a script was written, 1 there is no probe that the tool can use, 2 trouble.";

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Tools:", 4 },
	{ "list-tools", KEY_LIST_TOOLS, NULL, 0, "list the tools and exit", 4 },
	{ 0 },
};

static void set_tool(struct script_verb *verb, const char *arg, struct argp_state *state)
{
	size_t size = strcspn(arg, "=");
	struct tracer_choice choice;
	verb->tool = script_tool_find(arg, size);
	if (!verb->tool)
		usage_error(state, "unknown tool '%s'; see --list-tools", arg);
	if (!arg[size])
		return;
	/* The same form as with other options, whatever the tool. */
	char word[64];
	snprintf(word, sizeof(word), "gdb%s", arg + size);
	if (strlen(arg + size) + 4 > sizeof(word) ||
	    !tracer_choice_parse(word, strlen(word), &choice))
		usage_error(state, "not a version: '%s'", arg);
	verb->version = arg + size + 1;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct script_verb *verb = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &verb->selection;
		state->child_inputs[1] = &verb->selection.tree;
		state->child_inputs[2] = &verb->site;
		return 0;
	case KEY_LIST_TOOLS:
		verb->list_tools = true;
		return 0;
	case ARGP_KEY_ARG:
		if (verb->tool)
			return ARGP_ERR_UNKNOWN; /* a path */
		set_tool(verb, arg, state);
		return 0;
	case ARGP_KEY_SUCCESS:
		if (!verb->list_tools &&
		    (!verb->tool || selection_is_empty(&verb->selection)))
			argp_usage(state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{ &selection_argp, 0, NULL, 0 },
	{ &tree_argp, 0, NULL, 0 },
	{ &site_argp, 0, NULL, 0 },
	{ &common_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp script_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "TOOL PATH...",
	.doc = doc,
	.children = children,
};

/* Return: how many probes were taken, or a negative code */
static int64_t take_probes(struct script_verb *verb, const struct object *object,
                           struct usdtinfo_error *err)
{
	struct probe_walk *walk = NULL;
	struct usdtinfo_sites *sites = NULL;
	const struct usdtinfo_probe *probe;
	unsigned details = SCRIPT_DETAILS | verb->site.details;
	int64_t taken = 0;
	int r = 0;
	if (object->image)
		r = site_options_open(&verb->site, details, object->image, &sites, err);
	if (r == 0)
		r = object_walk_open(object, details, &walk, err);
	if (r == 0 && sites)
		usdtinfo_walk_describe(object_walk_image(walk), sites);
	while (r >= 0 && (r = object_walk_next(walk, &probe, err)) > 0) {
		if (!match_probe(&verb->selection.match, probe->provider, probe->name))
			continue;
		if (script_probe(verb->script, probe) < 0)
			r = USDTINFO_E_MEMORY;
		taken++;
	}
	object_walk_close(walk);
	usdtinfo_sites_close(sites);
	return r < 0 ? r : taken;
}

static int visit(void *context, const struct object *object);

#define NO_LIBRARY INT_MAX

/*
 * A Python that is built as a shared library has its probes there. It is visited in the
 * program's place, so that a tool that can tell one program's library from others' does.
 *
 * Return: as visit(); NO_LIBRARY when it needs none
 */
static int visit_python(struct script_verb *verb, const struct object *object)
{
	_cleanup_(freep) char *library = NULL;
	if (!object->image || verb->program || verb->selection.libs ||
	    verb->selection.tree.recursive || object->facts->pid.known ||
	    find_needed_python(object->finder, object->image, object->image->path,
	                       &library) <= 0 ||
	    !strchr(library, '/'))
		return NO_LIBRARY;
	verb->program = object->image->path;
	int r = find_objects(object->finder, library, visit, verb);
	verb->program = NULL;
	return r;
}

static int notice_absence(struct script_verb *verb, const struct object *object)
{
	const struct file_facts *facts = object->facts;
	/* One line for an archive's members, or for all that a process has loaded. */
	struct text path = facts->archive.at ? facts->archive : facts->path;
	char process[32];
	if (facts->pid.known) {
		snprintf(process, sizeof(process), "process %" PRIu64, facts->pid.value);
		path = text_of(process);
	}
	if (facts->state == USDTINFO_STATE_NOTES_STRIPPED) {
		report_notice(&verb->report, facts->path,
		              "probe notes were stripped from this file");
	} else if (facts->state == USDTINFO_STATE_OK) {
		report_notice(&verb->report, path, "no probe matches");
	} else {
		int r = visit_python(verb, object);
		if (r != NO_LIBRARY)
			return r;
		report_notice(&verb->report, path, "no probes");
	}
	return 0;
}

static void notice_uselessness(struct script_verb *verb, struct text path)
{
	char reason[64];
	snprintf(reason, sizeof(reason), "no probe that %s can use",
	         tracers[verb->tool->tracer].title);
	report_notice(&verb->report, path, reason);
}

static int visit(void *context, const struct object *object)
{
	struct script_verb *verb = context;
	struct usdtinfo_error err = { 0 };
	uint64_t before = script_stanzas(verb->script);
	int r = script_file_begin(verb->script, object->image, object->facts,
	                          verb->program);
	int64_t taken = r == 0 && (object->image || object->source)
	                        ? take_probes(verb, object, &err)
	                        : r;
	if (taken >= 0)
		r = script_file_end(verb->script);
	if (taken == USDTINFO_E_MEMORY || r < 0)
		return USDTINFO_E_MEMORY;
	if (taken < 0)
		report_trouble(&verb->report, object->facts->path, text_of(err.text));
	report_file(&verb->report, object->facts);
	if (taken == 0 && !object->facts->diagnostics.has_error)
		r = notice_absence(verb, object);
	if (taken > 0 && script_stanzas(verb->script) == before)
		notice_uselessness(verb, object->facts->path);
	return r ? r : verb->stream->error;
}

static void write_all(struct script_verb *verb)
{
	const char *path;
	struct usdtinfo_error err;
	if (!site_options_load(&verb->site, &path, &err)) {
		report_trouble(&verb->report, text_of(path), text_of(err.text));
		return;
	}
	verb->script = script_new(verb->tool, verb->version, verb->selection.root,
	                          verb->stream);
	int r = USDTINFO_E_MEMORY;
	verb->selection.for_tracers = true;
	if (verb->script)
		r = each_subject(&verb->selection, &verb->report, visit, verb);
	if (r == USDTINFO_E_MEMORY)
		report_message(&verb->report, "out of memory");
	else
		script_end(verb->script);
	verb->report.found = verb->script && script_stanzas(verb->script);
	script_free(verb->script);
}

static void list_tools(struct script_verb *verb)
{
	for (size_t i = 0; script_tools[i]; i++)
		stream_printf(verb->stream, "%-8s  %s\n", script_tools[i]->name,
		              script_tools[i]->help);
	verb->report.found = true;
}

int run_script(int argc, char **argv, const struct verb *verbs)
{
	struct script_verb verb = { 0 };
	enum exit_code code = EXIT_TROUBLE;
	parse_options(&script_argp, argc, argv, &verb);
	verb.stream = malloc(sizeof(*verb.stream));
	if (verb.stream) {
		stream_init(verb.stream, STDOUT_FILENO);
		if (verb.list_tools)
			list_tools(&verb);
		else
			write_all(&verb);
		code = report_end(&verb.report, verb.stream);
	} else {
		report_message(&verb.report, "out of memory");
	}
	report_deinit(&verb.report);
	selection_deinit(&verb.selection);
	site_options_deinit(&verb.site);
	free(verb.stream);
	return (int)code;
}
