/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Fuzz target: headers and names of archives. Members of thin ones are files among the
 * fixtures, whose paths are followed by the kernel or, every other time, by hand.
 */
#include "elf/container/archive.h"
#include "fuzz.h"

static const struct root *fixtures_root(bool in_kernel)
{
	static struct root root;
	static bool can;
	if (!root.directory) {
		require(root_init(&root, FIXTURES "/x86_64", NULL) == 0);
		can = root.in_kernel;
	}
	root.in_kernel = can && in_kernel;
	return &root;
}

static void read_members(struct usdtinfo_image *file)
{
	struct archive archive;
	struct usdtinfo_error err = { 0 };
	uint64_t count = 0, most = file->size / 60 + 1;
	int r;
	archive_begin(&archive, file);
	while ((r = archive_next(&archive, &err)) > 0) {
		struct usdtinfo_image *image;
		require(archive.label.at && ++count <= most);
		if (archive_open_member(&archive, &image, NULL) == 0)
			usdtinfo_image_close(image);
	}
	require(r == 0 || (err.code == r && err.text[0] != '\0'));
	archive_end(&archive);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct usdtinfo_image *file;
	int fd = fuzz_file(data, size);
	const struct root *root = fixtures_root(size % 2);
	if (image_open_fd(root, "/fuzz.a", fd, IMAGE_ARCHIVE, &file, NULL) == 0) {
		if (file->is_archive)
			read_members(file);
		else
			usdtinfo_image_close(file);
	}
	return 0;
}
