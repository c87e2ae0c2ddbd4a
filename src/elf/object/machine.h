/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Names of machines: elfutils' backends. */
#pragma once

#include <elf.h>
#include <stddef.h>

/* Not every C library knows them: EM_IAMCU is not in musl's elf.h. */
#ifndef EM_IAMCU
#define EM_IAMCU 6
#endif
#ifndef EM_LOONGARCH
#define EM_LOONGARCH 258
#endif

struct machine {
	unsigned number; /* e_machine */
	const char *name;
};

/* Several rows may share a name. */
extern const struct machine machines[];
extern const size_t machine_count;

/* Every name that machine_name() returns, each once; ended by NULL. */
extern const char *const machine_names[];

/* Return: static lower-case name; "unknown" for an e_machine that the table lacks */
const char *machine_name(unsigned e_machine);
