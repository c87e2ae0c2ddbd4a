/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The fields of a listing: one row a JSON key, with its type and its place in a C struct.
 *
 * Writing and reading saved listings share these tables, so that what is written can be
 * read back whole. The order of the rows is the order of the keys.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/array.h"
#include "elf/object/facts.h"
#include "output/list/writer.h"
#include "output/stream/json.h"
#include "probe/note/probe.h"

/* In each line: the C type at the offset; what JSON has. "Or null": the C type can be
 * unknown. */
enum field_type {
	FIELD_TEXT,      /* struct text: string or null, KEY_hex beside it if not UTF-8 */
	FIELD_HEX,       /* uint64_t: "0x1f" */
	FIELD_HEX_MAYBE, /* struct maybe_u64: "0x1f" or null */
	FIELD_HEX_SIGNED,     /* int64_t: "-0x1f" */
	FIELD_HEX_ARRAY,      /* uint64_t *, count: array of "0x1f" */
	FIELD_NUMBER,         /* uint64_t: number */
	FIELD_NUMBER_MAYBE,   /* struct maybe_u64: number or null */
	FIELD_NUMBER_SIGNED,  /* int64_t: number */
	FIELD_NUMBER_NONZERO, /* unsigned: number, null for 0 */
	FIELD_BOOL,           /* bool */
	FIELD_ENUM,           /* an enum, by its name in the field's names */
	FIELD_BYTES,  /* unsigned char[], count: hexadecimal digits, null when empty */
	FIELD_RECORD, /* the struct of the nested record: object or null */
	FIELD_ARRAY,  /* pointer, count: array of objects */
};

/* What decides whether a key is there at all. */
struct field_context {
	unsigned details;              /* enum usdtinfo_detail, ored */
	const struct file_facts *file; /* the probe's; NULL outside files */
};

/* What a field can need: details, and conditions that a record works out for itself. */
#define FIELD_DETAILS      0xffffu
#define FIELD_CONDITION(n) (0x10000u << (n))

struct field {
	unsigned needs;          /* without which the key is absent; 0: always there */
	unsigned char type;      /* enum field_type */
	struct json_token token; /* the key as it is written */
	size_t offset;
	const char *key;
	size_t count_offset;      /* of the size_t, for types with a count */
	size_t room;              /* BYTES: how many fit */
	const char *const *names; /* ENUM: by value, ended by NULL; TEXT: all there are */
	const struct record *nested; /* RECORD, ARRAY */
	/* Whether this RECORD is known; NULL: always. Else it is null. */
	bool (*known)(const void *record);
};

struct record {
	const char *name; /* of its definition in the schema */
	size_t size;      /* of the C struct, for arrays of them */
	bool one_line;    /* where JSON is laid out for reading */
	const struct field *fields;
	size_t count;
	/* Which FIELD_CONDITION()s hold for this one; NULL: it has none. */
	unsigned (*conditions)(const void *record, const struct field_context *context);
	/* Of one that was read, the key without which it says nothing; NULL: it has all. */
	const char *(*lacks)(const void *record);
};

/*
 * A row: the JSON key, the rest of a FIELD_ type's name, where the value stands, and whatever
 * else is to be said. Before C23 a macro's "..." has to be given: an empty argument is.
 */
#define FIELD(key_, type_, struct_, ...) FIELD_OF(key_, type_, struct_, __VA_ARGS__, )
#define FIELD_OF(key_, type_, struct_, member, ...)                                      \
	{                                                                                \
		.key = key_, .token = JSON_TOKEN(key_), .type = FIELD_##type_,           \
		.offset = offsetof(struct struct_, member), __VA_ARGS__                  \
	}
#define RECORD(name_, struct_, one_line_, ...)                                           \
	RECORD_OF(name_, struct_, one_line_, __VA_ARGS__, )
#define RECORD_OF(name_, struct_, one_line_, table, ...)                                 \
	{                                                                                \
		.name = name_, .size = sizeof(struct struct_), .one_line = one_line_,    \
		.fields = table, .count = ARRAY_SIZE(table), __VA_ARGS__                 \
	}

extern const struct record file_record;  /* struct file_facts, but for its diagnostics */
extern const struct record probe_record; /* struct usdtinfo_probe */
extern const struct record argument_record;       /* struct usdtinfo_argument */
extern const struct record operand_record;        /* struct operand */
extern const struct record name_candidate_record; /* struct name_candidate */
extern const struct record source_record;         /* struct source_line */
extern const struct record diagnostic_record;     /* struct diagnostic */
extern const struct record summary_record;        /* struct summary */
/* All, those nested in others included, ended by NULL. */
extern const struct record *const records[];

/* Write the members of @data, inside an object that is open. */
void record_write_members(struct json *json, const struct record *record,
                          const void *data, const struct field_context *context);
/* Write @data as an object. */
void record_write(struct json *json, const struct record *record, const void *data,
                  const struct field_context *context);
