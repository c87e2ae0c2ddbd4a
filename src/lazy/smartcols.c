/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* libsmartcols, for tables. */
#include <libsmartcols.h>

#include "lazy/stand_in.h"
#include "sonames.h"

/* clang-format off */
#define FUNCTIONS(F, P)                                                                  \
	F(int, scols_column_set_color, (struct libscols_column *column, const char *color), \
	  (column, color), -ELIBACC)                                                     \
	P(void, scols_init_debug, (int mask), (mask))                                    \
	F(int, scols_line_set_data,                                                      \
	  (struct libscols_line *line, size_t index, const char *data),                  \
	  (line, index, data), -ELIBACC)                                                 \
	F(struct libscols_table *, scols_new_table, (void), (), NULL)                    \
	F(int, scols_print_table, (struct libscols_table *table), (table), -ELIBACC)     \
	F(int, scols_table_enable_colors, (struct libscols_table *table, int enable),    \
	  (table, enable), -ELIBACC)                                                     \
	F(int, scols_table_enable_noencoding, (struct libscols_table *table, int enable), \
	  (table, enable), -ELIBACC)                                                     \
	F(int, scols_table_is_empty, (const struct libscols_table *table), (table), 1)   \
	F(struct libscols_column *, scols_table_new_column,                              \
	  (struct libscols_table *table, const char *name, double width, int flags),     \
	  (table, name, width, flags), NULL)                                             \
	F(struct libscols_line *, scols_table_new_line,                                  \
	  (struct libscols_table *table, struct libscols_line *parent),                  \
	  (table, parent), NULL)                                                         \
	F(int, scols_table_set_stream, (struct libscols_table *table, FILE *stream),     \
	  (table, stream), -ELIBACC)                                                     \
	P(void, scols_unref_table, (struct libscols_table *table), (table))
/* clang-format on */

LOAD_LIBRARY(SONAME_LIBSMARTCOLS, FUNCTIONS)
LIBRARY_NOTE(SONAME_LIBSMARTCOLS, "smartcols", "recommended", "the table format");
