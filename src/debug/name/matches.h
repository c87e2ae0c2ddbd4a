/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The list of variables, or of their parts, that an operand may read: by name, each once. */
#pragma once

#include "base/text.h"
#include "debug/file/die.h"

struct variable_match {
	struct strbuf name;
	Dwarf_Die type;
	unsigned pointers; /* to TYPE: 1 for "&x" */
};

/* As many candidates as a person would want to read. */
#define MATCHES_MAX 16

/* Different names. Zero-initialise; release with matches_deinit(). */
struct variable_matches {
	struct variable_match items[MATCHES_MAX];
	size_t count;
	bool is_sure; /* the value is theirs by place and type, not by chance */
	bool failed;  /* memory ran out */
};

/* One that is there already stays as it is. */
void matches_add(struct variable_matches *matches, const char *prefix, const char *name,
                 const struct strbuf *path, const Dwarf_Die *type, unsigned pointers);
void matches_deinit(struct variable_matches *matches);
