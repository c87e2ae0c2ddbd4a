/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * What reading line tables costs. libdw reads the whole table of a unit: each byte may become a
 * row of 50, each file gets a name that begins with its directory, and the tables of all units
 * may be the same bytes.
 */
#pragma once

#include "base/budget.h"
#include "base/span.h"

#include <elfutils/libdw.h>

/* The sections of one file that tables are made of. */
struct line_tables {
	bool loaded;
	struct span tables, line_strings,
		strings; /* .debug_line, .debug_line_str, .debug_str */
	size_t longest_line_string, longest_string;
};

/*
 * line_table_pay - take what the table of @unit costs
 * @elf: what libdw has of the file
 *
 * Return: as budget_take()
 */
bool line_table_pay(struct line_tables *tables, Elf *elf, Dwarf_Die *unit,
                    struct budget *budget);
