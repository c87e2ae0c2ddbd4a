/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* A set of files by identity. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "base/arena.h"

/* Zero-initialise; release with inode_set_deinit(). */
struct inode_set {
	void *tree;
	struct arena arena;
};

/* Return: 1 when it was there, 0 when it was added, USDTINFO_E_MEMORY */
int inode_set_add(struct inode_set *set, dev_t device, ino_t inode);
void inode_set_deinit(struct inode_set *set);
