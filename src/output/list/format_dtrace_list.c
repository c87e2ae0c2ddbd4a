/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The format dtrace-list: what "dtrace -l" shows. A probe is told by provider, module,
 * function and name, and its sites in one function are one line. A provider in a process has
 * the process's number behind it; two underscores in a name stand for a hyphen.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "output/list/columns.h"
#include "output/list/formats.h"
#include "output/list/operand_text.h"
#include "output/stream/cell.h"
#include "output/stream/name_set.h"

struct dtrace_list_writer {
	struct writer writer;
	struct name_set seen;
	struct strbuf key, provider, name;
	bool headings_due;
};

static struct writer *dtrace_list_open(struct stream *stream,
                                       const struct output_options *options,
                                       struct usdtinfo_error *err)
{
	struct dtrace_list_writer *w = calloc(1, sizeof(*w));
	if (!w) {
		fail_memory(err);
		return NULL;
	}
	w->writer = (struct writer){ &format_dtrace_list, stream };
	w->headings_due = !options->no_headings;
	return &w->writer;
}

static void write_headings(struct dtrace_list_writer *w)
{
	if (w->headings_due)
		stream_printf(w->writer.stream, "%5s %10s %17s %33s %s\n", "ID",
		              "PROVIDER", "MODULE", "FUNCTION", "NAME");
	w->headings_due = false;
}

/* As strhyphenate() of libdtrace does it. */
static void add_hyphenated(struct strbuf *out, struct text name)
{
	for (size_t i = 0; i < name.size; i++) {
		bool is_hyphen = i + 1 < name.size && memcmp(name.at + i, "__", 2) == 0;
		strbuf_add_char(out, is_hyphen ? '-' : name.at[i]);
		i += is_hyphen;
	}
}

/* Right-aligned in @width; what is longer stays whole. */
static void write_cell(struct strbuf *cell, struct text text, size_t width,
                       struct stream *stream)
{
	strbuf_clear(cell);
	text_escape(text, cell);
	size_t used = cell_width(strbuf_text(cell));
	stream_char(stream, ' ');
	stream_spaces(stream, used < width ? width - used : 0);
	stream_text(stream, strbuf_text(cell));
}

/* Return: 1 when no line shows it yet, 0, or USDTINFO_E_MEMORY */
static int is_new(struct dtrace_list_writer *w, struct text module, struct text function)
{
	size_t count = w->seen.count;
	strbuf_clear(&w->key);
	strbuf_add_text(&w->key, module);
	/* No path or symbol has a NUL in it. */
	strbuf_add_char(&w->key, '\0');
	strbuf_add_text(&w->key, function);
	strbuf_add_char(&w->key, '\0');
	strbuf_add_text(&w->key, strbuf_text(&w->name));
	if (w->key.failed || w->name.failed || w->provider.failed ||
	    !name_set_add(&w->seen, strbuf_text(&w->provider), strbuf_text(&w->key)))
		return USDTINFO_E_MEMORY;
	return w->seen.count > count;
}

static int dtrace_list_probe(struct writer *writer, const struct file_facts *file,
                             const struct usdtinfo_probe *probe)
{
	struct dtrace_list_writer *w = (struct dtrace_list_writer *)writer;
	struct text module = column_module(file);
	strbuf_clear(&w->provider);
	strbuf_clear(&w->name);
	strbuf_add_text(&w->provider, probe->provider);
	if (file->pid.known)
		strbuf_addf(&w->provider, "%" PRIu64, file->pid.value);
	add_hyphenated(&w->name, probe->name);
	int r = is_new(w, module, probe->function);
	if (r <= 0)
		return r;
	write_headings(w);
	stream_printf(writer->stream, "%5zu", w->seen.count);
	write_cell(&w->key, strbuf_text(&w->provider), 10, writer->stream);
	write_cell(&w->key, module, 17, writer->stream);
	write_cell(&w->key, probe->function, 33, writer->stream);
	write_cell(&w->key, strbuf_text(&w->name), 0, writer->stream);
	stream_char(writer->stream, '\n');
	return w->key.failed ? USDTINFO_E_MEMORY : 0;
}

static int dtrace_list_end(struct writer *writer, const struct summary *summary)
{
	write_headings((struct dtrace_list_writer *)writer);
	return 0;
}

static void dtrace_list_close(struct writer *writer)
{
	struct dtrace_list_writer *w = (struct dtrace_list_writer *)writer;
	name_set_deinit(&w->seen);
	strbuf_deinit(&w->key);
	strbuf_deinit(&w->provider);
	strbuf_deinit(&w->name);
	free(w);
}

const struct writer_ops format_dtrace_list = {
	.name = "dtrace-list",
	.help = "as dtrace -l: ID PROVIDER MODULE FUNCTION NAME",
	.details = USDTINFO_DETAIL_FUNCTION,
	.open = dtrace_list_open,
	.probe = dtrace_list_probe,
	.end = dtrace_list_end,
	.close = dtrace_list_close,
};
