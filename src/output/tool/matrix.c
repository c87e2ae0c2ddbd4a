/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The matrix of lint --for. */
#include "output/tool/matrix.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "output/tool/paste.h"

struct matrix_cell {
	struct tracer_verdict verdict;
	const char *reason; /* static; NULL when all is well */
};

struct matrix_row {
	struct text path, provider, name;
	struct maybe_u64 location;
	size_t argument_count;
};

static bool add_choice(struct matrix *matrix, const struct tracer_choice *choice)
{
	for (size_t i = 0; i < matrix->tool_count; i++) {
		if (matrix->tools[i].tool == choice->tool) {
			matrix->tools[i] = *choice;
			return true;
		}
	}
	matrix->tools[matrix->tool_count++] = *choice;
	return true;
}

bool matrix_add_tool(struct matrix *matrix, const char *text, size_t size)
{
	struct tracer_choice choice = { 0 };
	if (size != 3 || memcmp(text, "all", 3) != 0)
		return tracer_choice_parse(text, size, &choice) &&
		       add_choice(matrix, &choice);
	for (unsigned i = 0; i < TRACERS; i++) {
		choice.tool = (enum tracer_id)i;
		add_choice(matrix, &choice);
	}
	return true;
}

bool matrix_file(struct matrix *matrix, const char *root, const struct file_facts *file,
                 const char *needed_by)
{
	if (!matrix->events)
		matrix->events = ftrace_names_new();
	matrix->file = file;
	matrix->name = (struct text){ 0 };
	paste_file_path(root, file, &matrix->path);
	strbuf_clear(&matrix->program);
	if (needed_by)
		paste_path(root, text_of(needed_by), &matrix->program);
	return matrix->events && !matrix->path.failed && !matrix->program.failed;
}

/* A tool that could use a probe may still have no way to be told of it. */
static struct matrix_cell judge(struct matrix *matrix, const struct tracer_choice *choice,
                                unsigned machine, const struct lint_probe *probe)
{
	struct paste_job job = {
		.path = strbuf_text(&matrix->path),
		.program = matrix->program.size ? strbuf_text(&matrix->program)
		                                : (struct text){ 0 },
		.file = matrix->file,
		.probe = probe->probe,
		.machine = machine,
		.tool = choice->tool,
		.verdict = tracer_judge(choice, machine, probe->traits, probe->arguments,
		                        probe->probe->argument_count),
		.names = matrix->events,
	};
	struct matrix_cell cell = { .verdict = job.verdict };
	strbuf_clear(&matrix->line);
	cell.reason = paste_write(&job, false, &matrix->line);
	if (cell.reason && cell.verdict.status <= TRACER_ARGUMENTS_LOST)
		cell.verdict = (struct tracer_verdict){ .status = TRACER_UNATTACHABLE,
			                                .lost = ~0ull };
	else if (cell.verdict.limit)
		cell.reason = cell.verdict.limit->reason;
	return cell;
}

bool matrix_add(struct matrix *matrix, unsigned machine, const struct lint_probe *probe)
{
	const struct usdtinfo_probe *p = probe->probe;
	if (!array_grow(&matrix->rows, &matrix->room, matrix->count + 1,
	                sizeof(*matrix->rows)) ||
	    !array_grow(&matrix->cells, &matrix->cell_room,
	                (matrix->count + 1) * matrix->tool_count, sizeof(*matrix->cells)))
		return false;
	if (!matrix->name.at)
		matrix->name = arena_text(&matrix->arena, matrix->file->path.at,
		                          matrix->file->path.size);
	struct matrix_row row = {
		.path = matrix->name,
		.provider = arena_text(&matrix->arena, p->provider.at, p->provider.size),
		.name = arena_text(&matrix->arena, p->name.at, p->name.size),
		.location = p->location,
		.argument_count = p->argument_count,
	};
	if (!row.path.at || !row.provider.at || !row.name.at)
		return false;
	struct matrix_cell *cells = &matrix->cells[matrix->count * matrix->tool_count];
	for (size_t i = 0; i < matrix->tool_count; i++)
		cells[i] = judge(matrix, &matrix->tools[i], machine, probe);
	matrix->rows[matrix->count++] = row;
	return !matrix->line.failed;
}

void matrix_deinit(struct matrix *matrix)
{
	free(matrix->rows);
	free(matrix->cells);
	strbuf_deinit(&matrix->path);
	strbuf_deinit(&matrix->program);
	strbuf_deinit(&matrix->line);
	ftrace_names_free(matrix->events);
	arena_deinit(&matrix->arena);
	*matrix = (struct matrix){ 0 };
}

/* ---- text ----------------------------------------------------------------------------- */

