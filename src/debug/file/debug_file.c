/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* One file with debug info: opening it within limits. */
#include "debug/file/debug_file.h"

#include <elfutils/libdwelf.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "debug/file/abbreviations.h"
#include "debug/file/debug_none.h"
#include "debug/file/debug_relocate.h"

/* Above what any honest file was seen to need: see struct budget. */
#define BUDGET_BASE     ((uint64_t)1 << 20)
#define BUDGET_PER_BYTE 16

static void closep(struct debug_file **file)
{
	debug_file_close(*file);
}

static struct debug_file *file_new(const struct root *root, const char *path,
                                   const struct root *object_root)
{
	struct debug_file *file = calloc(1, sizeof(*file));
	if (!file)
		return NULL;
	file->fd = -1;
	file->root = root;
	file->object_root = object_root;
	file->path = strdup(path);
	if (!file->path) {
		free(file);
		return NULL;
	}
	return file;
}

static int begin(struct debug_file **file, struct debug_file **ret,
                 struct usdtinfo_error *err)
{
	struct debug_file *self = *file;
	elf_version(EV_CURRENT);
	errno = 0;
	if (!self->elf && self->memory)
		self->elf = elf_memory((char *)self->memory, (size_t)self->size);
	else if (!self->elf)
		self->elf = elf_begin(self->fd, ELF_C_READ, NULL);
	if (!self->elf || elf_kind(self->elf) != ELF_K_ELF ||
	    !gelf_getehdr(self->elf, &self->header))
		return errno == ENOMEM ? fail_memory(err)
		       : errno == EIO  ? fail_errno(err, "cannot read")
		                       : fail(err, USDTINFO_E_NOT_ELF, "not an ELF file");
	if (elf_getshdrnum(self->elf, &self->section_count) != 0)
		self->section_count = 0;
	size_t names;
	if (elf_getshdrstrndx(self->elf, &names) == 0)
		strings_load(&self->section_names, self->elf, names);
	/* libdw asks libelf for the name of every section. */
	if (self->section_names.endless || self->section_names.compressed)
		return fail(err, USDTINFO_E_DAMAGED, "the names of its sections %s",
		            self->section_names.endless ? "do not end"
		                                        : "are compressed");
	*ret = steal_ptr(*file);
	return 0;
}

int debug_file_open(int fd, const struct root *root, const char *path,
                    const struct root *object_root, struct debug_file **ret,
                    struct usdtinfo_error *err)
{
	_cleanup_(closep) struct debug_file *file = file_new(root, path, object_root);
	if (!file) {
		close(fd);
		return fail_memory(err);
	}
	file->fd = fd;
	file->owns_fd = true;
	struct stat st;
	if (fstat(fd, &st) < 0)
		return fail_errno(err, "cannot read");
	if (!S_ISREG(st.st_mode))
		return fail(err, USDTINFO_E_NOT_ELF, "not a regular file");
	file->size = (uint64_t)st.st_size;
	return begin(&file, ret, err);
}

int debug_file_open_memory(unsigned char *memory, size_t size,
                           const struct debug_file *holder, struct debug_file **ret,
                           struct usdtinfo_error *err)
{
	_cleanup_(closep) struct debug_file *file = file_new(holder->root, holder->path,
	                                                     holder->object_root);
	if (!file) {
		free(memory);
		return fail_memory(err);
	}
	file->memory = memory;
	file->size = size;
	return begin(&file, ret, err);
}

/* Sections that were compressed before there was a flag of it. */
static bool has_zdebug_sections(Elf *elf)
{
	struct strings names = { 0 };
	Elf_Scn *scn = NULL;
	GElf_Shdr header;
	size_t index;
	if (elf_getshdrstrndx(elf, &index) == 0)
		strings_load(&names, elf, index);
	while ((scn = elf_nextscn(elf, scn))) {
		const char *name = gelf_getshdr(scn, &header)
		                           ? strings_short(&names, header.sh_name)
		                           : NULL;
		if (name && strncmp(name, ".zdebug", 7) == 0)
			return true;
	}
	return false;
}

/*
 * Give @file the bytes of an image that has no file of its own: copied where they lie in an
 * archive, or will be written to, as libelf does to the header of a section that it inflates.
 */
