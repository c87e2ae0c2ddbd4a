/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Probes counted by provider and name, and by provider and file, while they come; the two
 * are sorted in the end and told together, provider by provider.
 */
#include "output/list/provider_summary.h"

#include <inttypes.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"
#include "output/list/fields.h"
#include "output/stream/cell.h"
#include "output/stream/document.h"
#include "output/stream/json.h"

/* The probes that a provider has of one name, or in one file. */
struct provider_tally {
	struct text provider, item;
	struct text build_id; /* of a file; NULL: it has none */
	uint64_t probes;
};

struct tallies {
	void *tree;
	struct provider_tally **items;
	size_t count, room;
};

struct provider_writer {
	struct writer writer;
	struct arena arena;
	struct tallies names, files;
	bool no_headings, tabs;
};

/* The tallies of one provider: neighbours in both. */
struct provider {
	struct provider_tally *const *names, *const *files;
	size_t name_count, file_count, build_ids;
	uint64_t probes;
};

static int compare_tallies(const void *a, const void *b)
{
	const struct provider_tally *x = a, *y = b;
	int order = text_compare(x->provider, y->provider);
	return order ? order : text_compare(x->item, y->item);
}

static int compare_pointers(const void *a, const void *b)
{
	return compare_tallies(*(struct provider_tally *const *)a,
	                       *(struct provider_tally *const *)b);
}

static int compare_build_ids(const void *a, const void *b)
{
	return text_compare(*(const struct text *)a, *(const struct text *)b);
}

static struct text copy(struct provider_writer *w, struct text text)
{
	return text.at ? arena_text(&w->arena, text.at, text.size) : text;
}

/* Return: NULL when memory ran out */
static struct provider_tally *add(struct provider_writer *w, struct tallies *tallies,
                                  const struct provider_tally *key)
{
	struct provider_tally **found = tfind(key, &tallies->tree, compare_tallies);
	if (found)
		return *found;
	struct provider_tally *tally = arena_take(&w->arena, sizeof(*tally));
	if (!tally || !array_grow(&tallies->items, &tallies->room, tallies->count + 1,
	                          sizeof(struct provider_tally *)))
		return NULL;
	*tally = (struct provider_tally){ copy(w, key->provider), copy(w, key->item),
		                          copy(w, key->build_id), 0 };
	if (!tally->provider.at || !tally->item.at ||
	    (key->build_id.at && !tally->build_id.at) ||
	    !tsearch(tally, &tallies->tree, compare_tallies))
		return NULL;
	tallies->items[tallies->count++] = tally;
	return tally;
}

static int count_probe(struct writer *writer, const struct file_facts *file,
                       const struct usdtinfo_probe *probe)
{
	struct provider_writer *w = (struct provider_writer *)writer;
	struct provider_tally name_key = { probe->provider, probe->name, { NULL, 0 }, 0 };
	struct provider_tally file_key = { probe->provider, file->path, file->build_id,
		                           0 };
	struct provider_tally *name = add(w, &w->names, &name_key);
	struct provider_tally *place = add(w, &w->files, &file_key);
	if (!name || !place)
		return USDTINFO_E_MEMORY;
	name->probes++;
	place->probes++;
	return 0;
}

static void sort_tallies(struct tallies *tallies)
{
	if (tallies->count)
		qsort(tallies->items, tallies->count, sizeof(struct provider_tally *),
		      compare_pointers);
}

/* How many from @from on have its provider. */
static size_t run_length(const struct tallies *tallies, size_t from)
{
	size_t to = from;
	while (to < tallies->count && text_compare(tallies->items[to]->provider,
	                                           tallies->items[from]->provider) == 0)
		to++;
	return to - from;
}

/* Return: false when memory ran out */
static bool count_build_ids(struct provider *provider)
{
	size_t count = 0;
	_cleanup_(freep) struct text *ids = calloc(provider->file_count, sizeof(*ids));
	if (!ids)
		return false;
	for (size_t i = 0; i < provider->file_count; i++)
		if (provider->files[i]->build_id.at)
			ids[count++] = provider->files[i]->build_id;
	qsort(ids, count, sizeof(*ids), compare_build_ids);
	for (size_t i = 0; i < count; i++)
		provider->build_ids += i == 0 || text_compare(ids[i - 1], ids[i]) != 0;
	return true;
}

