/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Two signs of a consumer: the semaphore counts it, and the site is patched. Either arms a
 * probe, because many have no semaphore, and because a consumer that was killed leaves its
 * count behind: the reason says which it was.
 */
#include "find/process/live.h"

#include <string.h>

#include "base/span.h"
#include "probe/site/site_bytes.h"

/* What the site in memory is, held against the file's. */
enum patch {
	PATCH_UNKNOWN,
	PATCH_NONE,
	PATCH_BREAKPOINT,
	PATCH_CALL,  /* x86: a uprobe whose nop became a call */
	PATCH_OTHER, /* neither, but not the file's bytes */
};

static const char *const patch_reasons[] = {
	[PATCH_BREAKPOINT] = "breakpoint",
	[PATCH_CALL] = "call",
	[PATCH_OTHER] = "patch",
};

static const char *const both_reasons[] = {
	[PATCH_BREAKPOINT] = "semaphore and breakpoint",
	[PATCH_CALL] = "semaphore and call",
	[PATCH_OTHER] = "semaphore and patch",
};

static struct maybe_u64 runtime_address(const struct live_object *object,
                                        struct maybe_u64 address)
{
	if (!address.known)
		return address;
	uint64_t moved = address.value + object->bias;
	return known_u64(object->address_size == 4 ? (uint32_t)moved : moved);
}

/* @used: how many of the bytes are the nop's own */
static enum patch patch_at(const struct live_object *object, const unsigned char *memory,
                           const unsigned char *file, size_t size, size_t used)
{
	/* A breakpoint that is in the file, too, is no consumer but a damaged file. */
	enum site_breakpoint now = site_breakpoint(object->machine, object->big_endian,
	                                           memory, size);
	enum site_breakpoint before = site_breakpoint(object->machine, object->big_endian,
	                                              file, size);
	if (now == before)
		return PATCH_NONE;
	/* The kernel makes a call of a nop that is as long, and of nothing else. */
	size_t call_size = site_call_size(now);
	if (call_size)
		return used == call_size ? PATCH_CALL : PATCH_NONE;
	return now == SITE_BREAKPOINT_NONE ? PATCH_NONE : PATCH_BREAKPOINT;
}

bool live_has_second_nop(enum usdtinfo_site site)
{
	return site == USDTINFO_SITE_NOP5 || site == USDTINFO_SITE_NOP10;
}

/*
 * Return: how many of the site's bytes are compared. What follows the site's instruction may
 * be another probe, or code that something else has patched.
 */
static size_t site_size(const struct live_object *object, const struct live_place *place)
{
	size_t used;
	site_classify(object->machine, object->big_endian, place->bytes, place->size,
	              &used);
	return used;
}

/* A probe that was traced once need not look as it does in the file. */
static bool is_nop_again(const struct live_object *object, const struct live_place *place,
                         const unsigned char *memory, size_t used)
{
	size_t first = place->site == USDTINFO_SITE_NOP10;
	return memcmp(memory, place->bytes, first) == 0 &&
	       used - first == site_call_size(SITE_BREAKPOINT_LEA_CALL) &&
	       site_was_call(object->machine, memory + first, used - first);
}

static enum patch look_at_site(const struct live_object *object,
                               const struct live_place *place,
                               const struct probe_runtime *runtime)
{
	size_t used = site_size(object, place);
	size_t size = runtime->size < place->size ? runtime->size : place->size;
	if (!used || size < used)
		return PATCH_UNKNOWN;
	const unsigned char *memory = runtime->bytes, *file = place->bytes;
	if (memcmp(memory, file, used) == 0)
		return PATCH_NONE;
	if (is_nop_again(object, place, memory, used))
		return PATCH_NONE;
	bool are_two = live_has_second_nop(place->site);
	enum patch patch = patch_at(object, memory, file, size, are_two ? 1 : used);
	if (patch == PATCH_NONE && are_two)
		patch = patch_at(object, memory + 1, file + 1, size - 1, used - 1);
	return patch == PATCH_NONE ? PATCH_OTHER : patch;
}

static void look_at_semaphore(struct memory *memory, const struct live_object *object,
                              struct probe_runtime *runtime)
{
	unsigned char bytes[2];
	uint16_t value;
	if (!runtime->semaphore.known)
		return;
	size_t got = memory_peek(memory, MEMORY_SEMAPHORES, runtime->semaphore.value,
	                         bytes, sizeof(bytes));
	struct span span = { bytes, got };
	if (span_u16(&span, object->big_endian, &value))
		runtime->semaphore_value = known_u64(value);
}

static const char *why_unknown(const struct live_place *place,
                               const struct probe_runtime *runtime)
{
	if (!place->location.known)
		return "the location is not known";
	if (!runtime->size)
		return "the location is not mapped, or cannot be read";
	if (!place->size)
		return "the file holds no bytes for the location";
	return "the semaphore is not mapped, or cannot be read";
}

static void judge(const struct memory *memory, const struct live_place *place,
                  enum patch patch, struct probe_runtime *runtime)
{
	bool counts = runtime->semaphore_value.known && runtime->semaphore_value.value;
	bool is_patched = patch > PATCH_NONE;
	if (counts || is_patched) {
		runtime->state = USDTINFO_PROBE_ARMED;
		runtime->reason = text_of(!is_patched ? "semaphore"
		                          : counts    ? both_reasons[patch]
		                                      : patch_reasons[patch]);
		return;
	}
	bool semaphore_unread = runtime->semaphore.known &&
	                        !runtime->semaphore_value.known;
	if (patch == PATCH_NONE && !semaphore_unread) {
		runtime->state = USDTINFO_PROBE_IDLE;
		return;
	}
	runtime->state = USDTINFO_PROBE_UNKNOWN;
	runtime->reason = memory->reason.at ? memory->reason
	                                    : text_of(why_unknown(place, runtime));
}

void live_look(struct memory *memory, const struct live_object *object,
               const struct live_place *place, struct probe_runtime *ret)
{
	*ret = (struct probe_runtime){
		.location = runtime_address(object, place->location),
		.semaphore = runtime_address(object, place->semaphore),
	};
	if (ret->location.known)
		ret->size = memory_peek(memory, MEMORY_SITES, ret->location.value,
		                        ret->bytes, SITE_LOOK);
	look_at_semaphore(memory, object, ret);
	enum patch patch = look_at_site(object, place, ret);
	/* Only the site is worth showing. */
	size_t used = site_size(object, place);
	ret->size = ret->size < used ? ret->size : used;
	judge(memory, place, patch, ret);
}
