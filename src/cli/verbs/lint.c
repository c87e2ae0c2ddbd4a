/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The verb lint: what makes tracers miss or misread the probes of binaries. */
#include "rules/lint/lint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "base/names.h"
#include "cli/messages/report.h"
#include "cli/options/options.h"
#include "cli/options/options_findings.h"
#include "cli/verbs/subjects.h"
#include "cli/verbs/verb.h"
#include "output/tool/matrix.h"

enum {
	KEY_LIST_RULES = 0x500,
	KEY_EXPLAIN,
	KEY_DISABLE,
	KEY_SEVERITY,
	KEY_TOOLS
};

struct lint_verb {
	struct selection selection;
	struct findings_options output;
	struct lint_options options;
	struct report report;
	struct findings findings;
	struct matrix matrix;
	const struct lint_rule *explained;
	bool list_rules;
	struct text path; /* of the file at hand */
	uint64_t in_file; /* findings about it */
};

static const char doc[] =
	"Find probes of ELF files that tracers will miss or misread, and say why.\v"
	"Examples:\n"
	"  usdtinfo lint build/server\n"
	"  usdtinfo lint --for=bpftrace,gdb build/server\n"
	"  usdtinfo lint --explain=notes-stripped\n"
	"\n"
	"Exit code: 0 nothing wrong, 1 findings of the severity of --fail-on or above, 2 trouble.";

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Rules:", 5 },
	{ "list-rules", KEY_LIST_RULES, NULL, 0, "list the rules and exit", 5 },
	{ "explain", KEY_EXPLAIN, "RULE", 0,
	  "say what causes findings of this rule and what helps, and exit", 5 },
	{ "disable", KEY_DISABLE, "RULE,...", 0,
	  "do not apply these rules; may be repeated", 5 },
	{ "severity", KEY_SEVERITY, "RULE:SEVERITY", 0,
	  "make findings of this rule an error, a warning or an info; may be repeated",
	  5 },
	{ "for", KEY_TOOLS, "TOOL[=VERSION],...", 0,
	  "show what tools can do with each probe: bpftrace, bcc, libbpf, perf, gdb, stap, lttng, dtrace, ftrace or all",
	  5 },
	{ 0 },
};

static size_t find_rule(const char *name, size_t size, struct argp_state *state)
{
	const struct lint_rule *rule = lint_rule_find(name, size);
	if (!rule)
		usage_error(state, "unknown rule '%.*s'; see --list-rules", (int)size,
		            name);
	return (size_t)(rule - lint_rules);
}

static void disable(struct lint_verb *lint, const char *list, struct argp_state *state)
{
	for (;;) {
		size_t size = strcspn(list, ",");
		lint->options.disabled[find_rule(list, size, state)] = true;
		if (!list[size])
			return;
		list += size + 1;
	}
}

static void set_severity(struct lint_verb *lint, const char *arg,
                         struct argp_state *state)
{
	const char *colon = strrchr(arg, ':');
	size_t index = find_rule(arg, colon ? (size_t)(colon - arg) : strlen(arg), state);
	if (!colon || !severity_parse(colon + 1, &lint->options.severity[index]))
		usage_error(state,
		            "--severity takes RULE:error, RULE:warning or RULE:info");
	lint->options.has_severity[index] = true;
}

