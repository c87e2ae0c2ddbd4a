/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Which variables an operand may read: register, memory and constant operands. */
#include "debug/name/match.h"

#include <dwarf.h>
#include <inttypes.h>
#include <string.h>

#include "debug/code/register.h"
#include "debug/name/match_static.h"

/*
 * "p[100000]" is an address that happens to be added to a pointer, not an element that a
 * program names in its source.
 */
#define INDEX_MAX 4096

/* The operand in DWARF's terms. */
struct query {
	const struct name_context *context;
	enum usdtinfo_operand_kind kind;
	const struct operand *operand; /* NULL: a place that a value was copied from */
	struct wanted wanted;
	bool has_register; /* REGISTER: itself; MEMORY: the base */
	unsigned reg;
	uint64_t copies; /* of REG, one bit each */
	uint64_t displacement;
	struct variable_matches *matches; /* that are sure */
	struct variable_matches *doubtful;
};

static void add_parts(struct query *query, const char *prefix, const char *name,
                      struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		matches_add(query->matches, prefix, name, &parts->items[i].path,
		            &parts->items[i].type, 0);
	query->matches->failed |= parts->failed;
	parts_deinit(parts);
}

static bool is_register(const struct query *query, unsigned reg)
{
	return reg == query->reg || (reg < 64 && query->copies >> reg & 1);
}

static bool is_big_endian(const struct query *query)
{
	return query->context->image->big_endian;
}

/* ---- values in registers ---- */

static void match_whole(struct query *query, const struct variable *variable)
{
	uint64_t size;
	if (type_fits(&variable->type, &query->wanted)) {
		matches_add(query->matches, "", variable->name, NULL, &variable->type, 0);
		return;
	}
	if (!type_size(&variable->type, &size))
		return;
	enum type_shape shape = type_shape(&variable->type);
	if (size == query->wanted.size) {
		/* A cast, or a producer that signs everything: the same bits at least. */
		if (shape == TYPE_SIGNED || shape == TYPE_UNSIGNED || shape == TYPE_FLOAT)
			matches_add(query->doubtful, "", variable->name, NULL,
			            &variable->type, 0);
		return;
	}
	/* A small structure in a register: its first member is in the low bytes. */
	if (shape == TYPE_STRUCT && size <= 8 && !is_big_endian(query)) {
		struct parts parts = { 0 };
		parts_find(&query->context->file->budget, &variable->type, 0,
		           &query->wanted, &parts);
		add_parts(query, "", variable->name, &parts);
	}
}

static void match_register(struct query *query, const struct variable *variable,
                           const struct value_place *place)
{
	bool is_there = place->kind == PLACE_REGISTER ||
	                (place->kind == PLACE_SUM && place->offset == 0);
	if (!is_there || !is_register(query, place->reg))
		return;
	if (place->piece_size == 0) {
		match_whole(query, variable);
	} else if (place->piece_size == query->wanted.size) {
		struct parts parts = { 0 };
		parts_find(&query->context->file->budget, &variable->type,
		           place->piece_offset, &query->wanted, &parts);
		add_parts(query, "", variable->name, &parts);
	}
}

/* ---- values in memory ---- */

/* Memory in which the variable itself lies. */
static void match_own_memory(struct query *query, const struct variable *variable,
                             const struct value_place *place)
{
	struct parts parts = { 0 };
	uint64_t offset = query->displacement - place->offset, size;
	if (place->kind != PLACE_MEMORY || !is_register(query, place->reg))
		return;
	if (place->piece_size && offset >= place->piece_size)
		return;
	if (!type_size(&variable->type, &size) || offset >= size)
		return;
	parts_find(&query->context->file->budget, &variable->type,
	           place->piece_offset + offset, &query->wanted, &parts);
	if (parts.count == 0 && offset == 0 && !place->piece_size &&
	    size == query->wanted.size)
		match_whole(query, variable);
	add_parts(query, "", variable->name, &parts);
}

/* "p->x" for a structure; "*p", "p[2]", "p[1].x" for elements. */
static void add_pointed(struct query *query, const char *name, uint64_t index,
                        bool is_structure, struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		struct part *part = &parts->items[i];
		const char *path = part->path.at ? part->path.at : "";
		struct strbuf whole = { 0 };
		if (index == 0 && is_structure && *path == '.')
			strbuf_addf(&whole, "->%s", path + 1);
		else if (index > 0 || *path)
			strbuf_addf(&whole, "[%" PRIu64 "]%s", index, path);
		matches_add(query->matches, whole.size ? "" : "*", name, &whole,
		            &part->type, 0);
		query->matches->failed |= whole.failed;
		strbuf_deinit(&whole);
	}
	query->matches->failed |= parts->failed;
	parts_deinit(parts);
}

/* What @type points or refers to. */
static bool pointed_type(const Dwarf_Die *type, Dwarf_Die *ret, bool *is_reference_ret)
{
	Dwarf_Die peeled, target;
	if (!type_peel(type, &peeled))
		return false;
	int tag = dwarf_tag(&peeled);
	*is_reference_ret = tag == DW_TAG_reference_type ||
	                    tag == DW_TAG_rvalue_reference_type;
	if (tag != DW_TAG_pointer_type && !*is_reference_ret)
		return false;
	if (!die_type(&peeled, &target))
		return false;
	*ret = target;
	return true;
}

