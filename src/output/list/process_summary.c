/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Probes counted by file, provider and name while they come, process by process. */
#include "output/list/process_summary.h"

#include <inttypes.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "output/list/formats.h"
#include "output/stream/cell.h"
#include "output/stream/document.h"
#include "output/stream/json.h"

/* A probe of one file, in however many processes. */
struct summary_line {
	struct text path, provider, name;
	uint64_t processes;
	uint64_t last; /* the process that was counted last */
	uint64_t *armed;
	size_t armed_count, armed_room;
};

enum kind {
	TABLE,
	TSV,
	JSON,
	NDJSON,
};

struct summary_writer {
	struct writer writer;
	void *tree;
	struct summary_line *
		*lines; /* in the order of their coming, until they are shown */
	size_t count, room;
	bool no_headings, tabs;
};

static int compare_lines(const void *a, const void *b)
{
	const struct summary_line *x = a, *y = b;
	int order = text_compare(x->provider, y->provider);
	if (!order)
		order = text_compare(x->name, y->name);
	return order ? order : text_compare(x->path, y->path);
}

/* Any order will do to find a line again; that of sizes is had soonest. */
static int compare_keys(const void *a, const void *b)
{
	const struct summary_line *x = a, *y = b;
	if (x->path.size != y->path.size)
		return x->path.size < y->path.size ? -1 : 1;
	if (x->name.size != y->name.size)
		return x->name.size < y->name.size ? -1 : 1;
	int order = text_compare(x->name, y->name);
	if (!order)
		order = text_compare(x->path, y->path);
	return order ? order : text_compare(x->provider, y->provider);
}

static int compare_pointers(const void *a, const void *b)
{
	return compare_lines(*(struct summary_line *const *)a,
	                     *(struct summary_line *const *)b);
}

/* By enum kind; the first is the one for which nothing needs to be asked. */
static const struct writer_ops summaries[4];

static struct writer *open_writer(enum kind kind, struct stream *stream,
                                  const struct output_options *options,
                                  struct usdtinfo_error *err)
{
	struct summary_writer *w = calloc(1, sizeof(*w));
	if (!w) {
		fail_memory(err);
		return NULL;
	}
	w->writer = (struct writer){ &summaries[kind], stream };
	w->no_headings = options->no_headings;
	w->tabs = kind == TSV;
	return &w->writer;
}

#define OPEN(name, kind)                                                                 \
	static struct writer *name(struct stream *stream,                                \
	                           const struct output_options *options,                 \
	                           struct usdtinfo_error *err)                           \
	{                                                                                \
		return open_writer(kind, stream, options, err);                          \
	}
OPEN(open_table, TABLE)
OPEN(open_tsv, TSV)
OPEN(open_json, JSON)
OPEN(open_ndjson, NDJSON)

/* The three texts behind each other. Return: false when memory ran out */
static bool copy_texts(struct summary_line *line, const struct summary_line *from)
{
	const struct text *texts[] = { &from->path, &from->provider, &from->name };
	struct text *copies[] = { &line->path, &line->provider, &line->name };
	char *at = malloc(from->path.size + from->provider.size + from->name.size + 3);
	if (!at)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		*copies[i] = (struct text){ at, texts[i]->size };
		if (texts[i]->size)
			memcpy(at, texts[i]->at, texts[i]->size);
		at[texts[i]->size] = '\0';
		at += texts[i]->size + 1;
	}
	return true;
}

static void free_line(struct summary_line *line)
{
	if (!line)
		return;
	free((char *)line->path.at);
	free(line->armed);
	free(line);
}

