/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Tells through usdtinfo.h alone what it can of each file, one line a fact:
 *
 *     facts path|descriptor|memory|pipe DETAILS FILE...
 *
 * DETAILS is enum usdtinfo_detail, ored. Several threads share the files between them.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <usdtinfo.h>

#define THREADS 4
#define DESCRIBED                                                                        \
	(USDTINFO_DETAIL_FUNCTION | USDTINFO_DETAIL_SOURCE | USDTINFO_DETAIL_NAMES)

static const char *mode;
static unsigned details;
static char **files;
static int file_count;
static char **told;

static void put_text(FILE *out, const char *text)
{
	fputc('\t', out);
	if (!text)
		fputc('-', out);
	for (; text && *text; text++) {
		unsigned char byte = (unsigned char)*text;
		fprintf(out, byte > ' ' && byte < 0x7f && byte != '%' ? "%c" : "%%%02X",
		        byte);
	}
}

static void put_hex(FILE *out, bool known, uint64_t value)
{
	if (known)
		fprintf(out, "\t0x%" PRIx64, value);
	else
		fputs("\t-", out);
}

static void put_operand(FILE *out, const struct usdtinfo_argument *argument)
{
	uint64_t address = 0;
	const uint64_t *candidates = NULL;
	put_text(out, usdtinfo_operand_kind_name(usdtinfo_operand_kind(argument)));
	put_text(out, usdtinfo_operand_register(argument));
	fprintf(out, "\t%u\t%d", usdtinfo_operand_register_shift(argument),
	        usdtinfo_operand_is_register_pair(argument));
	put_text(out, usdtinfo_operand_value(argument));
	put_text(out, usdtinfo_operand_base(argument));
	put_text(out, usdtinfo_operand_index(argument));
	fprintf(out, "\t%u", usdtinfo_operand_scale(argument));
	put_text(out, usdtinfo_extend_name(usdtinfo_operand_index_extend(argument)));
	fprintf(out, "\t%d\t%" PRId64, usdtinfo_operand_is_index_subtracted(argument),
	        usdtinfo_operand_displacement(argument));
	put_text(out, usdtinfo_operand_symbol(argument));
	put_text(out, usdtinfo_operand_relocation(argument));
	put_text(out, usdtinfo_operand_segment(argument));
	fprintf(out, "\t%d", usdtinfo_operand_is_pc_relative(argument));
	bool known = usdtinfo_operand_address(argument, &address);
	put_hex(out, known, address);
	size_t count = usdtinfo_operand_candidates(argument, &candidates);
	for (size_t i = 0; i < count; i++)
		put_hex(out, true, candidates[i]);
}

static void put_candidate(FILE *out, const struct usdtinfo_argument *argument, size_t i)
{
	put_text(out, usdtinfo_argument_candidate(argument, i));
	put_text(out, usdtinfo_argument_candidate_c_type(argument, i));
}

static void put_argument(FILE *out, const struct usdtinfo_argument *argument)
{
	const char *source = NULL;
	fputs("argument", out);
	put_text(out, usdtinfo_argument_raw(argument));
	fprintf(out, "\t%" PRIu32 "\t%d\t%d\t%d\t%d", usdtinfo_argument_size(argument),
	        usdtinfo_argument_is_size_declared(argument),
	        usdtinfo_argument_is_signed(argument),
	        usdtinfo_argument_is_float(argument),
	        usdtinfo_argument_is_resolvable(argument));
	put_text(out, usdtinfo_argument_type(argument));
	put_operand(out, argument);
	fputs("\nname", out);
	put_text(out, usdtinfo_argument_name(argument, &source));
	put_text(out, usdtinfo_argument_c_type(argument));
	put_text(out, source);
	for (size_t i = 0; i < usdtinfo_argument_candidate_count(argument); i++)
		put_candidate(out, argument, i);
	fputc('\n', out);
}