/* Call @show for each provider in order. Return: 0 or USDTINFO_E_MEMORY. */
static int each_provider(struct provider_writer *w,
                         void (*show)(const struct provider *provider, void *data),
                         void *data)
{
	size_t file = 0;
	for (size_t name = 0; name < w->names.count;) {
		struct provider provider = {
			.names = w->names.items + name,
			.name_count = run_length(&w->names, name),
			.files = w->files.items + file,
			.file_count = run_length(&w->files, file),
		};
		for (size_t i = 0; i < provider.name_count; i++)
			provider.probes += provider.names[i]->probes;
		if (!count_build_ids(&provider))
			return USDTINFO_E_MEMORY;
		show(&provider, data);
		name += provider.name_count;
		file += provider.file_count;
	}
	return 0;
}

/* ---- text ---- */

struct text_layout {
	struct provider_writer *w;
	size_t width; /* of the first column */
	struct strbuf name;
};

static void widen(const struct provider *provider, void *data)
{
	struct text_layout *layout = data;
	strbuf_clear(&layout->name);
	text_escape(provider->names[0]->provider, &layout->name);
	size_t width = cell_width(strbuf_text(&layout->name));
	if (width > layout->width)
		layout->width = width;
}

static void write_line(const struct provider *provider, void *data)
{
	struct text_layout *layout = data;
	struct stream *out = layout->w->writer.stream;
	struct text name = provider->names[0]->provider;
	if (layout->w->tabs) {
		cell_write_tsv(out, name);
	} else {
		strbuf_clear(&layout->name);
		text_escape(name, &layout->name);
		stream_strbuf(out, &layout->name);
		stream_spaces(out,
		              layout->width - cell_width(strbuf_text(&layout->name)));
	}
	stream_printf(out,
	              layout->w->tabs ? "\t%zu\t%zu\t%" PRIu64 "\t%zu\n"
	                              : " %5zu %9zu %8" PRIu64 " %7zu\n",
	              provider->file_count, provider->build_ids, provider->probes,
	              provider->name_count);
}

static int write_text(struct writer *writer, const struct summary *summary)
{
	struct provider_writer *w = (struct provider_writer *)writer;
	struct text_layout layout = { .w = w };
	int r = 0;
	(void)summary;
	sort_tallies(&w->names);
	sort_tallies(&w->files);
	if (w->tabs) {
		if (!w->no_headings)
			stream_string(writer->stream,
			              "PROVIDER\tFILES\tBUILD-IDS\tPROBES\tNAMES\n");
	} else if (w->names.count) {
		layout.width = w->no_headings ? 0 : strlen("PROVIDER");
		r = each_provider(w, widen, &layout);
		if (!w->no_headings)
			stream_printf(writer->stream, "%-*s %5s %9s %8s %7s\n",
			              (int)layout.width, "PROVIDER", "FILES", "BUILD-IDS",
			              "PROBES", "NAMES");
	}
	if (r == 0)
		r = each_provider(w, write_line, &layout);
	if (layout.name.failed)
		r = USDTINFO_E_MEMORY;
	strbuf_deinit(&layout.name);
	return r;
}

/* ---- JSON ---- */

static void write_tally(struct json *json, const struct provider_tally *tally,
                        bool is_file)
{
	json_begin_line(json, '{');
	if (is_file) {
		json_text_literal(json, "path", tally->item);
		json_text_literal(json, "build_id", tally->build_id);
	} else {
		json_text_literal(json, "name", tally->item);
	}
	json_key_literal(json, "probes");
	json_unsigned(json, tally->probes);
	json_end(json, '}');
}

/* Its members, inside an object that is open. */
static void write_members(struct json *json, const struct provider *provider)
{
	json_text_literal(json, "provider", provider->names[0]->provider);
	json_key_literal(json, "probes");
	json_unsigned(json, provider->probes);
	json_key_literal(json, "build_ids");
	json_unsigned(json, provider->build_ids);
	json_key_literal(json, "names");
	json_begin(json, '[');
	for (size_t i = 0; i < provider->name_count; i++)
		write_tally(json, provider->names[i], false);
	json_end(json, ']');
	json_key_literal(json, "files");
	json_begin(json, '[');
	for (size_t i = 0; i < provider->file_count; i++)
		write_tally(json, provider->files[i], true);
	json_end(json, ']');
}

