/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Fuzz target: packages. libarchive is fuzzed by others; here it is what is made of what it
 * gives: names, nesting, objects, limits, and what is said of damage.
 */
#include "find/find.h"
#include "fuzz.h"

static const char label[] = "fuzz";

struct seen {
	uint64_t objects;
	uint64_t most;
};

static int visit(void *context, const struct object *object)
{
	struct seen *seen = context;
	const struct file_facts *facts = object->facts;
	struct probe_walk *walk = NULL;
	const struct usdtinfo_probe *probe;
	struct usdtinfo_error err;
	require(facts->path.at && strncmp(facts->path.at, label, strlen(label)) == 0);
	require(strlen(facts->path.at) == facts->path.size);
	require(object->image || facts->diagnostics.count ||
	        facts->state == USDTINFO_STATE_NO_PROBES);
	require(object_walk_open(object, USDTINFO_DETAIL_PLACE, &walk, &err) == 0);
	while (object_walk_next(walk, &probe, &err) > 0)
		continue;
	object_walk_close(walk);
	/* Also that a visit can end the search. */
	return ++seen->objects == seen->most;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct finder finder = { .root = &root_host };
	/* Of every input one of 16 stops early, which one depends on all of its bytes. */
	uint64_t sum = size;
	for (size_t i = 0; i < size; i++)
		sum = sum * 31 + data[i];
	struct seen seen = { .most = sum % 16 == 0 ? 1 : UINT64_MAX };
	struct usdtinfo_image *file;
	int fd = fuzz_file(data, size);
	if (image_open_fd(&root_host, label, fd, IMAGE_OPERAND, &file, NULL) == 0) {
		if (file->is_package) {
			int r = find_opened(&finder, file, visit, &seen);
			require(r == (seen.objects == seen.most));
			require(seen.objects > 0);
		} else {
			usdtinfo_image_close(file);
		}
	}
	return 0;
}
