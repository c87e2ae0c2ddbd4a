/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The format json: one document, laid out for reading. */
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "output/list/fields.h"
#include "output/list/formats.h"
#include "output/stream/document.h"

struct json_writer {
	struct writer writer;
	struct json json;
	unsigned details;
	bool files_open;
};

static struct writer *json_open(struct stream *stream,
                                const struct output_options *options,
                                struct usdtinfo_error *err)
{
	struct json_writer *w = calloc(1, sizeof(*w));
	if (!w) {
		fail_memory(err);
		return NULL;
	}
	w->writer = (struct writer){ &format_json, stream };
	w->details = options->details | format_json.details;
	json_init(&w->json, stream, JSON_PRETTY);
	return &w->writer;
}

/* Not before the first file or the end, so that a usage error leaves no torn document. */
static void open_files(struct json_writer *w)
{
	if (w->files_open)
		return;
	w->files_open = true;
	json_begin(&w->json, '{');
	document_header(&w->json, "list");
	json_key_literal(&w->json, "files");
	json_begin(&w->json, '[');
}

static int json_file_begin(struct writer *writer, const struct file_facts *file)
{
	struct json_writer *w = (struct json_writer *)writer;
	struct field_context context = { w->details, file };
	open_files(w);
	json_begin(&w->json, '{');
	record_write_members(&w->json, &file_record, file, &context);
	json_key_literal(&w->json, "probes");
	json_begin(&w->json, '[');
	return 0;
}

static int json_probe(struct writer *writer, const struct file_facts *file,
                      const struct usdtinfo_probe *probe)
{
	struct json_writer *w = (struct json_writer *)writer;
	struct field_context context = { w->details | probe->details, file };
	record_write(&w->json, &probe_record, probe, &context);
	return 0;
}

static int json_file_end(struct writer *writer, const struct file_facts *file)
{
	struct json_writer *w = (struct json_writer *)writer;
	struct field_context context = { w->details, file };
	const struct diagnostics *list = &file->diagnostics;
	json_end(&w->json, ']');
	json_key_literal(&w->json, "diagnostics");
	json_begin(&w->json, '[');
	for (size_t i = 0; i < list->count; i++)
		record_write(&w->json, &diagnostic_record, &list->items[i], &context);
	json_end(&w->json, ']');
	json_end(&w->json, '}');
	return 0;
}

static int json_finish(struct writer *writer, const struct summary *summary)
{
	struct json_writer *w = (struct json_writer *)writer;
	struct field_context context = { w->details, NULL };
	open_files(w);
	json_end(&w->json, ']');
	json_key_literal(&w->json, "summary");
	record_write(&w->json, &summary_record, summary, &context);
	json_end(&w->json, '}');
	return 0;
}

static void json_close(struct writer *writer)
{
	free(writer);
}

const struct writer_ops format_json = {
	.name = "json",
	.help = "one JSON document",
	.details = USDTINFO_DETAIL_PLACE | USDTINFO_DETAIL_SITE |
	           USDTINFO_DETAIL_ARGUMENTS,
	.shows_summary = true,
	.open = json_open,
	.file_begin = json_file_begin,
	.probe = json_probe,
	.file_end = json_file_end,
	.end = json_finish,
	.close = json_close,
};
