/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The numbers that DWARF gives to registers, by machine. */
#include "debug/code/register.h"

#include <string.h>

#include "base/array.h"
#include "elf/object/machine.h"

/* One name, or with @count those of @name followed by @first and what comes after it. */
struct row {
	const char *name;
	unsigned char first, count;
	unsigned short number;
};

#define ONE(name, number)                                                                \
	{                                                                                \
		name, 0, 0, number                                                       \
	}
#define FAMILY(name, first, count, number)                                               \
	{                                                                                \
		name, first, count, number                                               \
	}

static const struct row x86_64[] = {
	ONE("rax", 0),
	ONE("rdx", 1),
	ONE("rcx", 2),
	ONE("rbx", 3),
	ONE("rsi", 4),
	ONE("rdi", 5),
	ONE("rbp", 6),
	ONE("rsp", 7),
	FAMILY("r", 8, 8, 8),
	ONE("rip", 16),
	FAMILY("xmm", 0, 16, 17),
	FAMILY("xmm", 16, 16, 67),
	FAMILY("ymm", 0, 16, 17),
	FAMILY("ymm", 16, 16, 67),
};

/* Some machines' compilers define their own name, "i386" or "mips" or "sparc", as 1. */
static const struct row ia32[] = {
	ONE("eax", 0), ONE("ecx", 1), ONE("edx", 2),
	ONE("ebx", 3), ONE("esp", 4), ONE("ebp", 5),
	ONE("esi", 6), ONE("edi", 7), FAMILY("xmm", 0, 8, 21),
};

static const struct row arm[] = {
	FAMILY("r", 0, 16, 0), ONE("sp", 13),          ONE("lr", 14),
	ONE("pc", 15),         FAMILY("s", 0, 32, 64), FAMILY("d", 0, 32, 256),
};

static const struct row aarch64[] = {
	FAMILY("x", 0, 31, 0),  ONE("sp", 31),          FAMILY("v", 0, 32, 64),
	FAMILY("q", 0, 32, 64), FAMILY("d", 0, 32, 64), FAMILY("s", 0, 32, 64),
	FAMILY("h", 0, 32, 64), FAMILY("b", 0, 32, 64),
};

static const struct row ppc[] = {
	FAMILY("r", 0, 32, 0),
	FAMILY("f", 0, 32, 32),
};

static const struct row s390[] = {
	FAMILY("r", 0, 16, 0), ONE("f0", 16), ONE("f2", 17),  ONE("f4", 18),
	ONE("f6", 19),         ONE("f1", 20), ONE("f3", 21),  ONE("f5", 22),
	ONE("f7", 23),         ONE("f8", 24), ONE("f10", 25), ONE("f12", 26),
	ONE("f14", 27),        ONE("f9", 28), ONE("f11", 29), ONE("f13", 30),
	ONE("f15", 31),
};

static const struct row riscv[] = {
	ONE("zero", 0),         ONE("ra", 1),
	ONE("sp", 2),           ONE("gp", 3),
	ONE("tp", 4),           FAMILY("t", 0, 3, 5),
	FAMILY("s", 0, 2, 8),   FAMILY("a", 0, 8, 10),
	FAMILY("s", 2, 10, 18), FAMILY("t", 3, 4, 28),
	FAMILY("ft", 0, 8, 32), FAMILY("fs", 0, 2, 40),
	FAMILY("fa", 0, 8, 42), FAMILY("fs", 2, 10, 50),
	FAMILY("ft", 8, 4, 60),
};

static const struct row mips_any[] = {
	ONE("zero", 0),         ONE("at", 1),          FAMILY("v", 0, 2, 2),
	FAMILY("a", 0, 8, 4), /* a4 to a7: n32, n64 */
	FAMILY("s", 0, 8, 16),  FAMILY("t", 8, 2, 24), ONE("gp", 28),
	ONE("sp", 29),          ONE("fp", 30),         ONE("ra", 31),
	FAMILY("f", 0, 32, 32),
};
static const struct row mips_o32[] = { FAMILY("t", 0, 8, 8) };
static const struct row mips_n32[] = { FAMILY("t", 0, 4, 12) };

