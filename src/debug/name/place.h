/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Where the value of a variable is at one address, in the terms of a probe's operand. */
#pragma once

#include "debug/address/unit.h"

enum place_kind {
	PLACE_REGISTER, /* in register REG */
	PLACE_MEMORY,   /* at the content of REG + OFFSET */
	PLACE_SUM,      /* it is the content of REG + OFFSET */
	PLACE_ADDRESS,  /* at the link-time address OFFSET */
	PLACE_CONSTANT, /* it is OFFSET, two's complement */
	PLACE_THREAD,   /* in the storage of the thread */
};

struct value_place {
	enum place_kind kind;
	unsigned reg; /* DWARF's number */
	uint64_t offset;
	/* Part of the variable that is there; a size of 0 is the whole of it. */
	uint64_t piece_offset, piece_size;
};

/* Pieces of one variable. */
#define PLACES_MAX 16

/* A register and what is added to it. */
struct register_sum {
	bool known;
	unsigned reg;
	uint64_t offset;
};

/* What frame-relative locations count from. */
struct frame {
	struct register_sum cfa;  /* the caller's stack pointer */
	struct register_sum base; /* DW_AT_frame_base */
};

/* Unwind tables of the file and of the image that it belongs to; each may be NULL. */
struct unwind {
	Dwarf_CFI *debug_frame, *eh_frame;
	uint64_t debug_frame_bytes, eh_frame_bytes; /* no more than these are in them */
};

/*
 * frame_find - what @scopes' function counts from at an address
 * @address: in the terms of @file; @image_address: of the image
 */
void frame_find(struct debug_file *file, const struct scopes *scopes,
                const struct unwind *unwind, uint64_t address, uint64_t image_address,
                struct frame *ret);

/*
 * places_find - where DW_AT_location of @die says it is at @address
 *
 * Return: how many of @ret are filled; 0 when it is nowhere that an operand could name.
 */
size_t places_find(struct debug_file *file, Dwarf_Die *die, uint64_t address,
                   const struct frame *frame, struct value_place ret[PLACES_MAX]);
