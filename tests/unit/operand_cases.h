/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Tables of argument strings and what they decode to, one row a case. */
#pragma once

#include <elf.h>
#include <stdio.h>

#include "base/array.h"
#include "base/text.h"
#include "probe/operand/operand.h"
#include "unit.h"

struct target {
	const char *name;
	struct operand_context context;
};

struct operand_case {
	const struct target *target;
	const char *text;
	/*
	 * All arguments, "; " between them. Each is its size and sign (s, u, f for a float, sf
	 * for a signed float), its kind, its parts and, when it cannot be resolved without
	 * symbols, a "!".
	 */
	const char *expected;
};

static inline void render_text(struct strbuf *out, const char *key, struct text text)
{
	if (text.at)
		strbuf_addf(out, " %s=%s", key, text.at);
}

static inline void render_memory(struct strbuf *out, const struct operand *op)
{
	render_text(out, "base", op->base);
	render_text(out, "index", op->index);
	if (op->index.at)
		strbuf_addf(out, "*%u", op->scale);
	if (op->index_subtracted)
		strbuf_add_string(out, " subtracted");
	if (op->index_extend != USDTINFO_EXTEND_NONE)
		strbuf_addf(out, " %s", usdtinfo_extend_name(op->index_extend));
	strbuf_addf(out, " disp=%lld", (long long)op->displacement);
	render_text(out, "sym", op->symbol);
	render_text(out, "reloc", op->relocation);
	render_text(out, "seg", op->segment);
	if (op->pc_relative)
		strbuf_add_string(out, " pcrel");
}

static inline void render_argument(struct strbuf *out,
                                   const struct usdtinfo_argument *argument)
{
	const struct operand *op = &argument->operand;
	strbuf_addf(out, "%llu%s%s ", (unsigned long long)argument->size,
	            argument->is_signed ? "s" : "",
	            argument->is_float    ? "f"
	            : argument->is_signed ? ""
	                                  : "u");
	switch (op->kind) {
	case USDTINFO_OPERAND_UNKNOWN:
		strbuf_add_string(out, "unknown");
		break;
	case USDTINFO_OPERAND_REGISTER:
		strbuf_addf(out, "reg %s", op->reg.at);
		if (op->reg_shift)
			strbuf_addf(out, ">>%u", op->reg_shift);
		if (op->reg_pair)
			strbuf_add_string(out, " pair");
		break;
	case USDTINFO_OPERAND_CONSTANT:
		strbuf_addf(out, "imm %s", op->value.at);
		break;
	case USDTINFO_OPERAND_MEMORY:
		strbuf_add_string(out, "mem");
		render_memory(out, op);
		break;
	case USDTINFO_OPERAND_ADDRESS:
		strbuf_addf(out, "addr %s disp=%lld", op->symbol.at,
		            (long long)op->displacement);
		render_text(out, "reloc", op->relocation);
		break;
	}
	if (!argument->resolvable)
		strbuf_add_string(out, " !");
}

/* Fails the running test when the row does not hold. */
static inline void operand_case_check(const struct operand_case *row)
{
	struct arguments arguments = { 0 };
	struct strbuf got = { 0 };
	int r = arguments_parse(&arguments, &row->target->context, text_of(row->text),
	                        NULL);
	ck_assert_int_eq(r, 0);
	for (size_t i = 0; i < arguments.count; i++) {
		if (i)
			strbuf_add_string(&got, "; ");
		ck_assert_uint_eq(arguments.items[i].number, i);
		render_argument(&got, &arguments.items[i]);
	}
	const char *text = got.at ? got.at : "";
	ck_assert_msg(strcmp(text, row->expected) == 0,
	              "%s '%s'\n  gives  '%s'\n  not    '%s'", row->target->name,
	              row->text, text, row->expected);
	strbuf_deinit(&got);
	arguments_deinit(&arguments);
}

#define TARGET(name_, machine_, class_, word_, flags_)                                   \
	static const struct target name_ = { #name_,                                     \
		                             { .machine = (machine_),                    \
		                               .elf_class = (class_),                    \
		                               .elf_flags = (flags_),                    \
		                               .word_size = (word_) } }
