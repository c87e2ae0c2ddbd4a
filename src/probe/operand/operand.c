/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The front end of operands: sizes, types, normalised constants, the machine's parser. */
#include "probe/operand/operand.h"

#include <stdio.h>

#include "base/error.h"
#include "probe/operand/arch.h"
#include "probe/operand/operand_split.h"

/* Types of integers, by log2 of the size and sign; of floats, by size. */
static const struct {
	uint64_t size;
	bool is_float, is_signed;
	const char *name;
} types[] = {
	{ 1, false, true, "int8" },         { 1, false, false, "uint8" },
	{ 2, false, true, "int16" },        { 2, false, false, "uint16" },
	{ 4, false, true, "int32" },        { 4, false, false, "uint32" },
	{ 8, false, true, "int64" },        { 8, false, false, "uint64" },
	{ 4, true, false, "float" },        { 8, true, false, "double" },
	{ 10, true, false, "long double" }, { 12, true, false, "long double" },
	{ 16, true, false, "long double" },
};

static bool set_type(struct arguments *arguments, struct usdtinfo_argument *argument)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (types[i].size != argument->size ||
		    types[i].is_float != argument->is_float)
			continue;
		if (argument->is_float || types[i].is_signed == argument->is_signed) {
			argument->type = text_of(types[i].name);
			return true;
		}
	}
	char buf[32];
	int size = snprintf(buf, sizeof(buf), "bytes%llu",
	                    (unsigned long long)argument->size);
	argument->type = arena_text(&arguments->arena, buf, (size_t)size);
	return argument->type.at;
}

/* A constant as the probe passed it: the compiler writes (unsigned char)200 as -56. */
static bool set_value(struct operand_job *job, const struct usdtinfo_argument *argument)
{
	struct operand *op = job->op;
	if (op->kind != USDTINFO_OPERAND_CONSTANT || op->value.at)
		return true;
	if (!argument->size || argument->size > WIDE_BYTES)
		return false;

	/* The number beside a float's size is its value, not its bits: the sign is its own. */
	bool is_signed = argument->is_signed || argument->is_float;
	struct wide value = wide_fit(job->constant, (unsigned)argument->size, is_signed);
	char buf[WIDE_DECIMAL_SIZE];
	const char *decimal = wide_format(value, is_signed, buf);
	op->value = arena_text(job->arena, decimal,
	                       (size_t)(buf + WIDE_DECIMAL_SIZE - 1 - decimal));
	job->out_of_memory |= !op->value.at;
	return op->value.at;
}

/* Whether the value can be read without knowing more than registers and memory. */
static bool needs_no_symbol(const struct operand *op)
{
	if (op->kind == USDTINFO_OPERAND_UNKNOWN || op->symbol.at)
		return false;
	return !op->reg_pair && !op->pc_relative;
}

static int parse_operand(struct arguments *arguments,
                         const struct operand_context *context, const struct arch *arch,
                         unsigned dialect, struct cursor text,
                         struct usdtinfo_argument *argument)
{
	struct operand_job job = {
		.context = context,
		.dialect = dialect,
		.size = argument->size,
		.is_float = argument->is_float,
		.arena = &arguments->arena,
		.op = &argument->operand,
	};
	cursor_skip_spaces(&text);
	if (!arch->parse(&job, text) || !set_value(&job, argument))
		argument->operand = (struct operand){ .kind = USDTINFO_OPERAND_UNKNOWN };
	argument->resolvable = needs_no_symbol(&argument->operand) &&
	                       !(arch->dialect && !dialect && arch->is_ambiguous(text));
	return job.out_of_memory ? USDTINFO_E_MEMORY : USDTINFO_OK;
}

static struct usdtinfo_argument *append(struct arguments *arguments)
{
	if (!array_grow(&arguments->items, &arguments->room, arguments->count + 1,
	                sizeof(*arguments->items)))
		return NULL;
	struct usdtinfo_argument *argument = &arguments->items[arguments->count];
	*argument = (struct usdtinfo_argument){ .number = arguments->count };
	arguments->count++;
	return argument;
}

static int parse_argument(struct arguments *arguments,
                          const struct operand_context *context, const struct arch *arch,
                          unsigned dialect, struct text piece)
{
	struct usdtinfo_argument *argument = append(arguments);
	if (!argument)
		return USDTINFO_E_MEMORY;
	argument->raw = arena_text(&arguments->arena, piece.at, piece.size);
	if (!argument->raw.at)
		return USDTINFO_E_MEMORY;

	struct size_prefix prefix = { .size = context->word_size };
	argument->size_declared = size_prefix_take(argument->raw, &prefix);
	argument->size = prefix.size;
	argument->is_signed = prefix.is_signed;
	argument->is_float = prefix.is_float;
	if (!set_type(arguments, argument))
		return USDTINFO_E_MEMORY;
	if (!arch || prefix.too_large)
		return USDTINFO_OK;

	struct cursor text = {
		.at = argument->raw.at + prefix.length,
		.end = argument->raw.at + argument->raw.size,
	};
	return parse_operand(arguments, context, arch, dialect, text, argument);
}

unsigned operand_dialect(const struct operand_context *context, struct text text,
                         bool *open_ret)
{
	const struct arch *arch = arch_find(context->machine);
	unsigned dialect = arch && arch->dialect && text.size
	                           ? arch->dialect(context, text)
	                           : 0;
	*open_ret = arch && arch->dialect && text.size && !dialect;
	return dialect;
}

uint64_t operand_count_ambiguous(const struct operand_context *context, struct text text)
{
	const struct arch *arch = arch_find(context->machine);
	struct splitter splitter;
	struct text piece;
	uint64_t count = 0;
	if (!arch || !arch->dialect)
		return 0;
	splitter_init(&splitter, text);
	while (splitter_next(&splitter, &piece)) {
		struct size_prefix prefix = { 0 };
		size_prefix_take(piece, &prefix);
		count += arch->is_ambiguous((struct cursor){ piece.at + prefix.length,
		                                             piece.at + piece.size });
	}
	return count;
}

int arguments_parse(struct arguments *arguments, const struct operand_context *context,
                    struct text text, struct usdtinfo_error *err)
{
	arguments->count = 0;
	arena_clear(&arguments->arena);
	if (!text.size)
		return USDTINFO_OK;

	if (arguments->machine != context->machine) {
		arguments->machine = context->machine;
		arguments->arch = arch_find(context->machine);
	}
	const struct arch *arch = arguments->arch;
	unsigned dialect = arch && arch->dialect ? arch->dialect(context, text) : 0;
	if (!dialect)
		dialect = context->dialect;
	struct splitter splitter;
	splitter_init(&splitter, text);
	struct text piece;
	while (splitter_next(&splitter, &piece)) {
		int r = parse_argument(arguments, context, arch, dialect, piece);
		if (r < 0)
			return fail_memory(err);
	}
	return USDTINFO_OK;
}

void arguments_deinit(struct arguments *arguments)
{
	free(arguments->items);
	arena_deinit(&arguments->arena);
	*arguments = (struct arguments){ 0 };
}
