/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Where the value of a variable is: the location expressions that compilers write. */
#include "debug/name/place.h"

#include <dwarf.h>
#include <stdlib.h>

/*
 * What an expression costs of the budget. Lists of locations are walked from their start,
 * and several variables may share one.
 */
#define LOCATION_COST  64
#define OPERATION_COST 16
/* An entry of unwind tables may be as long as they are, and is gone over for each address. */
#define UNWIND_PER_COST 32768

struct expression {
	Dwarf_Op *ops;
	size_t count, at;
	Dwarf_Attribute *attr;
	const struct frame *frame;
};

static const Dwarf_Op *peek(const struct expression *expression)
{
	return expression->at < expression->count ? &expression->ops[expression->at]
	                                          : NULL;
}

static bool take(struct expression *expression, unsigned atom)
{
	const Dwarf_Op *op = peek(expression);
	if (!op || op->atom != atom)
		return false;
	expression->at++;
	return true;
}

static bool is_end(const struct expression *expression)
{
	const Dwarf_Op *op = peek(expression);
	return !op || op->atom == DW_OP_piece;
}

/* "+ 8" and "- 8" behind an address. */
static uint64_t take_offsets(struct expression *expression)
{
	uint64_t sum = 0;
	for (const Dwarf_Op *op; (op = peek(expression)); expression->at++) {
		if (op->atom == DW_OP_plus_uconst)
			sum += op->number;
		else if (op->atom != DW_OP_nop)
			break;
	}
	return sum;
}

static bool constant(const Dwarf_Op *op, uint64_t *ret)
{
	if (op->atom >= DW_OP_lit0 && op->atom <= DW_OP_lit31) {
		*ret = op->atom - DW_OP_lit0;
		return true;
	}
	switch (op->atom) {
	case DW_OP_const1u:
	case DW_OP_const1s:
	case DW_OP_const2u:
	case DW_OP_const2s:
	case DW_OP_const4u:
	case DW_OP_const4s:
	case DW_OP_const8u:
	case DW_OP_const8s:
	case DW_OP_constu:
	case DW_OP_consts:
		*ret = op->number;
		return true;
	default:
		return false;
	}
}

static struct register_sum sum_of(const Dwarf_Op *op, const struct frame *frame)
{
	const struct register_sum none = { 0 };
	struct register_sum sum;
	if (op->atom >= DW_OP_breg0 && op->atom <= DW_OP_breg31)
		return (struct register_sum){ true, op->atom - DW_OP_breg0, op->number };
	switch (op->atom) {
	case DW_OP_bregx:
		return (struct register_sum){ true, (unsigned)op->number, op->number2 };
	case DW_OP_fbreg:
		if (!frame || !frame->base.known)
			return none;
		sum = frame->base;
		sum.offset += op->number;
		return sum;
	case DW_OP_call_frame_cfa:
		return frame ? frame->cfa : none;
	default:
		return none;
	}
}

/* A register, or a register and what is added to it. */
static bool take_register_sum(struct expression *expression, struct register_sum *ret)
{
	const Dwarf_Op *op = peek(expression);
	struct register_sum sum = { 0 };
	if (op)
		sum = sum_of(op, expression->frame);
	if (!sum.known)
		return false;
	*ret = sum;
	expression->at++;
	ret->offset += take_offsets(expression);
	/* DWARF 2 and 3 of some compilers: "const; plus", "const; minus". */
	uint64_t number;
	op = peek(expression);
	if (op && expression->at + 1 < expression->count && constant(op, &number)) {
		unsigned next = expression->ops[expression->at + 1].atom;
		if (next == DW_OP_plus || next == DW_OP_minus) {
			ret->offset += next == DW_OP_plus ? number : -number;
			expression->at += 2;
		}
	}
	return true;
}

static bool take_register(struct expression *expression, unsigned *ret)
{
	const Dwarf_Op *op = peek(expression);
	if (!op)
		return false;
	if (op->atom >= DW_OP_reg0 && op->atom <= DW_OP_reg31)
		*ret = op->atom - DW_OP_reg0;
	else if (op->atom == DW_OP_regx)
		*ret = (unsigned)op->number;
	else
		return false;
	expression->at++;
	return true;
}

