/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Looking up the symbols of operands, and what an object tells its operands' parser. */
#include <elf.h>

#include "base/error.h"
#include "elf/object/image.h"
#include "elf/symbol/symtab.h"
#include "probe/operand/arch.h"

/*
 * Relocation operators under which the address is that of the symbol: the base register
 * holds the GOT or the symbol's page, and the operator gives the rest. All others speak of
 * something else (a slot of the GOT, a thread's block, an instruction), or only of a part.
 */
static const char *const whole_address[] = {
	"GOTOFF",   /* i386 */
	"LO12",     /* AArch64 */
	"LO",       /* RISC-V, MIPS, SPARC */
	"L44",      /* SPARC */
	"GOT_OFST", /* MIPS: the base holds the page, out of the GOT */
	"PC_LO12",  /* LoongArch */
	"L",        /* PowerPC */
	"TOC",      "TOC@L",
};

/* More than any reader wants to see; hostile tables can hold a name any number of times. */
#define CANDIDATES_MAX 16

static bool names_whole_address(struct text relocation)
{
	if (!relocation.at)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(whole_address); i++)
		if (text_is(relocation, whole_address[i]))
			return true;
	return false;
}

/* The value of a thread-local symbol, or of an indirect function, is not its address. */
static bool has_address(const struct symbol *symbol)
{
	unsigned type = ELF64_ST_TYPE(symbol->info);
	return type != STT_TLS && type != STT_GNU_IFUNC;
}

static int keep_candidates(struct arguments *arguments, struct operand *op,
                           const struct symbol *symbols, size_t count, uint64_t mask)
{
	if (count > CANDIDATES_MAX)
		count = CANDIDATES_MAX;
	op->candidates = arena_take(&arguments->arena, count * sizeof(*op->candidates));
	if (!op->candidates)
		return USDTINFO_E_MEMORY;
	for (size_t i = 0; i < count; i++)
		op->candidates[i] = (symbols[i].value + (uint64_t)op->displacement) &
		                    mask;
	op->candidate_count = count;
	return USDTINFO_OK;
}

static int resolve(struct arguments *arguments, struct usdtinfo_argument *argument,
                   struct usdtinfo_image *image)
{
	struct operand *op = &argument->operand;
	/* A thread's segment takes the symbol somewhere else than into this object. */
	if (!op->symbol.at || op->segment.at || !names_whole_address(op->relocation))
		return USDTINFO_OK;

	size_t count = 0;
	const struct symbol *symbols = symtab_find(image, op->symbol, &count);
	if (!symbols || !has_address(symbols))
		return USDTINFO_OK;
	uint64_t mask = image->address_size == 4 ? UINT32_MAX : UINT64_MAX;
	if (count > 1)
		return keep_candidates(arguments, op, symbols, count, mask);
	op->address = known_u64((symbols->value + (uint64_t)op->displacement) & mask);
	argument->resolvable = true;
	return USDTINFO_OK;
}

int arguments_resolve(struct arguments *arguments, struct usdtinfo_image *image,
                      struct usdtinfo_error *err)
{
	/* Symbols of a relocatable object have no address yet. */
	if (image->header.e_type == ET_REL)
		return USDTINFO_OK;
	for (size_t i = 0; i < arguments->count; i++)
		if (resolve(arguments, &arguments->items[i], image) < 0)
			return fail_memory(err);
	return USDTINFO_OK;
}

/* 64-bit registers under 32-bit addresses: x32, AArch64's ILP32, MIPS n32. */
static unsigned word_size(const struct usdtinfo_image *image)
{
	switch (image->header.e_machine) {
	case EM_X86_64:
	case EM_AARCH64:
		return 8;
	case EM_MIPS:
		return image->header.e_flags & EF_MIPS_ABI2 ? 8 : image->address_size;
	default:
		return image->address_size;
	}
}

struct operand_context operand_context(const struct usdtinfo_image *image)
{
	return (struct operand_context){
		.machine = image->header.e_machine,
		.elf_class = image->address_size * 8,
		.elf_flags = image->header.e_flags,
		.word_size = word_size(image),
	};
}
