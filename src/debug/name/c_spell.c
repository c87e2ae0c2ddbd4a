/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The C spelling of a type: a declarator grown from the inside out, then the type's name. */
#include <dwarf.h>
#include <inttypes.h>
#include <string.h>

#include "base/array.h"
#include "debug/file/die.h"
#include "debug/name/c_type.h"

#define SPELL_STEPS_MAX  64   /* pointers, qualifiers, dimensions of one type */
#define SPELL_DEPTH_MAX  4    /* functions that take functions that take functions */
#define SPELL_LENGTH_MAX 2048 /* bytes of one declarator */

enum {
	CONST = 1,
	VOLATILE = 2,
	RESTRICT = 4,
	ATOMIC = 8
};

static const struct {
	int tag;
	unsigned bit;
	const char *word;
} qualifiers[] = {
	{ DW_TAG_const_type, CONST, "const" },
	{ DW_TAG_volatile_type, VOLATILE, "volatile" },
	{ DW_TAG_restrict_type, RESTRICT, "restrict" },
	{ DW_TAG_atomic_type, ATOMIC, "_Atomic" },
};

static bool spell(const Dwarf_Die *type, unsigned pointers, unsigned depth,
                  struct strbuf *out);

/* The part around the name that is not there: "(*)[4]". */
static void put_in_front(struct strbuf *declarator, const char *string)
{
	struct strbuf whole = { 0 };
	strbuf_add_string(&whole, string);
	strbuf_add(&whole, declarator->at, declarator->size);
	whole.failed |= declarator->failed;
	strbuf_deinit(declarator);
	*declarator = whole;
}

static void add_pointer(struct strbuf *declarator, const char *mark,
                        unsigned qualifier_bits)
{
	struct strbuf front = { 0 };
	strbuf_add_string(&front, mark);
	for (size_t i = 0; i < ARRAY_SIZE(qualifiers); i++) {
		if (!(qualifier_bits & qualifiers[i].bit))
			continue;
		if (front.size > strlen(mark))
			strbuf_add_char(&front, ' ');
		strbuf_add_string(&front, qualifiers[i].word);
	}
	if (qualifier_bits && declarator->size && *declarator->at == '*')
		strbuf_add_char(&front, ' ');
	if (front.at)
		put_in_front(declarator, front.at);
	declarator->failed |= front.failed;
	strbuf_deinit(&front);
}

/* Arrays and functions bind closer than pointers. */
static void close_pointers(struct strbuf *declarator)
{
	if (declarator->size == 0 || (*declarator->at != '*' && *declarator->at != '&'))
		return;
	put_in_front(declarator, "(");
	strbuf_add_char(declarator, ')');
}

static bool add_dimensions(Dwarf_Die *type, struct strbuf *declarator)
{
	Dwarf_Die child, next;
	struct budget budget = { .left = (uint64_t)4 * DIMENSIONS_MAX };
	close_pointers(declarator);
	for (bool more = die_child(&budget, type, &child); more; child = next) {
		uint64_t count = 0, upper;
		bool counted = die_unsigned(&child, DW_AT_count, &count);
		if (!counted && die_unsigned(&child, DW_AT_upper_bound, &upper) &&
		    upper != UINT32_MAX && upper != UINT64_MAX)
			count = upper + 1;
		if (count)
			strbuf_addf(declarator, "[%" PRIu64 "]", count);
		else
			strbuf_add_string(declarator, "[]");
		more = die_sibling(&budget, &child, &next);
	}
	return !budget.exhausted;
}

/* Of the languages after it, "struct tm" is "tm", and "f()" takes nothing. */
static bool is_c(Dwarf_Die *type)
{
	Dwarf_Die unit;
	if (!dwarf_diecu(type, &unit, NULL, NULL))
		return false;
	switch (dwarf_srclang(&unit)) {
	case DW_LANG_C89:
	case DW_LANG_C:
	case DW_LANG_C99:
	case DW_LANG_C11:
	case DW_LANG_ObjC:
	case DW_LANG_UPC:
	case 0x002c: /* DW_LANG_C17, which DWARF 5 did not know yet */
		return true;
	default:
		return false;
	}
}

static bool add_parameters(Dwarf_Die *type, unsigned depth, struct strbuf *declarator)
{
	Dwarf_Die child, next;
	struct budget budget = { .left = 256 };
	const char *separator = "";
	close_pointers(declarator);
	strbuf_add_char(declarator, '(');
	for (bool more = die_child(&budget, type, &child); more; child = next) {
		int tag = dwarf_tag(&child);
		if (tag == DW_TAG_formal_parameter) {
			Dwarf_Die parameter;
			strbuf_add_string(declarator, separator);
			if (!die_type(&child, &parameter) ||
			    !spell(&parameter, 0, depth + 1, declarator))
				return false;
			separator = ", ";
		} else if (tag == DW_TAG_unspecified_parameters) {
			/* Alone, it stands in C for a list that is not declared at all. */
			if (*separator || !is_c(type))
				strbuf_addf(declarator, "%s...", separator);
			separator = ", ";
		}
		if (declarator->size > SPELL_LENGTH_MAX)
			return false;
		more = die_sibling(&budget, &child, &next);
	}
	if (!*separator && die_flag(type, DW_AT_prototyped))
		strbuf_add_string(declarator, "void");
	strbuf_add_char(declarator, ')');
	return !budget.exhausted;
}

