/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The matrix of lint --for: what each tool can do with each probe, and why not more. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "output/stream/json.h"
#include "output/stream/stream.h"
#include "probe/tracer/tracers.h"
#include "rules/lint/lint.h"

struct ftrace_names;
struct matrix_cell;
struct matrix_row;

/* Zero-initialise; release with matrix_deinit(). */
struct matrix {
	struct tracer_choice tools[TRACERS];
	size_t tool_count;
	struct matrix_row *rows;
	size_t count, room;
	struct matrix_cell *cells; /* tool_count for each row */
	size_t cell_room;
	struct arena arena;
	/* Of the file at hand: where tools will look for it and its program. */
	const struct file_facts *file;
	struct text name; /* not known until it has a row */
	struct strbuf path, program;
	struct strbuf line; /* that a tool would be told */
	struct ftrace_names *events;
};

/* "bpftrace", "gdb=13.1", "all". Return: false when it is none of these */
bool matrix_add_tool(struct matrix *matrix, const char *text, size_t size);
/*
 * matrix_file - take up another file
 * @root: of --root; NULL: none
 * @file: lives until the next
 * @needed_by: path of the program that it is a library of; NULL: none
 *
 * Return: false when memory ran out
 */
bool matrix_file(struct matrix *matrix, const char *root, const struct file_facts *file,
                 const char *needed_by);
/* Judge a probe of that file and keep that. Return: false when memory ran out */
bool matrix_add(struct matrix *matrix, unsigned machine, const struct lint_probe *probe);
void matrix_deinit(struct matrix *matrix);

/* For a findings_appendix; @data is the matrix. */
void matrix_write_text(struct stream *stream, void *data);
void matrix_write_json(struct json *json, void *data);
