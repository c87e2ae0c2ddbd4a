/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The descriptor of a stapsdt note: three addresses, three strings. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/text.h"

#define STAPSDT_OWNER "stapsdt"
#define NT_STAPSDT    3

enum descriptor_flaw {
	DESCRIPTOR_SOUND,
	DESCRIPTOR_NOT_TERMINATED, /* arguments lack their NUL, or are not there at all */
	DESCRIPTOR_TRAILING_BYTES, /* other than zeros after the arguments */
	DESCRIPTOR_MALFORMED,      /* nothing can be made of it; see reason */
};

struct descriptor {
	uint64_t location, base, semaphore;
	struct text provider, name, arguments; /* borrow from the bytes */
	enum descriptor_flaw flaw;
	const char *reason; /* static; NULL when it is sound */
};

/*
 * descriptor_read - take a descriptor apart
 * @address_size: 4 or 8, by EI_CLASS and not by machine (x32 and n32 have 4)
 *
 * Every part but a malformed descriptor's is set. With DESCRIPTOR_NOT_TERMINATED the bytes
 * behind the arguments are not NUL.
 */
void descriptor_read(struct span bytes, unsigned address_size, bool big_endian,
                     struct descriptor *ret);
