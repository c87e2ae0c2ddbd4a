/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Paths inside a root: links, loops, escapes, by the kernel and by walking. */
#include <errno.h>
#include <sys/inotify.h>

#include "base/array.h"
#include "elf/object/image.h"
#include "elf/root/root.h"
#include "tree.h"
#include "unit.h"

static const struct tree_entry tree[] = {
	{ "etc/motd", .content = "inside" },
	{ "usr/bin/tool", .content = "tool" },
	{ "usr/lib/" },
	{ "bin", .target = "usr/bin" },
	{ "absolute", .target = "/usr/bin/tool" },
	{ "absolute-directory", .target = "/usr" },
	{ "deep/er/relative", .target = "../../etc/motd" },
	{ "deep/er/escape", .target = "../../../../../../etc/motd" },
	{ "deep/er/absolute", .target = "/../../etc/./motd" },
	{ "deep/er/twice", .target = "/deep/er/absolute" },
	{ "dangling", .target = "/nowhere/at/all" },
	{ "self", .target = "self" },
	{ "ping", .target = "/pong" },
	{ "pong", .target = "ping" },
	{ "to-root", .target = "/" },
	{ "slash", .target = "usr/bin/" },
	{ "file-slash", .target = "etc/motd/" },
};

/* REAL: NULL with FAILS, the errno. CONTENT: NULL for a directory. */
static const struct {
	const char *path, *real, *content;
	int fails;
} cases[] = {
	{ "/etc/motd", "/etc/motd", "inside" },
	{ "etc/motd", "/etc/motd", "inside" },
	{ "//etc///./motd", "/etc/motd", "inside" },
	{ "../../../etc/motd", "/etc/motd", "inside" },
	{ "/../etc/../etc/motd", "/etc/motd", "inside" },
	{ "bin/tool", "/usr/bin/tool", "tool" },
	{ "bin/../lib", "/usr/lib", NULL },
	{ "bin/..", "/usr", NULL },
	{ "absolute", "/usr/bin/tool", "tool" },
	{ "absolute-directory/bin/tool", "/usr/bin/tool", "tool" },
	{ "absolute-directory/../etc/motd", "/etc/motd", "inside" },
	{ "deep/er/relative", "/etc/motd", "inside" },
	{ "deep/er/escape", "/etc/motd", "inside" },
	{ "deep/er/absolute", "/etc/motd", "inside" },
	{ "deep/er/twice", "/etc/motd", "inside" },
	{ "to-root/to-root/etc/motd", "/etc/motd", "inside" },
	{ "/", "/", NULL },
	{ ".", "/", NULL },
	{ "..", "/", NULL },
	{ "usr/../..", "/", NULL },
	{ "slash", "/usr/bin", NULL },
	{ "slash/tool", "/usr/bin/tool", "tool" },
	{ "usr/bin/", "/usr/bin", NULL },
	{ "to-root", "/", NULL },
	{ "", .fails = ENOENT },
	{ "missing", .fails = ENOENT },
	{ "missing/more", .fails = ENOENT },
	{ "missing/../etc/motd", .fails = ENOENT },
	{ "dangling", .fails = ENOENT },
	{ "etc/motd/more", .fails = ENOTDIR },
	{ "etc/motd/..", .fails = ENOTDIR },
	{ "etc/motd/", .fails = ENOTDIR },
	{ "file-slash", .fails = ENOTDIR },
	{ "self", .fails = ELOOP },
	{ "ping", .fails = ELOOP },
	{ "ping/more", .fails = ELOOP },
};

static char *top;

static void set_up(void)
{
	top = tree_make(tree, ARRAY_SIZE(tree));
}

static void tear_down(void)
{
	tree_remove(top);
}

static struct root open_root(bool in_kernel)
{
	struct root root;
	ck_assert_int_eq(root_init(&root, top, NULL), 0);
	root.in_kernel = root.in_kernel && in_kernel;
	return root;
}

