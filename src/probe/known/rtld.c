/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The dynamic linker of the GNU C Library: its interface to debuggers. */
#include "probe/known/catalogue_data.h"

/* clang-format off */
#define NAMESPACE ARG("lmid", "Lmid_t"), ARG("r_debug", "struct r_debug *")
#define OLD CATALOGUE_ARGUMENTS(NAMESPACE)
#define NEW CATALOGUE_ARGUMENTS(NAMESPACE, ARG("new", "struct link_map *"))

static const char rows[] =
	ROW("init_start", "the list of objects is about to be set up at startup", "2.17", "", OLD)
	ROW("init_complete", "the list of objects was set up at startup", "2.17", "", OLD)
	ROW("map_start", "objects are about to be mapped into a namespace", "2.17", "", OLD)
	ROW("map_complete", "objects were mapped into a namespace", "2.17", "", NEW)
	ROW("map_complete", "objects were mapped into a namespace", "2.17", "", OLD)
	ROW("map_failed", "objects could not be mapped into a namespace", "2.17", "", OLD)
	ROW("reloc_start", "objects of a namespace are about to be relocated", "2.17", "", OLD)
	ROW("reloc_complete", "objects of a namespace were relocated", "2.17", "", NEW)
	ROW("reloc_complete", "objects of a namespace were relocated", "2.17", "", OLD)
	ROW("unmap_start", "objects are about to be removed from a namespace", "2.17", "", OLD)
	ROW("unmap_complete", "objects were removed from a namespace", "2.17", "", OLD)
	ROW("setjmp", "setjmp or sigsetjmp is called in the linker", "2.19", "",
	    CATALOGUE_ARGUMENTS(ARG("env", "void *"), ARG("savemask", "int"), ARG("pc", "void *")))
	ROW("longjmp", "longjmp is called in the linker", "2.19", "",
	    CATALOGUE_ARGUMENTS(ARG("env", "void *"), ARG("value", "int"), ARG("pc", "void *")))
	ROW("longjmp_target", "longjmp in the linker is about to arrive", "2.19", "",
	    CATALOGUE_ARGUMENTS(ARG("env", "void *"), ARG("value", "int"), ARG("pc", "void *")))
	ROW("lll_lock_wait", "a lock inside the linker is waited for", "2.34", "",
	    CATALOGUE_ARGUMENTS(ARG("futex", "int *")))
	ROW("lll_lock_wait_private", "a lock inside the linker is waited for", "2.34", "",
	    CATALOGUE_ARGUMENTS(ARG("futex", "int *")));
/* clang-format on */

const struct catalogue_provider catalogue_rtld = {
	.name = "rtld",
	.source =
		"https://sourceware.org/git/?p=glibc.git;a=blob;f=elf/rtld-debugger-interface.txt",
	.rows = { rows, sizeof(rows) - 1 },
};
