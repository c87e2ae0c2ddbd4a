/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The columns of the formats table and tsv. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "elf/object/facts.h"
#include "output/list/writer.h"
#include "probe/note/probe.h"
#include "usdtinfo.h"

enum column_kind {
	COLUMN_TEXT,
	COLUMN_NUMBER,  /* decimal, right-aligned */
	COLUMN_ADDRESS, /* hexadecimal, right-aligned */
};

struct column {
	const char *name; /* upper case */
	const char *help; /* one line for --list-columns */
	enum column_kind kind;
	unsigned details; /* what the walk must work out for it */
	/* Append the cell, unescaped; nothing where there is no value. */
	void (*write)(const struct file_facts *file, const struct usdtinfo_probe *probe,
	              struct strbuf *out);
};

/* Return: the file without its directories; borrows */
struct text column_module(const struct file_facts *file);

/* All, in the order of --list-columns. */
extern const struct column columns[];
extern const size_t column_count;

/* What is shown when nothing was asked for. */
enum default_columns {
	COLUMNS_OF_FILE,
	COLUMNS_OF_FILES,
	COLUMNS_OF_PROCESSES,
};
enum default_columns column_defaults(const struct output_options *options);

/* Zero-initialise; release with column_list_deinit(). */
struct column_list {
	const struct column **items;
	size_t count, room;
	unsigned details; /* of all of them together */
};

/*
 * column_list_parse - the columns that -o asks for
 * @spec: names in any case, separated by commas; after a "+" they follow the default ones;
 *        NULL: the default ones
 *
 * Return: 0; USDTINFO_E_ARGUMENT with the unknown name and all valid ones in @err;
 * USDTINFO_E_MEMORY.
 */
int column_list_parse(struct column_list *list, const char *spec,
                      enum default_columns defaults, struct usdtinfo_error *err);
void column_list_deinit(struct column_list *list);
