/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* x86-64, x32 and i386, in AT&T and in Intel syntax. */
#include <string.h>

#include "elf/object/machine.h"
#include "probe/operand/arch.h"

/* 0 stands for what shows neither: it is read as AT&T's, which compilers write unless told. */
enum dialect {
	DIALECT_ATT = 1,
	DIALECT_INTEL
};

/*
 * General registers by the names of their parts; the columns are 8, 4, 2, 1 bytes, bits
 * 8-15. Most operands name one: names are padded with NUL so as to compare in one step.
 */
#define GPR_PARTS 5
#define GPR_NAME  8
static const struct gpr {
	char part[GPR_PARTS][GPR_NAME];
} gprs[] = {
	{ { "rax", "eax", "ax", "al", "ah" } }, { { "rbx", "ebx", "bx", "bl", "bh" } },
	{ { "rcx", "ecx", "cx", "cl", "ch" } }, { { "rdx", "edx", "dx", "dl", "dh" } },
	{ { "rsi", "esi", "si", "sil" } },      { { "rdi", "edi", "di", "dil" } },
	{ { "rbp", "ebp", "bp", "bpl" } },      { { "rsp", "esp", "sp", "spl" } },
	{ { "r8", "r8d", "r8w", "r8b" } },      { { "r9", "r9d", "r9w", "r9b" } },
	{ { "r10", "r10d", "r10w", "r10b" } },  { { "r11", "r11d", "r11w", "r11b" } },
	{ { "r12", "r12d", "r12w", "r12b" } },  { { "r13", "r13d", "r13w", "r13b" } },
	{ { "r14", "r14d", "r14w", "r14b" } },  { { "r15", "r15d", "r15w", "r15b" } },
};

#define I386_GPRS 8

static const unsigned part_widths[GPR_PARTS] = { 8, 4, 2, 1, 1 };

/*
 * The class is VECTOR for all: GCC names a 32-byte operand %xmm1 on i386, where the SDT
 * template asks for the register's short name, and means the whole register.
 */
static const struct register_row others[] = {
	NUMBERED("xmm", 0, 31, "xmm", 0, REGISTER_VECTOR, 16),
	NUMBERED("ymm", 0, 31, "ymm", 0, REGISTER_VECTOR, 32),
	NUMBERED("zmm", 0, 31, "zmm", 0, REGISTER_VECTOR, 64),
	NUMBERED("mm", 0, 7, "mm", 0, REGISTER_VECTOR, 8),
	NUMBERED("k", 0, 7, "k", 0, REGISTER_VECTOR, 8),
	NAMED("st", "st(0)", REGISTER_VECTOR, 10), /* the short name of the top */
	NAMED("rip", "rip", REGISTER_GENERAL, 8),
	NAMED("eip", "eip", REGISTER_GENERAL, 4),
	NAMED("cs", "cs", REGISTER_VECTOR, 2),
	NAMED("ds", "ds", REGISTER_VECTOR, 2),
	NAMED("es", "es", REGISTER_VECTOR, 2),
	NAMED("fs", "fs", REGISTER_VECTOR, 2),
	NAMED("gs", "gs", REGISTER_VECTOR, 2),
	NAMED("ss", "ss", REGISTER_VECTOR, 2),
};

static const struct register_row x87_stack[] = {
	NUMBERED("st(", 0, 7, "st(", 0, REGISTER_VECTOR, 10),
};

static bool find_gpr(const struct operand_context *context, struct text name,
                     struct register_found *ret)
{
	bool is_64 = context->machine == EM_X86_64;
	size_t rows = is_64 ? ARRAY_SIZE(gprs) : I386_GPRS;
	unsigned full = is_64 ? 0 : 1;
	char wanted[GPR_NAME] = { 0 };
	if (name.size == 0 || name.size >= sizeof(wanted))
		return false;
	memcpy(wanted, name.at, name.size);
	/* The widest first, as compilers name them. */
	for (unsigned part = full; part < GPR_PARTS; part++) {
		for (size_t i = 0; i < rows; i++) {
			if (memcmp(gprs[i].part[part], wanted, sizeof(wanted)) != 0)
				continue;
			*ret = (struct register_found){
				.full = text_of(gprs[i].part[full]),
				.class = REGISTER_GENERAL,
				.width = part_widths[part],
				.shift = part == GPR_PARTS - 1 ? 8 : 0,
			};
			return true;
		}
	}
	return false;
}

