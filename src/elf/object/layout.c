/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What an image is made of: sections, segments, and where notes can be. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "elf/object/image.h"

bool image_section(struct usdtinfo_image *image, size_t index, struct section *ret)
{
	if (index >= image->section_count)
		return false;
	struct section section = { .index = index };
	Elf_Scn *scn = elf_getscn(image->elf, index);
	if (!scn || !gelf_getshdr(scn, &section.header))
		return false;
	const char *name = strings_short(&image->section_names, section.header.sh_name);
	section.name = name ? name : "";
	*ret = section;
	return true;
}

static bool add_area(struct usdtinfo_image *image, struct note_area area)
{
	if (!array_grow(&image->areas, &image->area_room, image->area_count + 1,
	                sizeof(*image->areas)))
		return false;
	area.may_have_probes = true;
	image->areas[image->area_count++] = area;
	return true;
}

/*
 * Sections of a sound file do not overlap, so that all together they are no more than the
 * file; nor do its segments of notes. Without that a small file could have the same bytes read
 * any number of times.
 */
static bool is_beyond_file(struct usdtinfo_image *image, uint64_t offset, uint64_t size,
                           const char *what)
{
	if (offset > image->size || size > image->size - offset)
		return false; /* reading will tell */
	bool told = image->area_bytes > image->size;
	if (!told)
		image->area_bytes += size;
	if (!told && image->area_bytes > image->size)
		diagnose(
			&image->facts.diagnostics, DIAG_SECTION_UNREADABLE,
			"the note %s overlap: there are more bytes in them than in the file, and some are left out",
			what);
	return image->area_bytes > image->size;
}

/* Mostly the second character tells, and a tree has millions of sections. */
static bool has_name(const struct section *section, const char *name)
{
	return section->name[0] == name[0] && section->name[1] == name[1] &&
	       strcmp(section->name, name) == 0;
}

/* Keep what matters of a section. Return: false when memory ran out. */
static bool note_section(struct usdtinfo_image *image, const struct section *section)
{
	bool is_stapsdt = has_name(section, ".note.stapsdt");
	if (has_name(section, ".stapsdt.base"))
		image->base = *section;
	else if (has_name(section, ".probes"))
		image->probes = *section;
	if (is_stapsdt)
		image->has_stapsdt_section = true;
	/* Linker scripts merge notes into sections of any name; assemblers forget the type. */
	if (section->header.sh_type != SHT_NOTE &&
	    !(is_stapsdt && section->header.sh_type != SHT_NOBITS))
		return true;
	if (is_beyond_file(image, section->header.sh_offset, section->header.sh_size,
	                   "sections"))
		return true;
	return add_area(
		image, (struct note_area){
			       .name = text_of(section->name),
			       .index = section->index,
			       .offset = section->header.sh_offset,
			       .size = section->header.sh_size,
			       .alignment = section->header.sh_addralign,
			       .is_compressed = section->header.sh_flags & SHF_COMPRESSED,
		       });
}

/*
 * The section that holds names stands in the header of section 0 where it has a large index.
 * libelf seeks that header from the start of the archive instead of the member's, unless it
 * has read it already, and not at all in memory whose byte order is not the host's.
 */
static bool find_names(struct usdtinfo_image *image, size_t *index_ret)
{
	Elf_Scn *first = elf_getscn(image->elf, 0);
	GElf_Shdr header;
	if (!first || !gelf_getshdr(first, &header))
		return false;
	if (image->header.e_shstrndx != SHN_XINDEX)
		return elf_getshdrstrndx(image->elf, index_ret) == 0;
	*index_ret = header.sh_link;
	return true;
}

static int load_sections(struct usdtinfo_image *image, struct usdtinfo_error *err)
{
	size_t count = 0, names = 0;
	if (image->header.e_shoff == 0)
		return 0;
	if (elf_getshdrnum(image->elf, &count) < 0 || count == 0 ||
	    !find_names(image, &names)) {
		diagnose(&image->facts.diagnostics, DIAG_HEADER_DAMAGED,
		         "the section headers at 0x%" PRIx64
		         " cannot be read (%u entries of %u bytes, file of %" PRIu64
		         " bytes): probe notes cannot be found",
		         (uint64_t)image->header.e_shoff, image->header.e_shnum,
		         image->header.e_shentsize, image->size);
		return 0;
	}
	image->section_count = count;
	strings_load(&image->section_names, image->elf, names);
	size_t nameless = 0;
	for (size_t i = 1; i < count; i++) {
		struct section section;
		if (!image_section(image, i, &section))
			continue;
		nameless += !*section.name &&
		            !strings_short(&image->section_names, section.header.sh_name);
		if (!note_section(image, &section))
			return fail_memory(err);
	}
	if (nameless)
		diagnose(
			&image->facts.diagnostics, DIAG_HEADER_DAMAGED,
			"the names of %zu sections cannot be read (section %zu of %zu holds them)",
			nameless, names, count);
	return 0;
}

