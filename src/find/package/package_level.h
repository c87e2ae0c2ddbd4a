/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* One level of a package that is read, and what all of its levels share. */
#pragma once

#include <locale.h>
#include <signal.h>

#include "elf/object/package_magic.h"
#include "find/visit/visit.h"
#include "lazy/archive_api.h"

#define PACKAGE_BLOCK_SIZE 65536
/* More than any member of a package has before its contents. */
#define PACKAGE_HEADER_MAX (16 << 20)

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
	unsigned depth;
	bool over_limit;  /* or interrupted: nothing more is read */
	bool long_header; /* that is why */
	const volatile sig_atomic_t *interrupted; /* NULL: it cannot be */
};

/* One level: where libarchive gets its bytes from. */
struct level {
	struct unpacking *unpacking;
	struct archive *archive;
	enum package_kind kind;
	struct text label; /* what the members' names follow */
	bool is_deb;       /* its tar files are no level of their own to a reader */
	bool has_data;     /* the one of a .deb that holds the files was met */
	bool is_raw;      /* what was compressed is none of the archives that are known */
	bool is_resuming; /* it looks for the next header behind damage, which was said */
	bool is_between;  /* it goes over one member and looks for the next */
	la_int64_t
		header;  /* where the header of the one before began; -1: there is none */
	char doubt[200]; /* what was wrong while the format was looked for; "" nothing */
	struct level *parent; /* whose current member it is; NULL: it is the file */
	uint64_t offset;      /* of what was read of the file */
	/* What was read and not yet asked for: at first the start that a member was known by. */
	const unsigned char *next;
	size_t left;
	unsigned char block[PACKAGE_BLOCK_SIZE];
};

bool unpacking_is_interrupted(const struct unpacking *unpacking);

/*
 * level_open - begin to read a level; UNPACKING, LABEL, COVER and where it reads from stand
 *
 * Return: 0, to be followed by level_close(); a message of why libarchive cannot read it;
 * USDTINFO_E_MEMORY.
 */
int level_open(struct level *level, struct usdtinfo_error *err);
void level_close(struct level *level);

/*
 * level_next - go to the next member, over what is left of the one before
 * @name_ret: of the member; NULL when it has none that can be had
 *
 * Return: as archive_read_next_header()
 */
int level_next(struct level *level, struct archive_entry **entry_ret,
               const char **name_ret);

/* Return: as archive_read_data(); bytes of the member that stands next */
la_ssize_t level_read(struct level *level, void *buf, size_t size);

/*
 * level_pass - have what is left of a member counted, where going over it is work
 * @taken: bytes of it that were read
 *
 * Return: false when there is more than is allowed
 */
bool level_pass(struct level *level, struct archive_entry *entry, uint64_t taken);

/* What libarchive says last. */
const char *level_reason(const struct level *level);
