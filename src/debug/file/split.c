/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Split DWARF: the greater part of a unit in a .dwo file of its own.
 *
 * Only libdw can join the two, and it opens the other half itself, by the name that the unit
 * has for it: on this host, whatever the root is, and whatever is there. So the file is found
 * and looked at here, and while libdw does its part the unit's name for it is that of our
 * descriptor.
 */
#include "debug/file/split.h"

#include <dwarf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "base/text.h"
#include "debug/file/debug_none.h"
#include "debug/file/debug_reading.h"

#define DESCRIPTOR_PATH "/proc/self/fd/%d"
/* More than that needs. */
#define DESCRIPTOR_ROOM 32

static const char *string_attribute(Dwarf_Die *die, unsigned name)
{
	Dwarf_Attribute attr;
	return dwarf_attr(die, name, &attr) ? dwarf_formstring(&attr) : NULL;
}

static const char *name_of_half(Dwarf_Die *die)
{
	const char *name = string_attribute(die, DW_AT_dwo_name);
	return name ? name : string_attribute(die, DW_AT_GNU_dwo_name);
}

static void closep(struct debug_file **file)
{
	debug_file_close(*file);
}

/* Whether one of its units is the other half of that skeleton. */
static bool holds_half(struct debug_file *file, uint64_t id)
{
	Dwarf_CU *unit = NULL;
	uint8_t type;
	uint64_t other;
	while (file->dwarf && budget_take(&file->budget, 1) &&
	       dwarf_get_units(file->dwarf, unit, &unit, NULL, &type, NULL, NULL) == 0)
		if (type == DW_UT_split_compile &&
		    dwarf_cu_info(unit, NULL, NULL, NULL, NULL, &other, NULL, NULL) ==
		            0 &&
		    other == id)
			return true;
	return false;
}

/* That nothing is there is no trouble; what else it was may be. */
static void note(struct debug_file *file, int error)
{
	bool is_trouble = error == ENOMEM || error == EIO || file_is_crowded(error);
	if (is_trouble && !file->trouble)
		file->trouble = error;
}

static int open_half(struct debug_file *file, const struct root *root, const char *path,
                     struct debug_file **ret)
{
	int fd;
	struct usdtinfo_error why = { 0 };
	errno = 0;
	int r = root_open_regular(root, path, &fd, &why);
	if (r == 0)
		r = debug_file_open(fd, root, path, file->object_root, ret, &why);
	note(file, r < 0 ? why.sys_errno : errno);
	return r;
}

/* libdw keeps all halves until it is done: what inflates has one limit for all of them. */
static bool keep_half(struct debug_file *file, const struct debug_file *half)
{
	file->halves_stored += half->size;
	file->halves_inflated += half->budget.whole;
	return file->halves_inflated <= DEBUG_INFLATED_MAX ||
	       file->halves_inflated <= file->halves_stored;
}

/* libdw does not look whether strings end, and inflates whatever there is. */
static enum split try_path(struct debug_file *file, const struct root *root,
                           const char *path, uint64_t id, struct debug_file **ret)
{
	struct debug_file *opened = NULL;
	struct usdtinfo_error why = { 0 };
	int r = open_half(file, root, path, &opened);
	_cleanup_(closep) struct debug_file *half = opened;
	errno = 0;
	if (r == USDTINFO_E_NOT_ELF || r == USDTINFO_E_SYSTEM)
		return SPLIT_MISSING;
	if (r == 0 && !debug_reading_take(file->reading, half->size))
		return SPLIT_LIMITED;
	if (r == 0)
		r = debug_file_load_dwarf(half, &why);
	bool is_it = r == 0 && holds_half(half, id);
	note(file, r < 0 ? why.sys_errno : is_it ? 0 : errno);
	if (r < 0)
		return r == USDTINFO_E_MEMORY ? SPLIT_NO_MEMORY : SPLIT_DAMAGED;
	if (!is_it)
		return SPLIT_MISSING;
	if (!keep_half(file, half))
		return SPLIT_LIMITED;
	*ret = steal_ptr(half);
	return SPLIT_JOINED;
}

static enum split try_in(struct debug_file *file, const struct root *root,
                         struct text directory, const char *name, uint64_t id,
                         struct debug_file **ret)
{
	_cleanup_(strbuf_deinit) struct strbuf path = { 0 };
	strbuf_add(&path, directory.at, directory.size);
	if (directory.size && directory.at[directory.size - 1] != '/')
		strbuf_add_char(&path, '/');
	strbuf_add_string(&path, name);
	return path.failed ? SPLIT_NO_MEMORY : try_path(file, root, path.at, id, ret);
}

static enum split try_beside(struct debug_file *file, const char *name, uint64_t id,
                             struct debug_file **ret)
{
	/* Where the file is, not where a link to it is. */
	_cleanup_(freep) char *real = NULL;
	struct usdtinfo_error why = { 0 };
	int r = root_realpath(file->root, file->path, &real, &why);
	if (r == USDTINFO_E_MEMORY)
		return SPLIT_NO_MEMORY;
	if (r < 0)
		note(file, why.sys_errno);
	const char *path = real ? real : file->path, *slash = strrchr(path, '/');
	struct text directory = { path, slash ? (size_t)(slash + 1 - path) : 0 };
	return try_in(file, file->root, directory, name, id, ret);
}

