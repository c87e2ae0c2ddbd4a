/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Two sorted sets side by side. */
#include "rules/diff/diff.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "rules/diff/rename.h"

const char *const change_names[] = {
	[CHANGE_REMOVED] = "removed",
	[CHANGE_ADDED] = "added",
	[CHANGE_ARGUMENTS] = "arguments",
	[CHANGE_SEMAPHORE] = "semaphore",
	[CHANGE_RENAME] = "rename",
	[CHANGE_COUNT] = "count",
	[CHANGE_OPERANDS] = "operands",
	[CHANGE_FUNCTIONS] = "functions",
	[CHANGE_ADDRESSES] = "addresses",
	[CHANGE_STRIPPED] = "notes-stripped",
	NULL,
};
_Static_assert(ARRAY_SIZE(change_names) == CHANGE_KINDS + 1, "a change without a name");

/* The probes of one name; count 0: there are none. */
struct run {
	const struct set_probe *first;
	size_t count;
};

struct diff_work {
	const struct diff *diff;
	struct strbuf old, new;
	struct text *items; /* of the list that is being made */
	size_t room;
	struct rename renames;
};

static int by_text(const void *left, const void *right)
{
	return text_compare(*(const struct text *)left, *(const struct text *)right);
}

/* What a probe is compared by. Return: not known: nothing to compare */
typedef struct text (*get_cell)(const struct set_probe *probe);

static struct text get_signature(const struct set_probe *probe)
{
	return probe->signature;
}

static struct text get_operands(const struct set_probe *probe)
{
	return probe->operands;
}

static struct text get_function(const struct set_probe *probe)
{
	return probe->function;
}

static bool has_semaphore(const struct set_probe *probe)
{
	return probe->semaphore.known || probe->semaphore_symbol.at;
}

static struct text get_semaphore(const struct set_probe *probe)
{
	return text_of(has_semaphore(probe) ? "yes" : "no");
}

/* The distinct values of a run, sorted. Return: false when memory ran out */
static bool list_cells(struct diff_work *work, const struct run *run, get_cell get,
                       struct strbuf *out)
{
	size_t count = 0;
	strbuf_clear(out);
	if (!array_grow(&work->items, &work->room, run->count, sizeof(*work->items)))
		return false;
	for (size_t i = 0; i < run->count; i++) {
		struct text cell = get(&run->first[i]);
		if (cell.at)
			work->items[count++] = cell;
	}
	if (count)
		qsort(work->items, count, sizeof(*work->items), by_text);
	for (size_t i = 0; i < count; i++) {
		if (i && text_equal(work->items[i], work->items[i - 1]))
			continue;
		if (i)
			strbuf_add_string(out, LIST_SEPARATOR);
		strbuf_add(out, work->items[i].at, work->items[i].size);
	}
	return !out->failed;
}

/* Runs are in the order of addresses already. */
static bool list_addresses(const struct run *run, struct strbuf *out)
{
	strbuf_clear(out);
	for (size_t i = 0; i < run->count; i++) {
		const struct set_probe *probe = &run->first[i];
		strbuf_add_string(out, i ? LIST_SEPARATOR : "");
		if (probe->section.at) {
			strbuf_add(out, probe->section.at, probe->section.size);
			strbuf_add_char(out, '+');
		}
		if (probe->location.known)
			strbuf_addf(out, "0x%" PRIx64, probe->location.value);
	}
	return !out->failed;
}

static enum usdtinfo_severity severity_of(const struct diff *diff, enum change_kind kind)
{
	switch (kind) {
	case CHANGE_REMOVED:
	case CHANGE_ARGUMENTS:
		return USDTINFO_SEVERITY_ERROR;
	case CHANGE_ADDED:
	case CHANGE_SEMAPHORE:
		return USDTINFO_SEVERITY_WARNING;
	case CHANGE_RENAME: /* beside what it explains */
		return USDTINFO_SEVERITY_INFO;
	default:
		return diff->strict ? USDTINFO_SEVERITY_WARNING : USDTINFO_SEVERITY_INFO;
	}
}

static int report(struct diff_work *work, enum change_kind kind,
                  const struct set_probe *of, struct text old, struct text new)
{
	struct change change = {
		.kind = kind,
		.severity = severity_of(work->diff, kind),
		.provider = of->provider,
		.name = of->name,
		.old = old,
		.new = new,
	};
	return work->diff->report(work->diff->context, &change);
}

/* The empty list is a value too: a probe without arguments has the signature "". */
static struct text list_text(const struct strbuf *list)
{
	return list->size ? strbuf_text(list) : text_of("");
}

static int compare_lists(struct diff_work *work, enum change_kind kind,
                         const struct set_probe *of)
{
	struct text old = list_text(&work->old), new = list_text(&work->new);
	return text_equal(old, new) ? 0 : report(work, kind, of, old, new);
}

