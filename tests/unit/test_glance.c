/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What a glance takes for plain, and what it leaves to the survey. */
#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/array.h"
#include "elf/object/glance.h"
#include "unit.h"

#define NAMES_AT    0x80
#define NOTES_AT    0x100
#define SEGMENTS_AT 0x180
#define TABLE_AT    0x200
#define FILE_SIZE   0x400

/* An object of four sections: none, .text, one of notes, names; and what is odd in it. */
struct odd {
	const char *what;
	bool plain;
	uint16_t type, segments, section_size, names_index, sections, header_size;
	uint32_t version;
	const char *text_name; /* of the section that is .text */
	uint32_t text_type, text_info, text_name_at;
	uint32_t notes_type;
	uint64_t notes_flags, notes_alignment;
	uint32_t notes_size;
	const char *owner; /* of three characters, or with its size below */
	uint32_t owner_size;
	bool names_endless;
	uint64_t table_at;
};

/* 0 and NULL: as usual. */
static const struct odd cases[] = {
	{ .what = "as usual", .plain = true },
	{ .what = "a shared object", .plain = true, .type = ET_DYN, .segments = 1 },
	{ .what = "notes of others", .plain = true, .owner = "abc" },
	{ .what = "no notes", .plain = true, .notes_type = SHT_PROGBITS },
	{ .what = "no section of notes, but a segment",
	  .type = ET_DYN,
	  .segments = 1,
	  .notes_type = SHT_PROGBITS },
	{ .what = "a note of probes", .owner = "stapsdt", .owner_size = 8 },
	{ .what = "the notes' section by name", .text_name = ".note.stapsdt" },
	{ .what = "the base by name", .text_name = ".stapsdt.base" },
	{ .what = "counters by name", .text_name = ".probes" },
	{ .what = "a name that begins so", .plain = true, .text_name = ".probes2" },
	{ .what = "a name outside of the names", .text_name_at = 0x70 },
	{ .what = "names without an end", .names_endless = true },
	{ .what = "compressed notes", .notes_flags = SHF_COMPRESSED },
	{ .what = "notes that are cut", .notes_size = 14 },
	{ .what = "notes beyond the file", .notes_size = FILE_SIZE },
	{ .what = "notes padded otherwise than they say",
	  .notes_alignment = 8,
	  .owner = "abcdef",
	  .owner_size = 8 },
	{ .what = "notes padded to 8", .plain = true, .notes_alignment = 8 },
	{ .what = "relocations of notes", .text_type = SHT_RELA, .text_info = 2 },
	{ .what = "other relocations",
	  .plain = true,
	  .text_type = SHT_REL,
	  .text_info = 3 },
	{ .what = "relocations of nothing",
	  .plain = true,
	  .text_type = SHT_REL,
	  .text_info = 99 },
	{ .what = "another size of section headers", .section_size = 56 },
	{ .what = "section headers beyond the file", .table_at = FILE_SIZE - 8 },
	{ .what = "names in no section", .names_index = 9 },
	{ .what = "names elsewhere", .names_index = SHN_XINDEX },
	{ .what = "names in a section of another type", .names_index = 2 },
	{ .what = "more sections than there are", .sections = 40 },
	{ .what = "sections counted elsewhere", .sections = 0xff00 },
	{ .what = "segments counted elsewhere", .type = ET_DYN, .segments = PN_XNUM },
	{ .what = "another size of header", .header_size = 60 },
	{ .what = "another version", .version = 2 },
};

static const struct form {
	unsigned char class, order;
} forms[] = {
	{ ELFCLASS32, ELFDATA2LSB },
	{ ELFCLASS32, ELFDATA2MSB },
	{ ELFCLASS64, ELFDATA2LSB },
	{ ELFCLASS64, ELFDATA2MSB },
};

static unsigned char file[FILE_SIZE];
static size_t at;

static void put(const struct form *form, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		size_t byte = form->order == ELFDATA2LSB ? i : size - 1 - i;
		file[at++] = (unsigned char)(value >> (8 * byte));
	}
}

static uint64_t or_usual(uint64_t odd, uint64_t usual)
{
	return odd ? odd : usual;
}

static void put_header(const struct form *form, const struct odd *odd)
{
	bool is64 = form->class == ELFCLASS64;
	size_t word = is64 ? 8 : 4;
	memcpy(file, ELFMAG, SELFMAG);
	file[EI_CLASS] = form->class;
	file[EI_DATA] = form->order;
	file[EI_VERSION] = EV_CURRENT;
	at = EI_NIDENT;
	put(form, or_usual(odd->type, ET_REL), 2);
	put(form, EM_X86_64, 2);
	put(form, or_usual(odd->version, EV_CURRENT), 4);
	put(form, 0, word);
	put(form, odd->segments ? SEGMENTS_AT : 0, word);
	put(form, or_usual(odd->table_at, TABLE_AT), word);
	put(form, 0, 4);
	put(form, or_usual(odd->header_size, is64 ? 64 : 52), 2);
	put(form, is64 ? 56 : 32, 2);
	put(form, odd->segments, 2);
	put(form, or_usual(odd->section_size, is64 ? 64 : 40), 2);
	put(form, or_usual(odd->sections, 4), 2);
	put(form, or_usual(odd->names_index, 3), 2);
}

