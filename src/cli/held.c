/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* No part of the program: a module that needs each library which is loaded, so that the
 * linker writes down what they are called; sonames.sh reads it. */
#include "config.h"

#include <elfutils/libdw.h>
#if HAVE_LIBARCHIVE
#include <archive.h>
#endif
#if HAVE_CAPSTONE
#include <capstone/capstone.h>
#endif
#if HAVE_JSON_C
#include <json-c/json.h>
#endif
#if HAVE_LZMA
#include <lzma.h>
#endif
#if HAVE_SMARTCOLS
#include <libsmartcols.h>
#endif

void (*const held[])(void) = {
	(void (*)(void))dwarf_end,
#if HAVE_LIBARCHIVE
	(void (*)(void))archive_read_new,
#endif
#if HAVE_CAPSTONE
	(void (*)(void))cs_open,
#endif
#if HAVE_JSON_C
	(void (*)(void))json_object_put,
#endif
#if HAVE_LZMA
	(void (*)(void))lzma_end,
#endif
#if HAVE_SMARTCOLS
	(void (*)(void))scols_new_table,
#endif
};
