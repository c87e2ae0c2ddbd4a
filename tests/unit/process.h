/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* A process 1234 of a /proc made by hand, which has one of the fixtures loaded. */
#pragma once

#include <inttypes.h>
#include <sys/sysmacros.h>

#include "elf/object/image.h"
#include "tree.h"
#include "unit.h"
#include "usdtinfo.h"

#define BIAS 0x10000000u
#define PAGE ((uint64_t)sysconf(_SC_PAGESIZE))
#define STATUS                                                                           \
	"Name:\tmade\nState:\tS (sleeping)\nTgid:\t1234\nPid:\t1234\nVmSize:\t1 kB\n"

static const char *fixtures; /* set by main() */

static inline void add(const char *proc, const char *path, const char *content)
{
	tree_add(proc, &(struct tree_entry){ path, .content = content });
}

static inline void copy_file(const char *from, const char *to)
{
	FILE *file = fopen(from, "r");
	char *bytes = malloc(1 << 20);
	ck_assert_msg(file != NULL, "cannot read %s", from);
	tree_write(to, bytes, fread(bytes, 1, 1 << 20, file));
	fclose(file);
	free(bytes);
}

/* A process that has one of the fixtures loaded, and its memory as a file. */
static inline void load_fixture(const char *proc, const char *fixture, const char *path)
{
	char from[PATH_MAX], file[PATH_MAX], memory[PATH_MAX];
	char maps[4096] = "", *at = maps;
	struct usdtinfo_image *image;
	struct stat st;
	snprintf(from, sizeof(from), "%s/%s", fixtures, fixture);
	snprintf(file, sizeof(file), "%s/1234/root/%s", proc, path);
	snprintf(memory, sizeof(memory), "%s/1234/mem", proc);
	copy_file(from, file);
	ck_assert_int_eq(stat(file, &st), 0);
	ck_assert_int_eq(usdtinfo_image_open(file, &image, NULL), 0);
	FILE *mem = fopen(memory, "w");
	ck_assert_ptr_nonnull(mem);
	for (size_t i = 0; i < image->segments.count; i++) {
		const struct segment *segment = &image->segments.items[i];
		uint64_t start = segment->address & ~(PAGE - 1);
		uint64_t end = (segment->address + segment->memory_size + PAGE - 1) &
		               ~(PAGE - 1);
		at += sprintf(at,
		              "%" PRIx64 "-%" PRIx64 " %c%c%cp %08" PRIx64
		              " %02x:%02x %" PRIu64 " /%s\n",
		              start + BIAS, end + BIAS, segment->flags & PF_R ? 'r' : '-',
		              segment->flags & PF_W ? 'w' : '-',
		              segment->flags & PF_X ? 'x' : '-',
		              segment->offset & ~(PAGE - 1), major(st.st_dev),
		              minor(st.st_dev), (uint64_t)st.st_ino, path);
		size_t size = (size_t)segment->file_size;
		char *bytes = malloc(size + 1);
		ck_assert_int_eq(image_read(image, segment->offset, bytes, size, NULL),
		                 0);
		fseeko(mem, (off_t)(segment->address + BIAS), SEEK_SET);
		fwrite(bytes, 1, size, mem);
		free(bytes);
	}
	/* So that the last page can be read whole. */
	fseeko(mem, 2 * (off_t)PAGE, SEEK_END);
	fputc(0, mem);
	fclose(mem);
	usdtinfo_image_close(image);
	add(proc, "1234/maps", maps);
}

static inline char *make_process(void)
{
	char *proc = tree_make(NULL, 0);
	add(proc, "1234/status", STATUS);
	add(proc, "1234/comm", "made\n");
	return proc;
}

static inline void poke(const char *proc, uint64_t address, const void *bytes,
                        size_t size)
{
	char memory[PATH_MAX];
	snprintf(memory, sizeof(memory), "%s/1234/mem", proc);
	FILE *mem = fopen(memory, "r+");
	ck_assert_ptr_nonnull(mem);
	fseek(mem, (long)address, SEEK_SET);
	fwrite(bytes, 1, size, mem);
	fclose(mem);
}

/* The first probe of the only object, which must have a semaphore. */
struct seen {
	enum usdtinfo_probe_state state;
	const char *reason;
	uint64_t location, semaphore, value;
};

static inline struct seen look(const char *proc)
{
	struct usdtinfo_process *process;
	struct usdtinfo_walk *walk;
	const struct usdtinfo_probe *probe;
	struct usdtinfo_error err = { 0 };
	struct seen seen = { 0 };
	ck_assert_msg(usdtinfo_process_open(proc, 1234, &process, &err) == 0, "%s",
	              err.text);
	ck_assert_str_eq(usdtinfo_process_command(process), "made");
	ck_assert_uint_eq(usdtinfo_process_object_count(process), 1);
	uint64_t bias = 0, location = 0;
	ck_assert_ptr_nonnull(usdtinfo_process_object_image(process, 0, &bias, &err));
	ck_assert_uint_eq(bias, BIAS);
	ck_assert_int_eq(usdtinfo_process_walk_open(process, 0, 0, &walk, &err), 0);
	ck_assert_int_eq(usdtinfo_walk_next(walk, &probe, &err), 1);
	seen.state = usdtinfo_probe_state(probe, &seen.reason);
	ck_assert(usdtinfo_probe_location(probe, &location));
	ck_assert(usdtinfo_probe_runtime_location(probe, &seen.location));
	ck_assert(usdtinfo_probe_runtime_semaphore(probe, &seen.semaphore));
	if (!usdtinfo_probe_semaphore_value(probe, &seen.value))
		seen.value = UINT64_MAX;
	ck_assert_uint_eq(seen.location, location + BIAS);
	usdtinfo_walk_close(walk);
	usdtinfo_process_close(process);
	return seen;
}
