/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The verb check: holds binaries to requirements, those of the command line and those that
 * stand elsewhere: in an older listing, in definitions, in lint's rules.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "cli/messages/report.h"
#include "cli/options/options.h"
#include "cli/options/options_findings.h"
#include "cli/options/options_require.h"
#include "cli/verbs/gather.h"
#include "cli/verbs/subjects.h"
#include "cli/verbs/verb.h"
#include "output/report/check_report.h"
#include "output/report/diff_report.h"
#include "output/saved/read_listing.h"
#include "rules/diff/declared.h"
#include "rules/diff/diff.h"
#include "rules/lint/lint.h"

struct check {
	struct require_options require;
	struct selection selection;
	struct findings_options output;
	struct report report;
	struct findings findings;
	struct side side, baseline;
	struct definitions *definitions; /* by file of -d */
	bool out_of_memory;
};

/* What a finding is about. */
struct check_subject {
	const char *option; /* that asked for it, without dashes */
	struct text about;  /* behind "=" */
	bool is_number;     /* ABOUT is: nothing to name it by */
	const char *rule;   /* NULL: OPTION */
	struct text path;   /* not known: all files together */
};

static const char doc[] =
	"Check that ELF files, archives, directories or saved listings have the static probes (USDT) that they should have.\v"
	"Requirements apply to all files together, --forbid to each file. With --each, all requirements apply to each file.\n"
	"\n"
	"Examples:\n"
	"  usdtinfo check --require='app:request__*' build/\n"
	"  usdtinfo check --args=app:request__done=ptr,int32 build/server\n"
	"  usdtinfo check -d probes.d --report=junit:probes.xml build/server\n"
	"\n"
	"Exit code: 0 all requirements are met, 1 at least one is not, 2 trouble.";

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

/* Report one requirement, met or not. */
static void say(struct check *check, const struct check_subject *subject, bool ok,
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

/* What findings about these files name: the only one, or none. */
static struct text common_path(const struct check *check, const struct side_file *files,
                               size_t count)
{
	/* Of one file alone, too, so that an annotation has a place. */
	return count == 1 ? text_of(files->path) : (struct text){ 0 };
}

/* ---- requirements that stand elsewhere ---- */

static bool load_baseline(struct check *check)
{
	/* The user's own file, whatever --root is. */
	const struct root host = ROOT_HOST;
	struct gather gather = {
		.finder = { .root = &host, .read_listing = listing_visit },
		.match = &check->selection.match,
		.report = &check->report,
	};
	if (!check->require.baseline)
		return true;
	if (gather_path(&gather, check->require.baseline, &check->baseline) != 0)
		report_message(&check->report, "out of memory");
	return !check->report.trouble;
}

static bool load_definitions(struct check *check, size_t index)
{
	const char *path = check->require.definitions[index];
	struct usdtinfo_error err;
	if (definitions_load(&check->definitions[index], path, &err) < 0) {
		report_trouble(&check->report, text_of(path), text_of(err.text));
		return false;
	}
	definitions_sort(&check->definitions[index]);
	return true;
}

/* Read --baseline and -d. Return: false when one cannot be; said already */
static bool load_documents(struct check *check)
{
	size_t count = check->require.definition_count;
	check->definitions = calloc(count + 1, sizeof(*check->definitions));
	if (!check->definitions) {
		report_message(&check->report, "out of memory");
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		if (!load_definitions(check, i))
			return false;
	}
	return load_baseline(check);
}

static void free_documents(struct check *check)
{
	for (size_t i = 0; check->definitions && i < check->require.definition_count; i++)
		definitions_deinit(&check->definitions[i]);
	free(check->definitions);
	side_deinit(&check->baseline);
}

/* ---- the baseline ---- */

/* All probes of files as one set, whose texts stay the files'. */
static bool merge(const struct side_file *files, size_t count, struct set *ret)
{
	size_t total = 0;
	for (size_t i = 0; i < count; i++)
		total += files[i].set.count;
	*ret = (struct set){ .items = malloc((total + 1) * sizeof(*ret->items)) };
	if (!ret->items)
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct set *set = &files[i].set;
		if (set->count)
			memcpy(ret->items + ret->count, set->items,
			       set->count * sizeof(*set->items));
		ret->count += set->count;
	}
	set_sort(ret);
	return true;
}

