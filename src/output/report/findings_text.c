/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Findings for people, one a line as compilers write them, and their number. */
#include "output/report/findings.h"

static void text_add(struct findings_output *output, const struct findings *findings,
                     const struct finding *finding, bool failed)
{
	struct strbuf *line = &output->held;
	if (findings->kind->text_add) {
		findings->kind->text_add(output, findings, finding);
		return;
	}
	if (finding->holds && !findings->kind->shows_holding)
		return;
	strbuf_clear(line);
	finding_place(finding, line);
	if (line->size)
		strbuf_add_string(line, ": ");
	finding_sentence(finding, line);
	strbuf_add_char(line, '\n');
	stream_strbuf(output->stream, line);
}

static void text_end(struct findings_output *output, const struct findings *findings)
{
	struct strbuf *line = &output->held;
	if (findings->kind->text_end) {
		findings->kind->text_end(output, findings);
		return;
	}
	if (findings->appendix.text)
		findings->appendix.text(output->stream, findings->appendix.data);
	strbuf_clear(line);
	findings_total(findings, line);
	if (line->size)
		strbuf_add_char(line, '\n');
	stream_strbuf(output->stream, line);
}

const struct findings_format findings_text = {
	.name = "text",
	.help = "one finding a line, for people",
	.add = text_add,
	.end = text_end,
};
