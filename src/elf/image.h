/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* An ELF object that is open for reading: header, sections, bytes. Never mapped. */
#pragma once

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/text.h"
#include "elf/facts.h"
#include "elf/segment.h"
#include "elf/symtab.h"
#include "usdtinfo.h"

struct section {
	const char
		*name; /* "" where the name cannot be read; lives as long as the image */
	size_t index;
	GElf_Shdr header;
};

/* One address range of an SHF_ALLOC section, for finding the section of an address. */
struct section_range {
	uint64_t start, end;
	size_t index;
};

struct usdtinfo_image {
	struct file_facts facts;
	char *path;     /* facts.path borrows it */
	char *build_id; /* facts.build_id borrows it; NULL when there is none */
	int fd;         /* -1 for memory */
	bool owns_fd;
	unsigned char *owned_memory; /* what a pipe held; NULL else */
	const unsigned char *memory; /* NULL for a descriptor */
	uint64_t size;               /* of the file */
	Elf *elf;
	GElf_Ehdr header;
	bool big_endian;
	unsigned address_size; /* 4 or 8, by class */
	bool has_section_headers;
	size_t section_count;
	const char *section_names; /* .shstrtab's bytes; see image_section() */
	struct section base;       /* .stapsdt.base; name NULL when missing */
	struct section probes;     /* .probes; name NULL when missing */
	size_t *note_sections;     /* indices of SHT_NOTE sections, in order */
	size_t note_section_count, note_section_room;
	struct segments segments;
	struct symtab symtab; /* empty until symtab_load() */
	struct section_range *ranges;
	size_t range_count, range_room;
	bool ranges_loaded;
	bool surveyed; /* every note has been looked at: state, counts, diagnostics stand */
	uint64_t probe_count;
	/* One page of the file, so that neighbouring sites cost one read. */
	unsigned char page[4096];
	uint64_t page_offset;
	size_t page_size; /* 0: none held */
};

/*
 * image_section - the section of index @index
 *
 * Return: false when there is none or its header cannot be read; *@ret untouched.
 */
bool image_section(struct usdtinfo_image *image, size_t index, struct section *ret);

/*
 * image_section_at - the allocated section that holds a link-time address
 *
 * Return: false when none does. Logarithmic, whatever the number of sections.
 */
bool image_section_at(struct usdtinfo_image *image, uint64_t address,
                      struct section *ret);

/*
 * image_read - up to @size bytes at @offset of the file, all or nothing
 *
 * Return: 0; USDTINFO_E_DAMAGED when they are not all inside the file (or no longer are);
 * USDTINFO_E_SYSTEM.
 */
int image_read(struct usdtinfo_image *image, uint64_t offset, void *buf, size_t size,
               struct usdtinfo_error *err);
/* The same for a few bytes (at most 16) through the page that is held. */
bool image_peek(struct usdtinfo_image *image, uint64_t offset, void *buf, size_t size);

/* A section's contents, in memory of the caller's or borrowed from a memory image. */
struct contents {
	unsigned char *owned; /* NULL when borrowed */
	struct span bytes;
	bool was_compressed;
};

/*
 * image_contents - all bytes of a section; compressed ones are inflated (within a limit)
 *
 * An SHT_NOBITS section has none. Return: 0, else as image_read().
 */
int image_contents(struct usdtinfo_image *image, const struct section *section,
                   struct contents *ret, struct usdtinfo_error *err);
void contents_deinit(struct contents *contents);
