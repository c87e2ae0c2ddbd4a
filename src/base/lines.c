/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Lines of a descriptor. */
#include "base/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"

#define BLOCK_SIZE 16384

/* Return: 0, -1 with errno */
static int read_more(struct lines *lines)
{
	if (lines->at && lines->begin)
		memmove(lines->at, lines->at + lines->begin, lines->end - lines->begin);
	lines->end -= lines->begin;
	lines->begin = 0;
	/* And a NUL. */
	if (!array_grow(&lines->at, &lines->room, lines->end + BLOCK_SIZE + 1, 1)) {
		errno = ENOMEM;
		return -1;
	}
	ssize_t got;
	do {
		got = read(lines->fd, lines->at + lines->end, BLOCK_SIZE);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return -1;
	lines->is_over = got == 0;
	lines->end += (size_t)got;
	return 0;
}

/* Give what stands before the separator at @found, or all that is left where that is NULL. */
static char *take(struct lines *lines, char *found)
{
	char *line = lines->at + lines->begin;
	char *end = found ? found : lines->at + lines->end;
	*end = '\0';
	lines->begin = (size_t)(end - lines->at) + (found != NULL);
	return line;
}

int lines_next(struct lines *lines, char separator, char **line_ret)
{
	size_t looked = 0;
	for (;;) {
		size_t size = lines->end - lines->begin;
		if (lines->at && size > 0) {
			char *found = memchr(lines->at + lines->begin + looked, separator,
			                     size - looked);
			if (found || lines->is_over) {
				*line_ret = take(lines, found);
				return 1;
			}
		}
		looked = size;
		if (lines->is_over)
			return 0;
		if (read_more(lines) < 0)
			return -1;
	}
}

void lines_deinit(struct lines *lines)
{
	int saved = errno;
	free(lines->at);
	errno = saved;
}
