/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Provider definition files, as dtrace(1) reads them to make headers:
 *
 *     provider python { probe gc__start(int generation); };
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "usdtinfo.h"

struct definition_parameter {
	struct text name;   /* not known where the file gives the type alone */
	struct text c_type; /* in one spelling: "const char *" */
};

struct definition {
	struct text provider, name;
	struct definition_parameter *parameters;
	size_t count;
	unsigned line;
};

/* Zero-initialise; release with definitions_deinit(). */
struct definitions {
	struct definition *items; /* sorted after definitions_sort() */
	size_t count, room;
	struct arena arena;
};

/* A larger file is no definition file. */
#define DEFINITIONS_SIZE_MAX ((size_t)16 << 20)
/* Nor has one such types, or names of arguments. */
#define DEFINITION_TYPE_MAX 4096

/*
 * definitions_parse - add what a file defines
 * @source: copied where it is kept
 *
 * Comments and preprocessor lines are passed over, and so are declarations other than of
 * providers. Return: 0; USDTINFO_E_DAMAGED with the line in the text; USDTINFO_E_MEMORY.
 */
int definitions_parse(struct definitions *definitions, struct text source,
                      struct usdtinfo_error *err);
/* The same for the file at @path. Return: also USDTINFO_E_SYSTEM. */
int definitions_load(struct definitions *definitions, const char *path,
                     struct usdtinfo_error *err);
/* To be called after the last file, before the first search. */
void definitions_sort(struct definitions *definitions);

/*
 * definitions_find - the definition of a probe
 *
 * "-" and "__" in the name are the same. Of several the first in the files counts.
 * Return: NULL when there is none
 */
const struct definition *definitions_find(const struct definitions *definitions,
                                          struct text provider, struct text name);
void definitions_deinit(struct definitions *definitions);

/* What a type's spelling alone tells of a value on one machine. */
struct declared_type {
	uint64_t size; /* 0: not told, a typedef */
	bool sign_known, is_signed, is_float;
};

/* @word: bytes of a pointer and of long */
struct declared_type declared_type(struct text c_type, unsigned word);
