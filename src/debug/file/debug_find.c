/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Where separate debug info is, by the rules that gdb and elfutils share. */
#include "debug/file/debug_find.h"

#include <elfutils/libdwelf.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "debug/file/crc32.h"
#include "debug/file/debug_download.h"

static void closep(struct debug_file **file)
{
	debug_file_close(*file);
}

/* What is being looked for, and how a candidate proves that it is that. */
struct quest {
	const struct debug_search *search;
	struct usdtinfo_image *image;
	struct diagnostics *diagnostics;
	const char *build_id; /* hex; NULL: the checksum has to do */
	bool has_checksum;
	uint32_t checksum;
	dev_t device; /* of the image itself, which is no answer */
	ino_t inode;
};

static bool is_image_itself(const struct quest *quest, int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 && st.st_dev == quest->device &&
	       st.st_ino == quest->inode && st.st_ino != 0;
}

/* That a candidate is not there, or is another's, is no trouble; what else it was may be. */
static void tell_trouble(const struct quest *quest, int code,
                         const struct usdtinfo_error *err)
{
	diagnose_errno(quest->diagnostics,
	               code == USDTINFO_E_MEMORY ? ENOMEM : err->sys_errno);
}

static bool may_read(const struct quest *quest, const struct debug_file *file)
{
	if (debug_reading_take(quest->search->reading, file->size))
		return true;
	diagnose(quest->diagnostics, DIAG_DEBUG_LIMIT,
	         "%s was not read: it has %" PRIu64 " bytes, and %" PRIu64
	         " may still be read of all debug files",
	         file->path, file->size, quest->search->reading->left);
	return false;
}

static bool has_checksum(const struct quest *quest, struct debug_file *file)
{
	uint32_t checksum;
	errno = 0;
	bool fits = crc32_of_file(file->fd, file->size, &checksum) &&
	            checksum == quest->checksum;
	diagnose_errno(quest->diagnostics, errno);
	return fits;
}

static bool belongs(const struct quest *quest, struct debug_file *file)
{
	bool fits = false, is_read = true;
	_cleanup_(freep) char *build_id = quest->build_id ? debug_file_build_id(file)
	                                                  : NULL;
	if (build_id)
		fits = strcmp(build_id, quest->build_id) == 0;
	else if (quest->has_checksum && (is_read = may_read(quest, file)))
		fits = has_checksum(quest, file);
	if (is_read && !fits)
		diagnose(quest->diagnostics, DIAG_DEBUG_FILE_MISMATCH,
		         "%s is not the debug file of this build", file->path);
	return fits && (!build_id || may_read(quest, file));
}

/* Open a candidate. Return: NULL when it is not there or is not what is looked for. */
static struct debug_file *try_path(const struct quest *quest, const struct root *root,
                                   const char *path)
{
	int fd;
	struct debug_file *opened;
	struct usdtinfo_error err;
	int r = root_open_regular(root, path, &fd, &err);
	if (r < 0) {
		tell_trouble(quest, r, &err);
		return NULL;
	}
	if (is_image_itself(quest, fd)) {
		close(fd);
		return NULL;
	}
	errno = 0;
	r = debug_file_open(fd, root, path, quest->image->root, &opened, &err);
	if (r < 0) {
		tell_trouble(quest, r, &err);
		return NULL;
	}
	diagnose_errno(quest->diagnostics, errno);
	_cleanup_(closep) struct debug_file *file = opened;
	return belongs(quest, file) ? steal_ptr(file) : NULL;
}

__attribute__((format(printf, 3, 4))) static struct debug_file *
try_format(const struct quest *quest, const struct root *root, const char *fmt, ...)
{
	char *text = NULL;
	va_list args;
	va_start(args, fmt);
	int size = vasprintf(&text, fmt, args);
	va_end(args);
	struct debug_file *file = NULL;
	if (size >= 0 && size < PATH_MAX)
		file = try_path(quest, root, text);
	if (size >= 0)
		free(text);
	else
		diagnose_memory(quest->diagnostics);
	return file;
}

/* Directories with debug files: the user's, then the system's. */
static const char *directory(const struct quest *quest, size_t index,
                             const struct root **root_ret)
{
	const struct debug_search *search = quest->search;
	*root_ret = index < search->directory_count ? &root_host : quest->image->root;
	if (index < search->directory_count)
		return search->directories[index];
	return index == search->directory_count ? DEBUG_DIRECTORY : NULL;
}

static struct debug_file *by_build_id(const struct quest *quest, const char *suffix)
{
	const struct root *root;
	const char *build_id = quest->build_id, *base;
	if (!build_id || strlen(build_id) < 3)
		return NULL;
	for (size_t i = 0; (base = directory(quest, i, &root)); i++) {
		struct debug_file *file = try_format(quest, root,
		                                     "%s/.build-id/%.2s/%s%s", base,
		                                     build_id, build_id + 2, suffix);
		if (file)
			return file;
	}
	return NULL;
}

static int directory_size(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? (int)(slash - path) + 1 : 0;
}

/* Debug files of a member are where those of its archive or package would be. */
static const char *own_name(const struct usdtinfo_image *image)
{
	const char *path = image->is_member ? image->path : image->file_path;
	return path + directory_size(path);
}

