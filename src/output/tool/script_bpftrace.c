/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Scripts for bpftrace. */
#include "output/tool/script.h"
#include "output/tool/script_print.h"

/*
 * A program has 512 bytes of stack (BPF). Up to bpftrace 0.19 a variable that holds a string
 * takes 64 of them, and printing it 64 more: beyond two strings they are only printed.
 */
#define STRINGS_KEPT 2

static const struct script_print print = {
	.is_signed = { "%d", "%ld" },
	.is_unsigned = { "%u", "%lu" },
	.bits = { "0x%x", "0x%lx" },
	.counted = "%r",
	.variable = "$",
};

/*
 * The second argument of str() counts a NUL since bpftrace 0.22.1, and the last byte would be
 * missing: buf() takes as many bytes as are asked for in all versions.
 */
static void add_string(const struct script_argument *argument, struct strbuf *out)
{
	if (argument->kind == SCRIPT_COUNTED)
		strbuf_addf(out, "buf(arg%zu, arg%zu)", argument->number,
		            argument->counter);
	else
		strbuf_addf(out, "str(arg%zu)", argument->number);
}

static void add_value(const struct script_argument *argument, struct strbuf *out)
{
	if (script_is_text(argument))
		add_string(argument, out);
	else
		strbuf_addf(out, "(%sint%u)arg%zu",
		            argument->kind == SCRIPT_SIGNED ? "" : "u",
		            argument->size * 8, argument->number);
}

static const char *write_stanza(const struct script_stanza *stanza, struct strbuf *out)
{
	size_t strings = 0;
	for (size_t i = 0; i < stanza->argument_count; i++)
		strings += script_is_text(&stanza->arguments[i]);
	bool keep = strings <= STRINGS_KEPT;
	const char *reason = paste_tools[TRACER_BPFTRACE].place(stanza->job, out);
	if (reason)
		return reason;
	strbuf_add_string(out, "\n{\n");
	for (size_t i = 0; i < stanza->argument_count; i++) {
		const struct script_argument *argument = &stanza->arguments[i];
		if (!keep && script_is_text(argument))
			continue;
		strbuf_addf(out, "\t$%s = ", argument->name.at);
		add_value(argument, out);
		strbuf_add_string(out, ";\n");
	}
	strbuf_add_string(out, "\tprintf(\"%d ");
	script_add_format(&print, stanza, out);
	strbuf_add_string(out, "\\n\", pid");
	for (size_t i = 0; i < stanza->argument_count; i++) {
		const struct script_argument *argument = &stanza->arguments[i];
		strbuf_add_string(out, ", ");
		if (!keep && script_is_text(argument))
			add_string(argument, out);
		else
			strbuf_addf(out, "$%s", argument->name.at);
	}
	strbuf_add_string(out, ");\n}\n");
	return NULL;
}

const struct script_tool script_bpftrace = {
	.name = "bpftrace",
	.help = "a program for bpftrace(8)",
	.tracer = TRACER_BPFTRACE,
	.by_path = true,
	.comment = "//",
	.comment_end = "",
	.name_max = 63,
	.begin = "#!/usr/bin/env bpftrace\n",
	.stanza = write_stanza,
};
