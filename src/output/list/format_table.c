/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The format table: columns as wide as their widest cell, by libsmartcols. */
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "output/list/columns.h"
#include "output/list/formats.h"
#include "output/stream/cell.h"

#include "config.h"
#if HAVE_SMARTCOLS
#include <libsmartcols.h>

#include "output/stream/grid.h"

struct table_writer {
	struct writer writer;
	struct column_list columns;
	struct grid grid;
	struct strbuf cell, escaped;
};

static void table_close(struct writer *writer);

static const char *column_color(const struct column *column)
{
	return column->kind == COLUMN_ADDRESS ? "cyan" : NULL;
}

static int add_column(struct table_writer *w, const struct column *column)
{
	int flags = column->kind == COLUMN_TEXT ? 0 : SCOLS_FL_RIGHT;
	struct libscols_column *made = grid_column(&w->grid, column->name, flags);
	if (!made)
		return USDTINFO_E_MEMORY;
	const char *color = column_color(column);
	return color && scols_column_set_color(made, color) ? USDTINFO_E_MEMORY : 0;
}

/* Cells come escaped, so that the locale has no say in what a terminal gets. */
static int make_table(struct table_writer *w, const struct output_options *options,
                      struct usdtinfo_error *err)
{
	int r = grid_init(&w->grid, options->no_headings, err);
	if (r < 0)
		return r;
	if (scols_table_enable_colors(w->grid.table, options->color))
		return fail_memory(err);
	for (size_t i = 0; i < w->columns.count; i++) {
		if (add_column(w, w->columns.items[i]) < 0)
			return fail_memory(err);
	}
	return 0;
}

static struct writer *table_open(struct stream *stream,
                                 const struct output_options *options,
                                 struct usdtinfo_error *err)
{
	struct table_writer *w = calloc(1, sizeof(*w));
	if (!w) {
		fail_memory(err);
		return NULL;
	}
	w->writer = (struct writer){ &format_table, stream };
	int r = column_list_parse(&w->columns, options->columns, column_defaults(options),
	                          err);
	if (r == 0)
		r = make_table(w, options, err);
	if (r < 0) {
		table_close(&w->writer);
		return NULL;
	}
	w->writer.details = w->columns.details;
	return &w->writer;
}

static int set_cell(struct table_writer *w, struct libscols_line *line, size_t index)
{
	if (w->cell.failed)
		return USDTINFO_E_MEMORY;
	if (!w->cell.size)
		return 0;
	strbuf_clear(&w->escaped);
	text_escape(strbuf_text(&w->cell), &w->escaped);
	cell_make_measurable(&w->escaped, &w->cell);
	if (w->cell.failed || w->escaped.failed)
		return USDTINFO_E_MEMORY;
	return grid_set(&w->grid, line, index, w->escaped.at);
}

static int table_probe(struct writer *writer, const struct file_facts *file,
                       const struct usdtinfo_probe *probe)
{
	struct table_writer *w = (struct table_writer *)writer;
	struct libscols_line *line = scols_table_new_line(w->grid.table, NULL);
	if (!line)
		return USDTINFO_E_MEMORY;
	for (size_t i = 0; i < w->columns.count; i++) {
		strbuf_clear(&w->cell);
		w->columns.items[i]->write(file, probe, &w->cell);
		if (set_cell(w, line, i) < 0)
			return USDTINFO_E_MEMORY;
	}
	return 0;
}

static int table_end(struct writer *writer, const struct summary *summary)
{
	struct table_writer *w = (struct table_writer *)writer;
	return grid_print(&w->grid, writer->stream);
}

static void table_close(struct writer *writer)
{
	struct table_writer *w = (struct table_writer *)writer;
	grid_deinit(&w->grid);
	column_list_deinit(&w->columns);
	strbuf_deinit(&w->cell);
	strbuf_deinit(&w->escaped);
	free(w);
}

const struct writer_ops format_table = {
	.name = "table",
	.help = "columns, see --output",
	.open = table_open,
	.probe = table_probe,
	.end = table_end,
	.close = table_close,
};

#else

static struct writer *table_open(struct stream *stream,
                                 const struct output_options *options,
                                 struct usdtinfo_error *err)
{
	fail(err, USDTINFO_E_ARGUMENT,
	     "this program was built without libsmartcols: no format 'table', try 'tsv'");
	return NULL;
}

const struct writer_ops format_table = {
	.name = "table",
	.help = "columns (not in this build)",
	.open = table_open,
};

#endif
