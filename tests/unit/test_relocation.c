/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Relocations applied to one section of objects made here: machines, orders, damage. */
#include "elf/symbol/relocation.h"

#include <elf.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "elf/object/image.h"
#include "unit.h"

enum {
	CONTENTS_AT = 0x40, /* 0x20 bytes */
	SYMBOLS_AT = 0x60,  /* 5 of 24 bytes at most */
	ENTRIES_AT = 0x100,
	HEADERS_AT = 0x200,
	SYMBOL_VALUE = 0x1000, /* of symbol 1; symbol 2 is thread-local, 3 undefined */
	SECTIONS = 5,
};

struct maker {
	unsigned char bytes[0x400];
	bool is64, big;
};

static void put(struct maker *maker, size_t at, unsigned size, uint64_t value)
{
	for (unsigned i = 0; i < size; i++, value >>= 8)
		maker->bytes[maker->big ? at + size - 1 - i : at + i] =
			(unsigned char)value;
}

static void put_symbol(struct maker *maker, unsigned index, unsigned info,
                       unsigned section, uint64_t value)
{
	size_t at = SYMBOLS_AT + index * (maker->is64 ? 24 : 16);
	put(maker, at + (maker->is64 ? 4 : 12), 1, info);
	put(maker, at + (maker->is64 ? 6 : 14), 2, section);
	put(maker, at + (maker->is64 ? 8 : 4), maker->is64 ? 8 : 4, value);
}

static void put_section(struct maker *maker, unsigned index, uint32_t type,
                        uint64_t offset, uint64_t size, uint32_t link, uint32_t info,
                        uint64_t entry_size)
{
	unsigned word = maker->is64 ? 8 : 4;
	size_t at = HEADERS_AT + index * (maker->is64 ? 64 : 40);
	put(maker, at + 4, 4, type);
	put(maker, at + 8 + 2 * word, word, offset);
	put(maker, at + 8 + 3 * word, word, size);
	put(maker, at + 8 + 4 * word, 4, link);
	put(maker, at + 12 + 4 * word, 4, info);
	put(maker, at + 16 + 4 * word, word, 1);
	put(maker, at + 16 + 5 * word, word, entry_size);
}

/* Sections: 1 what is relocated, 2 symbols, 3 and 4 relocations. */
static void make(struct maker *maker, unsigned machine, bool is64, bool big)
{
	*maker = (struct maker){ .is64 = is64, .big = big };
	unsigned word = is64 ? 8 : 4, symbol_size = is64 ? 24 : 16;
	memcpy(maker->bytes, ELFMAG, SELFMAG);
	maker->bytes[EI_CLASS] = is64 ? ELFCLASS64 : ELFCLASS32;
	maker->bytes[EI_DATA] = big ? ELFDATA2MSB : ELFDATA2LSB;
	maker->bytes[EI_VERSION] = EV_CURRENT;
	put(maker, 16, 2, ET_REL);
	put(maker, 18, 2, machine);
	put(maker, 20, 4, EV_CURRENT);
	put(maker, 24 + 2 * word, word, HEADERS_AT);
	put(maker, 28 + 3 * word, 2, is64 ? 64 : 52);
	put(maker, 34 + 3 * word, 2, is64 ? 64 : 40);
	put(maker, 36 + 3 * word, 2, SECTIONS);
	put_section(maker, 1, SHT_NOTE, CONTENTS_AT, 0x20, 0, 0, 0);
	put_section(maker, 2, SHT_SYMTAB, SYMBOLS_AT, 4 * symbol_size, 0, 1, symbol_size);
	put_symbol(maker, 1, STT_SECTION, 1, SYMBOL_VALUE);
	put_symbol(maker, 2, STT_TLS, 1, 8);
	put_symbol(maker, 3, STB_GLOBAL << 4, SHN_UNDEF, 0);
}

/* A relocation section of one entry, @info as it stands in the file. */
static void put_entry(struct maker *maker, unsigned section, bool has_addend,
                      uint64_t offset, uint64_t info, int64_t addend)
{
	unsigned word = maker->is64 ? 8 : 4;
	size_t at = ENTRIES_AT + (section - 3) * 0x40, size = word * (has_addend ? 3 : 2);
	put(maker, at, word, offset);
	put(maker, at + word, word, info);
	if (has_addend)
		put(maker, at + 2 * word, word, (uint64_t)addend);
	put_section(maker, section, has_addend ? SHT_RELA : SHT_REL, at, size, 2, 1,
	            size);
}

