/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Headers by tables of offsets, so that one code does for both classes and byte orders. */
#include "shape.h"

#include <elf.h>
#include <string.h>

#define FIELD(type, member)                                                              \
	{                                                                                \
		offsetof(type, member), sizeof(((type *)0)->member)                      \
	}
/* clang-format off */
#define EHDR(type)                                                                       \
	{                                                                                \
		[EHDR_TYPE] = FIELD(type, e_type),                                       \
		[EHDR_MACHINE] = FIELD(type, e_machine),                                 \
		[EHDR_VERSION] = FIELD(type, e_version),                                 \
		[EHDR_ENTRY] = FIELD(type, e_entry),                                     \
		[EHDR_PHOFF] = FIELD(type, e_phoff),                                     \
		[EHDR_SHOFF] = FIELD(type, e_shoff),                                     \
		[EHDR_FLAGS] = FIELD(type, e_flags),                                     \
		[EHDR_EHSIZE] = FIELD(type, e_ehsize),                                   \
		[EHDR_PHENTSIZE] = FIELD(type, e_phentsize),                             \
		[EHDR_PHNUM] = FIELD(type, e_phnum),                                     \
		[EHDR_SHENTSIZE] = FIELD(type, e_shentsize),                             \
		[EHDR_SHNUM] = FIELD(type, e_shnum),                                     \
		[EHDR_SHSTRNDX] = FIELD(type, e_shstrndx),                               \
	}
#define PHDR(type)                                                                       \
	{                                                                                \
		[PHDR_TYPE] = FIELD(type, p_type),                                       \
		[PHDR_FLAGS] = FIELD(type, p_flags),                                     \
		[PHDR_OFFSET] = FIELD(type, p_offset),                                   \
		[PHDR_VADDR] = FIELD(type, p_vaddr),                                     \
		[PHDR_FILESZ] = FIELD(type, p_filesz),                                   \
		[PHDR_MEMSZ] = FIELD(type, p_memsz),                                     \
		[PHDR_ALIGN] = FIELD(type, p_align),                                     \
	}
#define SHDR(type)                                                                       \
	{                                                                                \
		[SHDR_NAME] = FIELD(type, sh_name),                                      \
		[SHDR_TYPE] = FIELD(type, sh_type),                                      \
		[SHDR_FLAGS] = FIELD(type, sh_flags),                                    \
		[SHDR_ADDR] = FIELD(type, sh_addr),                                      \
		[SHDR_OFFSET] = FIELD(type, sh_offset),                                  \
		[SHDR_SIZE] = FIELD(type, sh_size),                                      \
		[SHDR_LINK] = FIELD(type, sh_link),                                      \
		[SHDR_INFO] = FIELD(type, sh_info),                                      \
		[SHDR_ADDRALIGN] = FIELD(type, sh_addralign),                            \
		[SHDR_ENTSIZE] = FIELD(type, sh_entsize),                                \
	}
/* clang-format on */

const struct field ehdr_fields[2][EHDR_FIELDS] = { EHDR(Elf32_Ehdr), EHDR(Elf64_Ehdr) };
const struct field phdr_fields[2][PHDR_FIELDS] = { PHDR(Elf32_Phdr), PHDR(Elf64_Phdr) };
const struct field shdr_fields[2][SHDR_FIELDS] = { SHDR(Elf32_Shdr), SHDR(Elf64_Shdr) };

uint64_t dice_roll(struct dice *dice)
{
	uint64_t x = dice->state;
	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	dice->state = x;
	return x * UINT64_C(0x2545f4914f6cdd1d) >> 16;
}

uint64_t dice_number(struct dice *dice, uint64_t near)
{
	uint64_t value;
	switch (dice_below(dice, 8)) {
	case 0:
		value = 0;
		break;
	case 1:
		value = UINT64_MAX;
		break;
	case 2:
		value = UINT64_C(1) << dice_below(dice, 64);
		break;
	case 3:
		value = near ^ UINT64_C(1) << dice_below(dice, 64);
		break;
	case 4:
		value = dice_below(dice, 300);
		break;
	default:
		value = near;
		break;
	}
	return value + dice_below(dice, 3) - 1;
}

uint64_t form_get(const struct form *form, const uint8_t *at, unsigned size)
{
	uint64_t value = 0;
	for (unsigned i = 0; i < size; i++)
		value = value << 8 | at[form->big ? i : size - 1 - i];
	return value;
}

void form_put(const struct form *form, uint8_t *at, uint64_t value, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		at[form->big ? size - 1 - i : i] = (uint8_t)(value >> 8 * i);
}

/* Return: how many entries of a table there are, cut where the file ends */
static unsigned clip(const struct shape *shape, uint64_t at, uint64_t count,
                     unsigned entry)
{
	if (at < EI_NIDENT || at >= shape->size)
		return 0;
	uint64_t fit = (shape->size - at) / entry;
	return (unsigned)(count < fit ? count : fit);
}

