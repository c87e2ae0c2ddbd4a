/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The dynamic linker of the GNU C Library: its interface to debuggers. */
#include "base/array.h"
#include "probe/catalogue_data.h"

/* clang-format off */
#define NAMESPACE { "lmid", "Lmid_t" }, { "r_debug", "struct r_debug *" }
#define OLD CATALOGUE_ARGUMENTS(NAMESPACE)
#define NEW CATALOGUE_ARGUMENTS(NAMESPACE, { "new", "struct link_map *" })

static const struct catalogue_probe probes[] = {
	{ "init_start", "the list of objects is about to be set up at startup", "2.17", NULL, OLD },
	{ "init_complete", "the list of objects was set up at startup", "2.17", NULL, OLD },
	{ "map_start", "objects are about to be mapped into a namespace", "2.17", NULL, OLD },
	{ "map_complete", "objects were mapped into a namespace", "2.17", NULL, NEW },
	{ "map_complete", "objects were mapped into a namespace", "2.17", NULL, OLD },
	{ "map_failed", "objects could not be mapped into a namespace", "2.17", NULL, OLD },
	{ "reloc_start", "objects of a namespace are about to be relocated", "2.17", NULL, OLD },
	{ "reloc_complete", "objects of a namespace were relocated", "2.17", NULL, NEW },
	{ "reloc_complete", "objects of a namespace were relocated", "2.17", NULL, OLD },
	{ "unmap_start", "objects are about to be removed from a namespace", "2.17", NULL, OLD },
	{ "unmap_complete", "objects were removed from a namespace", "2.17", NULL, OLD },
	{ "setjmp", "setjmp or sigsetjmp is called in the linker", "2.19", NULL,
	  CATALOGUE_ARGUMENTS({ "env", "void *" }, { "savemask", "int" }, { "pc", "void *" }) },
	{ "longjmp", "longjmp is called in the linker", "2.19", NULL,
	  CATALOGUE_ARGUMENTS({ "env", "void *" }, { "value", "int" }, { "pc", "void *" }) },
	{ "longjmp_target", "longjmp in the linker is about to arrive", "2.19", NULL,
	  CATALOGUE_ARGUMENTS({ "env", "void *" }, { "value", "int" }, { "pc", "void *" }) },
	{ "lll_lock_wait", "a lock inside the linker is waited for", "2.34", NULL,
	  CATALOGUE_ARGUMENTS({ "futex", "int *" }) },
	{ "lll_lock_wait_private", "a lock inside the linker is waited for", "2.34", NULL,
	  CATALOGUE_ARGUMENTS({ "futex", "int *" }) },
};
/* clang-format on */

const struct catalogue_provider catalogue_rtld = {
	.name = "rtld",
	.source = "https://sourceware.org/git/?p=glibc.git;a=blob;"
		  "f=elf/rtld-debugger-interface.txt",
	.probes = probes,
	.count = ARRAY_SIZE(probes),
};
