/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Lines of a descriptor, as they come. Unlike those of stdio a line is whole: one that a
 * failing read or a lack of memory breaks off is not given, and a signal breaks none off.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Zero-initialise but for @fd, which stays the caller's; release with lines_deinit(). */
struct lines {
	int fd;
	char *at; /* what was read; @begin to @end is not given yet */
	size_t begin, end, room;
	bool is_over;
};

/*
 * lines_next - the next line, without @separator; the last may go without one, too
 * @line_ret: NUL-terminated, until the next call
 *
 * Return: 1; 0 at the end; -1 with errno.
 */
int lines_next(struct lines *lines, char separator, char **line_ret);
void lines_deinit(struct lines *lines);
