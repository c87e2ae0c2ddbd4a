/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Growing arrays: room doubles, so that a million appends cost a million copies at most.
 */
#include "base/array.h"

#include <stdint.h>
#include <string.h>

bool array_grow(void *items, size_t *room, size_t count, size_t item)
{
	if (count <= *room)
		return true;

	size_t wanted = *room ? *room : 4;
	while (wanted < count) {
		if (wanted > SIZE_MAX / 2) {
			wanted = count;
			break;
		}
		wanted *= 2;
	}

	size_t bytes;
	if (__builtin_mul_overflow(wanted, item, &bytes) || bytes > PTRDIFF_MAX)
		return false;

	/* Through memcpy: *items is a pointer of the caller's own type. */
	void *old;
	memcpy(&old, items, sizeof(old));
	void *grown = realloc(old, bytes);
	if (!grown)
		return false;
	memcpy(items, &grown, sizeof(grown));
	*room = wanted;
	return true;
}
