/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Reading files: what a call may leave undone, done. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * file_read_at - pread(2), on through signals and short reads
 *
 * Return: how many bytes were read before the file ended or @size was reached; -1 with errno.
 */
ssize_t file_read_at(int fd, void *buf, size_t size, off_t offset);

/* Return: whether an errno says that as many files are open as may be */
bool file_is_crowded(int failure);
