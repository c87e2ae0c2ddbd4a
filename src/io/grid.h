/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* An empty table of libsmartcols, in the encoding that it measures texts by. */
#pragma once

#include <locale.h>
#include <stdbool.h>

#include "usdtinfo.h"

struct libscols_table;

struct grid {
	struct libscols_table *table;
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