static int take_bytes(struct debug_file *file, struct usdtinfo_image *image,
                      struct usdtinfo_error *err)
{
	/* What is flagged as compressed gave the image bytes for libelf already. */
	bool writes = image->header.e_type == ET_REL || image->elf_memory ||
	              has_zdebug_sections(image->elf);
	if (!writes && image->memory) {
		file->elf = elf_memory((char *)image->memory, (size_t)image->size);
		return file->elf ? 0 : fail(err, USDTINFO_E_NOT_ELF, "not an ELF file");
	}
	/* It may be larger than the address space of a 32-bit host. */
	if (image->size <= PTRDIFF_MAX)
		file->memory = malloc((size_t)image->size);
	if (!file->memory)
		return fail_memory(err);
	return image_read(image, 0, file->memory, (size_t)image->size, err);
}

int debug_file_of_image(struct usdtinfo_image *image, struct debug_file **ret,
                        struct usdtinfo_error *err)
{
	_cleanup_(closep) struct debug_file *file = file_new(
		image->root, image->file_path, image->root);
	if (!file)
		return fail_memory(err);
	file->image = image;
	file->size = image->size;
	int r = 0;
	if (image->memory || image->archive)
		r = take_bytes(file, image, err);
	else
		file->fd = image->fd;
	if (r < 0)
		return r;
	struct debug_file *opened = NULL;
	r = begin(&file, &opened, err);
	if (r == 0 && image->header.e_type == ET_REL)
		r = debug_lay_out(opened, err);
	if (r < 0) {
		debug_file_close(opened);
		return r;
	}
	*ret = opened;
	return 0;
}

static void close_dwarf(struct debug_file *file)
{
	if (file->dwarf)
		dwarf_end(steal_ptr(file->dwarf));
	if (file->dwarf_elf && file->dwarf_elf != file->elf)
		elf_end(file->dwarf_elf);
	file->dwarf_elf = NULL;
	for (size_t i = 0; i < MOVED_STRINGS_MAX; i++)
		free(file->moved[i].bytes);
}

void debug_file_close(struct debug_file *file)
{
	if (!file)
		return;
	close_dwarf(file);
	debug_file_close(file->alternate);
	if (file->no_alternate)
		dwarf_end(file->no_alternate);
	if (file->no_alternate_elf)
		elf_end(file->no_alternate_elf);
	free(file->no_alternate_bytes);
	if (file->elf)
		elf_end(file->elf);
	if (file->owns_fd && file->fd >= 0)
		close(file->fd);
	free(file->layout);
	free(file->memory);
	free(file->path);
	free(file);
}

bool debug_file_may_name(const struct debug_file *file, const char *name)
{
	bool is_outside = file->object_root->directory && !file->root->directory;
	return strlen(name) < PATH_MAX && (!is_outside || !strchr(name, '/'));
}

static const char *section_name(const struct debug_file *file, const GElf_Shdr *header)
{
	const char *name = strings_short(&file->section_names, header->sh_name);
	return name ? name : "";
}

Elf_Scn *debug_file_section(struct debug_file *file, const char *name, GElf_Shdr *ret)
{
	Elf_Scn *scn = NULL;
	while ((scn = elf_nextscn(file->elf, scn))) {
		GElf_Shdr header;
		if (!gelf_getshdr(scn, &header) || header.sh_type == SHT_NOBITS ||
		    strcmp(section_name(file, &header), name) != 0)
			continue;
		*ret = header;
		return scn;
	}
	return NULL;
}

/* Sections that objects for link-time optimisation have besides, or instead, begin so. */
#define LTO_PREFIX ".gnu.debuglto_"

static const char *without_prefix(const char *name)
{
	size_t size = strlen(LTO_PREFIX);
	return strncmp(name, LTO_PREFIX, size) == 0 ? name + size : name;
}

static bool is_plain_debug(const char *name)
{
	return strncmp(name, ".debug_", 7) == 0 || strncmp(name, ".zdebug_", 8) == 0;
}

/*
 * Without these libdw takes what is there for link-time optimisation, which has no addresses
 * yet, and which nobody relocates.
 */
static bool has_debug_sections(struct debug_file *file)
{
	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(file->elf, scn));) {
		GElf_Shdr header;
		if (gelf_getshdr(scn, &header) &&
		    is_plain_debug(section_name(file, &header)))
			return true;
	}
	return false;
}

