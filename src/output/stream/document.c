/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What every JSON document and stream of records of this program begins with. */
#include "output/stream/document.h"

#include <stdio.h>
#include <unistd.h>

#include "usdtinfo.h"

void document_header(struct json *json, const char *kind)
{
	char generator[64];
	snprintf(generator, sizeof(generator), "usdtinfo %s", usdtinfo_version());
	json_text_literal(json, "format", text_of("usdtinfo"));
	json_text_literal(json, "kind", text_of(kind));
	json_key_literal(json, "version");
	json_unsigned(json, DOCUMENT_VERSION);
	json_text_literal(json, "generator", text_of(generator));
}

void document_record(struct json *json, const char *record)
{
	json_begin(json, '{');
	json_text_literal(json, "record", text_of(record));
}

void document_header_record(struct json *json, const char *kind)
{
	char host[256] = "";
	document_record(json, "header");
	document_header(json, kind);
	/* A name that was cut need not be terminated. */
	bool known = gethostname(host, sizeof(host)) == 0;
	host[sizeof(host) - 1] = '\0';
	json_text_literal(json, "host", known ? text_of(host) : (struct text){ 0 });
	json_end(json, '}');
}
