/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Findings as JUnit's XML, as CI systems read it: one suite, a case each, classname the file.
 *
 * The suite's head counts its cases, so they wait for the end.
 */
#include "output/report/findings.h"

#include <inttypes.h>

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

/*
 * The text must have gone through text_escape(): what XML cannot hold at all, control
 * characters, noncharacters and bytes that are no UTF-8, is gone then.
 */
static void add_xml(struct strbuf *out, struct text text)
{
	for (size_t i = 0; i < text.size; i++) {
		const char *name = entity(text.at[i]);
		if (name)
			strbuf_add_string(out, name);
		else
			strbuf_add_char(out, text.at[i]);
	}
}

static void add_attribute(struct strbuf *out, const char *name,
                          const struct strbuf *value)
{
	strbuf_addf(out, " %s=\"", name);
	add_xml(out, strbuf_text(value));
	strbuf_add_char(out, '"');
}

static void add_name(struct strbuf *out, const struct finding *finding)
{
	struct finding inside = *finding;
	inside.path = (struct text){ 0 };
	text_escape(finding->rule, out);
	if (!inside.name.at && !inside.location.known)
		return;
	if (out->size)
		strbuf_add_char(out, ' ');
	finding_place(&inside, out);
}

static void junit_add(struct findings_output *output, const struct findings *findings,
                      const struct finding *finding, bool failed)
{
	struct strbuf *out = &output->held, part = { 0 };
	output->points++;
	output->failures += failed;

	text_escape(finding->path.at ? finding->path : text_of(findings->kind->kind),
	            &part);
	strbuf_add_string(out, "    <testcase");
	add_attribute(out, "classname", &part);
	strbuf_clear(&part);
	add_name(&part, finding);
	if (!part.size)
		text_escape(finding->message, &part);
	add_attribute(out, "name", &part);
	strbuf_add_string(out, " time=\"0\">");

	strbuf_clear(&part);
	if (failed) {
		strbuf_add_string(out, "<failure");
		text_escape(finding->message, &part);
		add_attribute(out, "message", &part);
		strbuf_clear(&part);
		text_escape(finding->rule, &part);
		add_attribute(out, "type", &part);
		strbuf_add_char(out, '>');
	} else {
		strbuf_add_string(out, "<system-out>");
	}
	strbuf_clear(&part);
	finding_sentence(finding, &part);
	add_xml(out, strbuf_text(&part));
	strbuf_add_string(out, failed ? "</failure>" : "</system-out>");
	strbuf_add_string(out, "</testcase>\n");
	out->failed |= part.failed;
	strbuf_deinit(&part);
}

static void junit_end(struct findings_output *output, const struct findings *findings)
{
	struct stream *stream = output->stream;
	stream_literal(stream,
	               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
	stream_printf(stream,
	              "  <testsuite name=\"usdtinfo %s\" tests=\"%" PRIu64
	              "\" failures=\"%" PRIu64
	              "\" errors=\"0\" skipped=\"0\" time=\"0\">\n",
	              findings->kind->kind, output->points, output->failures);
	stream_strbuf(stream, &output->held);
	stream_literal(stream, "  </testsuite>\n</testsuites>\n");
}

const struct findings_format findings_junit = {
	.name = "junit",
	.help = "JUnit's XML",
	.add = junit_add,
	.end = junit_end,
};
