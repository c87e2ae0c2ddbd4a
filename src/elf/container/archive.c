/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Headers and names of ar archives. */
#include "elf/container/archive.h"

#include <ar.h>
#include <elf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "elf/object/glance.h"

#define THIN_MAGIC "!<thin>\n"

/* Nine of ten members of a development system's archives are smaller than half of that. */
#define WINDOW_SIZE       65536
#define WINDOW_MEMBER_MAX 32768

/* Members that are the archive's own: they stand in thin ones too. */
static const char *const tables[] = {
	"/",
	"/SYM64/",
	"//",
	"__.SYMDEF",
	"__.SYMDEF SORTED",
	"__.SYMDEF_64",
	"__.SYMDEF_64 SORTED",
	"ARFILENAMES/",
};

/* A member's header, with its numbers read. */
struct header {
	char name[sizeof(((struct ar_hdr *)0)->ar_name) +
	          1]; /* without trailing spaces */
	uint64_t at;  /* of the header itself */
	uint64_t data, size;
};

void archive_begin(struct archive *archive, struct usdtinfo_image *file)
{
	char magic[SARMAG];
	*archive = (struct archive){ .file = file, .next = SARMAG };
	size_t got = image_peek(file, 0, magic, sizeof(magic));
	archive->is_thin = got == SARMAG && memcmp(magic, THIN_MAGIC, SARMAG) == 0;
}

void archive_end(struct archive *archive)
{
	if (archive->nested) {
		/* One level, no more: archive_open_nested() sees to it. */
		archive_end(archive->nested);
		free(archive->nested);
	}
	contents_deinit(&archive->names);
	free(archive->window);
	strbuf_deinit(&archive->label);
	strbuf_deinit(&archive->name);
	elf_end(archive->elf);
	usdtinfo_image_close(archive->file);
	*archive = (struct archive){ 0 };
}

/* A decimal number that spaces fill up. Return: false when it is something else */
static bool read_number(const char *at, size_t size, uint64_t *ret)
{
	uint64_t number = 0;
	size_t i = 0;
	for (; i < size && at[i] >= '0' && at[i] <= '9'; i++) {
		if (number > (UINT64_MAX - 9) / 10)
			return false;
		number = number * 10 + (uint64_t)(at[i] - '0');
	}
	size_t digits = i;
	while (i < size && at[i] == ' ')
		i++;
	*ret = number;
	return digits > 0 && i == size;
}

/* Return: the bytes where the window holds them, else NULL */
static const unsigned char *in_window(const struct archive *archive, uint64_t offset,
                                      size_t size)
{
	if (offset < archive->window_at)
		return NULL;
	uint64_t into = offset - archive->window_at;
	return into <= archive->window_size && size <= archive->window_size - into
	               ? archive->window + into
	               : NULL;
}

/* Have the window begin at @offset. Return: false when it cannot be read so. */
static bool move_window(struct archive *archive, uint64_t offset)
{
	struct usdtinfo_error err;
	uint64_t left = archive->file->size - offset;
	size_t size = left < WINDOW_SIZE ? (size_t)left : WINDOW_SIZE;
	archive->window_size = 0;
	if (!archive->window)
		archive->window = malloc(WINDOW_SIZE);
	if (!archive->window ||
	    image_read(archive->file, offset, archive->window, size, &err) < 0)
		return false;
	archive->window_at = offset;
	archive->window_size = size;
	return true;
}

/* A header and the first bytes behind it mostly come with one read. */
static int peek(struct archive *archive, uint64_t offset, void *buf, size_t size,
                struct usdtinfo_error *err)
{
	const unsigned char *held = in_window(archive, offset, size);
	if (held) {
		memcpy(buf, held, size);
		return 0;
	}
	return image_peek(archive->file, offset, buf, size) == size
	               ? 0
	               : image_read(archive->file, offset, buf, size, err);
}

/* Return: 1 with a header, 0 at the end, or an error. */
static int read_header(struct archive *archive, struct header *ret,
                       struct usdtinfo_error *err)
{
	struct ar_hdr raw;
	uint64_t at = archive->next;
	if (at >= archive->file->size)
		return 0;
	if (archive->file->size - at < sizeof(raw))
		return fail_at(
			err, USDTINFO_E_DAMAGED, at,
			"damaged archive: it ends within a member's header at 0x%" PRIx64,
			at);
	int r = peek(archive, at, &raw, sizeof(raw), err);
	if (r < 0)
		return r;
	if (memcmp(raw.ar_fmag, ARFMAG, sizeof(raw.ar_fmag)) != 0)
		return fail_at(
			err, USDTINFO_E_DAMAGED, at,
			"damaged archive: there is no member's header at 0x%" PRIx64, at);
	if (!read_number(raw.ar_size, sizeof(raw.ar_size), &ret->size))
		return fail_at(err, USDTINFO_E_DAMAGED, at,
		               "damaged archive: the size of the member at 0x%" PRIx64
		               " is no number",
		               at);
	size_t length = sizeof(raw.ar_name);
	while (length > 0 && raw.ar_name[length - 1] == ' ')
		length--;
	memcpy(ret->name, raw.ar_name, length);
	ret->name[length] = '\0';
	ret->at = at;
	ret->data = at + sizeof(raw);
	return 1;
}

