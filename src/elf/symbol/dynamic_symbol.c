/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Symbols by the dynamic linker's own hash tables. */
#include <limits.h>
#include <string.h>

#include "elf/symbol/dynamic.h"

/* No hash table that a linker wrote has chains of more than a few dozen. */
#define CHAIN_MAX 4096

struct lookup {
	struct usdtinfo_image *image;
	const struct dynamic *dynamic;
	const char *name;
};

static bool peek(const struct lookup *lookup, uint64_t address, void *buf, size_t size)
{
	const struct segment *segment = segments_find(&lookup->image->segments, address);
	uint64_t offset;
	return segment && segment_offset(segment, address, &offset) &&
	       image_peek(lookup->image, offset, buf, size) == size;
}

static bool peek_word(const struct lookup *lookup, uint64_t address, unsigned size,
                      uint64_t *ret)
{
	unsigned char bytes[8];
	if (!peek(lookup, address, bytes, size))
		return false;
	struct span left = { bytes, size };
	return span_address(&left, size, lookup->image->big_endian, ret);
}

static bool read_symbol(const struct lookup *lookup, uint64_t index, uint32_t *name_ret,
                        uint16_t *section_ret, struct dynamic_symbol *ret)
{
	bool big = lookup->image->big_endian;
	bool is64 = lookup->image->address_size == 8;
	unsigned char bytes[24];
	size_t size = is64 ? 24 : 16;
	if (!peek(lookup, lookup->dynamic->symbols + index * size, bytes, size))
		return false;
	/* Elf64_Sym: name, info, other, section, value, size. Elf32_Sym: value, size earlier. */
	struct span left = { bytes, size };
	struct span kind = { bytes + (is64 ? 4 : 12), 4 };
	ret->info = kind.at[0];
	return span_u32(&left, big, name_ret) && span_skip(&kind, 2) &&
	       span_u16(&kind, big, section_ret) && (!is64 || span_skip(&left, 4)) &&
	       span_address(&left, is64 ? 8 : 4, big, &ret->value) &&
	       span_address(&left, is64 ? 8 : 4, big, &ret->size);
}

static bool is_named(const struct lookup *lookup, uint32_t offset)
{
	struct span left = lookup->dynamic->strings.bytes;
	size_t size = strlen(lookup->name) + 1;
	return span_skip(&left, offset) && left.left >= size &&
	       memcmp(left.at, lookup->name, size) == 0;
}

static bool matches(const struct lookup *lookup, uint64_t index,
                    struct dynamic_symbol *ret)
{
	struct dynamic_symbol found;
	uint32_t name;
	uint16_t section;
	if (!read_symbol(lookup, index, &name, &section, &found) ||
	    section == SHN_UNDEF || !is_named(lookup, name))
		return false;
	*ret = found;
	return true;
}

static uint32_t gnu_hash(const char *name)
{
	uint32_t hash = 5381;
	for (; *name; name++)
		hash = hash * 33 + (unsigned char)*name;
	return hash;
}

/* Header of four words, a Bloom filter of address-sized words, buckets, chains. */
static bool find_by_gnu_hash(const struct lookup *lookup, struct dynamic_symbol *ret)
{
	uint64_t at = lookup->dynamic->gnu_hash, buckets, first, filter, index, value;
	uint32_t hash = gnu_hash(lookup->name);
	if (!peek_word(lookup, at, 4, &buckets) || buckets == 0 ||
	    !peek_word(lookup, at + 4, 4, &first) ||
	    !peek_word(lookup, at + 8, 4, &filter))
		return false;
	uint64_t bucket = at + 16 + filter * lookup->image->address_size;
	uint64_t chain = bucket + buckets * 4;
	if (!peek_word(lookup, bucket + hash % buckets * 4, 4, &index) || index < first)
		return false;
	for (unsigned steps = 0; steps < CHAIN_MAX; steps++, index++) {
		if (!peek_word(lookup, chain + (index - first) * 4, 4, &value))
			return false;
		/* The lowest bit marks the chain's end. */
		if ((value | 1) == (hash | 1) && matches(lookup, index, ret))
			return true;
		if (value & 1)
			return false;
	}
	return false;
}

static uint32_t sysv_hash(const char *name)
{
	uint32_t hash = 0;
	for (; *name; name++) {
		hash = (hash << 4) + (unsigned char)*name;
		hash ^= (hash & 0xf0000000) >> 24;
		hash &= 0x0fffffff;
	}
	return hash;
}

static bool find_by_sysv_hash(const struct lookup *lookup, struct dynamic_symbol *ret)
{
	/* The words have 32 bits, except in these two psABIs. */
	unsigned machine = lookup->image->header.e_machine;
	unsigned word = lookup->image->address_size == 8 &&
	                                (machine == EM_S390 || machine == EM_ALPHA ||
	                                 machine == 0x9026)
	                        ? 8
	                        : 4;
	uint64_t at = lookup->dynamic->hash, buckets, chains, index;
	if (!peek_word(lookup, at, word, &buckets) || buckets == 0 ||
	    !peek_word(lookup, at + word, word, &chains))
		return false;
	uint64_t bucket = at + (uint64_t)2 * word, chain = bucket + buckets * word;
	if (!peek_word(lookup, bucket + sysv_hash(lookup->name) % buckets * word, word,
	               &index))
		return false;
	for (unsigned steps = 0; steps < CHAIN_MAX && index != 0 && index < chains;
	     steps++) {
		if (matches(lookup, index, ret))
			return true;
		if (!peek_word(lookup, chain + index * word, word, &index))
			return false;
	}
	return false;
}

bool dynamic_find_symbol(struct usdtinfo_image *image, const struct dynamic *dynamic,
                         const char *name, struct dynamic_symbol *ret)
{
	struct lookup lookup = { image, dynamic, name };
	if (!dynamic->symbols || !dynamic->strings.bytes.left)
		return false;
	if (dynamic->gnu_hash)
		return find_by_gnu_hash(&lookup, ret);
	return dynamic->hash && find_by_sysv_hash(&lookup, ret);
}