static void put_place(FILE *out, const struct usdtinfo_probe *probe)
{
	uint64_t offset = 0, index = 0, area_size = 0;
	const unsigned char *bytes = NULL;
	size_t size = 0;
	const char *section = usdtinfo_probe_section(probe, &offset);
	put_text(out, section);
	put_hex(out, section, offset);
	section = usdtinfo_probe_note_section(probe, &index);
	put_text(out, section);
	bool is_in_segment = usdtinfo_probe_note_segment(probe, &index);
	fprintf(out, "\t%s\t%" PRIu64 "\t0x%" PRIx64 "\t%" PRIu64,
	        is_in_segment ? "segment" : "section", index,
	        usdtinfo_probe_note_offset(probe), usdtinfo_probe_note_size(probe));
	offset = usdtinfo_probe_note_area(probe, &area_size);
	bool is_inside = offset <= usdtinfo_probe_note_offset(probe) &&
	                 area_size >= usdtinfo_probe_note_size(probe);
	if (is_in_segment)
		fprintf(out, "\t0x%" PRIx64 "\t%" PRIu64, offset, area_size);
	else
		fprintf(out, "\t%s", is_inside ? "inside" : "outside");
	put_text(out, usdtinfo_site_name(usdtinfo_probe_site(probe, &bytes, &size)));
	fputc('\t', out);
	for (size_t i = 0; i < size; i++)
		fprintf(out, "%02x", bytes[i]);
	put_text(out, usdtinfo_probe_semaphore_symbol(probe));
}

static void put_source(FILE *out, const struct usdtinfo_probe *probe)
{
	uint64_t offset = 0;
	const char *function = usdtinfo_probe_function(probe, &offset);
	fputs("function", out);
	put_text(out, function);
	put_hex(out, function, offset);
	fputc('\n', out);
	for (size_t i = 0; i < usdtinfo_probe_source_count(probe); i++) {
		uint64_t line = 0;
		fputs("source", out);
		put_text(out, usdtinfo_probe_source(probe, i, &line, &function));
		fprintf(out, "\t%" PRIu64, line);
		put_text(out, function);
		fputc('\n', out);
	}
}

static void put_getter(FILE *out, const struct usdtinfo_probe *probe,
                       bool (*get)(const struct usdtinfo_probe *, uint64_t *))
{
	uint64_t value = 0;
	bool known = get(probe, &value);
	put_hex(out, known, value);
}

static void put_probe(FILE *out, const struct usdtinfo_probe *probe)
{
	int64_t delta = usdtinfo_probe_base_delta(probe);
	fputs("probe", out);
	put_text(out, usdtinfo_probe_provider(probe));
	put_text(out, usdtinfo_probe_name(probe));
	put_text(out, usdtinfo_probe_arguments_text(probe));
	put_getter(out, probe, usdtinfo_probe_location);
	put_hex(out, true, usdtinfo_probe_location_raw(probe));
	put_hex(out, true, usdtinfo_probe_base_raw(probe));
	fprintf(out, "\t%s0x%" PRIx64, delta < 0 ? "-" : "",
	        delta < 0 ? -(uint64_t)delta : (uint64_t)delta);
	put_getter(out, probe, usdtinfo_probe_semaphore);
	put_hex(out, true, usdtinfo_probe_semaphore_raw(probe));
	put_getter(out, probe, usdtinfo_probe_file_offset);
	put_getter(out, probe, usdtinfo_probe_semaphore_offset);
	put_place(out, probe);
	fputc('\n', out);
	put_source(out, probe);
	for (size_t i = 0; i < usdtinfo_probe_argument_count(probe); i++)
		put_argument(out, usdtinfo_probe_argument(probe, i));
}

static void put_probes(FILE *out, struct usdtinfo_image *image)
{
	struct usdtinfo_walk *walk = NULL;
	struct usdtinfo_sites *sites = NULL;
	const struct usdtinfo_probe *probe;
	struct usdtinfo_error err;
	uint64_t count = 0;
	int r = usdtinfo_walk_open(image, details, &walk, &err);
	if (r == 0 && (details & DESCRIBED))
		r = usdtinfo_sites_open(image, &sites, &err);
	if (sites)
		usdtinfo_walk_describe(walk, sites);
	while (r >= 0 && (r = usdtinfo_walk_next(walk, &probe, &err)) > 0) {
		put_probe(out, probe);
		count++;
	}
	if (r < 0)
		fprintf(out, "failed\t%s\n", err.text);
	if (count != usdtinfo_image_probe_count(image))
		fprintf(out, "counted\t%" PRIu64 "\n", usdtinfo_image_probe_count(image));
	usdtinfo_walk_close(walk);
	usdtinfo_sites_close(sites);
}

