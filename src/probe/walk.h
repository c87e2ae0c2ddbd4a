/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The walk over an image's probes. */
#pragma once

#include "base/text.h"
#include "elf/object/image.h"
#include "elf/object/notes.h"
#include "elf/symbol/relocation.h"
#include "probe/note/descriptor.h"
#include "probe/note/probe.h"
#include "probe/operand/operand.h"

/* The bytes of an area, and in a relocatable object what its words will point to. */
struct area_contents {
	struct contents contents;
	struct relocations relocations;
};

/*
 * What hears all that a walk meets, not the probes alone. The walk calls these in the order of
 * the notes; what they are given lives for the time of the call.
 */
struct walk_listener {
	/* An area cannot be read; the walk goes on behind it. */
	void (*unreadable)(struct walk_listener *listener, const struct note_area *area,
	                   const char *reason);
	/* An area is open. @alignment: of its notes, as it was found. */
	void (*area)(struct walk_listener *listener, const struct note_area *area,
	             const struct area_contents *contents, unsigned alignment);
	/* Any note, whoever owns it. */
	void (*note)(struct walk_listener *listener, const struct note_area *area,
	             const struct note *note);
	/* The descriptor of a probe's note has a flaw. */
	void (*descriptor)(struct walk_listener *listener, const struct note_area *area,
	                   const struct note *note, const struct descriptor *descriptor);
	/* A probe was made. @flaws: enum adjust_flaw, or-ed. */
	void (*probe)(struct walk_listener *listener, const struct usdtinfo_probe *probe,
	              unsigned flaws);
	/* The notes of an area break off at @offset in it. */
	void (*broken)(struct walk_listener *listener, const struct note_area *area,
	               uint64_t offset, const char *reason);
};

/* What describe() works out. */
#define DESCRIBED_DETAILS                                                                \
	(USDTINFO_DETAIL_FUNCTION | USDTINFO_DETAIL_SOURCE | USDTINFO_DETAIL_NAMES)

struct usdtinfo_walk {
	struct usdtinfo_image *image;
	unsigned details;
	size_t area; /* the one that notes walk over, once it is open */
	bool area_open;
	struct area_contents contents;    /* of the area, unless the image holds them */
	const struct area_contents *open; /* those that notes walk over */
	uint64_t area_probes;             /* of the area, so far */
	struct note_walk notes;
	struct walk_listener *listener; /* NULL: none */
	/* Adds to each probe what is known above this floor; NULL: nothing does. */
	int (*describe)(void *context, struct usdtinfo_probe *probe, unsigned details,
	                struct usdtinfo_error *err);
	void *describe_context;
	/* Of each probe, in note order, or NULL; borrowed. */
	const struct probe_runtime *runtimes;
	size_t runtime_count, runtime_index;
	struct usdtinfo_probe probe;
	struct arguments arguments;
	struct strbuf recovered; /* arguments that had no NUL */
	struct strbuf counter;   /* what a semaphore is called in a relocatable object */
};

/* Release what a walk in the caller's storage holds. */
void walk_deinit(struct usdtinfo_walk *walk);
