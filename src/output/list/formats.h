/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The formats, each in a file of its own. */
#pragma once

#include "output/list/writer.h"

extern const struct writer_ops format_readelf;
extern const struct writer_ops format_long;
extern const struct writer_ops format_table;
extern const struct writer_ops format_tsv;
extern const struct writer_ops format_json;
extern const struct writer_ops format_ndjson;
extern const struct writer_ops format_names;
extern const struct writer_ops format_dtrace_list;
