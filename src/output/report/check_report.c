/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Requirements as findings. */
#include "output/report/check_report.h"

#include "base/array.h"
#include "base/names.h"

#define CHECK(key, type, ...) FIELD(key, type, check_finding, __VA_ARGS__)

static const struct field check_fields[] = {
	CHECK("requirement", TEXT, requirement),
	CHECK("path", TEXT, path),
	CHECK("ok", BOOL, ok),
	CHECK("severity", ENUM, severity, .names = severity_names),
	CHECK("found", TEXT, found),
	CHECK("reason", TEXT, reason),
};

static const struct record check_record = RECORD("check", check_finding, true,
                                                 check_fields);

void check_report_add(struct findings *findings, const struct check_finding *check,
                      const char *rule, struct text subject)
{
	struct finding finding = {
		.severity = check->severity,
		.holds = check->ok,
		.rule = text_of(rule),
		.path = check->path,
		.name = subject,
		.message = check->ok ? check->found : check->reason,
		.data = check,
	};
	if (!finding.message.at)
		finding.message = text_of("met");
	findings_add(findings, &finding);
}

static void check_text_add(struct findings_output *output,
                           const struct findings *findings, const struct finding *finding)
{
	struct strbuf *line = &output->held;
	if (finding->holds)
		return;
	strbuf_clear(line);
	finding_place(finding, line);
	strbuf_add_string(line, line->size ? ": " : "");
	finding_sentence(finding, line);
	strbuf_add_char(line, '\n');
	stream_strbuf(output->stream, line);
}

/* Silence is consent. */
static void check_text_end(struct findings_output *output,
                           const struct findings *findings)
{
	struct strbuf *line = &output->held;
	strbuf_clear(line);
	findings_total(findings, line);
	if (line->size)
		strbuf_add_char(line, '\n');
	stream_strbuf(output->stream, line);
}

const struct findings_kind check_kind = {
	.kind = "check",
	.array = "checks",
	.record = &check_record,
	.nothing = "",
	.text_add = check_text_add,
	.text_end = check_text_end,
	.shows_holding = true,
};
