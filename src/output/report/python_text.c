/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The report for people: the verdict first, then how it was come by, then the markers. */
#include <string.h>

#include "output/report/python_report.h"

/* The column in which what is said of a key begins. */
#define KEY_WIDTH 9

static void write_key(struct stream *stream, const char *key)
{
	stream_printf(stream, "  %-*s", KEY_WIDTH, key);
}

static void write_line(struct stream *stream, const char *key, struct text value)
{
	if (!value.at)
		return;
	write_key(stream, key);
	stream_escaped(stream, value);
	stream_char(stream, '\n');
}

static void write_verdict(struct python_report *report,
                          const struct usdtinfo_python *python)
{
	static const char *const colors[] = { "\033[32m", "\033[31m", "\033[31m",
		                              "\033[33m", "\033[33m" };
	struct stream *stream = report->stream;
	stream_escaped(stream, python->path);
	stream_literal(stream, ": ");
	if (report->color)
		stream_string(stream, colors[python->verdict]);
	stream_string(stream, usdtinfo_python_verdict_name(python->verdict));
	if (report->color)
		stream_literal(stream, "\033[0m");
	stream_literal(stream, ": ");
	stream_escaped(stream, python->reason);
	stream_char(stream, '\n');
}

static void write_hops(struct stream *stream, const struct usdtinfo_python *python)
{
	for (size_t i = 0; i < python->hop_count; i++) {
		write_key(stream, i ? "" : "found");
		if (i)
			stream_literal(stream, "-> ");
		stream_escaped(stream, python->hops[i].path);
		stream_printf(stream, " (%s)\n", python->hops[i].how);
	}
}

static void write_version(struct stream *stream, const struct usdtinfo_python *python)
{
	const struct python_version *version = &python->version;
	if (!version->text.at)
		return;
	write_key(stream, "version");
	stream_printf(stream, "%s%s%s, by %s\n", version->text.at,
	              version->free_threaded == MAYBE_YES ? ", free-threaded" : "",
	              version->debug == MAYBE_YES ? ", debug" : "", version->source);
}

static void write_record(struct stream *stream, const struct usdtinfo_python *python)
{
	const struct python_record *record = &python->record;
	if (record->with_dtrace == MAYBE_UNKNOWN)
		return;
	write_key(stream, "record");
	stream_printf(stream, "%s dtrace%s, in ",
	              record->with_dtrace == MAYBE_YES ? "with" : "without",
	              record->agrees == MAYBE_YES  ? ", which agrees"
	              : record->agrees == MAYBE_NO ? ", which is not so"
	                                           : "");
	stream_escaped(stream, record->source);
	stream_char(stream, '\n');
}

/* "const char *filename, int lineno"; the note's own text where that is all there is. */
static void write_arguments(struct stream *stream,
                            const struct python_marker_found *marker)
{
	if (!marker->row || !marker->names_are_sure) {
		stream_escaped(stream, marker->arguments);
		return;
	}
	for (size_t i = 0; i < marker->row->probe.argument_count; i++) {
		const struct catalogue_argument *argument =
			&marker->row->probe.arguments[i];
		size_t size = strlen(argument->c_type);
		bool is_pointer = size && argument->c_type[size - 1] == '*';
		stream_printf(stream, "%s%s", i ? ", " : "", argument->c_type);
		if (argument->name)
			stream_printf(stream, "%s%s", is_pointer ? "" : " ",
			              argument->name);
	}
}

static void write_markers(struct stream *stream, const struct usdtinfo_python *python)
{
	size_t width = strlen("MARKER");
	if (python->marker_count == 0)
		return;
	for (size_t i = 0; i < python->marker_count; i++) {
		size_t size = python->markers[i].name.size;
		width = size > width && size < 60 ? size : width;
	}
	stream_printf(stream, "\n  %-*s  STATUS   SITES  ARGUMENTS\n", (int)width,
	              "MARKER");
	for (size_t i = 0; i < python->marker_count; i++) {
		const struct python_marker_found *marker = &python->markers[i];
		stream_literal(stream, "  ");
		stream_escaped(stream, marker->name);
		for (size_t n = marker->name.size; n < width; n++)
			stream_char(stream, ' ');
		stream_printf(stream, "  %-7s  %5llu  ",
		              usdtinfo_python_status_name(marker->status),
		              (unsigned long long)marker->probes);
		write_arguments(stream, marker);
		stream_char(stream, '\n');
	}
}

static void write_objects(struct stream *stream, const struct usdtinfo_python *python)
{
	for (size_t i = 0; i < python->object_count; i++) {
		const struct python_object *object = &python->objects[i];
		write_key(stream, i ? "" : "beside");
		stream_escaped(stream, object->path);
		stream_printf(stream, ": %s: %s\n",
		              usdtinfo_python_verdict_name(object->verdict),
		              object->reason.at);
	}
}

static void write_findings(struct stream *stream, const struct python_result *result)
{
	const struct diagnostics *list = &result->python->diagnostics;
	if (list->count || result->requirement_count || result->python->hint.at)
		stream_char(stream, '\n');
	for (size_t i = 0; i < list->count; i++) {
		stream_printf(stream,
		              "  %s: ", usdtinfo_severity_name(list->items[i].severity));
		stream_escaped(stream, list->items[i].message);
		stream_char(stream, '\n');
	}
	for (size_t i = 0; i < result->requirement_count; i++) {
		const struct python_requirement *requirement = &result->requirements[i];
		stream_printf(stream, "  %s: ", requirement->ok ? "met" : "unmet");
		stream_escaped(stream, text_of(requirement->text));
		if (requirement->reason)
			stream_printf(stream, ": %s", requirement->reason);
		stream_char(stream, '\n');
	}
	if (result->python->hint.at) {
		stream_literal(stream, "  hint: ");
		stream_escaped(stream, result->python->hint);
		stream_char(stream, '\n');
	}
}

static int text_add(struct python_report *report, const struct python_result *result)
{
	struct stream *stream = report->stream;
	const struct usdtinfo_python *python = result->python;
	if (report->shown)
		stream_char(stream, '\n');
	write_verdict(report, python);
	write_hops(stream, python);
	write_line(stream, "home", python->environment);
	write_line(stream, "object", python->object);
	write_version(stream, python);
	write_record(stream, python);
	write_objects(stream, python);
	write_markers(stream, python);
	write_findings(stream, result);
	return 0;
}

const struct python_format python_text = {
	.name = "text",
	.help = "a report for people",
	.add = text_add,
};