static int fail_name(const struct header *header, struct usdtinfo_error *err)
{
	return fail_at(err, USDTINFO_E_DAMAGED, header->at,
	               "damaged archive: the name of the member at 0x%" PRIx64
	               " cannot be read",
	               header->at);
}

/*
 * "/123": what stands at 123 in the table of names, up to "/" and a newline (GNU), or a NUL
 * (System V). "/123:456", in thin archives: that names an archive whose header at 456 is meant.
 */
static int read_long_name(struct archive *archive, const struct header *header,
                          uint64_t *nested_ret, struct usdtinfo_error *err)
{
	const char *digits = header->name + 1, *colon = strchr(digits, ':');
	size_t length = colon ? (size_t)(colon - digits) : strlen(digits);
	uint64_t at;
	struct span left = archive->names.bytes;
	if (!read_number(digits, length, &at) || at > SIZE_MAX ||
	    !span_skip(&left, (size_t)at) || left.left == 0 ||
	    (colon && !read_number(colon + 1, strlen(colon + 1), nested_ret)))
		return fail_name(header, err);
	size_t limit = left.left < ARCHIVE_NAME_MAX ? left.left : ARCHIVE_NAME_MAX,
	       end = 0;
	while (end < limit && left.at[end] != '\n' && left.at[end] != '\0')
		end++;
	if (end == limit && limit < left.left)
		return fail_name(header, err);
	if (end > 0 && left.at[end - 1] == '/')
		end--;
	strbuf_add(&archive->name, left.at, end);
	return archive->name.failed ? fail_memory(err) : 0;
}

/* "#1/12": the first 12 bytes of the member are its name (BSD). */
static int read_bsd_name(struct archive *archive, struct header *header,
                         struct usdtinfo_error *err)
{
	char name[ARCHIVE_NAME_MAX];
	uint64_t length;
	if (!read_number(header->name + 3, strlen(header->name + 3), &length) ||
	    length > sizeof(name) || length > header->size)
		return fail_name(header, err);
	int r = image_read(archive->file, header->data, name, (size_t)length, err);
	if (r < 0)
		return r;
	header->data += length;
	header->size -= length;
	strbuf_add(&archive->name, name, strnlen(name, (size_t)length));
	return archive->name.failed ? fail_memory(err) : 0;
}

static bool is_table(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		if (strcmp(name, tables[i]) == 0)
			return true;
	}
	return false;
}

static int read_name(struct archive *archive, struct header *header, uint64_t *nested_ret,
                     struct usdtinfo_error *err)
{
	const char *name = header->name;
	strbuf_clear(&archive->name);
	if (name[0] == '/' && name[1] >= '0' && name[1] <= '9')
		return read_long_name(archive, header, nested_ret, err);
	if (strncmp(name, "#1/", 3) == 0)
		return read_bsd_name(archive, header, err);
	size_t length = strlen(name);
	if (length > 1 && name[length - 1] == '/' && !is_table(name))
		length--;
	strbuf_add(&archive->name, name, length);
	return archive->name.failed ? fail_memory(err) : 0;
}

/* Go over a header. Return: 1 when it is a member's, 2 when it is a table's, 0 at the end. */
static int step(struct archive *archive, uint64_t *nested_ret, struct usdtinfo_error *err)
{
	struct header header;
	int r = read_header(archive, &header, err);
	if (r <= 0)
		return r;
	uint64_t end = header.data + header.size;
	r = read_name(archive, &header, nested_ret, err);
	if (r < 0)
		return r;
	if (!archive->name.at)
		strbuf_add(&archive->name, "", 0);
	bool table = archive->name.at && is_table(archive->name.at);
	archive->is_file = archive->is_thin && !table;
	archive->header = header.at;
	archive->offset = header.data;
	archive->size = header.size;
	archive->next = archive->is_file ? header.data : end + (end & 1);
	if (!archive->is_file && end > archive->file->size)
		return fail_at(err, USDTINFO_E_DAMAGED, header.at,
		               "damaged archive: the member at 0x%" PRIx64 " has %" PRIu64
		               " bytes, more than are left of the file",
		               header.at, header.size);
	if (!table)
		return 1;
	if (strcmp(archive->name.at, "//") == 0 ||
	    strcmp(archive->name.at, "ARFILENAMES/") == 0) {
		contents_deinit(&archive->names);
		r = image_range(archive->file, header.data, header.size, &archive->names,
		                err);
	}
	return r < 0 ? r : 2;
}

