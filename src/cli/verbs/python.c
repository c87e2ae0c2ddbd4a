/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The verb python: was this Python built --with-dtrace? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "cli/messages/report.h"
#include "cli/options/options.h"
#include "cli/verbs/verb.h"
#include "find/runtime/python_process.h"
#include "output/report/python_report.h"
#include "rules/set/match.h"

enum {
	KEY_REQUIRE = 0x200,
	KEY_COMPLETE,
	KEY_ALL,
};

struct marker_requirement {
	const char *text;
	struct match match;
};

/* An operand, or a process. */
struct question {
	const char *asked; /* NULL: nothing was typed */
	uint64_t pid;      /* of a process; 0: it is an operand */
};

struct python {
	struct question *questions;
	size_t question_count, question_room;
	struct marker_requirement *requirements;
	size_t requirement_count, requirement_room;
	bool complete, all, quiet, no_headings, json, list_columns;
	const char *root, *library_path;
	const struct python_format *format;
	struct output color; /* of which only the colour is used */
	struct python_report out;
	struct report report;
	bool unmet; /* some verdict or requirement makes the answer no */
};

static const char doc[] =
	"Say whether a CPython was built --with-dtrace and which markers it has, without running it.\v"
	"PYTHON is a program, a name in PATH, a virtual environment, an installation, a build tree, a script, or a libpython. A number that is not the name of a file is a process. The default is ./python if that is an ELF file, otherwise python3 in PATH.\n"
	"\n"
	"Examples:\n"
	"  usdtinfo python\n"
	"  usdtinfo python -q --complete /usr/bin/python3 && echo all markers\n"
	"  usdtinfo python --root=/proc/1234/root\n"
	"\n"
	"Exit code: 0 yes, 1 no, stripped, or a requirement is not met, 2 unknown or not CPython.";

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Selection:", 1 },
	{ "require", KEY_REQUIRE, "[PROVIDER:]NAME", 0,
	  "exit with 1 unless this marker is there and fires; may be repeated", 1 },
	{ "complete", KEY_COMPLETE, NULL, 0,
	  "exit with 1 unless all markers of its version are there and fire", 1 },
	{ "all", KEY_ALL, NULL, 0, "also judge the library beside the program", 1 },
	{ "pid", 'p', "PID", 0, "judge the Python of a process; may be repeated", 1 },
	{ "root", KEY_ROOT, "DIR", 0,
	  "PYTHON, and everything that it needs, is inside DIR", 1 },
	{ "library-path", KEY_LIBRARY_PATH, "DIR[:DIR...]", 0,
	  "also look for libraries in DIR, instead of LD_LIBRARY_PATH", 1 },
	{ NULL, 0, NULL, 0, "Output:", 2 },
	{ "format", 'F', "FORMAT", 0, "text (default), table, tsv, json or ndjson", 2 },
	{ "json", 'J', NULL, 0, "the same as --format=json", 2 },
	{ "output", 'o', "[+]COLUMN,...", 0,
	  "show a table of these columns; with + in front, after the default ones", 2 },
	{ "list-columns", KEY_LIST_COLUMNS, NULL, 0, "list the columns and exit", 2 },
	{ "noheadings", 'n', NULL, 0, "print no line of headings", 2 },
	{ "quiet", 'q', NULL, 0, "print nothing; the exit code is the answer", 2 },
	{ "color", KEY_COLOR, "WHEN", 0, "auto (default), always or never", 2 },
	{ 0 },
};

static void add_question(struct python *python, struct question question,
                         struct argp_state *state)
{
	if (!array_grow(&python->questions, &python->question_room,
	                python->question_count + 1, sizeof(*python->questions)))
		out_of_memory(state);
	python->questions[python->question_count++] = question;
}

/* PID[,PID...] */
static void add_processes(struct python *python, const char *arg,
                          struct argp_state *state)
{
	for (const char *at = arg;;) {
		struct question question = { NULL, 0 };
		size_t size = take_pid(at, &question.pid);
		if (!size)
			usage_error(state, "--pid takes process numbers, not '%s'", arg);
		add_question(python, question, state);
		if (at[size] == '\0')
			return;
		at += size + 1;
	}
}

/* Digits that name no file here, but a process. */
static struct question question_of(const char *arg, bool may_be_process)
{
	struct question question = { arg, 0 };
	char name[64];
	uint64_t pid = 0;
	size_t size = take_pid(arg, &pid);
	if (!may_be_process || !size || arg[size] || access(arg, F_OK) == 0)
		return question;
	snprintf(name, sizeof(name), "/proc/%s", arg);
	if (access(name, F_OK) == 0)
		question.pid = pid;
	return question;
}

