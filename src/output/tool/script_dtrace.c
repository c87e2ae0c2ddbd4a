/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Scripts for DTrace, to be run with -p PID or -c COMMAND. */
#include "output/tool/script.h"
#include "output/tool/script_print.h"

static const struct script_print print = {
	.is_signed = { "%d", "%d" },
	.is_unsigned = { "%u", "%u" },
	.bits = { "0x%x", "0x%x" },
	.variable = "this->",
};

static void add_value(const struct script_argument *argument, struct strbuf *out)
{
	if (argument->kind == SCRIPT_COUNTED)
		strbuf_addf(out, "copyinstr(arg%zu, arg%zu)", argument->number,
		            argument->counter);
	else if (argument->kind == SCRIPT_STRING)
		strbuf_addf(out, "copyinstr(arg%zu)", argument->number);
	else
		strbuf_addf(out, "(%sint%u_t)arg%zu",
		            argument->kind == SCRIPT_SIGNED ? "" : "u",
		            argument->size * 8, argument->number);
}

static const char *write_stanza(const struct script_stanza *stanza, struct strbuf *out)
{
	const char *reason = paste_tools[TRACER_DTRACE].place(stanza->job, out);
	if (reason)
		return reason;
	strbuf_add_string(out, "\n{\n");
	for (size_t i = 0; i < stanza->argument_count; i++) {
		strbuf_addf(out, "\tthis->%s = ", stanza->arguments[i].name.at);
		add_value(&stanza->arguments[i], out);
		strbuf_add_string(out, ";\n");
	}
	strbuf_add_string(out, "\tprintf(\"%d ");
	script_add_format(&print, stanza, out);
	strbuf_add_string(out, "\\n\", pid");
	script_add_variables(&print, stanza, out);
	strbuf_add_string(out, ");\n}\n");
	return NULL;
}

const struct script_tool script_dtrace = {
	.name = "dtrace",
	.help = "a program for dtrace(1), for a process that -p or -c names",
	.tracer = TRACER_DTRACE,
	.comment = "/*",
	.comment_end = " */",
	/* The keywords of D, those of C among them. */
	.reserved =
		"auto break case char const continue counter default do double else enum extern float for goto if import inline int long offsetof probe provider register restrict return self short signed sizeof static string stringof struct switch this translator typedef union unsigned userland void volatile while xlate",
	.name_max = 63,
	.begin = "#!/usr/sbin/dtrace -qs\n",
	.stanza = write_stanza,
};
