/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Fuzz target: saved listings. What can be read must be fit to be written. */
#include <fcntl.h>
#include <unistd.h>

#include "fuzz.h"
#include "output/list/writer.h"
#include "output/saved/read_listing.h"

static int visit(void *context, const struct object *object)
{
	struct writer *writer = context;
	struct probe_walk *walk = NULL;
	const struct usdtinfo_probe *probe;
	struct usdtinfo_error err;
	require(object->facts->path.at && object_walk_open(object, 0, &walk, &err) == 0);
	if (writer->ops->file_begin)
		require(writer->ops->file_begin(writer, object->facts) == 0);
	while (object_walk_next(walk, &probe, &err) > 0)
		require(writer->ops->probe(writer, object->facts, probe) == 0);
	object_walk_close(walk);
	if (writer->ops->file_end)
		require(writer->ops->file_end(writer, object->facts) == 0);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct stream stream;
	static const struct output_options options = { 0 };
	static const char *const formats[] = { "ndjson", "long", "readelf", "tsv" };
	struct usdtinfo_image *file;
	static int null = -1;
	if (null < 0)
		null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	require(null >= 0);
	int fd = fuzz_file(data, size);
	if (image_open_fd(&root_host, "fuzz", fd, IMAGE_OPERAND, &file, NULL) == 0) {
		const char *format = formats[size % 4];
		stream_init(&stream, null);
		struct writer *writer = writer_open(writer_find(format), &stream,
		                                    &options, NULL);
		require(writer);
		if (file->is_listing)
			listing_visit(file, visit, writer, NULL);
		writer_close(writer);
		usdtinfo_image_close(file);
	}
	return 0;
}
