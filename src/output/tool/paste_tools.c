/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The lines of each tool but ftrace. What each can quote was tried with the tool itself. */
#include <inttypes.h>
#include <string.h>

#include "output/list/operand_text.h"
#include "output/stream/quote.h"
#include "output/tool/paste.h"

#define SPACE " \t\n\v\f\r"

/* ---- arguments in a printf() ------------------------------------------------------- */

/* How a tool prints integers: a conversion and what the argument is wrapped in. */
struct print_style {
	const char *is_signed, *is_unsigned;           /* up to 4 bytes */
	const char *is_signed_long, *is_unsigned_long; /* 8 bytes */
	const char *cast; /* of signed ones, with the bits; NULL: none is needed */
};

static const char *conversion(const struct print_style *style,
                              const struct usdtinfo_argument *argument)
{
	if (argument->size == 8)
		return argument->is_signed ? style->is_signed_long
		                           : style->is_unsigned_long;
	return argument->is_signed ? style->is_signed : style->is_unsigned;
}

/* NAME %d %d\n", and the arguments behind it; those that cannot be read are left out. */
static void add_print(const struct paste_job *job, const struct print_style *style,
                      struct strbuf *out)
{
	const struct usdtinfo_probe *probe = job->probe;
	const struct tracer *tool = &tracers[job->tool];
	strbuf_add_char(out, '"');
	strbuf_add_text(out, probe->name);
	for (size_t i = 0; i < probe->argument_count; i++) {
		if (tracer_reads(&job->verdict, i))
			strbuf_addf(out, " %s", conversion(style, &probe->arguments[i]));
	}
	strbuf_add_string(out, "\\n\"");
	for (size_t i = 0; i < probe->argument_count; i++) {
		const struct usdtinfo_argument *argument = &probe->arguments[i];
		if (!tracer_reads(&job->verdict, i))
			continue;
		strbuf_add_string(out, ", ");
		if (style->cast && argument->is_signed)
			strbuf_addf(out, style->cast, (unsigned)argument->size * 8);
		strbuf_addf(out, "%s%zu", tool->argument, i + tool->first);
	}
}

/* "arg0 int32, arg1 not readable"; nothing without arguments. A listing says any type. */
static void add_legend(const struct paste_job *job, struct strbuf *out)
{
	const struct usdtinfo_probe *probe = job->probe;
	const struct tracer *tool = &tracers[job->tool];
	for (size_t i = 0; i < probe->argument_count; i++) {
		bool reads = tracer_reads(&job->verdict, i);
		strbuf_addf(out, "%s%s%zu ", i ? ", " : "", tool->argument,
		            i + tool->first);
		if (reads)
			quote_inert(probe->arguments[i].type, PASTE_TYPE_MAX, out);
		else
			strbuf_add_string(out, "not readable");
	}
}

/* What happens at the probe, in the languages that have it from awk. */
static void add_action(const struct paste_job *job, const struct print_style *style,
                       const char *end, struct strbuf *out)
{
	strbuf_add_string(out, " { printf(");
	add_print(job, style, out);
	strbuf_add_string(out, end);
}

static void add_name(const struct usdtinfo_probe *probe, char separator,
                     struct strbuf *out)
{
	strbuf_add_text(out, probe->provider);
	strbuf_add_char(out, separator);
	strbuf_add_text(out, probe->name);
}

/*
 * The legend in a comment of its own: gdb has none behind a command, and an interactive zsh or
 * tcsh none at all, which then only complains of a command "#".
 */
static void add_legend_line(const struct paste_job *job, struct strbuf *out)
{
	if (!job->probe->argument_count)
		return;
	strbuf_add_string(out, "# ");
	quote_inert(job->probe->provider, PASTE_NAME_MAX, out);
	strbuf_add_char(out, ':');
	quote_inert(job->probe->name, PASTE_NAME_MAX, out);
	strbuf_add_string(out, ": ");
	add_legend(job, out);
	strbuf_add_string(out, ".\n");
}