static void put_image(FILE *out, struct usdtinfo_image *image)
{
	put_text(out, usdtinfo_image_path(image));
	put_text(out, usdtinfo_state_name(usdtinfo_image_state(image)));
	put_text(out, usdtinfo_image_build_id(image));
	fprintf(out, "\t%u\t%s", usdtinfo_image_class(image),
	        usdtinfo_image_is_big_endian(image) ? "big" : "little");
	put_text(out, usdtinfo_image_machine_name(image));
	fprintf(out, "\t%u", usdtinfo_image_machine(image));
	put_text(out, usdtinfo_type_name(usdtinfo_image_type(image)));
	put_text(out, usdtinfo_base_state_name(usdtinfo_image_base_state(image)));
	fputc('\n', out);
	put_probes(out, image);
	for (size_t i = 0; i < usdtinfo_image_diagnostic_count(image); i++) {
		const char *code, *message;
		enum usdtinfo_severity severity = usdtinfo_image_diagnostic(
			image, i, &code, &message);
		fputs("diagnostic", out);
		put_text(out, usdtinfo_severity_name(severity));
		put_text(out, code);
		put_text(out, message);
		fputc('\n', out);
	}
}

/* The whole file, for the caller to release; an empty one, too, has an address. */
static void *slurp(int fd, size_t *size_ret)
{
	struct stat stat;
	if (fstat(fd, &stat) < 0)
		return NULL;
	char *data = malloc((size_t)stat.st_size + 1);
	ssize_t got = data ? pread(fd, data, (size_t)stat.st_size, 0) : 0;
	*size_ret = (size_t)got;
	return data;
}

/* Feeds a pipe through cat, so that nothing here has to be read while it is written. */
static int open_any(const char *path, int fd, void *data, size_t size,
                    struct usdtinfo_image **image_ret, struct usdtinfo_error *err)
{
	if (strcmp(mode, "path") == 0)
		return usdtinfo_image_open(path, image_ret, err);
	if (strcmp(mode, "descriptor") == 0)
		return usdtinfo_image_open_fd(fd, path, image_ret, err);
	if (strcmp(mode, "memory") == 0)
		return usdtinfo_image_open_memory(data, size, path, image_ret, err);
	char command[4096];
	snprintf(command, sizeof(command), "cat '%s'", path);
	FILE *pipe = popen(command, "re");
	int r = usdtinfo_image_open_fd(fileno(pipe), path, image_ret, err);
	pclose(pipe);
	return r;
}

static void tell_file(FILE *out, const char *path)
{
	struct usdtinfo_image *image = NULL;
	struct usdtinfo_error err;
	size_t size = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *data = slurp(fd, &size);
	fputs("file", out);
	int r = open_any(path, fd, data, size, &image, &err);
	if (r == 0)
		put_image(out, image);
	else
		fprintf(out, "\t%s\trefused\t%d\t%s\n", path, r, err.text);
	usdtinfo_image_close(image);
	free(data);
	close(fd);
}

static void *tell_share(void *first)
{
	for (int i = (int)(intptr_t)first; i < file_count; i += THREADS) {
		size_t size;
		FILE *out = open_memstream(&told[i], &size);
		tell_file(out, files[i]);
		fclose(out);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];
	if (argc < 4)
		return 2;
	mode = argv[1];
	details = (unsigned)strtoul(argv[2], NULL, 0);
	files = argv + 3;
	file_count = argc - 3;
	told = calloc((size_t)file_count, sizeof(*told));
	for (intptr_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, tell_share, (void *)i);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < file_count; i++) {
		fputs(told[i], stdout);
		free(told[i]);
	}
	free(told);
	return fflush(stdout) == 0 ? 0 : 1;
}
