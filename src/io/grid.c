/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Making a table and setting the encoding. */
#include "io/grid.h"

#include <errno.h>
#include <libsmartcols.h>

#include "base/error.h"

/*
 * Of the locale only the encoding is set, and always the same. A host without this one shows
 * more bytes as \xNN.
 */
static bool set_encoding(struct grid *grid)
{
	errno = 0;
	grid->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (!grid->utf8)
		return errno != ENOMEM;
	grid->before = uselocale(grid->utf8);
	return true;
}

int grid_init(struct grid *grid, bool no_headings, struct usdtinfo_error *err)
{
	if (!set_encoding(grid))
		return fail_memory(err);
	errno = 0;
	scols_init_debug(0);
	grid->table = scols_new_table();
	if (!grid->table && errno == ELIBACC)
		return fail_errno(err, "a table needs libsmartcols (try 'tsv')");
	if (!grid->table || scols_table_enable_noencoding(grid->table, 1) ||
	    scols_table_enable_noheadings(grid->table, no_headings))
		return fail_memory(err);
	return 0;
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
