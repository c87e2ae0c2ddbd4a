/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* C types by name. */
#include "probe/known/catalogue_type.h"

#include <string.h>

#include "base/array.h"

#define WORD 0 /* as large as an address */

/* clang-format off */
static const struct {
	const char *name;
	struct c_type type;
} types[] = {
	{ "int", { C_INTEGER, 4, true, false } },
	{ "unsigned int", { C_INTEGER, 4, false, false } },
	{ "long", { C_INTEGER, WORD, true, false } },
	{ "unsigned long", { C_INTEGER, WORD, false, false } },
	{ "long long", { C_INTEGER, 8, true, false } },
	{ "unsigned long long", { C_INTEGER, 8, false, false } },
	{ "short", { C_INTEGER, 2, true, false } },
	{ "unsigned short", { C_INTEGER, 2, false, false } },
	{ "signed char", { C_INTEGER, 1, true, false } },
	{ "unsigned char", { C_INTEGER, 1, false, false } },
	{ "int8_t", { C_INTEGER, 1, true, false } },
	{ "uint8_t", { C_INTEGER, 1, false, false } },
	{ "int16_t", { C_INTEGER, 2, true, false } },
	{ "uint16_t", { C_INTEGER, 2, false, false } },
	{ "int32_t", { C_INTEGER, 4, true, false } },
	{ "uint32_t", { C_INTEGER, 4, false, false } },
	{ "int64_t", { C_INTEGER, 8, true, false } },
	{ "uint64_t", { C_INTEGER, 8, false, false } },
	{ "intptr_t", { C_INTEGER, WORD, true, false } },
	{ "uintptr_t", { C_INTEGER, WORD, false, false } },
	{ "size_t", { C_INTEGER, WORD, false, false } },
	{ "ssize_t", { C_INTEGER, WORD, true, false } },
	{ "pid_t", { C_INTEGER, 4, true, false } },
	{ "bool", { C_BOOL, 1, false, true } },
	{ "_Bool", { C_BOOL, 1, false, true } },
	{ "float", { C_FLOAT, 4, false, false } },
	{ "double", { C_FLOAT, 8, false, false } },
	/* glibc: a long, but the constant LM_ID_BASE is an int */
	{ "Lmid_t", { C_INTEGER, WORD, true, true } },
	/* Java's Native Interface */
	{ "jboolean", { C_BOOL, 1, false, false } },
	{ "jbyte", { C_INTEGER, 1, true, false } },
	{ "jchar", { C_INTEGER, 2, false, false } },
	{ "jshort", { C_INTEGER, 2, true, false } },
	{ "jint", { C_INTEGER, 4, true, false } },
	{ "jlong", { C_INTEGER, 8, true, false } },
	{ "jsize", { C_INTEGER, 4, true, false } },
	{ "jobject", { C_POINTER, WORD, false, false } },
	{ "jclass", { C_POINTER, WORD, false, false } },
	{ "jstring", { C_POINTER, WORD, false, false } },
	{ "jarray", { C_POINTER, WORD, false, false } },
	{ "jthrowable", { C_POINTER, WORD, false, false } },
	{ "jweak", { C_POINTER, WORD, false, false } },
	{ "jmethodID", { C_POINTER, WORD, false, false } },
	{ "jfieldID", { C_POINTER, WORD, false, false } },
	{ "jobjectRefType", { C_INTEGER, 4, false, true } },
	/* PostgreSQL */
	{ "LocalTransactionId", { C_INTEGER, 4, false, false } },
	{ "BlockNumber", { C_INTEGER, 4, false, false } },
	{ "Oid", { C_INTEGER, 4, false, false } },
	{ "LOCKMODE", { C_INTEGER, 4, true, false } },
	{ "ForkNumber", { C_INTEGER, 4, true, true } },
	{ "LWLockMode", { C_INTEGER, 4, false, true } },
	{ "LWLockId", { C_INTEGER, 4, false, true } },
};
/* clang-format on */

static bool drop_prefix(struct text *text, const char *word)
{
	size_t size = strlen(word);
	if (text->size <= size || memcmp(text->at, word, size) != 0)
		return false;
	text->at += size;
	text->size -= size;
	return true;
}

static bool drop_last(struct text *text, char c)
{
	if (!text->size || text->at[text->size - 1] != c)
		return false;
	text->size--;
	while (text->size && text->at[text->size - 1] == ' ')
		text->size--;
	return true;
}

static bool is(struct text text, const char *word)
{
	return text.size == strlen(word) && memcmp(text.at, word, text.size) == 0;
}

struct c_type c_type_of(struct text name, unsigned address_size)
{
	if (!name.at)
		return (struct c_type){ C_UNKNOWN, 0, false, false };
	if (drop_last(&name, '*')) {
		while (drop_prefix(&name, "const ") || drop_prefix(&name, "volatile "))
			;
		bool is_text = is(name, "char") || is(name, "char const");
		return (struct c_type){ is_text ? C_STRING : C_POINTER, address_size,
			                false, false };
	}
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		struct c_type type = types[i].type;
		if (!is(name, types[i].name))
			continue;
		if (type.size == WORD)
			type.size = address_size;
		return type;
	}
	return (struct c_type){ C_UNKNOWN, 0, false, false };
}

bool c_type_fits(const struct c_type *type, const struct usdtinfo_argument *argument)
{
	if (type->kind == C_UNKNOWN)
		return false;
	if ((type->kind == C_FLOAT) != argument->is_float)
		return false;
	if (argument->is_float)
		return argument->size == type->size;
	/* An enumeration's underlying type is unsigned or signed, as its values ask for. */
	if (type->or_int && argument->size == 4)
		return type->size == 4 || argument->is_signed;
	return argument->size == type->size && argument->is_signed == type->is_signed;
}
