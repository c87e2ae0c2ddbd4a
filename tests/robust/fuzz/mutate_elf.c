/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The mutator of targets that read ELF files: a change keeps to the form of the file, so that
 * what lies deep in it is reached. Bytes alone are changed, too, now and then.
 */
#include <elf.h>
#include <string.h>

#include "fuzz.h"
#include "make.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* A change of a file. Return: its size */
typedef size_t mutation(struct shape *shape, struct dice *dice, size_t max);

static uint64_t number_in(const struct shape *shape, struct dice *dice, uint64_t old)
{
	switch (dice_below(dice, 4)) {
	case 0:
		return dice_number(dice, shape->size);
	case 1:
		return shape->section_count
		               ? shape_shdr(shape, dice_below(dice, shape->section_count),
		                            dice_below(dice, SHDR_FIELDS))
		               : 0;
	default:
		return dice_number(dice, old);
	}
}

static size_t change_header(struct shape *shape, struct dice *dice, size_t max)
{
	(void)max;
	enum elf_field field = dice_below(dice, EHDR_FIELDS);
	shape_set_ehdr(shape, field, number_in(shape, dice, shape_ehdr(shape, field)));
	return shape->size;
}

static size_t change_segment(struct shape *shape, struct dice *dice, size_t max)
{
	static const uint32_t types[] = { PT_LOAD, PT_NOTE, PT_DYNAMIC, PT_INTERP };
	(void)max;
	if (!shape->segment_count)
		return shape->size;
	unsigned index = dice_below(dice, shape->segment_count);
	enum phdr_field field = dice_below(dice, PHDR_FIELDS);
	uint64_t value = number_in(shape, dice, shape_phdr(shape, index, field));
	if (field == PHDR_TYPE)
		value = types[dice_below(dice, COUNT(types))];
	shape_set_phdr(shape, index, field, value);
	return shape->size;
}

static size_t change_section(struct shape *shape, struct dice *dice, size_t max)
{
	static const uint32_t types[] = {
		SHT_NOTE, SHT_PROGBITS, SHT_SYMTAB, SHT_STRTAB,
		SHT_RELA, SHT_REL,      SHT_NOBITS, SHT_DYNSYM
	};
	(void)max;
	if (!shape->section_count)
		return shape->size;
	unsigned index = dice_below(dice, shape->section_count);
	enum shdr_field field = dice_below(dice, SHDR_FIELDS);
	uint64_t value = number_in(shape, dice, shape_shdr(shape, index, field));
	if (field == SHDR_TYPE)
		value = types[dice_below(dice, COUNT(types))];
	if (field == SHDR_NAME)
		value = shape_shdr(shape, dice_below(dice, shape->section_count), field);
	shape_set_shdr(shape, index, field, value);
	return shape->size;
}

/* The bytes of one section, by the fuzzer's own means. */
static size_t change_contents(struct shape *shape, struct dice *dice, size_t max)
{
	struct area area;
	uint8_t bytes[4096];
	if (!shape_pick_area(shape, dice, false, &area))
		return shape->size;
	uint8_t *from = shape->at + area.offset;
	if (area.size > sizeof(bytes) || !dice_below(dice, 2)) {
		/* In its place: a window of it, whose size stays. */
		size_t start = dice_below(dice, area.size);
		size_t size = area.size - start < 64 ? area.size - start : 64;
		LLVMFuzzerMutate(from + start, size, size);
		return shape->size;
	}
	memcpy(bytes, from, area.size);
	size_t room = area.size + 32 < sizeof(bytes) ? area.size + 32 : sizeof(bytes);
	size_t size = LLVMFuzzerMutate(bytes, area.size, room);
	return shape_replace(shape, &area, bytes, size, max);
}

/* One aligned word of a table. */
static size_t change_word(struct shape *shape, struct dice *dice, size_t max)
{
	struct area area;
	(void)max;
	if (!shape_pick_area(shape, dice, false, &area) || area.size < 8)
		return shape->size;
	unsigned size = dice_below(dice, 2) ? form_word(&shape->form) : 4;
	uint8_t *word = shape->at + area.offset +
	                (size_t)dice_below(dice, area.size / size) * size;
	form_put(&shape->form, word,
	         number_in(shape, dice, form_get(&shape->form, word, size)), size);
	return shape->size;
}

static uint32_t adler32(const uint8_t *bytes, size_t size)
{
	uint32_t a = 1, b = 0;
	for (size_t i = 0; i < size; i++) {
		a = (a + bytes[i]) % 65521;
		b = (b + a) % 65521;
	}
	return b << 16 | a;
}

/* As SHF_COMPRESSED has it, in one block that is merely stored. */
static size_t compress(struct shape *shape, struct dice *dice, size_t max)
{
	static const struct form little = { .big = false }, big = { .big = true };
	struct area area;
	uint8_t space[4096 + 64];
	struct bytes out = { space, 0, sizeof(space), shape->form };
	if (!shape_pick_area(shape, dice, dice_below(dice, 4), &area) ||
	    area.is_segment || area.size > 4096)
		return shape->size;
	const uint8_t *from = shape->at + area.offset;
	unsigned word = form_word(&shape->form);
	bytes_number(&out, dice_below(dice, 16) ? ELFCOMPRESS_ZLIB : dice_below(dice, 4),
	             4);
	if (shape->form.is_64)
		bytes_number(&out, 0, 4);
	bytes_number(&out, dice_below(dice, 4) ? area.size : dice_number(dice, area.size),
	             word);
	bytes_number(&out, dice_below(dice, 4) ? 4 : 8, word);
	bytes_put(&out, "\x78\x01\x01", 3);
	out.form = little;
	bytes_number(&out, area.size, 2);
	bytes_number(&out, ~(uint64_t)area.size, 2);
	bytes_put(&out, from, area.size);
	out.form = big;
	bytes_number(&out, adler32(from, area.size), 4);
	shape_set_shdr(shape, area.index, SHDR_FLAGS,
	               shape_shdr(shape, area.index, SHDR_FLAGS) | SHF_COMPRESSED);
	return shape_replace(shape, &area, out.at, out.size, max);
}

