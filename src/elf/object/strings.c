/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* String tables, each searched once for its last NUL. */
#include "elf/object/strings.h"

#include <gelf.h>
#include <string.h>

void strings_load(struct strings *strings, Elf *elf, size_t index)
{
	*strings = (struct strings){ 0 };
	Elf_Scn *scn = elf_getscn(elf, index);
	GElf_Shdr header;
	if (!scn || !gelf_getshdr(scn, &header) || header.sh_type != SHT_STRTAB)
		return;
	strings->compressed = header.sh_flags & SHF_COMPRESSED;
	const Elf_Data *data = elf_rawdata(scn, NULL);
	if (!data || !data->d_buf || data->d_size == 0)
		return;
	const char *bytes = data->d_buf;
	strings->endless = bytes[data->d_size - 1] != '\0';
	const char *last = memrchr(bytes, '\0', data->d_size);
	if (!last)
		return;
	strings->at = bytes;
	strings->size = (size_t)(last + 1 - strings->at);
}

const char *strings_at(const struct strings *strings, size_t offset)
{
	return offset < strings->size ? strings->at + offset : NULL;
}

const char *strings_short(const struct strings *strings, size_t offset)
{
	const char *name = strings_at(strings, offset);
	/* Mostly no name can be too long. */
	if (strings->size <= STRINGS_SHORT_MAX)
		return name;
	return name && strnlen(name, STRINGS_SHORT_MAX) < STRINGS_SHORT_MAX ? name : NULL;
}
