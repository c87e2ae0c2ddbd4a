/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* /etc/ld.so.cache: what ldconfig found, by name. Both layouts, read as hostile bytes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/text.h"

/* Of a whole file. That of a large system is a hundredth of it. */
#define LD_CACHE_SIZE_MAX ((size_t)8 << 20)
/* Entries of one name: a hostile cache can hold any number of them, a real one has a few. */
#define LD_CACHE_ALIKE_MAX 64

struct ld_cache_entry {
	struct text name, path; /* borrowed from the file's bytes */
	size_t order;           /* where it stood in the file */
};

/* Zero-initialise; release with ld_cache_deinit(). */
struct ld_cache {
	struct ld_cache_entry *items; /* by name, then as in the file */
	size_t count, room;
};

/*
 * ld_cache_parse - read the bytes of a cache
 * @bytes: must outlive the cache
 * @big_endian: of the objects that are looked for; where the cache tells its own byte
 *              order, that counts
 *
 * Entries that point outside the file are left out. Return: 0, USDTINFO_E_DAMAGED when it
 * is no cache at all or ends within its tables, USDTINFO_E_MEMORY.
 */
int ld_cache_parse(struct ld_cache *cache, struct span bytes, bool big_endian);

/*
 * ld_cache_find - the entries called @name, LD_CACHE_ALIKE_MAX at most
 *
 * Return: the first of *@count_ret neighbours, or NULL.
 */
const struct ld_cache_entry *ld_cache_find(const struct ld_cache *cache, struct text name,
                                           size_t *count_ret);
void ld_cache_deinit(struct ld_cache *cache);