static int compare_cells(struct diff_work *work, enum change_kind kind,
                         const struct run *old, const struct run *new, get_cell get)
{
	if (!list_cells(work, old, get, &work->old) ||
	    !list_cells(work, new, get, &work->new))
		return USDTINFO_E_MEMORY;
	/* One side knows no functions at all: nothing can be said. */
	if (kind == CHANGE_FUNCTIONS && (!work->old.size || !work->new.size))
		return 0;
	return compare_lists(work, kind, new->first);
}

static int compare_counts(struct diff_work *work, const struct run *old,
                          const struct run *new)
{
	strbuf_clear(&work->old);
	strbuf_clear(&work->new);
	strbuf_addf(&work->old, "%zu", old->count);
	strbuf_addf(&work->new, "%zu", new->count);
	if (work->old.failed || work->new.failed)
		return USDTINFO_E_MEMORY;
	return compare_lists(work, CHANGE_COUNT, new->first);
}

static int compare_addresses(struct diff_work *work, const struct run *old,
                             const struct run *new)
{
	if (!list_addresses(old, &work->old) || !list_addresses(new, &work->new))
		return USDTINFO_E_MEMORY;
	return compare_lists(work, CHANGE_ADDRESSES, new->first);
}

static int compare_runs(struct diff_work *work, const struct run *old,
                        const struct run *new)
{
	static const struct {
		enum change_kind kind;
		get_cell get;
	} rows[] = {
		{ CHANGE_ARGUMENTS, get_signature },
		{ CHANGE_SEMAPHORE, get_semaphore },
		{ CHANGE_OPERANDS, get_operands },
		{ CHANGE_FUNCTIONS, get_function },
	};
	int r = 0;
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(rows); i++)
		r = compare_cells(work, rows[i].kind, old, new, rows[i].get);
	if (r == 0)
		r = compare_counts(work, old, new);
	return r == 0 ? compare_addresses(work, old, new) : r;
}

static int report_alone(struct diff_work *work, enum change_kind kind,
                        const struct run *run)
{
	static const struct text nothing = { 0 };
	bool removed = kind == CHANGE_REMOVED;
	if (!list_cells(work, run, get_signature, &work->old) ||
	    !rename_add(&work->renames, removed, run->first, run->count))
		return USDTINFO_E_MEMORY;
	struct text list = list_text(&work->old);
	return report(work, kind, run->first, removed ? list : nothing,
	              removed ? nothing : list);
}

static struct run run_at(const struct set *set, size_t start)
{
	if (!set || start >= set->count)
		return (struct run){ 0 };
	return (struct run){ &set->items[start], set_name_run(set, start) };
}

/* Which of two names comes first; one that is not there comes last. */
static int compare_names(const struct run *a, const struct run *b)
{
	if (!a->count || !b->count)
		return a->count ? -1 : 1;
	int order = text_compare(a->first->provider, b->first->provider);
	return order ? order : text_compare(a->first->name, b->first->name);
}

static int compare_sets(struct diff_work *work, const struct set *old,
                        const struct set *new)
{
	size_t at = 0, new_at = 0;
	struct run a = run_at(old, 0), b = run_at(new, 0);
	int r = 0;
	while (r == 0 && (a.count || b.count)) {
		int order = compare_names(&a, &b);
		if (order < 0)
			r = report_alone(work, CHANGE_REMOVED, &a);
		else if (order > 0)
			r = report_alone(work, CHANGE_ADDED, &b);
		else
			r = compare_runs(work, &a, &b);
		/* A run is counted once, since there may be many of the other side's beside it. */
		if (order <= 0)
			a = run_at(old, at += a.count);
		if (order >= 0)
			b = run_at(new, new_at += b.count);
	}
	return r;
}

static void add_name(struct strbuf *out, const struct set_probe *probe)
{
	strbuf_clear(out);
	strbuf_add(out, probe->provider.at, probe->provider.size);
	strbuf_add_char(out, ':');
	strbuf_add(out, probe->name.at, probe->name.size);
}

static int report_renames(struct diff_work *work)
{
	const struct set_probe *old, *new;
	int r = 0;
	if (!rename_prepare(&work->renames))
		return USDTINFO_E_MEMORY;
	while (r == 0 && rename_next(&work->renames, &old, &new)) {
		add_name(&work->old, old);
		add_name(&work->new, new);
		if (work->old.failed || work->new.failed)
			return USDTINFO_E_MEMORY;
		r = report(work, CHANGE_RENAME, new, strbuf_text(&work->old),
		           strbuf_text(&work->new));
	}
	return r;
}

int diff_sets(const struct diff *diff, const struct set *old, const struct set *new)
{
	struct diff_work work = { .diff = diff };
	int r = compare_sets(&work, old, new);
	if (r == 0)
		r = report_renames(&work);
	rename_deinit(&work.renames);
	strbuf_deinit(&work.old);
	strbuf_deinit(&work.new);
	free(work.items);
	return r;
}
