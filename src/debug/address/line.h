/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Source lines: of the address itself, then of each call that was inlined around it. */
#pragma once

#include "base/arena.h"
#include "debug/address/unit.h"
#include "probe/note/probe.h"

/*
 * lines_find - fill @probe's source
 * @scopes: around @address
 * @arena: takes the texts and the array
 *
 * The first entry is the line that the address was compiled from, in the innermost function;
 * each further one is the call in the function around. Files are named as the compiler was
 * given them, relative to its directory where they were. No line: source_count is 0.
 *
 * Return: 0 or USDTINFO_E_MEMORY.
 */
int lines_find(struct debug_file *file, const struct scopes *scopes, uint64_t address,
               struct arena *arena, struct usdtinfo_probe *probe,
               struct usdtinfo_error *err);
