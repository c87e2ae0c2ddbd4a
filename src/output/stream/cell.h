/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* One cell of a line: between tabs, or in a column as wide as it must be. */
#pragma once

#include "base/text.h"
#include "output/stream/stream.h"

/*
 * Write a cell of the format tsv. It never holds a tab or a line end: \t, \n, \r and \\ stand
 * for those characters, \xNN for any other byte that could steer a terminal. So every line
 * has as many tabs as the heading, and the bytes can be had back.
 */
void cell_write_tsv(struct stream *out, struct text text);

/* Return: how many columns of a terminal an escaped text takes */
size_t cell_width(struct text escaped);

/*
 * Make @text one that the locale's encoding can measure, \xNN for bytes that it cannot.
 * @spare: a buffer that nothing is in, and may be swapped with it
 */
void cell_make_measurable(struct strbuf *text, struct strbuf *spare);
