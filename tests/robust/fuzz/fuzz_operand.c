/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Fuzz target: the operand parser. The first byte chooses machine and class, the rest is
 * an argument string.
 */
#include "base/array.h"
#include "elf/object/machine.h"
#include "fuzz.h"
#include "probe/operand/operand.h"

static const struct operand_context contexts[] = {
	{ .machine = EM_X86_64, .elf_class = 64, .word_size = 8 },
	{ .machine = EM_X86_64, .elf_class = 32, .word_size = 8 },
	{ .machine = EM_386, .elf_class = 32, .word_size = 4 },
	{ .machine = EM_AARCH64, .elf_class = 64, .word_size = 8 },
	{ .machine = EM_ARM, .elf_class = 32, .word_size = 4 },
	{ .machine = EM_PPC64, .elf_class = 64, .word_size = 8 },
	{ .machine = EM_PPC, .elf_class = 32, .word_size = 4 },
	{ .machine = EM_S390, .elf_class = 64, .word_size = 8 },
	{ .machine = EM_RISCV, .elf_class = 64, .word_size = 8 },
	{ .machine = EM_MIPS, .elf_class = 32, .word_size = 4 },
	{ .machine = EM_MIPS, .elf_class = 64, .word_size = 8 },
	{ .machine = EM_LOONGARCH, .elf_class = 64, .word_size = 8 },
	{ .machine = EM_SPARCV9, .elf_class = 64, .word_size = 8 },
	{ .machine = EM_NONE, .elf_class = 64, .word_size = 8 },
};

static void check_text(struct text text)
{
	if (text.at)
		require(text.at[text.size] == '\0');
}

/* What every reader of an operand relies on. */
static void check_operand(const struct usdtinfo_argument *argument)
{
	const struct operand *op = &argument->operand;
	const struct text texts[] = { op->reg,     op->value,  op->base,      op->index,
		                      op->segment, op->symbol, op->relocation };
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		check_text(texts[i]);
	require((op->kind == USDTINFO_OPERAND_REGISTER) == (op->reg.at != NULL));
	require((op->kind == USDTINFO_OPERAND_CONSTANT) == (op->value.at != NULL));
	require(op->kind != USDTINFO_OPERAND_ADDRESS || op->symbol.at);
	require((op->index.at != NULL) == (op->scale != 0));
	require(op->kind != USDTINFO_OPERAND_UNKNOWN || !argument->resolvable);
	require(!op->address.known && !op->candidates);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	const struct operand_context *context = &contexts[*data % ARRAY_SIZE(contexts)];
	char *text = fuzz_copy(data + 1, size - 1, true);

	struct arguments arguments = { 0 };
	int r = arguments_parse(&arguments, context, (struct text){ text, size - 1 },
	                        NULL);
	free(text);
	require(r == 0);
	for (size_t i = 0; i < arguments.count; i++) {
		const struct usdtinfo_argument *argument = &arguments.items[i];
		require(argument->number == i);
		require(argument->raw.at && argument->type.at);
		check_text(argument->raw);
		check_operand(argument);
	}
	arguments_deinit(&arguments);
	return 0;
}