static struct usdtinfo_image *open_made(struct maker *maker)
{
	struct usdtinfo_image *image = NULL;
	struct usdtinfo_error err = { 0 };
	int r = usdtinfo_image_open_memory(maker->bytes, sizeof(maker->bytes), "made",
	                                   &image, &err);
	ck_assert_msg(r == 0, "%s", err.text);
	return image;
}

static struct contents relocate(struct usdtinfo_image *image, struct relocations *ret)
{
	struct contents contents;
	*ret = (struct relocations){ 0 };
	ck_assert_int_eq(image_range(image, CONTENTS_AT, 0x20, &contents, NULL), 0);
	ck_assert_int_eq(image_relocate(image, 1, NULL, &contents, ret, NULL), 0);
	return contents;
}

static uint64_t word_at(const struct contents *contents, size_t offset, unsigned size,
                        bool big)
{
	uint64_t word = 0;
	for (unsigned i = 0; i < size; i++)
		word = word << 8 | contents->bytes.at[offset + (big ? i : size - 1 - i)];
	return word;
}

#define INFO32(symbol, type) ((uint64_t)(symbol) << 8 | (type))
#define INFO64(symbol, type) ((uint64_t)(symbol) << 32 | (type))
/* Bytes in the file: symbol (little-endian word), special symbol, type 3, type 2, type. */
#define INFO_MIPS_LITTLE(symbol, type) ((uint64_t)(type) << 56 | (symbol))

static const struct {
	const char *name;
	unsigned machine;
	bool is64, big, has_addend;
	uint64_t info;
	int64_t addend;
	uint64_t stored, expected;
	unsigned size;
} words[] = {
	{ "x86-64", EM_X86_64, true, false, true, INFO64(1, R_X86_64_64), 0x23, 0, 0x1023,
	  8 },
	{ "x86-64, the stored word does not count", EM_X86_64, true, false, true,
	  INFO64(1, R_X86_64_64), 0x23, 0x7777, 0x1023, 8 },
	{ "x86-64 with addends in place", EM_X86_64, true, false, false,
	  INFO64(1, R_X86_64_64), 0, 0x23, 0x1023, 8 },
	{ "x86-64, negative addend", EM_X86_64, true, false, true, INFO64(1, R_X86_64_64),
	  -0x1001, 0, UINT64_MAX, 8 },
	{ "x86-64, no symbol", EM_X86_64, true, false, true, INFO64(0, R_X86_64_64), 5, 0,
	  5, 8 },
	{ "x86-64, undefined symbol", EM_X86_64, true, false, true,
	  INFO64(3, R_X86_64_64), 5, 0, 5, 8 },
	{ "x32", EM_X86_64, false, false, true, INFO32(1, R_X86_64_32), -1, 0, 0xfff, 4 },
	{ "i386", EM_386, false, false, false, INFO32(1, R_386_32), 0, 0x23, 0x1023, 4 },
	{ "i386, addend wraps", EM_386, false, false, false, INFO32(1, R_386_32), 0,
	  0xffffffff, 0xfff, 4 },
	{ "arm", EM_ARM, false, false, false, INFO32(1, R_ARM_ABS32), 0, 4, 0x1004, 4 },
	{ "arm, big-endian", EM_ARM, false, true, false, INFO32(1, R_ARM_ABS32), 0, 4,
	  0x1004, 4 },
	{ "aarch64", EM_AARCH64, true, false, true, INFO64(1, R_AARCH64_ABS64), 4, 0,
	  0x1004, 8 },
	{ "aarch64, big-endian", EM_AARCH64, true, true, true, INFO64(1, R_AARCH64_ABS64),
	  4, 0, 0x1004, 8 },
	{ "ppc", EM_PPC, false, true, true, INFO32(1, R_PPC_ADDR32), 4, 0, 0x1004, 4 },
	{ "ppc64", EM_PPC64, true, true, true, INFO64(1, R_PPC64_ADDR64), 4, 0, 0x1004,
	  8 },
	{ "ppc64le", EM_PPC64, true, false, true, INFO64(1, R_PPC64_ADDR64), 4, 0, 0x1004,
	  8 },
	{ "s390x", EM_S390, true, true, true, INFO64(1, R_390_64), 4, 0, 0x1004, 8 },
	{ "s390", EM_S390, false, true, true, INFO32(1, R_390_32), 4, 0, 0x1004, 4 },
	{ "riscv64", EM_RISCV, true, false, true, INFO64(1, R_RISCV_64), 4, 0, 0x1004,
	  8 },
	{ "riscv64, added", EM_RISCV, true, false, true, INFO64(1, R_RISCV_ADD32), 4, 2,
	  0x1006, 4 },
	{ "riscv64, subtracted", EM_RISCV, true, false, true, INFO64(1, R_RISCV_SUB32), 4,
	  0x1005, 1, 4 },
	{ "loongarch64", 258, true, false, true, INFO64(1, 2), 4, 0, 0x1004, 8 },
	{ "loongarch64, subtracted", 258, true, false, true, INFO64(1, 55), 4, 0x1005, 1,
	  4 },
	{ "mips", EM_MIPS, false, true, false, INFO32(1, R_MIPS_32), 0, 4, 0x1004, 4 },
	{ "mips64", EM_MIPS, true, true, true, INFO64(1, R_MIPS_64), 4, 0, 0x1004, 8 },
	{ "mips64el", EM_MIPS, true, false, true, INFO_MIPS_LITTLE(1, R_MIPS_64), 4, 0,
	  0x1004, 8 },
	{ "sparc", EM_SPARC, false, true, true, INFO32(1, R_SPARC_UA32), 4, 0, 0x1004,
	  4 },
	{ "sparc64", EM_SPARCV9, true, true, true, INFO64(1, R_SPARC_UA64), 4, 0, 0x1004,
	  8 },
	{ "sparc64, data in the type", EM_SPARCV9, true, true, true,
	  INFO64(1, R_SPARC_UA64 | 0x1200), 4, 0, 0x1004, 8 },
	{ "sh, where both count", EM_SH, false, false, true, INFO32(1, R_SH_DIR32), 4, 2,
	  0x1006, 4 },
	{ "alpha", 0x9026, true, false, true, INFO64(1, R_ALPHA_REFQUAD), 4, 0, 0x1004,
	  8 },
	{ "hppa", EM_PARISC, false, true, true, INFO32(1, R_PARISC_DIR32), 4, 0, 0x1004,
	  4 },
	{ "m68k", EM_68K, false, true, true, INFO32(1, R_68K_32), 4, 0, 0x1004, 4 },
	{ "nothing to do", EM_X86_64, true, false, true, INFO64(1, R_X86_64_NONE), 4, 7,
	  7, 8 },
	{ "a hint to the linker", EM_RISCV, true, false, true, INFO64(1, R_RISCV_RELAX),
	  4, 7, 7, 8 },
};

