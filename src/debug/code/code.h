/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The instructions of one function, as far as they move values about: what compilers copy to
 * a register or to the stack for a probe alone, the debug info does not tell.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "debug/address/range_index.h"
#include "elf/object/image.h"

/* Registers by DWARF's numbers; those of 64 and above are not followed. */
#define NO_REGISTER 255

enum code_kind {
	CODE_OTHER,
	CODE_MOVE,    /* target = the low WIDTH bytes of source, extended */
	CODE_LOAD,    /* target = WIDTH bytes at base + VALUE, extended */
	CODE_STORE,   /* WIDTH bytes of source go to base + VALUE */
	CODE_SUM,     /* target = source + VALUE */
	CODE_ADDRESS, /* target = VALUE */
};

struct instruction {
	uint64_t address;
	uint64_t value;
	uint64_t writes; /* registers, one bit each */
	unsigned char kind, width, target, source, base;
	bool writes_memory; /* at base + VALUE where base is a register, else anywhere */
	bool ends_block;    /* return, unconditional jump */
	bool is_target;     /* of a jump in the function */
};

struct code {
	struct instruction *items; /* by address */
	size_t count, room;
	struct code_range ranges[CODE_RANGES_MAX];
	size_t range_count;
	unsigned stack, frame; /* registers that spilled values lie relative to */
	bool is_traceable;     /* every jump's target is known */
};

/* Functions that are larger are not traced. */
#define CODE_SIZE_MAX (64u << 10)

/*
 * code_read - the instructions of a function
 * @ranges: sorted by address, at most CODE_RANGES_MAX
 * @code: of another function before, or zero-initialised; release with code_deinit()
 * @budget: each four bytes that are disassembled are a unit
 *
 * Return: 0 with is_traceable false where the machine is not understood, the bytes are no
 * code, or there is no Capstone; USDTINFO_E_SYSTEM with ELIBACC where it cannot be loaded;
 * USDTINFO_E_MEMORY.
 */
int code_read(struct code *code, struct usdtinfo_image *image,
              const struct code_range *ranges, size_t range_count, struct budget *budget,
              struct usdtinfo_error *err);
/* Return: index of the instruction at @address; code->count when none begins there */
size_t code_find(const struct code *code, uint64_t address);
void code_deinit(struct code *code);