static const struct row sparc_any[] = {
	ONE("zero", 0),       FAMILY("g", 0, 8, 0),  ONE("sp", 14),         ONE("fp", 30),
	FAMILY("o", 0, 8, 8), FAMILY("l", 0, 8, 16), FAMILY("i", 0, 8, 24),
};

static const struct row loongarch[] = {
	ONE("zero", 0),         ONE("ra", 1),
	ONE("tp", 2),           ONE("sp", 3),
	FAMILY("a", 0, 8, 4),   FAMILY("t", 0, 9, 12),
	ONE("fp", 22),          FAMILY("s", 0, 9, 23),
	FAMILY("fa", 0, 8, 32), FAMILY("ft", 0, 16, 40),
	FAMILY("fs", 0, 8, 56),
};

enum mips_abi {
	ANY_ABI,
	O32,
	N32_N64
};

static const struct {
	unsigned machine;
	enum mips_abi abi;
	const struct row *rows;
	size_t count;
} tables[] = {
	{ EM_X86_64, ANY_ABI, x86_64, ARRAY_SIZE(x86_64) },
	{ EM_386, ANY_ABI, ia32, ARRAY_SIZE(ia32) },
	{ EM_ARM, ANY_ABI, arm, ARRAY_SIZE(arm) },
	{ EM_AARCH64, ANY_ABI, aarch64, ARRAY_SIZE(aarch64) },
	{ EM_PPC, ANY_ABI, ppc, ARRAY_SIZE(ppc) },
	{ EM_PPC64, ANY_ABI, ppc, ARRAY_SIZE(ppc) },
	{ EM_S390, ANY_ABI, s390, ARRAY_SIZE(s390) },
	{ EM_RISCV, ANY_ABI, riscv, ARRAY_SIZE(riscv) },
	{ EM_MIPS, ANY_ABI, mips_any, ARRAY_SIZE(mips_any) },
	{ EM_MIPS, O32, mips_o32, ARRAY_SIZE(mips_o32) },
	{ EM_MIPS, N32_N64, mips_n32, ARRAY_SIZE(mips_n32) },
	{ EM_SPARC, ANY_ABI, sparc_any, ARRAY_SIZE(sparc_any) },
	{ EM_SPARC32PLUS, ANY_ABI, sparc_any, ARRAY_SIZE(sparc_any) },
	{ EM_SPARCV9, ANY_ABI, sparc_any, ARRAY_SIZE(sparc_any) },
	{ EM_LOONGARCH, ANY_ABI, loongarch, ARRAY_SIZE(loongarch) },
};

/* The number that NAME has behind the letters of a family. */
static bool suffix(struct text name, const char *letters, unsigned *ret)
{
	size_t skip = strlen(letters);
	if (name.size <= skip || name.size > skip + 2 ||
	    memcmp(name.at, letters, skip) != 0)
		return false;
	unsigned number = 0;
	for (size_t i = skip; i < name.size; i++) {
		if (name.at[i] < '0' || name.at[i] > '9')
			return false;
		number = number * 10 + (unsigned)(name.at[i] - '0');
	}
	*ret = number;
	return true;
}

static bool find(const struct row *rows, size_t count, struct text name, unsigned *ret)
{
	for (size_t i = 0; i < count; i++) {
		const struct row *row = &rows[i];
		unsigned n;
		if (!row->count && text_equal(name, text_of(row->name))) {
			*ret = row->number;
			return true;
		}
		if (row->count && suffix(name, row->name, &n) && n >= row->first &&
		    n < (unsigned)row->first + row->count) {
			*ret = row->number + n - row->first;
			return true;
		}
	}
	return false;
}

bool dwarf_register(const GElf_Ehdr *header, struct text name, unsigned *number_ret)
{
	bool wide = header->e_ident[EI_CLASS] == ELFCLASS64 ||
	            (header->e_flags & EF_MIPS_ABI2);
	if (!name.at)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		if (tables[i].machine != header->e_machine)
			continue;
		if (tables[i].abi != ANY_ABI && (tables[i].abi == N32_N64) != wide)
			continue;
		if (find(tables[i].rows, tables[i].count, name, number_ret))
			return true;
	}
	return false;
}
