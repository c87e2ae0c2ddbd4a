/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* How far an image's sections moved since its debug file was split off (prelink). */
#include "debug/address/bias.h"

#include <stdlib.h>
#include <string.h>

/* Both have the same sections at the same indexes, but for those appended by strip. */
static bool same_section(struct usdtinfo_image *image, struct debug_file *file,
                         size_t index, uint64_t *bias_ret)
{
	struct section section;
	Elf_Scn *scn = elf_getscn(file->elf, index);
	GElf_Shdr header;
	if (!scn || !gelf_getshdr(scn, &header) || !image_section(image, index, &section))
		return false;
	const char *name = strings_short(&file->section_names, header.sh_name);
	if (!name || strcmp(name, section.name) != 0 ||
	    header.sh_size != section.header.sh_size || !(header.sh_flags & SHF_ALLOC))
		return false;
	*bias_ret = section.header.sh_addr - header.sh_addr;
	return true;
}

bool bias_init(struct bias *bias, struct usdtinfo_image *image, struct debug_file *file)
{
	*bias = (struct bias){ 0 };
	if (file->image || file->section_count == 0)
		return true;
	bias->of_section = calloc(file->section_count, sizeof(*bias->of_section));
	if (!bias->of_section)
		return false;
	bias->count = file->section_count;
	for (size_t i = 1; i < bias->count; i++)
		same_section(image, file, i, &bias->of_section[i]);
	return true;
}

uint64_t bias_of(const struct bias *bias, size_t index)
{
	return index < bias->count ? bias->of_section[index] : 0;
}

void bias_deinit(struct bias *bias)
{
	free(bias->of_section);
	*bias = (struct bias){ 0 };
}