START_TEST(word)
{
	static struct maker maker;
	const char *name = words[_i].name;
	bool big = words[_i].big;
	unsigned size = words[_i].size;
	make(&maker, words[_i].machine, words[_i].is64, big);
	put(&maker, CONTENTS_AT + 8, size, words[_i].stored);
	put_entry(&maker, 3, words[_i].has_addend, 8, words[_i].info, words[_i].addend);
	struct usdtinfo_image *image = open_made(&maker);
	struct relocations kept;
	struct contents contents = relocate(image, &kept);
	uint64_t got = word_at(&contents, 8, size, big);
	ck_assert_msg(got == words[_i].expected, "%s: 0x%" PRIx64, name, got);
	ck_assert_msg(kept.damaged == 0, "%s: %s", name, kept.damage);
	ck_assert_msg(kept.unknown == 0, "%s: type not known", name);
	relocations_deinit(&kept);
	contents_deinit(&contents);
	usdtinfo_image_close(image);
}
END_TEST

static const struct {
	const char *name;
	uint64_t offset, info;
	size_t patch_at; /* in the section header of the relocations; 0: none */
	uint32_t patch;
	const char *damage; /* NULL: told as unknown */
} bad[] = {
	{ "offset past the end", 0x20, INFO64(1, 1), 0, 0,
	  "offset 0x20 is beyond the section's 32 bytes" },
	{ "word past the end", 0x19, INFO64(1, 1), 0, 0,
	  "offset 0x19 is beyond the section's 32 bytes" },
	{ "offset overflows", UINT64_MAX - 3, INFO64(1, 1), 0, 0,
	  "offset 0xfffffffffffffffc is beyond the section's 32 bytes" },
	{ "no such symbol", 8, INFO64(4, 1), 0, 0,
	  "the one at 0x8 is for symbol 4 of 4" },
	{ "the last symbol number", 8, INFO64(UINT32_MAX, 1), 0, 0,
	  "the one at 0x8 is for symbol 4294967295 of 4" },
	{ "thread-local symbol", 8, INFO64(2, 1), 0, 0,
	  "symbol 2 of the one at 0x8 has no address: its type is 6" },
	{ "no symbol table", 8, INFO64(1, 1), 40, 1,
	  "section 3 names no symbol table (1)" },
	{ "no such symbol table", 8, INFO64(1, 1), 40, 99,
	  "section 3 names no symbol table (99)" },
	{ "entries past the end", 8, INFO64(1, 1), 24, 0x3f0,
	  "24 bytes at 0x3f0 lie beyond the end of the file (1024 bytes)" },
	{ "half an entry", 8, INFO64(1, 1), 32, 23, "section 3 ends within an entry" },
	{ "relative to the place", 8, INFO64(1, R_X86_64_PC64), 0, 0, NULL },
	{ "no type of any machine", 8, INFO64(1, 0xffffff), 0, 0, NULL },
};

