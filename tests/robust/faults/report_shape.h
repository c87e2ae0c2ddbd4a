/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Whether a report is whole, by the shape that it has. */
#pragma once

#include <stddef.h>

enum shape {
	SHAPE_TEXT,
	SHAPE_JSON,
	SHAPE_NDJSON,
	SHAPE_TAP,
	SHAPE_JUNIT
};

/*
 * shape_half - what of an output is half
 * @at: NUL-terminated
 *
 * Return: a sentence; NULL when nothing is, or nothing was written.
 */
const char *shape_half(enum shape shape, const char *at, size_t size);
