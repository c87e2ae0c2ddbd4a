/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The verb check: holds binaries to requirements. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "cli/check.h"
#include "cli/gather.h"
#include "cli/options.h"
#include "cli/options_findings.h"
#include "cli/subjects.h"
#include "cli/verb.h"
#include "io/check_report.h"

static const char doc[] =
	"Hold the static probes (USDT) of ELF files, archives, directories and saved "
	"listings to requirements."
	"\v"
	"Exit code: 0 all are met, 1 one is not, 2 trouble.\n"
	"Requirements hold over all files together; --forbid always, and with --each "
	"all, "
	"over every single file.";

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct check *check = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &check->require;
		state->child_inputs[1] = &check->selection;
		state->child_inputs[2] = &check->selection.tree;
		state->child_inputs[3] = &check->output;
		return 0;
	case ARGP_KEY_SUCCESS:
		if (selection_is_empty(&check->selection))
			argp_usage(state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{ &require_argp, 0, NULL, 0 }, { &selection_argp, 0, NULL, 0 },
	{ &tree_argp, 0, NULL, 0 },    { &findings_argp, 0, NULL, 0 },
	{ &common_argp, 0, NULL, 0 },  { 0 },
};

static const struct argp check_argp = { .options = NULL,
	                                .parser = parse,
	                                .args_doc = "PATH...",
	                                .doc = doc,
	                                .children = children };

void check_say(struct check *check, const struct check_subject *subject, bool ok,
               enum usdtinfo_severity severity, struct text found, struct text reason)
{
	_cleanup_(strbuf_deinit) struct strbuf requirement = { 0 };
	strbuf_addf(&requirement, "%s", subject->option);
	if (subject->about.size)
		strbuf_add_char(&requirement, '=');
	strbuf_add(&requirement, subject->about.at, subject->about.size);
	struct check_finding finding = {
		.requirement = strbuf_text(&requirement),
		.path = subject->path,
		.ok = ok,
		.severity = severity,
		.found = found,
		.reason = ok ? (struct text){ 0 } : reason,
	};
	if (requirement.failed)
		check->out_of_memory = true;
	else
		check_report_add(&check->findings, &finding,
		                 subject->rule ? subject->rule : subject->option,
		                 subject->is_number ? (struct text){ 0 }
		                                    : subject->about);
}

struct text check_path(const struct check *check, const struct side_file *files,
                       size_t count)
{
	/* Of one file alone, too, so that an annotation has a place. */
	return count == 1 ? text_of(files->path) : (struct text){ 0 };
}

static void judge(struct check *check, const struct requirement *requirement,
                  const struct side_file *files, size_t count)
{
	_cleanup_(verdict_deinit) struct verdict verdict = { 0 };
	struct check_subject subject = {
		.option = require_names[requirement->kind],
		.about = text_of(requirement->text),
		.is_number = requirement->kind == REQUIRE_MIN,
		.path = check_path(check, files, count),
	};
	if (requirement_judge(requirement, files, count, &verdict) < 0) {
		check->out_of_memory = true;
		return;
	}
	check_say(check, &subject, verdict.ok, USDTINFO_SEVERITY_ERROR,
	          strbuf_text(&verdict.found), strbuf_text(&verdict.reason));
}

static void judge_each(struct check *check, const struct requirement *requirement)
{
	for (size_t i = 0; i < check->side.count; i++)
		judge(check, requirement, &check->side.files[i], 1);
}

static void judge_all(struct check *check)
{
	const struct require_options *require = &check->require;
	const struct side *side = &check->side;
	for (size_t i = 0; i < require->count; i++) {
		const struct requirement *requirement = &require->items[i];
		if (require->each || requirement->kind == REQUIRE_NONE)
			judge_each(check, requirement);
		else
			judge(check, requirement, side->files, side->count);
	}
	for (size_t i = 0; require->each && i < side->count; i++)
		check_documents(check, &side->files[i], 1);
	if (!require->each)
		check_documents(check, side->files, side->count);
}

static bool has_requirements(const struct require_options *require)
{
	return require->count || require->baseline || require->definition_count ||
	       require->lint;
}

static bool prepare(struct check *check)
{
	struct require_options *require = &check->require;
	struct usdtinfo_error err;
	if (!require_options_load(require, &check->report) ||
	    !check_load_documents(check))
		return false;
	if (has_requirements(require))
		return true;
	require->items = calloc(1, sizeof(*require->items));
	if (!require->items ||
	    requirement_parse(REQUIRE_MIN, "1", require->items, &err) < 0) {
		report_message(&check->report, "out of memory");
		return false;
	}
	require->count = require->room = 1;
	return true;
}

static enum exit_code check_all(struct check *check)
{
	struct gather gather = {
		.match = &check->selection.match,
		.report = &check->report,
		.before = check->require.lint ? check_lint : NULL,
		.context = check,
		.side = &check->side,
		.operand = "",
	};
	if (!prepare(check) ||
	    !findings_open(&check->findings, &check_kind, &check->output, &check->report))
		return EXIT_TROUBLE;
	check->selection.tree.recursive = true;
	check->selection.tree.visit_empty = true;
	int r = each_subject(&check->selection, &check->report, gather_visit, &gather);
	for (size_t i = 0; i < check->side.count; i++)
		findings_file(&check->findings);
	if (r == 0)
		r = side_prepare(&check->side);
	/* Nothing is missing from what could not be read. */
	if (r == 0 && (check->side.count || !check->report.trouble))
		judge_all(check);
	if (r == USDTINFO_E_MEMORY || check->out_of_memory)
		report_message(&check->report, "out of memory");
	findings_close(&check->findings, &check->report);
	return report_end(&check->report, NULL);
}

int run_check(int argc, char **argv)
{
	struct check check = { 0 };
	parse_options(&check_argp, argc, argv, &check);
	enum exit_code code = check_all(&check);
	check_free_documents(&check);
	side_deinit(&check.side);
	report_deinit(&check.report);
	findings_options_deinit(&check.output);
	require_options_deinit(&check.require);
	selection_deinit(&check.selection);
	return (int)code;
}