/*
 * What libdw will read at once: sections whose names begin like this, inflated. Sizes come
 * from headers that can lie, so they are added up before anything is allocated.
 */
static int check_sizes(struct debug_file *file, uint64_t *total_ret,
                       struct usdtinfo_error *err)
{
	Elf_Scn *scn = NULL;
	uint64_t stored = 0, inflated = 0;
	while ((scn = elf_nextscn(file->dwarf_elf, scn))) {
		GElf_Shdr header;
		GElf_Chdr compressed;
		if (!gelf_getshdr(scn, &header) || header.sh_type == SHT_NOBITS)
			continue;
		const char *name = without_prefix(section_name(file, &header));
		uint64_t own = header.sh_size > file->size ? file->size : header.sh_size;
		uint64_t size = own;
		if (strncmp(name, ".zdebug_", 8) == 0) {
			ssize_t gnu = dwelf_scn_gnu_compressed_size(scn);
			size = gnu > 0 ? (uint64_t)gnu : 0;
		} else if (!is_plain_debug(name) &&
		           strncmp(name, ".gnu_debugaltlink", 17) != 0) {
			continue;
		} else if (header.sh_flags & SHF_COMPRESSED) {
			size = gelf_getchdr(scn, &compressed) ? compressed.ch_size : 0;
		}
		stored += own;
		if (__builtin_add_overflow(inflated, size, &inflated))
			inflated = UINT64_MAX;
		if (inflated > DEBUG_INFLATED_MAX && inflated > stored)
			break;
	}
	/* Sections of an honest file do not share bytes. */
	if (inflated > DEBUG_INFLATED_MAX && inflated > stored)
		return fail(err, USDTINFO_E_DAMAGED,
		            "its debug sections would inflate to more than %u MiB",
		            (unsigned)(DEBUG_INFLATED_MAX >> 20));
	if (stored / 2 > file->size)
		return fail(err, USDTINFO_E_DAMAGED,
		            "its debug sections claim more than the whole file");
	*total_ret = inflated;
	return 0;
}

/*
 * Sections of strings that libdw hands out without looking for their end. It knows each by
 * ".zdebug_", too, which was a sign of compression, by ".dwo" behind the name, and by what
 * stands before it where a file is for link-time optimisation.
 */
static bool is_string_section(const char *name)
{
	static const char *const names[] = { "debug_str", "debug_line_str" };
	name = without_prefix(name);
	if (*name++ != '.')
		return false;
	name += *name == 'z';
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		size_t size = strlen(names[i]);
		if (strncmp(name, names[i], size) == 0 &&
		    (!name[size] || strcmp(name + size, ".dwo") == 0))
			return true;
	}
	return false;
}

/* Return: the name of a section of strings whose last string has no end, or NULL */
static const char *open_ended_strings(Elf *elf)
{
	size_t names;
	if (elf_getshdrstrndx(elf, &names) < 0)
		return NULL;
	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(elf, scn));) {
		GElf_Shdr header;
		const char *name = gelf_getshdr(scn, &header)
		                           ? elf_strptr(elf, names, header.sh_name)
		                           : NULL;
		if (!name || !is_string_section(name))
			continue;
		/* libdw has inflated it by now, if it was compressed. */
		Elf_Data *data = elf_rawdata(scn, NULL);
		if (data && data->d_buf && data->d_size &&
		    ((const char *)data->d_buf)[data->d_size - 1] != '\0')
			return name;
	}
	return NULL;
}

static int check_dwarf(struct debug_file *file, uint64_t total,
                       struct usdtinfo_error *err)
{
	const char *open_ended = open_ended_strings(file->dwarf_elf);
	if (open_ended)
		return fail(err, USDTINFO_E_DAMAGED, "the last string of %s has no end",
		            open_ended);
	int r = abbreviations_check(file, total, err);
	if (r == 0 && !debug_none(file, file->dwarf))
		r = fail_memory(err);
	return r;
}

/* A handle for libdw alone. */
static int open_dwarf_elf(struct debug_file *file, struct usdtinfo_error *err)
{
	if (file->fd < 0)
		file->dwarf_elf = file->elf;
	if (!file->dwarf_elf)
		file->dwarf_elf = elf_begin(file->fd, ELF_C_READ, NULL);
	return file->dwarf_elf ? 0 : fail_memory(err);
}

