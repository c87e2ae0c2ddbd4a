/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * An ELF object that is open for reading: header, sections, segments, bytes. Never mapped.
 *
 * Each knows the file that it is in and the root that this file was found in: whatever it
 * names (debug files, libraries, members of a thin archive) is looked for in the same root.
 * So nothing opens an image without one, and a member takes the root of its archive.
 */
#pragma once

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/text.h"
#include "elf/object/facts.h"
#include "elf/object/segment.h"
#include "elf/object/strings.h"
#include "elf/root/root.h"
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

/*
 * A place that holds notes: a section, or a PT_NOTE segment where no section can be had.
 * What the survey found there lets later walks pass over it, or over its reading.
 */
struct note_area {
	struct text name; /* of the section; not known for a segment */
	size_t index;     /* of the section or program header */
	bool is_segment;
	uint64_t offset, size, alignment;
	bool is_compressed;
	bool may_have_probes; /* until the survey found none */
};

/* A section's contents, in memory of their own or borrowed from a memory image. */
struct contents {
	unsigned char *owned; /* NULL when borrowed */
	struct span bytes;
};

/*
 * What rooms above keep with an image, each from when it is first asked for until the image is
 * closed. The structure of a table begins with this.
 */
struct image_table {
	void (*deinit)(struct image_table *table); /* releases what it owns, not itself */
};

enum image_table_kind {
	IMAGE_SYMBOLS,
	IMAGE_RELOCATIONS,
	IMAGE_PLACE_NAMES,
	IMAGE_HELD_NOTES,
	IMAGE_DIALECT,
	IMAGE_TABLES
};

struct usdtinfo_image {
	struct file_facts facts;
	char *path; /* what it is called; facts.path borrows it */
	const struct root
		*root; /* of FILE_PATH and of what the object names; outlives it */
	/* The file that the object is in: PATH but for members, whose archive's it is. */
	const char *file_path;
	char *owned_file_path; /* NULL where it is PATH or another image's */
	bool is_member;        /* of an archive or a package, which holds its bytes */
	char *build_id;        /* facts.build_id borrows it; NULL when there is none */
	int fd;                /* -1 for memory */
	bool owns_fd;
	bool is_archive; /* with IMAGE_ARCHIVE: bytes can be had, nothing else */
	bool is_listing; /* with IMAGE_LISTING: it begins as a JSON object does */
	bool is_package; /* with IMAGE_PACKAGE: see bytes_package() */
	int rest_fd;     /* a listing's pipe that was not read to its end; -1 else */
	unsigned char *owned_memory; /* what a pipe held; NULL else */
	const unsigned char *memory; /* NULL for a descriptor */
	unsigned char *elf_memory;   /* what libelf has of it instead; NULL: the same */
	Elf *archive; /* that the object is a part of, in the descriptor's file; or NULL */
	uint64_t start; /* of the part in it; 0 for a whole file */
	uint64_t size;  /* of the object's file, or of the part */
	Elf *elf;
	GElf_Ehdr header;
	bool big_endian;
	unsigned address_size; /* 4 or 8, by class */
	size_t section_count;  /* 0: there are no section headers */
	struct strings section_names;
	struct section base;      /* .stapsdt.base; name NULL when missing */
	struct section probes;    /* .probes; name NULL when missing */
	bool has_stapsdt_section; /* .note.stapsdt, with or without contents */
	struct note_area *areas;
	size_t area_count, area_room;
	uint64_t area_bytes;     /* inside the file, of all areas */
	uint64_t inflated_bytes; /* of all compressed sections so far */
	/* The first read of it that failed, whoever wanted it; code 0: none has. */
	struct usdtinfo_error unread;
	struct segments segments;
	struct section_range *ranges;
	size_t range_count, range_room;
	bool ranges_loaded;
	struct image_table *tables[IMAGE_TABLES]; /* NULL until image_table() */
	bool surveyed; /* every note was looked at: state, counts, diagnostics stand */
	uint64_t probe_count;
	/* One page of the file, so that neighbouring sites cost one read. */
	uint64_t page_offset;
	size_t page_size; /* 0: none held */
	unsigned char page[4096];
};

/*
 * image_part - what is kept with the image under @kind
 * @size: of the table's structure, which is made of zeros when it is not there yet
 * @deinit: of a table that is made
 *
 * Return: the table; NULL when memory ran out, with errno set.
 */
void *image_table(struct usdtinfo_image *image, enum image_table_kind kind, size_t size,
                  void (*deinit)(struct image_table *table));

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
 * image_read - @size bytes at @offset of the file, all or nothing
 *
 * Return: 0; USDTINFO_E_DAMAGED when they are not all inside the file (or no longer are);
 * USDTINFO_E_SYSTEM.
 */
int image_read(struct usdtinfo_image *image, uint64_t offset, void *buf, size_t size,
               struct usdtinfo_error *err);

/* Return: whether its file is shorter by now than when it was opened */
bool image_shrank(const struct usdtinfo_image *image);

/*
 * image_peek - the few bytes at @offset, through a page that is kept
 *
 * Return: how many of @size (at most 64) the file holds there; 0 when it cannot be read.
 */
