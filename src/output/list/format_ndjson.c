/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The format ndjson: one JSON record a line, each of them whole in itself. */
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "output/list/fields.h"
#include "output/list/formats.h"
#include "output/stream/document.h"

struct ndjson_writer {
	struct writer writer;
	struct json json;
	unsigned details;
	bool has_header;
};

static struct writer *ndjson_open(struct stream *stream,
                                  const struct output_options *options,
                                  struct usdtinfo_error *err)
{
	struct ndjson_writer *w = calloc(1, sizeof(*w));
	if (!w) {
		fail_memory(err);
		return NULL;
	}
	w->writer = (struct writer){ &format_ndjson, stream };
	w->details = options->details | format_ndjson.details;
	json_init(&w->json, stream, JSON_COMPACT);
	return &w->writer;
}

static void write_header(struct ndjson_writer *w)
{
	if (!w->has_header)
		document_header_record(&w->json, "list");
	w->has_header = true;
}

static int ndjson_file_begin(struct writer *writer, const struct file_facts *file)
{
	struct ndjson_writer *w = (struct ndjson_writer *)writer;
	struct field_context context = { w->details, file };
	write_header(w);
	document_record(&w->json, "file");
	record_write_members(&w->json, &file_record, file, &context);
	json_end(&w->json, '}');
	return 0;
}

/* To which file, of which process, a record belongs. */
static void name_file(struct json *json, const struct file_facts *file)
{
	json_text_literal(json, "path", file->path);
	if (!file->pid.known)
		return;
	json_key_literal(json, "pid");
	json_unsigned(json, file->pid.value);
}

static int ndjson_probe(struct writer *writer, const struct file_facts *file,
                        const struct usdtinfo_probe *probe)
{
	struct ndjson_writer *w = (struct ndjson_writer *)writer;
	struct field_context context = { w->details | probe->details, file };
	document_record(&w->json, "probe");
	name_file(&w->json, file);
	json_text_literal(&w->json, "build_id", file->build_id);
	record_write_members(&w->json, &probe_record, probe, &context);
	json_end(&w->json, '}');
	return 0;
}

static int ndjson_file_end(struct writer *writer, const struct file_facts *file)
{
	struct ndjson_writer *w = (struct ndjson_writer *)writer;
	struct field_context context = { w->details, file };
	for (size_t i = 0; i < file->diagnostics.count; i++) {
		document_record(&w->json, "diagnostic");
		name_file(&w->json, file);
		record_write_members(&w->json, &diagnostic_record,
		                     &file->diagnostics.items[i], &context);
		json_end(&w->json, '}');
	}
	return 0;
}

static int ndjson_finish(struct writer *writer, const struct summary *summary)
{
	struct ndjson_writer *w = (struct ndjson_writer *)writer;
	struct field_context context = { w->details, NULL };
	write_header(w);
	document_record(&w->json, "summary");
	record_write_members(&w->json, &summary_record, summary, &context);
	json_end(&w->json, '}');
	return 0;
}

static void ndjson_close(struct writer *writer)
{
	free(writer);
}

const struct writer_ops format_ndjson = {
	.name = "ndjson",
	.help = "one JSON record a line",
	.details = USDTINFO_DETAIL_PLACE | USDTINFO_DETAIL_SITE |
	           USDTINFO_DETAIL_ARGUMENTS,
	.shows_summary = true,
	.open = ndjson_open,
	.file_begin = ndjson_file_begin,
	.probe = ndjson_probe,
	.file_end = ndjson_file_end,
	.end = ndjson_finish,
	.close = ndjson_close,
};
