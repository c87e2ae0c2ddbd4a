/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The dynamic section and its symbols, with and without section headers, and torn apart. */
#include <elf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "elf/symbol/dynamic.h"
#include "unit.h"

static const struct {
	const char *path, *soname, *rpath, *runpath;
} objects[] = {
	{ DYNAMIC_GNU, "libdynamic.so.1", NULL, "$ORIGIN/../lib:/opt/lib" },
	{ DYNAMIC_SYSV, "libdynamic.so.2", "/opt/one:/opt/two", NULL },
};

struct file {
	unsigned char *bytes;
	size_t size;
};

static struct file read_file(const char *path)
{
	struct file file = { 0 };
	FILE *in = fopen(path, "rb");
	ck_assert_msg(in != NULL, "cannot open %s", path);
	size_t room = 0, got;
	do {
		ck_assert(array_grow(&file.bytes, &room, file.size + 4096, 1));
		got = fread(file.bytes + file.size, 1, room - file.size, in);
		file.size += got;
	} while (got > 0);
	fclose(in);
	return file;
}

static bool text_is(struct text text, const char *string)
{
	return text_equal(text, text_of(string)) && !text.at == !string;
}

static void check_object(int i, struct usdtinfo_image *image)
{
	const char *path = objects[i].path;
	struct dynamic dynamic;
	struct usdtinfo_error err = { 0 };
	ck_assert_msg(dynamic_load(image, &dynamic, &err) == 0, "%s: %s", path, err.text);
	ck_assert(dynamic.present);
	ck_assert_msg(text_is(dynamic.soname, objects[i].soname), "%s: soname %s", path,
	              dynamic.soname.at);
	ck_assert_msg(text_is(dynamic.rpath, objects[i].rpath), "%s: rpath %s", path,
	              dynamic.rpath.at);
	ck_assert_msg(text_is(dynamic.runpath, objects[i].runpath), "%s: runpath %s",
	              path, dynamic.runpath.at);
	ck_assert_ptr_null(dynamic.interpreter.at);
	struct dynamic_symbol symbol;
	ck_assert_msg(dynamic_find_symbol(image, &dynamic, "Py_Version", &symbol),
	              "%s: no Py_Version", path);
	ck_assert_uint_eq(symbol.size, sizeof(unsigned long));
	ck_assert_int_eq(ELF64_ST_TYPE(symbol.info), STT_OBJECT);
	uint64_t offset;
	unsigned long value = 0;
	const struct segment *segment = segments_find(&image->segments, symbol.value);
	ck_assert_ptr_nonnull(segment);
	ck_assert(segment_offset(segment, symbol.value, &offset));
	ck_assert_int_eq(image_read(image, offset, &value, sizeof(value), NULL), 0);
	ck_assert_uint_eq(value, 0x030b02f0);
	ck_assert(dynamic_find_symbol(image, &dynamic, "other_symbol", &symbol));
	static const char *const absent[] = { "", "Py_Versio", "Py_Version2", "free" };
	for (size_t n = 0; n < ARRAY_SIZE(absent); n++)
		ck_assert_msg(!dynamic_find_symbol(image, &dynamic, absent[n], &symbol),
		              "%s: '%s' found", path, absent[n]);
	dynamic_deinit(&dynamic);
}

START_TEST(reads_an_object)
{
	struct usdtinfo_image *image;
	ck_assert_int_eq(usdtinfo_image_open(objects[_i].path, &image, NULL), 0);
	check_object(_i, image);
	usdtinfo_image_close(image);
}
END_TEST

static void drop_section_headers(struct file file)
{
	if (file.bytes[EI_CLASS] == ELFCLASS64) {
		Elf64_Ehdr *header = (Elf64_Ehdr *)file.bytes;
		header->e_shoff = 0;
		header->e_shnum = header->e_shstrndx = 0;
	} else {
		Elf32_Ehdr *header = (Elf32_Ehdr *)file.bytes;
		header->e_shoff = 0;
		header->e_shnum = header->e_shstrndx = 0;
	}
}

START_TEST(needs_no_section_headers)
{
	struct file file = read_file(objects[_i].path);
	struct usdtinfo_image *image;
	drop_section_headers(file);
	ck_assert_int_eq(
		usdtinfo_image_open_memory(file.bytes, file.size, "memory", &image, NULL),
		0);
	ck_assert_uint_eq(image->section_count, 0);
	check_object(_i, image);
	usdtinfo_image_close(image);
	free(file.bytes);
}
END_TEST

START_TEST(reads_an_executable)
{
	struct usdtinfo_image *image;
	struct dynamic dynamic;
	ck_assert_int_eq(usdtinfo_image_open("/proc/self/exe", &image, NULL), 0);
	ck_assert_int_eq(dynamic_load(image, &dynamic, NULL), 0);
	ck_assert_ptr_nonnull(dynamic.interpreter.at);
	ck_assert_int_eq(dynamic.interpreter.at[0], '/');
	bool has_libc = false;
	for (size_t i = 0; i < dynamic.needed_count; i++)
		has_libc |= strncmp(dynamic.needed[i].at, "libc.", 5) == 0;
	ck_assert(has_libc);
	dynamic_deinit(&dynamic);
	usdtinfo_image_close(image);
}
END_TEST

/* Whatever a cut or a changed byte does, nothing is read outside the file. */
static void read_anyway(struct file file, size_t size)
{
	struct usdtinfo_image *image;
	struct dynamic dynamic;
	struct dynamic_symbol symbol;
	if (usdtinfo_image_open_memory(file.bytes, size, "memory", &image, NULL) < 0)
		return;
	if (dynamic_load(image, &dynamic, NULL) == 0)
		dynamic_find_symbol(image, &dynamic, "Py_Version", &symbol);
	dynamic_deinit(&dynamic);
	usdtinfo_image_close(image);
}

START_TEST(survives_damage)
{
	struct file file = read_file(objects[_i].path);
	for (size_t size = 0; size < file.size; size += 97) {
		unsigned char *copy = malloc(size ? size : 1);
		memcpy(copy, file.bytes, size);
		read_anyway((struct file){ copy, size }, size);
		free(copy);
	}
	for (size_t at = 4; at < file.size; at += 3) {
		unsigned char kept = file.bytes[at];
		file.bytes[at] = (unsigned char)(kept ^ 0xff);
		read_anyway(file, file.size);
		file.bytes[at] = kept;
	}
	free(file.bytes);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("dynamic");
	tcase_add_loop_test(tcase, reads_an_object, 0, ARRAY_SIZE(objects));
	tcase_add_loop_test(tcase, needs_no_section_headers, 0, ARRAY_SIZE(objects));
	tcase_add_test(tcase, reads_an_executable);
	tcase_add_loop_test(tcase, survives_damage, 0, ARRAY_SIZE(objects));
	return unit_run("dynamic", tcase);
}