static const char *keyword(Dwarf_Die *type)
{
	const char *word;
	switch (dwarf_tag(type)) {
	case DW_TAG_structure_type:
		word = "struct";
		break;
	case DW_TAG_class_type:
		return die_name(type) ? "" : "class";
	case DW_TAG_union_type:
		word = "union";
		break;
	case DW_TAG_enumeration_type:
		word = "enum";
		break;
	default:
		return "";
	}
	return is_c(type) || !die_name(type) ? word : "";
}

static bool finish(Dwarf_Die *type, unsigned qualifier_bits,
                   const struct strbuf *declarator, struct strbuf *out)
{
	const char *word = type ? keyword(type) : "";
	const char *name = type ? die_name(type) : "void";
	if (declarator->failed || (!*word && !name) ||
	    (name && !name_if_short(name, NAME_SHORT_MAX)))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(qualifiers); i++)
		if (qualifier_bits & qualifiers[i].bit)
			strbuf_addf(out, "%s ", qualifiers[i].word);
	strbuf_add_string(out, word);
	if (*word)
		strbuf_add_string(out, name ? " " : " {...}");
	if (name)
		strbuf_add_string(out, name);
	if (declarator->size) {
		strbuf_add_char(out, ' ');
		strbuf_add(out, declarator->at, declarator->size);
	}
	return true;
}

static unsigned qualifier_of(int tag)
{
	for (size_t i = 0; i < ARRAY_SIZE(qualifiers); i++)
		if (qualifiers[i].tag == tag)
			return qualifiers[i].bit;
	return 0;
}

/*
 * One step from a type towards its name. Return: 1 when AT is the type to go on with, 0 when
 * AT is to be named, -1 for damage
 */
static int step(Dwarf_Die *at, unsigned depth, unsigned *qualifier_bits,
                struct strbuf *declarator)
{
	int tag = dwarf_tag(at);
	if (qualifier_of(tag)) {
		*qualifier_bits |= qualifier_of(tag);
		return 1;
	}
	switch (tag) {
	case DW_TAG_pointer_type:
	case DW_TAG_reference_type:
	case DW_TAG_rvalue_reference_type:
		if (die_name(at)) /* Rust names its pointers: "&str" */
			return 0;
		add_pointer(declarator,
		            tag == DW_TAG_pointer_type     ? "*"
		            : tag == DW_TAG_reference_type ? "&"
		                                           : "&&",
		            *qualifier_bits);
		*qualifier_bits = 0;
		return 1;
	case DW_TAG_array_type:
		return add_dimensions(at, declarator) ? 1 : -1;
	case DW_TAG_subroutine_type:
		return depth < SPELL_DEPTH_MAX && add_parameters(at, depth, declarator)
		               ? 1
		               : -1;
	case DW_TAG_base_type:
	case DW_TAG_typedef:
	case DW_TAG_structure_type:
	case DW_TAG_class_type:
	case DW_TAG_union_type:
	case DW_TAG_enumeration_type:
	case DW_TAG_unspecified_type:
		return 0;
	default:
		return -1;
	}
}

static bool spell(const Dwarf_Die *type, unsigned pointers, unsigned depth,
                  struct strbuf *out)
{
	_cleanup_(strbuf_deinit) struct strbuf declarator = { 0 };
	unsigned qualifier_bits = 0;
	while (pointers--)
		add_pointer(&declarator, "*", 0);
	if (!type)
		return finish(NULL, 0, &declarator, out);
	Dwarf_Die at = *type;
	for (int n = 0; n < SPELL_STEPS_MAX; n++) {
		int r = step(&at, depth, &qualifier_bits, &declarator);
		if (r < 0 || declarator.size > SPELL_LENGTH_MAX)
			return false;
		if (r == 0)
			return finish(&at, qualifier_bits, &declarator, out);
		Dwarf_Die next;
		if (!die_type(&at, &next))
			return finish(NULL, qualifier_bits, &declarator, out);
		at = next;
	}
	return false;
}

bool type_spell(const Dwarf_Die *type, unsigned pointers, struct strbuf *out)
{
	struct strbuf spelling = { 0 };
	bool known = spell(type, pointers, 0, &spelling) && !spelling.failed;
	if (known)
		strbuf_add(out, spelling.at, spelling.size);
	strbuf_deinit(&spelling);
	return known;
}
