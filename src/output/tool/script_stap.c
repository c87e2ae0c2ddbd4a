/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Scripts for SystemTap. */
#include "output/tool/script_stap.h"

#include "output/tool/script_print.h"

const char script_stap_reserved[] =
	"break catch continue delete else for foreach function global if in limit long next private probe return string try while";

static const struct script_print print = {
	.is_signed = { "%d", "%d" },
	.is_unsigned = { "%u", "%u" },
	.bits = { "0x%x", "0x%x" },
	.variable = "",
};

/* A string that cannot be read must not end the whole script. */
static void add_value(const struct script_argument *argument, struct strbuf *out)
{
	if (argument->kind == SCRIPT_COUNTED)
		strbuf_addf(out, "user_string_n($arg%zu, $arg%zu, \"<unknown>\")",
		            argument->number + 1, argument->counter + 1);
	else if (argument->kind == SCRIPT_STRING)
		strbuf_addf(out, "user_string($arg%zu, \"<unknown>\")",
		            argument->number + 1);
	else
		strbuf_addf(out, "$arg%zu", argument->number + 1);
}

void script_stap_assign(const struct script_stanza *stanza, struct strbuf *out)
{
	for (size_t i = 0; i < stanza->argument_count; i++) {
		strbuf_addf(out, "\t%s = ", stanza->arguments[i].name.at);
		add_value(&stanza->arguments[i], out);
		strbuf_add_char(out, '\n');
	}
}

static const char *write_stanza(const struct script_stanza *stanza, struct strbuf *out)
{
	strbuf_add_string(out, "probe ");
	const char *reason = paste_tools[TRACER_STAP].place(stanza->job, out);
	if (reason)
		return reason;
	strbuf_add_string(out, "\n{\n");
	script_stap_assign(stanza, out);
	strbuf_add_string(out, "\tprintf(\"%d ");
	script_add_format(&print, stanza, out);
	strbuf_add_string(out, "\\n\", pid()");
	script_add_variables(&print, stanza, out);
	strbuf_add_string(out, ")\n}\n");
	return NULL;
}

const struct script_tool script_stap = {
	.name = "stap",
	.help = "a script for stap(1)",
	.tracer = TRACER_STAP,
	.by_path = true,
	.comment = "//",
	.comment_end = "",
	.reserved = script_stap_reserved,
	.name_max = 63,
	.begin = "#!/usr/bin/env stap\n",
	.stanza = write_stanza,
};