static bool name_is_plain(const struct usdtinfo_probe *probe, bool hyphen)
{
	const struct text both[] = { probe->provider, probe->name };
	for (size_t k = 0; k < 2; k++) {
		for (size_t i = 0; i < both[k].size; i++) {
			char c = both[k].at[i];
			bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			              (c >= '0' && c <= '9') || c == '_';
			if (!letter && !(hyphen && c == '-'))
				return false;
		}
	}
	return probe->name.size && probe->provider.size;
}

#define ODD_NAME "it cannot be told such a name"

/* ---- bpftrace ---------------------------------------------------------------------- */

static const char *place_bpftrace(const struct paste_job *job, struct strbuf *out)
{
	if (!name_is_plain(job->probe, true))
		return ODD_NAME;
	/* In quotes all but these stand for themselves. */
	if (text_has_any(job->path, ":\\*?[]$") || !text_is_plain(job->path))
		return "it cannot be told such a path, make a symbolic link";
	bool quote = text_has_any(job->path, SPACE "\"'`{}()|&;<>,#%!~^=@+");
	strbuf_add_string(out, "usdt:");
	if (quote)
		quote_string(job->path, out);
	else
		strbuf_add_text(out, job->path);
	strbuf_add_char(out, ':');
	add_name(job->probe, ':', out);
	return NULL;
}

static const char *paste_bpftrace(const struct paste_job *job, struct strbuf *out)
{
	static const struct print_style style = {
		.is_signed = "%d",
		.is_unsigned = "%u",
		.is_signed_long = "%ld",
		.is_unsigned_long = "%lu",
		.cast = "(int%u)",
	};
	const char *reason = place_bpftrace(job, out);
	if (!reason)
		add_action(job, &style, "); }\n", out);
	return reason;
}

/* ---- BCC ------------------------------------------------------------------------------- */

static const char *paste_bcc(const struct paste_job *job, struct strbuf *out)
{
	static const struct print_style style = {
		.is_signed = "%d",
		.is_unsigned = "%u",
		.is_signed_long = "%lld",
		.is_unsigned_long = "%llu",
	};
	struct strbuf word = { 0 };
	if (!name_is_plain(job->probe, true))
		return ODD_NAME;
	if (text_has_any(job->path, ":()\"" SPACE))
		return "it cannot be told such a path, make a symbolic link";
	strbuf_add_string(&word, "u:");
	strbuf_add_text(&word, job->path);
	strbuf_add_char(&word, ':');
	add_name(job->probe, ':', &word);
	strbuf_add_char(&word, ' ');
	struct strbuf print = { 0 };
	add_print(job, &style, &print);
	/* trace(8) ends the line itself. */
	const char *end = print.at ? strstr(print.at, "\\n\"") : NULL;
	if (end) {
		strbuf_add(&word, print.at, (size_t)(end - print.at));
		strbuf_add_string(&word, end + 2);
	}
	strbuf_add_string(out, "trace ");
	quote_shell(strbuf_text(&word), out);
	strbuf_add_char(out, '\n');
	out->failed |= word.failed || print.failed;
	strbuf_deinit(&print);
	strbuf_deinit(&word);
	return NULL;
}

/* ---- libbpf -------------------------------------------------------------------------- */

static void add_libbpf_call(const struct paste_job *job, struct strbuf *out)
{
	strbuf_add_string(out, "bpf_program__attach_usdt(prog, -1, ");
	quote_c(job->path, out);
	strbuf_add_string(out, ", ");
	quote_c(job->probe->provider, out);
	strbuf_add_string(out, ", ");
	quote_c(job->probe->name, out);
	strbuf_add_string(out, ", NULL);");
}

