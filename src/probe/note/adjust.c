/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Base, segments and file offsets of a probe's addresses. */
#include "probe/note/adjust.h"

static uint64_t address_mask(const struct usdtinfo_image *image)
{
	return image->address_size == 4 ? UINT32_MAX : UINT64_MAX;
}

static bool is_executable(const struct usdtinfo_image *image, uint64_t address)
{
	const struct segment *segment = segments_find(&image->segments, address);
	return segment && (segment->flags & PF_X);
}

static uint64_t base_delta(const struct usdtinfo_image *image, uint64_t base)
{
	if (!image->base.name || image->base.header.sh_addr == 0 || base == 0)
		return 0;
	return (image->base.header.sh_addr - base) & address_mask(image);
}

/* The delta as a signed number of the address's width, for people. */
static int64_t signed_delta(const struct usdtinfo_image *image, uint64_t delta)
{
	return image->address_size == 4 ? (int64_t)(int32_t)(uint32_t)delta
	                                : (int64_t)delta;
}

/* A separate debug file, whose code and data stand in the main one. */
static bool is_debug_file(const struct usdtinfo_image *image)
{
	return (image->base.name && image->base.header.sh_type == SHT_NOBITS) ||
	       (image->probes.name && image->probes.header.sh_type == SHT_NOBITS);
}

/* The kernel counts in two bytes that the file must hold. */
static bool can_count(const struct usdtinfo_image *image, uint64_t semaphore)
{
	const struct segment *segment = segments_find(&image->segments, semaphore);
	uint64_t offset;
	return segment && (segment->flags & PF_W) &&
	       segment_offset(segment, semaphore, &offset) &&
	       segment_offset(segment, semaphore + 1, &offset);
}

unsigned adjust(const struct usdtinfo_image *image, struct usdtinfo_probe *probe)
{
	unsigned flaws = 0;
	uint64_t mask = address_mask(image);
	uint64_t delta = base_delta(image, probe->base);
	uint64_t location = (probe->location_raw + delta) & mask;
	bool mapped = is_executable(image, location);
	if (!mapped && delta != 0 && is_executable(image, probe->location_raw)) {
		flaws |= ADJUST_FELL_BACK;
		delta = 0;
		location = probe->location_raw;
		mapped = true;
	}
	if (!mapped)
		flaws |= ADJUST_LOCATION_UNMAPPED;
	probe->base_delta = signed_delta(image, delta);
	probe->location = known_u64(location);
	if (!probe->semaphore_raw.known)
		return flaws;
	uint64_t semaphore = (probe->semaphore_raw.value + delta) & mask;
	probe->semaphore = known_u64(semaphore);
	if (!is_debug_file(image) && !can_count(image, semaphore))
		flaws |= ADJUST_SEMAPHORE_UNMAPPED;
	return flaws;
}

/* The offset in the file, unless what stands there is not that section's (a debug file). */
static struct maybe_u64 file_offset(struct usdtinfo_image *image, uint64_t address)
{
	const struct segment *segment = segments_find(&image->segments, address);
	struct section section;
	uint64_t offset;
	if (!segment || !segment_offset(segment, address, &offset))
		return (struct maybe_u64){ 0 };
	if (image_section_at(image, address, &section) &&
	    section.header.sh_type == SHT_NOBITS)
		return (struct maybe_u64){ 0 };
	return known_u64(offset);
}

/* The offset in the file of a place in a section; not known where the file has no bytes. */
static struct maybe_u64 section_place(struct usdtinfo_image *image, size_t index,
                                      uint64_t offset)
{
	struct section section;
	if (index == 0 || !image_section(image, index, &section) ||
	    section.header.sh_type == SHT_NOBITS ||
	    (section.header.sh_flags & SHF_COMPRESSED) ||
	    offset >= section.header.sh_size ||
	    section.header.sh_offset > UINT64_MAX - offset)
		return (struct maybe_u64){ 0 };
	return known_u64(section.header.sh_offset + offset);
}

unsigned adjust_relocatable(struct usdtinfo_image *image, const struct place *place,
                            struct usdtinfo_probe *probe)
{
	unsigned flaws = 0, word = image->address_size;
	const struct relocation *location = relocations_find(place->relocations,
	                                                     place->descriptor_offset);
	const struct relocation *semaphore = relocations_find(
		place->relocations, place->descriptor_offset + 2 * (uint64_t)word);
	struct section section;
	if (location && location->section &&
	    image_section(image, location->section, &section)) {
		probe->section = text_of(section.name);
		probe->section_index = section.index;
		probe->section_offset = known_u64(location->value);
		if (!(section.header.sh_flags & SHF_EXECINSTR) ||
		    location->value >= section.header.sh_size)
			flaws |= ADJUST_LOCATION_UNMAPPED;
	} else {
		flaws |= ADJUST_LOCATION_UNMAPPED;
	}
	if (!semaphore)
		return flaws;
	/* A counter at the start of its section has the value 0, and is one all the same. */
	probe->semaphore_raw.known = true;
	probe->semaphore_section = semaphore->section;
	strbuf_clear(place->counter);
	if (relocation_target(image, place->relocations, semaphore, place->counter))
		probe->semaphore_symbol = strbuf_text(place->counter);
	if (semaphore->section && image_section(image, semaphore->section, &section) &&
	    (!(section.header.sh_flags & SHF_WRITE) ||
	     section.header.sh_type == SHT_NOBITS))
		flaws |= ADJUST_SEMAPHORE_UNMAPPED;
	return flaws;
}

static void relocatable_places(struct usdtinfo_image *image, struct usdtinfo_probe *probe)
{
	probe->file_offset = section_place(image, probe->section_index,
	                                   probe->section_offset.value);
	probe->semaphore_offset = section_place(image, probe->semaphore_section,
	                                        probe->semaphore_raw.value);
}

void adjust_places(struct usdtinfo_image *image, struct usdtinfo_probe *probe)
{
	struct section section;
	if (image->header.e_type == ET_REL) {
		relocatable_places(image, probe);
		return;
	}
	if (probe->semaphore.known)
		probe->semaphore_offset = file_offset(image, probe->semaphore.value);
	if (!probe->location.known)
		return;
	probe->file_offset = file_offset(image, probe->location.value);
	if (!image_section_at(image, probe->location.value, &section))
		return;
	probe->section = text_of(section.name);
	probe->section_index = section.index;
	probe->section_offset = known_u64(probe->location.value - section.header.sh_addr);
}
