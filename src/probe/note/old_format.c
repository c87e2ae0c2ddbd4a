/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* A record is a magic word, a type, then 64-bit words on every machine (sdt_types.h of
 * SystemTap): the name's address is the first.
 */
#include "probe/note/old_format.h"

#include "base/array.h"

static const struct {
	uint32_t magic;
	unsigned version;
	size_t words; /* of 64 bits, behind the magic and the type */
} formats[] = {
	{ 0x31425250, 1, 2 }, /* "PRB1" */
	{ 0x32425055, 2, 6 }, /* "UPB2" */
};

/* The name stands in .probes too; its address is 0 where a relocation is still to give it. */
static bool is_name(const struct section *probes, uint64_t address)
{
	return address == 0 ||
	       (address >= probes->header.sh_addr &&
	        address - probes->header.sh_addr < probes->header.sh_size);
}

static unsigned record_version(const struct usdtinfo_image *image, struct span at)
{
	uint32_t magic, type;
	uint64_t name;
	if (!span_u32(&at, image->big_endian, &magic) ||
	    !span_u32(&at, image->big_endian, &type))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		if (magic == formats[i].magic && at.left >= formats[i].words * 8 &&
		    span_u64(&at, image->big_endian, &name) &&
		    is_name(&image->probes, name))
			return formats[i].version;
	}
	return 0;
}

unsigned old_format_version(struct usdtinfo_image *image)
{
	const GElf_Shdr *header = &image->probes.header;
	struct contents contents;
	unsigned version = 0;
	if (!image->probes.name || header->sh_type == SHT_NOBITS ||
	    image_range(image, header->sh_offset, header->sh_size, &contents, NULL) < 0)
		return 0;
	struct span left = contents.bytes;
	/* Strings of any length stand between the records, which are aligned. */
	while (version == 0 && left.left != 0) {
		version = record_version(image, left);
		span_skip(&left, left.left < 4 ? left.left : 4);
	}
	contents_deinit(&contents);
	return version;
}
