/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * One file with debug info: its ELF and DWARF handles, read and never mapped, and the order
 * that is brought into its units.
 */
#pragma once

#include <elfutils/libdw.h>
#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "debug/file/die.h"
#include "debug/file/line_table.h"
#include "debug/file/location_list.h"
#include "elf/object/image.h"

/* Inflated, all debug sections of one file together may take this much. */
#define DEBUG_INFLATED_MAX ((uint64_t)2 << 30)

/* Contents of a section of strings, where split_join() may write. */
struct moved_strings {
	char *bytes;
	size_t size;
};

/* .debug_str, .debug_line_str */
#define MOVED_STRINGS_MAX 2

struct units;

struct debug_file {
	const struct root *root; /* of PATH, and of what the file names relative to it */
	char *path;
	/* Of the object that it is of: where absolute paths that the file names are looked for. */
	const struct root *object_root;
	int fd; /* -1 for memory */
	bool owns_fd;
	unsigned char *memory; /* owned; NULL for a descriptor or an image's own */
	uint64_t size;
	Elf *elf;
	GElf_Ehdr header;
	Dwarf *dwarf; /* NULL: no DWARF in it */
	/* What libdw has of it: its debug sections alone, and no way to a path. */
	Elf *dwarf_elf;
	struct moved_strings moved[MOVED_STRINGS_MAX];
	struct usdtinfo_image *image; /* it is a view of; NULL: a file of its own */
	struct debug_file *alternate; /* DWZ supplementary file; NULL: none */
	Dwarf *no_alternate;          /* stands for one until, or unless, it is had */
	Elf *no_alternate_elf;
	void *no_alternate_bytes;
	bool is_damaged;    /* something in it could not be read */
	bool no_memory;     /* something in it could not be kept */
	bool split_missing; /* some unit's other half was not found */
	bool split_limited; /* some were too much to be read */
	/* Of other halves that libdw has: bytes of their files, and of their debug sections. */
	uint64_t halves_stored, halves_inflated;
	struct debug_reading *reading; /* where other halves may be looked for */
	int trouble; /* the first errno, while one was looked for, but that none is there */
	struct budget budget;
	struct location_lists location_lists;
	struct line_tables line_tables;
	uint64_t *layout; /* ET_REL: the address given to each section; NULL for others */
	size_t section_count;
	struct strings section_names;
	/* NULL until unit_find(); whoever opened the file calls units_close() before it closes it. */
	struct units *units;
};

/*
 * debug_file_open - take over an open file
 * @fd: owned by the result, and closed on failure
 * @root, @path, @object_root: see struct debug_file; the roots outlive the result
 *
 * Return: 0, USDTINFO_E_NOT_ELF, E_DAMAGED, E_MEMORY, E_SYSTEM.
 */
int debug_file_open(int fd, const struct root *root, const char *path,
                    const struct root *object_root, struct debug_file **ret,
                    struct usdtinfo_error *err);
/* The same for bytes in memory that were in @holder: malloced, they become the result's. */
int debug_file_open_memory(unsigned char *memory, size_t size,
                           const struct debug_file *holder, struct debug_file **ret,
                           struct usdtinfo_error *err);
/* Another view of an image, which must outlive the result. */
int debug_file_of_image(struct usdtinfo_image *image, struct debug_file **ret,
                        struct usdtinfo_error *err);
/* NULL is ignored. */
void debug_file_close(struct debug_file *file);

/*
 * debug_file_load_dwarf - read the debug sections
 *
 * In ET_REL each section gets an address of its own first (file->layout), and the debug
 * sections are relocated to these. Return: 0 also when there is no DWARF; E_DAMAGED,
 * E_MEMORY.
 */
int debug_file_load_dwarf(struct debug_file *file, struct usdtinfo_error *err);

/*
 * debug_file_may_name - whether a name relative to the file's directory may be followed
 *
 * A file in a directory that the user named leads out of a root no further than beside it.
 */
bool debug_file_may_name(const struct debug_file *file, const char *name);

/* The section called @name that has contents; NULL: none. */
Elf_Scn *debug_file_section(struct debug_file *file, const char *name, GElf_Shdr *ret);
/* Return: lower-case hex of the build-id, malloced; NULL when there is none */
char *debug_file_build_id(struct debug_file *file);