static void add_tools(struct lint_verb *lint, const char *list, struct argp_state *state)
{
	for (;;) {
		size_t size = strcspn(list, ",");
		if (!matrix_add_tool(&lint->matrix, list, size))
			usage_error(
				state,
				"--for takes tools, such as bpftrace or gdb=13.1, or all, not '%.*s'",
				(int)size, list);
		if (!list[size])
			return;
		list += size + 1;
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct lint_verb *lint = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &lint->selection;
		state->child_inputs[1] = &lint->selection.tree;
		state->child_inputs[2] = &lint->output;
		return 0;
	case KEY_LIST_RULES:
		lint->list_rules = true;
		return 0;
	case KEY_EXPLAIN:
		lint->explained = &lint_rules[find_rule(arg, strlen(arg), state)];
		return 0;
	case KEY_DISABLE:
		disable(lint, arg, state);
		return 0;
	case KEY_SEVERITY:
		set_severity(lint, arg, state);
		return 0;
	case KEY_TOOLS:
		add_tools(lint, arg, state);
		return 0;
	case ARGP_KEY_SUCCESS:
		if (selection_is_empty(&lint->selection) && !lint->list_rules &&
		    !lint->explained)
			argp_usage(state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{ &selection_argp, 0, NULL, 0 },
	{ &tree_argp, 0, NULL, 0 },
	{ &findings_argp, 0, NULL, 0 },
	{ &common_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp lint_argp = { .options = options,
	                               .parser = parse,
	                               .args_doc = "PATH...",
	                               .doc = doc,
	                               .children = children };

static int add_finding(void *context, const struct lint_finding *from)
{
	struct lint_verb *lint = context;
	struct finding finding = {
		.severity = from->severity,
		.rule = text_of(from->rule->name),
		.path = lint->path,
		.provider = from->provider,
		.name = from->name,
		.location = from->location,
		.message = from->message,
	};
	lint->in_file++;
	findings_add(&lint->findings, &finding);
	return 0;
}

static int add_probe(void *context, struct usdtinfo_image *image,
                     const struct lint_probe *probe)
{
	struct lint_verb *lint = context;
	return matrix_add(&lint->matrix, image->header.e_machine, probe)
	               ? 0
	               : USDTINFO_E_MEMORY;
}

static int visit(void *context, const struct object *object)
{
	struct lint_verb *lint = context;
	struct usdtinfo_error err;
	int r = 0;
	lint->path = object->facts->path;
	lint->in_file = 0;
	findings_file(&lint->findings);
	if (object->source) {
		report_trouble(&lint->report, object->facts->path,
		               text_of("a saved listing does not hold enough for lint"));
		return 0;
	}
	if (object->image && lint->matrix.tool_count &&
	    !matrix_file(&lint->matrix, lint->selection.root, object->facts,
	                 object->finder ? object->finder->needed_by : NULL))
		return USDTINFO_E_MEMORY;
	if (object->image)
		r = lint_file(&lint->options, object->image, &err);
	report_file(&lint->report, object->facts);
	if (r < 0) {
		report_trouble(&lint->report, object->facts->path, text_of(err.text));
		return r == USDTINFO_E_MEMORY ? r : 0;
	}
	if (object->image && !lint->in_file) {
		struct finding sound = {
			.holds = true,
			.path = lint->path,
			.message = text_of("nothing wrong"),
		};
		findings_add(&lint->findings, &sound);
	}
	return 0;
}

static const struct findings_kind kind = {
	.kind = "lint",
	.array = "findings",
	.record = &finding_record,
	.nothing = "nothing wrong",
};

static enum exit_code lint_all(struct lint_verb *lint)
{
	lint->options.match = lint->selection.match;
	lint->options.report = add_finding;
	lint->options.probe = lint->matrix.tool_count ? add_probe : NULL;
	lint->options.context = lint;
	if (!findings_open(&lint->findings, &kind, &lint->output, &lint->report))
		return EXIT_TROUBLE;
	if (lint->matrix.tool_count)
		lint->findings.appendix = (struct findings_appendix){ matrix_write_text,
			                                              matrix_write_json,
			                                              &lint->matrix };
	lint->selection.tree.recursive = true;
	lint->selection.for_tracers = lint->matrix.tool_count;
	/* Of what nobody named, most has none. */
	if (lint->selection.libs || selection_has_processes(&lint->selection))
		lint->options.disabled[lint_rule_find("no-probes", 9) - lint_rules] =
			true;
	int r = each_subject(&lint->selection, &lint->report, visit, lint);
	if (r == USDTINFO_E_MEMORY)
		report_message(&lint->report, "out of memory");
	findings_close(&lint->findings, &lint->report);
	return report_end(&lint->report, NULL);
}

/* Fill @width columns with the words of one sentence after the other. */
static void print_paragraph(FILE *out, const char *const *sentences, size_t width)
{
	size_t column = 0;
	for (; *sentences; sentences++) {
		for (const char *text = *sentences; *text;) {
			size_t size = strcspn(text, " ");
			if (column && column + 1 + size > width) {
				fputc('\n', out);
				column = 0;
			}
			if (column)
				fputc(' ', out);
			column += size + (column > 0);
			fwrite(text, 1, size, out);
			text += size + (text[size] == ' ');
		}
	}
	fputc('\n', out);
}

static enum exit_code print_rules(const struct lint_verb *lint)
{
	size_t width = 0;
	for (size_t i = 0; i < lint_rule_count; i++) {
		size_t size = strlen(lint_rules[i].name);
		width = size > width ? size : width;
	}
	for (size_t i = 0; !lint->explained && i < lint_rule_count; i++)
		printf("%-*s  %-7s  %s\n", (int)width, lint_rules[i].name,
		       severity_names[lint_rules[i].severity], lint_rules[i].summary);
	if (lint->explained) {
		printf("%s (%s): %s\n\n", lint->explained->name,
		       severity_names[lint->explained->severity],
		       lint->explained->summary);
		print_paragraph(stdout, lint->explained->explanation, 78);
	}
	if (fflush(stdout) == 0 && !ferror(stdout))
		return EXIT_YES;
	struct report report = { 0 };
	struct usdtinfo_error err;
	fail_errno(&err, "write error");
	report_message(&report, err.text);
	return EXIT_TROUBLE;
}

int run_lint(int argc, char **argv, const struct verb *verbs)
{
	struct lint_verb lint = { 0 };
	parse_options(&lint_argp, argc, argv, &lint);
	enum exit_code code = lint.list_rules || lint.explained ? print_rules(&lint)
	                                                        : lint_all(&lint);
	matrix_deinit(&lint.matrix);
	report_deinit(&lint.report);
	findings_options_deinit(&lint.output);
	selection_deinit(&lint.selection);
	return (int)code;
}