struct section_header {
	uint32_t name, type, info;
	uint64_t flags, offset, size, alignment;
};

static void put_section(const struct form *form, struct section_header header)
{
	size_t word = form->class == ELFCLASS64 ? 8 : 4;
	put(form, header.name, 4);
	put(form, header.type, 4);
	put(form, header.flags, word);
	put(form, 0, word);
	put(form, header.offset, word);
	put(form, header.size, word);
	put(form, 0, 4);
	put(form, header.info, 4);
	put(form, header.alignment, word);
	put(form, 0, word);
}

static void make(const struct form *form, const struct odd *odd)
{
	uint32_t owner_size = odd->owner_size ? odd->owner_size : 4;
	memset(file, 0, sizeof(file));
	put_header(form, odd);
	/* Names: at 1 that of .text, at 32 that of notes, at 48 their own. */
	strcpy((char *)file + NAMES_AT + 1, odd->text_name ? odd->text_name : ".text");
	strcpy((char *)file + NAMES_AT + 32, ".note.x");
	strcpy((char *)file + NAMES_AT + 48, ".shstrtab");
	if (odd->names_endless)
		file[NAMES_AT + 63] = 'x';
	at = NOTES_AT;
	put(form, owner_size, 4);
	put(form, 4, 4);
	put(form, 1, 4);
	strcpy((char *)file + at, odd->owner ? odd->owner : "GNU");
	at = TABLE_AT;
	put_section(form, (struct section_header){ 0 });
	put_section(form, (struct section_header){
				  .name = odd->text_name_at ? odd->text_name_at : 1,
				  .type = odd->text_type ? odd->text_type : SHT_PROGBITS,
				  .info = odd->text_info });
	put_section(form, (struct section_header){
				  .name = 32,
				  .type = odd->notes_type ? odd->notes_type : SHT_NOTE,
				  .flags = odd->notes_flags,
				  .offset = NOTES_AT,
				  .size = or_usual(odd->notes_size, 12 + owner_size + 4),
				  .alignment = or_usual(odd->notes_alignment, 4) });
	put_section(form, (struct section_header){ .name = 48,
	                                           .type = SHT_STRTAB,
	                                           .offset = NAMES_AT,
	                                           .size = 64,
	                                           .alignment = 1 });
}

START_TEST(takes_for_plain)
{
	const struct odd *odd = &cases[_i];
	int fd = memfd_create("glance", MFD_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		make(&forms[i], odd);
		/* Within a larger file, as a member of an archive is. */
		ck_assert_int_eq(pwrite(fd, file, sizeof(file), 10), sizeof(file));
		const struct glance_source sources[] = {
			{ .memory = file, .size = sizeof(file) },
			{ .fd = fd, .start = 10, .size = sizeof(file) },
			{ .fd = fd,
			  .start = 10,
			  .size = sizeof(file),
			  .head = { file, TABLE_AT + 60 } },
		};
		for (size_t k = 0; k < ARRAY_SIZE(sources); k++)
			ck_assert_msg(glance_is_plain(&sources[k]) == odd->plain,
			              "%s: form %zu, source %zu", odd->what, i, k);
	}
	close(fd);
}
END_TEST

/* What is not there must not be asked of the file behind the object. */
START_TEST(stays_inside)
{
	static const struct odd usual = { 0 };
	make(&forms[_i], &usual);
	size_t end = TABLE_AT + (forms[_i].class == ELFCLASS64 ? 64 : 40) * 4;
	for (size_t size = 0; size <= sizeof(file); size++) {
		const struct glance_source source = { .memory = file, .size = size };
		ck_assert_msg(glance_is_plain(&source) == (size >= end), "%zu bytes",
		              size);
	}
}
END_TEST

/* A section for each function: more headers than fit on the stack. */
START_TEST(reads_large_tables)
{
	enum {
		SECTIONS = 4000
	};
	const struct odd many = { .sections = SECTIONS };
	bool is64 = forms[_i].class == ELFCLASS64;
	size_t entry = is64 ? 64 : 40, size = TABLE_AT + entry * SECTIONS;
	unsigned char *whole = calloc(1, size);
	int fd = memfd_create("glance", MFD_CLOEXEC);
	ck_assert(whole && fd >= 0);
	make(&forms[_i], &many);
	memcpy(whole, file, sizeof(file));
	ck_assert_int_eq(write(fd, whole, size), (ssize_t)size);
	const struct glance_source source = { .fd = fd, .size = size };
	const struct glance_source cut = { .fd = fd, .size = size - 1 };
	ck_assert(glance_is_plain(&source));
	ck_assert(!glance_is_plain(&cut));
	/* The last of them lies about its name. */
	memset(whole + size - entry, 0xff, 4);
	ck_assert_int_eq(pwrite(fd, whole, size, 0), (ssize_t)size);
	ck_assert(!glance_is_plain(&source));
	close(fd);
	free(whole);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("glance");
	tcase_add_loop_test(tcase, takes_for_plain, 0, ARRAY_SIZE(cases));
	tcase_add_loop_test(tcase, stays_inside, 0, ARRAY_SIZE(forms));
	tcase_add_loop_test(tcase, reads_large_tables, 0, ARRAY_SIZE(forms));
	return unit_run("glance", tcase);
}
