/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Finding traits in arguments. */
#include <string.h>

#include "base/array.h"
#include "elf/object/machine.h"
#include "probe/operand/operand_split.h"
#include "probe/tracer/traits.h"

static struct text operand_text(const struct usdtinfo_argument *argument)
{
	struct size_prefix prefix;
	struct text text = argument->raw;
	if (!text.at || !size_prefix_take(text, &prefix))
		return text;
	return (struct text){ text.at + prefix.length, text.size - prefix.length };
}

static bool holds(struct text text, char c)
{
	return text.size && memchr(text.at, c, text.size);
}

static bool begins(struct text text, const char *string)
{
	size_t size = strlen(string);
	return text.size >= size && memcmp(text.at, string, size) == 0;
}

static bool is_x86(unsigned machine)
{
	return machine == EM_X86_64 || machine == EM_386 || machine == EM_IAMCU;
}

/* By their names in operands, for each machine the ones that hold no integer. */
static bool is_other_register(unsigned machine, struct text name)
{
	static const char *const x86[] = { "xmm", "ymm", "zmm", "mm", "st", "k" };
	static const char *const segments[] = { "cs", "ds", "es", "fs", "gs", "ss" };
	if (is_x86(machine)) {
		for (size_t i = 0; i < ARRAY_SIZE(x86); i++)
			if (begins(name, x86[i]))
				return true;
		for (size_t i = 0; i < ARRAY_SIZE(segments); i++)
			if (text_equal(name, text_of(segments[i])))
				return true;
		return false;
	}
	bool numbered = name.size >= 2 && name.at[1] >= '0' && name.at[1] <= '9';
	switch (machine) {
	case EM_AARCH64:
		return numbered && strchr("vqdshbzp", *name.at);
	case EM_ARM:
		return numbered && strchr("sdq", *name.at);
	case EM_S390:
		return numbered && strchr("fva", *name.at);
	case EM_RISCV:
		return *name.at == 'f' || (numbered && *name.at == 'v');
	case EM_PPC:
	case EM_PPC64:
		return begins(name, "vs") || begins(name, "cr") ||
		       (numbered && strchr("fv", *name.at));
	case EM_SPARC:
	case EM_SPARC32PLUS:
	case EM_SPARCV9:
		return numbered && strchr("fdq", *name.at);
	default:
		return numbered && strchr("fw", *name.at);
	}
}

static uint64_t register_traits(unsigned machine, const struct operand *op,
                                struct text text)
{
	if (op->reg_pair)
		return TRAIT(ARG_REGISTER_PAIR);
	if (op->reg_shift)
		return TRAIT(ARG_REGISTER_HIGH);
	if (!op->reg.size || is_other_register(machine, op->reg))
		return TRAIT(ARG_REGISTER_OTHER);
	bool low_byte = is_x86(machine) && begins(text, "%r") &&
	                text.at[text.size - 1] == 'b' && text.at[2] >= '0' &&
	                text.at[2] <= '9';
	return TRAIT(ARG_REGISTER) | (low_byte ? TRAIT(ARG_REGISTER_BYTE) : 0);
}

/* "$0x10", "#010": what readers of decimals only stop at, or take for another number. */
static bool is_other_base(struct text text)
{
	while (text.size && strchr("$#i-+", *text.at)) {
		text.at++;
		text.size--;
	}
	return text.size > 1 && *text.at == '0' && text.at[1] != '.';
}

/* "-1@$200" is -56. */
static bool is_other_sign(const struct operand *op, struct text text)
{
	return op->value.size && *op->value.at == '-' && !holds(text, '-');
}

static bool is_stack_pointer(struct text base)
{
	return text_equal(base, text_of("sp")) || text_equal(base, text_of("rsp")) ||
	       text_equal(base, text_of("esp"));
}

/* "-8+3+1(%rbp)": a number and a symbol is what compilers write. */
static bool is_sum(const struct operand *op, struct text text)
{
	size_t terms = 1;
	for (size_t i = 1; i < text.size && text.at[i] != '('; i++)
		terms += text.at[i] == '+' || text.at[i] == '-';
	return terms > (op->symbol.at ? 2 : 1);
}

