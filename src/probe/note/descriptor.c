/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Bytes to descriptor. */
#include "probe/note/descriptor.h"

static bool all_zero(struct span bytes)
{
	for (size_t i = 0; i < bytes.left; i++) {
		if (bytes.at[i] != 0)
			return false;
	}
	return true;
}

static void malformed(struct descriptor *ret, const char *reason)
{
	ret->flaw = DESCRIPTOR_MALFORMED;
	ret->reason = reason;
}

void descriptor_read(struct span bytes, unsigned address_size, bool big_endian,
                     struct descriptor *ret)
{
	*ret = (struct descriptor){ .flaw = DESCRIPTOR_SOUND };
	if (!span_address(&bytes, address_size, big_endian, &ret->location) ||
	    !span_address(&bytes, address_size, big_endian, &ret->base) ||
	    !span_address(&bytes, address_size, big_endian, &ret->semaphore)) {
		malformed(ret, "too short for its three addresses");
		return;
	}
	if (!span_cstr(&bytes, &ret->provider)) {
		malformed(ret, "the provider's name has no end");
		return;
	}
	if (!span_cstr(&bytes, &ret->name)) {
		malformed(ret, "the probe's name has no end");
		return;
	}
	if (!span_cstr(&bytes, &ret->arguments)) {
		ret->arguments = (struct text){ (const char *)bytes.at, bytes.left };
		ret->flaw = DESCRIPTOR_NOT_TERMINATED;
		ret->reason = "the argument string has no end";
		return;
	}
	/* Some producers count the padding into descsz: nothing is lost by that. */
	if (!all_zero(bytes)) {
		ret->flaw = DESCRIPTOR_TRAILING_BYTES;
		ret->reason = "bytes follow the argument string";
	}
}
