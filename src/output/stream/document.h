/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What every JSON document and stream of records of this program begins with. */
#pragma once

#include "output/stream/json.h"

/* Of the keys that scripts rely on: none is renamed or removed while it stays the same.
 */
#define DOCUMENT_VERSION 1

/* Write format, kind, version and generator, inside an object that is open. */
void document_header(struct json *json, const char *kind);

/* Begin a record of NDJSON; json_end(json, '}') ends it. */
void document_record(struct json *json, const char *record);
/* Write the record "header": what document_header() writes, and this host's name. */
void document_header_record(struct json *json, const char *kind);
