/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Arguments as the kernel's uprobe_events spell them, and its names of registers. */
#include "probe/tracer/uprobe.h"

#include <inttypes.h>
#include <string.h>

#include "base/array.h"
#include "elf/object/machine.h"

/* ---- registers --------------------------------------------------------------------- */

enum width {
	ANY,
	ONLY_32,
	ONLY_64
};

/*
 * Families as arch/<machine>/kernel/ptrace.c lists them in its table of register offsets:
 * NAME0 to NAMEn here, TO0 + first there. FROM and TO end where the number begins.
 */
static const struct family {
	unsigned machine;
	enum width width;
	const char *from; /* an exact name when last is 0 */
	const char *to;
	unsigned first, last; /* numbers behind FROM */
	int shift;            /* added to them behind TO */
} families[] = {
	{ EM_X86_64, ANY, "rax", "ax" },
	{ EM_X86_64, ANY, "rbx", "bx" },
	{ EM_X86_64, ANY, "rcx", "cx" },
	{ EM_X86_64, ANY, "rdx", "dx" },
	{ EM_X86_64, ANY, "rsi", "si" },
	{ EM_X86_64, ANY, "rdi", "di" },
	{ EM_X86_64, ANY, "rbp", "bp" },
	{ EM_X86_64, ANY, "rsp", "sp" },
	{ EM_X86_64, ANY, "r", "r", 8, 15, 0 },
	{ EM_386, ANY, "eax", "ax" },
	{ EM_386, ANY, "ebx", "bx" },
	{ EM_386, ANY, "ecx", "cx" },
	{ EM_386, ANY, "edx", "dx" },
	{ EM_386, ANY, "esi", "si" },
	{ EM_386, ANY, "edi", "di" },
	{ EM_386, ANY, "ebp", "bp" },
	{ EM_386, ANY, "esp", "sp" },
	{ EM_AARCH64, ANY, "x", "x", 0, 30, 0 },
	{ EM_AARCH64, ANY, "sp", "sp" },
	{ EM_ARM, ANY, "r", "r", 0, 10, 0 },
	{ EM_ARM, ANY, "r11", "fp" },
	{ EM_ARM, ANY, "r12", "ip" },
	{ EM_ARM, ANY, "sp", "sp" },
	{ EM_ARM, ANY, "lr", "lr" },
	{ EM_ARM, ANY, "pc", "pc" },
	{ EM_PPC, ANY, "r", "gpr", 0, 31, 0 },
	{ EM_PPC, ANY, "lr", "link" },
	{ EM_PPC, ANY, "ctr", "ctr" },
	{ EM_PPC64, ANY, "r", "gpr", 0, 31, 0 },
	{ EM_PPC64, ANY, "lr", "link" },
	{ EM_PPC64, ANY, "ctr", "ctr" },
	{ EM_S390, ANY, "r", "r", 0, 15, 0 },
	{ EM_RISCV, ANY, "a", "a", 0, 7, 0 },
	{ EM_RISCV, ANY, "s", "s", 0, 11, 0 },
	{ EM_RISCV, ANY, "t", "t", 0, 6, 0 },
	{ EM_RISCV, ANY, "sp", "sp" },
	{ EM_RISCV, ANY, "ra", "ra" },
	{ EM_RISCV, ANY, "gp", "gp" },
	{ EM_RISCV, ANY, "tp", "tp" },
	{ EM_MIPS, ANY, "v", "r", 0, 1, 2 },
	{ EM_MIPS, ANY, "a", "r", 0, 7, 4 },
	{ EM_MIPS, ANY, "s", "r", 0, 7, 16 },
	{ EM_MIPS, ANY, "t", "r", 8, 9, 16 },
	{ EM_MIPS, ANY, "gp", "r28" },
	{ EM_MIPS, ANY, "sp", "r29" },
	{ EM_MIPS, ANY, "fp", "r30" },
	{ EM_MIPS, ANY, "ra", "r31" },
	{ EM_MIPS, ANY, "at", "r1" },
	/* t0 to t7 of o32 are 8 to 15, t0 to t3 of n64 12 to 15; n32 looks like neither. */
	{ EM_MIPS, ONLY_64, "t", "r", 0, 3, 12 },
	{ EM_MIPS, ONLY_32, "t", "r", 4, 7, 8 },
	{ EM_LOONGARCH, ANY, "a", "r", 0, 7, 4 },
	{ EM_LOONGARCH, ANY, "t", "r", 0, 8, 12 },
	{ EM_LOONGARCH, ANY, "s", "r", 0, 8, 23 },
	{ EM_LOONGARCH, ANY, "fp", "r22" },
	{ EM_LOONGARCH, ANY, "sp", "r3" },
	{ EM_LOONGARCH, ANY, "ra", "r1" },
	{ EM_LOONGARCH, ANY, "tp", "r2" },
	{ EM_LOONGARCH, ANY, "r21", "r21" },
};