/* Return: the line of @key, made if there is none; NULL when memory ran out */
static struct summary_line *find_line(struct summary_writer *w,
                                      const struct summary_line *key)
{
	struct summary_line **found = tfind(key, &w->tree, compare_keys);
	if (found)
		return *found;
	struct summary_line *line = calloc(1, sizeof(*line));
	if (!line || !copy_texts(line, key) ||
	    !array_grow(&w->lines, &w->room, w->count + 1, sizeof(*w->lines)) ||
	    !tsearch(line, &w->tree, compare_keys)) {
		free_line(line);
		return NULL;
	}
	w->lines[w->count++] = line;
	return line;
}

static int count_probe(struct writer *writer, const struct file_facts *file,
                       const struct usdtinfo_probe *probe)
{
	struct summary_writer *w = (struct summary_writer *)writer;
	uint64_t pid = file->pid.value;
	struct summary_line key = { file->path, probe->provider, probe->name };
	struct summary_line *line = find_line(w, &key);
	if (!line)
		return USDTINFO_E_MEMORY;
	if (file->pid.known && line->last != pid)
		line->processes++;
	line->last = pid;
	if (probe->runtime.state != USDTINFO_PROBE_ARMED ||
	    (line->armed_count && line->armed[line->armed_count - 1] == pid))
		return 0;
	if (!array_grow(&line->armed, &line->armed_room, line->armed_count + 1,
	                sizeof(*line->armed)))
		return USDTINFO_E_MEMORY;
	line->armed[line->armed_count++] = pid;
	return 0;
}

static void sort_lines(struct summary_writer *w)
{
	if (w->count)
		qsort(w->lines, w->count, sizeof(*w->lines), compare_pointers);
}

/* ---- text ---- */

enum {
	PROVIDER,
	NAME,
	PATH,
	PROCESSES,
	ARMED,
	CELLS
};

static const char *const headings[CELLS] = { "PROVIDER", "NAME", "PATH", "PROCESSES",
	                                     "ARMED" };

static void add_armed(const struct summary_line *line, struct strbuf *out)
{
	for (size_t i = 0; i < line->armed_count; i++)
		strbuf_addf(out, "%s%" PRIu64, i ? "," : "", line->armed[i]);
}

/* Escaped for a terminal, unless they are to stand between tabs. */
static void fill_cells(const struct summary_line *line, bool tabs,
                       struct strbuf cells[CELLS])
{
	for (size_t i = 0; i < CELLS; i++)
		strbuf_clear(&cells[i]);
	const struct text texts[] = { line->provider, line->name, line->path };
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (tabs)
			strbuf_add(&cells[i], texts[i].at, texts[i].size);
		else
			text_escape(texts[i], &cells[i]);
	}
	strbuf_addf(&cells[PROCESSES], "%" PRIu64, line->processes);
	add_armed(line, &cells[ARMED]);
}

static void write_cells(const struct summary_writer *w, const struct strbuf cells[CELLS],
                        const size_t widths[CELLS])
{
	struct stream *out = w->writer.stream;
	for (size_t i = 0; i < CELLS; i++) {
		struct text text = strbuf_text(&cells[i]);
		size_t padding = w->tabs || i == ARMED ? 0 : widths[i] - cell_width(text);
		if (i && (w->tabs || cells[i].size))
			stream_char(out, w->tabs ? '\t' : ' ');
		if (i == PROCESSES)
			stream_spaces(out, padding);
		if (w->tabs)
			cell_write_tsv(out, text);
		else
			stream_text(out, text);
		/* No blanks at the end of a line. */
		if (i < PROCESSES)
			stream_spaces(out, padding);
	}
	stream_char(out, '\n');
}

