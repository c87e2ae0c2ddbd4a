/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The format of --for: comments where a tool cannot, its own lines where it can. */
#include "output/tool/paste.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "output/list/operand_text.h"
#include "output/stream/name_set.h"
#include "output/stream/quote.h"

struct paste_writer {
	struct writer writer;
	struct tracer_choice choice;
	const char *root;
	struct strbuf path, program, line;
	struct name_set names; /* of the file, for tools that go by name */
	struct ftrace_names *events;
	struct file_traits file;
	struct paste_traits traits;
	bool file_begun;
};

static void paste_close(struct writer *writer);

static struct writer *paste_open(struct stream *stream,
                                 const struct output_options *options,
                                 struct usdtinfo_error *err)
{
	struct paste_writer *w = calloc(1, sizeof(*w));
	if (!w) {
		fail_memory(err);
		return NULL;
	}
	w->writer = (struct writer){ &format_paste, stream };
	w->root = options->root;
	w->events = ftrace_names_new();
	if (!w->events ||
	    !tracer_choice_parse(options->tool, strlen(options->tool), &w->choice)) {
		fail(err, USDTINFO_E_ARGUMENT, "unknown tool '%s'", options->tool);
		paste_close(&w->writer);
		return NULL;
	}
	return &w->writer;
}

static int paste_file_begin(struct writer *writer, const struct file_facts *file)
{
	struct paste_writer *w = (struct paste_writer *)writer;
	paste_file_path(w->root, file, &w->path);
	strbuf_clear(&w->program);
	if (writer->needed_by)
		paste_path(w->root, text_of(writer->needed_by), &w->program);
	file_traits(writer->image, file, &w->file);
	name_set_deinit(&w->names);
	w->file_begun = false;
	return w->path.failed || w->program.failed ? USDTINFO_E_MEMORY : 0;
}

static void add_comment(struct paste_writer *w, const struct paste_job *job,
                        const char *reason)
{
	const struct paste_tool *tool = &paste_tools[w->choice.tool];
	const struct usdtinfo_probe *probe = job->probe;
	struct strbuf *out = &w->line;
	strbuf_clear(out);
	strbuf_add_string(out, tool->comment);
	strbuf_add_char(out, ' ');
	quote_inert(probe->provider, PASTE_NAME_MAX, out);
	strbuf_add_char(out, ':');
	quote_inert(probe->name, PASTE_NAME_MAX, out);
	if (probe->file_offset.known) {
		strbuf_add_string(out, " at file offset ");
		strbuf_add_hex(out, probe->file_offset.value);
	}
	strbuf_add_string(out, " of ");
	quote_inert(job->path, PASTE_NAME_MAX, out);
	strbuf_addf(out, ": not for %s: ", tracers[w->choice.tool].title);
	quote_inert(text_of(reason), PASTE_NAME_MAX, out);
	strbuf_add_char(out, '.');
	strbuf_add_string(out, tool->comment_end);
	strbuf_add_char(out, '\n');
}

/* A terminal hands on no more of a line (N_TTY_BUF_SIZE of drivers/tty/n_tty.c). */
#define TERMINAL_LINE_MAX 4095

/*
 * Why lines cannot be put where people put them; NULL: they can. Within quotes, too, a shell edits
 * its line: tcsh takes bytes that are no characters of the locale for commands of its editor, one of
 * which runs the line. And a line that is cut leaves a quote open.
 */
static const char *place_refuses(const struct paste_job *job, struct text lines)
{
	enum paste_place where = paste_tools[job->tool].where;
	bool ends = text_has_any(job->path, "'`$!") ||
	            (job->program.at && text_has_any(job->program, "'`$!"));
	if (where == PASTE_IN_QUOTES && ends)
		return "a shell could take such a path apart, make a symbolic link";
	if (where != PASTE_IN_SHELL)
		return NULL;
	for (size_t i = 0; i < job->path.size; i++) {
		unsigned char c = (unsigned char)job->path.at[i];
		if (c < 0x20 || c >= 0x7f)
			return "shells differ on such a path, make a symbolic link";
	}
	for (size_t i = 0, length; i < lines.size; i += length) {
		length = strcspn(lines.at + i, "\n") + 1;
		if (length > TERMINAL_LINE_MAX)
			return "no terminal takes a line of over 4095 bytes";
	}
	return NULL;
}

static int paste_probe(struct writer *writer, const struct file_facts *file,
                       const struct usdtinfo_probe *probe)
{
	struct paste_writer *w = (struct paste_writer *)writer;
	struct paste_job job = {
		.path = strbuf_text(&w->path),
		.program = w->program.size ? strbuf_text(&w->program) : text_of(NULL),
		.file = file,
		.probe = probe,
		.machine = file->machine_number.known
		                   ? (unsigned)file->machine_number.value
		                   : 0,
		.tool = w->choice.tool,
		.names = w->events,
	};
	/* A second line of the same name would do everything twice. */
	if (tracers[w->choice.tool].by_name) {
		uint64_t before = w->names.count;
		if (!name_set_add(&w->names, probe->provider, probe->name))
			return USDTINFO_E_MEMORY;
		if (w->names.count == before)
			return 0;
	}
	if (!paste_judge(&job, &w->choice, writer->image, &w->file, &w->traits))
		return USDTINFO_E_MEMORY;
	strbuf_clear(&w->line);
	const char *reason = paste_write(&job, !w->file_begun, &w->line);
	if (!reason && text_equal(file->path, text_of("-")))
		reason = "standard input has no path";
	if (!reason)
		reason = place_refuses(&job, strbuf_text(&w->line));
	if (reason)
		add_comment(w, &job, reason);
	w->file_begun |= !reason;
	stream_strbuf(writer->stream, &w->line);
	return w->line.failed ? USDTINFO_E_MEMORY : 0;
}

static void paste_close(struct writer *writer)
{
	struct paste_writer *w = (struct paste_writer *)writer;
	strbuf_deinit(&w->path);
	strbuf_deinit(&w->program);
	strbuf_deinit(&w->line);
	name_set_deinit(&w->names);
	ftrace_names_free(w->events);
	paste_traits_deinit(&w->traits);
	free(w);
}

const struct writer_ops format_paste = {
	.name = "paste",
	.help = "lines for a tracing tool",
	.details = USDTINFO_DETAIL_PLACE | USDTINFO_DETAIL_SITE |
	           USDTINFO_DETAIL_ARGUMENTS,
	.open = paste_open,
	.file_begin = paste_file_begin,
	.probe = paste_probe,
	.close = paste_close,
};
