/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Making a table and setting the encoding. */
#include "output/stream/grid.h"

#include <errno.h>
#include <libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/*
 * Of the locale only the encoding is set, and always the same. A host without this one shows
 * more bytes as \xNN.
 */
static bool set_encoding(struct grid *grid)
{
	errno = 0;
	/* As glibc files it: it loses memory where it runs out of it over another spelling. */
	grid->utf8 = newlocale(LC_CTYPE_MASK, "C.utf8", (locale_t)0);
	if (!grid->utf8)
		return errno != ENOMEM;
	grid->before = uselocale(grid->utf8);
	return true;
}

int grid_init(struct grid *grid, bool no_headings, struct usdtinfo_error *err)
{
	if (!set_encoding(grid))
		return fail_memory(err);
	grid->no_headings = no_headings;
	errno = 0;
	scols_init_debug(0);
	grid->table = scols_new_table();
	if (!grid->table && errno == ELIBACC)
		return fail_errno(err, "a table needs libsmartcols (try 'tsv')");
	if (!grid->table || scols_table_enable_noencoding(grid->table, 1))
		return fail_memory(err);
	return 0;
}

/* Without blanks and what sets colours, "ESC [ ... m". */
static size_t ink_of(const char *at, size_t size)
{
	size_t ink = 0;
	for (size_t i = 0; i < size; i++) {
		if (at[i] == '\033')
			while (i < size && at[i] != 'm')
				i++;
		else
			ink += at[i] != ' ' && at[i] != '\n';
	}
	return ink;
}

struct libscols_column *grid_column(struct grid *grid, const char *name, int flags)
{
	grid->ink += ink_of(name, strlen(name));
	return scols_table_new_column(grid->table, name, 0, flags);
}

int grid_set(struct grid *grid, struct libscols_line *line, size_t index,
             const char *cell)
{
	grid->ink += ink_of(cell, strlen(cell));
	return scols_line_set_data(line, index, cell) ? USDTINFO_E_MEMORY : 0;
}

/*
 * How wide a column is whose heading is hidden depends on the version of libsmartcols (2.41
 * leaves no room for it): the line of headings is always made, and left out here.
 */
static struct text without_headings(const struct grid *grid, const char *text,
                                    size_t size)
{
	const char *end = grid->no_headings && size ? memchr(text, '\n', size) : NULL;
	size_t from = end ? (size_t)(end + 1 - text) : 0;
	return (struct text){ text + from, size - from };
}

int grid_print(struct grid *grid, struct stream *stream)
{
	char *text = NULL;
	size_t size = 0;
	if (scols_table_is_empty(grid->table))
		return 0;
	/* It does not say when its stream fails: the stream does. */
	FILE *out = open_memstream(&text, &size);
	if (!out)
		return USDTINFO_E_MEMORY;
	scols_table_set_stream(grid->table, out);
	bool failed = scols_print_table(grid->table) != 0;
	failed |= ferror(out) != 0;
	failed |= fclose(out) != 0;
	failed = failed || ink_of(text, size) < grid->ink;
	if (!failed)
		stream_text(stream, without_headings(grid, text, size));
	free(text);
	return failed ? USDTINFO_E_MEMORY : 0;
}

void grid_deinit(struct grid *grid)
{
	if (grid->table)
		scols_unref_table(grid->table);
	if (grid->utf8) {
		uselocale(grid->before);
		freelocale(grid->utf8);
	}
	*grid = (struct grid){ 0 };
}
