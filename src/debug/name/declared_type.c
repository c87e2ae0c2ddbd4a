/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What the spelling of a C type alone tells of its size and sign. */
#include <string.h>

#include "base/array.h"
#include "debug/definition/definitions.h"

#define WORD 255 /* the size of a pointer */

static const struct {
	const char *name;
	unsigned char size;
	bool is_signed;
} typedefs[] = {
	{ "int8_t", 1, true },       { "int16_t", 2, true },
	{ "int32_t", 4, true },      { "int64_t", 8, true },
	{ "uint8_t", 1, false },     { "uint16_t", 2, false },
	{ "uint32_t", 4, false },    { "uint64_t", 8, false },
	{ "size_t", WORD, false },   { "ssize_t", WORD, true },
	{ "intptr_t", WORD, true },  { "uintptr_t", WORD, false },
	{ "ptrdiff_t", WORD, true }, { "string", WORD, false },
	{ "pid_t", 4, true },
};

/* How often each word of a base type stands in a spelling. */
struct words {
	unsigned is_char, is_short, is_int, is_long, is_float, is_double, is_bool;
	unsigned is_signed, is_unsigned, others;
	size_t typedef_row; /* ARRAY_SIZE(typedefs): none */
};

static void count_word(struct words *words, const char *at, size_t size)
{
	const struct {
		const char *name;
		unsigned *count;
	} rows[] = {
		{ "char", &words->is_char },     { "short", &words->is_short },
		{ "int", &words->is_int },       { "long", &words->is_long },
		{ "float", &words->is_float },   { "double", &words->is_double },
		{ "_Bool", &words->is_bool },    { "bool", &words->is_bool },
		{ "signed", &words->is_signed }, { "unsigned", &words->is_unsigned },
	};
	static const char *const ignored[] = { "const", "volatile", "restrict",
		                               "_Atomic" };
	for (size_t i = 0; i < ARRAY_SIZE(ignored); i++)
		if (strlen(ignored[i]) == size && memcmp(ignored[i], at, size) == 0)
			return;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (strlen(rows[i].name) == size && memcmp(rows[i].name, at, size) == 0) {
			++*rows[i].count;
			return;
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(typedefs); i++)
		if (strlen(typedefs[i].name) == size &&
		    memcmp(typedefs[i].name, at, size) == 0)
			words->typedef_row = i;
	words->others++;
}

static struct words count_words(struct text text)
{
	struct words words = { .typedef_row = ARRAY_SIZE(typedefs) };
	size_t start = 0;
	for (size_t i = 0; i <= text.size; i++) {
		if (i < text.size && text.at[i] != ' ')
			continue;
		if (i > start)
			count_word(&words, text.at + start, i - start);
		start = i + 1;
	}
	return words;
}

static struct declared_type integer(uint64_t size, bool is_signed)
{
	return (struct declared_type){ size, true, is_signed, false };
}

struct declared_type declared_type(struct text c_type, unsigned word)
{
	if (memchr(c_type.at, '*', c_type.size))
		return integer(word, false);
	struct words words = count_words(c_type);
	bool is_signed = !words.is_unsigned;
	if (words.typedef_row < ARRAY_SIZE(typedefs) && words.others == 1) {
		unsigned char size = typedefs[words.typedef_row].size;
		return integer(size == WORD ? word : size,
		               typedefs[words.typedef_row].is_signed);
	}
	if (words.others)
		return (struct declared_type){ 0 };
	if (words.is_float)
		return (struct declared_type){ 4, true, false, true };
	/* long double has a size of its own on every machine. */
	if (words.is_double)
		return (struct declared_type){ words.is_long ? 0 : 8, true, false, true };
	if (words.is_bool)
		return integer(1, false);
	if (words.is_char)
		return (struct declared_type){
			.size = 1,
			/* Plain char is signed on some machines. */
			.sign_known = words.is_signed || words.is_unsigned,
			.is_signed = is_signed,
		};
	if (words.is_short)
		return integer(2, is_signed);
	if (words.is_long)
		return integer(words.is_long > 1 ? 8 : word, is_signed);
	if (words.is_int || words.is_signed || words.is_unsigned)
		return integer(4, is_signed);
	return (struct declared_type){ 0 };
}
