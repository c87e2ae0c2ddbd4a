/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Split DWARF: the greater part of a unit in a .dwo file of its own. */
#include "site/split.h"

#include <dwarf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "site/debug_none.h"

static const char *string_attribute(Dwarf_Die *die, unsigned name, unsigned older)
{
	Dwarf_Attribute attr;
	if (!dwarf_attr(die, name, &attr) && (!older || !dwarf_attr(die, older, &attr)))
		return NULL;
	return dwarf_formstring(&attr);
}

/* The directory that libdw takes relative names to start from: that of the open file. */
static bool own_directory(const struct debug_file *file, char directory[PATH_MAX])
{
	char link[64];
	if (file->fd < 0)
		return false;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", file->fd);
	ssize_t size = readlink(link, directory, PATH_MAX - 1);
	if (size <= 0 || directory[0] != '/')
		return false;
	directory[size] = '\0';
	*strrchr(directory, '/') = '\0';
	return true;
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

/* libdw does not look whether strings end, and inflates whatever there is. */
static enum split examine(int fd, const char *path, uint64_t id)
{
	struct debug_file *opened;
	int r = debug_file_open(fd, path, &opened, NULL);
	if (r == USDTINFO_E_NOT_ELF)
		return SPLIT_MISSING;
	_cleanup_(closep) struct debug_file *file = r < 0 ? NULL : opened;
	if (r == 0)
		r = debug_file_load_dwarf(file, NULL);
	if (r == USDTINFO_E_MEMORY)
		return SPLIT_NO_MEMORY;
	if (r < 0)
		return SPLIT_DAMAGED;
	return holds_half(file, id) ? SPLIT_JOINED : SPLIT_MISSING;
}

/*
 * Where libdw will look. It goes on to its next place where nothing is, or no such unit; a
 * FIFO would make it wait, a device may act on being opened.
 */
static enum split try_place(const char *directory, const char *name, bool follow,
                            uint64_t id, bool *goes_on)
{
	char path[PATH_MAX];
	struct stat st;
	int size = *name == '/' ? snprintf(path, sizeof(path), "%s", name)
	                        : snprintf(path, sizeof(path), "%s/%s", directory, name);
	*goes_on = false;
	if (size < 0 || (size_t)size >= sizeof(path))
		return SPLIT_MISSING;
	if ((follow ? stat(path, &st) : lstat(path, &st)) != 0) {
		*goes_on = errno == ENOENT || errno == ENOTDIR;
		return SPLIT_MISSING;
	}
	if (!S_ISREG(st.st_mode))
		return SPLIT_MISSING;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return SPLIT_MISSING;
	enum split found = examine(fd, path, id);
	*goes_on = found == SPLIT_MISSING;
	return found;
}

/* The places that libdw will try, in its order. */
static enum split try_places(const struct debug_file *file, Dwarf_Die *die,
                             const char *name, uint64_t id)
{
	char own[PATH_MAX];
	const char *compiled_in = string_attribute(die, DW_AT_comp_dir, 0);
	enum split found = SPLIT_MISSING;
	bool goes_on = true;
	if (file->is_rooted && strchr(name, '/'))
		return SPLIT_MISSING;
	if (own_directory(file, own))
		found = try_place(own, name, !file->is_rooted, id, &goes_on);
	if (!goes_on || file->is_rooted || !compiled_in || *compiled_in != '/')
		return found;
	return try_place(compiled_in, name, true, id, &goes_on);
}

enum split split_join(struct debug_file *file, struct unit *unit)
{
	Dwarf_Die half = { 0 };
	uint8_t type = 0;
	uint64_t id = 0;
	const char *name = string_attribute(&unit->die, DW_AT_dwo_name,
	                                    DW_AT_GNU_dwo_name);
	if (!name)
		return SPLIT_JOINED;
	if (dwarf_cu_info(unit->die.cu, NULL, &type, NULL, NULL, &id, NULL, NULL) != 0 ||
	    type != DW_UT_skeleton)
		return SPLIT_MISSING;
	enum split found = try_places(file, &unit->die, name, id);
	if (found != SPLIT_JOINED)
		return found;
	if (dwarf_cu_info(unit->die.cu, NULL, NULL, NULL, &half, NULL, NULL, NULL) != 0 ||
	    !half.addr)
		return SPLIT_MISSING;
	Dwarf *other = dwarf_cu_getdwarf(half.cu);
	if (other && !debug_none(file, other))
		return SPLIT_NO_MEMORY;
	unit->die = half;
	return SPLIT_JOINED;
}