struct baseline_work {
	struct check *check;
	struct text path;
	struct strbuf name, sentence;
	uint64_t said;
};

static int say_change(void *context, const struct change *change)
{
	struct baseline_work *work = context;
	if (change->kind != CHANGE_REMOVED && change->kind != CHANGE_ARGUMENTS &&
	    change->kind != CHANGE_SEMAPHORE)
		return 0;
	strbuf_clear(&work->name);
	strbuf_add(&work->name, change->provider.at, change->provider.size);
	strbuf_add_char(&work->name, ':');
	strbuf_add(&work->name, change->name.at, change->name.size);
	change_sentence(change, &work->sentence);
	if (work->name.failed || work->sentence.failed)
		return USDTINFO_E_MEMORY;
	struct check_subject subject = { .option = "baseline",
		                         .about = strbuf_text(&work->name),
		                         .path = work->path };
	work->said++;
	say(work->check, &subject, false, change->severity, change->new,
	    strbuf_text(&work->sentence));
	return 0;
}

static void hold_to_baseline(struct check *check, const struct side_file *files,
                             size_t count)
{
	struct baseline_work work = { .check = check,
		                      .path = common_path(check, files, count) };
	struct diff diff = { .report = say_change, .context = &work };
	struct set old = { 0 }, new = { 0 };
	if (!merge(check->baseline.files, check->baseline.count, &old) ||
	    !merge(files, count, &new) || diff_sets(&diff, &old, &new) < 0)
		check->out_of_memory = true;
	if (!work.said) {
		struct check_subject subject = {
			.option = "baseline",
			.about = text_of(check->require.baseline),
			.path = work.path,
		};
		say(check, &subject, true, USDTINFO_SEVERITY_ERROR,
		    text_of("all its names"), (struct text){ 0 });
	}
	free(old.items);
	free(new.items);
	strbuf_deinit(&work.name);
	strbuf_deinit(&work.sentence);
}

/* ---- definitions ---- */

static void say_missing(struct check *check, const char *file, struct text path,
                        const struct definition *definition)
{
	_cleanup_(strbuf_deinit) struct strbuf name = { 0 }, reason = { 0 };
	strbuf_add(&name, definition->provider.at, definition->provider.size);
	strbuf_add_char(&name, ':');
	strbuf_add(&name, definition->name.at, definition->name.size);
	strbuf_addf(&reason, "declared in %s, line %u, but never fired", file,
	            definition->line);
	struct check_subject subject = { .option = "definitions",
		                         .about = strbuf_text(&name),
		                         .path = path };
	if (name.failed || reason.failed)
		check->out_of_memory = true;
	else
		say(check, &subject, false, USDTINFO_SEVERITY_ERROR, text_of("no probe"),
		    strbuf_text(&reason));
}

static void hold_to_definitions(struct check *check, size_t index,
                                const struct side_file *files, size_t count)
{
	const struct definitions *definitions = &check->definitions[index];
	const char *file = check->require.definitions[index];
	const struct match *allowed = &check->require.allow_missing;
	struct text path = common_path(check, files, count);
	_cleanup_(strbuf_deinit) struct strbuf sum = { 0 };
	_cleanup_(freep) bool *found = calloc(definitions->count + 1, sizeof(*found));
	uint64_t missing = 0, excused = 0;
	if (!found) {
		check->out_of_memory = true;
		return;
	}
	declared_find(definitions, files, count, found);
	for (size_t i = 0; i < definitions->count; i++) {
		const struct definition *definition = &definitions->items[i];
		bool may = allowed->count &&
		           match_probe(allowed, definition->provider, definition->name);
		excused += !found[i] && may;
		missing += !found[i] && !may;
		if (!found[i] && !may)
			say_missing(check, file, path, definition);
	}
	strbuf_addf(&sum, "%zu declared, %" PRIu64 " of them missing as allowed",
	            definitions->count, excused);
	struct check_subject subject = { .option = "definitions",
		                         .about = text_of(file),
		                         .path = path };
	if (!missing)
		say(check, &subject, true, USDTINFO_SEVERITY_ERROR, strbuf_text(&sum),
		    (struct text){ 0 });
}

