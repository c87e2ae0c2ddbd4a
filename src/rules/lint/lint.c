/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Running the rules: once over the probes to gather them, once over what was gathered, and
 * once over the probes again, when all is known that one can say of another.
 */
#include "rules/lint/lint.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"

const struct lint_rule *lint_rule_find(const char *name, size_t size)
{
	for (size_t i = 0; i < lint_rule_count; i++) {
		if (strlen(lint_rules[i].name) == size &&
		    memcmp(lint_rules[i].name, name, size) == 0)
			return &lint_rules[i];
	}
	return NULL;
}

/* ---- the passes --------------------------------------------------------------------- */

typedef int (*each_probe)(struct lint *lint, const struct usdtinfo_probe *probe,
                          size_t index, struct usdtinfo_error *err);

/* The rule at @index says what comes next. Return: whether it is asked at all */
static bool take_turn(struct lint *lint, size_t index)
{
	const struct lint_options *options = lint->options;
	lint->rule = &lint_rules[index];
	lint->severity = options->has_severity[index] ? options->severity[index]
	                                              : lint->rule->severity;
	return !options->disabled[index];
}

static bool goes_on(const struct lint *lint)
{
	return !lint->result && !lint->out_of_memory;
}

static int walk(struct lint *lint, each_probe each, struct usdtinfo_error *err)
{
	struct usdtinfo_walk *walk;
	const struct usdtinfo_probe *probe;
	size_t index = 0;
	int r = usdtinfo_walk_open(lint->image,
	                           USDTINFO_DETAIL_PLACE | USDTINFO_DETAIL_SITE |
	                                   USDTINFO_DETAIL_ARGUMENTS,
	                           &walk, err);
	if (r < 0)
		return r;
	while (goes_on(lint) && (r = usdtinfo_walk_next(walk, &probe, err)) > 0) {
		if (!match_probe(&lint->options->match, probe->provider, probe->name))
			continue;
		r = each(lint, probe, index++, err);
		if (r < 0)
			break;
	}
	usdtinfo_walk_close(walk);
	return r < 0 ? r : 0;
}

static int gather(struct lint *lint, const struct usdtinfo_probe *probe, size_t index,
                  struct usdtinfo_error *err)
{
	for (size_t i = 0; i < probe->argument_count; i++)
		if (probe->arguments[i].size > 8)
			lint->file.traits |= TRAIT(WIDE_IN_FILE);
	return set_add(&lint->set, probe, 0, err);
}

static int examine(struct lint *lint, const struct usdtinfo_probe *probe, size_t index,
                   struct usdtinfo_error *err)
{
	struct lint_probe subject = {
		.probe = probe,
		.traits = probe_traits(lint->image, &lint->file, probe),
	};
	_cleanup_(freep) uint64_t *arguments = malloc((probe->argument_count + 1) *
	                                              sizeof(*arguments));
	if (!arguments)
		return fail_memory(err);
	if (index < lint->set.count && lint->shared[index])
		subject.traits |= TRAIT(SEMAPHORE_SHARED);
	for (size_t i = 0; i < probe->argument_count; i++)
		arguments[i] = argument_traits(lint->image->header.e_machine,
		                               &probe->arguments[i]);
	subject.arguments = arguments;
	for (size_t i = 0; i < lint_rule_count && goes_on(lint); i++) {
		if (take_turn(lint, i) && lint->rule->probe)
			lint->rule->probe(lint, &subject);
	}
	if (lint->options->probe && goes_on(lint))
		lint->result = lint->options->probe(lint->options->context, lint->image,
		                                    &subject);
	return 0;
}

static void run_diagnostics(struct lint *lint)
{
	const struct diagnostics *list = &lint->facts->diagnostics;
	for (size_t k = 0; k < list->count; k++) {
		if (text_equal(list->items[k].code, text_of(lint->rule->diagnostic)))
			lint_say(lint, "%.*s", (int)list->items[k].message.size,
			         list->items[k].message.at);
	}
}

static void run_file_rules(struct lint *lint)
{
	for (size_t i = 0; i < lint_rule_count && goes_on(lint); i++) {
		if (!take_turn(lint, i))
			continue;
		if (lint->rule->diagnostic)
			run_diagnostics(lint);
		if (lint->rule->file)
			lint->rule->file(lint);
	}
}

static void run_set_rules(struct lint *lint)
{
	for (size_t i = 0; i < lint_rule_count && goes_on(lint); i++) {
		if (take_turn(lint, i) && lint->rule->set)
			lint->rule->set(lint);
	}
}

/* Also marks the probes that share a site and not a semaphore. */
static void run_site_rules(struct lint *lint)
{
	struct set *set = &lint->set;
	for (size_t at = 0, run; at < set->count && goes_on(lint); at += run) {
		const struct set_probe *first = &set->items[at];
		run = set_site_run(set, at);
		if (run == 1)
			continue;
		bool differ = false;
		for (size_t k = 1; k < run; k++) {
			struct maybe_u64 one = first[k].semaphore,
					 other = first->semaphore;
			differ |= one.known != other.known || one.value != other.value;
		}
		for (size_t k = 0; differ && k < run; k++)
			lint->shared[first[k].index] = true;
		for (size_t i = 0; i < lint_rule_count && goes_on(lint); i++) {
			if (take_turn(lint, i) && lint->rule->site)
				lint->rule->site(lint, first, run);
		}
	}
}

/* Code without bytes: what objcopy --only-keep-debug leaves. */
static bool is_debug_file(struct usdtinfo_image *image)
{
	struct section section;
	for (size_t i = 1; i < image->section_count; i++) {
		if (image_section(image, i, &section) &&
		    section.header.sh_flags & SHF_EXECINSTR)
			return section.header.sh_type == SHT_NOBITS;
	}
	return false;
}

static int run(struct lint *lint, struct usdtinfo_error *err)
{
	usdtinfo_image_state(lint->image);
	file_traits(lint->image, lint->facts, &lint->file);
	lint->is_relocatable = lint->image->header.e_type == ET_REL;
	lint->is_debug_file = is_debug_file(lint->image);
	run_file_rules(lint);
	int r = walk(lint, gather, err);
	if (r < 0)
		return r;
	if (!lint_load_undefined(lint))
		return fail_memory(err);
	lint->shared = calloc(lint->set.count + 1, sizeof(*lint->shared));
	if (!lint->shared)
		return fail_memory(err);
	set_sort_by_site(&lint->set);
	run_site_rules(lint);
	set_sort(&lint->set);
	run_set_rules(lint);
	r = walk(lint, examine, err);
	if (r < 0)
		return r;
	return lint->out_of_memory ? fail_memory(err) : lint->result;
}

int lint_file(const struct lint_options *options, struct usdtinfo_image *image,
              struct usdtinfo_error *err)
{
	struct lint lint = { .options = options, .image = image, .facts = &image->facts };
	int r = run(&lint, err);
	set_deinit(&lint.set);
	free(lint.undefined);
	free(lint.shared);
	strbuf_deinit(&lint.message);
	/* Whoever hears of findings has no error to fill. */
	return r == USDTINFO_E_MEMORY ? fail_memory(err) : r;
}
