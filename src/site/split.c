/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Split DWARF: the greater part of a unit in a .dwo file of its own. */
#include "site/split.h"

#include <dwarf.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

enum presence {
	ABSENT,
	REGULAR,
	UNFIT /* a FIFO would make libdw wait, a device may act on being opened */
};

static enum presence presence(const char *directory, const char *name, bool follow)
{
	char path[PATH_MAX];
	struct stat st;
	int size = *name == '/' ? snprintf(path, sizeof(path), "%s", name)
	                        : snprintf(path, sizeof(path), "%s/%s", directory, name);
	if (size < 0 || (size_t)size >= sizeof(path))
		return UNFIT;
	if ((follow ? stat(path, &st) : lstat(path, &st)) != 0)
		return errno == ENOENT || errno == ENOTDIR ? ABSENT : UNFIT;
	return S_ISREG(st.st_mode) ? REGULAR : UNFIT;
}

/* What libdw will try, in its order. */
static bool may_open(const struct debug_file *file, Dwarf_Die *die, const char *name)
{
	char own[PATH_MAX];
	const char *compiled_in = string_attribute(die, DW_AT_comp_dir, 0);
	enum presence beside = ABSENT;
	if (own_directory(file, own))
		beside = presence(own, name, !file->is_rooted);
	if (file->is_rooted)
		return beside == REGULAR && !strchr(name, '/');
	if (beside != ABSENT)
		return beside == REGULAR;
	return compiled_in && *compiled_in == '/' &&
	       presence(compiled_in, name, true) == REGULAR;
}

bool split_join(struct debug_file *file, struct unit *unit)
{
	Dwarf_Die half = { 0 };
	const char *name = string_attribute(&unit->die, DW_AT_dwo_name,
	                                    DW_AT_GNU_dwo_name);
	if (!name)
		return true;
	if (!may_open(file, &unit->die, name) ||
	    dwarf_cu_info(unit->die.cu, NULL, NULL, NULL, &half, NULL, NULL, NULL) != 0 ||
	    !half.addr)
		return false;
	unit->die = half;
	return true;
}
