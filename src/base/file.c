/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Reading files. */
#include "base/file.h"

#include <errno.h>
#include <unistd.h>

ssize_t file_read_at(int fd, void *buf, size_t size, off_t offset)
{
	size_t done = 0;
	while (done < size) {
		ssize_t got = pread(fd, (char *)buf + done, size - done,
		                    offset + (off_t)done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

bool file_is_crowded(int failure)
{
	return failure == EMFILE || failure == ENFILE;
}
