/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* From a probe's arguments to variables of a script: how each is read, and its name. */
#include "output/tool/script_argument.h"

#include <stdio.h>
#include <string.h>

#include "output/stream/quote.h"
#include "probe/known/catalogue_type.h"

/*
 * No tool reads more: it is what the kernel takes (MAX_TRACE_ARGS of kernel/trace), and a note
 * can hold any number. Each name is compared with those before it.
 */
#define ARGUMENTS_MAX 128

/* ---- names ------------------------------------------------------------------------- */

static bool is_word(const char *words, struct text name)
{
	while (words && *words) {
		size_t size = strcspn(words, " ");
		if (size == name.size && memcmp(words, name.at, size) == 0)
			return true;
		words += size + (words[size] == ' ');
	}
	return false;
}

static bool is_taken(const struct script_tool *tool, struct text name,
                     const struct script_argument *before, size_t count)
{
	if (is_word(tool->reserved, name))
		return true;
	for (size_t i = 0; i < count; i++) {
		if (text_equal(before[i].name, name))
			return true;
	}
	return false;
}

/* Its own name if it has one, else the tool's for its number; "_N" sets equal ones apart. */
static struct text choose_name(const struct script_tool *tool,
                               const struct usdtinfo_argument *argument,
                               const struct script_argument *before, size_t count,
                               size_t number, struct arena *arena)
{
	struct strbuf name = { 0 };
	unsigned room = tool->name_max - 12; /* what "_N" may need */
	if (argument->name.size)
		quote_identifier(argument->name, &name);
	else
		strbuf_addf(&name, "arg%zu", number + tracers[tool->tracer].first);
	if (name.size > room)
		name.size = room;
	size_t size = name.size;
	for (size_t n = number;
	     !name.failed && is_taken(tool, strbuf_text(&name), before, count); n++) {
		name.size = size;
		strbuf_addf(&name, "_%zu", n);
	}
	struct text chosen = name.failed ? (struct text){ NULL, 0 }
	                                 : arena_text(arena, name.at, name.size);
	strbuf_deinit(&name);
	return chosen;
}

/* ---- kinds ------------------------------------------------------------------------- */

static bool is_integer(const struct usdtinfo_argument *argument)
{
	return !argument->is_float && (argument->size == 1 || argument->size == 2 ||
	                               argument->size == 4 || argument->size == 8);
}

/* Whether @next is called as the length of @argument: "name" and "name_len". */
static bool counts(const struct usdtinfo_argument *argument,
                   const struct usdtinfo_argument *next)
{
	size_t size = argument->name.size;
	return size && is_integer(next) && next->name.size == size + 4 &&
	       memcmp(next->name.at, argument->name.at, size) == 0 &&
	       memcmp(next->name.at + size, "_len", 4) == 0;
}

static enum script_kind kind_of(const struct usdtinfo_argument *argument,
                                unsigned address_size)
{
	struct c_type type = c_type_of(argument->c_type, address_size);
	bool is_address = argument->size == address_size && !argument->is_signed &&
	                  !argument->is_float;
	if (argument->is_float)
		return SCRIPT_BITS;
	if (type.kind == C_STRING && is_address)
		return SCRIPT_STRING;
	if (type.kind == C_POINTER && is_address)
		return SCRIPT_BITS;
	/* Some programs pass every value as an unsigned word, sign-extended. */
	if (type.kind == C_INTEGER && type.is_signed && is_address)
		return SCRIPT_SIGNED;
	return argument->is_signed ? SCRIPT_SIGNED : SCRIPT_UNSIGNED;
}

int64_t script_arguments(const struct script_tool *tool,
                         const struct usdtinfo_probe *probe,
                         const struct tracer_verdict *verdict, unsigned address_size,
                         struct arena *arena, struct script_argument **ret)
{
	size_t count = 0, total = probe->argument_count;
	if (total > ARGUMENTS_MAX)
		total = ARGUMENTS_MAX;
	struct script_argument *all = arena_take(arena, (total + 1) * sizeof(*all));
	if (!all)
		return -1;
	for (size_t i = 0; i < total; i++) {
		const struct usdtinfo_argument *argument = &probe->arguments[i];
		bool is_float = argument->is_float &&
		                (argument->size == 4 || argument->size == 8);
		if (!tracer_reads(verdict, i) || (!is_integer(argument) && !is_float))
			continue;
		struct script_argument *one = &all[count];
		*one = (struct script_argument){
			.number = i,
			.kind = kind_of(argument, address_size),
			.size = (unsigned)argument->size,
		};
		one->name = choose_name(tool, argument, all, count, i, arena);
		if (!one->name.at)
			return -1;
		if (one->kind == SCRIPT_STRING && i + 1 < total &&
		    tracer_reads(verdict, i + 1) && counts(argument, argument + 1)) {
			one->kind = SCRIPT_COUNTED;
			one->counter = i + 1;
		}
		count++;
	}
	*ret = all;
	return (int64_t)count;
}
