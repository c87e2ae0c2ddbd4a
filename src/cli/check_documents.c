/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Requirements that stand elsewhere: in an older listing, in definitions, in lint's rules. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "cli/check.h"
#include "cli/gather.h"
#include "io/diff_report.h"
#include "io/read_listing.h"
#include "rules/declared.h"
#include "rules/diff.h"
#include "rules/lint.h"

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

bool check_load_documents(struct check *check)
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

void check_free_documents(struct check *check)
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
	check_say(work->check, &subject, false, change->severity, change->new,
	          strbuf_text(&work->sentence));
	return 0;
}

static void hold_to_baseline(struct check *check, const struct side_file *files,
                             size_t count)
{
	struct baseline_work work = { .check = check,
		                      .path = check_path(check, files, count) };
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
		check_say(check, &subject, true, USDTINFO_SEVERITY_ERROR,
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
		check_say(check, &subject, false, USDTINFO_SEVERITY_ERROR,
		          text_of("no probe"), strbuf_text(&reason));
}

static void hold_to_definitions(struct check *check, size_t index,
                                const struct side_file *files, size_t count)
{
	const struct definitions *definitions = &check->definitions[index];
	const char *file = check->require.definitions[index];
	const struct match *allowed = &check->require.allow_missing;
	struct text path = check_path(check, files, count);
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
		check_say(check, &subject, true, USDTINFO_SEVERITY_ERROR,
		          strbuf_text(&sum), (struct text){ 0 });
}

void check_documents(struct check *check, const struct side_file *files, size_t count)
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
	check_say(work->check, &subject, false, found->severity,
	          text_of(found->rule->name), found->message);
	return about.failed ? USDTINFO_E_MEMORY : 0;
}

int check_lint(void *context, const struct object *object)
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
		check_say(check, &subject, true, USDTINFO_SEVERITY_ERROR,
		          text_of("nothing wrong"), (struct text){ 0 });
	return r == USDTINFO_E_MEMORY ? r : 0;
}
