/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Records to JSON, by their tables of fields. */
#include "io/fields.h"

/*
 * A table may nest records three deep (probe, argument, operand) and no input adds to
 * that, so that the two functions may call each other.
 */
static void write_array(struct json *json, const struct field *field, const char *items,
                        size_t count, const struct field_context *context)
{
	json_begin(json, '[');
	for (size_t i = 0; i < count; i++)
		record_write(json, field->nested, items + i * field->nested->size,
		             context);
	json_end(json, ']');
}

static void write_hex_array(struct json *json, const uint64_t *items, size_t count)
{
	json_begin(json, '[');
	for (size_t i = 0; i < count; i++)
		json_hex(json, items[i]);
	json_end(json, ']');
}

static void write_maybe(struct json *json, const struct maybe_u64 *number, bool hex)
{
	if (!number->known)
		json_null(json);
	else if (hex)
		json_hex(json, number->value);
	else
		json_unsigned(json, number->value);
}

/* The one way from a row's offset to a value: @at is where the member stands. */
#define VALUE(type) (*(const type *)at)

static void write_value(struct json *json, const struct field *field, const char *record,
                        const struct field_context *context)
{
	const void *at = record + field->offset;
	size_t count = 0;
	if (field->count_offset)
		count = *(const size_t *)(const void *)(record + field->count_offset);

	switch ((enum field_type)field->type) {
	case FIELD_TEXT: /* a member of two keys: see write_member() */
		break;
	case FIELD_HEX:
		json_hex(json, VALUE(uint64_t));
		break;
	case FIELD_HEX_MAYBE:
	case FIELD_NUMBER_MAYBE:
		write_maybe(json, at, field->type == FIELD_HEX_MAYBE);
		break;
	case FIELD_HEX_SIGNED:
		json_signed_hex(json, VALUE(int64_t));
		break;
	case FIELD_HEX_ARRAY:
		write_hex_array(json, VALUE(uint64_t *), count);
		break;
	case FIELD_NUMBER:
		json_unsigned(json, VALUE(uint64_t));
		break;
	case FIELD_NUMBER_SIGNED:
		json_signed(json, VALUE(int64_t));
		break;
	case FIELD_NUMBER_NONZERO:
		if (VALUE(unsigned))
			json_unsigned(json, VALUE(unsigned));
		else
			json_null(json);
		break;
	case FIELD_BOOL:
		json_bool(json, VALUE(bool));
		break;
	case FIELD_ENUM:
		json_text(json, text_of(field->names[VALUE(unsigned)]));
		break;
	case FIELD_BYTES:
		if (count)
			json_bytes(json, at, count);
		else
			json_null(json);
		break;
	case FIELD_RECORD:
		record_write(json, field->nested, at, context);
		break;
	case FIELD_ARRAY:
		write_array(json, field, VALUE(char *), count, context);
		break;
	}
}

static void write_member(struct json *json, const struct field *field, const void *record,
                         const struct field_context *context)
{
	if (field->type == FIELD_TEXT) {
		const struct text *text = (const void *)((const char *)record +
		                                         field->offset);
		json_text_member(json, &field->token, *text);
		return;
	}
	json_key_token(json, &field->token);
	if (field->known && !field->known(record))
		json_null(json);
	else
		write_value(json, field, record, context);
}

void record_write_members(struct json *json, const struct record *record,
                          const void *data, const struct field_context *context)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct field *field = &record->fields[i];
		if ((field->detail & context->details) != field->detail)
			continue;
		if (field->present && !field->present(data, context))
			continue;
		write_member(json, field, data, context);
	}
}

void record_write(struct json *json, const struct record *record, const void *data,
                  const struct field_context *context)
{
	if (record->one_line)
		json_begin_line(json, '{');
	else
		json_begin(json, '{');
	record_write_members(json, record, data, context);
	json_end(json, '}');
}
