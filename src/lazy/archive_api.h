/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * libarchive, loaded when the first package is met: with what it needs in its turn it takes
 * longer to load than most listings take.
 */
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include "usdtinfo.h"

#define ARCHIVE_FUNCTIONS(X)                                                             \
	X(archive_entry_filetype)                                                        \
	X(archive_entry_pathname)                                                        \
	X(archive_entry_size)                                                            \
	X(archive_entry_size_is_set)                                                     \
	X(archive_error_string)                                                          \
	X(archive_filter_bytes)                                                          \
	X(archive_read_append_filter)                                                    \
	X(archive_read_data)                                                             \
	X(archive_read_data_block)                                                       \
	X(archive_read_free)                                                             \
	X(archive_read_new)                                                              \
	X(archive_read_next_header)                                                      \
	X(archive_read_open1)                                                            \
	X(archive_read_set_callback_data)                                                \
	X(archive_read_set_read_callback)                                                \
	X(archive_read_set_seek_callback)                                                \
	X(archive_read_set_skip_callback)                                                \
	X(archive_read_support_filter_by_code)                                           \
	X(archive_read_support_format_empty)                                             \
	X(archive_read_support_format_raw)                                               \
	X(archive_read_support_format_zip)                                               \
	X(archive_set_error)

struct archive_api {
#define ARCHIVE_FUNCTION(name_) __typeof__(&(name_)) name_;
	ARCHIVE_FUNCTIONS(ARCHIVE_FUNCTION)
#undef ARCHIVE_FUNCTION
};

/*
 * archive_api_load - find libarchive's functions; it stays loaded
 *
 * Return: 0; USDTINFO_E_NOT_ELF when there is no libarchive: a package cannot be read then.
 */
int archive_api_load(struct archive_api *ret, struct usdtinfo_error *err);
