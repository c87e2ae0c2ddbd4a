/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The matrix of lint --for: what each tool can do with each probe, and why not more. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "io/json.h"
#include "io/stream.h"
#include "probe/tracers.h"
#include "rules/lint.h"

struct matrix_row;

/* Zero-initialise; release with matrix_deinit(). */
struct matrix {
	struct tracer_choice tools[TRACERS];
	size_t tool_count;
	struct matrix_row *rows;
	size_t count, room;
	struct tracer_verdict *verdicts; /* tool_count for each row */
	size_t verdict_room;
	struct arena arena;
	struct text path; /* of the last row */
};

/* "bpftrace", "gdb=13.1", "all". Return: false when it is none of these */
bool matrix_add_tool(struct matrix *matrix, const char *text, size_t size);
/* Judge a probe and keep that. Return: false when memory ran out */
bool matrix_add(struct matrix *matrix, struct text path, unsigned machine,
                const struct lint_probe *probe);
void matrix_deinit(struct matrix *matrix);

/* For a findings_appendix; @data is the matrix. */
void matrix_write_text(struct stream *stream, void *data);
void matrix_write_json(struct json *json, void *data);
