/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Libraries that are loaded when they are needed, since most runs need none of them. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "usdtinfo.h"

/*
 * library_load - find functions of a library; it stays loaded
 * @soname: of the interface that this program was built for
 * @names, @count: what to find
 * @functions: a struct of as many pointers to functions and nothing else, in the same order
 *
 * Return: 0, or USDTINFO_E_SYSTEM, with what the dynamic linker says, and ENOENT as the errno
 * when there is no such library: the struct is not to be used then.
 */
int library_load(const char *soname, const char *const *names, size_t count,
                 void *functions, struct usdtinfo_error *err);

/*
 * LIBRARY_NOTE - tell packagers what may be loaded, which no DT_NEEDED does
 * @priority: "recommended" or "suggested"
 *
 * A note in .note.dlopen, as https://uapi-group.org/specifications/specs/elf_dlopen_metadata/
 * describes it.
 */
#define LIBRARY_NOTE(soname, feature, priority, description)                             \
	LIBRARY_NOTE_OF("[{\"soname\":[\"" soname "\"],\"feature\":\"" feature           \
	                "\",\"priority\":\"" priority                                    \
	                "\",\"description\":\"" description "\"}]")
#ifdef __clang__
/* Its AddressSanitizer would put red zones between the notes. */
#define LIBRARY_NOTE_ALONE __attribute__((no_sanitize("address")))
#else
#define LIBRARY_NOTE_ALONE
#endif
#define LIBRARY_NOTE_OF(json)                                                            \
	LIBRARY_NOTE_ALONE                                                               \
	__attribute__((used, section(".note.dlopen"), aligned(4))) static const struct { \
		uint32_t name_size, text_size, type;                                     \
		char name[4];                                                            \
		_Alignas(4) char text[sizeof(json)];                                     \
	} library_note = { 4, sizeof(json), 0x407c0c0a, "FDO", json }
