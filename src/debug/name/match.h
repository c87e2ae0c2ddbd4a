/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Which variables, and which parts of them, an operand may read. */
#pragma once

#include "debug/name/argument_name.h"
#include "debug/name/matches.h"
#include "debug/name/member.h"

/* A place that a value was copied from. */
struct view {
	bool is_memory;  /* at REG + DISPLACEMENT; else in REG */
	unsigned reg;    /* DWARF's number */
	uint64_t copies; /* further registers that hold the same, one bit each */
	uint64_t displacement;
};

/*
 * match_operand - all that fits, in the innermost function where something does
 * @doubtful: gets what has the same value, or the same place and another type
 * @view_ret: the place that the operand reads
 *
 * Return: whether the operand is such a place, from which a value can be followed back
 */
bool match_operand(const struct name_context *context,
                   const struct usdtinfo_argument *argument, struct variable_matches *ret,
                   struct variable_matches *doubtful, struct view *view_ret);

/* match_view - the variables that are there, in context->visible */
void match_view(const struct name_context *context, const struct view *view,
                const struct wanted *wanted, struct variable_matches *ret);
/* match_behind - what lies @offset bytes behind the start of what @pointer points to */
void match_behind(const struct name_context *context,
                  const struct variable_match *pointer, uint64_t offset,
                  const struct wanted *wanted, struct variable_matches *ret);
