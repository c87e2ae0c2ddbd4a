/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Finding traits in files, notes and names. Those of arguments are in traits_argument.c. */
#include "probe/tracer/traits.h"

#include <elf.h>
#include <string.h>

#include "base/array.h"
#include "elf/object/notes.h"
#include "probe/note/descriptor.h"

#define NOTE_SECTION ".note.stapsdt"

/* ---- files ----------------------------------------------------------------------- */

/* Whether the area holds anything that is no probe's note. */
static void look_at_notes(struct usdtinfo_image *image, const struct note_area *area,
                          struct file_traits *ret)
{
	_cleanup_(contents_deinit) struct contents contents = { 0 };
	struct usdtinfo_error err;
	struct note_walk walk;
	struct note note;
	const char *reason;
	int r = 0;
	if (area->is_compressed ||
	    image_range(image, area->offset, area->size, &contents, &err) < 0)
		return;
	unsigned alignment = notes_alignment(contents.bytes, area->alignment,
	                                     image->big_endian);
	note_walk_init(&walk, contents.bytes, alignment, image->big_endian);
	while (!ret->foreign_notes && (r = note_walk_next(&walk, &note, &reason)) > 0)
		ret->foreign_notes = note.type != NT_STAPSDT ||
		                     !text_equal(note.owner, text_of(STAPSDT_OWNER));
	if (ret->foreign_notes || r < 0)
		ret->traits |= TRAIT(NOTE_MIXED);
}

static void look_at_areas(struct usdtinfo_image *image, struct file_traits *ret)
{
	for (size_t i = 0; i < image->area_count; i++) {
		const struct note_area *area = &image->areas[i];
		if (area->is_segment || !text_equal(area->name, text_of(NOTE_SECTION)))
			continue;
		ret->first_area = area->index;
		look_at_notes(image, area, ret);
		return;
	}
}

/*
 * BCC looks for the first executable section, for .probes and for .note.stapsdt with one
 * iterator that never starts over.
 */
static bool in_order(struct usdtinfo_image *image)
{
	static const char *const names[] = { NULL, ".probes", NOTE_SECTION };
	size_t next = 0;
	struct section section;
	for (size_t i = 1; i < image->section_count && next < ARRAY_SIZE(names); i++) {
		if (!image_section(image, i, &section))
			continue;
		bool code = section.header.sh_flags & SHF_EXECINSTR;
		next += next ? strcmp(section.name, names[next]) == 0 : code;
	}
	return next == ARRAY_SIZE(names);
}

static uint64_t first_code(struct usdtinfo_image *image)
{
	struct section section;
	for (size_t i = 1; i < image->section_count; i++) {
		if (image_section(image, i, &section) &&
		    section.header.sh_flags & SHF_EXECINSTR)
			return section.header.sh_addr;
	}
	return 0;
}

static void look_at_image(struct usdtinfo_image *image, struct file_traits *ret)
{
	if (image->base.name) {
		ret->has_base = true;
		ret->base_address = image->base.header.sh_addr;
		ret->base_offset = image->base.header.sh_offset;
	}
	if (image->probes.name) {
		ret->traits |= TRAIT(PROBES_SECTION);
		if (!in_order(image))
			ret->traits |= TRAIT(SECTION_ORDER);
	}
	ret->code_address = first_code(image);
	look_at_areas(image, ret);
}

void file_traits(struct usdtinfo_image *image, const struct file_facts *facts,
                 struct file_traits *ret)
{
	*ret = (struct file_traits){ 0 };
	if (text_equal(facts->type, text_of(usdtinfo_type_name(USDTINFO_TYPE_REL))))
		ret->traits |= TRAIT(RELOCATABLE);
	if (facts->elf_class.known && facts->elf_class.value == 32)
		ret->traits |= TRAIT(CLASS_32);
	if (text_equal(facts->base_state,
	               text_of(usdtinfo_base_state_name(USDTINFO_BASE_MISSING))))
		ret->traits |= TRAIT(BASE_MISSING);
	if (image)
		look_at_image(image, ret);
}

/* ---- probes ---------------------------------------------------------------------- */

static uint64_t note_traits(struct usdtinfo_image *image, const struct file_traits *file,
                            const struct usdtinfo_probe *probe)
{
	uint64_t traits = 0;
	uint64_t size = (uint64_t)3 * (file->traits & TRAIT(CLASS_32) ? 4u : 8u) +
	                probe->provider.size + probe->name.size +
	                probe->arguments_text.size + 3;
	if (probe->note_size > size)
		traits |= TRAIT(NOTE_TRAILING);
	if (probe->note_size < size)
		traits |= TRAIT(NOTE_OPEN);
	if (!text_equal(probe->note_section, text_of(NOTE_SECTION)))
		return traits | TRAIT(NOTE_ELSEWHERE);
	struct section section;
	if (!image)
		return traits;
	if (probe->note_area_index != file->first_area)
		traits |= TRAIT(NOTE_LATER);
	if (image_section(image, (size_t)probe->note_area_index, &section) &&
	    section.header.sh_flags & SHF_ALLOC)
		traits |= TRAIT(NOTE_ALLOCATED);
	return traits;
}

