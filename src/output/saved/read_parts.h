/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* A saved listing that is being read, shared by the files that read it. */
#pragma once

#include "base/arena.h"
#include "find/visit/visit.h"
#include "lazy/json_c_types.h"
#include "output/saved/read_input.h"
#include "probe/note/probe.h"

/* Where the probes of the file that is being visited stand. */
enum place {
	PLACE_DONE,
	PLACE_IN_FILE, /* in the array, and behind it the rest of the file */
	PLACE_ASIDE,   /* in the array, which was passed over at first */
	PLACE_RECORDS, /* of ndjson */
};

struct listing {
	struct probe_source source;
	struct input input;
	object_visit visit;
	void *context;
	int result;   /* of the last visit */
	bool foreign; /* the failure: it is no listing that we read */
	bool has_siblings;
	uint64_t listed, counted; /* files of the document, and by its summary */
	uint64_t *unlisted;       /* see listing_visit() */
	/* The header. */
	bool is_ours, has_version, has_kind, is_records;
	/* The file. */
	struct file_facts facts;
	struct json_object *members; /* of the file, without probes and diagnostics */
	struct arena file_arena, probe_arena;
	struct usdtinfo_probe probe;
	enum place place;
	bool first;                  /* probe of its array is still to come */
	struct json_object *pending; /* a record that was read ahead */
};

/* For _cleanup_(). */
static inline void putp(struct json_object **object)
{
	json_object_put(*object);
}

/* Forget the file before. */
void listing_begin_file(struct listing *listing);
/* Facts from an object that has them all. */
bool listing_set_facts(struct listing *listing, struct json_object *from);
/* Let the file be seen, with its probes from @place on. Return: whether to go on */
bool listing_visit_file(struct listing *listing, enum place place);
/* The files of a document, an array which is next. */
bool listing_read_files(struct listing *listing);
/* The next probe of the file that is visited; a probe_source's. */
int listing_next_probe(struct probe_source *source,
                       const struct usdtinfo_probe **probe_ret);
