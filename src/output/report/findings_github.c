/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Findings as workflow commands of GitHub Actions, which become annotations.
 *
 * "::warning file=PATH,title=RULE::MESSAGE"; the runner decodes %25, %0D, %0A everywhere,
 * %3A and %2C in properties (actions/toolkit, packages/core/src/command.ts).
 */
#include "output/report/findings.h"

static void add_data(struct strbuf *out, const struct strbuf *text)
{
	for (size_t i = 0; i < text->size; i++) {
		if (text->at[i] == '%')
			strbuf_add_string(out, "%25");
		else
			strbuf_add_char(out, text->at[i]);
	}
}

/* The text has no line ends: text_escape() took them. */
static void add_property(struct strbuf *out, const char *name, struct text value)
{
	struct strbuf text = { 0 };
	text_escape(value, &text);
	strbuf_addf(out, "%s=", name);
	for (size_t i = 0; i < text.size; i++) {
		switch (text.at[i]) {
		case '%':
			strbuf_add_string(out, "%25");
			break;
		case ':':
			strbuf_add_string(out, "%3A");
			break;
		case ',':
			strbuf_add_string(out, "%2C");
			break;
		default:
			strbuf_add_char(out, text.at[i]);
		}
	}
	out->failed |= text.failed;
	strbuf_deinit(&text);
}

static void github_add(struct findings_output *output, const struct findings *findings,
                       const struct finding *finding, bool failed)
{
	static const char *const commands[] = {
		[USDTINFO_SEVERITY_INFO] = "notice",
		[USDTINFO_SEVERITY_WARNING] = "warning",
		[USDTINFO_SEVERITY_ERROR] = "error",
	};
	struct strbuf *line = &output->held, text = { 0 };
	const char *separator = " ";
	if (finding->holds)
		return;
	strbuf_clear(line);
	strbuf_addf(line, "::%s", commands[finding->severity]);
	if (finding->path.at) {
		strbuf_add_string(line, separator);
		add_property(line, "file", finding->path);
		separator = ",";
	}
	if (finding->rule.at) {
		strbuf_add_string(line, separator);
		add_property(line, "title", finding->rule);
	}
	strbuf_add_string(line, "::");
	finding_place(finding, &text);
	if (text.size)
		strbuf_add_string(&text, ": ");
	text_escape(finding->message, &text);
	add_data(line, &text);
	strbuf_add_char(line, '\n');
	line->failed |= text.failed;
	strbuf_deinit(&text);
	stream_strbuf(output->stream, line);
}

const struct findings_format findings_github = {
	.name = "github",
	.help = "annotations of GitHub Actions",
	.add = github_add,
};
