/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Files damaged in every way that is short to say: cut at each length, each byte of headers,
 * notes and tables changed, each size and offset set to what is worst. Each is listed
 * in-process, as JSON, under limits of memory and time. Usage: damage STEP FILE...: every
 * STEPth damage only.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "elf/object/glance.h"
#include "elf/object/image.h"
#include "elf/symbol/dynamic.h"
#include "faults/faults.h"
#include "faults/report_shape.h"
#include "output/list/writer.h"
#include "probe/survey.h"
#include "usdtinfo.h"

#define MEMORY_MAX  ((size_t)64 << 20) /* above the file's size */
#define SECONDS_MAX 1.0

static struct stream stream;
static int out_fd;
static uint64_t runs, bad, plain, step;
static size_t memory_most;
static double seconds_most;

/* What of the file a change is about, for the message. */
struct damage {
	const char *path, *what;
	uint64_t offset, value;
};

static void complain(const struct damage *damage, const char *reason)
{
	if (bad++ < 20)
		printf("# %s: %s at 0x%" PRIx64 " (0x%" PRIx64 "): %s\n", damage->path,
		       damage->what, damage->offset, damage->value, reason);
}

static void check_system(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(99);
}

/* Return: whether what was written since the last time is one JSON document */
static bool is_document(void)
{
	static char text[1 << 22];
	check_system(stream_flush(&stream) == 0, "write");
	off_t size = lseek(out_fd, 0, SEEK_CUR);
	if (size <= 0 || size >= (off_t)sizeof(text))
		return false;
	check_system(pread(out_fd, text, (size_t)size, 0) == size, "pread");
	check_system(lseek(out_fd, 0, SEEK_SET) == 0, "lseek");
	text[size] = '\0';
	return shape_half(SHAPE_JSON, text, (size_t)size) == NULL &&
	       strstr(text, "\n  \"summary\": ");
}

static int write_probes(struct writer *writer, struct usdtinfo_image *image)
{
	struct usdtinfo_walk *walk = NULL;
	struct usdtinfo_sites *sites = NULL;
	const struct usdtinfo_probe *probe;
	struct usdtinfo_error err;
	int r = usdtinfo_walk_open(image, writer->details, &walk, &err);
	if (r == 0)
		r = usdtinfo_sites_open(image, &sites, &err);
	if (r == 0)
		usdtinfo_walk_describe(walk, sites);
	while (r >= 0 && (r = usdtinfo_walk_next(walk, &probe, &err)) > 0)
		r = writer->ops->probe(writer, &image->facts, probe);
	usdtinfo_walk_close(walk);
	usdtinfo_sites_close(sites);
	return r;
}

static int write_image(struct usdtinfo_image *image)
{
	const struct output_options options = { .details = USDTINFO_DETAIL_FUNCTION };
	const struct summary summary = { 0 };
	struct usdtinfo_error err;
	struct writer *writer = writer_open(writer_find("json"), &stream, &options, &err);
	check_system(writer, "writer_open");
	image_survey(image);
	writer->image = image;
	int r = writer->ops->file_begin(writer, &image->facts);
	if (r == 0)
		r = write_probes(writer, image);
	if (r == 0)
		r = writer->ops->file_end(writer, &image->facts);
	writer->ops->end(writer, &summary);
	writer_close(writer);
	return r;
}

/* What a listing of the libraries that it needs, or of a Python, asks for. */
static void read_dynamic(struct usdtinfo_image *image)
{
	struct dynamic dynamic;
	struct dynamic_symbol symbol;
	dynamic_load(image, &dynamic, NULL);
	dynamic_find_symbol(image, &dynamic, "Py_Version", &symbol);
	dynamic_deinit(&dynamic);
}

/* A glance may say less than the survey, never something else. */
static bool is_rightly_plain(struct usdtinfo_image *image, const unsigned char *bytes,
                             size_t size)
{
	const struct glance_source source = { .memory = bytes, .size = size };
	if (!glance_is_plain(&source))
		return true;
	plain++;
	return image && image->facts.state == USDTINFO_STATE_NO_PROBES &&
	       image->facts.diagnostics.count == 0;
}