/* What lies at an offset from where a pointer called @name points. */
static void match_target(struct query *query, const char *name, const Dwarf_Die *type,
                         uint64_t offset)
{
	Dwarf_Die target;
	bool is_reference;
	struct parts parts = { 0 };
	uint64_t size, index = 0;
	struct budget *budget = &query->context->file->budget;
	/* Before what it points to: another object, or the structure around it. */
	if ((int64_t)offset < 0 || !pointed_type(type, &target, &is_reference))
		return;
	enum type_shape shape = type_shape(&target);
	bool is_structure = shape == TYPE_STRUCT || shape == TYPE_UNION;
	/* Within the structure first: its last member may be of any size. */
	parts_find(budget, &target, offset, &query->wanted, &parts);
	if (parts.count == 0 && !is_reference && type_size(&target, &size) && size > 0 &&
	    offset >= size && offset / size <= INDEX_MAX) {
		index = offset / size;
		parts_find(budget, &target, offset % size, &query->wanted, &parts);
	}
	if (is_reference)
		add_parts(query, "", name, &parts);
	else
		add_pointed(query, name, index, is_structure, &parts);
}

/* Memory that a pointer in the base register points to. */
static void match_pointed(struct query *query, const struct variable *variable,
                          const struct value_place *place)
{
	bool is_there = place->kind == PLACE_REGISTER || place->kind == PLACE_SUM;
	if (!is_there || place->piece_size || !is_register(query, place->reg))
		return;
	uint64_t start = place->kind == PLACE_SUM ? place->offset : 0;
	match_target(query, variable->name, &variable->type, query->displacement - start);
}

/* "p[i]", and "p[i].x" where the machine can scale by the structure's size. */
static void match_indexed(struct query *query, const struct variable *variable,
                          const struct value_place *place)
{
	const struct operand *operand = query->operand;
	const struct visible *visible = query->context->visible;
	const struct variable *index = NULL;
	unsigned index_reg;
	Dwarf_Die target;
	bool is_reference;
	uint64_t size;
	if (place->kind != PLACE_REGISTER || place->piece_size ||
	    place->reg != query->reg || operand->index_subtracted ||
	    !pointed_type(&variable->type, &target, &is_reference) || is_reference ||
	    !type_size(&target, &size) || size != operand->scale ||
	    query->displacement >= size ||
	    !dwarf_register(&query->context->image->header, operand->index, &index_reg) ||
	    !budget_take(&query->context->file->budget, visible->count))
		return;
	for (size_t i = 0; i < visible->count; i++) {
		const struct variable *other = &visible->items[i];
		enum type_shape shape = type_shape(&other->type);
		if (other->level != variable->level || other->place_count != 1 ||
		    other->places[0].kind != PLACE_REGISTER ||
		    other->places[0].reg != index_reg || other->places[0].piece_size)
			continue;
		/* Two names for the index are no name. */
		if (index || (shape != TYPE_SIGNED && shape != TYPE_UNSIGNED))
			return;
		index = other;
	}
	if (!index)
		return;
	struct parts parts = { 0 };
	parts_find(&query->context->file->budget, &target, query->displacement,
	           &query->wanted, &parts);
	struct strbuf name = { 0 };
	strbuf_addf(&name, "%s[%s]", variable->name, index->name);
	query->matches->failed |= name.failed;
	if (name.at)
		add_parts(query, "", name.at, &parts);
	parts_deinit(&parts);
	strbuf_deinit(&name);
}

/* ---- constants ---- */

static uint64_t truncated(uint64_t value, uint64_t size)
{
	return size >= 8 ? value : value & ((UINT64_C(1) << size * 8) - 1);
}

/* The value of a constant operand; false for floats and what is wider than 64 bits. */
static bool constant_value(struct text text, uint64_t *ret)
{
	bool negative = text.size > 0 && text.at[0] == '-';
	uint64_t value = 0;
	if (text.size == negative)
		return false;
	for (size_t i = negative; i < text.size; i++) {
		if (text.at[i] < '0' || text.at[i] > '9' ||
		    __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(text.at[i] - '0'), &value))
			return false;
	}
	*ret = negative ? -value : value;
	return true;
}

static void match_constant(struct query *query, const struct variable *variable)
{
	uint64_t value;
	bool is_constant = variable->has_constant ||
	                   (variable->place_count == 1 &&
	                    variable->places[0].kind == PLACE_CONSTANT &&
	                    variable->places[0].piece_size == 0);
	if (!is_constant || !type_fits(&variable->type, &query->wanted) ||
	    !constant_value(query->operand->value, &value))
		return;
	uint64_t own = variable->place_count ? variable->places[0].offset
	                                     : variable->constant;
	uint64_t size = query->wanted.size;
	if (truncated(own, size) == truncated(value, size))
		matches_add(query->doubtful, "", variable->name, NULL, &variable->type,
		            0);
}

/* ---- the search ---- */

