/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* One name to one file: the directories of a linker, in its order. */
#pragma once

#include "find/linker/ld_token.h"
#include "find/linker/library.h"

#define LIBRARY_LIBS_MAX 4

/* Read once for a program; release with library_search_close(). */
struct library_search {
	struct library_settings settings;
	const struct root *root; /* of the program */
	struct usdtinfo_image *program;
	const struct ld_platform *platform;
	int level;                 /* of ld_platform_level(); -1: not known */
	const char *platform_name; /* what $PLATFORM is; NULL: not known */
	bool is_musl;
	struct text interpreter;            /* of the program; AT NULL: it names none */
	char libs_own[64];                  /* what "lib/TRIPLET" in LIBS is */
	const char *libs[LIBRARY_LIBS_MAX]; /* what $LIB can stand for, ended by NULL */
	struct directories defaults;
	struct directories conf; /* searched when there is no cache; always for musl */
	struct strbuf cache_bytes;
	struct ld_cache cache;
	bool has_cache;
	struct budget places; /* that may still be looked at, of LIBRARY_PLACES_MAX */
	struct budget lists;  /* for reading the two lists above, of LD_CONF_WORK_MAX */
};

/* Return: 0 or USDTINFO_E_MEMORY; closed by library_search_close() in every case */
int library_search_open(struct library_search *search,
                        const struct library_settings *settings, const struct root *root,
                        struct usdtinfo_image *program, const struct dynamic *dynamic);
void library_search_close(struct library_search *search);

/* What was found: the image is open, and matches the program. Release with found_deinit(). */
struct library_found {
	char *path;
	enum library_rule rule;
	struct usdtinfo_image *image;
	char *rejected; /* the first file of that name that does not fit, else NULL */
	bool no_memory;
	bool is_cut; /* the search ended before all places were looked at */
};
void library_found_deinit(struct library_found *found);

/*
 * library_search_find - the file that @name needed by items[@needed_by] stands for
 *
 * Return: 1; 0 when there is none (rejected or is_cut may be set); USDTINFO_E_MEMORY.
 */
int library_search_find(struct library_search *search, const struct libraries *libraries,
                        size_t needed_by, struct text name, struct library_found *ret);
