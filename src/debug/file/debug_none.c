/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* A supplementary file with nothing in it, for want of the real one. */
#include "debug/file/debug_none.h"

#include <elfutils/libdwelf.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* A header, one section besides the names, the names. */
struct empty {
	Elf64_Ehdr header;
	Elf64_Shdr sections[3];
	char names[32];
	char info[16];
};

static const char names[] = "\0.debug_info\0.shstrtab";
#define NAME_INFO  1
#define NAME_NAMES 13

static struct empty make_empty(void)
{
	struct empty empty = {
		.header = {
			.e_type = ET_REL,
			.e_version = EV_CURRENT,
			.e_ehsize = sizeof(Elf64_Ehdr),
			.e_shoff = offsetof(struct empty, sections),
			.e_shentsize = sizeof(Elf64_Shdr),
			.e_shnum = 3,
			.e_shstrndx = 2,
		},
		.sections = {
			[1] = {
				.sh_name = NAME_INFO,
				.sh_type = SHT_PROGBITS,
				.sh_offset = offsetof(struct empty, info),
				.sh_size = 1,
				.sh_addralign = 1,
			},
			[2] = {
				.sh_name = NAME_NAMES,
				.sh_type = SHT_STRTAB,
				.sh_offset = offsetof(struct empty, names),
				.sh_size = sizeof(names),
				.sh_addralign = 1,
			},
		},
	};
	memcpy(empty.header.e_ident, ELFMAG, SELFMAG);
	empty.header.e_ident[EI_CLASS] = ELFCLASS64;
	empty.header.e_ident[EI_VERSION] = EV_CURRENT;
	empty.header.e_ident[EI_DATA] = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	                                        ? ELFDATA2MSB
	                                        : ELFDATA2LSB;
	memcpy(empty.names, names, sizeof(names));
	return empty;
}

static bool make_none(struct debug_file *file)
{
	struct empty *bytes = malloc(sizeof(*bytes));
	if (!bytes)
		return false;
	*bytes = make_empty();
	file->no_alternate_bytes = bytes;
	file->no_alternate_elf = elf_memory((char *)bytes, sizeof(*bytes));
	if (file->no_alternate_elf)
		file->no_alternate = dwarf_begin_elf(file->no_alternate_elf, DWARF_C_READ,
		                                     NULL);
	if (file->no_alternate)
		return true;
	elf_end(steal_ptr(file->no_alternate_elf));
	free(steal_ptr(file->no_alternate_bytes));
	return false;
}

bool debug_none(struct debug_file *file, Dwarf *dwarf)
{
	const char *name;
	const void *build_id;
	if (dwelf_dwarf_gnu_debugaltlink(dwarf, &name, &build_id) <= 0)
		return true;
	if (!file->no_alternate && !make_none(file))
		return false;
	dwarf_setalt(dwarf, file->no_alternate);
	return true;
}
