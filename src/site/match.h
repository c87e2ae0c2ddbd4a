/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Which variables, and which parts of them, an operand may read. */
#pragma once

#include "site/argument_name.h"
#include "site/member.h"

struct match {
	struct strbuf name;
	Dwarf_Die type;
	unsigned pointers; /* to TYPE: 1 for "&x" */
};

/* As many candidates as a person would want to read. */
#define MATCHES_MAX 16

/* Different names. Zero-initialise; release with matches_deinit(). */
struct matches {
	struct match items[MATCHES_MAX];
	size_t count;
	bool is_sure; /* the value is theirs by place and type, not by chance */
	bool failed;  /* memory ran out */
};

/*
 * match_operand - all that fits, in the innermost function where something does
 *
 * When nothing fits for sure, what has the same value, or the same place and another type.
 */
void match_operand(const struct name_context *context,
                   const struct usdtinfo_argument *argument, struct matches *ret);

/* A place that a value was copied from. */
struct view {
	bool is_memory;  /* at REG + DISPLACEMENT; else in REG */
	unsigned reg;    /* DWARF's number */
	uint64_t copies; /* further registers that hold the same, one bit each */
	uint64_t displacement;
};

/* match_view - the variables that are there, in context->visible */
void match_view(const struct name_context *context, const struct view *view,
                const struct wanted *wanted, struct matches *ret);
/* match_behind - what lies @offset bytes behind the start of what @pointer points to */
void match_behind(const struct name_context *context, const struct match *pointer,
                  uint64_t offset, const struct wanted *wanted, struct matches *ret);

/* One that is there already stays as it is. */
void matches_add(struct matches *matches, const char *prefix, const char *name,
                 const struct strbuf *path, const Dwarf_Die *type, unsigned pointers);
void matches_deinit(struct matches *matches);
