/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* .gnu_debugdata: a symbol table in an ELF file in xz in a section. */
#pragma once

#include "debug/file/debug_file.h"

/* Inflated, it may take this much; Fedora's largest stay below a tenth. */
#define MINIDEBUG_MAX ((size_t)64 << 20)

/*
 * minidebug_open - the ELF file inside @file's section .gnu_debugdata
 *
 * Return: 0 with NULL in *@ret when there is no such section; USDTINFO_E_DAMAGED, E_MEMORY.
 */
int minidebug_open(struct debug_file *file, struct debug_file **ret,
                   struct usdtinfo_error *err);