/* @name relative to the archive's directory. */
static void join(const struct archive *archive, const char *name, struct strbuf *out)
{
	const char *path = archive->file->file_path, *slash = strrchr(path, '/');
	if (*name != '/' && slash)
		strbuf_add(out, path, (size_t)(slash + 1 - path));
	strbuf_add_string(out, name);
}

/* Make archive->nested the archive that archive->name is about. */
static int open_nested(struct archive *archive, struct usdtinfo_error *err)
{
	_cleanup_(strbuf_deinit) struct strbuf path = { 0 };
	join(archive, archive->name.at, &path);
	if (path.failed)
		return fail_memory(err);
	if (archive->nested) {
		if (strcmp(archive->nested->file->path, path.at) == 0)
			return 0;
		archive_end(archive->nested);
		free(steal_ptr(archive->nested));
	}
	struct usdtinfo_image *file;
	archive->nested_times++;
	int r = image_open(archive->file->root, path.at, IMAGE_ARCHIVE, &file, err);
	if (r < 0)
		return r;
	struct archive *nested = file->is_archive ? calloc(1, sizeof(*nested)) : NULL;
	if (!nested) {
		r = file->is_archive
		            ? fail_memory(err)
		            : fail(err, USDTINFO_E_DAMAGED, "%s is no archive", path.at);
		usdtinfo_image_close(file);
		return r;
	}
	archive_begin(nested, file);
	archive->nested = nested;
	/* The table of names stands before the members. */
	uint64_t ignored = 0;
	while ((r = step(nested, &ignored, err)) == 2)
		;
	archive->nested_bytes += nested->names.bytes.left;
	return r < 0 ? r : 0;
}

/* Sets nested_error when it fails: the members that follow may be sound. */
static void enter_nested(struct archive *archive, uint64_t at)
{
	struct usdtinfo_error why = { 0 }, *err = &archive->nested_error;
	int r = open_nested(archive, &why);
	uint64_t deeper = 0;
	*err = (struct usdtinfo_error){ 0 };
	if (r == 0) {
		archive->nested->next = at;
		r = step(archive->nested, &deeper, &why);
	}
	if (r < 0) {
		fail_at(err, why.code, why.offset, "%s: %s", archive->name.at, why.text);
		err->sys_errno = why.sys_errno;
	} else if (r != 1 || deeper != 0) {
		fail(err, USDTINFO_E_DAMAGED, "there is no member at 0x%" PRIx64 " of %s",
		     at, archive->name.at);
	}
}

static void write_label(struct archive *archive)
{
	struct strbuf *out = &archive->label;
	strbuf_clear(out);
	strbuf_add_string(out, archive->file->path);
	strbuf_add_char(out, archive->is_thin ? '[' : '(');
	if (archive->in_nested && archive->nested_error.code == 0) {
		strbuf_add_string(out, archive->nested->file->path);
		strbuf_add_char(out, '(');
		strbuf_add_string(out, archive->nested->name.at);
		strbuf_add_char(out, ')');
	} else {
		strbuf_add_string(out, archive->name.at);
	}
	strbuf_add_char(out, archive->is_thin ? ']' : ')');
}

int archive_next(struct archive *archive, struct usdtinfo_error *err)
{
	uint64_t nested_at = 0;
	int r;
	while ((r = step(archive, &nested_at, err)) == 2)
		;
	if (r <= 0)
		return r;
	archive->in_nested = archive->is_thin && nested_at != 0;
	if (archive->in_nested)
		enter_nested(archive, nested_at);
	write_label(archive);
	return archive->label.failed ? fail_memory(err) : 1;
}

static int open_file(const struct archive *archive, const char *label,
                     struct usdtinfo_image **image_ret, struct usdtinfo_error *err)
{
	_cleanup_(strbuf_deinit) struct strbuf path = { 0 };
	join(archive, archive->name.at, &path);
	if (path.failed)
		return fail_memory(err);
	int r = image_open(archive->file->root, path.at, 0, image_ret, err);
	if (r < 0)
		return r;
	r = image_rename(*image_ret, label, err);
	if (r < 0)
		usdtinfo_image_close(*image_ret);
	return r;
}