/* The places of gdb's manual, "Separate Debug Files", for a file called @name. */
static struct debug_file *by_name(const struct quest *quest, const char *name)
{
	const struct root *root = quest->image->root;
	const char *path = quest->image->file_path, *base;
	int size = directory_size(path);
	struct debug_file *file = try_format(quest, root, "%.*s%s", size, path, name);
	if (!file)
		file = try_format(quest, root, "%.*s.debug/%s", size, path, name);
	_cleanup_(freep) char *real = NULL;
	struct usdtinfo_error err;
	int r = file ? 0 : root_realpath(root, path, &real, &err);
	if (r < 0) {
		tell_trouble(quest, r, &err);
		real = NULL;
	}
	for (size_t i = 0; !file && (base = directory(quest, i, &root)); i++) {
		if (real)
			file = try_format(quest, root, "%s%.*s%s", base,
			                  directory_size(real), real, name);
		if (!file && i < quest->search->directory_count)
			file = try_format(quest, root, "%s/%s", base, name);
	}
	return file;
}

static void identify(struct quest *quest)
{
	struct stat st;
	if (quest->image->fd >= 0 && fstat(quest->image->fd, &st) == 0) {
		quest->device = st.st_dev;
		quest->inode = st.st_ino;
	}
}

struct debug_file *debug_find(const struct debug_search *search,
                              struct usdtinfo_image *image, struct debug_file *own,
                              struct diagnostics *diagnostics)
{
	GElf_Word checksum;
	struct quest quest = { .search = search,
		               .image = image,
		               .diagnostics = diagnostics };
	quest.build_id = usdtinfo_image_build_id(image);
	identify(&quest);
	const char *link = dwelf_elf_gnu_debuglink(own->elf, &checksum);
	/* Without libdw no candidate could prove what it is. */
	if (!link && errno == ELIBACC)
		return NULL;
	struct debug_file *file = by_build_id(&quest, ".debug");
	/* A name, never a path to somewhere else. */
	if (!file && link && *link && !strchr(link, '/') && strlen(link) <= NAME_MAX) {
		quest.has_checksum = true;
		quest.checksum = checksum;
		file = by_name(&quest, link);
	}
	if (!file && quest.build_id) {
		_cleanup_(strbuf_deinit) struct strbuf guess = { 0 };
		strbuf_addf(&guess, "%s.debug", own_name(image));
		if (guess.failed)
			diagnose_memory(diagnostics);
		else if (!link || strcmp(link, guess.at) != 0)
			file = by_name(&quest, guess.at);
	}
	if (!file && search->download && quest.build_id)
		file = debug_download(quest.build_id, image->root, diagnostics);
	return file;
}

struct debug_file *debug_find_main(const struct debug_search *search,
                                   struct usdtinfo_image *image)
{
	static const char suffix[] = ".debug";
	const char *name = own_name(image);
	size_t size = strlen(name), tail = sizeof(suffix) - 1;
	struct diagnostics ignored = { 0 };
	struct quest quest = { .search = search,
		               .image = image,
		               .diagnostics = &ignored };
	quest.build_id = usdtinfo_image_build_id(image);
	identify(&quest);
	if (!quest.build_id)
		return NULL;
	struct debug_file *file = by_build_id(&quest, "");
	if (!file && size > tail && strcmp(name + size - tail, suffix) == 0)
		file = try_format(&quest, image->root, "%.*s%.*s",
		                  directory_size(image->file_path), image->file_path,
		                  (int)(size - tail), name);
	diagnostics_deinit(&ignored);
	return file;
}

/* @found is the file's from here on, or closed. Return: whether it serves */
static bool take_alternate(struct debug_file *file, struct debug_file *found,
                           struct diagnostics *diagnostics)
{
	struct usdtinfo_error why;
	if (!found)
		return false;
	int r = debug_file_load_dwarf(found, &why);
	if (r == 0 && found->dwarf) {
		file->alternate = found;
		dwarf_setalt(file->dwarf, found->dwarf);
		return true;
	}
	if (r == USDTINFO_E_MEMORY)
		file->no_memory = true;
	else
		diagnose(diagnostics,
		         r < 0 ? DIAG_DEBUG_INFO_DAMAGED : DIAG_DEBUG_INFO_MISSING,
		         "the supplementary debug file %s: %s", found->path,
		         r < 0 ? why.text : "no debug info in it");
	debug_file_close(found);
	return false;
}

void debug_find_alternate(const struct debug_search *search, struct usdtinfo_image *image,
                          struct debug_file *file, struct diagnostics *diagnostics)
{
	const char *name;
	const void *bytes;
	ssize_t size = dwelf_dwarf_gnu_debugaltlink(file->dwarf, &name, &bytes);
	if (size <= 0)
		return;
	_cleanup_(strbuf_deinit) struct strbuf build_id = { 0 };
	for (ssize_t i = 0; i < size && i < 64; i++)
		strbuf_addf(&build_id, "%02x", ((const unsigned char *)bytes)[i]);
	if (build_id.failed)
		return;
	struct quest quest = { .search = search,
		               .image = image,
		               .diagnostics = diagnostics };
	quest.build_id = build_id.at;
	struct debug_file *found = by_build_id(&quest, ".debug");
	if (!found && name && strlen(name) < PATH_MAX && *name == '/')
		found = try_path(&quest, image->root, name);
	else if (!found && name && debug_file_may_name(file, name))
		found = try_format(&quest, file->root, "%.*s%s",
		                   directory_size(file->path), file->path, name);
	if (!found && search->download)
		found = debug_download(build_id.at, image->root, diagnostics);
	if (take_alternate(file, found, diagnostics))
		return;
	if (!found)
		diagnose(diagnostics, DIAG_DEBUG_INFO_MISSING,
		         "the supplementary debug file %s was not found",
		         name && *name ? name : build_id.at);
}
