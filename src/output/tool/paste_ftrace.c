/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Lines for tracefs' uprobe_events (Documentation/trace/uprobetracer.rst):
 *
 *     p:GROUP/EVENT PATH:OFFSET(REF_CTR_OFFSET) arg1=FETCH:TYPE ...
 *
 * Several lines may feed one event as long as its arguments have the same names and types.
 */
#include <inttypes.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "output/list/operand_text.h"
#include "output/stream/quote.h"
#include "output/tool/paste.h"
#include "probe/tracer/uprobe.h"

/* MAX_EVENT_NAME_LEN of kernel/trace/trace.h less the NUL, and less room for "_N". */
#define GROUP_MAX 63
#define EVENT_MAX 52
/* WRITE_BUFSIZE of kernel/trace/trace.c less the newline and the NUL. */
#define LINE_MAX_BYTES 4094

/* ---- event names ------------------------------------------------------------------- */

/* Of four kinds, told apart by the key's first byte. */
struct ftrace_name {
	struct text
		key; /* "l" and a layout, "e" and an event, "b" and the start of events, "p" and a line */
	struct text event; /* of a layout */
	uint64_t next;     /* number to try next, of the start of events */
};

struct ftrace_names {
	void *tree;
	struct arena arena;
	struct ftrace_name **all;
	size_t count, room;
};

struct ftrace_names *ftrace_names_new(void)
{
	return calloc(1, sizeof(struct ftrace_names));
}

static int compare(const void *a, const void *b)
{
	return text_compare(((const struct ftrace_name *)a)->key,
	                    ((const struct ftrace_name *)b)->key);
}

void ftrace_names_free(struct ftrace_names *names)
{
	if (!names)
		return;
	for (size_t i = 0; i < names->count; i++)
		tdelete(names->all[i], &names->tree, compare);
	free(names->all);
	arena_deinit(&names->arena);
	free(names);
}

/* The name of that key, made when it is new. Return: NULL when memory ran out */
static struct ftrace_name *name_of(struct ftrace_names *names, struct text key,
                                   bool *is_new)
{
	struct ftrace_name wanted = { .key = key };
	struct ftrace_name **found = tfind(&wanted, &names->tree, compare);
	*is_new = !found;
	if (found)
		return *found;
	struct ftrace_name *name = arena_take(&names->arena, sizeof(*name));
	if (!name || !array_grow(&names->all, &names->room, names->count + 1,
	                         sizeof(struct ftrace_name *)))
		return NULL;
	*name = (struct ftrace_name){ .key = arena_text(&names->arena, key.at,
		                                        key.size) };
	if (!name->key.at || !tsearch(name, &names->tree, compare))
		return NULL;
	names->all[names->count++] = name;
	return name;
}

/* FNV-1a, so that what is cut off still tells names apart, in every run alike. */
static uint32_t digest(struct text text)
{
	uint32_t h = 0x811c9dc5;
	for (size_t i = 0; i < text.size; i++)
		h = (h ^ (unsigned char)text.at[i]) * 0x01000193;
	return h;
}

/* An identifier of at most @max bytes that begins with @prefix. */
static void add_identifier(struct strbuf *out, const char *prefix, struct text text,
                           size_t max)
{
	struct strbuf whole = { 0 };
	strbuf_add_string(&whole, prefix);
	if (*prefix)
		strbuf_add_char(&whole, '_');
	strbuf_add(&whole, text.at, text.size);
	struct text all = strbuf_text(&whole);
	struct strbuf name = { 0 };
	quote_identifier(all.at ? all : text_of(""), &name);
	if (name.size > max) {
		strbuf_add(out, name.at, max - 9);
		strbuf_addf(out, "_%08" PRIx32, digest(all));
	} else if (name.size) {
		strbuf_add(out, name.at, name.size);
	}
	out->failed |= whole.failed || name.failed;
	strbuf_deinit(&whole);
	strbuf_deinit(&name);
}

/* START, START_1, START_2...: the first that no other layout has. */
static bool choose_event(struct ftrace_names *names, struct text start,
                         struct ftrace_name *layout)
{
	struct strbuf key = { 0 };
	bool is_new;
	strbuf_add_char(&key, 'b');
	strbuf_add(&key, start.at, start.size);
	struct ftrace_name *counter = name_of(names, strbuf_text(&key), &is_new);
	do {
		strbuf_clear(&key);
		strbuf_add_char(&key, 'e');
		strbuf_add(&key, start.at, start.size);
		if (counter && counter->next)
			strbuf_addf(&key, "_%" PRIu64, counter->next);
		struct ftrace_name *event = counter && !key.failed
		                                    ? name_of(names, strbuf_text(&key),
		                                              &is_new)
		                                    : NULL;
		if (!event)
			break;
		counter->next++;
		layout->event = (struct text){ event->key.at + 1, event->key.size - 1 };
	} while (!is_new);
	strbuf_deinit(&key);
	return layout->event.at;
}

