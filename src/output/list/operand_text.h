/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Operands and source lines in words, for people. */
#pragma once

#include "base/text.h"
#include "probe/note/probe.h"

/*
 * Append where the argument's value is: "in rdi", "constant 5", "at rsi + rdi*8 + 8",
 * "address of table + 16 = 0x4050", "not understood". Unescaped.
 */
void operand_describe(const struct usdtinfo_argument *argument, struct strbuf *out);

/* Append "FILE:LINE", or what of it is known. Unescaped. */
void source_describe(const struct source_line *line, struct strbuf *out);

/* Append "0x1f". */
void strbuf_add_hex(struct strbuf *out, uint64_t value);
void strbuf_add_text(struct strbuf *out, struct text text);
