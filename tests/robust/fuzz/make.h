/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* ELF files and notes at random: sound headers around hostile contents. */
#pragma once

#include "shape.h"

/* Bytes that are being written; what does not fit is left out. */
struct bytes {
	uint8_t *at;
	size_t size, max;
	struct form form;
};
void bytes_put(struct bytes *bytes, const void *from, size_t size);
void bytes_number(struct bytes *bytes, uint64_t value, unsigned size);
void bytes_align(struct bytes *bytes, size_t alignment);

/* Where the notes of an object may point to. */
struct places {
	unsigned machine;
	uint64_t text, base, probes;
};

/* One note, of a probe for the most part, with its padding. */
void make_note(struct bytes *out, struct dice *dice, const struct places *places);
/* An argument string of the machine, without NUL. */
void make_arguments(struct bytes *out, struct dice *dice, unsigned machine);

/* Return: the size of a new file, at most @max; 0 when that is too small for one */
size_t make_elf(struct dice *dice, uint8_t *out, size_t max);

/* Change one of the notes. Return: the size of the file, unchanged where there is none */
size_t mutate_note(struct shape *shape, struct dice *dice, size_t max);
