/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Reports on Pythons: one format a row. Nothing is kept but what a table needs. */
#pragma once

#include <stdbool.h>

#include "find/runtime/python.h"
#include "output/stream/json.h"
#include "output/stream/stream.h"

/* What --require and --complete ask of one Python. */
struct python_requirement {
	const char *text; /* as it was given */
	bool ok;
	const char *reason; /* static; NULL when it is met */
};

/* One Python with what was asked of it. */
struct python_result {
	const struct usdtinfo_python *python;
	const struct python_requirement *requirements;
	size_t requirement_count;
};

struct python_report {
	const struct python_format *format;
	struct stream *stream;
	bool no_headings, color;
	const char *columns; /* -o; NULL: the default ones */
	uint64_t shown;      /* how many were added */
	uint64_t verdicts[USDTINFO_PYTHON_NOT_CPYTHON + 1];
	struct json json;
	struct python_table *table; /* of the format table; else NULL */
};

struct python_format {
	const char *name, *help;
	/* Return: 0; USDTINFO_E_ARGUMENT for a column or a feature that is not there */
	int (*begin)(struct python_report *report, struct usdtinfo_error *err);
	int (*add)(struct python_report *report, const struct python_result *result);
	int (*end)(struct python_report *report);
};

/* Ended by a row without a name; the first is the default. */
extern const struct python_format *const python_formats[];
const struct python_format *python_format_find(const char *name);

extern const struct python_format python_text, python_table, python_tsv, python_json,
	python_ndjson;

/* Release what a format kept, whether it came to its end or not. */
void python_report_deinit(struct python_report *report);

/* Columns of the formats table and tsv, for --list-columns: "NAME  help" lines. */
void python_list_columns(struct stream *stream);