static double now(void)
{
	struct timespec at;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static struct fault_counts counts;

static void examine(const struct damage *damage, const unsigned char *bytes, size_t size)
{
	struct usdtinfo_image *image = NULL;
	struct usdtinfo_error err = { 0 };
	/* A block of its own, so that a sanitizer sees a step beyond the end. */
	unsigned char *copy = malloc(size + 1);
	check_system(copy, "malloc");
	memcpy(copy + 1, bytes, size);
	counts = (struct fault_counts){ .trace_fd = -1 };
	fault_arm(FAULT_NONE, 0, &counts);
	double start = now();
	/* No directory has its debug info. */
	int r = usdtinfo_image_open_memory(copy + 1, size, "/dev/null/x", &image, &err);
	if (r < 0 && (err.code != r || !err.text[0]))
		complain(damage, "it is refused without a reason");
	if (r == 0 && write_image(image) != 0)
		complain(damage, "the listing breaks off");
	if (r == 0)
		read_dynamic(image);
	size_t used = (size_t)counts.bytes_most;
	fault_disarm();
	double seconds = now() - start;
	if (r == 0 && !is_document())
		complain(damage, "the JSON is not whole");
	if (used > size + MEMORY_MAX)
		complain(damage, "it takes too much memory");
	if (seconds > SECONDS_MAX)
		complain(damage, "it takes too long");
	if (!is_rightly_plain(image, copy + 1, size))
		complain(damage, "a glance takes it for a file without probes");
	usdtinfo_image_close(image);
	free(copy);
	runs++;
	memory_most = used > memory_most ? used : memory_most;
	seconds_most = seconds > seconds_most ? seconds : seconds_most;
}

static bool is_turn(void)
{
	static uint64_t turn;
	return turn++ % step == 0;
}

static void cut(struct damage damage, const unsigned char *bytes, size_t size)
{
	damage.what = "cut";
	for (size_t i = 0; i < size; i++) {
		damage.offset = i;
		if (is_turn())
			examine(&damage, bytes, i);
	}
}

static void change_bytes(struct damage damage, unsigned char *bytes, size_t size,
                         size_t start, size_t end)
{
	damage.what = "byte";
	for (size_t i = start; i < end && i < size; i++) {
		unsigned char was = bytes[i];
		for (unsigned n = 0; n < 10; n++) {
			bytes[i] = n == 8   ? 0
			           : n == 9 ? 0xff
			                    : (unsigned char)(was ^ 1u << n);
			damage.offset = i;
			damage.value = bytes[i];
			if (is_turn())
				examine(&damage, bytes, size);
		}
		bytes[i] = was;
	}
}

static void put(unsigned char *at, size_t size, bool big_endian, uint64_t value)
{
	for (size_t i = 0; i < size; i++)
		at[big_endian ? size - 1 - i : i] = (unsigned char)(value >> 8 * i);
}

/* Whatever the fields are: each aligned unit of two, four and eight bytes as one. */
static void change_fields(struct damage damage, unsigned char *bytes, size_t size,
                          size_t start, size_t end, bool big_endian)
{
	const uint64_t values[] = { 0,    1,        UINT64_MAX, UINT64_MAX >> 1,
		                    size, size - 1, size + 1 };
	damage.what = "field";
	for (size_t width = 2; width <= 8; width *= 2) {
		for (size_t i = start; i + width <= end && i + width <= size;
		     i += width) {
			unsigned char was[8];
			memcpy(was, bytes + i, width);
			for (size_t n = 0; n < sizeof(values) / sizeof(*values); n++) {
				put(bytes + i, width, big_endian, values[n]);
				damage.offset = i;
				damage.value = values[n];
				if (is_turn())
					examine(&damage, bytes, size);
			}
			memcpy(bytes + i, was, width);
		}
	}
}

static void change(const struct damage *damage, unsigned char *bytes, size_t size,
                   uint64_t start, uint64_t length, bool big_endian)
{
	if (start >= size || length == 0)
		return;
	size_t end = length < size - start ? (size_t)(start + length) : size;
	change_bytes(*damage, bytes, size, (size_t)start, end);
	change_fields(*damage, bytes, size, (size_t)start, end, big_endian);
}

/* What of a file is changed, beside being cut. */
struct regions {
	struct region {
		uint64_t offset, size;
	} items[32];
	size_t count;
};

static void region_add(struct regions *regions, uint64_t offset, uint64_t size)
{
	if (regions->count < sizeof(regions->items) / sizeof(*regions->items))
		regions->items[regions->count++] = (struct region){ offset, size };
}

/* Symbols, relocations, and the header of whatever is compressed. */
static void add_sections(struct regions *regions, struct usdtinfo_image *image)
{
	struct section section;
	for (size_t i = 1; image_section(image, i, &section); i++) {
		const GElf_Shdr *header = &section.header;
		if (header->sh_type == SHT_SYMTAB || header->sh_type == SHT_REL ||
		    header->sh_type == SHT_RELA)
			region_add(regions, header->sh_offset, header->sh_size);
		else if (header->sh_type != SHT_NOTE && header->sh_flags & SHF_COMPRESSED)
			region_add(regions, header->sh_offset, sizeof(Elf64_Chdr));
	}
}

/* What the dynamic linker reads: beginnings of tables, where these do not say their sizes. */
static void add_dynamic(struct regions *regions, struct usdtinfo_image *image)
{
	struct dynamic dynamic;
	GElf_Phdr header;
	for (int i = 0; i < image->header.e_phnum && gelf_getphdr(image->elf, i, &header);
	     i++)
		if (header.p_type == PT_DYNAMIC)
			region_add(regions, header.p_offset, header.p_filesz);
	dynamic_load(image, &dynamic, NULL);
	const uint64_t tables[] = { dynamic.symbols, dynamic.hash, dynamic.gnu_hash };
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		const struct segment *segment = segments_find(&image->segments,
		                                              tables[i]);
		uint64_t offset;
		if (tables[i] && segment && segment_offset(segment, tables[i], &offset))
			region_add(regions, offset, 128);
	}
	dynamic_deinit(&dynamic);
}

