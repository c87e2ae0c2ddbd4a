/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* No component is ever followed by the kernel: each link is read and taken from the root. */
#include "elf/root/root_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elf/root/root.h"

struct walk {
	struct root_place *place;
	int root;
	char rest[PATH_MAX]; /* what is still to be resolved */
	unsigned links, entered;
};

void root_place_deinit(struct root_place *place)
{
	int saved = errno;
	if (place->directory >= 0)
		close(place->directory);
	place->directory = -1;
	errno = saved;
}

/* Return: a descriptor, or -1 with errno */
static int enter(struct walk *walk, int directory, const char *name)
{
	if (++walk->entered > ROOT_ENTERED_MAX) {
		errno = ELOOP;
		return -1;
	}
	return openat(directory, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Return: 0 when the walk stands at @fd now, -1 with errno when @fd is none */
static int stand(struct root_place *place, int fd)
{
	if (fd < 0)
		return -1;
	root_place_deinit(place);
	place->directory = fd;
	return 0;
}

static int go_to_root(struct walk *walk)
{
	walk->place->real[0] = '\0';
	walk->place->real_size = 0;
	return stand(walk->place, enter(walk, walk->root, "."));
}

/*
 * Opening ".." could leave the root when somebody moves directories about meanwhile, so the
 * way down is gone again.
 */
static int go_up(struct walk *walk)
{
	struct root_place *place = walk->place;
	char *slash = memrchr(place->real, '/', place->real_size);
	char up[PATH_MAX];
	size_t size = slash ? (size_t)(slash - place->real) : 0;
	memcpy(up, place->real, size);
	up[size] = '\0';
	if (go_to_root(walk) < 0)
		return -1;
	for (char *at = up; *at == '/';) {
		char *name = at + 1;
		at = strchrnul(name, '/');
		char end = *at;
		*at = '\0';
		if (stand(place, enter(walk, place->directory, name)) < 0)
			return -1;
		*at = end;
	}
	memcpy(place->real, up, size + 1);
	place->real_size = size;
	return 0;
}

static int go_down(struct walk *walk, const char *name, size_t size)
{
	struct root_place *place = walk->place;
	if (place->real_size + size + 2 > sizeof(place->real)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (stand(place, enter(walk, place->directory, name)) < 0)
		return -1;
	place->real[place->real_size++] = '/';
	memcpy(place->real + place->real_size, name, size + 1);
	place->real_size += size;
	return 0;
}

/* Put the link's target before what is left of the path. */
static int follow_link(struct walk *walk, char *target, size_t size, const char *rest)
{
	size_t rest_size = strlen(rest);
	if (++walk->links > ROOT_LINKS_MAX) {
		errno = ELOOP;
		return -1;
	}
	if (size == 0) {
		errno = ENOENT;
		return -1;
	}
	if (size + rest_size + 1 > sizeof(walk->rest)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memmove(walk->rest + size, rest, rest_size + 1);
	memcpy(walk->rest, target, size);
	return *target == '/' ? go_to_root(walk) : 0;
}

/* Cut the next component off the rest. Return: its size, 0 at the end; -1 with errno */
static int next_component(struct walk *walk, char name[NAME_MAX + 1],
                          const char **rest_ret)
{
	const char *start = walk->rest + strspn(walk->rest, "/");
	size_t size = strcspn(start, "/");
	if (size > NAME_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(name, start, size);
	name[size] = '\0';
	*rest_ret = start + size;
	return (int)size;
}

static bool is_only_slashes(const char *rest)
{
	return rest[strspn(rest, "/")] == '\0';
}

static void keep(struct walk *walk, const char *rest)
{
	memmove(walk->rest, rest, strlen(rest) + 1);
}

/* Return: 1 to go on, 0 when the last component stands in the place, -1 with errno */
static int step(struct walk *walk, bool follow)
{
	struct root_place *place = walk->place;
	char name[NAME_MAX + 1], target[PATH_MAX];
	const char *rest;
	int size = next_component(walk, name, &rest);
	if (size < 0)
		return -1;
	if (size == 0) {
		strcpy(place->name, ".");
		return 0;
	}
	bool is_last = is_only_slashes(rest);
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
		keep(walk, rest);
		return name[1] && go_up(walk) < 0 ? -1 : 1;
	}
	ssize_t got = is_last && !follow && !*rest ? -1
	                                           : readlinkat(place->directory, name,
	                                                        target, sizeof(target));
	if (got == (ssize_t)sizeof(target)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (got >= 0)
		return follow_link(walk, target, (size_t)got, rest) < 0 ? -1 : 1;
	if (is_last) {
		memcpy(place->name, name, (size_t)size + 1);
		place->is_directory = *rest != '\0';
		return 0;
	}
	if (go_down(walk, name, (size_t)size) < 0)
		return -1;
	keep(walk, rest);
	return 1;
}

int root_walk(int root, const char *path, bool follow, struct root_place *ret)
{
	struct walk walk = { .place = ret, .root = root };
	*ret = (struct root_place){ .directory = -1 };
	size_t size = strlen(path);
	if (size == 0 || size >= sizeof(walk.rest)) {
		errno = size ? ENAMETOOLONG : ENOENT;
		return -1;
	}
	memcpy(walk.rest, path, size + 1);
	int r = go_to_root(&walk) < 0 ? -1 : 1;
	while (r > 0)
		r = step(&walk, follow);
	if (r < 0)
		root_place_deinit(ret);
	return r;
}
