/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * String tables: names by offset. elf_strptr() looks for the NUL behind each name again,
 * which in a hostile table without any takes the whole table each time.
 */
#pragma once

#include <libelf.h>
#include <stdbool.h>
#include <stddef.h>

struct strings {
	const char *at;  /* libelf's, alive as the Elf is */
	size_t size;     /* up to and over the last NUL; 0: no name can be read */
	bool endless;    /* no NUL ends it: libelf takes long for each name */
	bool compressed; /* libelf would inflate it to any size that it claims */
};

/* Read the string table in section @index; empty when it is none or lies outside the file. */
void strings_load(struct strings *strings, Elf *elf, size_t index);
/* Return: the name at @offset, or NULL when it does not end in the table */
const char *strings_at(const struct strings *strings, size_t offset);

/*
 * strings_short - the same for what is shown with every probe
 *
 * Any number of entries can name one string. Return: NULL also beyond STRINGS_SHORT_MAX
 * bytes, which no compiler's mangling comes near.
 */
#define STRINGS_SHORT_MAX 65536
const char *strings_short(const struct strings *strings, size_t offset);
