/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* One row a relocation type, from the machines' psABI documents. */
#include "elf/symbol/relocation_type.h"

#include "base/array.h"
#include "elf/object/machine.h"

#ifndef R_XTENSA_32
#define R_XTENSA_32 1
#endif
#ifndef R_LARCH_ADD8
#define R_LARCH_64    2
#define R_LARCH_ADD8  47
#define R_LARCH_ADD16 48
#define R_LARCH_ADD32 50
#define R_LARCH_ADD64 51
#define R_LARCH_SUB8  52
#define R_LARCH_SUB16 53
#define R_LARCH_SUB32 55
#define R_LARCH_SUB64 56
#endif
#define EM_ALPHA_GNU        0x9026 /* what GNU tools write; EM_FAKE_ALPHA is the official one */
#define R_AARCH64_P32_WORD  1 /* R_AARCH64_P32_ABS32 */
#define R_MIPS_ABSOLUTE_32  2
#define R_MIPS_ABSOLUTE_64  18
#define R_LARCH_ABSOLUTE_32 1

#define SET      RELOCATION_SET
#define ADD      RELOCATION_ADD
#define SUBTRACT RELOCATION_SUBTRACT

/*
 * RISC-V and LoongArch change the size of code when linking, so that assemblers leave even
 * the sizes in a note's header to pairs of ADD and SUB.
 */
