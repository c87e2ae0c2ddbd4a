/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* One note of a file changed, the others around it kept. */
#include <elf.h>
#include <string.h>

#include "fuzz.h"
#include "make.h"

#define AREA_MAX 16384

/* A note in its area; SIZE with padding. */
struct span_of_note {
	size_t start, size, owner_size, descriptor, descriptor_size;
};

/* Return: false where no note begins */
static bool read_note(const struct form *form, const uint8_t *area, size_t size,
                      size_t start, struct span_of_note *ret)
{
	if (size < 12 || start > size - 12)
		return false;
	uint64_t owner = form_get(form, area + start, 4);
	uint64_t descriptor = form_get(form, area + start + 4, 4);
	uint64_t at = start + 12 + ((owner + 3) & ~UINT64_C(3));
	if (at > size || descriptor > size - at)
		return false;
	uint64_t end = at + ((descriptor + 3) & ~UINT64_C(3));
	if (end > size)
		end = size;
	*ret = (struct span_of_note){ start, (size_t)end - start, (size_t)owner,
		                      (size_t)at, (size_t)descriptor };
	return true;
}

/* Return: false when the area holds none */
static bool pick_note(const struct form *form, const uint8_t *area, size_t size,
                      struct dice *dice, struct span_of_note *ret)
{
	struct span_of_note note;
	size_t start = 0, seen = 0;
	while (read_note(form, area, size, start, &note)) {
		if (dice_below(dice, ++seen) == 0)
			*ret = note;
		start += note.size;
	}
	return seen > 0;
}

/* Return: where the string after the one at @at begins; @end when there is none */
static size_t next_string(const uint8_t *area, size_t at, size_t end)
{
	const uint8_t *nul = at < end ? memchr(area + at, '\0', end - at) : NULL;
	return nul ? (size_t)(nul - area) + 1 : end;
}

/* The arguments made new, or one of the strings or addresses changed as bytes. */
static void put_changed(struct bytes *out, const uint8_t *area,
                        const struct span_of_note *note, struct dice *dice,
                        unsigned machine)
{
	size_t end = note->descriptor + note->descriptor_size;
	size_t strings = note->descriptor + 3 * (size_t)form_word(&out->form);
	size_t bounds[5] = { note->descriptor, strings < end ? strings : end, 0, 0, end };
	bounds[2] = next_string(area, bounds[1], end);
	bounds[3] = next_string(area, bounds[2], end);
	unsigned part = dice_below(dice, 4);
	bytes_put(out, area + bounds[0], bounds[part] - bounds[0]);
	if (part == 3 && dice_below(dice, 2)) {
		make_arguments(out, dice, machine);
		bytes_put(out, "", 1);
		return;
	}
	size_t start = out->size, room = out->max - start;
	size_t size = bounds[part + 1] - bounds[part];
	bytes_put(out, area + bounds[part], size);
	size = out->size - start;
	if (part == 0 && size >= 8)
		form_put(&out->form, out->at + start,
		         dice_number(dice, form_get(&out->form, out->at + start, 4)), 4);
	else
		size = LLVMFuzzerMutate(out->at + start, size,
		                        size + 16 < room ? size + 16 : room);
	out->size = start + size;
	bytes_put(out, area + bounds[part + 1], end - bounds[part + 1]);
}

static void put_note(struct bytes *out, const uint8_t *area,
                     const struct span_of_note *note, struct dice *dice, unsigned machine)
{
	size_t start = out->size;
	bytes_put(out, area + note->start, note->descriptor - note->start);
	size_t descriptor = out->size;
	put_changed(out, area, note, dice, machine);
	if (descriptor - start >= 12)
		form_put(&out->form, out->at + start + 4, out->size - descriptor, 4);
	bytes_align(out, 4);
}

/* Sizes that lie, and other owners and types. */
static void change_header(const struct form *form, uint8_t *note, size_t size,
                          struct dice *dice)
{
	uint8_t *word = note + 4 * (size_t)dice_below(dice, 3);
	form_put(form, word,
	         dice_number(dice, dice_below(dice, 2) ? form_get(form, word, 4) : size),
	         4);
}

size_t mutate_note(struct shape *shape, struct dice *dice, size_t max)
{
	struct area area;
	struct span_of_note note = { 0 };
	uint8_t space[AREA_MAX];
	if (!shape_pick_area(shape, dice, true, &area) || area.size > AREA_MAX / 2)
		return shape->size;
	uint8_t *from = shape->at + area.offset;
	struct bytes out = { space, 0, AREA_MAX, shape->form };
	const struct places places = {
		.machine = (unsigned)shape_ehdr(shape, EHDR_MACHINE),
		.text = 0x1000 + dice_below(dice, 0x1000),
		.base = 0x1000,
		.probes = 0x2000 + dice_below(dice, 0x1000),
	};
	if (!pick_note(&shape->form, from, area.size, dice, &note)) {
		make_note(&out, dice, &places);
		return shape_replace(shape, &area, out.at, out.size, max);
	}
	unsigned what = dice_below(dice, 8);
	if (what == 0) {
		change_header(&shape->form, from + note.start, area.size, dice);
		return shape->size;
	}
	bytes_put(&out, from, note.start);
	if (what == 1) /* a further one in front of it */
		make_note(&out, dice, &places);
	if (what == 2)
		make_note(&out, dice, &places);
	else if (what != 3) /* 3: it is gone */
		put_note(&out, from, &note, dice, places.machine);
	size_t rest = note.start + note.size;
	bytes_put(&out, from + rest, area.size - rest);
	return shape_replace(shape, &area, out.at, out.size, max);
}
