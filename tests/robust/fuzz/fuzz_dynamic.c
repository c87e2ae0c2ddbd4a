/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Fuzz target: the dynamic section and the hash tables of an ELF file. */
#include "base/array.h"
#include "elf/symbol/dynamic.h"
#include "find/linker/ld_platform.h"
#include "fuzz.h"

static void check(struct usdtinfo_image *image)
{
	static const char *const names[] = { "Py_Version", "main", "" };
	struct dynamic dynamic;
	struct dynamic_symbol symbol;
	/* What was read before a failure stands, and is released like the rest. */
	dynamic_load(image, &dynamic, NULL);
	for (size_t i = 0; i < dynamic.needed_count; i++)
		require(dynamic.needed[i].at[dynamic.needed[i].size] == '\0');
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		dynamic_find_symbol(image, &dynamic, names[i], &symbol);
	require(ld_platform_of(image) != NULL && ld_platform_matches(image, image));
	dynamic_deinit(&dynamic);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *copy = fuzz_copy(data, size, false);
	struct usdtinfo_image *image;
	if (usdtinfo_image_open_memory(copy, size, "fuzz", &image, NULL) == 0) {
		check(image);
		usdtinfo_image_close(image);
	}
	fuzz_drop(copy, data, size);
	return 0;
}
