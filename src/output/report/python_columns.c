/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Pythons in columns: a table by libsmartcols, or values between tabs. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/error.h"
#include "output/report/python_report.h"
#include "output/stream/cell.h"

#include "config.h"
#if HAVE_SMARTCOLS
#include <libsmartcols.h>

#include "output/stream/grid.h"
#endif

struct python_column {
	const char *name, *help;
	bool is_number, is_default;
	/* Append the cell, unescaped. */
	void (*write)(const struct usdtinfo_python *python, struct strbuf *out);
};

static void add_text(struct strbuf *out, struct text text)
{
	if (text.at)
		strbuf_add(out, text.at, text.size);
}

static void cell_asked(const struct usdtinfo_python *python, struct strbuf *out)
{
	add_text(out, python->asked);
}

static void cell_path(const struct usdtinfo_python *python, struct strbuf *out)
{
	add_text(out, python->path);
}

static void cell_verdict(const struct usdtinfo_python *python, struct strbuf *out)
{
	strbuf_add_string(out, usdtinfo_python_verdict_name(python->verdict));
}

static void cell_version(const struct usdtinfo_python *python, struct strbuf *out)
{
	add_text(out, python->version.text);
	if (python->version.free_threaded == MAYBE_YES)
		strbuf_add_char(out, 't');
	if (python->version.debug == MAYBE_YES)
		strbuf_add_char(out, 'd');
}

static void cell_markers(const struct usdtinfo_python *python, struct strbuf *out)
{
	size_t count = 0;
	for (size_t i = 0; i < python->marker_count; i++)
		count += python->markers[i].probes != 0;
	strbuf_addf(out, "%zu", count);
}

static void cell_sites(const struct usdtinfo_python *python, struct strbuf *out)
{
	strbuf_addf(out, "%llu", (unsigned long long)python->probes);
}

static void cell_record(const struct usdtinfo_python *python, struct strbuf *out)
{
	if (python->record.with_dtrace != MAYBE_UNKNOWN)
		strbuf_add_string(out, python->record.with_dtrace == MAYBE_YES
		                               ? "with"
		                               : "without");
}

static void cell_object(const struct usdtinfo_python *python, struct strbuf *out)
{
	add_text(out, python->object);
}

static void cell_reason(const struct usdtinfo_python *python, struct strbuf *out)
{
	add_text(out, python->reason);
}

static void cell_build_id(const struct usdtinfo_python *python, struct strbuf *out)
{
	add_text(out, python->build_id);
}

static const struct python_column columns[] = {
	{ "PATH", "program that was judged", false, true, cell_path },
	{ "VERDICT", "yes, no, stripped, unknown or not-cpython", false, true,
	  cell_verdict },
	{ "VERSION", "version of CPython; t: free-threaded, d: debug", false, true,
	  cell_version },
	{ "MARKERS", "number of different markers that are there", true, true,
	  cell_markers },
	{ "OBJECT", "file that holds the markers", false, true, cell_object },
	{ "ASKED", "operand as it was given", false, false, cell_asked },
	{ "BUILD-ID", "build ID of the object", false, false, cell_build_id },
	{ "REASON", "reason for the verdict", false, false, cell_reason },
	{ "RECORD", "whether the build's record says with or without", false, false,
	  cell_record },
	{ "SITES", "number of sites of all markers", true, false, cell_sites },
};

void python_list_columns(struct stream *stream)
{
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		stream_printf(stream, "%-8s  %s\n", columns[i].name, columns[i].help);
}

struct python_table {
	const struct python_column *items[4 * ARRAY_SIZE(columns)];
	size_t count;
	struct strbuf cell, escaped;
#if HAVE_SMARTCOLS
	struct grid grid;
#endif
};

static int choose_one(struct python_table *table, const char *name, size_t size,
                      struct usdtinfo_error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		if (strlen(columns[i].name) != size ||
		    strncasecmp(columns[i].name, name, size) != 0)
			continue;
		if (table->count == ARRAY_SIZE(table->items))
			return fail(err, USDTINFO_E_ARGUMENT, "too many columns");
		table->items[table->count++] = &columns[i];
		return 0;
	}
	return fail(err, USDTINFO_E_ARGUMENT,
	            "unknown column '%.*s'; --list-columns lists them", (int)size, name);
}