START_TEST(damage)
{
	static struct maker maker;
	const char *name = bad[_i].name;
	make(&maker, EM_X86_64, true, false);
	put(&maker, CONTENTS_AT + 8, 8, 0x77);
	put_entry(&maker, 3, true, bad[_i].offset, bad[_i].info, 4);
	if (bad[_i].patch_at)
		put(&maker, HEADERS_AT + 3 * 64 + bad[_i].patch_at, 4, bad[_i].patch);
	struct usdtinfo_image *image = open_made(&maker);
	struct relocations kept;
	struct contents contents = relocate(image, &kept);
	ck_assert_msg(word_at(&contents, 8, 8, false) == 0x77, "%s: changed", name);
	ck_assert_msg(kept.count == 0, "%s: kept", name);
	ck_assert_msg(kept.unknown == !bad[_i].damage, "%s: unknown", name);
	ck_assert_msg(kept.damaged == !!bad[_i].damage, "%s: damaged", name);
	if (bad[_i].damage)
		ck_assert_str_eq(kept.damage, bad[_i].damage);
	relocations_deinit(&kept);
	contents_deinit(&contents);
	usdtinfo_image_close(image);
}
END_TEST

START_TEST(several_sections)
{
	static struct maker maker;
	make(&maker, EM_X86_64, true, false);
	put_entry(&maker, 3, true, 0x10, INFO64(1, R_X86_64_64), 1);
	put_entry(&maker, 4, false, 8, INFO64(3, R_X86_64_64), 0);
	struct usdtinfo_image *image = open_made(&maker);
	struct relocations kept;
	struct contents contents = relocate(image, &kept);
	const struct relocations *all = &kept;
	ck_assert_uint_eq(all->count, 2);
	ck_assert_uint_eq(all->items[0].offset, 8);
	ck_assert_uint_eq(all->items[0].section, 0);
	const struct relocation *found = relocations_find(all, 0x10);
	ck_assert_ptr_eq(found, &all->items[1]);
	ck_assert_uint_eq(found->value, SYMBOL_VALUE + 1);
	ck_assert_uint_eq(found->section, 1);
	ck_assert_ptr_null(relocations_find(all, 9));
	ck_assert_ptr_null(relocations_find(all, 0x18));
	relocations_deinit(&kept);
	contents_deinit(&contents);
	usdtinfo_image_close(image);
}
END_TEST

/* More sections than a symbol can name: their indexes stand in a table of their own. */
START_TEST(extended_index)
{
	static struct maker maker;
	make(&maker, EM_X86_64, true, false);
	put_entry(&maker, 3, true, 0x10, INFO64(1, R_X86_64_64), 1);
	put_symbol(&maker, 1, STT_SECTION, SHN_XINDEX, SYMBOL_VALUE);
	put_section(&maker, 4, SHT_SYMTAB_SHNDX, ENTRIES_AT + 0x40, 16, 2, 0, 4);
	put(&maker, ENTRIES_AT + 0x44, 4, 1);
	struct usdtinfo_image *image = open_made(&maker);
	struct relocations kept;
	struct contents contents = relocate(image, &kept);
	const struct relocation *found = relocations_find(&kept, 0x10);
	ck_assert_ptr_nonnull(found);
	ck_assert_uint_eq(found->section, 1);
	relocations_deinit(&kept);
	contents_deinit(&contents);
	usdtinfo_image_close(image);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("relocation");
	tcase_add_loop_test(tcase, word, 0, ARRAY_SIZE(words));
	tcase_add_loop_test(tcase, damage, 0, ARRAY_SIZE(bad));
	tcase_add_test(tcase, several_sections);
	tcase_add_test(tcase, extended_index);
	return unit_run("relocation", tcase);
}