/* The number behind @prefix, when that is all of @name. */
static bool number_behind(struct text name, const char *prefix, unsigned *ret)
{
	size_t size = strlen(prefix);
	unsigned number = 0;
	if (name.size <= size || name.size > size + 2 ||
	    memcmp(name.at, prefix, size) != 0)
		return false;
	for (size_t i = size; i < name.size; i++) {
		if (name.at[i] < '0' || name.at[i] > '9')
			return false;
		number = number * 10 + (unsigned)(name.at[i] - '0');
	}
	*ret = number;
	return true;
}

bool uprobe_register(unsigned machine, unsigned elf_class, struct text name,
                     struct strbuf *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
		const struct family *family = &families[i];
		unsigned number;
		if (family->machine != machine ||
		    (family->width != ANY &&
		     (family->width == ONLY_64) != (elf_class == 64)))
			continue;
		if (!family->last) {
			if (!text_equal(name, text_of(family->from)))
				continue;
			strbuf_add_string(out, family->to);
			return true;
		}
		if (!number_behind(name, family->from, &number) ||
		    number < family->first || number > family->last)
			continue;
		strbuf_addf(out, "%s%d", family->to, (int)number + family->shift);
		return true;
	}
	return false;
}

/* ---- fetch arguments --------------------------------------------------------------------- */

static bool add_memory(unsigned machine, unsigned elf_class, const struct operand *op,
                       struct strbuf *out)
{
	if (!op->base.at || op->index.at || op->segment.at || op->symbol.at ||
	    op->pc_relative)
		return false;
	strbuf_addf(out, "%+" PRId64 "(%%", op->displacement);
	if (!uprobe_register(machine, elf_class, op->base, out))
		return false;
	strbuf_add_char(out, ')');
	return true;
}

/*
 * "@+X": the kernel adds X to the address at which the file's first byte would be mapped,
 * going by the probe's own offset and address. The distance of two link-time addresses is
 * the same in memory, so X counts from the location and not from the data's own offset.
 */
static bool add_symbol(const struct usdtinfo_probe *probe, uint64_t address,
                       struct strbuf *out)
{
	if (!probe->location.known || !probe->file_offset.known)
		return false;
	uint64_t at = address - probe->location.value + probe->file_offset.value;
	if (at > INT64_MAX)
		return false;
	strbuf_addf(out, "@+0x%" PRIx64, at);
	return true;
}

/* A saved listing can call anything a constant; these lines are for root to run. */
static bool add_constant(struct text value, struct strbuf *out)
{
	size_t sign = value.size && *value.at == '-';
	size_t digits = sign;
	while (digits < value.size && value.at[digits] >= '0' && value.at[digits] <= '9')
		digits++;
	if (digits == sign || digits < value.size)
		return false;
	strbuf_add_char(out, '\\');
	strbuf_add(out, value.at, value.size);
	return true;
}

static bool add_place(unsigned machine, unsigned elf_class,
                      const struct usdtinfo_probe *probe,
                      const struct usdtinfo_argument *argument, struct strbuf *out)
{
	const struct operand *op = &argument->operand;
	switch (op->kind) {
	case USDTINFO_OPERAND_REGISTER:
		if (op->reg_pair)
			return false;
		strbuf_add_char(out, '%');
		return uprobe_register(machine, elf_class, op->reg, out);
	case USDTINFO_OPERAND_CONSTANT:
		if (argument->is_float)
			return false;
		return add_constant(op->value, out);
	case USDTINFO_OPERAND_MEMORY:
		if (op->address.known && !op->index.at && !op->segment.at &&
		    (!op->base.at || op->relocation.at))
			return add_symbol(probe, op->address.value, out);
		return add_memory(machine, elf_class, op, out);
	case USDTINFO_OPERAND_ADDRESS:
	case USDTINFO_OPERAND_UNKNOWN:
		break;
	}
	return false;
}

bool uprobe_fetch(unsigned machine, unsigned elf_class,
                  const struct usdtinfo_probe *probe,
                  const struct usdtinfo_argument *argument, struct strbuf *out)
{
	unsigned bits = (unsigned)argument->size * 8;
	if (bits != 8 && bits != 16 && bits != 32 && bits != 64)
		return false;
	if (!add_place(machine, elf_class, probe, argument, out))
		return false;
	unsigned shift = argument->operand.reg_shift;
	if (argument->operand.kind == USDTINFO_OPERAND_REGISTER && shift) {
		/* Bit fields have no sign. */
		strbuf_addf(out, ":b%u@%u/%u", bits, shift, 32u);
		return !argument->is_signed;
	}
	char letter = argument->is_signed ? 's' : 'u';
	strbuf_addf(out, ":%c%u", argument->is_float ? 'x' : letter, bits);
	return true;
}
