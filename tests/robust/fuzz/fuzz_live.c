/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Fuzz target: a probe in the memory of a process. A header of the input says of which machine
 * it is and where; the rest is the site in the file, then the memory.
 */
#include <elf.h>

#include "base/array.h"
#include "base/span.h"
#include "find/process/live.h"
#include "fuzz.h"
#include "probe/site/site_bytes.h"

static const unsigned machines[] = {
	EM_X86_64, EM_386,   EM_AARCH64, EM_ARM,     EM_PPC64,     EM_PPC,
	EM_S390,   EM_RISCV, EM_MIPS,    EM_SPARCV9, EM_LOONGARCH, EM_NONE,
};

static void check(const struct live_place *place, const struct probe_runtime *runtime)
{
	require(runtime->location.known == place->location.known);
	require(runtime->semaphore.known == place->semaphore.known);
	require(runtime->size <= place->size && runtime->size <= SITE_LOOK);
	require(!runtime->semaphore_value.known || runtime->semaphore.known);
	require(runtime->state != USDTINFO_PROBE_UNKNOWN || runtime->reason.at);
	require(runtime->state != USDTINFO_PROBE_ARMED || runtime->reason.at);
	bool counts = runtime->semaphore_value.known && runtime->semaphore_value.value;
	require(!counts || runtime->state == USDTINFO_PROBE_ARMED);
	/* What is as it is in the file, and is not counted, is not armed. */
	if (runtime->size && !counts &&
	    memcmp(runtime->bytes, place->bytes, runtime->size) == 0 &&
	    !live_has_second_nop(place->site))
		require(runtime->state != USDTINFO_PROBE_ARMED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = { data, size }, head, site, bytes;
	uint64_t bias, location, semaphore;
	if (!span_take(&rest, 4, &head) || !span_u64(&rest, false, &bias) ||
	    !span_u64(&rest, false, &location) || !span_u64(&rest, false, &semaphore) ||
	    !span_take(&rest, head.at[3] % (SITE_BYTES_MAX + 1), &site))
		return 0;
	const struct live_object object = {
		.machine = machines[head.at[0] % ARRAY_SIZE(machines)],
		.big_endian = head.at[1] & 1,
		.address_size = head.at[1] & 2 ? 4 : 8,
		.bias = bias,
	};
	struct live_place place = {
		.location = { !(head.at[1] & 4), location },
		.semaphore = { head.at[1] & 8, semaphore },
		.size = site.left,
	};
	memcpy(place.bytes, site.at, site.left);
	place.site = site_classify(object.machine, object.big_endian, place.bytes,
	                           place.size, &bytes.left);
	require(bytes.left <= place.size && (bytes.left > 0) == (place.size > 0));
	struct memory *memory = calloc(1, sizeof(*memory));
	require(memory != NULL);
	memory->fd = head.at[2] & 1 ? -1 : fuzz_file(rest.at, rest.left);
	/* Twice, since pages are kept. */
	for (int i = 0; i < 2; i++) {
		struct probe_runtime runtime;
		live_look(memory, &object, &place, &runtime);
		check(&place, &runtime);
	}
	free(memory);
	return 0;
}