/*
 * Open a member where it stands. Return: USDTINFO_E_ARGUMENT where that cannot be: in memory,
 * and behind a BSD name, which libelf takes for the member's first bytes.
 */
static int open_in_place(struct archive *holder, const char *label,
                         struct usdtinfo_image **image_ret, struct usdtinfo_error *err)
{
	if (holder->file->memory || holder->is_strange ||
	    holder->offset != holder->header + sizeof(struct ar_hdr))
		return USDTINFO_E_ARGUMENT;
	if (!holder->elf && elf_version(EV_CURRENT) != EV_NONE)
		holder->elf = elf_begin(holder->file->fd, ELF_C_READ, NULL);
	if (!holder->elf || elf_kind(holder->elf) != ELF_K_AR)
		return USDTINFO_E_ARGUMENT;
	const struct image_part part = {
		.archive = holder->elf,
		.header = holder->header,
		.start = holder->offset,
		.size = holder->size,
	};
	int r = image_open_part(holder->file, label, &part, image_ret, err);
	holder->is_strange = r == USDTINFO_E_ARGUMENT;
	return r;
}

/* Return: a small member's bytes in the window, which moves; NULL where that cannot be */
static const unsigned char *have_in_window(struct archive *holder)
{
	if (holder->file->memory || holder->size > WINDOW_MEMBER_MAX)
		return NULL;
	size_t size = (size_t)holder->size;
	const unsigned char *bytes = in_window(holder, holder->offset, size);
	if (!bytes && move_window(holder, holder->offset))
		bytes = in_window(holder, holder->offset, size);
	return bytes;
}

bool archive_member_is_plain(struct archive *archive)
{
	struct archive *holder = archive->in_nested ? archive->nested : archive;
	if (holder->is_file || (archive->in_nested && archive->nested_error.code != 0))
		return false;
	unsigned char head[sizeof(Elf64_Ehdr)];
	struct usdtinfo_error err;
	struct glance_source source = {
		.memory = have_in_window(holder),
		.fd = holder->file->fd,
		.start = holder->file->start + holder->offset,
		.size = holder->size,
	};
	if (holder->file->memory)
		source.memory = holder->file->memory + holder->offset;
	/* The header mostly came with the archive's own before it. */
	if (!source.memory && holder->size >= sizeof(head) &&
	    peek(holder, holder->offset, head, sizeof(head), &err) == 0)
		source.head = (struct span){ head, sizeof(head) };
	return glance_is_plain(&source);
}

/* Open a small member in the window. Return: USDTINFO_E_ARGUMENT where that cannot be. */
static int open_in_window(struct archive *holder, const char *label,
                          struct usdtinfo_image **image_ret, struct usdtinfo_error *err)
{
	const unsigned char *bytes = have_in_window(holder);
	return bytes ? image_open_member(holder->file, label, bytes, (size_t)holder->size,
	                                 0, image_ret, err)
	             : USDTINFO_E_ARGUMENT;
}

static int open_copy(struct archive *holder, const char *label,
                     struct usdtinfo_image **image_ret, struct usdtinfo_error *err)
{
	struct contents contents;
	int r = image_range(holder->file, holder->offset, holder->size, &contents, err);
	if (r < 0)
		return r;
	struct usdtinfo_image *image;
	r = image_open_member(holder->file, label, contents.bytes.at, contents.bytes.left,
	                      0, &image, err);
	if (r < 0) {
		contents_deinit(&contents);
		return r;
	}
	image->owned_memory = contents.owned;
	*image_ret = image;
	return 0;
}

int archive_open_member(struct archive *archive, struct usdtinfo_image **image_ret,
                        struct usdtinfo_error *err)
{
	struct archive *holder = archive->in_nested ? archive->nested : archive;
	char magic[SELFMAG];
	if (archive->in_nested && archive->nested_error.code != 0) {
		if (err)
			*err = archive->nested_error;
		return archive->nested_error.code;
	}
	if (holder->is_file)
		return open_file(holder, archive->label.at, image_ret, err);
	size_t got = holder->size < SELFMAG ? (size_t)holder->size : SELFMAG;
	int r = peek(holder, holder->offset, magic, got, err);
	if (r < 0)
		return r;
	if (got < SELFMAG || memcmp(magic, ELFMAG, SELFMAG) != 0)
		return fail(err, USDTINFO_E_NOT_ELF, "not an ELF file");
	r = open_in_window(holder, archive->label.at, image_ret, err);
	if (r == USDTINFO_E_ARGUMENT)
		r = open_in_place(holder, archive->label.at, image_ret, err);
	return r == USDTINFO_E_ARGUMENT
	               ? open_copy(holder, archive->label.at, image_ret, err)
	               : r;
}
