/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Records to JSON, by their tables of fields. */
#include "output/list/fields.h"

#include "output/stream/json_put.h"

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
	case FIELD_HEX_ARRAY:
		write_hex_array(json, VALUE(uint64_t *), count);
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
	default: /* put_value() knows the others */
		break;
	}
}

/* A value that is small and no string. Return: NULL when it is none such */
static char *put_value(char *at, const struct field *field, const char *record)
{
	const void *value = record + field->offset;
	switch ((enum field_type)field->type) {
	case FIELD_HEX:
		return put_hex_string(at, false, *(const uint64_t *)value);
	case FIELD_HEX_SIGNED:
		return put_signed_hex(at, *(const int64_t *)value);
	case FIELD_HEX_MAYBE: {
		const struct maybe_u64 *number = value;
		return number->known ? put_hex_string(at, false, number->value)
		                     : put_null(at);
	}
	case FIELD_NUMBER_MAYBE: {
		const struct maybe_u64 *number = value;
		return number->known ? put_decimal(at, number->value) : put_null(at);
	}
	case FIELD_NUMBER:
		return put_decimal(at, *(const uint64_t *)value);
	case FIELD_NUMBER_SIGNED:
		return put_signed(at, *(const int64_t *)value);
	case FIELD_NUMBER_NONZERO: {
		unsigned number = *(const unsigned *)value;
		return number ? put_decimal(at, number) : put_null(at);
	}
	case FIELD_BOOL:
		return put_bool(at, *(const bool *)value);
	default:
		return NULL;
	}
}

static void write_member(struct json *json, const struct field *field, const char *record,
                         const struct field_context *context)
{
	if (field->type == FIELD_TEXT) {
		json_text_member(
			json, &field->token,
			*(const struct text *)(const void *)(record + field->offset));
		return;
	}
	char *at = begin_token(json, JSON_KEY_MAX + JSON_VALUE_MAX);
	at = put_key(json, at, &field->token);
	char *end = field->known && !field->known(record) ? put_null(at)
	                                                  : put_value(at, field, record);
	if (end) {
		end_token(json, end);
		return;
	}
	end_key(json, at);
	write_value(json, field, record, context);
}

void record_write_members(struct json *json, const struct record *record,
                          const void *data, const struct field_context *context)
{
	unsigned given = context->details;
	if (record->conditions)
		given |= record->conditions(data, context);
	const struct field *end = record->fields + record->count;
	for (const struct field *field = record->fields; field < end; field++) {
		if ((field->needs & ~given) == 0)
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
