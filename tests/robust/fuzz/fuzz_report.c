/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Fuzz target: everything that is said of an ELF object: formats, paste lines, scripts, lint.
 * The bytes themselves choose one of them. None may hold a byte that steers a terminal, and
 * a saved listing must be read back to the last probe.
 */
#include "base/array.h"
#include "fuzz.h"
#include "output/list/columns.h"
#include "output/list/formats.h"
#include "output/saved/read_listing.h"
#include "output/tool/paste.h"
#include "output/tool/script.h"
#include "rules/lint/lint.h"

#define DETAILS                                                                          \
	(USDTINFO_DETAIL_PLACE | USDTINFO_DETAIL_SITE | USDTINFO_DETAIL_ARGUMENTS |      \
	 USDTINFO_DETAIL_NAMES)

/* Output longer than this is not looked at; a target of bytes that grow it is of no use. */
#define OUTPUT_MAX (1 << 20)

static struct stream stream;

static void require_harmless(struct text output)
{
	uint32_t point;
	for (size_t i = 0, length; i < output.size; i += length) {
		struct text rest = { output.at + i, output.size - i };
		length = utf8_length(rest, &point);
		require(length > 0);
		require(code_point_is_safe(point) || point == '\n' || point == '\t');
	}
}

static uint64_t write_object(struct writer *writer, struct usdtinfo_image *image)
{
	const struct object object = { .facts = &image->facts, .image = image };
	struct summary summary = { .files = 1 };
	struct probe_walk *walk;
	const struct usdtinfo_probe *probe;
	writer->image = image;
	if (writer->ops->file_begin)
		require(writer->ops->file_begin(writer, &image->facts) == 0);
	require(object_walk_open(&object, writer->details, &walk, NULL) == 0);
	while (object_walk_next(walk, &probe, NULL) > 0) {
		require(writer->ops->probe(writer, &image->facts, probe) == 0);
		summary.probes++;
	}
	object_walk_close(walk);
	if (writer->ops->file_end)
		require(writer->ops->file_end(writer, &image->facts) == 0);
	summary.files_with_probes = summary.probes > 0;
	summary.errors = image->facts.diagnostics.has_error;
	if (writer->ops->end)
		require(writer->ops->end(writer, &summary) == 0);
	return summary.probes;
}

/* What a listing that was read back holds. */
struct readback {
	struct text path;
	uint64_t probes, files;
};

static int count(void *context, const struct object *object)
{
	struct readback *readback = context;
	struct probe_walk *walk;
	const struct usdtinfo_probe *probe;
	require(object_walk_open(object, 0, &walk, NULL) == 0);
	while (object_walk_next(walk, &probe, NULL) > 0)
		readback->probes++;
	object_walk_close(walk);
	for (size_t i = 0; i < object->facts->diagnostics.count; i++) {
		struct text code = object->facts->diagnostics.items[i].code;
		require(strncmp(code.at, "listing-", strlen("listing-")) != 0);
	}
	readback->files++;
	return 0;
}

static void require_readable(int fd, uint64_t probes)
{
	struct usdtinfo_image *listing;
	struct readback readback = { 0 };
	require(lseek(fd, 0, SEEK_SET) == 0);
	require(image_open_fd(&root_host, "saved", fd, IMAGE_OPERAND, &listing, NULL) ==
	        0);
	require(listing->is_listing);
	require(listing_visit(listing, count, &readback, NULL) == 0);
	require(readback.files == 1 && readback.probes == probes);
	usdtinfo_image_close(listing);
}

/* All of them, for -o. */
static const char *every_column(void)
{
	static char list[1024];
	size_t size = strlen(list);
	for (size_t i = 0; !size && i < column_count; i++) {
		require(strlen(list) + strlen(columns[i].name) + 2 < sizeof(list));
		strcat(strcat(list, i ? "," : ""), columns[i].name);
	}
	return list;
}

static void run_format(const struct writer_ops *ops, const char *tool,
                       struct usdtinfo_image *image)
{
	bool has_columns = ops == &format_table || ops == &format_tsv;
	const struct output_options options = {
		.details = DETAILS,
		.tool = tool,
		.columns = has_columns ? every_column() : NULL,
		.show_file_names = image->size % 2,
	};
	struct writer *writer = writer_open(ops, &stream, &options, NULL);
	bool is_listing = ops == &format_json || ops == &format_ndjson;
	require(writer != NULL);
	uint64_t probes = write_object(writer, image);
	writer_close(writer);
	require(stream_flush(&stream) == 0);
	if (is_listing)
		require_readable(stream.fd, probes);
}

static void run_script(const struct script_tool *tool, struct usdtinfo_image *image)
{
	const struct object object = { .facts = &image->facts, .image = image };
	struct script *script = script_new(tool, NULL, NULL, &stream);
	struct probe_walk *walk;
	const struct usdtinfo_probe *probe;
	require(script && script_file_begin(script, image, &image->facts, NULL) == 0);
	require(object_walk_open(&object, DETAILS, &walk, NULL) == 0);
	while (object_walk_next(walk, &probe, NULL) > 0)
		require(script_probe(script, probe) == 0);
	object_walk_close(walk);
	require(script_file_end(script) == 0);
	script_end(script);
	script_free(script);
}

static int report(void *context, const struct lint_finding *finding)
{
	(void)context;
	require(finding->rule && finding->message.at);
	stream_escaped(&stream, finding->message);
	return 0;
}

static void run_lint(struct usdtinfo_image *image)
{
	const struct lint_options options = { .report = report };
	require(lint_file(&options, image, NULL) == 0);
}

static void run(unsigned choice, struct usdtinfo_image *image)
{
	unsigned formats = 0, scripts = 0;
	while (writers[formats])
		formats++;
	while (script_tools[scripts])
		scripts++;
	choice %= formats + TRACERS + scripts + 1;
	if (choice < formats) {
		run_format(writers[choice], NULL, image);
		return;
	}
	choice -= formats;
	if (choice < TRACERS) {
		run_format(&format_paste, tracers[choice].name, image);
		return;
	}
	choice -= TRACERS;
	if (choice < scripts)
		run_script(script_tools[choice], image);
	else
		run_lint(image);
}

static void check_output(int fd)
{
	require(stream_flush(&stream) == 0);
	off_t size = lseek(fd, 0, SEEK_END);
	require(size >= 0);
	if (size > OUTPUT_MAX)
		return;
	char *output = malloc((size_t)size + 1);
	require(output && pread(fd, output, (size_t)size, 0) == size);
	output[size] = '\0';
	require_harmless((struct text){ output, (size_t)size });
	free(output);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct usdtinfo_image *image;
	unsigned choice = 0;
	for (size_t i = 0; i < size; i++)
		choice = choice * 31 + data[i];
	unsigned char *copy = fuzz_copy(data, size, false);
	/* Few tools can be told of a file that is called like the second. */
	const char *path = choice & 0x30000 ? "/lib/f" : "/f\x1b[31m$(f)";
	if (usdtinfo_image_open_memory(copy, size, path, &image, NULL) == 0) {
		int fd = fuzz_file(NULL, 0);
		stream_init(&stream, fd);
		run(choice, image);
		check_output(fd);
		usdtinfo_image_close(image);
	}
	fuzz_drop(copy, data, size);
	return 0;
}
