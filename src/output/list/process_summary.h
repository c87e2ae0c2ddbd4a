/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* One line a probe over all processes: in how many it is, and in which it is armed. */
#pragma once

#include "output/list/writer.h"

/*
 * process_summary_find - the writer for what -F asked for
 * @format: of writers[]; NULL: none was asked for
 *
 * Return: NULL when there is no summary in that format: only table, tsv and json have one.
 */
const struct writer_ops *process_summary_find(const struct writer_ops *format);