static int choose(struct python_table *table, const char *spec,
                  struct usdtinfo_error *err)
{
	bool add = !spec || *spec == '+';
	for (size_t i = 0; add && i < ARRAY_SIZE(columns); i++) {
		if (columns[i].is_default)
			table->items[table->count++] = &columns[i];
	}
	for (const char *at = spec && *spec == '+' ? spec + 1 : spec; at && *at;) {
		size_t size = strcspn(at, ",");
		int r = choose_one(table, at, size, err);
		if (r < 0)
			return r;
		at += size + (at[size] == ',');
	}
	return 0;
}

static void table_free(struct python_table *table)
{
	strbuf_deinit(&table->cell);
	strbuf_deinit(&table->escaped);
#if HAVE_SMARTCOLS
	grid_deinit(&table->grid);
#endif
	free(table);
}

static int open_table(struct python_report *report, struct usdtinfo_error *err)
{
	report->table = calloc(1, sizeof(*report->table));
	if (!report->table)
		return fail_memory(err);
	return choose(report->table, report->columns, err);
}

void python_report_deinit(struct python_report *report)
{
	if (report->table)
		table_free(report->table);
	report->table = NULL;
}

static int tsv_begin(struct python_report *report, struct usdtinfo_error *err)
{
	int r = open_table(report, err);
	for (size_t i = 0; r == 0 && !report->no_headings && i < report->table->count;
	     i++)
		stream_printf(report->stream, "%s%c", report->table->items[i]->name,
		              i + 1 < report->table->count ? '\t' : '\n');
	return r;
}

static int tsv_add(struct python_report *report, const struct python_result *result)
{
	struct python_table *table = report->table;
	for (size_t i = 0; i < table->count; i++) {
		strbuf_clear(&table->cell);
		table->items[i]->write(result->python, &table->cell);
		if (table->cell.failed)
			return USDTINFO_E_MEMORY;
		cell_write_tsv(report->stream, strbuf_text(&table->cell));
		stream_char(report->stream, i + 1 < table->count ? '\t' : '\n');
	}
	return 0;
}

const struct python_format python_tsv = {
	.name = "tsv",
	.help = "the table's columns between tabs",
	.begin = tsv_begin,
	.add = tsv_add,
};

#if HAVE_SMARTCOLS
/* Return: the cell, safe for a terminal, until the next call; NULL for want of memory */
static const char *make_cell(struct python_table *table, size_t column,
                             const struct usdtinfo_python *python)
{
	strbuf_clear(&table->cell);
	strbuf_clear(&table->escaped);
	table->items[column]->write(python, &table->cell);
	text_escape(strbuf_text(&table->cell), &table->escaped);
	if (table->cell.failed)
		return NULL;
	cell_make_measurable(&table->escaped, &table->cell);
	if (table->escaped.failed)
		return NULL;
	return table->escaped.at ? table->escaped.at : "";
}

static int table_begin(struct python_report *report, struct usdtinfo_error *err)
{
	int r = open_table(report, err);
	if (r < 0)
		return r;
	struct python_table *table = report->table;
	r = grid_init(&table->grid, report->no_headings, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < table->count; i++) {
		if (!grid_column(&table->grid, table->items[i]->name,
		                 table->items[i]->is_number ? SCOLS_FL_RIGHT : 0))
			return fail_memory(err);
	}
	return 0;
}

static int table_add(struct python_report *report, const struct python_result *result)
{
	struct python_table *table = report->table;
	struct libscols_line *line = scols_table_new_line(table->grid.table, NULL);
	if (!line)
		return USDTINFO_E_MEMORY;
	for (size_t i = 0; i < table->count; i++) {
		const char *cell = make_cell(table, i, result->python);
		if (!cell || (*cell && grid_set(&table->grid, line, i, cell) < 0))
			return USDTINFO_E_MEMORY;
	}
	return 0;
}

static int table_end(struct python_report *report)
{
	return grid_print(&report->table->grid, report->stream);
}
#else
static int table_begin(struct python_report *report, struct usdtinfo_error *err)
{
	return fail(
		err, USDTINFO_E_ARGUMENT,
		"this build lacks libsmartcols and with it the format table; tsv has the same columns");
}

static int table_add(struct python_report *report, const struct python_result *result)
{
	return 0;
}

static int table_end(struct python_report *report)
{
	return 0;
}
#endif

const struct python_format python_table = {
	.name = "table",
	.help = "one line a Python",
	.begin = table_begin,
	.add = table_add,
	.end = table_end,
};

const struct python_format *const python_formats[] = {
	&python_text, &python_table, &python_tsv, &python_json, &python_ndjson, NULL,
};

const struct python_format *python_format_find(const char *name)
{
	for (const struct python_format *const *format = python_formats; *format;
	     format++) {
		if (strcmp((*format)->name, name) == 0)
			return *format;
	}
	return NULL;
}
