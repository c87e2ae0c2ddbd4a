/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* lines_next(): whatever ends a line, and wherever a read ends. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/array.h"
#include "base/lines.h"
#include "unit.h"

static const struct {
	const char *text;
	size_t size;
	char separator;
	const char *lines[4];
} rows[] = {
	{ "", 0, '\n', { NULL } },
	{ "one\n", 4, '\n', { "one" } },
	{ "one\ntwo", 7, '\n', { "one", "two" } },
	{ "\n\nx\n", 4, '\n', { "", "", "x" } },
	{ "a\nb\0c", 5, '\0', { "a\nb", "c" } },
	{ "a\0", 2, '\0', { "a" } },
};

static int file_of(const char *bytes, size_t size)
{
	int fd = memfd_create("lines", MFD_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, size), (ssize_t)size);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

START_TEST(gives_each_line)
{
	struct lines lines = { .fd = file_of(rows[_i].text, rows[_i].size) };
	char *line;
	for (size_t i = 0; rows[_i].lines[i]; i++) {
		ck_assert_int_eq(lines_next(&lines, rows[_i].separator, &line), 1);
		ck_assert_str_eq(line, rows[_i].lines[i]);
	}
	ck_assert_int_eq(lines_next(&lines, rows[_i].separator, &line), 0);
	ck_assert_int_eq(lines_next(&lines, rows[_i].separator, &line), 0);
	close(lines.fd);
	lines_deinit(&lines);
}
END_TEST

START_TEST(joins_what_reads_part)
{
	static char text[100000];
	char *line;
	size_t count = 0, total = 0;
	memset(text, 'x', sizeof(text));
	for (size_t at = 7, step = 1; at < sizeof(text);
	     at += step, step = step * 3 / 2 + 1)
		text[at] = '\n';
	struct lines lines = { .fd = file_of(text, sizeof(text)) };
	for (; lines_next(&lines, '\n', &line) > 0; count++) {
		ck_assert_mem_eq(line, text + total, strlen(line));
		total += strlen(line) + 1;
	}
	ck_assert_uint_eq(total, sizeof(text) + 1);
	ck_assert_uint_gt(count, 20);
	close(lines.fd);
	lines_deinit(&lines);
}
END_TEST

START_TEST(gives_no_half_line)
{
	int ends[2];
	char *line;
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], "one\ntw", 6), 6);
	struct lines lines = { .fd = ends[0] };
	ck_assert_int_eq(lines_next(&lines, '\n', &line), 1);
	ck_assert_str_eq(line, "one");
	close(ends[0]);
	ck_assert_int_eq(lines_next(&lines, '\n', &line), -1);
	ck_assert_int_eq(errno, EBADF);
	close(ends[1]);
	lines_deinit(&lines);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("lines");
	tcase_add_loop_test(tcase, gives_each_line, 0, ARRAY_SIZE(rows));
	tcase_add_test(tcase, joins_what_reads_part);
	tcase_add_test(tcase, gives_no_half_line);
	return unit_run("lines", tcase);
}
