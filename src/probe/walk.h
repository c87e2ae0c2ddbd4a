/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The walk over an image's probes. */
#pragma once

#include "base/text.h"
#include "elf/image.h"
#include "elf/notes.h"
#include "probe/operand.h"
#include "probe/probe.h"

struct survey;

/* What describe() works out. */
#define DESCRIBED_DETAILS                                                                \
	(USDTINFO_DETAIL_FUNCTION | USDTINFO_DETAIL_SOURCE | USDTINFO_DETAIL_NAMES)

struct usdtinfo_walk {
	struct usdtinfo_image *image;
	unsigned details;
	size_t area; /* the one that notes walk over, once it is open */
	bool area_open;
	struct contents contents;    /* of the area, unless the image holds them */
	const struct contents *open; /* those that notes walk over */
	struct note_walk notes;
	struct survey *survey; /* NULL in an ordinary walk */
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
