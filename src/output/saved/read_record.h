/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Records from JSON, by the tables of fields that write them. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "output/list/fields.h"

struct json_object;

struct record_reader {
	struct arena *arena; /* of the texts and arrays */
	unsigned details;    /* out: enum usdtinfo_detail of the keys that were there */
	char reason[200];    /* out: of a failure: "'base' is no number in hexadecimal" */
};

/*
 * record_read - fill a C struct from an object
 * @to: zeroed by the caller
 *
 * Keys without a row are passed over: a later version may have added them. All that is
 * always written must be there.
 *
 * Return: false with the reason filled
 */
bool record_read(struct record_reader *reader, const struct record *record,
                 struct json_object *from, void *to);
/* Return: the member of that name as text, borrowed; not known when it is no string */
struct text member_text(struct json_object *object, const char *key);
