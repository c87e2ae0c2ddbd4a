/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Opening an ELF object from a path, a descriptor or memory. */
#include "elf/object/image.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "elf/object/machine.h"
#include "elf/object/package_magic.h"

static int read_header(struct usdtinfo_image *image, struct usdtinfo_error *err)
{
	static const char archive_magic[] = "!<arch>\n", thin_magic[] = "!<thin>\n";
	unsigned char ident[EI_NIDENT] = { 0 };
	size_t size = image->size < sizeof(ident) ? (size_t)image->size : sizeof(ident);
	if (size == 0)
		return fail(err, USDTINFO_E_NOT_ELF, "not an ELF file: it is empty");
	int r = image_read(image, 0, ident, size, err);
	if (r < 0)
		return r;
	image->is_archive = memcmp(ident, archive_magic, 8) == 0 ||
	                    memcmp(ident, thin_magic, 8) == 0;
	if (image->is_archive)
		return fail(err, USDTINFO_E_ARCHIVE, "an ar archive, not an ELF file");
	image->is_listing = ident[0] == '{';
	if (memcmp(ident, ELFMAG, SELFMAG) != 0)
		return fail(err, USDTINFO_E_NOT_ELF, "not an ELF file");
	bool is64 = ident[EI_CLASS] == ELFCLASS64;
	if (!is64 && ident[EI_CLASS] != ELFCLASS32)
		return fail_at(err, USDTINFO_E_DAMAGED, EI_CLASS,
		               "damaged ELF header: class is %u, neither 1 nor 2",
		               ident[EI_CLASS]);
	if (ident[EI_DATA] != ELFDATA2LSB && ident[EI_DATA] != ELFDATA2MSB)
		return fail_at(err, USDTINFO_E_DAMAGED, EI_DATA,
		               "damaged ELF header: byte order is %u, neither 1 nor 2",
		               ident[EI_DATA]);
	uint64_t need = is64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
	if (image->size < need)
		return fail_at(err, USDTINFO_E_DAMAGED, image->size,
		               "damaged ELF file: it ends after %" PRIu64
		               " of the header's %" PRIu64 " bytes",
		               image->size, need);
	image->big_endian = ident[EI_DATA] == ELFDATA2MSB;
	image->address_size = is64 ? 8 : 4;
	return 0;
}

static enum usdtinfo_type image_type(const struct usdtinfo_image *image)
{
	switch (image->header.e_type) {
	case ET_REL:
		return USDTINFO_TYPE_REL;
	case ET_EXEC:
		return USDTINFO_TYPE_EXEC;
	case ET_DYN:
		return USDTINFO_TYPE_DYN;
	case ET_CORE:
		return USDTINFO_TYPE_CORE;
	default:
		return USDTINFO_TYPE_OTHER;
	}
}

static bool has_compressed_sections(Elf *elf)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	while ((section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &header) && header.sh_flags & SHF_COMPRESSED)
			return true;
	return false;
}

/*
 * No form maps the file. Nor do they write to bytes in memory, but for one thing: to inflate
 * a section libelf changes its header where that stands, so that it gets bytes of its own.
 */
static int begin_elf(struct usdtinfo_image *image, struct usdtinfo_error *err)
{
	if (elf_version(EV_CURRENT) == EV_NONE)
		return fail(err, USDTINFO_E_DAMAGED, "libelf: %s", elf_errmsg(-1));
	size_t size = (size_t)image->size;
	image->elf = image->memory ? elf_memory((char *)image->memory, size)
	                           : elf_begin(image->fd, ELF_C_READ, image->archive);
	if (image->memory && image->elf && has_compressed_sections(image->elf)) {
		elf_end(steal_ptr(image->elf));
		image->elf_memory = malloc(size);
		if (!image->elf_memory)
			return fail_memory(err);
		memcpy(image->elf_memory, image->memory, size);
		image->elf = elf_memory((char *)image->elf_memory, size);
	}
	bool good = image->elf && elf_kind(image->elf) == ELF_K_ELF &&
	            gelf_getehdr(image->elf, &image->header);
	if (!good && errno == ENOMEM)
		return fail_memory(err);
	if (!good)
		return fail(err, USDTINFO_E_DAMAGED, "damaged ELF header: %s",
		            elf_errmsg(-1));
	return 0;
}

