/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Findings by the Test Anything Protocol, version 13: a point each, the plan at the end.
 *
 * A point that does not count for the exit code is "ok", with its severity in words.
 */
#include "output/report/findings.h"

#include <string.h>
#include <strings.h>

/* What makes a directive of a "#", in any case of letters. */
static bool is_directive(const char *at)
{
	at += strspn(at, " #\\");
	return strncasecmp(at, "skip", 4) == 0 || strncasecmp(at, "todo", 4) == 0;
}

/*
 * "# SKIP" in a probe's name must not skip anything: "#" is escaped, and where a reader that
 * knows no escapes would still see a directive, it is written as a byte.
 */
static void add_plain(struct strbuf *line, const struct strbuf *text)
{
	for (size_t i = 0; i < text->size; i++) {
		char c = text->at[i];
		if (c == '#' && is_directive(text->at + i)) {
			strbuf_add_string(line, "\\\\x23");
			continue;
		}
		if (c == '#' || c == '\\')
			strbuf_add_char(line, '\\');
		strbuf_add_char(line, c);
	}
}

static void tap_begin(struct findings_output *output, const struct findings *findings)
{
	stream_literal(output->stream, "TAP version 13\n");
}

static void tap_add(struct findings_output *output, const struct findings *findings,
                    const struct finding *finding, bool failed)
{
	struct strbuf text = { 0 }, *line = &output->held;
	finding_place(finding, &text);
	if (text.size)
		strbuf_add_string(&text, ": ");
	finding_sentence(finding, &text);
	strbuf_clear(line);
	add_plain(line, &text);
	strbuf_add_char(line, '\n');
	line->failed |= text.failed;
	output->points++;
	stream_string(output->stream, failed ? "not ok " : "ok ");
	stream_decimal(output->stream, output->points);
	stream_literal(output->stream, " - ");
	stream_strbuf(output->stream, line);
	strbuf_deinit(&text);
}

static void tap_end(struct findings_output *output, const struct findings *findings)
{
	stream_literal(output->stream, "1..");
	stream_decimal(output->stream, output->points);
	if (!output->points)
		stream_literal(output->stream, " # SKIP nothing to judge");
	stream_char(output->stream, '\n');
}

const struct findings_format findings_tap = {
	.name = "tap",
	.help = "Test Anything Protocol",
	.begin = tap_begin,
	.add = tap_add,
	.end = tap_end,
};