static uint64_t symbol_traits(const struct usdtinfo_argument *argument)
{
	const struct operand *op = &argument->operand;
	if (op->candidate_count)
		return TRAIT(ARG_AMBIGUOUS);
	if (!op->address.known)
		return TRAIT(ARG_UNRESOLVABLE);
	if (op->index.at)
		return TRAIT(ARG_SYMBOL_INDEX);
	/* With a relocation operator the base only holds what that leaves out. */
	if (op->base.at)
		return op->relocation.at ? TRAIT(ARG_SYMBOL_BASE)
		                         : TRAIT(ARG_SYMBOL_INDEX);
	return TRAIT(ARG_SYMBOL);
}

static uint64_t memory_traits(const struct usdtinfo_argument *argument, struct text text)
{
	const struct operand *op = &argument->operand;
	if (op->segment.at)
		return TRAIT(ARG_SEGMENT);
	if (op->symbol.at)
		return symbol_traits(argument);
	if (op->pc_relative)
		return TRAIT(ARG_UNRESOLVABLE);
	if (op->index.at)
		return TRAIT(ARG_INDEX) | (op->base.at ? 0 : TRAIT(ARG_INDEX_ALONE));
	if (!op->base.at)
		return TRAIT(ARG_ABSOLUTE);
	uint64_t traits = TRAIT(ARG_MEMORY);
	if (op->displacement == 0 && !holds(text, '0'))
		traits |= TRAIT(ARG_MEMORY_PLAIN);
	if (holds(text, ' '))
		traits |= TRAIT(ARG_MEMORY_SPACE);
	if (is_stack_pointer(op->base))
		traits |= TRAIT(ARG_MEMORY_STACK);
	return traits;
}

static uint64_t operand_traits(unsigned machine, const struct usdtinfo_argument *argument,
                               struct text text)
{
	switch (argument->operand.kind) {
	case USDTINFO_OPERAND_REGISTER:
		return register_traits(machine, &argument->operand, text);
	case USDTINFO_OPERAND_CONSTANT:
		return TRAIT(ARG_CONSTANT) |
		       (is_other_base(text) ? TRAIT(ARG_CONSTANT_BASE) : 0) |
		       (is_other_sign(&argument->operand, text) ? TRAIT(ARG_CONSTANT_SIGN)
		                                                : 0);
	case USDTINFO_OPERAND_MEMORY:
		return memory_traits(argument, text);
	case USDTINFO_OPERAND_ADDRESS:
		return TRAIT(ARG_ADDRESS);
	case USDTINFO_OPERAND_UNKNOWN:
		break;
	}
	return TRAIT(ARG_UNKNOWN);
}

static bool is_intel(unsigned machine, const struct operand *op, struct text text)
{
	if (!is_x86(machine) || !text.size)
		return false;
	switch (op->kind) {
	case USDTINFO_OPERAND_REGISTER:
		return *text.at != '%';
	case USDTINFO_OPERAND_CONSTANT:
	case USDTINFO_OPERAND_ADDRESS:
		return *text.at != '$';
	case USDTINFO_OPERAND_MEMORY:
		return holds(text, '[') || holds(text, ' ');
	case USDTINFO_OPERAND_UNKNOWN:
		break;
	}
	return false;
}

uint64_t argument_traits(unsigned machine, const struct usdtinfo_argument *argument)
{
	struct text text = operand_text(argument);
	uint64_t traits = operand_traits(machine, argument, text);
	uint64_t size = argument->size;
	if (argument->is_float)
		traits |= TRAIT(ARG_FLOAT);
	if (size != 1 && size != 2 && size != 4 && size != 8)
		traits |= TRAIT(ARG_SIZE_ODD);
	if (!argument->size_declared)
		traits |= TRAIT(ARG_SIZE_NONE);
	if (holds(text, '@'))
		traits |= TRAIT(ARG_AT);
	if (is_x86(machine) && argument->operand.kind == USDTINFO_OPERAND_MEMORY &&
	    is_sum(&argument->operand, text))
		traits |= TRAIT(ARG_SUM);
	if (argument->operand.symbol.at && argument->operand.displacement < 0 &&
	    text.size && *text.at != '-')
		traits |= TRAIT(ARG_SYMBOL_MINUS);
	if (is_intel(machine, &argument->operand, text))
		traits |= TRAIT(ARG_INTEL);
	return traits;
}
