/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Tables of abbreviations, before libdw reads them. It keeps one for each unit, as far as the
 * unit asks for it, although units may share a table; and to find one attribute of an entry it
 * goes over those before it, of which any number can take no byte in the entry.
 */
#pragma once

#include "debug/file/debug_file.h"

/*
 * abbreviations_check - what libdw would keep and go over is in proportion to the debug info
 * @total: bytes of the debug sections, which libdw has read
 *
 * Return: 0 or USDTINFO_E_DAMAGED
 */
int abbreviations_check(struct debug_file *file, uint64_t total,
                        struct usdtinfo_error *err);