static void write_json_provider(const struct provider *provider, void *data)
{
	struct json *json = data;
	json_begin(json, '{');
	write_members(json, provider);
	json_end(json, '}');
}

static void write_record(const struct provider *provider, void *data)
{
	struct json *json = data;
	document_record(json, "provider");
	write_members(json, provider);
	json_end(json, '}');
}

static void write_summary(struct json *json, const struct summary *summary)
{
	struct field_context context = { 0, NULL };
	record_write_members(json, &summary_record, summary, &context);
	json_end(json, '}');
}

static int write_json(struct writer *writer, const struct summary *summary)
{
	struct provider_writer *w = (struct provider_writer *)writer;
	struct json json;
	sort_tallies(&w->names);
	sort_tallies(&w->files);
	json_init(&json, writer->stream, JSON_PRETTY);
	json_begin(&json, '{');
	document_header(&json, "providers");
	json_key_literal(&json, "providers");
	json_begin(&json, '[');
	int r = each_provider(w, write_json_provider, &json);
	json_end(&json, ']');
	json_key_literal(&json, "summary");
	json_begin_line(&json, '{');
	write_summary(&json, summary);
	json_end(&json, '}');
	return r;
}

static int write_ndjson(struct writer *writer, const struct summary *summary)
{
	struct provider_writer *w = (struct provider_writer *)writer;
	struct json json;
	sort_tallies(&w->names);
	sort_tallies(&w->files);
	json_init(&json, writer->stream, JSON_COMPACT);
	document_header_record(&json, "providers");
	int r = each_provider(w, write_record, &json);
	document_record(&json, "summary");
	write_summary(&json, summary);
	return r;
}

static void keep_item(void *item)
{
	(void)item;
}

static void close_writer(struct writer *writer)
{
	struct provider_writer *w = (struct provider_writer *)writer;
	tdestroy(w->names.tree, keep_item);
	tdestroy(w->files.tree, keep_item);
	free(w->names.items);
	free(w->files.items);
	arena_deinit(&w->arena);
	free(w);
}

static struct writer *open_writer(const struct writer_ops *ops, bool tabs,
                                  struct stream *stream,
                                  const struct output_options *options,
                                  struct usdtinfo_error *err)
{
	struct provider_writer *w = calloc(1, sizeof(*w));
	if (!w) {
		fail_memory(err);
		return NULL;
	}
	w->writer = (struct writer){ ops, stream };
	w->no_headings = options->no_headings;
	w->tabs = tabs;
	return &w->writer;
}

static const struct writer_ops summaries[4];

#define OPEN(function, row, tabs)                                                        \
	static struct writer *function(struct stream *stream,                            \
	                               const struct output_options *options,             \
	                               struct usdtinfo_error *err)                       \
	{                                                                                \
		return open_writer(&summaries[row], tabs, stream, options, err);         \
	}
OPEN(open_table, 0, false)
OPEN(open_tsv, 1, true)
OPEN(open_json, 2, false)
OPEN(open_ndjson, 3, false)

#define SUMMARY(name_, open_, end_, shows_)                                              \
	{                                                                                \
		.name = (name_), .open = (open_), .probe = count_probe, .end = (end_),   \
		.close = close_writer, .shows_summary = (shows_)                         \
	}

/* The first is the one for which nothing needs to be asked. */
static const struct writer_ops summaries[4] = {
	SUMMARY("table", open_table, write_text, false),
	SUMMARY("tsv", open_tsv, write_text, false),
	SUMMARY("json", open_json, write_json, true),
	SUMMARY("ndjson", open_ndjson, write_ndjson, true),
};

const struct writer_ops *provider_summary_find(const struct writer_ops *format)
{
	for (size_t i = 0; i < ARRAY_SIZE(summaries); i++)
		if (!format || strcmp(summaries[i].name, format->name) == 0)
			return &summaries[i];
	return NULL;
}