/* A register's name without its %: "rdi", "st(1)". */
static bool take_register(struct operand_job *job, struct cursor *cursor,
                          struct register_found *ret)
{
	struct cursor ahead = *cursor;
	struct text name = cursor_alnum(&ahead);
	if (text_is(name, "st") && cursor_take(&ahead, '(')) {
		/* Up to the parenthesis it is a family like any other. */
		name.size += 1 + cursor_alnum(&ahead).size;
		if (!cursor_take(&ahead, ')') ||
		    !register_find(job, x87_stack, ARRAY_SIZE(x87_stack), name, ret))
			return false;
		ret->full = arena_text(job->arena, name.at, name.size + 1);
		job->out_of_memory |= !ret->full.at;
		*cursor = ahead;
		return ret->full.at;
	}
	if (!find_gpr(job->context, name, ret) &&
	    !register_find(job, others, ARRAY_SIZE(others), name, ret))
		return false;
	*cursor = ahead;
	return true;
}

static bool is_segment(struct text full)
{
	return full.size == 2 && full.at[1] == 's';
}

static bool is_instruction_pointer(struct text full)
{
	return full.size == 3 && full.at[1] == 'i' && full.at[2] == 'p';
}

/* sym(%rip) names the symbol itself; what the assembler subtracts, the processor adds. */
static void drop_instruction_pointer(struct operand *op)
{
	if (!op->base.at || !is_instruction_pointer(op->base))
		return;
	op->pc_relative = true;
	if (op->symbol.at)
		op->base = (struct text){ NULL, 0 };
}

static bool is_address_register(const struct register_found *reg)
{
	return reg->class == REGISTER_GENERAL && reg->width >= 4;
}

static bool is_scale(unsigned scale)
{
	return scale == 1 || scale == 2 || scale == 4 || scale == 8;
}

/* ---- AT&T ------------------------------------------------------------------------ */

/* "(%rsi,%rdi,8)", each part but the parentheses optional, after the opening one. */
static bool take_att_registers(struct operand_job *job, struct cursor *cursor)
{
	struct operand *op = job->op;
	struct register_found reg;
	if (cursor_take_spaced(cursor, '%')) {
		if (!take_register(job, cursor, &reg) || !is_address_register(&reg))
			return false;
		op->base = reg.full;
	}
	if (cursor_take_spaced(cursor, ',')) {
		if (cursor_take(cursor, '%')) {
			if (!take_register(job, cursor, &reg) ||
			    !is_address_register(&reg) ||
			    is_instruction_pointer(reg.full))
				return false;
			op->index = reg.full;
			op->scale = 1;
		}
		unsigned scale = 1;
		if (cursor_take_spaced(cursor, ',') &&
		    (!cursor_small(cursor, 8, &scale) || !is_scale(scale)))
			return false;
		if (op->index.at)
			op->scale = scale;
	}
	return cursor_take_spaced(cursor, ')');
}

static bool parse_att_memory(struct operand_job *job, struct cursor cursor)
{
	struct sum sum = { 0 };
	bool has_sum = cursor_peek(&cursor) != '(';
	if (has_sum && !sum_take(job, &cursor, &sum))
		return false;
	if (cursor_take(&cursor, '(')) {
		if (!take_att_registers(job, &cursor))
			return false;
		if (!has_sum && !job->op->base.at && !job->op->index.at)
			return false;
	}
	if (!cursor_done(&cursor) || !operand_set_displacement(job, &sum))
		return false;
	drop_instruction_pointer(job->op);
	return true;
}

/* Behind $, a float is its bits, in hexadecimal: kept as written, for it is no number. */
static bool parse_float_bits(struct operand_job *job, struct cursor text)
{
	struct cursor prefix = text, ahead = text;
	struct wide unused;
	if (!job->is_float || !cursor_take_string(&prefix, "0x") ||
	    !cursor_number(&ahead, &unused) || !cursor_done(&ahead))
		return false;
	job->op->kind = USDTINFO_OPERAND_CONSTANT;
	job->op->value = arena_text(job->arena, text.at, (size_t)(ahead.at - text.at));
	job->out_of_memory |= !job->op->value.at;
	return job->op->value.at;
}

