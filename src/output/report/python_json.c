/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Pythons as one JSON document, or as a record a line. */
#include <unistd.h>

#include "output/report/python_report.h"
#include "output/stream/document.h"

static void write_maybe(struct json *json, enum maybe value)
{
	if (value == MAYBE_UNKNOWN)
		json_null(json);
	else
		json_bool(json, value == MAYBE_YES);
}

static void write_hops(struct json *json, const struct usdtinfo_python *python)
{
	json_key_literal(json, "hops");
	json_begin(json, '[');
	for (size_t i = 0; i < python->hop_count; i++) {
		json_begin_line(json, '{');
		json_text_literal(json, "path", python->hops[i].path);
		json_text_literal(json, "how", text_of(python->hops[i].how));
		json_end(json, '}');
	}
	json_end(json, ']');
}

/* A line's own "record" is its kind, so that the build's is called "build_record" there. */
static void write_record(struct json *json, const struct python_record *record,
                         bool in_document)
{
	if (in_document)
		json_key_literal(json, "record");
	else
		json_key_literal(json, "build_record");
	if (!record->source.at) {
		json_null(json);
		return;
	}
	json_begin(json, '{');
	json_key_literal(json, "with_dtrace");
	write_maybe(json, record->with_dtrace);
	json_text_literal(json, "source", record->source);
	json_key_literal(json, "agrees");
	write_maybe(json, record->agrees);
	json_text_literal(json, "config_args", record->config_args);
	json_end(json, '}');
}

static void write_arguments(struct json *json, const struct python_marker_found *marker)
{
	json_key_literal(json, "arguments");
	if (!marker->row || !marker->names_are_sure) {
		json_null(json);
		return;
	}
	json_begin_line(json, '[');
	for (size_t i = 0; i < marker->row->probe.argument_count; i++) {
		json_begin_line(json, '{');
		json_text_literal(json, "name",
		                  text_of(marker->row->probe.arguments[i].name));
		json_text_literal(json, "c_type",
		                  text_of(marker->row->probe.arguments[i].c_type));
		json_end(json, '}');
	}
	json_end(json, ']');
}

static void write_markers(struct json *json, const struct usdtinfo_python *python)
{
	json_key_literal(json, "markers");
	json_begin(json, '[');
	for (size_t i = 0; i < python->marker_count; i++) {
		const struct python_marker_found *marker = &python->markers[i];
		json_begin_line(json, '{');
		json_text_literal(json, "name", marker->name);
		json_text_literal(json, "status",
		                  text_of(usdtinfo_python_status_name(marker->status)));
		json_key_literal(json, "probes");
		json_unsigned(json, marker->probes);
		json_text_literal(json, "raw", marker->arguments);
		write_arguments(json, marker);
		json_end(json, '}');
	}
	json_end(json, ']');
}

static void write_objects(struct json *json, const struct usdtinfo_python *python)
{
	if (python->object_count == 0)
		return;
	json_key_literal(json, "others");
	json_begin(json, '[');
	for (size_t i = 0; i < python->object_count; i++) {
		const struct python_object *object = &python->objects[i];
		json_begin_line(json, '{');
		json_text_literal(json, "path", object->path);
		json_text_literal(json, "verdict",
		                  text_of(usdtinfo_python_verdict_name(object->verdict)));
		json_key_literal(json, "probes");
		json_unsigned(json, object->probes);
		json_end(json, '}');
	}
	json_end(json, ']');
}

static void write_diagnostics(struct json *json, const struct diagnostics *list)
{
	json_key_literal(json, "diagnostics");
	json_begin(json, '[');
	for (size_t i = 0; i < list->count; i++) {
		const char *severity = usdtinfo_severity_name(list->items[i].severity);
		json_begin_line(json, '{');
		json_text_literal(json, "severity", text_of(severity));
		json_text_literal(json, "code", list->items[i].code);
		json_text_literal(json, "message", list->items[i].message);
		json_end(json, '}');
	}
	json_end(json, ']');
}

