/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The least that a scan of a tree can do, as a yardstick: every file opened relative to its
 * directory and its first bytes read, of ELF64 files, and of those in archives, the section
 * headers, their names and the notes. Nothing is understood, checked, sorted or printed.
 *
 *     bare THREADS DIRECTORY [no-archives]
 */
#include <ar.h>
#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_SECTIONS 4096

struct place {
	struct place *next;
	char path[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct place *waiting;
static unsigned busy;
static uint64_t files, objects, note_bytes;
static bool no_archives;

static void push(const char *directory, const char *name)
{
	size_t size = strlen(directory) + strlen(name) + 2;
	struct place *place = malloc(sizeof(*place) + size);
	if (!place)
		abort();
	snprintf(place->path, size, "%s%s%s", directory, *name ? "/" : "", name);
	pthread_mutex_lock(&lock);
	place->next = waiting;
	waiting = place;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
}

/* Return: NULL when every directory was read */
static struct place *pop(bool was_busy)
{
	pthread_mutex_lock(&lock);
	busy -= was_busy;
	while (!waiting && busy)
		pthread_cond_wait(&changed, &lock);
	struct place *place = waiting;
	if (place) {
		waiting = place->next;
		busy++;
	} else {
		pthread_cond_broadcast(&changed);
	}
	pthread_mutex_unlock(&lock);
	return place;
}

/* Of an object at @start of the file. Return: the bytes of notes that were read */
static uint64_t read_notes(int fd, off_t start, const Elf64_Ehdr *header)
{
	static _Thread_local Elf64_Shdr sections[MOST_SECTIONS];
	uint64_t total = 0;
	if (header->e_shnum == 0 || header->e_shnum > MOST_SECTIONS ||
	    header->e_shstrndx >= header->e_shnum)
		return 0;
	size_t size = header->e_shnum * sizeof(*sections);
	if (pread(fd, sections, size, start + (off_t)header->e_shoff) != (ssize_t)size)
		return 0;
	for (unsigned i = 0; i < header->e_shnum; i++) {
		const Elf64_Shdr *section = &sections[i];
		if (section->sh_type != SHT_NOTE && i != header->e_shstrndx)
			continue;
		size_t room = (size_t)section->sh_size;
		char *bytes = malloc(room + 1);
		ssize_t got = bytes ? pread(fd, bytes, room,
		                            start + (off_t)section->sh_offset)
		                    : -1;
		total += got > 0 && section->sh_type == SHT_NOTE ? (uint64_t)got : 0;
		free(bytes);
	}
	return total;
}

static bool is_object(const void *bytes, ssize_t size)
{
	return size == sizeof(Elf64_Ehdr) && memcmp(bytes, ELFMAG, SELFMAG) == 0;
}

static void read_object(int fd, off_t start, const Elf64_Ehdr *header)
{
	uint64_t notes = 0;
	if (header->e_ident[EI_CLASS] == ELFCLASS64)
		notes = read_notes(fd, start, header);
	__atomic_fetch_add(&objects, 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&note_bytes, notes, __ATOMIC_RELAXED);
}

/* Each member's header and start come with one read. */
static void read_members(int fd)
{
	struct {
		struct ar_hdr header;
		unsigned char start[sizeof(Elf64_Ehdr)];
	} member;
	off_t at = SARMAG;
	ssize_t got;
	while ((got = pread(fd, &member, sizeof(member), at)) >
	       (ssize_t)sizeof(member.header)) {
		Elf64_Ehdr header;
		off_t size = strtol(member.header.ar_size, NULL, 10);
		at += (off_t)sizeof(member.header);
		memcpy(&header, member.start, sizeof(header));
		if (is_object(&header, got - (ssize_t)sizeof(member.header)))
			read_object(fd, at, &header);
		at += size + (size & 1);
	}
}

static void look_at(int directory, const char *name)
{
	Elf64_Ehdr header;
	int fd = openat(directory, name,
	                O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return;
	ssize_t got = pread(fd, &header, sizeof(header), 0);
	if (is_object(&header, got))
		read_object(fd, 0, &header);
	else if (got == sizeof(header) && memcmp(&header, ARMAG, SARMAG) == 0 &&
	         !no_archives)
		read_members(fd);
	close(fd);
	__atomic_fetch_add(&files, 1, __ATOMIC_RELAXED);
}

static void read_directory(const char *path)
{
	DIR *directory = opendir(path);
	const struct dirent *found;
	while (directory && (found = readdir(directory))) {
		const char *name = found->d_name;
		if (found->d_type == DT_REG)
			look_at(dirfd(directory), name);
		else if (found->d_type == DT_DIR && strcmp(name, ".") != 0 &&
		         strcmp(name, "..") != 0)
			push(path, name);
	}
	if (directory)
		closedir(directory);
}

static void *work(void *data)
{
	struct place *place = pop(false);
	(void)data;
	while (place) {
		read_directory(place->path);
		free(place);
		place = pop(true);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[64];
	int count = argc == 3 || argc == 4 ? atoi(argv[1]) : 0;
	no_archives = argc == 4;
	if (count < 1 || count > 64)
		return 2;
	push(argv[2], "");
	for (int i = 1; i < count; i++)
		if (pthread_create(&threads[i], NULL, work, NULL))
			return 2;
	work(NULL);
	for (int i = 1; i < count; i++)
		pthread_join(threads[i], NULL);
	printf("%llu files, %llu objects, %llu bytes of notes\n",
	       (unsigned long long)files, (unsigned long long)objects,
	       (unsigned long long)note_bytes);
	return 0;
}
