/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The architectures, by e_machine. */
#include "probe/operand/arch.h"

/* The most usual first: it is looked for at each probe. */
static const struct arch *const archs[] = {
	&arch_x86, &arch_aarch64, &arch_arm,  &arch_loongarch, &arch_mips,
	&arch_ppc, &arch_riscv,   &arch_s390, &arch_sparc,
};

const struct arch *arch_find(unsigned machine)
{
	for (size_t i = 0; i < ARRAY_SIZE(archs); i++) {
		const unsigned *machines = archs[i]->machines;
		for (size_t n = 0; n < ARRAY_SIZE(archs[i]->machines) && machines[n]; n++)
			if (machines[n] == machine)
				return archs[i];
	}
	return NULL;
}
