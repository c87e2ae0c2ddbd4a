/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Records from JSON, by the tables of fields that write them. */
#include "output/saved/read_record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lazy/json_c_types.h"

/* What a listing always shows; the rest is there when it was asked for. */
#define LISTED (USDTINFO_DETAIL_PLACE | USDTINFO_DETAIL_SITE | USDTINFO_DETAIL_ARGUMENTS)

__attribute__((format(printf, 3, 4))) static bool
refuse(struct record_reader *reader, const char *key, const char *fmt, ...)
{
	int size = snprintf(reader->reason, sizeof(reader->reason), "'%s' ", key);
	va_list args;
	va_start(args, fmt);
	vsnprintf(reader->reason + size, sizeof(reader->reason) - (size_t)size, fmt,
	          args);
	va_end(args);
	return false;
}

static bool refuse_memory(struct record_reader *reader, const char *key)
{
	return refuse(reader, key, "does not fit into memory");
}

static struct text string_of(struct json_object *value)
{
	if (!json_object_is_type(value, json_type_string))
		return (struct text){ 0 };
	return (struct text){ json_object_get_string(value),
		              (size_t)json_object_get_string_len(value) };
}

struct text member_text(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;
	json_object_object_get_ex(object, key, &value);
	return string_of(value);
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* "0x1f". Return: false when it is anything else, or too long. */
static bool parse_hex(struct text text, uint64_t *ret)
{
	uint64_t value = 0;
	if (text.size < 3 || text.size > 18 || memcmp(text.at, "0x", 2) != 0)
		return false;
	for (size_t i = 2; i < text.size; i++) {
		int d = digit(text.at[i]);
		if (d < 0)
			return false;
		value = value << 4 | (unsigned)d;
	}
	*ret = value;
	return true;
}

static bool parse_signed_hex(struct text text, int64_t *ret)
{
	uint64_t value;
	if (!text.size)
		return false;
	bool negative = text.at[0] == '-';
	struct text rest = { text.at + negative, text.size - negative };
	uint64_t most = (uint64_t)INT64_MAX + negative;
	if (!parse_hex(rest, &value) || value > most)
		return false;
	*ret = (int64_t)(negative ? 0 - value : value);
	return true;
}

static bool parse_bytes(struct text text, unsigned char *to)
{
	for (size_t i = 0; i + 1 < text.size; i += 2) {
		int high = digit(text.at[i]), low = digit(text.at[i + 1]);
		if (high < 0 || low < 0)
			return false;
		to[i / 2] = (unsigned char)(high << 4 | low);
	}
	return text.size % 2 == 0;
}

static bool read_unsigned(struct json_object *value, uint64_t *ret)
{
	if (!json_object_is_type(value, json_type_int))
		return false;
	/* A negative number reads as 0 here. */
	if (json_object_get_int64(value) < 0)
		return false;
	*ret = json_object_get_uint64(value);
	return true;
}

static int name_index(const char *const *names, struct text text)
{
	for (int i = 0; names[i]; i++) {
		if (text_equal(text_of(names[i]), text))
			return i;
	}
	return -1;
}

/* All bytes of a text that is not UTF-8 stand beside it. */
static bool read_text(struct record_reader *reader, const struct field *field,
                      struct json_object *from, struct json_object *value,
                      struct text *to)
{
	char key[64];
	snprintf(key, sizeof(key), "%s_hex", field->key);
	struct text text = string_of(value), bytes = member_text(from, key);
	if (!value)
		return true;
	if (!text.at)
		return refuse(reader, field->key, "is no string");
	if (field->names) {
		int index = name_index(field->names, text);
		if (index < 0)
			return refuse(reader, field->key, "is '%s', which is not known",
			              text.at);
		*to = text_of(field->names[index]);
		return true;
	}
	if (!bytes.at) {
		*to = arena_text(reader->arena, text.at, text.size);
		return to->at || refuse_memory(reader, field->key);
	}
	unsigned char *copy = arena_take(reader->arena, bytes.size / 2 + 1);
	if (!copy)
		return refuse_memory(reader, field->key);
	if (!parse_bytes(bytes, copy))
		return refuse(reader, key, "is no bytes in hexadecimal");
	copy[bytes.size / 2] = '\0';
	*to = (struct text){ (char *)copy, bytes.size / 2 };
	return true;
}

static bool read_hex_array(struct record_reader *reader, const struct field *field,
                           struct json_object *value, uint64_t **to, size_t *count)
{
	if (!json_object_is_type(value, json_type_array))
		return refuse(reader, field->key, "is no array");
	size_t size = json_object_array_length(value);
	uint64_t *items = arena_take(reader->arena, size * sizeof(*items) + 1);
	if (!items)
		return refuse_memory(reader, field->key);
	for (size_t i = 0; i < size; i++) {
		if (!parse_hex(string_of(json_object_array_get_idx(value, i)), &items[i]))
			return refuse(reader, field->key, "is no array of addresses");
	}
	*to = items;
	*count = size;
	return true;
}

static bool read_bytes(struct record_reader *reader, const struct field *field,
                       struct json_object *value, unsigned char *to, size_t *count)
{
	struct text text = string_of(value);
	*count = 0;
	if (!value)
		return true;
	if (!text.at || text.size / 2 > field->room || !parse_bytes(text, to))
		return refuse(reader, field->key, "is not up to %zu bytes in hexadecimal",
		              field->room);
	*count = text.size / 2;
	return true;
}

/* Tables nest three deep, and no input adds to that. */
static bool read_array(struct record_reader *reader, const struct field *field,
                       struct json_object *value, void **to, size_t *count)
{
	size_t size = 0, item = field->nested->size;
	if (!value)
		return true;
	if (!json_object_is_type(value, json_type_array))
		return refuse(reader, field->key, "is no array");
	size = json_object_array_length(value);
	/* Before memory is taken for them: empty objects cost their writer nothing. */
	for (size_t i = 0; i < size; i++) {
		if (!json_object_is_type(json_object_array_get_idx(value, i),
		                         json_type_object))
			return refuse(reader, field->key, "is no array of objects");
	}
	char *items = arena_take(reader->arena, size * item + 1);
	if (!items)
		return refuse_memory(reader, field->key);
	memset(items, 0, size * item);
	for (size_t i = 0; i < size; i++) {
		if (!record_read(reader, field->nested,
		                 json_object_array_get_idx(value, i), items + i * item))
			return false;
	}
	*to = items;
	*count = size;
	return true;
}

static bool read_maybe(struct json_object *value, bool hex, struct maybe_u64 *to)
{
	to->known = value;
	if (!value)
		return true;
	return hex ? parse_hex(string_of(value), &to->value)
	           : read_unsigned(value, &to->value);
}

static bool read_small(struct json_object *value, unsigned *to)
{
	uint64_t number = 0;
	if (value && (!read_unsigned(value, &number) || number > UINT32_MAX))
		return false;
	*to = (unsigned)number;
	return true;
}

static bool read_flag(struct json_object *value, bool *to)
{
	*to = json_object_get_boolean(value);
	return json_object_is_type(value, json_type_boolean);
}

static bool read_signed(struct json_object *value, int64_t *to)
{
	*to = json_object_get_int64(value);
	return json_object_is_type(value, json_type_int);
}

static bool read_name(const struct field *field, struct json_object *value, unsigned *to)
{
	struct text text = string_of(value);
	int index = text.at ? name_index(field->names, text) : -1;
	*to = (unsigned)index;
	return index >= 0;
}

/* The types that are one value and need no storage. */
static bool read_scalar(struct record_reader *reader, const struct field *field,
                        struct json_object *value, void *at)
{
	bool good = false;
	const char *wanted = "hexadecimal in a string";
	switch ((enum field_type)field->type) {
	case FIELD_HEX:
		good = parse_hex(string_of(value), at);
		break;
	case FIELD_HEX_SIGNED:
		good = parse_signed_hex(string_of(value), at);
		break;
	case FIELD_HEX_MAYBE:
		good = read_maybe(value, true, at);
		break;
	case FIELD_NUMBER_MAYBE:
		wanted = "a number";
		good = read_maybe(value, false, at);
		break;
	case FIELD_NUMBER:
		wanted = "a number";
		good = read_unsigned(value, at);
		break;
	case FIELD_NUMBER_SIGNED:
		wanted = "a number";
		good = read_signed(value, at);
		break;
	case FIELD_NUMBER_NONZERO:
		wanted = "a number";
		good = read_small(value, at);
		break;
	case FIELD_BOOL:
		wanted = "true or false";
		good = read_flag(value, at);
		break;
	case FIELD_ENUM:
		wanted = "one of its names";
		good = read_name(field, value, at);
		break;
	default:
		break;
	}
	return good || refuse(reader, field->key, "is not %s", wanted);
}

static bool read_member(struct record_reader *reader, const struct field *field,
                        struct json_object *from, struct json_object *value, char *record)
{
	void *at = record + field->offset;
	size_t *count = (void *)(record + field->count_offset);
	switch ((enum field_type)field->type) {
	case FIELD_TEXT:
		return read_text(reader, field, from, value, at);
	case FIELD_BYTES:
		return read_bytes(reader, field, value, at, count);
	case FIELD_HEX_ARRAY:
		return read_hex_array(reader, field, value, at, count);
	case FIELD_ARRAY:
		return read_array(reader, field, value, at, count);
	case FIELD_RECORD:
		return !value || record_read(reader, field->nested, value, at);
	default:
		return read_scalar(reader, field, value, at);
	}
}

bool record_read(struct record_reader *reader, const struct record *record,
                 struct json_object *from, void *to)
{
	if (!json_object_is_type(from, json_type_object))
		return refuse(reader, record->name, "is no object");
	for (size_t i = 0; i < record->count; i++) {
		const struct field *field = &record->fields[i];
		struct json_object *value = NULL;
		if (!json_object_object_get_ex(from, field->key, &value)) {
			if (field->needs & ~(unsigned)LISTED)
				continue;
			return refuse(reader, field->key, "is missing in a %s",
			              record->name);
		}
		reader->details |= field->needs & FIELD_DETAILS;
		if (!read_member(reader, field, from, value, to))
			return false;
	}
	const char *key = record->lacks ? record->lacks(to) : NULL;
	return !key || refuse(reader, key, "is missing in a %s", record->name);
}
