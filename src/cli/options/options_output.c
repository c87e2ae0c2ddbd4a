/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The option group that says how to show it. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/options/options.h"
#include "output/tool/paste.h"

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Output:", 4 },
	{ "format", 'F', "FORMAT", 0,
	  "readelf (default), long, table, tsv, json, ndjson, names or dtrace-list", 4 },
	{ "json", 'J', NULL, 0, "the same as --format=json", 4 },
	{ "output", 'o', "[+]COLUMN,...", 0,
	  "show a table of these columns; with + in front, after the default ones", 4 },
	{ "list-columns", KEY_LIST_COLUMNS, NULL, 0, "list the columns and exit", 4 },
	{ "noheadings", 'n', NULL, 0, "print no line of headings", 4 },
	{ "quiet", 'q', NULL, 0, "print nothing; the exit code is the answer", 4 },
	{ "files-with-probes", 'l', NULL, 0,
	  "print only the paths of files that have probes, whatever the format", 4 },
	{ "for", KEY_FOR, "TOOL[=VERSION]", 0,
	  "print lines to paste into bpftrace, bcc, libbpf, perf, gdb, stap, lttng, dtrace or ftrace",
	  4 },
	{ "color", KEY_COLOR, "WHEN", 0, "auto (default), always or never", 4 },
	{ 0 },
};

static void set_format(struct output *output, const char *name, struct argp_state *state)
{
	output->format = writer_find(name);
	if (!output->format)
		usage_error(state, "unknown format '%s'", name);
}

bool output_set_color(struct output *output, const char *when)
{
	if (strcmp(when, "auto") == 0)
		output->color = COLOR_AUTO;
	else if (strcmp(when, "always") == 0)
		output->color = COLOR_ALWAYS;
	else if (strcmp(when, "never") == 0)
		output->color = COLOR_NEVER;
	else
		return false;
	return true;
}

static void set_color(struct output *output, const char *when, struct argp_state *state)
{
	if (!output_set_color(output, when))
		usage_error(state, "--color is auto, always or never, not '%s'", when);
}

static void check_tool(struct output *output, struct argp_state *state)
{
	struct tracer_choice choice;
	if (!output->tool)
		return;
	if (!tracer_choice_parse(output->tool, strlen(output->tool), &choice))
		usage_error(state,
		            "--for takes a tool, such as bpftrace or gdb=13.1, not '%s'",
		            output->tool);
	if (output->format || output->columns)
		usage_error(state, "--for cannot be combined with -F, -J or -o");
	output->format = &format_paste;
}

static void check(struct output *output, struct argp_state *state)
{
	const char *format = output->format ? output->format->name : NULL;
	if (output->quiet)
		output->files_with_probes = false;
	if (output->json && format && strcmp(format, "json") != 0)
		usage_error(state, "--json and --format=%s cannot be combined", format);
	if (output->json)
		output->format = writer_find("json");
	check_tool(output, state);
	if (!output->columns)
		return;
	if (!output->format)
		output->format = writer_find("table");
	if (strcmp(output->format->name, "table") != 0 &&
	    strcmp(output->format->name, "tsv") != 0)
		usage_error(state, "--output needs the format table or tsv, not %s",
		            output->format->name);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct output *output = state->input;
	switch (key) {
	case 'F':
		set_format(output, arg, state);
		return 0;
	case 'J':
		output->json = true;
		return 0;
	case 'o':
		output->columns = arg;
		return 0;
	case KEY_LIST_COLUMNS:
		output->list_columns = true;
		return 0;
	case 'n':
		output->no_headings = true;
		return 0;
	case 'q':
		output->quiet = true;
		return 0;
	case 'l':
		output->files_with_probes = true;
		return 0;
	case KEY_FOR:
		output->tool = arg;
		return 0;
	case KEY_COLOR:
		set_color(output, arg, state);
		return 0;
	case ARGP_KEY_END:
		check(output, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp output_argp = { .options = options, .parser = parse };

bool output_color(const struct output *output, int fd)
{
	if (output->color != COLOR_AUTO)
		return output->color == COLOR_ALWAYS;
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	if (no_color && *no_color)
		return false;
	return term && strcmp(term, "dumb") != 0 && isatty(fd);
}

unsigned output_width(int fd)
{
	struct winsize size;
	return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
