/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* e_machine to name, as elfutils' backends are called. */
#include "elf/object/machine.h"

#include <stddef.h>

#include "base/array.h"

const struct machine machines[] = {
	{ EM_X86_64, "x86_64" },
	{ EM_386, "i386" },
	{ EM_IAMCU, "i386" },
	{ EM_AARCH64, "aarch64" },
	{ EM_ARM, "arm" },
	{ EM_PPC64, "ppc64" },
	{ EM_PPC, "ppc" },
	{ EM_S390, "s390" },
	{ EM_RISCV, "riscv" },
	{ EM_MIPS, "mips" },
	{ EM_MIPS_RS3_LE, "mips" },
	{ EM_LOONGARCH, "loongarch" },
	{ EM_SPARCV9, "sparc" },
	{ EM_SPARC32PLUS, "sparc" },
	{ EM_SPARC, "sparc" },
	{ EM_IA_64, "ia64" },
	{ EM_ALPHA, "alpha" },
	{ 0x9026 /* what alpha really writes */, "alpha" },
	{ EM_PARISC, "parisc" },
	{ EM_68K, "m68k" },
	{ EM_SH, "sh" },
	{ EM_BPF, "bpf" },
	{ EM_CSKY, "csky" },
	{ EM_ARC_COMPACT, "arc" },
	{ 195 /* EM_ARCV2: older glibc calls it differently */, "arc" },
	{ EM_MICROBLAZE, "microblaze" },
	{ EM_OPENRISC, "openrisc" },
	{ EM_XTENSA, "xtensa" },
	{ EM_ALTERA_NIOS2, "nios2" },
	{ EM_TILEGX, "tilegx" },
};
const size_t machine_count = ARRAY_SIZE(machines);

const char *const machine_names[] = {
	"x86_64", "i386",  "aarch64",   "arm",     "ppc64", "ppc",        "s390",
	"riscv",  "mips",  "loongarch", "sparc",   "ia64",  "alpha",      "parisc",
	"m68k",   "sh",    "bpf",       "csky",    "arc",   "microblaze", "openrisc",
	"xtensa", "nios2", "tilegx",    "unknown", NULL,
};

const char *machine_name(unsigned e_machine)
{
	for (size_t i = 0; i < machine_count; i++) {
		if (machines[i].number == e_machine)
			return machines[i].name;
	}
	return "unknown";
}