static int write_lines(struct summary_writer *w, struct strbuf cells[CELLS])
{
	size_t widths[CELLS] = { 0 };
	for (size_t i = 0; i < CELLS; i++)
		widths[i] = w->no_headings ? 0 : strlen(headings[i]);
	for (size_t n = 0; n < w->count; n++) {
		fill_cells(w->lines[n], w->tabs, cells);
		for (size_t i = 0; i < CELLS; i++)
			if (cell_width(strbuf_text(&cells[i])) > widths[i])
				widths[i] = cell_width(strbuf_text(&cells[i]));
	}
	for (size_t i = 0; !w->no_headings && i < CELLS; i++) {
		strbuf_clear(&cells[i]);
		strbuf_add_string(&cells[i], headings[i]);
	}
	if (!w->no_headings)
		write_cells(w, cells, widths);
	for (size_t n = 0; n < w->count; n++) {
		fill_cells(w->lines[n], w->tabs, cells);
		write_cells(w, cells, widths);
	}
	for (size_t i = 0; i < CELLS; i++)
		if (cells[i].failed)
			return USDTINFO_E_MEMORY;
	return 0;
}

static int write_text(struct writer *writer, const struct summary *summary)
{
	struct summary_writer *w = (struct summary_writer *)writer;
	struct strbuf cells[CELLS] = { 0 };
	(void)summary;
	sort_lines(w);
	int r = w->count || w->tabs ? write_lines(w, cells) : 0;
	for (size_t i = 0; i < CELLS; i++)
		strbuf_deinit(&cells[i]);
	return r;
}

/* ---- JSON ---- */

/* Its members, inside an object that is open, and the object's end. */
static void write_members(struct json *json, const struct summary_line *line)
{
	json_text_literal(json, "provider", line->provider);
	json_text_literal(json, "name", line->name);
	json_text_literal(json, "path", line->path);
	json_key_literal(json, "processes");
	json_unsigned(json, line->processes);
	json_key_literal(json, "armed");
	json_begin(json, '[');
	for (size_t i = 0; i < line->armed_count; i++)
		json_unsigned(json, line->armed[i]);
	json_end(json, ']');
	json_end(json, '}');
}

static int write_json(struct writer *writer, const struct summary *summary)
{
	struct summary_writer *w = (struct summary_writer *)writer;
	struct json json;
	(void)summary;
	sort_lines(w);
	json_init(&json, writer->stream, JSON_PRETTY);
	json_begin(&json, '{');
	document_header(&json, "processes");
	json_key_literal(&json, "names");
	json_begin(&json, '[');
	for (size_t i = 0; i < w->count; i++) {
		json_begin_line(&json, '{');
		write_members(&json, w->lines[i]);
	}
	json_end(&json, ']');
	json_end(&json, '}');
	return 0;
}

static int write_ndjson(struct writer *writer, const struct summary *summary)
{
	struct summary_writer *w = (struct summary_writer *)writer;
	struct json json;
	(void)summary;
	sort_lines(w);
	json_init(&json, writer->stream, JSON_COMPACT);
	document_header_record(&json, "processes");
	for (size_t i = 0; i < w->count; i++) {
		document_record(&json, "name");
		write_members(&json, w->lines[i]);
	}
	return 0;
}

static void keep_item(void *item)
{
	(void)item;
}

static void close_writer(struct writer *writer)
{
	struct summary_writer *w = (struct summary_writer *)writer;
	tdestroy(w->tree, keep_item);
	for (size_t i = 0; i < w->count; i++)
		free_line(w->lines[i]);
	free(w->lines);
	free(w);
}

#define SUMMARY(name_, open_, end_)                                                      \
	{                                                                                \
		.name = (name_), .open = (open_), .probe = count_probe, .end = (end_),   \
		.close = close_writer                                                    \
	}

static const struct writer_ops summaries[4] = {
	[TABLE] = SUMMARY("table", open_table, write_text),
	[TSV] = SUMMARY("tsv", open_tsv, write_text),
	[JSON] = SUMMARY("json", open_json, write_json),
	[NDJSON] = SUMMARY("ndjson", open_ndjson, write_ndjson),
};

const struct writer_ops *process_summary_find(const struct writer_ops *format)
{
	for (size_t i = 0; i < ARRAY_SIZE(summaries); i++)
		if (!format || strcmp(summaries[i].name, format->name) == 0)
			return &summaries[i];
	return NULL;
}