static bool parse_att(struct operand_job *job, struct cursor cursor)
{
	if (cursor_take(&cursor, '$')) {
		if (parse_float_bits(job, cursor))
			return true;
		struct sum sum = { 0 };
		return sum_take(job, &cursor, &sum) && cursor_done(&cursor) &&
		       operand_set_immediate(job, &sum);
	}
	if (!cursor_take(&cursor, '%'))
		return parse_att_memory(job, cursor);

	struct register_found reg;
	if (!take_register(job, &cursor, &reg))
		return false;
	if (cursor_done(&cursor))
		return operand_set_register(job, &reg);
	if (!is_segment(reg.full) || !cursor_take(&cursor, ':'))
		return false;
	job->op->segment = reg.full;
	return parse_att_memory(job, cursor);
}

/* ---- Intel ------------------------------------------------------------------------- */

/* What the terms of an Intel operand add up to. */
struct intel {
	struct sum sum;
	bool inside;    /* of brackets */
	bool is_memory; /* for certain */
};

/* A register in brackets is the base, the one with a scale or the second the index. */
static bool add_intel_register(struct operand_job *job, const struct register_found *reg,
                               unsigned scale)
{
	struct operand *op = job->op;
	if (!is_address_register(reg))
		return false;
	if (!scale && !op->base.at) {
		op->base = reg->full;
		return true;
	}
	if (op->index.at || (scale && !is_scale(scale)))
		return false;
	op->index = reg->full;
	op->scale = scale ? scale : 1;
	return true;
}

static bool take_intel_term(struct operand_job *job, struct cursor *cursor,
                            struct intel *intel, bool negative)
{
	struct register_found reg;
	struct cursor ahead = *cursor;
	unsigned scale = 0;
	if (intel->inside && !negative) {
		/* clang: "[rip + offset sv]" */
		cursor_take_string(&ahead, "offset ");
		*cursor = ahead;
		/* "4*rdi" as well as "rdi*4" */
		bool scale_first = cursor_small(&ahead, 8, &scale) &&
		                   cursor_take_spaced(&ahead, '*');
		if (!scale_first) {
			ahead = *cursor;
			scale = 0;
		}
		if (take_register(job, &ahead, &reg)) {
			if (!scale_first && cursor_take_spaced(&ahead, '*') &&
			    !cursor_small(&ahead, 8, &scale))
				return false;
			*cursor = ahead;
			return add_intel_register(job, &reg, scale);
		}
		if (scale_first)
			return false;
	}
	return sum_take_term(job, cursor, negative, &intel->sum);
}

/* Terms in and before brackets: "-8[rbp]", "arr[0+rdx*4]", "[rip + sv]". */
static bool take_intel_terms(struct operand_job *job, struct cursor *cursor,
                             struct intel *intel)
{
	bool wants_term = true, negative = false;
	if (cursor_take_spaced(cursor, '-'))
		negative = true;
	while (!cursor_done(cursor)) {
		if (!intel->inside && cursor_take_spaced(cursor, '[')) {
			intel->inside = intel->is_memory = wants_term = true;
			negative = cursor_take_spaced(cursor, '-');
			continue;
		}
		if (intel->inside && !wants_term && cursor_take_spaced(cursor, ']')) {
			intel->inside = false;
			continue;
		}
		if (wants_term) {
			if (!take_intel_term(job, cursor, intel, negative))
				return false;
			wants_term = false;
			continue;
		}
		negative = false;
		if (cursor_take_spaced(cursor, '-'))
			negative = true;
		else if (!cursor_take_spaced(cursor, '+'))
			return false;
		wants_term = true;
	}
	return !intel->inside && !wants_term;
}

/* "QWORD PTR "; which width it names does not matter. */
static bool take_intel_width(struct cursor *cursor)
{
	struct cursor ahead = *cursor;
	if (!cursor_alnum(&ahead).size)
		return false;
	cursor_skip_spaces(&ahead);
	if (!cursor_take_string(&ahead, "ptr"))
		return false;
	unsigned char next = cursor_peek(&ahead);
	if (next != ' ' && next != '[')
		return false;
	cursor_skip_spaces(&ahead);
	*cursor = ahead;
	return true;
}

