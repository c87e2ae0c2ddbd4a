/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The probes of a file, or of several, gathered: what lint, diff and check compare.
 *
 * A member holds the numbers of a probe; names and signatures are kept once each, so that a
 * set grows by the probes' number and by the distinct texts among them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "probe/note/probe.h"
#include "usdtinfo.h"

/*
 * One probe; its texts live as long as the set. SIGNATURE is the types of the arguments
 * separated by commas ("int32,uint64"; empty for none), OPERANDS the argument string as the
 * note has it.
 */
struct set_probe {
	struct text provider, name, signature, operands;
	struct text function;         /* not known unless the walk was asked for it */
	struct text section;          /* of relocatable objects; not known else */
	struct maybe_u64 location;    /* in the section in relocatable objects */
	struct maybe_u64 semaphore;   /* address */
	struct text semaphore_symbol; /* of relocatable objects */
	struct maybe_u64 file_offset, semaphore_offset;
	uint64_t note_offset;
	uint64_t argument_count;
	size_t file;  /* the caller's number of the file */
	size_t index; /* order of coming */
};

/* Zero-initialise; release with set_deinit(). */
struct set {
	struct set_probe *items;
	size_t count, room;
	struct arena arena;
	struct text *texts; /* hash table of the texts that are kept */
	size_t text_count, text_room;
	struct strbuf scratch;
};

/*
 * set_add - keep a probe; its arguments must have been parsed
 *
 * Return: 0 or USDTINFO_E_MEMORY.
 */
int set_add(struct set *set, const struct usdtinfo_probe *probe, size_t file,
            struct usdtinfo_error *err);
/* Order by provider, name, file, section, location, coming. */
void set_sort(struct set *set);
/* Order by file, section, location, provider, name, coming: probes of one site together. */
void set_sort_by_site(struct set *set);
/* Return: whether both are at one place of one file; probes without a place never are */
bool set_same_site(const struct set_probe *a, const struct set_probe *b);
/* Return: how many of the members from @start on share its provider and name; sorted sets */
size_t set_name_run(const struct set *set, size_t start);
/* The same for members of one site, after set_sort_by_site(). */
size_t set_site_run(const struct set *set, size_t start);
/* Forget the members and texts; room is kept. */
void set_clear(struct set *set);
void set_deinit(struct set *set);

/* Append the signature of @probe's arguments. */
void set_signature(const struct usdtinfo_probe *probe, struct strbuf *out);
