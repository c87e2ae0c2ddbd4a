/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Rules about a file as a whole, about the probes of one name, and about those at one site. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "rules/lint/lint_checks.h"

void lint_no_probes(struct lint *lint)
{
	/* A diagnostic would say what else was found; of archives, most members have none. */
	if (lint->facts->state == USDTINFO_STATE_NO_PROBES && !lint->facts->archive.at &&
	    !lint->facts->diagnostics.count)
		lint_say(lint, "the file has no probes");
}

void lint_debug_file(struct lint *lint)
{
	if (lint->is_debug_file && lint->image->probe_count)
		lint_say(
			lint,
			"this is a separate debug file: tracers need the file that it was split from, and only that can be judged whole");
}

void lint_notes_mixed(struct lint *lint)
{
	if (lint->file.foreign_notes && lint->image->probe_count)
		lint_say(
			lint,
			"other notes stand among those of the probes: libbpf finds none of these probes");
}

void lint_section_order(struct lint *lint)
{
	if (lint->file.traits & TRAIT(SECTION_ORDER) && lint->image->probe_count &&
	    !lint->is_relocatable)
		lint_say(
			lint,
			"code, .probes and .note.stapsdt do not follow each other in this order: BCC, and bpftrace before 0.25, find no probes");
}

/* How many of several different texts a message shows. */
#define SHOWN 3

static int by_signature(const void *a, const void *b)
{
	const struct set_probe *const *left = a, *const *right = b;
	int order = text_compare((*left)->signature, (*right)->signature);
	if (order)
		return order;
	return ((*left)->index > (*right)->index) - ((*left)->index < (*right)->index);
}

/* The members of a name by signature; released by the caller. */
static const struct set_probe **sorted(struct lint *lint, const struct set_probe *first,
                                       size_t count)
{
	const struct set_probe **items = malloc(count * sizeof(struct set_probe *));
	if (!items) {
		lint->out_of_memory = true;
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		items[i] = &first[i];
	qsort(items, count, sizeof(struct set_probe *), by_signature);
	return items;
}

static void say_signatures(struct lint *lint, const struct set_probe *first, size_t count)
{
	const struct set_probe **items = sorted(lint, first, count);
	size_t kinds = 0;
	if (!items)
		return;
	strbuf_clear(&lint->message);
	for (size_t i = 0; i < count; i++) {
		if (i && text_equal(items[i]->signature, items[i - 1]->signature))
			continue;
		if (kinds++ < SHOWN)
			strbuf_addf(&lint->message, "%s(%s)", kinds > 1 ? ", " : "",
			            items[i]->signature.at);
	}
	free(items);
	if (kinds > SHOWN)
		strbuf_addf(&lint->message, " and %zu more", kinds - SHOWN);
	lint->out_of_memory |= lint->message.failed;
	if (kinds > 1 && !lint->message.failed)
		lint_say_member(
			lint, first,
			"its %zu sites pass different arguments: %s: what a tracer shows depends on the site",
			count, lint->message.at);
}

void lint_arguments_differ(struct lint *lint)
{
	const struct set *set = &lint->set;
	for (size_t at = 0, run; at < set->count; at += run) {
		run = set_name_run(set, at);
		if (run > 1)
			say_signatures(lint, &set->items[at], run);
	}
}

void lint_several_semaphores(struct lint *lint)
{
	const struct set *set = &lint->set;
	for (size_t at = 0, run; at < set->count; at += run) {
		const struct set_probe *first = &set->items[at];
		size_t others = 0;
		run = set_name_run(set, at);
		for (size_t k = 1; k < run; k++) {
			struct maybe_u64 a = first->semaphore, b = first[k].semaphore;
			others += a.known != b.known || a.value != b.value;
		}
		if (others)
			lint_say_member(
				lint, first,
				"%zu of its %zu sites have another semaphore than the first, or none: BCC, and tracers that look it up by name, count one only",
				others, run);
	}
}

static bool is_same_probe(const struct set_probe *a, const struct set_probe *b)
{
	return text_equal(a->provider, b->provider) && text_equal(a->name, b->name) &&
	       text_equal(a->operands, b->operands);
}

/* Members of one site come sorted by name, and those of one name by their coming. */
void lint_duplicate_note(struct lint *lint, const struct set_probe *first, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		if (is_same_probe(&first[i], &first[i - 1]))
			lint_say_member(lint, &first[i],
			                "the notes at file offsets 0x%" PRIx64
			                " and 0x%" PRIx64
			                " say the same: tracers count every hit twice",
			                first[i - 1].note_offset, first[i].note_offset);
	}
}

void lint_semaphores_differ(struct lint *lint, const struct set_probe *first,
                            size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct maybe_u64 a = first->semaphore, b = first[i].semaphore;
		if (a.known == b.known && a.value == b.value)
			continue;
		lint_say_member(
			lint, &first[i],
			"%s:%s is at the same instruction with another semaphore, or one of them with none: the kernel refuses to trace both",
			first->provider.at, first->name.at);
	}
}