static int begin(struct usdtinfo_image *image, struct usdtinfo_error *err)
{
	int r = read_header(image, err);
	if (r == 0)
		r = begin_elf(image, err);
	if (r < 0)
		return r;
	struct file_facts *facts = &image->facts;
	facts->elf_class = known_u64((uint64_t)image->address_size * 8);
	facts->endian = text_of(image->big_endian ? "big" : "little");
	facts->machine = text_of(machine_name(image->header.e_machine));
	facts->machine_number = known_u64(image->header.e_machine);
	facts->type = text_of(usdtinfo_type_name(image_type(image)));
	return image_load_layout(image, err);
}

static struct usdtinfo_image *image_new(const struct root *root, const char *path)
{
	struct usdtinfo_image *image = malloc(sizeof(*image));
	if (!image)
		return NULL;
	memset(image, 0, offsetof(struct usdtinfo_image, page));
	image->fd = image->rest_fd = -1;
	image->root = root;
	image->path = strdup(path);
	if (!image->path) {
		free(image);
		return NULL;
	}
	image->file_path = image->path;
	image->facts.path = text_of(image->path);
	return image;
}

static struct usdtinfo_image *member_new(const struct usdtinfo_image *holder,
                                         const char *label)
{
	struct usdtinfo_image *image = image_new(holder->root, label);
	if (!image)
		return NULL;
	image->file_path = holder->file_path;
	image->is_member = true;
	return image;
}

static void closep(struct usdtinfo_image **image)
{
	usdtinfo_image_close(*image);
}

int image_rename(struct usdtinfo_image *image, const char *name,
                 struct usdtinfo_error *err)
{
	char *path = strdup(name);
	if (!path)
		return fail_memory(err);
	if (image->file_path == image->path)
		image->owned_file_path = image->path;
	else
		free(image->path);
	image->path = path;
	image->facts.path = text_of(path);
	return 0;
}

static bool is_package(struct usdtinfo_image *image)
{
	unsigned char start[PACKAGE_MAGIC_SIZE];
	size_t size = image_peek(image, 0, start, sizeof(start));
	return bytes_package((struct span){ start, size }) != PACKAGE_NONE;
}

static int finish(struct usdtinfo_image **image, struct usdtinfo_image **image_ret,
                  unsigned accept, struct usdtinfo_error *err)
{
	/* libelf says little of what it could not get; errno does. */
	int saved = errno;
	errno = 0;
	int r = begin(*image, err);
	if (r == 0 && errno == ENOMEM)
		r = fail_memory(err);
	else if (r == 0 && errno == EIO)
		r = fail_errno(err, "cannot read");
	errno = saved;
	bool archive = (accept & IMAGE_ARCHIVE) && r == USDTINFO_E_ARCHIVE;
	bool listing = (accept & IMAGE_LISTING) && (*image)->is_listing;
	(*image)->is_package = r < 0 && (accept & IMAGE_PACKAGE) && is_package(*image);
	if (r < 0 && !archive && !listing && !(*image)->is_package)
		return r;
	*image_ret = steal_ptr(*image);
	return 0;
}

/* A pipe has no offsets: hold what it gives, but for a listing, which is read once. */
static int read_all(struct usdtinfo_image *image, int fd, unsigned accept,
                    struct usdtinfo_error *err)
{
	size_t used = 0, room = 0;
	for (;;) {
		if (!array_grow(&image->owned_memory, &room, used + 65536, 1))
			return fail_memory(err);
		ssize_t got = read(fd, image->owned_memory + used, room - used);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail_errno(err, "cannot read");
		if (got == 0)
			break;
		used += (size_t)got;
		if ((accept & IMAGE_LISTING) && used >= LISTING_AHEAD &&
		    image->owned_memory[0] == '{') {
			image->rest_fd = fd;
			break;
		}
	}
	image->memory = image->owned_memory;
	image->size = used;
	return 0;
}

int image_open_fd(const struct root *root, const char *path, int fd, unsigned accept,
                  struct usdtinfo_image **image_ret, struct usdtinfo_error *err)
{
	struct stat st;
	if (fstat(fd, &st) < 0)
		return fail_errno(err, "cannot read");
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return fail_errno(err, "cannot read");
	}
	_cleanup_(closep) struct usdtinfo_image *image = image_new(root, path);
	if (!image)
		return fail_memory(err);
	if (S_ISREG(st.st_mode)) {
		image->fd = fd;
		image->size = (uint64_t)st.st_size;
	} else if (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode) || S_ISCHR(st.st_mode)) {
		int r = read_all(image, fd, accept, err);
		if (r < 0)
			return r;
	} else {
		return fail(err, USDTINFO_E_NOT_ELF, "not a regular file");
	}
	return finish(&image, image_ret, accept, err);
}

