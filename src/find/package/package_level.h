/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * One level of a package that is read, and what all of its levels share. A level is one
 * archive or one compression; what is in it is a level of its own.
 *
 * Archives are read here, but for zip; compressions and zip are libarchive's. Its readers of
 * tar and cpio have loops that neither end soon nor ask for input: over access control lists
 * in a tar header, over links in a cpio archive. So each level takes its bytes from a source,
 * block by block, and every block is a point where limits and signals are heard.
 */
#pragma once

#include <locale.h>
#include <signal.h>

#include "base/error.h"
#include "elf/object/package_magic.h"
#include "find/visit/visit.h"
#include "lazy/archive_api.h"

#define PACKAGE_BLOCK_SIZE 65536
/* More than any member of a package has before its contents. */
#define PACKAGE_HEADER_MAX (16 << 20)
/* The directory of a zip archive, of which libarchive keeps up to four times as much. */
#define PACKAGE_DIRECTORY_MAX (64 << 20)
/* The headers of an .rpm whose files have their names and sizes there. */
#define PACKAGE_RPM_HEADER_MAX (64 << 20)
#define PACKAGE_RPM_FILES_MAX  (1 << 20)

/* What all levels of one package share. */
struct unpacking {
	struct archive_api api;
	const struct finder *finder;
	struct usdtinfo_image *file;
	object_visit visit;
	void *context;
	locale_t locale;  /* in which names are UTF-8; (locale_t)0: none such */
	uint64_t out;     /* bytes that came out of all levels */
	uint64_t allowed; /* of those */
	uint64_t visited;
	bool over_limit;   /* or interrupted: nothing more is read */
	const char *limit; /* which one; NULL: of what comes out */
	const volatile sig_atomic_t *interrupted; /* NULL: it cannot be */
};

struct level;

/* A member that a level stands at. */
struct member {
	const char *name; /* NULL: none that can be had; good until the next call */
	bool is_file;     /* nothing else has contents */
	bool is_package; /* it holds the files: if it cannot be read, they were not seen */
	uint64_t size;   /* UINT64_MAX: not known before it is read */
};

/* What a reader returns beside USDTINFO_E_MEMORY; level->reason says why. */
enum level_result {
	LEVEL_DAMAGED = -100, /* nothing follows that can be read */
	LEVEL_SKIPPED,        /* damage, or a member that cannot be read; go on */
	LEVEL_END = 0,
	LEVEL_MEMBER = 1,
};

struct level_reader {
	/* Return: 0, or a failure; nothing is left to be closed then. NULL: nothing to do */
	int (*open)(struct level *level);
	/* Return: enum level_result */
	int (*next)(struct level *level, struct member *member);
	/* Return: as many bytes of the member as there are up to @size, or a failure */
	ssize_t (*read)(struct level *level, void *buf, size_t size);
	void (*close)(struct level *level);
	/* What is in it has no name that a user knows: it goes by the level's own. */
	bool is_transparent;
	/* Its last member is told as such, so that something may follow. */
	bool has_end;
};

/* One level, and where it gets its bytes from. */
struct level {
	struct unpacking *unpacking;
	enum package_kind kind;
	const struct level_reader *reader; /* of the kind */
	void *state;                       /* the reader's */
	struct text label;                 /* what the members' names follow */
	unsigned depth;                    /* levels in each other, this one counted */
	bool holds_files; /* of the package that it is a part of: see member.is_package */
	bool is_resuming; /* the damage that it goes on behind was said */
	struct level *parent; /* whose current member it is; NULL: it is the file */
	uint64_t offset;      /* of what was read of the file */
	/* What was read and not yet taken: at first the start that a member was known by. */
	const unsigned char *next;
	size_t left;
	char reason[200]; /* of the last failure */
	unsigned char block[PACKAGE_BLOCK_SIZE];
};

bool unpacking_is_interrupted(const struct unpacking *unpacking);
/* Count what comes out. Return: false when there is more than is allowed, or a signal came */
bool unpacking_count(struct unpacking *unpacking, uint64_t size);

/* The reader is done with; NULL state. */
void level_close(struct level *level);

/* Go to the next member, over what is left of the one before. Return: enum level_result */
int level_next(struct level *level, struct member *member);

/* Return: as level_reader.read; what it gives is counted */
ssize_t level_read(struct level *level, void *buf, size_t size);

/* What stands behind the end of an archive, as the member of a level of its own. */
extern const struct level_reader rest_reader;

/* ---- for readers --------------------------------------------------------------------- */

extern const struct level_reader compression_reader, zip_reader, tar_reader, cpio_reader,
	deb_reader, rpm_reader;

/* Return: LEVEL_DAMAGED, with a reason */
__attribute__((format(printf, 2, 3))) int level_fail(struct level *level, const char *fmt,
                                                     ...);
/* The same for a limit, which ends the whole package; @limit stays the caller's. */
int level_stop(struct level *level, const char *limit);

/* Return: 1 when some bytes stand in NEXT and LEFT, 0 at the end of the source, or a failure */
int source_fill(struct level *level);
/* Go over @size of the LEFT bytes. */
void source_take(struct level *level, size_t size);
/*
 * source_peek - look at the bytes that come next
 * @size: at most PACKAGE_BLOCK_SIZE
 * @ret: good until the next call; shorter only at the end of the source
 *
 * Return: 0, or a failure
 */
int source_peek(struct level *level, size_t size, struct span *ret);
/* Return: as many bytes as there are up to @size, or a failure */
ssize_t source_read(struct level *level, void *buf, size_t size);
/* Return: 0; LEVEL_DAMAGED, with a reason, where the source ends before */
int source_skip(struct level *level, uint64_t size);
