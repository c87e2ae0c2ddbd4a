/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The format names: every distinct provider:name once, sorted by bytes. */
#include <stdlib.h>

#include "base/error.h"
#include "output/list/formats.h"
#include "output/stream/name_set.h"

struct names_writer {
	struct writer writer;
	struct name_set names;
};

static struct writer *names_open(struct stream *stream,
                                 const struct output_options *options,
                                 struct usdtinfo_error *err)
{
	struct names_writer *w = calloc(1, sizeof(*w));
	if (!w) {
		fail_memory(err);
		return NULL;
	}
	w->writer = (struct writer){ &format_names, stream };
	return &w->writer;
}

static int names_probe(struct writer *writer, const struct file_facts *file,
                       const struct usdtinfo_probe *probe)
{
	struct names_writer *w = (struct names_writer *)writer;
	bool added = name_set_add(&w->names, probe->provider, probe->name);
	return added ? 0 : USDTINFO_E_MEMORY;
}

static void write_name(struct text name, void *data)
{
	struct stream *stream = data;
	stream_escaped(stream, name);
	stream_char(stream, '\n');
}

static int names_finish(struct writer *writer, const struct summary *summary)
{
	struct names_writer *w = (struct names_writer *)writer;
	name_set_each(&w->names, write_name, writer->stream);
	return 0;
}

static void names_close(struct writer *writer)
{
	struct names_writer *w = (struct names_writer *)writer;
	name_set_deinit(&w->names);
	free(w);
}

const struct writer_ops format_names = {
	.name = "names",
	.help = "distinct provider:name, sorted",
	.open = names_open,
	.probe = names_probe,
	.end = names_finish,
	.close = names_close,
};
