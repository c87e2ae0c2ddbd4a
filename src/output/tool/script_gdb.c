/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Scripts for GDB: breakpoints that print and go on. A convenience variable must not be
 * called like a register, which would be set instead, so that all begin with "usdt_".
 */
#include "output/tool/script.h"
#include "output/tool/script_print.h"

static const struct script_print print = {
	.is_signed = { "%d", "%lld" },
	.is_unsigned = { "%u", "%llu" },
	.bits = { "0x%x", "0x%llx" },
	.variable = "$usdt_",
};

/* GDB gives arguments their size and sign; only types are spelled, in any program's C. */
static void add_assignment(const struct script_argument *argument, struct strbuf *out)
{
	const char *name = argument->name.at;
	size_t number = argument->number;
	switch (argument->kind) {
	case SCRIPT_STRING:
		strbuf_addf(
			out,
			"  with language c -- set $usdt_%s = (char *)$_probe_arg%zu\n",
			name, number);
		return;
	case SCRIPT_SIGNED:
		strbuf_addf(out,
		            "  with language c -- set $usdt_%s = (%s)$_probe_arg%zu\n",
		            name, argument->size == 8 ? "long long" : "int", number);
		return;
	default:
		strbuf_addf(out, "  set $usdt_%s = $_probe_arg%zu\n", name, number);
	}
}

/* Only the command "output" counts, and it takes no zero. */
static void add_counted(const struct script_argument *argument, struct strbuf *out)
{
	strbuf_addf(
		out,
		"  printf \" %s=\"\n"
		"  if $_probe_arg%zu > 0\n"
		"    with language c -- output *(char *)$_probe_arg%zu@(int)$_probe_arg%zu\n"
		"  end\n",
		argument->name.at, argument->counter, argument->number,
		argument->counter);
}

static const char *write_stanza(const struct script_stanza *stanza, struct strbuf *out)
{
	strbuf_add_string(out, "break ");
	const char *reason = paste_tools[TRACER_GDB].place(stanza->job, out);
	if (reason)
		return reason;
	struct script_stanza plain = *stanza;
	struct script_argument kept[VERDICT_ARGUMENTS];
	plain.arguments = kept;
	plain.argument_count = 0;
	strbuf_add_string(out, "\ncommands\n  silent\n");
	/*
	 * An argument that it cannot parse is an error of whatever asks first, and only of
	 * that: those before it can be had afterwards.
	 */
	if (stanza->job->verdict.lost)
		strbuf_add_string(
			out, "  frame apply 1 -q -s set $usdt_argc = $_probe_argc\n");
	for (size_t i = 0; i < stanza->argument_count && i < VERDICT_ARGUMENTS; i++) {
		if (stanza->arguments[i].kind == SCRIPT_COUNTED)
			continue;
		add_assignment(&stanza->arguments[i], out);
		kept[plain.argument_count++] = stanza->arguments[i];
	}
	strbuf_add_string(out, "  printf \"");
	script_add_format(&print, &plain, out);
	strbuf_add_char(out, '"');
	script_add_variables(&print, &plain, out);
	strbuf_add_char(out, '\n');
	for (size_t i = 0; i < stanza->argument_count; i++) {
		if (stanza->arguments[i].kind == SCRIPT_COUNTED)
			add_counted(&stanza->arguments[i], out);
	}
	strbuf_add_string(out, "  printf \"\\n\"\n  continue\nend\n");
	return NULL;
}

const struct script_tool script_gdb = {
	.name = "gdb",
	.help = "commands for gdb(1) -x",
	.tracer = TRACER_GDB,
	.comment = "#",
	.comment_end = "",
	.name_max = 63,
	/* A library that is not loaded yet has its probes later. */
	.begin = "# Commands for gdb -x; run the program, or attach to it, afterwards.\n"
		 "set breakpoint pending on\n"
		 "set pagination off\n",
	.stanza = write_stanza,
};
