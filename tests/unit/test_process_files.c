/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Which file is mapped in a process of a /proc made by hand, and what it is called. */
#include "base/array.h"
#include "find/process/process.h"
#include "process.h"

/* Another file at the path, and a file that is no object at all. */
START_TEST(files)
{
	char *proc = make_process();
	struct usdtinfo_process *process;
	struct usdtinfo_error err = { 0 };
	load_fixture(proc, "x86_64/semaphores.so", "lib/made.so");
	char path[PATH_MAX], moved[PATH_MAX];
	snprintf(path, sizeof(path), "%s/1234/root/lib/made.so", proc);
	snprintf(moved, sizeof(moved), "%s/moved", proc);
	ck_assert_int_eq(rename(path, moved), 0);
	add(proc, "1234/root/lib/made.so", "another");
	ck_assert_int_eq(usdtinfo_process_open(proc, 1234, &process, &err), 0);
	ck_assert_uint_eq(usdtinfo_process_object_count(process), 1);
	ck_assert_str_eq(usdtinfo_process_object_path(process, 0), "/lib/made.so");
	ck_assert_ptr_null(usdtinfo_process_object_image(process, 0, NULL, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "another one stands at its path now"));
	usdtinfo_process_close(process);
	/* Held open, it is found. */
	char target[PATH_MAX];
	snprintf(target, sizeof(target), "%s", moved);
	tree_add(proc, &(struct tree_entry){ "1234/fd/7", .target = target });
	ck_assert_int_eq(look(proc).state, USDTINFO_PROBE_IDLE);
	tree_remove(proc);
}
END_TEST

/*
 * The kernel writes a newline in a name as \012, and those four characters as themselves.
 */
static const struct {
	const char *name;    /* of the file */
	const char *written; /* in maps */
	bool has_link;       /* in map_files, which leads nowhere but says the name */
} spellings[] = {
	{ "a\nb.so", "a\\012b.so", false },
	{ "a\\012b.so", "a\\012b.so", false },
	{ "a\nb.so", "a\\012b.so", true },
	{ "a\\012b.so", "a\\012b.so", true },
	{ "a\nb\\012\nc.so", "a\\012b\\012\\012c.so", true },
};

static void add_links(const char *proc, const char *name)
{
	char maps[PATH_MAX], line[4096], path[64], target[PATH_MAX];
	snprintf(maps, sizeof(maps), "%s/1234/maps", proc);
	FILE *file = fopen(maps, "r");
	ck_assert_ptr_nonnull(file);
	snprintf(target, sizeof(target), "/%s", name);
	while (fgets(line, sizeof(line), file)) {
		snprintf(path, sizeof(path), "1234/map_files/%.*s",
		         (int)strcspn(line, " "), line);
		tree_add(proc, &(struct tree_entry){ path, .target = target });
	}
	fclose(file);
}

START_TEST(newlines)
{
	char *proc = make_process();
	char from[PATH_MAX], to[PATH_MAX], path[PATH_MAX];
	struct usdtinfo_process *process;
	struct usdtinfo_error err = { 0 };
	load_fixture(proc, "x86_64/semaphores.so", spellings[_i].written);
	snprintf(from, sizeof(from), "%s/1234/root/%s", proc, spellings[_i].written);
	snprintf(to, sizeof(to), "%s/1234/root/%s", proc, spellings[_i].name);
	snprintf(path, sizeof(path), "/%s", spellings[_i].name);
	ck_assert_int_eq(rename(from, to), 0);
	if (spellings[_i].has_link)
		add_links(proc, spellings[_i].name);
	ck_assert_int_eq(look(proc).state, USDTINFO_PROBE_IDLE);
	ck_assert_int_eq(usdtinfo_process_open(proc, 1234, &process, &err), 0);
	ck_assert_str_eq(usdtinfo_process_object_path(process, 0), path);
	usdtinfo_process_close(process);
	/* Of what is gone only the link tells the name; a file that came since does not. */
	snprintf(from, sizeof(from), "%s/moved", proc);
	ck_assert_int_eq(rename(to, from), 0);
	add(proc, "1234/root/a\\012b.so", "another");
	ck_assert_int_eq(usdtinfo_process_open(proc, 1234, &process, &err), 0);
	ck_assert_str_eq(usdtinfo_process_object_path(process, 0),
	                 spellings[_i].has_link ? path : "/a\nb.so");
	usdtinfo_process_close(process);
	tree_remove(proc);
}
END_TEST

/* A file without a path is looked for among the descriptors, as long as there are units. */
START_TEST(descriptors)
{
	char *proc = make_process();
	load_fixture(proc, "x86_64/semaphores.so", "lib/made.so");
	char path[PATH_MAX], moved[PATH_MAX];
	snprintf(path, sizeof(path), "%s/1234/root/lib/made.so", proc);
	snprintf(moved, sizeof(moved), "%s/moved", proc);
	ck_assert_int_eq(rename(path, moved), 0);
	tree_add(proc, &(struct tree_entry){ "1234/fd/7", .target = moved });
	for (uint64_t left = 0; left < 3; left++) {
		struct process process;
		struct mapped_file file;
		struct usdtinfo_error err = { 0 };
		ck_assert_int_eq(process_open(&process, proc, 1234, &err), 0);
		ck_assert_uint_eq(process.descriptors.left, PROCESS_DESCRIPTORS_MAX);
		process.descriptors.left = left;
		const struct mapping *mapping = &process.maps.items[0];
		int r = process_open_file(&process, &mapping, 1, &file, &err);
		ck_assert_int_eq(r == 0, left > 0);
		if (r == 0)
			close(file.fd);
		else
			ck_assert_ptr_nonnull(strstr(err.text, "1048576 descriptors"));
		process_deinit(&process);
	}
	tree_remove(proc);
}
END_TEST

int main(int count, char **arguments)
{
	TCase *tcase = tcase_create("process_files");
	if (count != 2)
		return EXIT_FAILURE;
	fixtures = arguments[1];
	tcase_add_test(tcase, files);
	tcase_add_test(tcase, descriptors);
	tcase_add_loop_test(tcase, newlines, 0, ARRAY_SIZE(spellings));
	return unit_run("process_files", tcase);
}
