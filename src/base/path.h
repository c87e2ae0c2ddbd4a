/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Paths as texts: nothing here looks at a file. */
#pragma once

/*
 * path_directory - the directory that a path's last component is in
 *
 * Return: a malloced path, "." where @path has no slash; NULL when memory ran out
 */
char *path_directory(const char *path);
/* Return: @directory/@name, malloced; NULL when memory ran out */
char *path_join(const char *directory, const char *name);
/* Return: the last component, within @path; empty when @path ends with a slash */
const char *path_base(const char *path);
