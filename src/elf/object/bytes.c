/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The bytes of an image: ranges of the file and contents of sections. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "elf/object/image.h"

/* Return: how many bytes were read before the file ended, or -1 with errno. */
static ssize_t read_at(struct usdtinfo_image *image, uint64_t offset, void *buf,
                       size_t size)
{
	ssize_t got = file_read_at(image->fd, buf, size, (off_t)(image->start + offset));
	int saved = errno;
	if (got < 0 && !image->unread.code)
		fail_errno(&image->unread, "cannot read at 0x%" PRIx64, offset);
	else if ((size_t)got < size && offset + (size_t)got < image->size &&
	         !image->unread.code)
		fail_at(&image->unread, USDTINFO_E_DAMAGED, offset,
		        "the file shrank while it was read");
	errno = saved;
	return got;
}

static bool is_inside(const struct usdtinfo_image *image, uint64_t offset, uint64_t size)
{
	return offset <= image->size && size <= image->size - offset;
}

static int fail_outside(const struct usdtinfo_image *image, uint64_t offset,
                        uint64_t size, struct usdtinfo_error *err)
{
	return fail_at(err, USDTINFO_E_DAMAGED, offset,
	               "%" PRIu64 " bytes at 0x%" PRIx64
	               " lie beyond the end of the file (%" PRIu64 " bytes)",
	               size, offset, image->size);
}

static bool is_in_page(const struct usdtinfo_image *image, uint64_t offset, size_t size)
{
	return offset >= image->page_offset &&
	       offset - image->page_offset <= image->page_size &&
	       size <= image->page_size - (offset - image->page_offset);
}

int image_read(struct usdtinfo_image *image, uint64_t offset, void *buf, size_t size,
               struct usdtinfo_error *err)
{
	if (!is_inside(image, offset, size))
		return fail_outside(image, offset, size, err);
	if (is_in_page(image, offset, size)) {
		memcpy(buf, image->page + (offset - image->page_offset), size);
		return 0;
	}
	if (image->memory) {
		if (size)
			memcpy(buf, image->memory + offset, size);
		return 0;
	}
	ssize_t got = read_at(image, offset, buf, size);
	if (got < 0)
		return fail_errno(err, "cannot read at 0x%" PRIx64, offset);
	if ((size_t)got < size)
		return fail_at(
			err, USDTINFO_E_DAMAGED, offset,
			"the file shrank while it was read: %zd of %zu bytes at 0x%" PRIx64,
			got, size, offset);
	return 0;
}

bool image_shrank(const struct usdtinfo_image *image)
{
	struct stat st;
	return !image->memory && fstat(image->fd, &st) == 0 &&
	       (uint64_t)st.st_size < image->start + image->size;
}

int64_t image_listing_read(struct usdtinfo_image *image, uint64_t offset, void *buf,
                           size_t size, struct usdtinfo_error *err)
{
	if (image->memory && offset < image->size) {
		size_t left = (size_t)(image->size - offset);
		size = size < left ? size : left;
		memcpy(buf, image->memory + offset, size);
		return (int64_t)size;
	}
	ssize_t got = 0;
	if (!image->memory)
		got = read_at(image, offset, buf, size);
	else if (image->rest_fd >= 0)
		do {
			got = read(image->rest_fd, buf, size);
		} while (got < 0 && errno == EINTR);
	return got < 0 ? fail_errno(err, "cannot read at 0x%" PRIx64, offset) : got;
}

size_t image_peek(struct usdtinfo_image *image, uint64_t offset, void *buf, size_t size)
{
	if (offset >= image->size)
		return 0;
	if (size > image->size - offset)
		size = (size_t)(image->size - offset);
	if (image->memory) {
		memcpy(buf, image->memory + offset, size);
		return size;
	}
	if (!is_in_page(image, offset, size)) {
		/* Start a little before: the sites of a function are met in any order. */
		uint64_t start = offset & ~(uint64_t)1023;
		ssize_t got = read_at(image, start, image->page, sizeof(image->page));
		image->page_offset = start;
		image->page_size = got < 0 ? 0 : (size_t)got;
	}
	uint64_t into = offset - image->page_offset;
	if (into >= image->page_size)
		return 0;
	if (size > image->page_size - into)
		size = (size_t)(image->page_size - into);
	memcpy(buf, image->page + into, size);
	return size;
}

void contents_deinit(struct contents *contents)
{
	free(contents->owned);
	*contents = (struct contents){ 0 };
}

int image_range(struct usdtinfo_image *image, uint64_t offset, uint64_t size,
                struct contents *ret, struct usdtinfo_error *err)
{
	if (!is_inside(image, offset, size))
		return fail_outside(image, offset, size, err);
	/* Files may be larger than the address space of a 32-bit host. */
	if (size > PTRDIFF_MAX)
		return fail_memory(err);
	if (image->memory) {
		*ret = (struct contents){ .bytes = { image->memory + offset,
			                             (size_t)size } };
		return 0;
	}
	if (size > IMAGE_RANGE_MAX)
		return fail_at(err, USDTINFO_E_DAMAGED, offset,
		               "%" PRIu64 " bytes at 0x%" PRIx64
		               " are more than the %u MiB that are read at once",
		               size, offset, (unsigned)(IMAGE_RANGE_MAX >> 20));
	unsigned char *owned = malloc(size ? (size_t)size : 1);
	if (!owned)
		return fail_memory(err);
	int r = image_read(image, offset, owned, (size_t)size, err);
	if (r < 0) {
		free(owned);
		return r;
	}
	*ret = (struct contents){ .owned = owned, .bytes = { owned, (size_t)size } };
	return 0;
}

static int fail_inflate(const struct section *section, struct usdtinfo_error *err)
{
	return fail_at(err, USDTINFO_E_DAMAGED, section->header.sh_offset,
	               "cannot decompress: %s", elf_errmsg(-1));
}

int image_inflate(struct usdtinfo_image *image, const struct section *section,
                  struct contents *ret, struct usdtinfo_error *err)
{
	Elf_Scn *scn = elf_getscn(image->elf, section->index);
	GElf_Shdr now;
	if (!scn || !gelf_getshdr(scn, &now))
		return fail_inflate(section, err);
	/* libelf inflates its section in place: the second time it is plain already. */
	if (now.sh_flags & SHF_COMPRESSED) {
		GElf_Chdr header;
		if (!gelf_getchdr(scn, &header))
			return fail_inflate(section, err);
		if (header.ch_size > CONTENTS_INFLATED_MAX - image->inflated_bytes)
			return fail_at(err, USDTINFO_E_DAMAGED, section->header.sh_offset,
			               "a compressed section claims %" PRIu64
			               " bytes, more than the %u allowed",
			               (uint64_t)header.ch_size, CONTENTS_INFLATED_MAX);
		image->inflated_bytes += header.ch_size;
		if (elf_compress(scn, 0, 0) < 0)
			return fail_inflate(section, err);
	}
	Elf_Data *data = elf_rawdata(scn, NULL);
	if (!data || !data->d_buf)
		return fail_inflate(section, err);
	*ret = (struct contents){ .bytes = { data->d_buf, data->d_size } };
	return 0;
}
