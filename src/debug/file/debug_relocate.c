/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Debug sections of relocatable objects, relocated as a linker would with one input. */
#include "debug/file/debug_relocate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "elf/symbol/relocation.h"

/* Not 0, which libdw takes for the end of lists of ranges. */
#define LAYOUT_START 0x10000

int debug_lay_out(struct debug_file *file, struct usdtinfo_error *err)
{
	file->layout = calloc(file->section_count + 1, sizeof(*file->layout));
	if (!file->layout)
		return fail_memory(err);
	uint64_t next = LAYOUT_START;
	uint64_t limit = file->header.e_ident[EI_CLASS] == ELFCLASS64 ? UINT64_MAX / 2
	                                                              : UINT32_MAX / 2;
	for (size_t i = 1; i < file->section_count; i++) {
		struct section section;
		if (!image_section(file->image, i, &section) ||
		    !(section.header.sh_flags & SHF_ALLOC))
			continue;
		uint64_t alignment = section.header.sh_addralign;
		if (alignment == 0 || (alignment & (alignment - 1)) ||
		    alignment > 1u << 20)
			alignment = 16;
		uint64_t start = (next + alignment - 1) & ~(alignment - 1);
		/* A lie about the size must not cost the others their place. */
		if (section.header.sh_size > limit - start)
			continue;
		file->layout[i] = start;
		next = start + section.header.sh_size;
	}
	return 0;
}

/* What libdw reads: of unwind tables the first, and sizes of the others were added up. */
static bool is_wanted(const struct section *section, bool *have_unwind)
{
	if (section->header.sh_type == SHT_NOBITS)
		return false;
	if (strcmp(section->name, ".eh_frame") != 0)
		return strncmp(section->name, ".debug_", 7) == 0;
	bool is_first = !*have_unwind;
	*have_unwind = true;
	return is_first;
}

/* Hand relocated contents to libelf in place of its own. */
static int replace(struct debug_file *file, const struct section *section,
                   const struct contents *contents, struct usdtinfo_error *err)
{
	bool is_unwind = strcmp(section->name, ".eh_frame") == 0;
	Elf_Scn *scn = elf_getscn(is_unwind ? file->elf : file->dwarf_elf,
	                          section->index);
	GElf_Shdr header;
	if (!scn)
		return 0;
	errno = 0;
	if ((section->header.sh_flags & SHF_COMPRESSED) && elf_compress(scn, 0, 0) < 0)
		return errno == ENOMEM ? fail_memory(err) : 0;
	Elf_Data *data = elf_rawdata(scn, NULL);
	if (!data && errno == ENOMEM)
		return fail_memory(err);
	if (!data && errno)
		return fail_errno(err, "section %s cannot be read", section->name);
	if (data && data->d_buf && data->d_size == contents->bytes.left)
		memcpy(data->d_buf, contents->bytes.at, data->d_size);
	/* .eh_frame counts from its own address. */
	if (gelf_getshdr(scn, &header)) {
		header.sh_addr = file->layout[section->index];
		gelf_update_shdr(scn, &header);
	}
	return 0;
}

int debug_relocate(struct debug_file *file, struct usdtinfo_error *err)
{
	bool have_unwind = false;
	for (size_t i = 1; i < file->section_count; i++) {
		struct section section;
		struct contents contents = { 0 };
		if (!image_section(file->image, i, &section) ||
		    !is_wanted(&section, &have_unwind))
			continue;
		int r = section.header.sh_flags & SHF_COMPRESSED
		                ? image_inflate(file->image, &section, &contents, err)
		                : image_range(file->image, section.header.sh_offset,
		                              section.header.sh_size, &contents, err);
		if (r == USDTINFO_E_DAMAGED)
			continue;
		if (r == 0)
			r = image_relocate(file->image, i, file->layout, &contents, NULL,
			                   err);
		if (r == 0 && contents.owned)
			r = replace(file, &section, &contents, err);
		contents_deinit(&contents);
		if (r < 0)
			return r;
	}
	return 0;
}
