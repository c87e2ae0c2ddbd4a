/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Static libraries: ar archives of GNU, System V and BSD, and thin ones, member by member.
 *
 * A thin archive only names its members: files relative to the archive's directory, and, for
 * archives that were put into it, members of those.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "elf/object/image.h"

/* The longest name of a member; a table of names that never end must not cost a scan each. */
#define ARCHIVE_NAME_MAX 4096

struct archive {
	struct usdtinfo_image *file; /* owned; only its bytes, path and root are used */
	bool is_thin;
	struct contents names; /* the table of long names; empty until it was passed */
	uint64_t next;         /* offset of the next header */
	/* Bytes of the file: small members and their headers come many with one read. */
	unsigned char *window; /* NULL until a small member was opened */
	uint64_t window_at;
	size_t window_size;
	Elf *elf;        /* libelf's, for parts of the file; NULL until it is wanted */
	bool is_strange; /* libelf could not find a member: it looked through all of them */
	/* The member that archive_next() found. */
	struct strbuf label; /* as readelf names it: "libx.a(x.o)", thin: "libx.a[x.o]" */
	struct strbuf name;  /* as it is stored */
	uint64_t header;     /* offset of its header */
	uint64_t offset, size; /* of its bytes in FILE, unless it is a file of its own */
	bool is_file;          /* thin: NAME is a path */
	/* Thin: the archive that holds the member, kept since the next is mostly there, too. */
	struct archive *nested;
	bool in_nested;
	struct usdtinfo_error nested_error; /* why it cannot be had; code 0: it can */
	uint64_t nested_times,
		nested_bytes; /* how often one was opened, and what was read */
};

/*
 * archive_begin - start over an archive
 * @file: with is_archive set; the archive's own from here on. What it names, where it is
 *        thin, is inside its root
 *
 * Release with archive_end(), whatever becomes of it.
 */
void archive_begin(struct archive *archive, struct usdtinfo_image *file);
void archive_end(struct archive *archive);

/*
 * archive_next - go to the next member, over symbol tables and tables of names
 *
 * Return: 1 with label set; 0 at the end; USDTINFO_E_DAMAGED, E_SYSTEM, E_MEMORY, after
 * which nothing more is to be had.
 */
int archive_next(struct archive *archive, struct usdtinfo_error *err);

/*
 * archive_open_member - open the member that archive_next() went to
 * @image_ret: set on success; called label; may borrow bytes from the archive, so it is to
 *             be closed before archive_next() and archive_end()
 *
 * Of a member that is no ELF file only the first bytes are read.
 *
 * Return: as usdtinfo_image_open()
 */
int archive_open_member(struct archive *archive, struct usdtinfo_image **image_ret,
                        struct usdtinfo_error *err);

/*
 * archive_member_is_plain - glance_is_plain() of the member that archive_next() went to
 *
 * Return: false also where that is another file.
 */
bool archive_member_is_plain(struct archive *archive);