static void add_lost(const struct matrix_row *row, const struct tracer_choice *choice,
                     const struct tracer_verdict *verdict, struct strbuf *out)
{
	const struct tracer *tool = &tracers[choice->tool];
	const char *separator = "";
	size_t lost = 0;
	for (size_t i = 0; i < row->argument_count; i++)
		lost += !tracer_reads(verdict, i);
	if (lost == row->argument_count) {
		strbuf_add_string(out, lost == 1 ? "its argument" : "all arguments");
		return;
	}
	for (size_t i = 0; i < row->argument_count; i++) {
		if (tracer_reads(verdict, i))
			continue;
		strbuf_addf(out, "%sarg%zu", separator, i + tool->first);
		separator = ", ";
	}
}

static void write_verdict(struct stream *stream, const struct matrix_row *row,
                          const struct tracer_choice *choice,
                          const struct matrix_cell *cell)
{
	const struct tracer_verdict *verdict = &cell->verdict;
	static const char *const words[] = {
		[TRACER_USABLE] = "usable",
		[TRACER_ARGUMENTS_LOST] = "arguments lost",
		[TRACER_UNATTACHABLE] = "cannot attach",
		[TRACER_INVISIBLE] = "invisible",
	};
	struct strbuf line = { 0 };
	bool misplaced = verdict->status == TRACER_UNATTACHABLE && verdict->limit &&
	                 verdict->limit->effect == EFFECT_MISPLACED;
	strbuf_addf(&line, "  %-8s  %s", tracers[choice->tool].name,
	            misplaced ? "wrong place" : words[verdict->status]);
	if (verdict->status == TRACER_ARGUMENTS_LOST) {
		strbuf_add_string(&line, " (");
		add_lost(row, choice, verdict, &line);
		strbuf_add_char(&line, ')');
	}
	if (cell->reason)
		strbuf_addf(&line, ": %s", cell->reason);
	strbuf_add_char(&line, '\n');
	stream_strbuf(stream, &line);
	strbuf_deinit(&line);
}

void matrix_write_text(struct stream *stream, void *data)
{
	const struct matrix *matrix = data;
	struct text path = { 0 };
	for (size_t i = 0; i < matrix->count; i++) {
		const struct matrix_row *row = &matrix->rows[i];
		if (!path.at || !text_equal(path, row->path)) {
			stream_char(stream, '\n');
			stream_escaped(stream, row->path);
			stream_literal(stream, ":\n");
			path = row->path;
		}
		stream_escaped(stream, row->provider);
		stream_char(stream, ':');
		stream_escaped(stream, row->name);
		if (row->location.known) {
			stream_literal(stream, " at 0x");
			stream_hex(stream, row->location.value, 0);
		}
		stream_char(stream, '\n');
		for (size_t k = 0; k < matrix->tool_count; k++)
			write_verdict(stream, row, &matrix->tools[k],
			              &matrix->cells[i * matrix->tool_count + k]);
	}
	if (matrix->count)
		stream_char(stream, '\n');
}

/* ---- JSON ----------------------------------------------------------------------------- */

static void write_lost(struct json *json, const struct matrix_row *row,
                       const struct tracer_verdict *verdict)
{
	json_key_literal(json, "lost");
	json_begin(json, '[');
	for (size_t i = 0; i < row->argument_count; i++)
		if (!tracer_reads(verdict, i))
			json_unsigned(json, i);
	json_end(json, ']');
}

static void write_row(struct json *json, const struct matrix *matrix, size_t index)
{
	const struct matrix_row *row = &matrix->rows[index];
	json_begin(json, '{');
	json_text_literal(json, "path", row->path);
	json_text_literal(json, "provider", row->provider);
	json_text_literal(json, "name", row->name);
	json_key_literal(json, "location");
	if (row->location.known)
		json_hex(json, row->location.value);
	else
		json_null(json);
	json_key_literal(json, "verdicts");
	json_begin(json, '[');
	for (size_t k = 0; k < matrix->tool_count; k++) {
		const struct matrix_cell *cell =
			&matrix->cells[index * matrix->tool_count + k];
		const struct tracer_verdict *verdict = &cell->verdict;
		json_begin_line(json, '{');
		json_text_literal(json, "tool",
		                  text_of(tracers[matrix->tools[k].tool].name));
		json_text_literal(json, "status",
		                  text_of(tracer_status_names[verdict->status]));
		write_lost(json, row, verdict);
		json_text_literal(json, "reason", text_of(cell->reason));
		json_text_literal(
			json, "source",
			text_of(verdict->limit ? verdict->limit->source : NULL));
		json_end(json, '}');
	}
	json_end(json, ']');
	json_end(json, '}');
}

void matrix_write_json(struct json *json, void *data)
{
	const struct matrix *matrix = data;
	json_key_literal(json, "tools");
	json_begin(json, '[');
	for (size_t i = 0; i < matrix->count; i++)
		write_row(json, matrix, i);
	json_end(json, ']');
}
