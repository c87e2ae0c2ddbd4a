/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Files by device and inode, in a tree of the C library's. */
#include "find/tree/inode_set.h"

#include <search.h>

#include "usdtinfo.h"

struct identity {
	dev_t device;
	ino_t inode;
};

static int by_identity(const void *a, const void *b)
{
	const struct identity *left = a, *right = b;
	if (left->device != right->device)
		return left->device < right->device ? -1 : 1;
	return (left->inode > right->inode) - (left->inode < right->inode);
}

int inode_set_add(struct inode_set *set, dev_t device, ino_t inode)
{
	struct identity key = { device, inode };
	if (tfind(&key, &set->tree, by_identity))
		return 1;
	struct identity *kept = arena_take(&set->arena, sizeof(*kept));
	if (!kept)
		return USDTINFO_E_MEMORY;
	*kept = key;
	return tsearch(kept, &set->tree, by_identity) ? 0 : USDTINFO_E_MEMORY;
}

static void leave(void *item)
{
}

void inode_set_deinit(struct inode_set *set)
{
	tdestroy(set->tree, leave);
	arena_deinit(&set->arena);
	*set = (struct inode_set){ 0 };
}
