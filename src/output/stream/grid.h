/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* An empty table of libsmartcols, in the encoding that it measures texts by. */
#pragma once

#include <locale.h>
#include <stdbool.h>

#include "output/stream/stream.h"
#include "usdtinfo.h"

struct libscols_column;
struct libscols_line;
struct libscols_table;

struct grid {
	struct libscols_table *table;
	bool no_headings;
	size_t ink; /* bytes of all cells but blanks: what must come out again */
	/* Names are UTF-8 wherever the host is; 0: it has no such locale */
	locale_t utf8, before;
};

/*
 * grid_init - make one; this thread's characters are UTF-8 from now on
 * @grid: all zero; release with grid_deinit(), whatever is returned
 *
 * Return: 0, USDTINFO_E_MEMORY, or USDTINFO_E_SYSTEM when there is no libsmartcols
 */
int grid_init(struct grid *grid, bool no_headings, struct usdtinfo_error *err);
void grid_deinit(struct grid *grid);

/* Return: the next column, FLAGS of libsmartcols, or NULL when memory ran out */
struct libscols_column *grid_column(struct grid *grid, const char *name, int flags);
/* Set a cell to text without control characters. Return: 0 or USDTINFO_E_MEMORY */
int grid_set(struct grid *grid, struct libscols_line *line, size_t index,
             const char *cell);
/*
 * Write the table, if it has lines. Return: 0 or USDTINFO_E_MEMORY: libsmartcols (2.38) leaves
 * out cells that it has no memory for, and does not say so.
 */
int grid_print(struct grid *grid, struct stream *stream);
