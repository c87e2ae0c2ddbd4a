/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Whether a probe of a running process is traced at this moment, by what its memory holds. */
#pragma once

#include <stdbool.h>

#include "find/process/memory.h"
#include "probe/note/probe.h"

/* What is the same for all probes of an object. */
struct live_object {
	unsigned machine; /* e_machine */
	bool big_endian;
	unsigned address_size; /* 4 or 8 */
	uint64_t bias;
};

/* What the file says of one probe. */
struct live_place {
	struct maybe_u64 location, semaphore; /* link-time */
	enum usdtinfo_site site;
	unsigned char bytes[SITE_BYTES_MAX]; /* in the file, from the location on */
	size_t size;                         /* fewer where another site begins */
};

/* Whether a tracer may attach behind the first nop, as libbpf does since 2026. */
bool live_has_second_nop(enum usdtinfo_site site);

/*
 * live_look - fill *@ret: addresses, the counter, the site's bytes, and what follows
 *
 * The reason is a static string, or memory->reason.
 */
void live_look(struct memory *memory, const struct live_object *object,
               const struct live_place *place, struct probe_runtime *ret);
