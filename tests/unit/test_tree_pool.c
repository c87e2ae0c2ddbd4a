/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Directories that are closed and opened again, and the order in which a tree is cut up. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "find/tree/tree.h"
#include "find/tree/tree_agenda.h"
#include "tree.h"
#include "unit.h"

static const struct tree_entry entries[] = {
	{ "a/b/c/d/e/", NULL, NULL },
	{ "a/b/c/z", NULL, "" },
	{ "a/b/y", NULL, "" },
	{ "f", NULL, "" },
};

#define DEPTH 5

static char *root;
static struct pool pool;
static struct directory *line[DEPTH]; /* the top, a, a/b, a/b/c, a/b/c/d */

/* A top that is pinned once, and the directories below it, closed. */
static void set_up(size_t most)
{
	static const char *const names[] = { "a", "b", "c", "d" };
	root = tree_make(entries, ARRAY_SIZE(entries));
	pool_init(&pool, most);
	line[0] = directory_new(NULL, root);
	pool_add(&pool, line[0], open(root, O_RDONLY | O_DIRECTORY));
	for (size_t i = 1; i < DEPTH; i++) {
		line[i] = directory_new(directory_use(line[i - 1]), names[i - 1]);
		line[i]->is_wanted = true;
	}
}

static void tear_down(void)
{
	pool_deinit(&pool);
	for (size_t i = DEPTH; i-- > 0;)
		directory_release(line[i]);
	tree_remove(root);
}

static bool leads_to(const struct directory *directory, const char *name)
{
	return faccessat(directory->fd, name, F_OK, 0) == 0;
}

START_TEST(opens_again_from_above)
{
	set_up(16);
	ck_assert_int_ge(pool_pin(&pool, line[4]), 0);
	ck_assert(leads_to(line[4], "e"));
	/* What is wanted on the way stays open. */
	ck_assert_uint_eq(pool.count, 5);
	ck_assert(leads_to(line[2], "y"));
	pool_spare(&pool);
	ck_assert_int_eq(line[2]->fd, -1);
	ck_assert(line[4]->fd >= 0 && line[0]->fd >= 0);
	ck_assert_uint_eq(pool.count, 2);
	ck_assert_int_ge(pool_pin(&pool, line[3]), 0);
	ck_assert(leads_to(line[3], "z"));
	pool_unpin(&pool, line[3]);
	pool_unpin(&pool, line[4]);
	tear_down();
}
END_TEST

START_TEST(keeps_no_more_than_it_may)
{
	set_up(2);
	ck_assert_int_ge(pool_pin(&pool, line[4]), 0);
	/* The top is never closed, and what is pinned neither. */
	ck_assert_uint_le(pool.count, 3);
	ck_assert(leads_to(line[4], "e"));
	pool_unpin(&pool, line[4]);
	tear_down();
}
END_TEST

START_TEST(closes_what_nobody_wants)
{
	set_up(16);
	line[1]->is_wanted = line[4]->is_wanted = false;
	ck_assert_int_ge(pool_pin(&pool, line[4]), 0);
	ck_assert_int_eq(line[1]->fd, -1);
	ck_assert_int_ge(line[2]->fd, 0);
	ck_assert_int_ge(pool_pin(&pool, line[4]), 0);
	pool_unpin(&pool, line[4]);
	ck_assert_int_ge(line[4]->fd, 0);
	pool_unpin(&pool, line[4]);
	ck_assert_int_eq(line[4]->fd, -1);
	tear_down();
}
END_TEST

START_TEST(says_what_is_gone)
{
	char path[PATH_MAX];
	set_up(16);
	snprintf(path, sizeof(path), "%s/a/b/c", root);
	char *moved = NULL;
	ck_assert_int_gt(asprintf(&moved, "%s/a/b/moved", root), 0);
	ck_assert_int_eq(rename(path, moved), 0);
	ck_assert_int_eq(pool_pin(&pool, line[4]), -1);
	ck_assert_int_eq(errno, ENOENT);
	/* Nothing is led astray by a link in its place. */
	ck_assert_int_eq(symlink("moved", path), 0);
	ck_assert_int_eq(pool_pin(&pool, line[4]), -1);
	ck_assert(errno == ELOOP || errno == ENOTDIR);
	free(moved);
	tear_down();
}
END_TEST

/* Return: the next piece's first name, or the directory that it enters; "" at the end */
static const char *take(struct agenda *agenda, struct piece **piece)
{
	ck_assert_int_eq(agenda_take(agenda, piece), 0);
	if (!*piece)
		return "";
	ck_assert_int_ge(pool_pin(&agenda->pool, (*piece)->directory), 0);
	return (*piece)->enters ? (*piece)->enters
	                        : (*piece)->directory->names[(*piece)->first].at;
}

static void enter(struct agenda *agenda, struct piece *piece)
{
	static const struct tree_options options = { 0 };
	struct directory *directory = directory_new(piece->directory, piece->enters);
	int fd = open_directory_in(piece->directory->fd, piece->enters);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(directory_read(directory, fd, &options, NULL), 0);
	ck_assert_int_eq(agenda_enter(agenda, piece, directory, fd), 0);
}

static void finish(struct agenda *agenda, struct piece *piece)
{
	pool_unpin(&agenda->pool, piece->directory);
	piece->state = PIECE_READY;
}

/* Two directories are read at a time; what is in the first comes before the second. */
START_TEST(keeps_the_order)
{
	static const struct tree_entry two[] = {
		{ "a/1", NULL, "" },
		{ "a/c/2", NULL, "" },
		{ "b/3", NULL, "" },
		{ "b/d/4", NULL, "" },
	};
	static const struct tree_options options = { 0 };
	root = tree_make(two, ARRAY_SIZE(two));
	struct directory *top = directory_new(NULL, root);
	int fd = open(root, O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(directory_read(top, fd, &options, NULL), 0);
	struct agenda agenda;
	struct piece *a, *b, *c, *d, *end;
	ck_assert_int_eq(agenda_begin(&agenda, top, fd, 1), 0);
	ck_assert(agenda_is_stuck(&agenda));
	ck_assert_str_eq(take(&agenda, &a), "a");
	ck_assert_str_eq(take(&agenda, &b), "b");
	ck_assert(!agenda_has_rest(&agenda) && !agenda_is_stuck(&agenda));
	enter(&agenda, b);
	finish(&agenda, b);
	ck_assert(agenda_ready(&agenda) == NULL);
	enter(&agenda, a);
	ck_assert_str_eq(a->directory->names[a->first].at, "1");
	finish(&agenda, a);
	/* What is left of a comes before what is left of b, which was there before. */
	ck_assert_str_eq(take(&agenda, &c), "c");
	ck_assert_str_eq(take(&agenda, &d), "d");
	ck_assert_str_eq(take(&agenda, &end), "");
	finish(&agenda, d);
	finish(&agenda, c);
	struct piece *const wanted[] = { a, c, b, d };
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		ck_assert_ptr_eq(agenda_ready(&agenda), wanted[i]);
		agenda_drop(&agenda);
	}
	ck_assert(agenda.head == NULL && agenda.pieces == 0);
	agenda_end(&agenda);
	tree_remove(root);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("tree_pool");
	tcase_add_test(tcase, opens_again_from_above);
	tcase_add_test(tcase, keeps_no_more_than_it_may);
	tcase_add_test(tcase, closes_what_nobody_wants);
	tcase_add_test(tcase, says_what_is_gone);
	tcase_add_test(tcase, keeps_the_order);
	return unit_run("tree_pool", tcase);
}
