/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The form of an ELF file: where its header fields are, whatever they say. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers at random, the same for the same seed everywhere. */
struct dice {
	uint64_t state;
};
static inline struct dice dice_of(unsigned seed)
{
	return (struct dice){ seed * UINT64_C(0x9e3779b97f4a7c15) + 1 };
}
uint64_t dice_roll(struct dice *dice);
/* Return: below @count, or 0 */
static inline unsigned dice_below(struct dice *dice, size_t count)
{
	return count ? (unsigned)(dice_roll(dice) % count) : 0;
}
/* A number that limits are made of: 0, 1, a power of two, -1, @near, or one next to these. */
uint64_t dice_number(struct dice *dice, uint64_t near);

/* Class and byte order, and numbers in them. */
struct form {
	bool big, is_64;
};
uint64_t form_get(const struct form *form, const uint8_t *at, unsigned size);
void form_put(const struct form *form, uint8_t *at, uint64_t value, unsigned size);
static inline unsigned form_word(const struct form *form)
{
	return form->is_64 ? 8 : 4;
}

/* The fields of the three kinds of headers. */
enum elf_field {
	EHDR_TYPE,
	EHDR_MACHINE,
	EHDR_VERSION,
	EHDR_ENTRY,
	EHDR_PHOFF,
	EHDR_SHOFF,
	EHDR_FLAGS,
	EHDR_EHSIZE,
	EHDR_PHENTSIZE,
	EHDR_PHNUM,
	EHDR_SHENTSIZE,
	EHDR_SHNUM,
	EHDR_SHSTRNDX,
	EHDR_FIELDS
};
enum phdr_field {
	PHDR_TYPE,
	PHDR_FLAGS,
	PHDR_OFFSET,
	PHDR_VADDR,
	PHDR_FILESZ,
	PHDR_MEMSZ,
	PHDR_ALIGN,
	PHDR_FIELDS
};
enum shdr_field {
	SHDR_NAME,
	SHDR_TYPE,
	SHDR_FLAGS,
	SHDR_ADDR,
	SHDR_OFFSET,
	SHDR_SIZE,
	SHDR_LINK,
	SHDR_INFO,
	SHDR_ADDRALIGN,
	SHDR_ENTSIZE,
	SHDR_FIELDS
};

struct field {
	uint8_t offset, size;
};
/* By class (0: 32, 1: 64) and field. */
extern const struct field ehdr_fields[2][EHDR_FIELDS];
extern const struct field phdr_fields[2][PHDR_FIELDS];
extern const struct field shdr_fields[2][SHDR_FIELDS];

static inline unsigned form_ehdr_size(const struct form *form)
{
	return form->is_64 ? 64 : 52;
}
static inline unsigned form_phdr_size(const struct form *form)
{
	return form->is_64 ? 56 : 32;
}
static inline unsigned form_shdr_size(const struct form *form)
{
	return form->is_64 ? 64 : 40;
}

/* An ELF file in memory, whose tables lie inside of it as far as they are counted here. */
struct shape {
	struct form form;
	uint8_t *at;
	size_t size;
	uint64_t sections_at, segments_at;
	unsigned section_count, segment_count;
};

/* Return: false when the bytes are no ELF header */
bool shape_read(struct shape *shape, uint8_t *at, size_t size);

uint64_t shape_ehdr(const struct shape *shape, enum elf_field field);
void shape_set_ehdr(struct shape *shape, enum elf_field field, uint64_t value);
uint64_t shape_phdr(const struct shape *shape, unsigned index, enum phdr_field field);
void shape_set_phdr(struct shape *shape, unsigned index, enum phdr_field field,
                    uint64_t value);
uint64_t shape_shdr(const struct shape *shape, unsigned index, enum shdr_field field);
void shape_set_shdr(struct shape *shape, unsigned index, enum shdr_field field,
                    uint64_t value);

/* The bytes that a section, or a segment, has in the file. */
struct area {
	bool is_segment;
	unsigned index;
	size_t offset, size;
};

/* Return: false where it has none, or not all of them are inside the file */
bool shape_area(const struct shape *shape, bool is_segment, unsigned index,
                struct area *ret);
/* One of the areas of notes, or of any other that holds bytes. Return: false: none */
bool shape_pick_area(const struct shape *shape, struct dice *dice, bool notes,
                     struct area *ret);
/*
 * shape_replace - give an area other contents: in its place where they fit, else at the end
 * of the file
 * @max: bytes that the file may have
 *
 * Return: the size of the file; unchanged where there is no room
 */
size_t shape_replace(struct shape *shape, const struct area *area, const uint8_t *bytes,
                     size_t size, size_t max);
