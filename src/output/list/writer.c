/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The list of formats. */
#include "output/list/writer.h"

#include <string.h>

#include "output/list/formats.h"

/* clang-format off */
const struct writer_ops *const writers[] = {
	&format_readelf,
	&format_long,
	&format_table,
	&format_json,
	&format_ndjson,
	&format_names,
	&format_tsv,
	&format_dtrace_list,
	NULL,
};
/* clang-format on */

const struct writer_ops *writer_find(const char *name)
{
	for (const struct writer_ops *const *ops = writers; *ops; ops++) {
		if (strcmp((*ops)->name, name) == 0)
			return *ops;
	}
	return NULL;
}

struct writer *writer_open(const struct writer_ops *ops, struct stream *stream,
                           const struct output_options *options,
                           struct usdtinfo_error *err)
{
	struct writer *writer = ops->open(stream, options, err);
	if (writer)
		writer->details |= ops->details | options->details;
	return writer;
}

void writer_close(struct writer *writer)
{
	if (writer)
		writer->ops->close(writer);
}