size_t image_peek(struct usdtinfo_image *image, uint64_t offset, void *buf, size_t size);

/*
 * image_range - the bytes of a range of the file; release with contents_deinit()
 *
 * Return: 0, USDTINFO_E_DAMAGED when it is not all inside the file, or, of a file with holes,
 * more than IMAGE_RANGE_MAX; E_SYSTEM, E_MEMORY.
 */
#define IMAGE_RANGE_MAX ((uint64_t)512 << 20)
int image_range(struct usdtinfo_image *image, uint64_t offset, uint64_t size,
                struct contents *ret, struct usdtinfo_error *err);

/*
 * image_inflate - the same for an SHF_COMPRESSED section, inflated
 *
 * A small file can claim any size: beyond CONTENTS_INFLATED_MAX, for all sections of the
 * file together, it is refused as damaged.
 */
#define CONTENTS_INFLATED_MAX (256u << 20)
int image_inflate(struct usdtinfo_image *image, const struct section *section,
                  struct contents *ret, struct usdtinfo_error *err);
void contents_deinit(struct contents *contents);

/* What is welcome beside an ELF object; ored together. None of it is taken apart. */
enum image_accept {
	/* is_archive is set, and image_read(), image_peek() and image_range() work. */
	IMAGE_ARCHIVE = 1 << 0,
	/*
	 * What begins as a JSON object does: is_listing is set, and image_listing_read() works.
	 * Of a pipe LISTING_AHEAD bytes are held; the rest stays in it.
	 */
	IMAGE_LISTING = 1 << 1,
	IMAGE_PACKAGE = 1 << 2, /* is_package is set, and image_read() works. */
	IMAGE_OPERAND = IMAGE_ARCHIVE | IMAGE_LISTING | IMAGE_PACKAGE,
};

#define LISTING_AHEAD (1u << 20)

/*
 * image_open - open a regular file inside a root
 * @root: outlives the image
 * @accept: of enum image_accept; 0 for ELF objects alone
 *
 * Return: as usdtinfo_image_open().
 */
int image_open(const struct root *root, const char *path, unsigned accept,
               struct usdtinfo_image **image_ret, struct usdtinfo_error *err);

/* The same for what is open already. @path: inside the root; @fd: as usdtinfo_image_open_fd() */
int image_open_fd(const struct root *root, const char *path, int fd, unsigned accept,
                  struct usdtinfo_image **image_ret, struct usdtinfo_error *err);

/* What was read of a regular file to see that it is wanted. */
struct image_start {
	uint64_t file_size;
	bool packages; /* those are welcome, too: see is_package */
	size_t size;   /* of BYTES that were read */
	/* What packages are known by; more of each file would cost a scan more than it saves. */
	unsigned char bytes[512];
};

/* The same for a regular file that was looked at; no system call but libelf's. */
int image_open_started(const struct root *root, const char *path, int fd,
                       const struct image_start *start, struct usdtinfo_image **image_ret,
                       struct usdtinfo_error *err);

/* The same for what is in memory, which outlives the image, and in no file. */
int image_open_memory(const struct root *root, const char *path, const void *data,
                      size_t size, struct usdtinfo_image **image_ret,
                      struct usdtinfo_error *err);

/*
 * image_open_member - open an object whose bytes were taken out of another file
 * @holder: the archive or package, whose root it has; outlives the image
 * @label: what it is called
 * @data: outlives the image
 */
int image_open_member(const struct usdtinfo_image *holder, const char *label,
                      const void *data, size_t size, unsigned accept,
                      struct usdtinfo_image **image_ret, struct usdtinfo_error *err);

/* Where a member of an archive stands in its file. */
struct image_part {
	Elf *archive;    /* libelf's handle of the archive; outlives the image */
	uint64_t header; /* offset of the member's header */
	uint64_t start, size;
};

/*
 * image_open_part - open a member of an archive without reading all of it
 * @holder: the archive, open by a descriptor; outlives the image
 *
 * Return: as usdtinfo_image_open(). USDTINFO_E_ARGUMENT: libelf cannot place it there.
 */
int image_open_part(const struct usdtinfo_image *holder, const char *label,
                    const struct image_part *part, struct usdtinfo_image **image_ret,
                    struct usdtinfo_error *err);

/*
 * image_listing_read - bytes of a saved listing, at any offset of a file; of a pipe, whose
 * offset beyond what is held does not count, the next ones
 *
 * Return: how many of @size were read, fewer than that before the end, too, 0 at the end; USDTINFO_E_SYSTEM
 */
int64_t image_listing_read(struct usdtinfo_image *image, uint64_t offset, void *buf,
                           size_t size, struct usdtinfo_error *err);

/* Call an image otherwise. Return: 0 or USDTINFO_E_MEMORY */
int image_rename(struct usdtinfo_image *image, const char *name,
                 struct usdtinfo_error *err);

/* Notes' areas, base, .probes, segments: called once, when the image is opened. */
int image_load_layout(struct usdtinfo_image *image, struct usdtinfo_error *err);
