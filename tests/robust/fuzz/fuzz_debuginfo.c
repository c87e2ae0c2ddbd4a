/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Fuzz target: symbols, DWARF and unwind tables of a file with probes. */
#include "elf/object/image.h"
#include "fuzz.h"
#include "usdtinfo.h"

static void check_probe(const struct usdtinfo_probe *probe)
{
	uint64_t offset, line;
	const char *function, *source;
	usdtinfo_probe_function(probe, &offset);
	for (size_t i = 0; i < usdtinfo_probe_source_count(probe); i++)
		usdtinfo_probe_source(probe, i, &line, &function);
	for (size_t i = 0; i < usdtinfo_probe_argument_count(probe); i++) {
		const struct usdtinfo_argument *argument = usdtinfo_probe_argument(probe,
		                                                                   i);
		const char *name = usdtinfo_argument_name(argument, &source);
		/* What is sure has no rivals, and everything known has a source. */
		require(!name || usdtinfo_argument_candidate_count(argument) == 0);
		require(!name == !source || usdtinfo_argument_c_type(argument));
		for (size_t k = 0; k < usdtinfo_argument_candidate_count(argument); k++)
			require(usdtinfo_argument_candidate(argument, k));
	}
}

static uint64_t count_probes(struct usdtinfo_image *image, struct usdtinfo_sites *sites)
{
	struct usdtinfo_walk *walk;
	const struct usdtinfo_probe *probe;
	uint64_t count = 0;
	unsigned details = USDTINFO_DETAIL_FUNCTION | USDTINFO_DETAIL_SOURCE |
	                   USDTINFO_DETAIL_NAMES;
	int r;
	require(usdtinfo_walk_open(image, details, &walk, NULL) == 0);
	usdtinfo_walk_describe(walk, sites);
	while ((r = usdtinfo_walk_next(walk, &probe, NULL)) > 0) {
		count++;
		if (sites)
			check_probe(probe);
	}
	require(r == 0);
	usdtinfo_walk_close(walk);
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct usdtinfo_image *image = NULL;
	struct usdtinfo_sites *sites = NULL;
	unsigned char *copy = fuzz_copy(data, size, false);
	/* A name without a directory in it: nothing outside is looked for. */
	if (usdtinfo_image_open_memory(copy, size, "/dev/null/fuzz", &image, NULL) == 0) {
		require(usdtinfo_sites_open(image, &sites, NULL) == 0);
		/* Whatever the debug info is, no probe is lost to it. */
		require(count_probes(image, sites) == count_probes(image, NULL));
	}
	usdtinfo_sites_close(sites);
	usdtinfo_image_close(image);
	fuzz_drop(copy, data, size);
	return 0;
}
