/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The semaphores that a linked object refers to and does not define. */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "rules/lint/lint.h"

#define SUFFIX "_semaphore"

/* Names of real files add up to little more than the file; a hostile one repeats a long one. */
#define NAME_BYTES_FACTOR 16

static bool is_semaphore(const char *name, size_t size)
{
	size_t suffix = sizeof(SUFFIX) - 1;
	return size > suffix && memcmp(name + size - suffix, SUFFIX, suffix) == 0;
}

static bool add(struct lint *lint, const char *name)
{
	if (!array_grow(&lint->undefined, &lint->undefined_room,
	                lint->undefined_count + 1, sizeof(*lint->undefined)))
		return false;
	lint->undefined[lint->undefined_count++] = text_of(name);
	return true;
}

static bool add_table(struct lint *lint, Elf_Scn *scn, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	GElf_Sym symbol;
	struct strings names;
	uint64_t left = lint->image->size * NAME_BYTES_FACTOR;
	strings_load(&names, lint->image->elf, header->sh_link);
	for (int i = 1; data && gelf_getsym(data, i, &symbol); i++) {
		if (symbol.st_shndx != SHN_UNDEF)
			continue;
		const char *name = strings_at(&names, symbol.st_name);
		size_t size = name ? strnlen(name, (size_t)left) : 0;
		if (size == left)
			break;
		left -= size;
		if (name && is_semaphore(name, size) && !add(lint, name))
			return false;
	}
	return true;
}

static int compare(const void *a, const void *b)
{
	return text_compare(*(const struct text *)a, *(const struct text *)b);
}

bool lint_load_undefined(struct lint *lint)
{
	Elf *elf = lint->image->elf;
	Elf_Scn *scn = NULL;
	GElf_Shdr header;
	bool have_static = false, have_dynamic = false;
	while (!lint->is_relocatable && elf && (scn = elf_nextscn(elf, scn))) {
		if (!gelf_getshdr(scn, &header) ||
		    (header.sh_type != SHT_SYMTAB && header.sh_type != SHT_DYNSYM))
			continue;
		/* One of each: more would let a small file multiply its own size. */
		bool *have = header.sh_type == SHT_SYMTAB ? &have_static : &have_dynamic;
		if (*have)
			continue;
		*have = true;
		if (!add_table(lint, scn, &header))
			return false;
	}
	if (lint->undefined_count)
		qsort(lint->undefined, lint->undefined_count, sizeof(*lint->undefined),
		      compare);
	return true;
}