/* GROUP/EVENT of a probe whose arguments are laid out as @layout says. */
static bool add_event(const struct paste_job *job, struct text layout, struct strbuf *out)
{
	const struct usdtinfo_probe *probe = job->probe;
	struct strbuf key = { 0 }, start = { 0 };
	bool is_new, good = false;
	strbuf_add_char(&key, 'l');
	strbuf_add(&key, job->path.at, job->path.size + 1);
	strbuf_add(&key, probe->provider.at, probe->provider.size + 1);
	strbuf_add(&key, probe->name.at, probe->name.size + 1);
	if (layout.size)
		strbuf_add(&key, layout.at, layout.size);
	add_identifier(&start, "usdt", probe->provider, GROUP_MAX);
	strbuf_add_char(&start, '/');
	add_identifier(&start, "", probe->name, EVENT_MAX);
	if (!key.failed && !start.failed) {
		struct ftrace_name *name = name_of(job->names, strbuf_text(&key),
		                                   &is_new);
		good = name &&
		       (!is_new || choose_event(job->names, strbuf_text(&start), name));
		if (good)
			strbuf_add_text(out, name->event);
	}
	strbuf_deinit(&key);
	strbuf_deinit(&start);
	return good;
}

/* ---- the line --------------------------------------------------------------------------- */

/* " NAME=FETCH:TYPE"; a string is fetched through its pointer. */
static void add_argument(const struct paste_job *job, size_t number, struct text fetch,
                         struct strbuf *out)
{
	const struct paste_label *label = job->labels ? &job->labels[number] : NULL;
	const char *type = fetch.at ? strrchr(fetch.at, ':') : NULL;
	if (label)
		strbuf_addf(out, " %s=", label->name.at);
	else
		strbuf_addf(out, " arg%zu=", number + 1);
	/* There is no going through a number that is part of the line. */
	if (label && label->is_text && type && *fetch.at != '\\')
		strbuf_addf(out, "+0(%.*s):string", (int)(type - fetch.at), fetch.at);
	else if (fetch.at)
		strbuf_add(out, fetch.at, fetch.size);
}

/* Name and type, without what is fetched. */
static void add_layout(const struct strbuf *fetches, size_t start, struct strbuf *layout)
{
	if (fetches->failed)
		return;
	const char *argument = fetches->at + start;
	strbuf_add(layout, argument, strcspn(argument, "="));
	strbuf_add_string(layout, strrchr(argument, ':'));
}

/* Fetch arguments, and their layout. Return: how many could not be fetched */
static size_t add_arguments(const struct paste_job *job, struct strbuf *fetches,
                            struct strbuf *layout)
{
	const struct usdtinfo_probe *probe = job->probe;
	struct strbuf fetch = { 0 };
	size_t lost = 0;
	for (size_t i = 0; i < probe->argument_count; i++) {
		strbuf_clear(&fetch);
		if (!tracer_reads(&job->verdict, i) ||
		    (job->labels && !job->labels[i].name.at) ||
		    !uprobe_fetch(job->machine, (unsigned)job->file->elf_class.value,
		                  probe, &probe->arguments[i], &fetch)) {
			lost++;
			continue;
		}
		if (fetch.failed)
			break;
		size_t start = fetches->size;
		add_argument(job, i, strbuf_text(&fetch), fetches);
		add_layout(fetches, start, layout);
	}
	fetches->failed |= fetch.failed;
	strbuf_deinit(&fetch);
	return lost;
}

/* The kernel refuses to be told the same twice. A line begins with its own kind, "p". */
static bool is_repeated(struct ftrace_names *names, const char *line, size_t size)
{
	bool is_new;
	struct ftrace_name *name = name_of(names, (struct text){ line, size }, &is_new);
	return name && !is_new;
}

static const char *write_line(const struct paste_job *job, struct strbuf *out)
{
	const struct usdtinfo_probe *probe = job->probe;
	struct strbuf fetches = { 0 }, layout = { 0 };
	size_t start = out->size;
	size_t lost = add_arguments(job, &fetches, &layout);
	strbuf_add_string(out, "p:");
	out->failed |= !add_event(job, strbuf_text(&layout), out);
	strbuf_add_char(out, ' ');
	strbuf_add_text(out, job->path);
	strbuf_add_char(out, ':');
	strbuf_add_hex(out, probe->file_offset.value);
	if (probe->semaphore_offset.known) {
		strbuf_add_char(out, '(');
		strbuf_add_hex(out, probe->semaphore_offset.value);
		strbuf_add_char(out, ')');
	}
	if (fetches.size)
		strbuf_add(out, fetches.at, fetches.size);
	if (lost)
		strbuf_addf(out, " # %zu of %zu arguments cannot be fetched", lost,
		            probe->argument_count);
	out->failed |= fetches.failed || layout.failed;
	strbuf_deinit(&fetches);
	strbuf_deinit(&layout);
	if (!out->failed && is_repeated(job->names, out->at + start, out->size - start)) {
		out->size = start;
		return NULL;
	}
	if (out->size - start > LINE_MAX_BYTES)
		return "the kernel takes no longer lines than 4094 bytes";
	strbuf_add_char(out, '\n');
	return NULL;
}

const char *paste_ftrace(const struct paste_job *job, struct strbuf *out)
{
	if (text_has_any(job->path, " \t\n\v\f\r#"))
		return "blanks and number signs split paths, make a symbolic link";
	if (!text_is_plain(job->path))
		return "such a path cannot be shown, make a symbolic link";
	if (!job->probe->file_offset.known)
		return "the file holds no code at the location";
	if (job->probe->semaphore.known && !job->probe->semaphore_offset.known)
		return "the semaphore is not in the file";
	return write_line(job, out);
}
