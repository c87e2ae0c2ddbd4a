/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* A sorted set of distinct provider:name. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

/* Zero-initialise; release with name_set_deinit(). Only distinct names take memory. */
struct name_set {
	void *tree;          /* of the items */
	struct text **items; /* in the order of their coming, until name_set_each() */
	size_t room;
	struct text *spare; /* of the arena, for the next new name; or NULL */
	struct arena arena;
	struct strbuf key; /* the name that was added last */
	size_t count;
};

/* Return: false when memory ran out */
bool name_set_add(struct name_set *set, struct text provider, struct text name);
/* Call @visit for each "provider:name" in bytewise order. */
void name_set_each(struct name_set *set, void (*visit)(struct text name, void *data),
                   void *data);
void name_set_deinit(struct name_set *set);
