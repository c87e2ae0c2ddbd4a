/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Fuzz target: headers and names of archives. Thin ones find nothing: their root is empty. */
#include <unistd.h>

#include "elf/archive.h"
#include "fuzz.h"

/* An empty directory that nobody can put anything into, since it has no name any more. */
static const struct root *empty_root(void)
{
	static struct root root;
	if (!root.directory) {
		char name[] = "/tmp/usdtinfo-fuzz-XXXXXX";
		require(mkdtemp(name));
		require(root_init(&root, name, NULL) == 0);
		require(rmdir(name) == 0);
	}
	return &root;
}

static void read_members(struct usdtinfo_image *file)
{
	struct archive archive;
	struct usdtinfo_error err = { 0 };
	uint64_t count = 0, most = file->size / 60 + 1;
	int r;
	archive_begin(&archive, empty_root(), file);
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
	if (image_open_file(fd, "fuzz", &file, NULL) == 0) {
		if (file->is_archive)
			read_members(file);
		else
			usdtinfo_image_close(file);
	}
	return 0;
}