static void damage_all(const char *path, unsigned char *bytes, size_t size)
{
	struct damage damage = { .path = path, .what = "whole" };
	struct regions regions = { 0 };
	struct usdtinfo_image *image;
	struct usdtinfo_error err;
	cut(damage, bytes, size);
	if (usdtinfo_image_open_memory(bytes, size, path, &image, &err) < 0) {
		complain(&damage, "it cannot be read as it is");
		return;
	}
	const GElf_Ehdr *header = &image->header;
	bool big = image->big_endian;
	region_add(&regions, 0, header->e_ehsize);
	region_add(&regions, header->e_phoff,
	           (uint64_t)header->e_phnum * header->e_phentsize);
	region_add(&regions, header->e_shoff,
	           (uint64_t)header->e_shnum * header->e_shentsize);
	for (size_t i = 0; i < image->area_count; i++)
		region_add(&regions, image->areas[i].offset, image->areas[i].size);
	add_sections(&regions, image);
	add_dynamic(&regions, image);
	usdtinfo_image_close(image);
	for (size_t i = 0; i < regions.count; i++)
		change(&damage, bytes, size, regions.items[i].offset,
		       regions.items[i].size, big);
}

static void damage_file(const char *path, unsigned number)
{
	FILE *file = fopen(path, "re");
	check_system(file, path);
	static unsigned char bytes[1 << 16];
	size_t size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	uint64_t bad_before = bad, runs_before = runs;
	damage_all(path, bytes, size);
	printf("%sok %u - %s (%" PRIu64 " damages)\n", bad == bad_before ? "" : "not ",
	       number, path, runs - runs_before);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	step = argc > 2 ? strtoull(argv[1], NULL, 10) : 0;
	if (step == 0) {
		fprintf(stderr, "usage: %s STEP FILE...\n", argv[0]);
		return 2;
	}
	out_fd = memfd_create("out", MFD_CLOEXEC);
	check_system(out_fd >= 0, "memfd_create");
	stream_init(&stream, out_fd);
	for (int i = 2; i < argc; i++)
		damage_file(argv[i], (unsigned)i - 1);
	printf("1..%d\n# %" PRIu64 " damages, %" PRIu64
	       " plain; most memory %zu KiB; most time %.4f s\n",
	       argc - 2, runs, plain, memory_most >> 10, seconds_most);
	return bad != 0;
}
