/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Whether a report is whole. */
#include "faults/report_shape.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool parses(const char *at, size_t size, int flags)
{
	struct json_tokener *tokener = json_tokener_new_ex(64);
	json_tokener_set_flags(tokener, flags);
	struct json_object *object = json_tokener_parse_ex(tokener, at, (int)size);
	enum json_tokener_error error = json_tokener_get_error(tokener);
	size_t end = json_tokener_get_parse_end(tokener);
	json_object_put(object);
	json_tokener_free(tokener);
	return error == json_tokener_success && end + 1 >= size;
}

/*
 * json-c 0.18's strict mode takes every byte of 0x80 and more for a control character. They
 * may stand in strings alone, as letters may that are neither true, false nor null.
 */
static bool is_json(const char *at, size_t size)
{
	char *plain = malloc(size);
	bool good = plain != NULL;
	for (size_t i = 0; good && i < size; i++)
		plain[i] = at[i] & 0x80 ? 'x' : at[i];
	good = good && parses(plain, size, JSON_TOKENER_STRICT) &&
	       (memcmp(plain, at, size) == 0 ||
	        parses(at, size, JSON_TOKENER_VALIDATE_UTF8));
	free(plain);
	return good;
}

static bool is_ndjson(const char *at)
{
	for (const char *end; *at; at = end + 1) {
		end = strchr(at, '\n');
		if (!end || !is_json(at, (size_t)(end - at)))
			return false;
	}
	return true;
}

static bool ends_with(const char *at, size_t size, const char *end)
{
	size_t length = strlen(end);
	return size >= length && strcmp(at + size - length, end) == 0;
}

/* The last line is the plan, whose number is that of the last point. */
static bool is_tap(const char *at)
{
	const char *last = at, *point = NULL;
	for (const char *end; (end = strchr(at, '\n')); at = end + 1) {
		last = at;
		if (strncmp(at, "ok ", 3) == 0)
			point = at + 3;
		else if (strncmp(at, "not ok ", 7) == 0)
			point = at + 7;
	}
	return *at == '\0' && strncmp(last, "1..", 3) == 0 &&
	       atoi(last + 3) == (point ? atoi(point) : 0);
}

const char *shape_half(enum shape shape, const char *at, size_t size)
{
	if (size == 0)
		return NULL;
	switch (shape) {
	case SHAPE_JSON:
		return is_json(at, size) ? NULL : "the JSON is not whole";
	case SHAPE_NDJSON:
		return is_ndjson(at) ? NULL : "a line of the NDJSON is not whole";
	case SHAPE_TAP:
		return is_tap(at) ? NULL : "the TAP is not whole";
	case SHAPE_JUNIT:
		return ends_with(at, size, "</testsuites>\n") ? NULL
		                                              : "the XML is not whole";
	case SHAPE_TEXT:
		break;
	}
	return ends_with(at, size, "\n") ? NULL : "a line is not whole";
}
