/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The probes of an object: an image's, or those that a saved listing holds. */
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "find/visit/visit.h"
#include "probe/walk.h"

struct probe_walk {
	struct usdtinfo_walk *image; /* NULL: of a listing */
	struct probe_source *source; /* NULL: of an image, or there is nothing at all */
};

int object_walk_open(const struct object *object, unsigned details,
                     struct probe_walk **walk_ret, struct usdtinfo_error *err)
{
	struct probe_walk *walk = calloc(1, sizeof(*walk));
	if (!walk)
		return fail_memory(err);
	walk->source = object->source;
	int r = object->image
	                ? usdtinfo_walk_open(object->image, details, &walk->image, err)
	                : 0;
	if (r < 0) {
		free(walk);
		return r;
	}
	if (walk->image) {
		walk->image->runtimes = object->runtimes;
		walk->image->runtime_count = object->runtime_count;
	}
	*walk_ret = walk;
	return 0;
}

int object_walk_next(struct probe_walk *walk, const struct usdtinfo_probe **probe_ret,
                     struct usdtinfo_error *err)
{
	if (walk->image)
		return usdtinfo_walk_next(walk->image, probe_ret, err);
	return walk->source ? walk->source->next(walk->source, probe_ret) : 0;
}

struct usdtinfo_walk *object_walk_image(struct probe_walk *walk)
{
	return walk->image;
}

void object_walk_close(struct probe_walk *walk)
{
	const struct usdtinfo_probe *probe;
	if (!walk)
		return;
	while (walk->source && walk->source->next(walk->source, &probe) > 0)
		continue;
	usdtinfo_walk_close(walk->image);
	free(walk);
}
