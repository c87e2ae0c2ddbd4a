/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Findings as one JSON document. */
#include "base/array.h"
#include "base/names.h"
#include "output/report/findings.h"
#include "output/stream/document.h"

#define FINDING(key, type, ...) FIELD(key, type, finding, __VA_ARGS__)

static const struct field finding_fields[] = {
	FINDING("rule", TEXT, rule),
	FINDING("severity", ENUM, severity, .names = severity_names),
	FINDING("path", TEXT, path),
	FINDING("provider", TEXT, provider),
	FINDING("name", TEXT, name),
	FINDING("location", HEX_MAYBE, location),
	FINDING("message", TEXT, message),
};

const struct record finding_record = RECORD("finding", finding, true, finding_fields);

static void json_begin_document(struct findings_output *output,
                                const struct findings *findings)
{
	struct json *json = &output->json;
	const char *array = findings->kind->array;
	json_init(json, output->stream, JSON_PRETTY);
	json_begin(json, '{');
	document_header(json, findings->kind->kind);
	json_key(json, array, strlen(array));
	json_begin(json, '[');
}

static void json_add(struct findings_output *output, const struct findings *findings,
                     const struct finding *finding, bool failed)
{
	static const struct field_context context;
	if (finding->holds && !findings->kind->shows_holding)
		return;
	record_write(&output->json, findings->kind->record,
	             finding->data ? finding->data : finding, &context);
}

static void write_summary(struct json *json, const struct findings_totals *totals)
{
	json_key_literal(json, "summary");
	json_begin_line(json, '{');
	json_key_literal(json, "files");
	json_unsigned(json, totals->files);
	json_key_literal(json, "errors");
	json_unsigned(json, totals->count[USDTINFO_SEVERITY_ERROR]);
	json_key_literal(json, "warnings");
	json_unsigned(json, totals->count[USDTINFO_SEVERITY_WARNING]);
	json_key_literal(json, "infos");
	json_unsigned(json, totals->count[USDTINFO_SEVERITY_INFO]);
	json_key_literal(json, "failed");
	json_unsigned(json, totals->failed);
	json_end(json, '}');
}

static void json_end_document(struct findings_output *output,
                              const struct findings *findings)
{
	struct json *json = &output->json;
	json_end(json, ']');
	if (findings->appendix.json)
		findings->appendix.json(json, findings->appendix.data);
	write_summary(json, &findings->totals);
	json_end(json, '}');
}

const struct findings_format findings_json = {
	.name = "json",
	.help = "one JSON document",
	.begin = json_begin_document,
	.add = json_add,
	.end = json_end_document,
};
