/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Fuzz target: an ELF object from its header to the arguments of its probes. */
#include "elf/object/glance.h"
#include "elf/object/image.h"
#include "fuzz.h"
#include "usdtinfo.h"

static void check_arguments(const struct usdtinfo_probe *probe)
{
	size_t count = usdtinfo_probe_argument_count(probe);
	for (size_t i = 0; i < count; i++) {
		const struct usdtinfo_argument *argument = usdtinfo_probe_argument(probe,
		                                                                   i);
		require(argument && usdtinfo_argument_raw(argument));
		require(usdtinfo_argument_type(argument));
	}
	require(!usdtinfo_probe_argument(probe, count));
}

/* What every reader of a probe relies on. */
static void check_probe(const struct usdtinfo_probe *probe, uint64_t file_size)
{
	uint64_t offset = 0, section_offset = 0;
	const unsigned char *bytes = NULL;
	size_t size = 0;
	require(usdtinfo_probe_provider(probe) && usdtinfo_probe_name(probe));
	require(usdtinfo_probe_arguments_text(probe));
	usdtinfo_probe_section(probe, &section_offset);
	enum usdtinfo_site site = usdtinfo_probe_site(probe, &bytes, &size);
	require((site == USDTINFO_SITE_UNAVAILABLE) == (size == 0));
	if (size > 0) {
		require(usdtinfo_probe_file_offset(probe, &offset));
		require(offset < file_size && size <= file_size - offset);
	}
	check_arguments(probe);
}

/* Return: how many probes a walk with these details gives */
static uint64_t walk(struct usdtinfo_image *image, unsigned details, uint64_t file_size)
{
	struct usdtinfo_walk *walk;
	const struct usdtinfo_probe *probe;
	uint64_t count = 0;
	int r;
	require(usdtinfo_walk_open(image, details, &walk, NULL) == 0);
	while ((r = usdtinfo_walk_next(walk, &probe, NULL)) > 0) {
		count++;
		if (details)
			check_probe(probe, file_size);
	}
	require(r == 0);
	usdtinfo_walk_close(walk);
	return count;
}

/* What a scan passes over at a glance must be what it would have passed over anyway. */
static void check_glance(struct usdtinfo_image *image, const unsigned char *bytes,
                         size_t size)
{
	const struct glance_source source = { .memory = bytes, .size = size };
	if (!glance_is_plain(&source))
		return;
	require(image && usdtinfo_image_state(image) == USDTINFO_STATE_NO_PROBES);
	require(usdtinfo_image_diagnostic_count(image) == 0);
}

/* The same bytes in a file of which the first were read, as a scan of a tree has them. */
static void check_started(const uint8_t *data, size_t size, uint64_t count)
{
	struct usdtinfo_image *image;
	struct image_start start = { .file_size = size };
	int fd = fuzz_file(data, size);
	start.size = size < sizeof(start.bytes) ? size : sizeof(start.bytes);
	memcpy(start.bytes, data, start.size);
	const struct glance_source source = {
		.fd = fd,
		.size = size,
		.head = { start.bytes, start.size },
	};
	bool plain = glance_is_plain(&source);
	require(image_open_started(&root_host, "fuzz", fd, &start, &image, NULL) == 0);
	require(usdtinfo_image_probe_count(image) == count);
	require(!plain || usdtinfo_image_state(image) == USDTINFO_STATE_NO_PROBES);
	usdtinfo_image_close(image);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct usdtinfo_image *image = NULL;
	struct usdtinfo_error err = { 0 };

	unsigned char *copy = fuzz_copy(data, size, false);
	int r = usdtinfo_image_open_memory(copy, size, "fuzz", &image, &err);
	if (r == 0) {
		uint64_t count = usdtinfo_image_probe_count(image);
		unsigned all = USDTINFO_DETAIL_PLACE | USDTINFO_DETAIL_SITE |
		               USDTINFO_DETAIL_ARGUMENTS;
		require(walk(image, all, size) == count);
		require(walk(image, 0, size) == count);
		check_started(copy, size, count);
		require(count == 0 || usdtinfo_image_state(image) == USDTINFO_STATE_OK ||
		        usdtinfo_image_state(image) == USDTINFO_STATE_DAMAGED);
	} else {
		require(err.code == r && err.text[0] != '\0');
	}
	check_glance(image, copy, size);
	usdtinfo_image_close(image);
	fuzz_drop(copy, data, size);
	return 0;
}
