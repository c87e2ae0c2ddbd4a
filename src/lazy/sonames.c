/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * No part of the program: a module that needs each library which is loaded, so that the
 * linker writes down what they are called; lazy/sonames.sh reads it.
 */
#include <stddef.h>

#include "config.h"

#define LOAD_ARCHIVE   (HAVE_LIBARCHIVE && !LINK_LIBARCHIVE)
#define LOAD_JSON_C    (HAVE_JSON_C && LOAD_LIBRARIES)
#define LOAD_LZMA      (HAVE_LZMA && LOAD_LIBRARIES)
#define LOAD_SMARTCOLS (HAVE_SMARTCOLS && LOAD_LIBRARIES)
#if LOAD_LIBRARIES
#include <elfutils/libdw.h>
#endif
#if LOAD_ARCHIVE
#include <archive.h>
#endif
#if HAVE_CAPSTONE
#include <capstone/capstone.h>
#endif
#if LOAD_JSON_C
#include <json-c/json.h>
#endif
#if LOAD_LZMA
#include <lzma.h>
#endif
#if LOAD_SMARTCOLS
#include <libsmartcols.h>
#endif

void (*const held[])(void) = {
#if LOAD_LIBRARIES
	(void (*)(void))dwarf_end,
#endif
#if LOAD_ARCHIVE
	(void (*)(void))archive_read_new,
#endif
#if HAVE_CAPSTONE
	(void (*)(void))cs_open,
#endif
#if LOAD_JSON_C
	(void (*)(void))json_object_put,
#endif
#if LOAD_LZMA
	(void (*)(void))lzma_end,
#endif
#if LOAD_SMARTCOLS
	(void (*)(void))scols_new_table,
#endif
	NULL,
};