static bool parse_intel(struct operand_job *job, struct cursor cursor)
{
	struct intel intel = { 0 };
	if (cursor_take_string(&cursor, "offset ")) {
		cursor_take_string(&cursor, "flat:");
		return sum_take(job, &cursor, &intel.sum) && cursor_done(&cursor) &&
		       operand_set_immediate(job, &intel.sum);
	}
	intel.is_memory = take_intel_width(&cursor);

	struct register_found reg;
	struct cursor ahead = cursor;
	if (take_register(job, &ahead, &reg)) {
		if (cursor_done(&ahead) && !intel.is_memory)
			return operand_set_register(job, &reg);
		if (is_segment(reg.full) && cursor_take(&ahead, ':')) {
			intel.is_memory = true;
			/* ds: is how Intel syntax marks an absolute address, not a segment. */
			if (!text_is(reg.full, "ds"))
				job->op->segment = reg.full;
			cursor = ahead;
		}
	}
	if (!take_intel_terms(job, &cursor, &intel))
		return false;
	if (!intel.is_memory && !intel.sum.symbol.at)
		return operand_set_immediate(job, &intel.sum);
	if (!operand_set_displacement(job, &intel.sum))
		return false;
	drop_instruction_pointer(job->op);
	return true;
}

/* ---- which of the two ----------------------------------------------------------------- */

/* "xmm3", "st(1)"; variables may well be called like the rest, "st" and "k1". */
static bool take_bare_vector(struct cursor *cursor)
{
	struct text name = cursor_alnum(cursor);
	if (text_is(name, "st"))
		return cursor_take(cursor, '(') && cursor_alnum(cursor).size == 1 &&
		       cursor_take(cursor, ')');
	if (name.size < 4 || name.size > 5 || !strchr("xyz", name.at[0]) ||
	    memcmp(name.at + 1, "mm", 2) != 0)
		return false;
	for (size_t i = 3; i < name.size; i++) {
		if (name.at[i] < '0' || name.at[i] > '9')
			return false;
	}
	return true;
}

/* Whether what follows is written as only Intel syntax has it. */
static bool is_intel(const struct operand_context *context, struct cursor text)
{
	struct register_found unused;
	struct cursor ahead = text, vector = text;
	if ((cursor_peek(&text) | 0x20) < 'a') /* most begin with a number */
		return false;
	if (take_intel_width(&text) || cursor_take_string(&text, "offset "))
		return true;
	if (take_bare_vector(&vector))
		ahead = vector;
	else if (!find_gpr(context, cursor_alnum(&ahead), &unused))
		return false;
	return cursor_done(&ahead) || cursor_peek(&ahead) == ' ';
}

/*
 * A bare number is memory in AT&T syntax and a constant in Intel's, so the whole argument
 * string decides: AT&T as soon as a % or a $ in front of an operand shows it. Where it shows
 * neither, the object's other strings do.
 */
static unsigned find_dialect(const struct operand_context *context, struct text arguments)
{
	bool intel = false;
	const char *end = arguments.at + arguments.size;
	for (const char *at = arguments.at; at < end; at++) {
		bool starts = at == arguments.at || at[-1] == ' ' || at[-1] == '@';
		if (*at == '%' || (*at == '$' && starts))
			return DIALECT_ATT;
		intel = intel || *at == '[';
		if (starts && !intel)
			intel = is_intel(context, (struct cursor){ at, end });
	}
	return intel ? DIALECT_INTEL : 0;
}

/* A number or a sum of numbers; a hexadecimal one begins with a digit, too. */
static bool is_ambiguous(struct cursor text)
{
	bool any = false;
	for (; !cursor_done(&text); text.at++) {
		bool is_digit = *text.at >= '0' && *text.at <= '9';
		if (!is_digit && !memchr("+- ", *text.at, 3) &&
		    !(any && memchr("abcdefABCDEFxX", *text.at, 14)))
			return false;
		any = any || is_digit;
	}
	return any;
}

static bool parse(struct operand_job *job, struct cursor text)
{
	if (job->dialect == DIALECT_INTEL ? parse_intel(job, text) : parse_att(job, text))
		return true;
	/* GCC writes a literal that no instruction could hold as it is: "16f@1.25e+0". */
	*job->op = (struct operand){ .kind = USDTINFO_OPERAND_UNKNOWN };
	return job->is_float && operand_set_float(job, text);
}

const struct arch arch_x86 = {
	.machines = { EM_X86_64, EM_386, EM_IAMCU },
	.parse = parse,
	.dialect = find_dialect,
	.is_ambiguous = is_ambiguous,
};
