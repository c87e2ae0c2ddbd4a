/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Reading PT_DYNAMIC and PT_INTERP. */
#include "elf/symbol/dynamic.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"

/* Of its entries; a million are no program's. */
#define DYNAMIC_SIZE_MAX ((uint64_t)16 << 20)

struct dynamic_entry {
	uint64_t tag, value;
};

static bool take_entry(const struct usdtinfo_image *image, struct span *left,
                       struct dynamic_entry *ret)
{
	return span_address(left, image->address_size, image->big_endian, &ret->tag) &&
	       span_address(left, image->address_size, image->big_endian, &ret->value) &&
	       ret->tag != DT_NULL;
}

static void take_table(struct dynamic *dynamic, const struct dynamic_entry *entry)
{
	switch (entry->tag) {
	case DT_STRTAB:
		dynamic->strings_address = entry->value;
		break;
	case DT_STRSZ:
		dynamic->strings_size = entry->value;
		break;
	case DT_SYMTAB:
		dynamic->symbols = entry->value;
		break;
	case DT_HASH:
		dynamic->hash = entry->value;
		break;
	case DT_GNU_HASH:
		dynamic->gnu_hash = entry->value;
		break;
	case DT_FLAGS_1:
		dynamic->flags_1 = entry->value;
		break;
	default:
		break;
	}
}

static struct text string_at(const struct dynamic *dynamic, uint64_t offset)
{
	struct span left = dynamic->strings.bytes;
	struct text text = { NULL, 0 };
	/* What no path can hold, no linker can open. */
	if (offset > left.left || !span_skip(&left, (size_t)offset))
		return text;
	if (left.left > PATH_MAX)
		left.left = PATH_MAX;
	return span_cstr(&left, &text) ? text : (struct text){ NULL, 0 };
}

/* DT_RPATH and DT_RUNPATH hold many paths, and may be longer than one. */
static struct text long_string_at(const struct dynamic *dynamic, uint64_t offset)
{
	struct span left = dynamic->strings.bytes;
	struct text text = { NULL, 0 };
	if (offset > left.left || !span_skip(&left, (size_t)offset))
		return text;
	return span_cstr(&left, &text) ? text : (struct text){ NULL, 0 };
}

static bool take_name(struct dynamic *dynamic, const struct dynamic_entry *entry)
{
	struct text name;
	switch (entry->tag) {
	case DT_SONAME:
		dynamic->soname = string_at(dynamic, entry->value);
		break;
	case DT_RPATH:
		dynamic->rpath = long_string_at(dynamic, entry->value);
		break;
	case DT_RUNPATH:
		dynamic->runpath = long_string_at(dynamic, entry->value);
		break;
	case DT_NEEDED:
		name = string_at(dynamic, entry->value);
		if (!name.at)
			break;
		if (!array_grow(&dynamic->needed, &dynamic->needed_room,
		                dynamic->needed_count + 1, sizeof(*dynamic->needed)))
			return false;
		dynamic->needed[dynamic->needed_count++] = name;
		break;
	default:
		break;
	}
	return true;
}

static int load_strings(struct usdtinfo_image *image, struct dynamic *dynamic,
                        struct usdtinfo_error *err)
{
	uint64_t offset;
	if (dynamic->strings_size == 0)
		return 0;
	const struct segment *segment = segments_find(&image->segments,
	                                              dynamic->strings_address);
	if (!segment || !segment_offset(segment, dynamic->strings_address, &offset))
		return fail(err, USDTINFO_E_DAMAGED,
		            "the dynamic string table is in no segment");
	return image_range(image, offset, dynamic->strings_size, &dynamic->strings, err);
}

static int load_entries(struct usdtinfo_image *image, const GElf_Phdr *header,
                        struct dynamic *ret, struct usdtinfo_error *err)
{
	struct contents entries = { 0 };
	struct dynamic_entry entry;
	uint64_t size = header->p_filesz < DYNAMIC_SIZE_MAX ? header->p_filesz
	                                                    : DYNAMIC_SIZE_MAX;
	int r = image_range(image, header->p_offset, size, &entries, err);
	if (r < 0)
		return r;
	ret->present = true;
	/* The string table's own entry may stand behind those that point into it. */
	struct span left = entries.bytes;
	while (take_entry(image, &left, &entry))
		take_table(ret, &entry);
	r = load_strings(image, ret, err);
	left = entries.bytes;
	while (r == 0 && take_entry(image, &left, &entry)) {
		if (!take_name(ret, &entry))
			r = fail_memory(err);
	}
	contents_deinit(&entries);
	return r;
}

static int load_interpreter(struct usdtinfo_image *image, const GElf_Phdr *header,
                            struct dynamic *ret, struct usdtinfo_error *err)
{
	size_t size = header->p_filesz < PATH_MAX ? (size_t)header->p_filesz : PATH_MAX;
	free(ret->interpreter_owned);
	ret->interpreter = (struct text){ NULL, 0 };
	ret->interpreter_owned = calloc(1, size + 1);
	if (!ret->interpreter_owned)
		return fail_memory(err);
	int r = image_read(image, header->p_offset, ret->interpreter_owned, size, err);
	if (r == 0)
		ret->interpreter = text_of(ret->interpreter_owned);
	return r;
}

int dynamic_load(struct usdtinfo_image *image, struct dynamic *ret,
                 struct usdtinfo_error *err)
{
	size_t count = 0;
	*ret = (struct dynamic){ 0 };
	if (elf_getphdrnum(image->elf, &count) < 0)
		return 0;
	for (size_t i = 0; i < count && i <= INT_MAX; i++) {
		GElf_Phdr header;
		int r = 0;
		if (!gelf_getphdr(image->elf, (int)i, &header))
			break;
		if (header.p_type == PT_DYNAMIC && !ret->present)
			r = load_entries(image, &header, ret, err);
		else if (header.p_type == PT_INTERP && !ret->interpreter.at)
			r = load_interpreter(image, &header, ret, err);
		if (r < 0)
			return r;
	}
	return 0;
}

void dynamic_deinit(struct dynamic *dynamic)
{
	free(dynamic->needed);
	free(dynamic->interpreter_owned);
	contents_deinit(&dynamic->strings);
	*dynamic = (struct dynamic){ 0 };
}