static enum split find_half(struct debug_file *file, Dwarf_Die *die, const char *name,
                            uint64_t id, struct debug_file **ret)
{
	const char *compiled_in = string_attribute(die, DW_AT_comp_dir);
	if (*name == '/')
		return try_path(file, file->object_root, name, id, ret);
	enum split found = SPLIT_MISSING;
	if (debug_file_may_name(file, name))
		found = try_beside(file, name, id, ret);
	if (found != SPLIT_MISSING || !compiled_in || *compiled_in != '/')
		return found;
	return try_in(file, file->object_root, text_of(compiled_in), name, id, ret);
}

/* Have libdw read the contents of a section elsewhere: of its two views it takes either. */
static void move_section(Elf_Scn *scn, const char *from, char *to)
{
	Elf_Data *views[] = { elf_getdata(scn, NULL), elf_rawdata(scn, NULL) };
	for (size_t i = 0; i < ARRAY_SIZE(views); i++)
		if (views[i] && views[i]->d_buf == from)
			views[i]->d_buf = to;
}

static bool holds_strings(const struct debug_file *file, Elf_Scn *scn)
{
	GElf_Shdr header;
	const char *name = gelf_getshdr(scn, &header)
	                           ? strings_short(&file->section_names, header.sh_name)
	                           : NULL;
	/* Compilers write no such name among the entries, which libdw goes on to read. */
	return name && (strstr(name, "debug_str") || strstr(name, "debug_line_str"));
}

/* Where @string is in one of the sections that were moved; NULL: in none. */
static char *in_moved(struct debug_file *file, const char *string,
                      struct moved_strings **free_ret)
{
	for (size_t i = 0; i < MOVED_STRINGS_MAX; i++) {
		struct moved_strings *moved = &file->moved[i];
		*free_ret = moved;
		if (!moved->bytes)
			return NULL;
		if (string >= moved->bytes && string < moved->bytes + moved->size)
			return moved->bytes + (string - moved->bytes);
	}
	*free_ret = NULL;
	return NULL;
}

/*
 * Return: the place of a string that libdw gave, where DESCRIPTOR_ROOM bytes can be written,
 * be it the last of its section; NULL: nowhere, with @found_ret set
 */
static char *writable(struct debug_file *file, const char *string, enum split *found_ret)
{
	struct moved_strings *moved;
	char *at = in_moved(file, string, &moved);
	*found_ret = SPLIT_MISSING;
	if (at || !moved)
		return at;
	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(file->dwarf_elf, scn));) {
		Elf_Data *data = holds_strings(file, scn) ? elf_getdata(scn, NULL) : NULL;
		const char *start = data ? data->d_buf : NULL;
		if (!start || string < start || string >= start + data->d_size)
			continue;
		moved->size = data->d_size;
		moved->bytes = calloc(1, moved->size + DESCRIPTOR_ROOM);
		*found_ret = SPLIT_NO_MEMORY;
		if (!moved->bytes)
			return NULL;
		memcpy(moved->bytes, start, moved->size);
		move_section(scn, start, moved->bytes);
		return moved->bytes + (string - start);
	}
	return NULL;
}

/* What stands behind the name is nothing that libdw looks at meanwhile. */
static enum split join(struct debug_file *file, Dwarf_Die *unit, const char *name,
                       const struct debug_file *half)
{
	Dwarf_Die die = { 0 };
	char kept[DESCRIPTOR_ROOM];
	enum split found;
	char *at = writable(file, name, &found);
	if (!at)
		return found;
	memcpy(kept, at, sizeof(kept));
	snprintf(at, sizeof(kept), DESCRIPTOR_PATH, half->fd);
	/* Otherwise it would open what it is not to. */
	name = name_of_half(unit);
	errno = 0;
	if (name && strcmp(name, at) == 0)
		dwarf_cu_info(unit->cu, NULL, NULL, NULL, &die, NULL, NULL, NULL);
	memcpy(at, kept, sizeof(kept));
	if (!die.addr) {
		note(file, errno);
		return SPLIT_MISSING;
	}
	Dwarf *other = dwarf_cu_getdwarf(die.cu);
	if (other && !debug_none(file, other))
		return SPLIT_NO_MEMORY;
	*unit = die;
	return SPLIT_JOINED;
}

enum split split_join(struct debug_file *file, Dwarf_Die *unit)
{
	struct debug_file *opened = NULL;
	uint8_t type = 0;
	uint64_t id = 0;
	const char *name = name_of_half(unit);
	if (!name)
		return SPLIT_JOINED;
	if (dwarf_cu_info(unit->cu, NULL, &type, NULL, NULL, &id, NULL, NULL) != 0 ||
	    type != DW_UT_skeleton)
		return SPLIT_MISSING;
	enum split found = find_half(file, unit, name, id, &opened);
	_cleanup_(closep) struct debug_file *half = opened;
	return found == SPLIT_JOINED ? join(file, unit, name, half) : found;
}