static void check_path(int i, bool in_kernel)
{
	struct root root = open_root(in_kernel);
	struct usdtinfo_error err = { 0 };
	_cleanup_(freep) char *real = NULL;
	_cleanup_(strbuf_deinit) struct strbuf content = { 0 };
	int fd = -1;
	int r = root_open(&root, cases[i].path, O_RDONLY, &fd, &err);
	ck_assert_msg(err.sys_errno == cases[i].fails, "'%s': opening gave %s",
	              cases[i].path, strerror(err.sys_errno));
	ck_assert_int_eq(r < 0, cases[i].fails != 0);
	if (fd >= 0)
		close(fd);
	err.sys_errno = 0;
	r = root_realpath(&root, cases[i].path, &real, &err);
	ck_assert_msg(err.sys_errno == cases[i].fails, "'%s': resolving gave %s",
	              cases[i].path, strerror(err.sys_errno));
	if (r == 0)
		ck_assert_msg(strcmp(real, cases[i].real) == 0, "'%s' is %s",
		              cases[i].path, real);
	ck_assert_int_eq(root_is_file(&root, cases[i].path), cases[i].content != NULL);
	ck_assert_int_eq(root_is_directory(&root, cases[i].path),
	                 cases[i].real && !cases[i].content);
	r = root_read(&root, cases[i].path, 100, &content, &err);
	ck_assert_int_eq(r == 0, cases[i].content != NULL);
	if (r == 0)
		ck_assert_str_eq(content.at, cases[i].content);
	root_deinit(&root);
}

START_TEST(resolves_by_kernel)
{
	check_path(_i, true);
}
END_TEST

START_TEST(resolves_by_walking)
{
	check_path(_i, false);
}
END_TEST

START_TEST(reads_links)
{
	for (int in_kernel = 0; in_kernel < 2; in_kernel++) {
		struct root root = open_root(in_kernel);
		char *target = NULL;
		ck_assert_int_eq(root_readlink(&root, "absolute", &target, NULL), 1);
		ck_assert_str_eq(target, "/usr/bin/tool");
		free(target);
		ck_assert_int_eq(root_readlink(&root, "/to-root/bin", &target, NULL), 1);
		ck_assert_str_eq(target, "usr/bin");
		free(target);
		ck_assert_int_eq(root_readlink(&root, "etc/motd", &target, NULL), 0);
		ck_assert_int_eq(root_readlink(&root, "usr", &target, NULL), 0);
		ck_assert_int_lt(root_readlink(&root, "missing", &target, NULL), 0);
		root_deinit(&root);
	}
}
END_TEST

START_TEST(refuses_what_never_ends)
{
	char *fifo = NULL;
	ck_assert_int_gt(asprintf(&fifo, "%s/fifo", top), 0);
	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	int watch = inotify_init1(IN_NONBLOCK);
	ck_assert_int_ge(inotify_add_watch(watch, fifo, IN_OPEN), 0);
	free(fifo);
	for (int in_kernel = 0; in_kernel < 2; in_kernel++) {
		struct root root = open_root(in_kernel);
		struct usdtinfo_error err = { 0 };
		struct usdtinfo_image *image;
		_cleanup_(strbuf_deinit) struct strbuf content = { 0 };
		ck_assert_int_lt(root_read(&root, "fifo", 100, &content, &err), 0);
		ck_assert_str_eq(err.text, "not a regular file");
		ck_assert_int_lt(image_open(&root, "fifo", 0, &image, &err), 0);
		/* Nor is it opened, as which a device might act on. */
		char event[4096];
		ck_assert_int_lt(read(watch, event, sizeof(event)), 0);
		ck_assert_int_lt(root_read(&root, "etc/motd", 5, &content, &err), 0);
		ck_assert_int_eq(err.sys_errno, EFBIG);
		root_deinit(&root);
	}
	close(watch);
}
END_TEST

/* @text @count times, and @end. */
static void repeat(char to[PATH_MAX], const char *text, size_t count, const char *end)
{
	size_t size = strlen(text);
	for (size_t i = 0; i < count; i++)
		memcpy(to + i * size, text, size);
	strcpy(to + count * size, end);
}