static void write_requirements(struct json *json, const struct python_result *result)
{
	if (result->requirement_count == 0)
		return;
	json_key_literal(json, "requirements");
	json_begin(json, '[');
	for (size_t i = 0; i < result->requirement_count; i++) {
		const struct python_requirement *requirement = &result->requirements[i];
		json_begin_line(json, '{');
		json_text_literal(json, "requirement", text_of(requirement->text));
		json_key_literal(json, "ok");
		json_bool(json, requirement->ok);
		json_text_literal(json, "reason", text_of(requirement->reason));
		json_end(json, '}');
	}
	json_end(json, ']');
}

static void write_members(struct json *json, const struct python_result *result,
                          bool in_document)
{
	const struct usdtinfo_python *python = result->python;
	json_text_literal(json, "asked", python->asked);
	if (python->pid.known) {
		json_key_literal(json, "pid");
		json_unsigned(json, python->pid.value);
	}
	json_text_literal(json, "path", python->path);
	json_text_literal(json, "verdict",
	                  text_of(usdtinfo_python_verdict_name(python->verdict)));
	json_text_literal(json, "reason", python->reason);
	json_text_literal(json, "hint", python->hint);
	write_hops(json, python);
	json_text_literal(json, "object", python->object);
	json_text_literal(json, "build_id", python->build_id);
	json_text_literal(json, "home", python->environment);
	json_text_literal(json, "version", python->version.text);
	json_key_literal(json, "free_threaded");
	write_maybe(json, python->version.free_threaded);
	json_key_literal(json, "debug");
	write_maybe(json, python->version.debug);
	write_record(json, &python->record, in_document);
	write_markers(json, python);
	write_objects(json, python);
	write_requirements(json, result);
	write_diagnostics(json, &python->diagnostics);
}

/* How many of each verdict. */
static void write_summary(struct python_report *report)
{
	struct json *json = &report->json;
	json_key_literal(json, "pythons");
	json_unsigned(json, report->shown);
	for (int i = 0; i <= USDTINFO_PYTHON_NOT_CPYTHON; i++) {
		const char *name = usdtinfo_python_verdict_name(
			(enum usdtinfo_python_verdict)i);
		json_key(json, name, strlen(name));
		json_unsigned(json, report->verdicts[i]);
	}
}

static int document_begin(struct python_report *report, struct usdtinfo_error *err)
{
	json_init(&report->json, report->stream, JSON_PRETTY);
	json_begin(&report->json, '{');
	document_header(&report->json, "python");
	json_key_literal(&report->json, "pythons");
	json_begin(&report->json, '[');
	return 0;
}

static int document_add(struct python_report *report, const struct python_result *result)
{
	json_begin(&report->json, '{');
	write_members(&report->json, result, true);
	json_end(&report->json, '}');
	return 0;
}

static int document_end(struct python_report *report)
{
	json_end(&report->json, ']');
	json_key_literal(&report->json, "summary");
	json_begin_line(&report->json, '{');
	write_summary(report);
	json_end(&report->json, '}');
	json_end(&report->json, '}');
	return 0;
}

static void begin_record(struct python_report *report, const char *kind)
{
	json_begin(&report->json, '{');
	json_text_literal(&report->json, "record", text_of(kind));
}

static int records_begin(struct python_report *report, struct usdtinfo_error *err)
{
	char host[256] = "";
	json_init(&report->json, report->stream, JSON_COMPACT);
	begin_record(report, "header");
	document_header(&report->json, "python");
	bool known = gethostname(host, sizeof(host)) == 0;
	host[sizeof(host) - 1] = '\0';
	json_text_literal(&report->json, "host",
	                  known ? text_of(host) : (struct text){ 0 });
	json_end(&report->json, '}');
	return 0;
}

static int records_add(struct python_report *report, const struct python_result *result)
{
	begin_record(report, "python");
	write_members(&report->json, result, false);
	json_end(&report->json, '}');
	return 0;
}

static int records_end(struct python_report *report)
{
	begin_record(report, "summary");
	write_summary(report);
	json_end(&report->json, '}');
	return 0;
}

const struct python_format python_json = {
	.name = "json",
	.help = "one JSON document",
	.begin = document_begin,
	.add = document_add,
	.end = document_end,
};

const struct python_format python_ndjson = {
	.name = "ndjson",
	.help = "one JSON record a line",
	.begin = records_begin,
	.add = records_add,
	.end = records_end,
};