/* Only the call can say everything: SEC() separates by colons. */
static const char *paste_libbpf(const struct paste_job *job, struct strbuf *out)
{
	const struct usdtinfo_probe *probe = job->probe;
	if (!probe->provider.size || text_has_any(job->path, ":") ||
	    text_has_any(probe->provider, ":") || text_has_any(probe->name, ":")) {
		add_libbpf_call(job, out);
	} else {
		struct strbuf section = { 0 };
		strbuf_add_string(&section, "usdt/");
		strbuf_add_text(&section, job->path);
		strbuf_add_char(&section, ':');
		add_name(probe, ':', &section);
		strbuf_add_string(out, "SEC(");
		quote_c(strbuf_text(&section), out);
		strbuf_add_char(out, ')');
		out->failed |= section.failed;
		strbuf_deinit(&section);
	}
	if (probe->argument_count) {
		strbuf_add_string(out, " /* ");
		add_legend(job, out);
		strbuf_add_string(out, " */");
	}
	strbuf_add_char(out, '\n');
	return NULL;
}

/* ---- perf ------------------------------------------------------------------------------ */

static bool perf_takes(struct text path)
{
	/*
	 * It hands the path on to uprobe_events, which splits at spaces and drops after #;
	 * buildid-cache splits at commas.
	 */
	return !text_has_any(path, SPACE "#,");
}

static void paste_perf_file(const struct paste_job *job, struct strbuf *out)
{
	if (!perf_takes(job->path))
		return;
	strbuf_add_string(out, "perf buildid-cache --add ");
	quote_shell(job->path, out);
	strbuf_add_char(out, '\n');
}

static const char *paste_perf(const struct paste_job *job, struct strbuf *out)
{
	if (!name_is_plain(job->probe, false))
		return ODD_NAME;
	if (!perf_takes(job->path))
		return "blanks, commas, number signs split paths, make a symbolic link";
	add_legend_line(job, out);
	strbuf_add_string(out, "perf probe -x ");
	quote_shell(job->path, out);
	strbuf_add_string(out, " %sdt_");
	add_name(job->probe, ':', out);
	strbuf_add_char(out, '\n');
	return NULL;
}

/* ---- gdb ------------------------------------------------------------------------------- */

static const char *place_gdb(const struct paste_job *job, struct strbuf *out)
{
	if (!name_is_plain(job->probe, true))
		return ODD_NAME;
	strbuf_add_string(out, "-probe-stap ");
	add_name(job->probe, ':', out);
	return NULL;
}

static const char *paste_gdb(const struct paste_job *job, struct strbuf *out)
{
	add_legend_line(job, out);
	strbuf_add_string(out, "break ");
	const char *reason = place_gdb(job, out);
	strbuf_add_char(out, '\n');
	return reason;
}

/* ---- SystemTap --------------------------------------------------------------------------- */

/* It takes paths and names for patterns, and has no way to quote them, nor one to write controls. */
static const char *stap_refuses(struct text path)
{
	if (text_has_any(path, "*?["))
		return "it takes such a path for a pattern, make a symbolic link";
	if (text_has_any(path, ":") || !text_is_plain(path))
		return "it cannot be told such a path, make a symbolic link";
	return NULL;
}

static const char *place_stap(const struct paste_job *job, struct strbuf *out)
{
	const struct usdtinfo_probe *probe = job->probe;
	const char *reason = stap_refuses(job->path);
	if (!reason)
		reason = stap_refuses(job->program);
	if (reason)
		return reason;
	if (!name_is_plain(probe, false))
		return ODD_NAME;
	strbuf_add_string(out, "process(");
	if (job->program.at) {
		quote_string(job->program, out);
		strbuf_add_string(out, ").library(");
	}
	quote_string(job->path, out);
	strbuf_add_string(out, ").provider(");
	quote_string(probe->provider, out);
	strbuf_add_string(out, ").mark(");
	quote_string(probe->name, out);
	strbuf_add_char(out, ')');
	return NULL;
}