/*
 * libdw asks the descriptor that it is given for a path, and opens what lies beside: packages
 * of split units, their files. So it gets a handle that is done with its descriptor, once all
 * that libdw wants is read.
 */
static int read_sections(struct debug_file *file, struct usdtinfo_error *err)
{
	size_t names;
	if (file->dwarf_elf == file->elf)
		return 0;
	errno = 0;
	if (elf_getshdrstrndx(file->dwarf_elf, &names) < 0)
		names = 0;
	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(file->dwarf_elf, scn));) {
		GElf_Shdr header;
		const char *name = gelf_getshdr(scn, &header)
		                           ? elf_strptr(file->dwarf_elf, names,
		                                        header.sh_name)
		                           : NULL;
		if (name && (is_plain_debug(without_prefix(name)) ||
		             strncmp(name, ".gnu_debugaltlink", 17) == 0))
			elf_rawdata(scn, NULL);
	}
	if (errno == ENOMEM)
		return fail_memory(err);
	if (errno == EIO)
		return fail_errno(err, "cannot read");
	elf_cntl(file->dwarf_elf, ELF_C_FDDONE);
	return 0;
}

int debug_file_load_dwarf(struct debug_file *file, struct usdtinfo_error *err)
{
	uint64_t total = 0;
	if (file->dwarf || !has_debug_sections(file))
		return 0;
	int r = open_dwarf_elf(file, err);
	if (r == 0)
		r = check_sizes(file, &total, err);
	if (r == 0)
		r = read_sections(file, err);
	if (r < 0)
		return r;
	if (file->layout)
		r = debug_relocate(file, err);
	if (r < 0)
		return r;
	file->budget.whole = total + 1;
	file->budget.left = BUDGET_BASE + BUDGET_PER_BYTE * total;
	file->dwarf = dwarf_begin_elf(file->dwarf_elf, DWARF_C_READ, NULL);
	if (!file->dwarf && errno == ELIBACC)
		return fail_errno(err, "debug info needs libdw");
	GElf_Shdr header;
	if (!file->dwarf && debug_file_section(file, ".debug_info", &header))
		return fail(err, USDTINFO_E_DAMAGED, "debug info: %s", dwarf_errmsg(-1));
	if (!file->dwarf)
		return 0;
	r = check_dwarf(file, total, err);
	if (r < 0) {
		dwarf_end(file->dwarf);
		file->dwarf = NULL;
	}
	return r;
}

/* libdw keeps each section and segment of notes that it looks into, and they may overlap. */
static bool notes_fit(const struct debug_file *file)
{
	uint64_t in_sections = 0, in_segments = 0;
	size_t segments = 0;
	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(file->elf, scn));) {
		GElf_Shdr header;
		if (gelf_getshdr(scn, &header) && header.sh_type == SHT_NOTE &&
		    header.sh_size <= file->size)
			in_sections += header.sh_size;
		if (in_sections > file->size)
			return false;
	}
	if (elf_getphdrnum(file->elf, &segments) < 0)
		return true;
	for (size_t i = 0; i < segments; i++) {
		GElf_Phdr header;
		if (gelf_getphdr(file->elf, (int)i, &header) &&
		    header.p_type == PT_NOTE && header.p_filesz <= file->size)
			in_segments += header.p_filesz;
		if (in_segments > file->size)
			return false;
	}
	return true;
}

char *debug_file_build_id(struct debug_file *file)
{
	const void *bytes;
	if (!notes_fit(file))
		return NULL;
	ssize_t size = dwelf_elf_gnu_build_id(file->elf, &bytes);
	if (size <= 0 || size > 64)
		return NULL;
	char *hex = malloc((size_t)size * 2 + 1);
	if (!hex)
		return NULL;
	static const char digits[] = "0123456789abcdef";
	for (ssize_t i = 0; i < size; i++) {
		unsigned char byte = ((const unsigned char *)bytes)[i];
		hex[2 * i] = digits[byte >> 4];
		hex[2 * i + 1] = digits[byte & 15];
	}
	hex[size * 2] = '\0';
	return hex;
}