/* Links multiply a path, and each ".." its depth: five directories for each that leads nowhere. */
START_TEST(limits_the_work)
{
	static const char *const names[] = { "far0", "far1", "far2", "far3" };
	char path[PATH_MAX];
	struct root root = open_root(false);
	struct usdtinfo_error err = { 0 };
	tree_add(top, &(struct tree_entry){ names[0], .target = "etc/motd" });
	for (size_t i = 1; i < ARRAY_SIZE(names); i++) {
		repeat(path, "deep/er/../../", 270, names[i - 1]);
		tree_add(top, &(struct tree_entry){ names[i], .target = path });
	}
	/* The root and etc are the other two. */
	size_t left = (ROOT_ENTERED_MAX - 3 * 270 * 5 - 2) / 2;
	int fd = -1;
	repeat(path, "deep/../", left, names[3]);
	ck_assert_int_eq(root_open(&root, path, O_RDONLY, &fd, &err), 0);
	close(fd);
	repeat(path, "deep/../", left + 1, names[3]);
	ck_assert_int_lt(root_open(&root, path, O_RDONLY, &fd, &err), 0);
	ck_assert_int_eq(err.sys_errno, ELOOP);
	root_deinit(&root);
}
END_TEST

START_TEST(limits_the_length)
{
	char path[3 * PATH_MAX];
	for (int in_kernel = 0; in_kernel < 2; in_kernel++) {
		struct root root = open_root(in_kernel);
		struct usdtinfo_error err = { 0 };
		int fd = -1;
		memset(path, 'a', NAME_MAX + 1);
		path[NAME_MAX + 1] = '\0';
		ck_assert_int_lt(root_open(&root, path, O_PATH, &fd, &err), 0);
		ck_assert_int_eq(err.sys_errno, ENAMETOOLONG);
		memset(path, '/', sizeof(path) - 1);
		path[sizeof(path) - 1] = '\0';
		ck_assert_int_lt(root_open(&root, path, O_PATH, &fd, &err), 0);
		ck_assert_int_eq(err.sys_errno, ENAMETOOLONG);
		root_deinit(&root);
	}
}
END_TEST

/* The text of /proc/self/root is "/": only the opened directory says which root it is. */
START_TEST(keeps_the_directory_it_opened)
{
	char *moved = NULL, *name = NULL;
	struct root root = open_root(true);
	ck_assert_int_gt(asprintf(&moved, "%s-moved", top), 0);
	ck_assert_int_eq(rename(top, moved), 0);
	ck_assert(root_is_file(&root, "/etc/motd"));
	ck_assert_int_eq(root_realpath(&root, "absolute", &name, NULL), 0);
	ck_assert_str_eq(name, "/usr/bin/tool");
	ck_assert_int_eq(rename(moved, top), 0);
	free(moved);
	free(name);
	root_deinit(&root);

	ck_assert_int_eq(root_init(&root, "/proc/self/root", NULL), 0);
	ck_assert(root_is_directory(&root, "/proc"));
	root_deinit(&root);
}
END_TEST

START_TEST(knows_the_host)
{
	struct root root;
	char *real = NULL;
	ck_assert_int_eq(root_init(&root, NULL, NULL), 0);
	ck_assert(root_is_directory(&root, top));
	ck_assert_int_eq(root_realpath(&root, "/proc/..", &real, NULL), 0);
	ck_assert_str_eq(real, "/");
	free(real);
	root_deinit(&root);
	struct usdtinfo_error err = { 0 };
	ck_assert_int_lt(root_init(&root, "/proc/self/no-such-directory", &err), 0);
	ck_assert_int_eq(err.sys_errno, ENOENT);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("root");
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, resolves_by_kernel, 0, ARRAY_SIZE(cases));
	tcase_add_loop_test(tcase, resolves_by_walking, 0, ARRAY_SIZE(cases));
	tcase_add_test(tcase, reads_links);
	tcase_add_test(tcase, refuses_what_never_ends);
	tcase_add_test(tcase, limits_the_length);
	tcase_add_test(tcase, limits_the_work);
	tcase_add_test(tcase, keeps_the_directory_it_opened);
	tcase_add_test(tcase, knows_the_host);
	return unit_run("root", tcase);
}