static void add_requirement(struct python *python, const char *arg,
                            struct argp_state *state)
{
	struct usdtinfo_error err;
	if (!array_grow(&python->requirements, &python->requirement_room,
	                python->requirement_count + 1, sizeof(*python->requirements)))
		out_of_memory(state);
	struct marker_requirement *made =
		&python->requirements[python->requirement_count++];
	*made = (struct marker_requirement){ .text = arg };
	if (match_add(&made->match, arg, &err) < 0)
		usage_error(state, "%s", err.text);
}

static void set_format(struct python *python, const char *name, struct argp_state *state)
{
	python->format = python_format_find(name);
	if (!python->format)
		usage_error(state, "unknown format '%s'", name);
}

static void check(struct python *python, struct argp_state *state)
{
	const struct python_format *format = python->format;
	if (python->json && format && format != &python_json)
		usage_error(state, "--json and --format=%s cannot be combined",
		            format->name);
	if (python->json)
		python->format = &python_json;
	if (python->out.columns && !python->format)
		python->format = &python_table;
	if (python->out.columns && python->format != &python_table &&
	    python->format != &python_tsv)
		usage_error(state, "--output needs the format table or tsv, not %s",
		            python->format->name);
	for (size_t i = 0; python->root && i < python->question_count; i++) {
		if (python->questions[i].pid)
			usage_error(state, "--root and --pid cannot be combined");
	}
	if (!python->format)
		python->format = python_formats[0];
	if (python->question_count == 0)
		add_question(python, (struct question){ NULL, 0 }, state);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct python *python = state->input;
	switch (key) {
	case KEY_REQUIRE:
		add_requirement(python, arg, state);
		return 0;
	case KEY_COMPLETE:
		python->complete = true;
		return 0;
	case KEY_ALL:
		python->all = true;
		return 0;
	case 'p':
		add_processes(python, arg, state);
		return 0;
	case KEY_ROOT:
		python->root = arg;
		return 0;
	case KEY_LIBRARY_PATH:
		python->library_path = arg;
		return 0;
	case 'F':
		set_format(python, arg, state);
		return 0;
	case 'J':
		python->json = true;
		return 0;
	case 'o':
		python->out.columns = arg;
		return 0;
	case KEY_LIST_COLUMNS:
		python->list_columns = true;
		return 0;
	case 'n':
		python->no_headings = true;
		return 0;
	case 'q':
		python->quiet = true;
		return 0;
	case KEY_COLOR:
		if (!output_set_color(&python->color, arg))
			usage_error(state, "--color is auto, always or never, not '%s'",
			            arg);
		return 0;
	case ARGP_KEY_ARG:
		add_question(python, question_of(arg, !python->root), state);
		return 0;
	case ARGP_KEY_END:
		check(python, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{ &common_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp python_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[PYTHON...]",
	.doc = doc,
	.children = children,
};

/* Whether a marker that @match names is there and fires. */
static void judge_requirement(const struct usdtinfo_python *python,
                              const struct match *match, struct python_requirement *ret)
{
	bool is_dead = false;
	for (size_t i = 0; i < python->marker_count && !ret->ok; i++) {
		const struct python_marker_found *marker = &python->markers[i];
		if (marker->probes == 0 ||
		    !match_probe(match, text_of(PYTHON_PROVIDER), marker->name))
			continue;
		ret->ok = marker->status != USDTINFO_PYTHON_DEAD;
		is_dead |= !ret->ok;
	}
	if (!ret->ok)
		ret->reason = is_dead ? "it is there, but this version does not fire it"
		                      : "it is not there";
}

static void judge_completeness(const struct usdtinfo_python *python,
                               struct python_requirement *ret)
{
	bool whole = python->verdict == USDTINFO_PYTHON_YES;
	ret->text = "--complete";
	for (size_t i = 0; i < python->marker_count; i++) {
		enum usdtinfo_python_status status = python->markers[i].status;
		whole &= status != USDTINFO_PYTHON_DEAD &&
		         status != USDTINFO_PYTHON_MISSING;
	}
	ret->ok = whole && python->versioned;
	if (!ret->ok)
		ret->reason = !whole ? "a marker is missing or does not fire"
		                     : "the markers of its version are not known";
}

/* What stands on standard error: everything that makes the exit code 2. */
static void tell_trouble(struct python *verb, const struct usdtinfo_python *python)
{
	_cleanup_(strbuf_deinit) struct strbuf text = { 0 };
	bool is_other = python->verdict == USDTINFO_PYTHON_NOT_CPYTHON;
	strbuf_addf(&text, "%s: %s%s%s%s", is_other ? "not CPython" : "cannot tell",
	            python->reason.at, python->hint.at ? " (" : "",
	            python->hint.at ? python->hint.at : "", python->hint.at ? ")" : "");
	report_trouble(&verb->report, python->path,
	               text.failed ? text_of("out of memory") : strbuf_text(&text));
}

static int show(struct python *verb, const struct usdtinfo_python *python)
{
	size_t count = verb->requirement_count + verb->complete;
	_cleanup_(freep) struct python_requirement *judged = calloc(count + 1,
	                                                            sizeof(*judged));
	if (!judged)
		return USDTINFO_E_MEMORY;
	for (size_t i = 0; i < verb->requirement_count; i++) {
		judged[i].text = verb->requirements[i].text;
		judge_requirement(python, &verb->requirements[i].match, &judged[i]);
	}
	if (verb->complete)
		judge_completeness(python, &judged[verb->requirement_count]);
	verb->unmet |= python->verdict != USDTINFO_PYTHON_YES;
	for (size_t i = 0; i < count; i++)
		verb->unmet |= !judged[i].ok;
	struct python_result result = { python, judged, count };
	bool is_trouble = python->verdict >= USDTINFO_PYTHON_UNKNOWN;
	/* Of what is no Python there is nothing to say but that, on standard error. */
	bool is_silent = verb->format == &python_text && is_trouble && !python->object.at;
	int r = verb->quiet || is_silent ? 0 : verb->format->add(&verb->out, &result);
	verb->out.shown += !is_silent;
	verb->out.verdicts[python->verdict]++;
	if (is_trouble)
		tell_trouble(verb, python);
	for (size_t i = 0; i < python->diagnostics.count; i++) {
		const struct diagnostic *found = &python->diagnostics.items[i];
		if (found->severity == USDTINFO_SEVERITY_ERROR)
			report_trouble(&verb->report, python->path, found->message);
	}
	return r;
}

static int examine(struct python *verb, const struct question *question,
                   const struct python_settings *settings, struct usdtinfo_error *err)
{
	struct usdtinfo_python *python;
	int r = question->pid ? python_examine_process("/proc", question->pid, verb->all,
	                                               &python, err)
	                      : python_examine(settings, question->asked, &python, err);
	if (r < 0)
		return r;
	r = show(verb, python);
	usdtinfo_python_close(python);
	return r;
}

static int examine_all(struct python *verb, struct usdtinfo_error *err)
{
	struct root root;
	int r = root_init(&root, verb->root, err);
	if (r < 0) {
		report_trouble(&verb->report, text_of(verb->root), text_of(err->text));
		return 0;
	}
	struct python_settings settings = {
		.root = &root,
		.search_path = verb->root ? NULL : getenv("PATH"),
		.library_path = selection_library_path(verb->library_path, verb->root),
		.all = verb->all,
	};
	for (size_t i = 0; r == 0 && i < verb->question_count; i++) {
		r = examine(verb, &verb->questions[i], &settings, err);
		/* Nothing can be worse than trouble. */
		if (verb->out.stream->error || (verb->quiet && verb->report.trouble))
			break;
	}
	root_deinit(&root);
	return r;
}

static enum exit_code judge_all(struct python *verb)
{
	struct usdtinfo_error err = { 0 };
	struct python_report *out = &verb->out;
	out->format = verb->format;
	out->no_headings = verb->no_headings;
	out->color = output_color(&verb->color, STDOUT_FILENO);
	int r = verb->quiet || !out->format->begin ? 0 : out->format->begin(out, &err);
	bool begun = r == 0;
	if (begun)
		r = examine_all(verb, &err);
	if (r == USDTINFO_E_MEMORY)
		report_message(&verb->report, "out of memory");
	else if (r < 0)
		report_message(&verb->report, err.text);
	if (!verb->quiet && out->format->end && begun && out->format->end(out) < 0)
		report_message(&verb->report, "out of memory");
	verb->report.found = !verb->unmet;
	return report_end(&verb->report, out->stream);
}

static enum exit_code list_columns(struct python *verb)
{
	python_list_columns(verb->out.stream);
	verb->report.found = true;
	return report_end(&verb->report, verb->out.stream);
}

static void deinit(struct python *verb)
{
	for (size_t i = 0; i < verb->requirement_count; i++)
		match_deinit(&verb->requirements[i].match);
	free(verb->requirements);
	free(verb->questions);
	report_deinit(&verb->report);
}

int run_python(int argc, char **argv, const struct verb *verbs)
{
	struct python verb = { 0 };
	enum exit_code code = EXIT_TROUBLE;
	parse_options(&python_argp, argc, argv, &verb);
	verb.out.stream = malloc(sizeof(*verb.out.stream));
	if (verb.out.stream) {
		stream_init(verb.out.stream, STDOUT_FILENO);
		code = verb.list_columns ? list_columns(&verb) : judge_all(&verb);
	} else {
		report_message(&verb.report, "out of memory");
	}
	python_report_deinit(&verb.out);
	free(verb.out.stream);
	deinit(&verb);
	return (int)code;
}
