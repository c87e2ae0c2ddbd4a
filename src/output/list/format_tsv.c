/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The format tsv: the table's columns for programs, one probe a line, a tab between cells. */
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "output/list/columns.h"
#include "output/list/formats.h"
#include "output/stream/cell.h"

struct tsv_writer {
	struct writer writer;
	struct column_list columns;
	struct strbuf cell;
	bool headings_due;
};

static void tsv_close(struct writer *writer);

static struct writer *tsv_open(struct stream *stream,
                               const struct output_options *options,
                               struct usdtinfo_error *err)
{
	struct tsv_writer *w = calloc(1, sizeof(*w));
	if (!w) {
		fail_memory(err);
		return NULL;
	}
	w->writer = (struct writer){ &format_tsv, stream };
	w->headings_due = !options->no_headings;
	if (column_list_parse(&w->columns, options->columns, column_defaults(options),
	                      err) < 0) {
		tsv_close(&w->writer);
		return NULL;
	}
	w->writer.details = w->columns.details;
	return &w->writer;
}

static void write_headings(struct tsv_writer *w)
{
	struct stream *out = w->writer.stream;
	if (!w->headings_due)
		return;
	w->headings_due = false;
	for (size_t i = 0; i < w->columns.count; i++) {
		if (i)
			stream_char(out, '\t');
		stream_string(out, w->columns.items[i]->name);
	}
	stream_char(out, '\n');
}

static int tsv_probe(struct writer *writer, const struct file_facts *file,
                     const struct usdtinfo_probe *probe)
{
	struct tsv_writer *w = (struct tsv_writer *)writer;
	write_headings(w);
	for (size_t i = 0; i < w->columns.count; i++) {
		if (i)
			stream_char(writer->stream, '\t');
		strbuf_clear(&w->cell);
		w->columns.items[i]->write(file, probe, &w->cell);
		cell_write_tsv(writer->stream, strbuf_text(&w->cell));
	}
	stream_char(writer->stream, '\n');
	return w->cell.failed ? USDTINFO_E_MEMORY : 0;
}

static int tsv_end(struct writer *writer, const struct summary *summary)
{
	write_headings((struct tsv_writer *)writer);
	return 0;
}

static void tsv_close(struct writer *writer)
{
	struct tsv_writer *w = (struct tsv_writer *)writer;
	column_list_deinit(&w->columns);
	strbuf_deinit(&w->cell);
	free(w);
}

const struct writer_ops format_tsv = {
	.name = "tsv",
	.help = "the table's columns, a tab between them, escaped",
	.open = tsv_open,
	.probe = tsv_probe,
	.end = tsv_end,
	.close = tsv_close,
};