static bool address_operand(struct expression *expression, const Dwarf_Op *op,
                            uint64_t *ret)
{
	Dwarf_Attribute resolved;
	Dwarf_Addr address;
	if (op->atom == DW_OP_addr) {
		*ret = op->number;
		return true;
	}
	if (op->atom != DW_OP_addrx && op->atom != DW_OP_GNU_addr_index)
		return false;
	if (dwarf_getlocation_attr(expression->attr, op, &resolved) != 0 ||
	    dwarf_formaddr(&resolved, &address) != 0)
		return false;
	*ret = address;
	return true;
}

/* Bytes that stand in the expression itself. */
static bool implicit_value(struct expression *expression, const Dwarf_Op *op,
                           uint64_t *ret)
{
	Dwarf_Attribute resolved;
	Dwarf_Block block;
	Dwarf_Die unit;
	if (op->atom != DW_OP_implicit_value ||
	    dwarf_getlocation_attr(expression->attr, op, &resolved) != 0 ||
	    dwarf_formblock(&resolved, &block) != 0 || block.length > 8 ||
	    !dwarf_cu_die(expression->attr->cu, &unit, NULL, NULL, NULL, NULL, NULL,
	                  NULL))
		return false;
	Dwarf *dwarf = dwarf_cu_getdwarf(expression->attr->cu);
	Elf *elf = dwarf ? dwarf_getelf(dwarf) : NULL;
	GElf_Ehdr header;
	if (!elf || !gelf_getehdr(elf, &header))
		return false;
	bool big = header.e_ident[EI_DATA] == ELFDATA2MSB;
	uint64_t value = 0;
	for (size_t i = 0; i < block.length; i++)
		value = value << 8 | block.data[big ? i : block.length - 1 - i];
	*ret = value;
	return true;
}

static bool take_thread(struct expression *expression)
{
	uint64_t ignored;
	const Dwarf_Op *op = peek(expression);
	if (!op || expression->at + 1 >= expression->count)
		return false;
	unsigned next = expression->ops[expression->at + 1].atom;
	if (next != DW_OP_form_tls_address && next != DW_OP_GNU_push_tls_address)
		return false;
	if (op->atom != DW_OP_addr && op->atom != DW_OP_constx &&
	    op->atom != DW_OP_GNU_const_index && !constant(op, &ignored))
		return false;
	expression->at += 2;
	return true;
}

/* One piece, up to but without its DW_OP_piece. */
static bool take_place(struct expression *expression, struct value_place *ret)
{
	struct register_sum sum;
	uint64_t value;
	const Dwarf_Op *op = peek(expression);
	*ret = (struct value_place){ 0 };
	if (take_register(expression, &ret->reg)) {
		ret->kind = PLACE_REGISTER;
		return is_end(expression);
	}
	if (take_register_sum(expression, &sum)) {
		ret->kind = take(expression, DW_OP_stack_value) ? PLACE_SUM
		                                                : PLACE_MEMORY;
		ret->reg = sum.reg;
		ret->offset = sum.offset;
		return is_end(expression);
	}
	if (take_thread(expression)) {
		ret->kind = PLACE_THREAD;
		return is_end(expression);
	}
	if (op && address_operand(expression, op, &value)) {
		expression->at++;
		ret->offset = value + take_offsets(expression);
		/* "address; stack_value" is a pointer whose value is known */
		ret->kind = take(expression, DW_OP_stack_value) ? PLACE_CONSTANT
		                                                : PLACE_ADDRESS;
		return is_end(expression);
	}
	if (op && constant(op, &value)) {
		expression->at++;
		ret->kind = PLACE_CONSTANT;
		ret->offset = value;
		return take(expression, DW_OP_stack_value) && is_end(expression);
	}
	if (op && implicit_value(expression, op, &value)) {
		expression->at++;
		ret->kind = PLACE_CONSTANT;
		ret->offset = value;
		return is_end(expression);
	}
	return false;
}

