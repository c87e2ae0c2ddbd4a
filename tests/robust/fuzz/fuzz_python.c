/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Fuzz target: an ELF object as a Python: its version, its markers, the verdict. */
#include "find/runtime/python_parts.h"
#include "fuzz.h"

static void check_text(const char *text, size_t size)
{
	require(!text || (strlen(text) == size && size < (1 << 20)));
}

static void judge(struct usdtinfo_image *image, const char *path)
{
	struct python_elf elf = { 0 };
	struct usdtinfo_python *python = python_new(path);
	uint64_t probes;
	const char *reason = NULL;
	require(python != NULL);
	python_elf_borrow(image, &root_host, path, &elf, NULL);
	enum usdtinfo_python_verdict verdict = python_judge_object(python, &elf, &probes,
	                                                           &reason);
	require(probes <= usdtinfo_image_probe_count(image));
	python_read_version(python, &elf, path);
	python_name_version(python);
	python_judge(python, &elf);
	python_compare_record(python);
	require(python->verdict == verdict && !python->no_memory);
	require((verdict == USDTINFO_PYTHON_YES) == (probes > 0));
	check_text(python->reason.at, python->reason.size);
	check_text(python->hint.at, python->hint.size);
	for (size_t i = 0; i < usdtinfo_python_marker_count(python); i++)
		require(usdtinfo_python_marker(python, i, NULL, NULL) != NULL);
	python_elf_close(&elf);
	usdtinfo_python_close(python);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct usdtinfo_image *image;
	unsigned char *copy = fuzz_copy(data, size, false);
	if (usdtinfo_image_open_memory(copy, size, "fuzz", &image, NULL) == 0) {
		judge(image, size % 2 ? "/lib/libpython3.12.so.1.0" : "/bin/program");
		usdtinfo_image_close(image);
	}
	fuzz_drop(copy, data, size);
	return 0;
}
