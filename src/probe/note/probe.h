/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * A probe: plain fields, filled by a walk over an image or by the reader of saved listings,
 * read by the getters of usdtinfo.h and by every output format.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "probe/operand/operand.h"
#include "usdtinfo.h"

#define SITE_BYTES_MAX 16

struct source_line {
	struct text file;
	struct maybe_u64 line;
	struct text function; /* of the inlined frame; not known where it is not */
};

/* Of a probe in a running process. */
struct probe_runtime {
	enum usdtinfo_probe_state state;
	struct text reason;         /* what arms it, or why it is not known */
	struct maybe_u64 location;  /* address in the process */
	struct maybe_u64 semaphore; /* address in the process */
	struct maybe_u64 semaphore_value;
	unsigned char bytes[SITE_BYTES_MAX]; /* at the location in memory */
	size_t size;                         /* 0: they cannot be read */
};

struct usdtinfo_probe {
	struct text provider, name, arguments_text;
	struct maybe_u64 location;
	uint64_t location_raw, base;
	int64_t base_delta;
	struct maybe_u64 semaphore, semaphore_raw; /* not known: the probe has none */
	struct maybe_u64 file_offset, semaphore_offset;
	struct text section;
	size_t section_index; /* of section */
	struct maybe_u64 section_offset;
	struct text semaphore_symbol; /* ET_REL */
	size_t semaphore_section;     /* ET_REL: index; 0: undefined here */
	uint64_t note_offset;
	uint64_t note_size; /* descsz */
	struct text
		note_section; /* not known: the note was found through a PT_NOTE segment */
	uint64_t note_area_index; /* of the section or segment that holds the note */
	uint64_t note_area_offset, note_area_size; /* in the file */
	unsigned char site_bytes[SITE_BYTES_MAX];
	size_t site_size;
	enum usdtinfo_site site;
	struct usdtinfo_argument *arguments;
	size_t argument_count;
	/* -s, --lines */
	struct text function;
	struct maybe_u64 function_offset;
	struct source_line *source; /* innermost first */
	size_t source_count;
	unsigned
		details; /* of a saved listing: enum usdtinfo_detail, what it has keys for */
	/* Walks over what a process has mapped only; else all is unknown. */
	struct probe_runtime runtime;
};