/* What held when the value was copied must hold at the site, too. */
static bool still_there(const struct name_context *context, size_t index)
{
	if (!context->site)
		return true;
	const struct variable *then = &context->visible->items[index];
	if (index >= context->site->count)
		return false;
	const struct variable *now = &context->site->items[index];
	if (then->place_count != now->place_count)
		return false;
	for (size_t i = 0; i < then->place_count; i++) {
		const struct value_place *a = &then->places[i], *b = &now->places[i];
		if (a->kind != b->kind || a->offset != b->offset ||
		    a->piece_offset != b->piece_offset || a->piece_size != b->piece_size)
			return false;
		bool is_register = a->kind == PLACE_REGISTER || a->kind == PLACE_SUM ||
		                   a->kind == PLACE_MEMORY;
		if (is_register && (a->reg >= 64 || b->reg >= 64 ||
		                    !(context->copies[a->reg] >> b->reg & 1)))
			return false;
	}
	return true;
}

static void match_variable(struct query *query, const struct variable *variable)
{
	if (query->kind == USDTINFO_OPERAND_CONSTANT) {
		match_constant(query, variable);
		return;
	}
	for (size_t i = 0; query->has_register && i < variable->place_count; i++) {
		const struct value_place *place = &variable->places[i];
		if (query->kind == USDTINFO_OPERAND_REGISTER) {
			match_register(query, variable, place);
		} else if (query->operand && query->operand->index.at) {
			match_indexed(query, variable, place);
		} else {
			match_own_memory(query, variable, place);
			match_pointed(query, variable, place);
		}
	}
}

static void match_visible(struct query *query)
{
	const struct visible *visible = query->context->visible;
	unsigned level = 0;
	if (!budget_take(&query->context->file->budget, visible->count))
		return;
	for (size_t i = 0; i < visible->count; i++) {
		const struct variable *variable = &visible->items[i];
		/* An inlined function's parameter and what was passed for it share a place:
		 * the probe was written in the innermost. */
		if (variable->level != level && query->matches->count)
			return;
		level = variable->level;
		if (level < visible->levels && !variable->is_hidden &&
		    still_there(query->context, i))
			match_variable(query, variable);
	}
}

void match_view(const struct name_context *context, const struct view *view,
                const struct wanted *wanted, struct variable_matches *ret)
{
	struct variable_matches doubtful = { 0 };
	struct query query = {
		.context = context,
		.kind = view->is_memory ? USDTINFO_OPERAND_MEMORY
		                        : USDTINFO_OPERAND_REGISTER,
		.wanted = *wanted,
		.has_register = true,
		.reg = view->reg,
		.copies = view->copies,
		.displacement = view->displacement,
		.matches = ret,
		.doubtful = &doubtful,
	};
	match_visible(&query);
	matches_deinit(&doubtful);
}

void match_behind(const struct name_context *context,
                  const struct variable_match *pointer, uint64_t offset,
                  const struct wanted *wanted, struct variable_matches *ret)
{
	struct query query = { .context = context, .wanted = *wanted, .matches = ret };
	struct strbuf name = { 0 };
	/* "*" and "&" bind less closely than what follows. */
	bool is_prefixed = *pointer->name.at == '*' || *pointer->name.at == '&';
	if (pointer->pointers)
		return;
	strbuf_addf(&name, is_prefixed ? "(%s)" : "%s", pointer->name.at);
	ret->failed |= name.failed;
	if (name.at)
		match_target(&query, name.at, &pointer->type, offset);
	strbuf_deinit(&name);
}

static bool make_query(const struct name_context *context,
                       const struct usdtinfo_argument *argument, struct query *query)
{
	const struct operand *operand = &argument->operand;
	const GElf_Ehdr *header = &context->image->header;
	query->context = context;
	query->operand = operand;
	query->kind = operand->kind;
	query->wanted = (struct wanted){ argument->size, argument->is_signed,
		                         argument->is_float };
	query->displacement = (uint64_t)operand->displacement;
	switch (operand->kind) {
	case USDTINFO_OPERAND_REGISTER:
		query->has_register = !operand->reg_shift && !operand->reg_pair &&
		                      dwarf_register(header, operand->reg, &query->reg);
		return query->has_register;
	case USDTINFO_OPERAND_MEMORY:
		query->has_register = !operand->segment.at &&
		                      dwarf_register(header, operand->base, &query->reg);
		return query->has_register;
	case USDTINFO_OPERAND_CONSTANT:
		return true;
	default:
		return false;
	}
}

bool match_operand(const struct name_context *context,
                   const struct usdtinfo_argument *argument, struct variable_matches *ret,
                   struct variable_matches *doubtful, struct view *view_ret)
{
	struct query query = { .matches = ret, .doubtful = doubtful };
	if (argument->operand.symbol.at || argument->operand.address.known)
		match_static(context, argument, ret);
	else if (make_query(context, argument, &query))
		match_visible(&query);
	*view_ret = (struct view){ .is_memory = query.kind == USDTINFO_OPERAND_MEMORY,
		                   .reg = query.reg,
		                   .displacement = query.displacement };
	return query.has_register && !argument->operand.index.at;
}