static bool add_segment(struct usdtinfo_image *image, const GElf_Phdr *header)
{
	struct segment segment = {
		.address = header->p_vaddr,
		.offset = header->p_offset,
		.file_size = header->p_filesz,
		.memory_size = header->p_memsz,
		.flags = header->p_flags,
	};
	return segments_add(&image->segments, &segment);
}

static int load_segments(struct usdtinfo_image *image, struct usdtinfo_error *err)
{
	size_t count = 0;
	bool want_notes = image->area_count == 0;
	if (image->header.e_phoff == 0)
		return 0;
	bool damaged = elf_getphdrnum(image->elf, &count) < 0;
	for (size_t i = 0; i < count && !damaged; i++) {
		GElf_Phdr header;
		if (!gelf_getphdr(image->elf, (int)i, &header)) {
			damaged = true;
			break;
		}
		if (header.p_type == PT_LOAD && !add_segment(image, &header))
			return fail_memory(err);
		/* Sections tell more; readelf too takes segments only for want of them. */
		if (header.p_type == PT_NOTE && want_notes &&
		    !is_beyond_file(image, header.p_offset, header.p_filesz,
		                    "segments") &&
		    !add_area(image, (struct note_area){ .index = i,
		                                         .is_segment = true,
		                                         .offset = header.p_offset,
		                                         .size = header.p_filesz,
		                                         .alignment = header.p_align }))
			return fail_memory(err);
	}
	if (damaged)
		diagnose(&image->facts.diagnostics, DIAG_HEADER_DAMAGED,
		         "the program headers at 0x%" PRIx64
		         " cannot be read (%u entries of %u bytes, file of %" PRIu64
		         " bytes)",
		         (uint64_t)image->header.e_phoff, image->header.e_phnum,
		         image->header.e_phentsize, image->size);
	return segments_sort(&image->segments) ? 0 : fail_memory(err);
}

int image_load_layout(struct usdtinfo_image *image, struct usdtinfo_error *err)
{
	int r = load_sections(image, err);
	return r < 0 ? r : load_segments(image, err);
}

static int by_start(const void *a, const void *b)
{
	const struct section_range *left = a, *right = b;
	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	return (left->index > right->index) - (left->index < right->index);
}

/* Address ranges of what is in memory at run time, without .tbss, which is a template. */
static void load_ranges(struct usdtinfo_image *image)
{
	image->ranges_loaded = true;
	for (size_t i = 1; i < image->section_count; i++) {
		struct section section;
		if (!image_section(image, i, &section))
			continue;
		const GElf_Shdr *header = &section.header;
		bool is_tbss = (header->sh_flags & SHF_TLS) &&
		               header->sh_type == SHT_NOBITS;
		if (!(header->sh_flags & SHF_ALLOC) || header->sh_size == 0 || is_tbss ||
		    header->sh_addr > UINT64_MAX - header->sh_size)
			continue;
		if (!array_grow(&image->ranges, &image->range_room,
		                image->range_count + 1, sizeof(*image->ranges)))
			return;
		image->ranges[image->range_count++] = (struct section_range){
			header->sh_addr, header->sh_addr + header->sh_size, i
		};
	}
	if (image->range_count)
		qsort(image->ranges, image->range_count, sizeof(*image->ranges),
		      by_start);
}

bool image_section_at(struct usdtinfo_image *image, uint64_t address, struct section *ret)
{
	if (!image->ranges_loaded)
		load_ranges(image);
	size_t low = array_upto(image->ranges, image->range_count, start, address);
	if (low == 0 || image->ranges[low - 1].end <= address)
		return false;
	return image_section(image, image->ranges[low - 1].index, ret);
}
