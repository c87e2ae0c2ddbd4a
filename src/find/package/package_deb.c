/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* .deb: an ar archive of a few members, one of which, data.tar, has the files. */
#include <ar.h>
#include <stdlib.h>
#include <string.h>

#include "find/package/package_level.h"

struct deb {
	uint64_t left; /* bytes of the member that were not taken, and of padding */
	unsigned padding;
	bool has_data;
	char name[sizeof(((struct ar_hdr *)0)->ar_name) + 1];
};

static int open_deb(struct level *level)
{
	int r = source_skip(level, SARMAG);
	level->state = r == 0 ? calloc(1, sizeof(struct deb)) : NULL;
	return r == 0 && !level->state ? USDTINFO_E_MEMORY : r;
}

static void close_deb(struct level *level)
{
	free(level->state);
}

/* Decimal digits, then blanks. */
static bool number(const char *at, size_t size, uint64_t *ret)
{
	size_t i = 0;
	for (*ret = 0; i < size && at[i] >= '0' && at[i] <= '9'; i++)
		*ret = *ret * 10 + (unsigned)(at[i] - '0');
	bool any = i > 0;
	while (i < size && at[i] == ' ')
		i++;
	return any && i == size;
}

static int next_in_deb(struct level *level, struct member *member)
{
	struct deb *deb = level->state;
	struct ar_hdr header;
	int r = source_skip(level, deb->left);
	if (r == 0 && deb->padding && (r = source_fill(level)) > 0)
		r = source_skip(level, deb->padding);
	deb->left = deb->padding = 0;
	ssize_t got = r < 0 ? r : source_read(level, &header, sizeof(header));
	if (got < 0)
		return (int)got;
	/* One that was cut between its members looks complete. */
	if (got == 0)
		return deb->has_data ? LEVEL_END
		                     : level_fail(level, "no data.tar is in it");
	if ((size_t)got < sizeof(header))
		return level_fail(level, "it ends within a header");
	if (memcmp(header.ar_fmag, ARFMAG, sizeof(header.ar_fmag)) != 0 ||
	    !number(header.ar_size, sizeof(header.ar_size), &deb->left))
		return level_fail(level, "a header is damaged");
	size_t size = sizeof(header.ar_name);
	memcpy(deb->name, header.ar_name, size);
	while (size && (deb->name[size - 1] == ' ' || deb->name[size - 1] == '/'))
		size--;
	deb->name[size] = '\0';
	deb->padding = deb->left & 1;
	bool is_data = strncmp(deb->name, "data.tar", strlen("data.tar")) == 0;
	deb->has_data |= is_data;
	*member = (struct member){ .name = deb->name, .size = deb->left };
	/* What describes the package has none of its files. */
	member->is_file = strncmp(deb->name, "control.tar", strlen("control.tar")) != 0;
	member->is_package = is_data;
	return LEVEL_MEMBER;
}

static ssize_t read_in_deb(struct level *level, void *buf, size_t size)
{
	struct deb *deb = level->state;
	size = size < deb->left ? size : (size_t)deb->left;
	ssize_t got = source_read(level, buf, size);
	if (got >= 0 && (size_t)got < size)
		return level_fail(level, "it ends within a member");
	deb->left -= got > 0 ? (uint64_t)got : 0;
	return got;
}

const struct level_reader deb_reader = {
	.open = open_deb,
	.next = next_in_deb,
	.read = read_in_deb,
	.close = close_deb,
	.is_transparent = true,
};