static const char *paste_stap(const struct paste_job *job, struct strbuf *out)
{
	static const struct print_style style = {
		.is_signed = "%d",
		.is_unsigned = "%u",
		.is_signed_long = "%d",
		.is_unsigned_long = "%u",
	};
	strbuf_add_string(out, "probe ");
	const char *reason = place_stap(job, out);
	if (!reason)
		add_action(job, &style, ") }\n", out);
	return reason;
}

/* ---- LTTng --------------------------------------------------------------------------- */

static const char *paste_lttng(const struct paste_job *job, struct strbuf *out)
{
	struct strbuf word = { 0 };
	if (!name_is_plain(job->probe, true))
		return ODD_NAME;
	if (text_has_any(job->path, ":\\"))
		return "it cannot be told such a path, make a symbolic link";
	strbuf_add_string(&word, "--userspace-probe=sdt:");
	strbuf_add_text(&word, job->path);
	strbuf_add_char(&word, ':');
	add_name(job->probe, ':', &word);
	strbuf_add_string(out, "lttng enable-event --kernel ");
	quote_shell(strbuf_text(&word), out);
	strbuf_add_char(out, ' ');
	/* The event's name is ours to choose, and must not look like an option. */
	if (*job->probe->provider.at == '-')
		strbuf_add_char(out, '_');
	add_name(job->probe, '_', out);
	strbuf_add_char(out, '\n');
	out->failed |= word.failed;
	strbuf_deinit(&word);
	return NULL;
}

/* ---- DTrace -------------------------------------------------------------------------- */

/* DTrace writes "-" for "__" in names. */
static void add_hyphenated(struct text name, struct strbuf *out)
{
	for (size_t i = 0; i < name.size; i++) {
		bool pair = name.at[i] == '_' && i + 1 < name.size &&
		            name.at[i + 1] == '_';
		strbuf_add_char(out, pair ? '-' : name.at[i]);
		i += pair;
	}
}

static const char *place_dtrace(const struct paste_job *job, struct strbuf *out)
{
	const struct usdtinfo_probe *probe = job->probe;
	if (!name_is_plain(probe, true))
		return ODD_NAME;
	strbuf_add_text(out, probe->provider);
	strbuf_add_string(out, "$target:::");
	add_hyphenated(probe->name, out);
	return NULL;
}

static const char *paste_dtrace(const struct paste_job *job, struct strbuf *out)
{
	static const struct print_style style = {
		.is_signed = "%d",
		.is_unsigned = "%u",
		.is_signed_long = "%d",
		.is_unsigned_long = "%u",
		.cast = "(int%u_t)",
	};
	const char *reason = place_dtrace(job, out);
	if (!reason)
		add_action(job, &style, "); }\n", out);
	return reason;
}

/* clang-format off */
const struct paste_tool paste_tools[TRACERS] = {
	[TRACER_BPFTRACE] = { "//", "", PASTE_IN_QUOTES, NULL, place_bpftrace, paste_bpftrace },
	[TRACER_BCC] = { "#", "", PASTE_IN_SHELL, NULL, NULL, paste_bcc },
	[TRACER_LIBBPF] = { "/*", " */", PASTE_IN_TOOL, NULL, NULL, paste_libbpf },
	[TRACER_PERF] = { "#", "", PASTE_IN_SHELL, paste_perf_file, NULL, paste_perf },
	[TRACER_GDB] = { "#", "", PASTE_IN_TOOL, NULL, place_gdb, paste_gdb },
	[TRACER_STAP] = { "//", "", PASTE_IN_QUOTES, NULL, place_stap, paste_stap },
	[TRACER_LTTNG] = { "#", "", PASTE_IN_SHELL, NULL, NULL, paste_lttng },
	[TRACER_DTRACE] = { "/*", " */", PASTE_IN_TOOL, NULL, place_dtrace, paste_dtrace },
	[TRACER_FTRACE] = { "#", "", PASTE_IN_QUOTES, NULL, NULL, paste_ftrace },
};
/* clang-format on */