/* Counts that do not fit into the header stand in section 0. */
static size_t extend_counts(struct shape *shape, struct dice *dice, size_t max)
{
	(void)max;
	if (!shape->section_count)
		return shape->size;
	unsigned which = dice_below(dice, 8);
	if (which & 1) {
		shape_set_shdr(shape, 0, SHDR_SIZE,
		               dice_below(dice, 4)
		                       ? shape->section_count
		                       : dice_number(dice, shape->section_count));
		shape_set_ehdr(shape, EHDR_SHNUM, 0);
	}
	if (which & 2) {
		shape_set_shdr(shape, 0, SHDR_INFO,
		               dice_below(dice, 4)
		                       ? shape->segment_count
		                       : dice_number(dice, shape->segment_count));
		shape_set_ehdr(shape, EHDR_PHNUM, PN_XNUM);
	}
	if (which & 4) {
		shape_set_shdr(shape, 0, SHDR_LINK, shape_ehdr(shape, EHDR_SHSTRNDX));
		shape_set_ehdr(shape, EHDR_SHSTRNDX, SHN_XINDEX);
	}
	return shape->size;
}

/* The table of sections again, at the end, with one row twice. */
static size_t add_section(struct shape *shape, struct dice *dice, size_t max)
{
	size_t row = form_shdr_size(&shape->form), size = row * shape->section_count;
	size_t start = (shape->size + 7) & ~(size_t)7;
	if (!shape->section_count || start > max || size + row > max - start)
		return shape->size;
	memset(shape->at + shape->size, 0, start - shape->size);
	memmove(shape->at + start, shape->at + shape->sections_at, size);
	memmove(shape->at + start + size,
	        shape->at + start + row * dice_below(dice, shape->section_count), row);
	shape_set_ehdr(shape, EHDR_SHOFF, start);
	shape_set_ehdr(shape, EHDR_SHNUM, shape->section_count + 1);
	return start + size + row;
}

/* Two headers of one area: what they name overlaps. */
static size_t overlap(struct shape *shape, struct dice *dice, size_t max)
{
	struct area from, to;
	(void)max;
	if (!shape_pick_area(shape, dice, dice_below(dice, 2), &from) ||
	    !shape_pick_area(shape, dice, false, &to) || to.is_segment)
		return shape->size;
	shape_set_shdr(shape, to.index, SHDR_OFFSET, from.offset + dice_below(dice, 16));
	shape_set_shdr(shape, to.index, SHDR_SIZE, from.size);
	return shape->size;
}

static size_t change_ident(struct shape *shape, struct dice *dice, size_t max)
{
	(void)max;
	shape->at[dice_below(dice, 4) ? EI_DATA : EI_CLASS] ^= 3;
	return shape->size;
}

static size_t change_bytes(struct shape *shape, struct dice *dice, size_t max)
{
	(void)dice;
	return LLVMFuzzerMutate(shape->at, shape->size, max);
}

/* What is there more than once is done more often. */
static mutation *const mutations[] = {
	mutate_note,     mutate_note,     mutate_note,     mutate_note,   mutate_note,
	change_contents, change_contents, change_contents, change_word,   change_word,
	change_section,  change_section,  change_segment,  change_header, change_bytes,
	compress,        extend_counts,   add_section,     overlap,       change_ident,
};

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	struct dice dice = dice_of(seed);
	struct shape shape;
	if (!shape_read(&shape, data, size) || !dice_below(&dice, 100)) {
		size_t made = make_elf(&dice, data, max);
		return made ? made : LLVMFuzzerMutate(data, size, max);
	}
	for (unsigned more = 1; more; more = !dice_below(&dice, 4)) {
		mutation *change = mutations[dice_below(&dice, COUNT(mutations))];
		size = change(&shape, &dice, max);
		if (!shape_read(&shape, data, size))
			break;
	}
	return size;
}

/* The notes of one file in the other. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size,
                                 const uint8_t *other, size_t other_size, uint8_t *out,
                                 size_t max, unsigned seed)
{
	struct dice dice = dice_of(seed);
	struct shape to, from;
	struct area target, notes;
	if (one_size > max)
		return 0;
	memcpy(out, one, one_size);
	/* It is only read. */
	if (!shape_read(&to, out, one_size) ||
	    !shape_read(&from, (uint8_t *)other, other_size) ||
	    !shape_pick_area(&to, &dice, dice_below(&dice, 4), &target) ||
	    !shape_pick_area(&from, &dice, dice_below(&dice, 4), &notes))
		return one_size;
	return shape_replace(&to, &target, other + notes.offset, notes.size, max);
}
