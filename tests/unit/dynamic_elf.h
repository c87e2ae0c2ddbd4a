/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* A shared object or program for tests of linking: a dynamic section and its strings. */
#pragma once

#include <elf.h>
#include <stdint.h>
#include <string.h>

#include "base/array.h"
#include "tree.h"

#define DYNAMIC_ELF_NEEDED 4

struct dynamic_elf {
	const char *needed[DYNAMIC_ELF_NEEDED];
	const char *soname, *rpath, *runpath, *interpreter;
	uint64_t flags_1;
	uint16_t machine; /* 0: EM_X86_64 */
	bool is32;        /* little-endian in any case */
};

struct dynamic_elf_file {
	unsigned char bytes[8192];
	size_t dynamic, dynamic_used, strings, strings_used;
};

static inline void dynamic_elf_put(struct dynamic_elf_file *file, size_t at,
                                   uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		file->bytes[at + i] = (unsigned char)(value >> 8 * i);
}

static inline size_t dynamic_elf_string(struct dynamic_elf_file *file, const char *string)
{
	size_t at = file->strings_used, size = strlen(string) + 1;
	ck_assert_uint_le(file->strings + at + size, sizeof(file->bytes));
	memcpy(file->bytes + file->strings + at, string, size);
	file->strings_used += size;
	return at;
}

static inline void dynamic_elf_tag(struct dynamic_elf_file *file, bool is32, uint64_t tag,
                                   uint64_t value)
{
	size_t word = is32 ? 4 : 8, at = file->dynamic + file->dynamic_used;
	dynamic_elf_put(file, at, tag, word);
	dynamic_elf_put(file, at + word, value, word);
	file->dynamic_used += 2 * word;
}

static inline void dynamic_elf_name(struct dynamic_elf_file *file, bool is32,
                                    uint64_t tag, const char *name)
{
	if (name)
		dynamic_elf_tag(file, is32, tag, dynamic_elf_string(file, name));
}

static inline void dynamic_elf_segment(struct dynamic_elf_file *file, bool is32,
                                       size_t index, uint32_t type, size_t at,
                                       size_t size)
{
	size_t word = is32 ? 4 : 8, header = 64 + index * (is32 ? 32 : 56);
	dynamic_elf_put(file, header, type, 4);
	dynamic_elf_put(file, header + (is32 ? 24 : 4), PF_R, 4);
	/* Behind the type, with which the flags of 64 bits share a word. */
	const uint64_t values[] = { at, at, 0, size, size };
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		dynamic_elf_put(file, header + (i + 1) * word, values[i], word);
	dynamic_elf_put(file, header + (is32 ? 28 : 48), 1, word);
}

static inline void dynamic_elf_header(struct dynamic_elf_file *file,
                                      const struct dynamic_elf *object, size_t segments)
{
	unsigned machine = object->machine ? object->machine : EM_X86_64;
	unsigned char ident[EI_NIDENT] = { ELFMAG0,
		                           ELFMAG1,
		                           ELFMAG2,
		                           ELFMAG3,
		                           object->is32 ? ELFCLASS32 : ELFCLASS64,
		                           ELFDATA2LSB,
		                           EV_CURRENT };
	memcpy(file->bytes, ident, sizeof(ident));
	dynamic_elf_put(file, 16, ET_DYN, 2);
	dynamic_elf_put(file, 18, machine, 2);
	dynamic_elf_put(file, 20, EV_CURRENT, 4);
	dynamic_elf_put(file, object->is32 ? 28 : 32, 64, object->is32 ? 4 : 8);
	size_t sizes = object->is32 ? 40 : 52;
	dynamic_elf_put(file, sizes, object->is32 ? 52 : 64, 2);
	dynamic_elf_put(file, sizes + 2, object->is32 ? 32 : 56, 2);
	dynamic_elf_put(file, sizes + 4, segments, 2);
	dynamic_elf_put(file, sizes + 6, object->is32 ? 40 : 64, 2);
}

static inline void dynamic_elf_write(const char *path, const struct dynamic_elf *object)
{
	struct dynamic_elf_file file = { .dynamic = 1024,
		                         .strings = 2048,
		                         .strings_used = 1 };
	bool is32 = object->is32;
	for (size_t i = 0; i < DYNAMIC_ELF_NEEDED; i++)
		dynamic_elf_name(&file, is32, DT_NEEDED, object->needed[i]);
	dynamic_elf_name(&file, is32, DT_SONAME, object->soname);
	dynamic_elf_name(&file, is32, DT_RPATH, object->rpath);
	dynamic_elf_name(&file, is32, DT_RUNPATH, object->runpath);
	size_t interpreter = 0;
	if (object->interpreter)
		interpreter = file.strings +
		              dynamic_elf_string(&file, object->interpreter);
	dynamic_elf_tag(&file, is32, DT_FLAGS_1, object->flags_1);
	dynamic_elf_tag(&file, is32, DT_STRTAB, file.strings);
	dynamic_elf_tag(&file, is32, DT_STRSZ, file.strings_used);
	dynamic_elf_tag(&file, is32, DT_NULL, 0);
	dynamic_elf_segment(&file, is32, 0, PT_LOAD, 0, sizeof(file.bytes));
	dynamic_elf_segment(&file, is32, 1, PT_DYNAMIC, file.dynamic, file.dynamic_used);
	if (interpreter)
		dynamic_elf_segment(&file, is32, 2, PT_INTERP, interpreter,
		                    strlen(object->interpreter) + 1);
	dynamic_elf_header(&file, object, interpreter ? 3 : 2);
	tree_write(path, file.bytes, sizeof(file.bytes));
}