int image_open(const struct root *root, const char *path, unsigned accept,
               struct usdtinfo_image **image_ret, struct usdtinfo_error *err)
{
	int fd;
	int r = root_open_regular(root, path, &fd, err);
	if (r < 0)
		return r;
	struct usdtinfo_error why = { 0 };
	r = image_open_fd(root, path, fd, accept, image_ret, &why);
	if (r == 0) {
		(*image_ret)->owns_fd = true;
		return r;
	}
	root_note(root, r == USDTINFO_E_MEMORY ? ENOMEM : why.sys_errno);
	if (err)
		*err = why;
	close(fd);
	return r;
}

int image_open_started(const struct root *root, const char *path, int fd,
                       const struct image_start *start, struct usdtinfo_image **image_ret,
                       struct usdtinfo_error *err)
{
	_cleanup_(closep) struct usdtinfo_image *image = image_new(root, path);
	if (!image)
		return fail_memory(err);
	image->fd = fd;
	image->size = start->file_size;
	image->page_size = start->size;
	memcpy(image->page, start->bytes, start->size);
	return finish(&image, image_ret,
	              IMAGE_ARCHIVE | (start->packages ? IMAGE_PACKAGE : 0), err);
}

/* @image is taken over; NULL: memory ran out */
static int open_bytes(struct usdtinfo_image *image, const void *data, size_t size,
                      unsigned accept, struct usdtinfo_image **image_ret,
                      struct usdtinfo_error *err)
{
	_cleanup_(closep) struct usdtinfo_image *own = image;
	if (!own)
		return fail_memory(err);
	own->memory = size ? data : (const unsigned char *)"";
	own->size = size;
	return finish(&own, image_ret, accept, err);
}

int image_open_memory(const struct root *root, const char *path, const void *data,
                      size_t size, struct usdtinfo_image **image_ret,
                      struct usdtinfo_error *err)
{
	return open_bytes(image_new(root, path), data, size, 0, image_ret, err);
}

int image_open_member(const struct usdtinfo_image *holder, const char *label,
                      const void *data, size_t size, unsigned accept,
                      struct usdtinfo_image **image_ret, struct usdtinfo_error *err)
{
	return open_bytes(member_new(holder, label), data, size, accept, image_ret, err);
}

int image_open_part(const struct usdtinfo_image *holder, const char *label,
                    const struct image_part *part, struct usdtinfo_image **image_ret,
                    struct usdtinfo_error *err)
{
	if (part->header > SIZE_MAX)
		return fail(err, USDTINFO_E_SYSTEM,
		            "too far into the archive for this 32-bit program");
	if (elf_rand(part->archive, (size_t)part->header) != part->header)
		return fail(err, USDTINFO_E_ARGUMENT, "libelf: %s", elf_errmsg(-1));
	_cleanup_(closep) struct usdtinfo_image *image = member_new(holder, label);
	if (!image)
		return fail_memory(err);
	image->fd = holder->fd;
	image->archive = part->archive;
	image->start = part->start;
	image->size = part->size;
	return finish(&image, image_ret, 0, err);
}

void *image_table(struct usdtinfo_image *image, enum image_table_kind kind, size_t size,
                  void (*deinit)(struct image_table *table))
{
	struct image_table **table = &image->tables[kind];
	if (!*table) {
		*table = calloc(1, size);
		if (*table)
			(*table)->deinit = deinit;
	}
	return *table;
}

void usdtinfo_image_close(struct usdtinfo_image *image)
{
	if (!image)
		return;
	int saved = errno;
	elf_end(image->elf);
	if (image->owns_fd)
		close(image->fd);
	for (size_t i = 0; i < IMAGE_TABLES; i++) {
		if (image->tables[i])
			image->tables[i]->deinit(image->tables[i]);
		free(image->tables[i]);
	}
	segments_deinit(&image->segments);
	diagnostics_deinit(&image->facts.diagnostics);
	free(image->areas);
	free(image->ranges);
	free(image->elf_memory);
	free(image->owned_memory);
	free(image->build_id);
	free(image->owned_file_path);
	free(image->path);
	free(image);
	errno = saved;
}
