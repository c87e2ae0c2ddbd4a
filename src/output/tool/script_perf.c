/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Scripts for perf, in sh: events are made in tracefs, where arguments can have names and
 * types, which "perf probe" does not give the arguments of static probes.
 */
#include <string.h>

#include "output/stream/quote.h"
#include "output/tool/script.h"

static const char *write_stanza(const struct script_stanza *stanza, struct strbuf *out)
{
	struct strbuf line = { 0 };
	const char *reason = paste_ftrace(stanza->job, &line);
	/* Another note of the same probe at the same place needs no second line. */
	char *end = line.at ? strpbrk(line.at, "#\n") : NULL;
	if (!reason && end) {
		while (end > line.at && end[-1] == ' ')
			end--;
		strbuf_add_string(out, "add ");
		quote_shell((struct text){ line.at, (size_t)(end - line.at) }, out);
		strbuf_add_char(out, '\n');
	}
	out->failed |= line.failed;
	strbuf_deinit(&line);
	return reason;
}

const struct script_tool script_perf = {
	.name = "perf",
	.help = "a script for sh(1) that makes events, and records them by perf(1)",
	.tracer = TRACER_FTRACE,
	.by_site = true,
	.by_path = true,
	.comment = "#",
	.comment_end = "",
	.is_shell = true,
	/* kernel/trace/trace_probe.c: names that every event's record has */
	.reserved =
		"common_type common_flags common_preempt_count common_pid common_tgid __probe_ip __probe_func __probe_ret_ip __probe_nargs",
	.name_max = 31, /* MAX_ARG_NAME_LEN of kernel/trace/trace_probe.h less the NUL */
	.begin =
		"#!/bin/sh\n"
		"# Arguments go to perf record: a command, -p PID, or -a for all "
		"processes.\n"
		"set -eu\n"
		"tracefs=/sys/kernel/tracing\n"
		"[ -e \"$tracefs/uprobe_events\" ] || tracefs=/sys/kernel/debug/tracing\n"
		"data=$(mktemp)\n"
		"events=\n"
		"\n"
		"add() {\n"
		"\tprintf '%s\\n' \"$1\" >>\"$tracefs/uprobe_events\"\n"
		"\tevent=${1%% *}\n"
		"\tevents=\"$events ${event#p:}\"\n"
		"}\n"
		"\n"
		"remove() {\n"
		"\tfor event in $events; do\n"
		"\t\techo \"-:$event\" >>\"$tracefs/uprobe_events\" 2>/dev/null || :\n"
		"\tdone\n"
		"\trm -f \"$data\"\n"
		"}\n"
		"trap remove EXIT\n"
		"trap 'exit 130' INT\n"
		"trap 'exit 143' TERM\n",
	.end = "list=$(printf '%s\\n' $events | sort -u | tr '/\\n' ':,')\n"
	       "perf record -q -o \"$data\" -e \"${list%,}\" \"$@\"\n"
	       "perf script -i \"$data\"\n",
	.stanza = write_stanza,
};
