/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Operands and source lines in words, for people. */
#include "output/list/operand_text.h"

#include <inttypes.h>

void strbuf_add_text(struct strbuf *out, struct text text)
{
	if (text.size)
		strbuf_add(out, text.at, text.size);
}

void strbuf_add_hex(struct strbuf *out, uint64_t value)
{
	char digits[18];
	size_t at = sizeof(digits);
	do {
		digits[--at] = "0123456789abcdef"[value & 15];
		value >>= 4;
	} while (value);
	digits[--at] = 'x';
	digits[--at] = '0';
	strbuf_add(out, digits + at, sizeof(digits) - at);
}

/* The terms of a sum: " + " stands between, not before the first. */
static void begin_term(struct strbuf *out, bool *first)
{
	if (!*first)
		strbuf_add_string(out, " + ");
	*first = false;
}

static void add_symbol(const struct operand *operand, struct strbuf *out, bool *first)
{
	if (!operand->symbol.at)
		return;
	begin_term(out, first);
	strbuf_add_text(out, operand->symbol);
	if (operand->relocation.at) {
		strbuf_add_char(out, '@');
		strbuf_add_text(out, operand->relocation);
	}
}

static void add_displacement(const struct operand *operand, struct strbuf *out,
                             bool *first)
{
	int64_t value = operand->displacement;
	uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	if (value == 0 && !*first)
		return;
	if (*first)
		strbuf_add_string(out, value < 0 ? "-" : "");
	else
		strbuf_add_string(out, value < 0 ? " - " : " + ");
	*first = false;
	strbuf_addf(out, "%" PRIu64, magnitude);
}

static void add_address(const struct operand *operand, struct strbuf *out)
{
	if (operand->address.known) {
		strbuf_add_string(out, " = ");
		strbuf_add_hex(out, operand->address.value);
		if (operand->index.at)
			strbuf_add_string(out, " and the index");
	}
	for (size_t i = 0; i < operand->candidate_count; i++) {
		strbuf_add_string(out, i == 0 ? ", one of " : ", ");
		strbuf_add_hex(out, operand->candidates[i]);
	}
}

static void describe_register(const struct operand *operand, struct strbuf *out)
{
	strbuf_add_string(out, "in ");
	strbuf_add_text(out, operand->reg);
	if (operand->reg_shift)
		strbuf_addf(out, " from bit %u", operand->reg_shift);
	if (operand->reg_pair)
		strbuf_add_string(out,
		                  " and a second register that the note does not name");
}

static void describe_memory(const struct operand *operand, struct strbuf *out)
{
	bool first = true;
	strbuf_add_string(out, "at ");
	if (operand->segment.at) {
		strbuf_add_text(out, operand->segment);
		strbuf_add_char(out, ':');
	}
	if (operand->base.at) {
		begin_term(out, &first);
		strbuf_add_text(out, operand->base);
	}
	if (operand->index.at) {
		if (operand->index_subtracted)
			strbuf_add_string(out, first ? "-" : " - ");
		else
			begin_term(out, &first);
		first = false;
		if (operand->index_extend != USDTINFO_EXTEND_NONE)
			strbuf_addf(out, "%s ",
			            usdtinfo_extend_name(operand->index_extend));
		strbuf_add_text(out, operand->index);
		if (operand->scale > 1)
			strbuf_addf(out, "*%u", operand->scale);
	}
	add_symbol(operand, out, &first);
	add_displacement(operand, out, &first);
	add_address(operand, out);
}

static void describe_address(const struct operand *operand, struct strbuf *out)
{
	bool first = true;
	strbuf_add_string(out, "address of ");
	add_symbol(operand, out, &first);
	add_displacement(operand, out, &first);
	add_address(operand, out);
}

void operand_describe(const struct usdtinfo_argument *argument, struct strbuf *out)
{
	const struct operand *operand = &argument->operand;
	switch (operand->kind) {
	case USDTINFO_OPERAND_UNKNOWN:
		strbuf_add_string(out, "not understood");
		return;
	case USDTINFO_OPERAND_REGISTER:
		describe_register(operand, out);
		break;
	case USDTINFO_OPERAND_CONSTANT:
		strbuf_add_string(out, "constant ");
		strbuf_add_text(out, operand->value);
		break;
	case USDTINFO_OPERAND_MEMORY:
		describe_memory(operand, out);
		break;
	case USDTINFO_OPERAND_ADDRESS:
		describe_address(operand, out);
		break;
	}
	if (!argument->resolvable)
		strbuf_add_string(out, ", cannot be resolved");
}

void source_describe(const struct source_line *line, struct strbuf *out)
{
	strbuf_add_text(out, line->file);
	if (line->line.known)
		strbuf_addf(out, ":%" PRIu64, line->line.value);
}
