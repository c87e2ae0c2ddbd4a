/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What every JSON document and stream of records of this program begins with. */
#include "io/document.h"

#include <stdio.h>

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
