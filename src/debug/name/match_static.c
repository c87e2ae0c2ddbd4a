/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Which static variables an operand with a symbol may read. */
#include "debug/name/match_static.h"

#include <dwarf.h>
#include <inttypes.h>
#include <string.h>

#include "elf/symbol/symtab.h"

struct static_search {
	const struct name_context *context;
	const struct usdtinfo_argument *argument; /* NULL: the address alone */
	struct wanted wanted;
	bool is_address; /* the operand is an address, not what is there */
	bool address_known;
	uint64_t address; /* of symbol and displacement */
	struct variable_matches *matches;
};

static bool has_suffix(struct text text, const char *suffix)
{
	size_t size = strlen(suffix);
	return text.size >= size && memcmp(text.at + text.size - size, suffix, size) == 0;
}

/* The operand reads a slot that holds the symbol's address. */
static bool is_slot(struct text relocation)
{
	return relocation.at && (text_equal(relocation, text_of("GOT")) ||
	                         text_equal(relocation, text_of("GOTPCREL")) ||
	                         text_equal(relocation, text_of("GOTPCRELX")));
}

static bool is_thread_local(const struct operand *operand)
{
	return operand->segment.at ||
	       (operand->relocation.at && (has_suffix(operand->relocation, "TPOFF") ||
	                                   has_suffix(operand->relocation, "TPREL_LO") ||
	                                   strstr(operand->relocation.at, "TPREL")));
}

/* Addresses of a relocatable object are those that its sections were given. */
static void find_address(struct static_search *search)
{
	const struct operand *operand = &search->argument->operand;
	struct usdtinfo_image *image = search->context->image;
	const struct debug_file *file = search->context->file;
	size_t count = 0;
	if (operand->address.known) {
		search->address_known = true;
		search->address = operand->address.value - search->context->bias;
		return;
	}
	if (!operand->symbol.at || is_thread_local(operand))
		return;
	const struct symbol *symbol = symtab_find(image, operand->symbol, &count);
	if (!symbol || count != 1)
		return;
	uint64_t start = 0;
	if (file->layout) {
		if (symbol->section >= file->section_count)
			return;
		start = file->layout[symbol->section];
	} else {
		start -= search->context->bias;
	}
	search->address_known = true;
	search->address = start + symbol->value + (uint64_t)operand->displacement;
}

static void add_parts(struct static_search *search, const char *name, struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		matches_add(search->matches, "", name, &parts->items[i].path,
		            &parts->items[i].type, 0);
	search->matches->failed |= parts->failed;
	parts_deinit(parts);
}

static void add_address(struct static_search *search, const struct variable *variable,
                        uint64_t offset)
{
	struct array_shape shape;
	struct strbuf path = { 0 };
	bool is_array = type_array(&variable->type, &shape) && shape.dimensions == 1;
	if (is_array && offset == 0) {
		matches_add(search->matches, "", variable->name, NULL, &shape.element, 1);
	} else if (is_array && offset % shape.element_size == 0) {
		strbuf_addf(&path, "[%" PRIu64 "]", offset / shape.element_size);
		matches_add(search->matches, "&", variable->name, &path, &shape.element,
		            1);
	} else if (!is_array && offset == 0 &&
	           type_shape(&variable->type) != TYPE_ARRAY) {
		matches_add(search->matches, "&", variable->name, NULL, &variable->type,
		            1);
	}
	search->matches->failed |= path.failed;
	strbuf_deinit(&path);
}

static void add_variable(struct static_search *search, const struct variable *variable,
                         uint64_t offset)
{
	struct parts parts = { 0 };
	uint64_t size;
	if (type_size(&variable->type, &size) && offset >= size && size > 0)
		return;
	if (search->is_address) {
		add_address(search, variable, offset);
		return;
	}
	parts_find(&search->context->file->budget, &variable->type, offset,
	           &search->wanted, &parts);
	add_parts(search, variable->name, &parts);
}

/* Statics of functions stand in their scopes. */
static void search_scopes(struct static_search *search)
{
	const struct visible *visible = search->context->visible;
	if (!budget_take(&search->context->file->budget, visible->count))
		return;
	for (size_t i = 0; i < visible->count; i++) {
		const struct variable *variable = &visible->items[i];
		if (variable->place_count != 1 ||
		    variable->places[0].kind != PLACE_ADDRESS ||
		    variable->places[0].piece_size ||
		    search->address < variable->places[0].offset)
			continue;
		uint64_t offset = search->address - variable->places[0].offset, size;
		if (type_size(&variable->type, &size) && offset < size)
			add_variable(search, variable, offset);
	}
}

static void search_unit(struct static_search *search)
{
	const struct name_context *context = search->context;
	struct variable variable;
	struct value_place place;
	/* By address: also where the compiler counts from another symbol. */
	if (search->address_known && unit_variable(context->file, context->unit, NULL,
	                                           search->address, &variable, &place)) {
		add_variable(search, &variable, search->address - place.offset);
		return;
	}
	if (!search->argument)
		return;
	const struct operand *operand = &search->argument->operand;
	bool is_thread = is_thread_local(operand);
	if (!operand->symbol.at || operand->candidate_count ||
	    !unit_variable(context->file, context->unit, operand->symbol.at, 0, &variable,
	                   &place) ||
	    (place.kind == PLACE_THREAD) != is_thread)
		return;
	if (operand->displacement >= 0)
		add_variable(search, &variable, (uint64_t)operand->displacement);
}

void match_static(const struct name_context *context,
                  const struct usdtinfo_argument *argument, struct variable_matches *ret)
{
	const struct operand *operand = &argument->operand;
	bool is_relocated = operand->relocation.at;
	struct static_search search = {
		.context = context,
		.argument = argument,
		.wanted = { argument->size, argument->is_signed, argument->is_float },
		.is_address = operand->kind == USDTINFO_OPERAND_ADDRESS ||
		              is_slot(operand->relocation),
		.matches = ret,
	};
	if (operand->kind != USDTINFO_OPERAND_MEMORY &&
	    operand->kind != USDTINFO_OPERAND_ADDRESS)
		return;
	/* A base that is not part of a relocation, or an index: where that leads is not known. */
	if (operand->index.at ||
	    (operand->base.at && !is_relocated && !operand->pc_relative))
		return;
	find_address(&search);
	if (search.address_known)
		search_scopes(&search);
	if (ret->count == 0)
		search_unit(&search);
}

void match_address(const struct name_context *context, uint64_t image_address,
                   bool is_address, const struct wanted *wanted,
                   struct variable_matches *ret)
{
	struct static_search search = {
		.context = context,
		.wanted = *wanted,
		.is_address = is_address,
		.address_known = true,
		.address = image_address - context->bias,
		.matches = ret,
	};
	search_scopes(&search);
	if (ret->count == 0)
		search_unit(&search);
}
