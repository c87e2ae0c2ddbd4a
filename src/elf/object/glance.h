/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * A glance at an object: most objects of a tree are sound and have no probes, and that can
 * be seen from their section headers, names and notes with nothing set up and no libelf.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/* Where the bytes of an object come from. */
struct glance_source {
	const unsigned char *memory; /* all of them; or NULL */
	int fd;                      /* else: a file */
	uint64_t start, size;        /* of the object in the file */
	struct span head;            /* the first of them that were read; may be none */
};

/*
 * glance_is_plain - whether there is certainly nothing to say of an object
 *
 * Return: true: it has no probe, image_survey() would give it the state
 * USDTINFO_STATE_NO_PROBES, and no diagnostic; false: not known. So whatever is unusual or
 * very large is false, and so is a lack of memory.
 */
bool glance_is_plain(const struct glance_source *source);
