/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Findings in words, as several of the formats show them. */
#include <inttypes.h>

#include "base/names.h"
#include "output/list/operand_text.h"
#include "output/report/findings.h"

void finding_place(const struct finding *finding, struct strbuf *out)
{
	const char *separator = "";
	if (finding->path.at) {
		text_escape(finding->path, out);
		separator = ": ";
	}
	if (finding->name.at) {
		strbuf_add_string(out, separator);
		if (finding->provider.at) {
			text_escape(finding->provider, out);
			strbuf_add_char(out, ':');
		}
		text_escape(finding->name, out);
		separator = " at ";
	}
	if (finding->location.known) {
		strbuf_add_string(out, separator);
		strbuf_add_hex(out, finding->location.value);
	}
}

void finding_sentence(const struct finding *finding, struct strbuf *out)
{
	strbuf_add_string(out, finding->holds ? "ok" : severity_names[finding->severity]);
	strbuf_add_string(out, ": ");
	text_escape(finding->message, out);
	if (finding->rule.at) {
		strbuf_add_string(out, " [");
		text_escape(finding->rule, out);
		strbuf_add_char(out, ']');
	}
}

void findings_total(const struct findings *findings, struct strbuf *out)
{
	static const char *const words[] = {
		[USDTINFO_SEVERITY_INFO] = "info",
		[USDTINFO_SEVERITY_WARNING] = "warning",
		[USDTINFO_SEVERITY_ERROR] = "error",
	};
	const char *separator = "";
	for (int i = USDTINFO_SEVERITY_ERROR; i >= USDTINFO_SEVERITY_INFO; i--) {
		uint64_t count = findings->totals.count[i];
		if (!count)
			continue;
		strbuf_addf(out, "%s%" PRIu64 " %s%s", separator, count, words[i],
		            count == 1 ? "" : "s");
		separator = ", ";
	}
	if (!*separator && !findings->is_incomplete)
		strbuf_add_string(out, findings->kind->nothing);
}