static uint64_t base_traits(const struct file_traits *file,
                            const struct usdtinfo_probe *probe)
{
	uint64_t traits = 0;
	if (probe->base_delta)
		traits |= TRAIT(BASE_MOVED);
	if (file->traits & TRAIT(RELOCATABLE))
		return traits;
	if (probe->base == 0 && !(file->traits & TRAIT(BASE_MISSING)))
		traits |= TRAIT(BASE_ZERO);
	if (probe->base != 0 && file->traits & TRAIT(BASE_MISSING))
		traits |= TRAIT(BASE_LOST);
	if (probe->base != 0 && file->has_base && file->base_address == 0)
		traits |= TRAIT(BASE_AT_ZERO);
	/* Where one would land that takes the base's offset for its address. */
	uint64_t guess = probe->location_raw;
	if (file->has_base)
		guess += file->base_offset - probe->base;
	bool can_tell = file->has_base || file->traits & TRAIT(BASE_MISSING);
	if (can_tell && probe->file_offset.known && guess != probe->file_offset.value)
		traits |= TRAIT(BASE_APART);
	return traits;
}

static bool counts_in_file(struct usdtinfo_image *image, uint64_t address)
{
	const struct segment *segment = segments_find(&image->segments, address);
	uint64_t offset;
	return segment && segment->flags & PF_W &&
	       segment_offset(segment, address, &offset) &&
	       segment_offset(segment, address + 1, &offset);
}

static uint64_t place_traits(struct usdtinfo_image *image, const struct file_traits *file,
                             const struct usdtinfo_probe *probe)
{
	uint64_t traits = 0;
	if (probe->semaphore.known || probe->semaphore_symbol.at)
		traits |= TRAIT(SEMAPHORE);
	if (file->traits & TRAIT(RELOCATABLE))
		return traits;
	if (probe->location_raw < file->code_address)
		traits |= TRAIT(LOCATION_LOW);
	if (!probe->file_offset.known)
		traits |= TRAIT(LOCATION_UNMAPPED);
	else if (image && probe->location.known) {
		const struct segment *segment = segments_find(&image->segments,
		                                              probe->location.value);
		if (!segment || !(segment->flags & PF_X))
			traits |= TRAIT(LOCATION_UNMAPPED);
	}
	if (!probe->semaphore.known)
		return traits;
	if (probe->semaphore.value & 1)
		traits |= TRAIT(SEMAPHORE_ODD);
	if (!probe->semaphore_offset.known ||
	    (image && !counts_in_file(image, probe->semaphore.value)))
		traits |= TRAIT(SEMAPHORE_UNMAPPED);
	return traits;
}

static bool is_letter(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

static uint64_t text_traits(struct text text)
{
	uint64_t traits = 0;
	for (size_t i = 0; i < text.size; i++) {
		unsigned char c = (unsigned char)text.at[i];
		if (is_letter(c))
			continue;
		if (c == ':')
			traits |= TRAIT(NAME_COLON);
		else if (c == '-')
			traits |= TRAIT(NAME_HYPHEN);
		else
			traits |= TRAIT(NAME_ODD);
	}
	return traits;
}

static uint64_t name_traits(const struct usdtinfo_probe *probe)
{
	uint64_t traits = text_traits(probe->provider) | text_traits(probe->name);
	if (traits & (TRAIT(NAME_ODD) | TRAIT(NAME_COLON)))
		traits &= ~TRAIT(NAME_HYPHEN);
	if (!probe->provider.size)
		traits |= TRAIT(PROVIDER_EMPTY);
	if (!probe->name.size)
		traits |= TRAIT(NAME_EMPTY);
	return traits;
}

static bool is_spaced(struct text text)
{
	for (size_t i = 0; i < text.size; i++) {
		bool next = i + 1 == text.size || text.at[i + 1] == ' ';
		if (text.at[i] == ' ' && (i == 0 || next))
			return true;
	}
	return false;
}

/* Whether nothing but a number stands between an '@' and @end. */
static bool is_displaced(struct text text, size_t end)
{
	while (end > 0 && (text.at[end - 1] == '-' ||
	                   (text.at[end - 1] >= '0' && text.at[end - 1] <= '9')))
		end--;
	return end > 0 && text.at[end - 1] == '@';
}

/*
 * libbpf looks for "8@8(%BASE,%INDEX" with a scanf() pattern that takes for BASE up to 15
 * characters other than a comma: in "8@8(%rax) 8@(%rax,%rbx,8)" it takes "rax) 8@(%rax".
 */
static bool merges_with_next(struct text text)
{
	for (size_t i = 0; i + 1 < text.size; i++) {
		if (text.at[i] != '(' || text.at[i + 1] != '%' || !is_displaced(text, i))
			continue;
		struct text rest = { text.at + i + 2, text.size - i - 2 };
		const char *comma = memchr(rest.at, ',', rest.size);
		const char *end = memchr(rest.at, ')', rest.size);
		if (comma && end && end < comma && comma - rest.at <= 15)
			return true;
	}
	return false;
}

uint64_t probe_traits(struct usdtinfo_image *image, const struct file_traits *file,
                      const struct usdtinfo_probe *probe)
{
	uint64_t traits = file->traits | note_traits(image, file, probe) |
	                  base_traits(file, probe) | place_traits(image, file, probe) |
	                  name_traits(probe);
	if (image && image->header.e_machine == EM_ARM && probe->site_size == 2)
		traits |= TRAIT(THUMB);
	if (probe->argument_count)
		traits |= TRAIT(ARGUMENTS);
	if (is_spaced(probe->arguments_text))
		traits |= TRAIT(ARGUMENTS_SPACED);
	if (merges_with_next(probe->arguments_text))
		traits |= TRAIT(ARGUMENTS_MERGED);
	if (probe->argument_count > 12)
		traits |= TRAIT(ARGUMENTS_MANY);
	return traits;
}