bool shape_read(struct shape *shape, uint8_t *at, size_t size)
{
	*shape = (struct shape){ .at = at, .size = size };
	if (size < EI_NIDENT || memcmp(at, ELFMAG, SELFMAG) != 0)
		return false;
	shape->form = (struct form){ at[EI_DATA] == ELFDATA2MSB,
		                     at[EI_CLASS] == ELFCLASS64 };
	if (size < form_ehdr_size(&shape->form))
		return false;
	shape->sections_at = shape_ehdr(shape, EHDR_SHOFF);
	shape->segments_at = shape_ehdr(shape, EHDR_PHOFF);
	uint64_t sections = shape_ehdr(shape, EHDR_SHNUM);
	uint64_t segments = shape_ehdr(shape, EHDR_PHNUM);
	shape->section_count = clip(shape, shape->sections_at, 1,
	                            form_shdr_size(&shape->form));
	/* What does not fit into the header stands in section 0. */
	if (shape->section_count && !sections)
		sections = shape_shdr(shape, 0, SHDR_SIZE);
	if (shape->section_count && segments == PN_XNUM)
		segments = shape_shdr(shape, 0, SHDR_INFO);
	shape->section_count = clip(shape, shape->sections_at, sections,
	                            form_shdr_size(&shape->form));
	shape->segment_count = clip(shape, shape->segments_at, segments,
	                            form_phdr_size(&shape->form));
	return true;
}

static uint8_t *section_at(const struct shape *shape, unsigned index)
{
	return shape->at + shape->sections_at +
	       (size_t)index * form_shdr_size(&shape->form);
}

static uint8_t *segment_at(const struct shape *shape, unsigned index)
{
	return shape->at + shape->segments_at +
	       (size_t)index * form_phdr_size(&shape->form);
}

static uint64_t get(const struct shape *shape, const uint8_t *header, struct field field)
{
	return form_get(&shape->form, header + field.offset, field.size);
}

static void set(struct shape *shape, uint8_t *header, struct field field, uint64_t value)
{
	form_put(&shape->form, header + field.offset, value, field.size);
}

uint64_t shape_ehdr(const struct shape *shape, enum elf_field field)
{
	return get(shape, shape->at, ehdr_fields[shape->form.is_64][field]);
}

void shape_set_ehdr(struct shape *shape, enum elf_field field, uint64_t value)
{
	set(shape, shape->at, ehdr_fields[shape->form.is_64][field], value);
}

uint64_t shape_phdr(const struct shape *shape, unsigned index, enum phdr_field field)
{
	return get(shape, segment_at(shape, index),
	           phdr_fields[shape->form.is_64][field]);
}

void shape_set_phdr(struct shape *shape, unsigned index, enum phdr_field field,
                    uint64_t value)
{
	set(shape, segment_at(shape, index), phdr_fields[shape->form.is_64][field],
	    value);
}

uint64_t shape_shdr(const struct shape *shape, unsigned index, enum shdr_field field)
{
	return get(shape, section_at(shape, index),
	           shdr_fields[shape->form.is_64][field]);
}

void shape_set_shdr(struct shape *shape, unsigned index, enum shdr_field field,
                    uint64_t value)
{
	set(shape, section_at(shape, index), shdr_fields[shape->form.is_64][field],
	    value);
}

bool shape_area(const struct shape *shape, bool is_segment, unsigned index,
                struct area *ret)
{
	uint64_t offset, size;
	if (is_segment) {
		offset = shape_phdr(shape, index, PHDR_OFFSET);
		size = shape_phdr(shape, index, PHDR_FILESZ);
	} else {
		offset = shape_shdr(shape, index, SHDR_OFFSET);
		size = shape_shdr(shape, index, SHDR_SIZE);
		if (shape_shdr(shape, index, SHDR_TYPE) == SHT_NOBITS)
			return false;
	}
	if (!size || offset > shape->size || size > shape->size - offset)
		return false;
	*ret = (struct area){ is_segment, index, (size_t)offset, (size_t)size };
	return true;
}

bool shape_pick_area(const struct shape *shape, struct dice *dice, bool notes,
                     struct area *ret)
{
	unsigned count = shape->section_count + shape->segment_count;
	unsigned start = dice_below(dice, count);
	for (unsigned i = 0; i < count; i++) {
		unsigned index = (start + i) % count;
		bool is_segment = index >= shape->section_count;
		if (is_segment)
			index -= shape->section_count;
		bool fits = is_segment ? shape_phdr(shape, index, PHDR_TYPE) == PT_NOTE
		                       : shape_shdr(shape, index, SHDR_TYPE) == SHT_NOTE;
		if ((fits || (!notes && !is_segment)) &&
		    shape_area(shape, is_segment, index, ret))
			return true;
	}
	return false;
}

size_t shape_replace(struct shape *shape, const struct area *area, const uint8_t *bytes,
                     size_t size, size_t max)
{
	size_t offset = area->offset;
	if (size > area->size && offset + area->size != shape->size)
		offset = (shape->size + 7) & ~(size_t)7;
	if (offset > max || size > max - offset)
		return shape->size;
	if (offset > shape->size)
		memset(shape->at + shape->size, 0, offset - shape->size);
	if (size)
		memmove(shape->at + offset, bytes, size);
	if (offset + size > shape->size)
		shape->size = offset + size;
	if (area->is_segment) {
		shape_set_phdr(shape, area->index, PHDR_OFFSET, offset);
		shape_set_phdr(shape, area->index, PHDR_FILESZ, size);
	} else {
		shape_set_shdr(shape, area->index, SHDR_OFFSET, offset);
		shape_set_shdr(shape, area->index, SHDR_SIZE, size);
	}
	return shape->size;
}