static void skip_to_piece(struct expression *expression)
{
	while (!is_end(expression))
		expression->at++;
}

static size_t read_places(struct expression *expression,
                          struct value_place ret[PLACES_MAX])
{
	size_t found = 0;
	uint64_t offset = 0;
	while (expression->at < expression->count && found < PLACES_MAX) {
		struct value_place *place = &ret[found];
		bool known = take_place(expression, place);
		skip_to_piece(expression);
		const Dwarf_Op *piece = peek(expression);
		/* Something stood before that was not understood: so is the whole. */
		if (!piece)
			return known && offset == 0 ? 1 : 0;
		place->piece_offset = offset;
		place->piece_size = piece->number;
		if (known && piece->number > 0)
			found++;
		if (piece->number > UINT32_MAX)
			break;
		offset += piece->number;
		expression->at++;
	}
	return found;
}

static bool open_expression(struct debug_file *file, Dwarf_Attribute *attr,
                            uint64_t address, const struct frame *frame,
                            struct expression *ret)
{
	Dwarf_Op *ops;
	size_t count;
	if (!budget_take(&file->budget, LOCATION_COST) ||
	    !location_list_is_sound(&file->location_lists, &file->budget, attr) ||
	    dwarf_getlocation_addr(attr, address, &ops, &count, 1) != 1 ||
	    !budget_take(&file->budget, OPERATION_COST * count))
		return false;
	*ret = (struct expression){
		.ops = ops, .count = count, .attr = attr, .frame = frame
	};
	return true;
}

size_t places_find(struct debug_file *file, Dwarf_Die *die, uint64_t address,
                   const struct frame *frame, struct value_place ret[PLACES_MAX])
{
	Dwarf_Attribute attr;
	struct expression expression;
	if (!die_attr(die, DW_AT_location, &attr) ||
	    !open_expression(file, &attr, address, frame, &expression))
		return 0;
	return read_places(&expression, ret);
}

static void read_cfa(struct budget *budget, Dwarf_CFI *cfi, uint64_t bytes,
                     uint64_t address, struct register_sum *ret)
{
	Dwarf_Frame *frame;
	Dwarf_Op *ops;
	size_t count;
	struct register_sum sum;
	if (!cfi || !budget_take(budget, 1 + bytes / UNWIND_PER_COST) ||
	    dwarf_cfi_addrframe(cfi, address, &frame) != 0)
		return;
	if (dwarf_frame_cfa(frame, &ops, &count) == 0) {
		struct expression expression = { .ops = ops, .count = count };
		if (take_register_sum(&expression, &sum) && is_end(&expression))
			*ret = sum;
	}
	free(frame);
}

void frame_find(struct debug_file *file, const struct scopes *scopes,
                const struct unwind *unwind, uint64_t address, uint64_t image_address,
                struct frame *ret)
{
	Dwarf_Attribute attr;
	struct expression expression;
	unsigned reg;
	*ret = (struct frame){ 0 };
	read_cfa(&file->budget, unwind->debug_frame, unwind->debug_frame_bytes, address,
	         &ret->cfa);
	if (!ret->cfa.known)
		read_cfa(&file->budget, unwind->eh_frame, unwind->eh_frame_bytes,
		         image_address, &ret->cfa);
	/* The innermost function that has a frame of its own. */
	for (size_t i = scopes->count; i > 0; i--) {
		Dwarf_Die die = scopes->dies[i - 1];
		if (dwarf_tag(&die) != DW_TAG_subprogram ||
		    !die_attr(&die, DW_AT_frame_base, &attr))
			continue;
		struct register_sum sum;
		if (!open_expression(file, &attr, address, ret, &expression))
			return;
		if (take_register(&expression, &reg))
			ret->base = (struct register_sum){ true, reg, 0 };
		else if (take_register_sum(&expression, &sum))
			ret->base = sum;
		if (!is_end(&expression))
			ret->base.known = false;
		return;
	}
}