const struct relocation_type relocation_types[] = {
	{ EM_386, R_386_32, 4, SET },
	{ EM_386, R_386_PC32, 4, SET, .pc_relative = true },
	{ EM_IAMCU, R_386_32, 4, SET },
	{ EM_X86_64, R_X86_64_64, 8, SET },
	{ EM_X86_64, R_X86_64_32, 4, SET },
	{ EM_X86_64, R_X86_64_32S, 4, SET },
	{ EM_X86_64, R_X86_64_PC32, 4, SET, .pc_relative = true },
	{ EM_X86_64, R_X86_64_PC64, 8, SET, .pc_relative = true },
	{ EM_ARM, R_ARM_ABS32, 4, SET },
	{ EM_ARM, R_ARM_ABS32_NOI, 4, SET },
	{ EM_ARM, R_ARM_TARGET1, 4, SET },
	{ EM_ARM, R_ARM_REL32, 4, SET, .pc_relative = true },
	{ EM_AARCH64, R_AARCH64_ABS64, 8, SET },
	{ EM_AARCH64, R_AARCH64_ABS32, 4, SET },
	{ EM_AARCH64, R_AARCH64_P32_WORD, 4, SET },
	{ EM_AARCH64, R_AARCH64_PREL32, 4, SET, .pc_relative = true },
	{ EM_AARCH64, R_AARCH64_PREL64, 8, SET, .pc_relative = true },
	{ EM_PPC, R_PPC_ADDR32, 4, SET },
	{ EM_PPC, R_PPC_UADDR32, 4, SET },
	{ EM_PPC, R_PPC_REL32, 4, SET, .pc_relative = true },
	{ EM_PPC64, R_PPC64_ADDR64, 8, SET },
	{ EM_PPC64, R_PPC64_UADDR64, 8, SET },
	{ EM_PPC64, R_PPC64_ADDR32, 4, SET },
	{ EM_PPC64, R_PPC64_UADDR32, 4, SET },
	{ EM_PPC64, R_PPC64_REL32, 4, SET, .pc_relative = true },
	{ EM_PPC64, R_PPC64_REL64, 8, SET, .pc_relative = true },
	{ EM_S390, R_390_32, 4, SET },
	{ EM_S390, R_390_64, 8, SET },
	{ EM_S390, R_390_PC32, 4, SET, .pc_relative = true },
	{ EM_S390, R_390_PC64, 8, SET, .pc_relative = true },
	{ EM_RISCV, R_RISCV_32, 4, SET },
	{ EM_RISCV, R_RISCV_64, 8, SET },
	{ EM_RISCV, R_RISCV_SET8, 1, SET },
	{ EM_RISCV, R_RISCV_SET16, 2, SET },
	{ EM_RISCV, R_RISCV_SET32, 4, SET },
	{ EM_RISCV, R_RISCV_32_PCREL, 4, SET, .pc_relative = true },
	{ EM_RISCV, R_RISCV_ADD8, 1, ADD },
	{ EM_RISCV, R_RISCV_ADD16, 2, ADD },
	{ EM_RISCV, R_RISCV_ADD32, 4, ADD },
	{ EM_RISCV, R_RISCV_ADD64, 8, ADD },
	{ EM_RISCV, R_RISCV_SUB8, 1, SUBTRACT },
	{ EM_RISCV, R_RISCV_SUB16, 2, SUBTRACT },
	{ EM_RISCV, R_RISCV_SUB32, 4, SUBTRACT },
	{ EM_RISCV, R_RISCV_SUB64, 8, SUBTRACT },
	{ EM_LOONGARCH, R_LARCH_ABSOLUTE_32, 4, SET },
	{ EM_LOONGARCH, R_LARCH_64, 8, SET },
	{ EM_LOONGARCH, R_LARCH_ADD8, 1, ADD },
	{ EM_LOONGARCH, R_LARCH_ADD16, 2, ADD },
	{ EM_LOONGARCH, R_LARCH_ADD32, 4, ADD },
	{ EM_LOONGARCH, R_LARCH_ADD64, 8, ADD },
	{ EM_LOONGARCH, R_LARCH_SUB8, 1, SUBTRACT },
	{ EM_LOONGARCH, R_LARCH_SUB16, 2, SUBTRACT },
	{ EM_LOONGARCH, R_LARCH_SUB32, 4, SUBTRACT },
	{ EM_LOONGARCH, R_LARCH_SUB64, 8, SUBTRACT },
	{ EM_MIPS, R_MIPS_ABSOLUTE_32, 4, SET },
	{ EM_MIPS, R_MIPS_ABSOLUTE_64, 8, SET },
	{ EM_SPARC, R_SPARC_32, 4, SET },
	{ EM_SPARC, R_SPARC_UA32, 4, SET },
	{ EM_SPARC32PLUS, R_SPARC_32, 4, SET },
	{ EM_SPARC32PLUS, R_SPARC_UA32, 4, SET },
	{ EM_SPARCV9, R_SPARC_64, 8, SET },
	{ EM_SPARCV9, R_SPARC_UA64, 8, SET },
	{ EM_SPARCV9, R_SPARC_32, 4, SET },
	{ EM_SPARCV9, R_SPARC_UA32, 4, SET },
	{ EM_68K, R_68K_32, 4, SET },
	{ EM_PARISC, R_PARISC_DIR32, 4, SET },
	{ EM_PARISC, R_PARISC_DIR64, 8, SET },
	{ EM_FAKE_ALPHA, R_ALPHA_REFQUAD, 8, SET },
	{ EM_FAKE_ALPHA, R_ALPHA_REFLONG, 4, SET },
	{ EM_ALPHA_GNU, R_ALPHA_REFQUAD, 8, SET },
	{ EM_ALPHA_GNU, R_ALPHA_REFLONG, 4, SET },
	/* GNU as leaves the addend in the word although SH has SHT_RELA. */
	{ EM_SH, R_SH_DIR32, 4, SET, .adds_in_place = true },
	{ EM_XTENSA, R_XTENSA_32, 4, SET, .adds_in_place = true },
	{ EM_IA_64, R_IA64_DIR32MSB, 4, SET },
	{ EM_IA_64, R_IA64_DIR32LSB, 4, SET },
	{ EM_IA_64, R_IA64_DIR64MSB, 8, SET },
	{ EM_IA_64, R_IA64_DIR64LSB, 8, SET },
	{ EM_CSKY, R_CKCORE_ADDR32, 4, SET },
	{ EM_OPENRISC, R_OR1K_32, 4, SET },
	{ EM_MICROBLAZE, R_MICROBLAZE_32, 4, SET },
	{ EM_ALTERA_NIOS2, R_NIOS2_BFD_RELOC_32, 4, SET },
	{ EM_M32R, R_M32R_32, 4, SET },
	{ EM_M32R, R_M32R_32_RELA, 4, SET },
	{ EM_MN10300, R_MN10300_32, 4, SET },
	{ EM_CRIS, R_CRIS_32, 4, SET },
};
const size_t relocation_type_count = ARRAY_SIZE(relocation_types);

const struct relocation_type *relocation_type_find(unsigned machine, uint32_t type)
{
	for (size_t i = 0; i < relocation_type_count; i++) {
		if (relocation_types[i].machine == machine &&
		    relocation_types[i].type == type)
			return &relocation_types[i];
	}
	return NULL;
}

bool relocation_type_is_none(unsigned machine, uint32_t type)
{
	/* Every psABI calls its type 0 "none". */
	if (type == 0)
		return true;
	return machine == EM_RISCV && (type == R_RISCV_RELAX || type == R_RISCV_ALIGN);
}