/* Hold files, taken together, to --baseline and -d. */
static void judge_documents(struct check *check, const struct side_file *files,
                            size_t count)
{
	for (size_t i = 0; i < check->require.definition_count; i++)
		hold_to_definitions(check, i, files, count);
	if (check->require.baseline)
		hold_to_baseline(check, files, count);
}

/* ---- lint ---- */

struct lint_work {
	struct check *check;
	struct text path;
	uint64_t said;
};

static int say_lint(void *context, const struct lint_finding *found)
{
	struct lint_work *work = context;
	_cleanup_(strbuf_deinit) struct strbuf about = { 0 };
	if (found->name.at) {
		strbuf_add(&about, found->provider.at, found->provider.size);
		strbuf_add_char(&about, ':');
		strbuf_add(&about, found->name.at, found->name.size);
	}
	struct check_subject subject = { .option = "lint",
		                         .about = strbuf_text(&about),
		                         .rule = found->rule->name,
		                         .path = work->path };
	work->said++;
	say(work->check, &subject, false, found->severity, text_of(found->rule->name),
	    found->message);
	return about.failed ? USDTINFO_E_MEMORY : 0;
}

/* An object_visit: hold one to the rules of lint. */
static int judge_by_lint(void *context, const struct object *object)
{
	struct check *check = context;
	struct lint_work work = { .check = check, .path = object->facts->path };
	struct lint_options options = { .match = check->selection.match,
		                        .report = say_lint,
		                        .context = &work };
	struct check_subject subject = { .option = "lint", .path = work.path };
	struct usdtinfo_error err;
	if (!object->image) {
		report_trouble(&check->report, work.path,
		               text_of("a saved listing is not enough for --lint"));
		return 0;
	}
	int r = lint_file(&options, object->image, &err);
	if (r < 0)
		report_trouble(&check->report, work.path, text_of(err.text));
	else if (!work.said)
		say(check, &subject, true, USDTINFO_SEVERITY_ERROR,
		    text_of("nothing wrong"), (struct text){ 0 });
	return r == USDTINFO_E_MEMORY ? r : 0;
}

/* ---- requirements of the command line ---- */

static void judge(struct check *check, const struct requirement *requirement,
                  const struct side_file *files, size_t count)
{
	_cleanup_(verdict_deinit) struct verdict verdict = { 0 };
	struct check_subject subject = {
		.option = require_names[requirement->kind],
		.about = text_of(requirement->text),
		.is_number = requirement->kind == REQUIRE_MIN,
		.path = common_path(check, files, count),
	};
	if (requirement_judge(requirement, files, count, &verdict) < 0) {
		check->out_of_memory = true;
		return;
	}
	say(check, &subject, verdict.ok, USDTINFO_SEVERITY_ERROR,
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
		judge_documents(check, &side->files[i], 1);
	if (!require->each)
		judge_documents(check, side->files, side->count);
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
	if (!require_options_load(require, &check->report) || !load_documents(check))
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
		.before = check->require.lint ? judge_by_lint : NULL,
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

int run_check(int argc, char **argv, const struct verb *verbs)
{
	struct check check = { 0 };
	parse_options(&check_argp, argc, argv, &check);
	enum exit_code code = check_all(&check);
	free_documents(&check);
	side_deinit(&check.side);
	report_deinit(&check.report);
	findings_options_deinit(&check.output);
	require_options_deinit(&check.require);
	selection_deinit(&check.selection);
	return (int)code;
}
