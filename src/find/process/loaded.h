/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Where a file's mappings show that it is loaded as an object, and how far it was moved. */
#pragma once

#include "elf/object/image.h"
#include "find/process/maps.h"

/*
 * loaded_biases - what is to be added to link-time addresses, once for each time that the
 * object is loaded
 * @mappings, @count: of this file, by address
 * @biases_ret: malloced, modulo 2^64, by the address that the first segment got; NULL when
 *              there is none
 * @count_ret: how many
 *
 * A file that is mapped for reading only is not loaded: an executable mapping of an
 * executable segment counts, or where there is none two segments at their distance.
 *
 * Return: 0 or USDTINFO_E_MEMORY.
 */
int loaded_biases(const struct usdtinfo_image *image,
                  const struct mapping *const *mappings, size_t count,
                  uint64_t **biases_ret, size_t *count_ret, struct usdtinfo_error *err);
