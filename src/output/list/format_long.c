/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The format long: one block a probe with all that is known of it, for people. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "output/list/formats.h"
#include "output/list/operand_text.h"

struct long_writer {
	struct writer writer;
	const struct output_options *options;
	bool file_named, written; /* of this file; anything at all */
	struct strbuf line;       /* unescaped */
};

/* SGR parameters; none without colour. */
#define STRONG  "1"
#define ADDRESS "36"
#define FAINT   "2"
#define ALARM   "33"

static void paint(struct long_writer *w, const char *color, struct text text)
{
	struct stream *out = w->writer.stream;
	if (w->options->color)
		stream_printf(out, "\033[%sm", color);
	stream_escaped(out, text);
	if (w->options->color)
		stream_literal(out, "\033[0m");
}

static struct writer *long_open(struct stream *stream,
                                const struct output_options *options,
                                struct usdtinfo_error *err)
{
	struct long_writer *w = calloc(1, sizeof(*w));
	if (!w) {
		fail_memory(err);
		return NULL;
	}
	w->writer = (struct writer){ &format_long, stream };
	w->options = options;
	return &w->writer;
}

/* ---- the file ---- */

static const char *state_text(enum usdtinfo_state state)
{
	switch (state) {
	case USDTINFO_STATE_OK:
		return NULL;
	case USDTINFO_STATE_NO_PROBES:
		return "no probes";
	case USDTINFO_STATE_NOTES_STRIPPED:
		return "the notes of its probes were stripped";
	case USDTINFO_STATE_NO_SECTION_HEADERS:
		return "no section headers: notes cannot be found";
	case USDTINFO_STATE_NOT_ELF:
		return "no ELF file";
	case USDTINFO_STATE_UNREADABLE:
		return "cannot be read";
	case USDTINFO_STATE_DAMAGED:
		return "damaged";
	}
	return NULL;
}

/* Each item of a comma list, the separator before all but the first. */
static void add_item(struct strbuf *line, struct text item)
{
	if (!item.at)
		return;
	if (line->size)
		strbuf_add_string(line, ", ");
	strbuf_add_text(line, item);
}

static void add_facts(const struct file_facts *file, struct strbuf *line)
{
	add_item(line, file->machine);
	if (file->elf_class.known && file->endian.at)
		strbuf_addf(line, ", %u-bit %s-endian", (unsigned)file->elf_class.value,
		            file->endian.at);
	add_item(line, file->type);
	if (file->build_id.at) {
		add_item(line, text_of("build-id "));
		strbuf_add_text(line, file->build_id);
	}
	add_item(line, text_of(state_text(file->state)));
}

static void name_file(struct long_writer *w, const struct file_facts *file)
{
	struct stream *out = w->writer.stream;
	if (w->file_named)
		return;
	w->file_named = true;
	if (w->written)
		stream_char(out, '\n');
	w->written = true;
	paint(w, STRONG, file->path);
	strbuf_clear(&w->line);
	add_facts(file, &w->line);
	stream_literal(out, ": ");
	stream_escaped(out, strbuf_text(&w->line));
	stream_char(out, '\n');
}

static int long_file_begin(struct writer *writer, const struct file_facts *file)
{
	struct long_writer *w = (struct long_writer *)writer;
	w->file_named = false;
	if (!w->options->hide_empty_files && !facts_in_package(file).at)
		name_file(w, file);
	return w->line.failed ? USDTINFO_E_MEMORY : 0;
}

/* ---- the probe ---- */

static void begin_line(struct long_writer *w, const char *label)
{
	static const char spaces[] = "            ";
	size_t size = strlen(label);
	size_t padding = size < 10 ? 12 - size : 2;
	stream_literal(w->writer.stream, "  ");
	stream_write(w->writer.stream, label, size);
	stream_write(w->writer.stream, spaces, padding);
	strbuf_clear(&w->line);
}

/* The line's rest, which was put together in w->line. */
static void end_line(struct long_writer *w)
{
	stream_escaped(w->writer.stream, strbuf_text(&w->line));
	stream_char(w->writer.stream, '\n');
}

static void paint_hex(struct long_writer *w, uint64_t value)
{
	struct strbuf *line = &w->line;
	strbuf_clear(line);
	strbuf_add_hex(line, value);
	paint(w, ADDRESS, strbuf_text(line));
	strbuf_clear(line);
}

static void add_site(const struct usdtinfo_probe *probe, struct strbuf *line)
{
	if (probe->site == USDTINFO_SITE_UNAVAILABLE) {
		strbuf_add_string(line, ", no bytes in the file");
		return;
	}
	strbuf_addf(line, ", %s", usdtinfo_site_name(probe->site));
	for (size_t i = 0; i < probe->site_size; i++)
		strbuf_addf(line, " %02x", probe->site_bytes[i]);
}

static void add_offset(struct maybe_u64 offset, struct strbuf *line)
{
	if (!offset.known)
		return;
	strbuf_add_string(line, ", file offset ");
	strbuf_add_hex(line, offset.value);
}

static void write_location(struct long_writer *w, const struct usdtinfo_probe *probe)
{
	bool has_address = probe->location.known;
	begin_line(w, "location");
	if (has_address)
		paint_hex(w, probe->location.value);
	if (probe->section.at) {
		strbuf_add_string(&w->line, has_address ? ", " : "");
		strbuf_add_text(&w->line, probe->section);
		strbuf_add_char(&w->line, '+');
		strbuf_add_hex(&w->line, probe->section_offset.value);
	} else if (!has_address) {
		strbuf_add_string(&w->line, "not known");
	}
	add_offset(probe->file_offset, &w->line);
	add_site(probe, &w->line);
	end_line(w);
}

static void write_semaphore(struct long_writer *w, const struct usdtinfo_probe *probe)
{
	if (!probe->semaphore.known && !probe->semaphore_symbol.at)
		return;
	begin_line(w, "semaphore");
	if (probe->semaphore.known)
		paint_hex(w, probe->semaphore.value);
	else
		strbuf_add_text(&w->line, probe->semaphore_symbol);
	if (probe->semaphore_offset.known)
		add_offset(probe->semaphore_offset, &w->line);
	else if (probe->semaphore.known)
		strbuf_add_string(&w->line, ", not in the file");
	end_line(w);
}

static void write_move(struct long_writer *w, const struct usdtinfo_probe *probe)
{
	int64_t delta = probe->base_delta;
	if (!delta)
		return;
	begin_line(w, "base moved");
	strbuf_add_string(&w->line, delta < 0 ? "by -" : "by ");
	strbuf_add_hex(&w->line, delta < 0 ? 0 - (uint64_t)delta : (uint64_t)delta);
	strbuf_add_string(&w->line, ": the note has location ");
	strbuf_add_hex(&w->line, probe->location_raw);
	if (probe->semaphore_raw.known) {
		strbuf_add_string(&w->line, ", semaphore ");
		strbuf_add_hex(&w->line, probe->semaphore_raw.value);
	}
	end_line(w);
}

static void write_place(struct long_writer *w, const struct usdtinfo_probe *probe)
{
	if (probe->function.at) {
		begin_line(w, "function");
		strbuf_add_text(&w->line, probe->function);
		if (probe->function_offset.known) {
			strbuf_add_char(&w->line, '+');
			strbuf_add_hex(&w->line, probe->function_offset.value);
		}
		end_line(w);
	}
	for (size_t i = 0; i < probe->source_count; i++) {
		begin_line(w, i ? "" : "source");
		source_describe(&probe->source[i], &w->line);
		if (probe->source[i].function.at) {
			strbuf_add_string(&w->line, " in ");
			strbuf_add_text(&w->line, probe->source[i].function);
		}
		end_line(w);
	}
}

static void write_runtime(struct long_writer *w, const struct file_facts *file,
                          const struct usdtinfo_probe *probe)
{
	const struct probe_runtime *runtime = &probe->runtime;
	if (!file->pid.known)
		return;
	begin_line(w, "process");
	strbuf_addf(&w->line, "%" PRIu64 " (", file->pid.value);
	strbuf_add_text(&w->line, file->command);
	strbuf_addf(&w->line, "): %s", usdtinfo_probe_state_name(runtime->state));
	if (runtime->reason.at) {
		strbuf_add_string(&w->line, ", ");
		strbuf_add_text(&w->line, runtime->reason);
	}
	end_line(w);
	begin_line(w, "");
	strbuf_add_string(&w->line, "location ");
	if (runtime->location.known)
		strbuf_add_hex(&w->line, runtime->location.value);
	else
		strbuf_add_string(&w->line, "not known");
	strbuf_add_string(&w->line, runtime->size ? "," : "");
	for (size_t i = 0; i < runtime->size; i++)
		strbuf_addf(&w->line, " %02x", runtime->bytes[i]);
	if (runtime->semaphore.known) {
		strbuf_add_string(&w->line, ", semaphore ");
		strbuf_add_hex(&w->line, runtime->semaphore.value);
	}
	if (runtime->semaphore_value.known)
		strbuf_addf(&w->line, " counts %" PRIu64, runtime->semaphore_value.value);
	end_line(w);
}

/* What most arguments fit into; a longer one pushes its own line's rest aside. */
#define RAW_WIDTH 18

static void write_argument(struct long_writer *w,
                           const struct usdtinfo_argument *argument)
{
	char label[32];
	snprintf(label, sizeof(label), "arg%" PRIu64, argument->number);
	begin_line(w, label);
	strbuf_add_text(&w->line, argument->raw);
	while (w->line.size < RAW_WIDTH && !w->line.failed)
		strbuf_add_char(&w->line, ' ');
	strbuf_add_string(&w->line, "  ");
	paint(w, FAINT, strbuf_text(&w->line));
	strbuf_clear(&w->line);
	if (argument->c_type.at) {
		strbuf_add_text(&w->line, argument->c_type);
		/* As C writes it: "int n", "char *s". */
		bool is_pointer = argument->c_type.size &&
		                  argument->c_type.at[argument->c_type.size - 1] == '*';
		if (argument->name.at && !is_pointer)
			strbuf_add_char(&w->line, ' ');
	}
	strbuf_add_text(&w->line, argument->name);
	if (argument->c_type.at || argument->name.at)
		strbuf_add_string(&w->line, ", ");
	strbuf_add_text(&w->line, argument->type);
	strbuf_add_string(&w->line, argument->size_declared ? " " : " (size assumed) ");
	operand_describe(argument, &w->line);
	end_line(w);
}

static int long_probe(struct writer *writer, const struct file_facts *file,
                      const struct usdtinfo_probe *probe)
{
	struct long_writer *w = (struct long_writer *)writer;
	name_file(w, file);
	strbuf_clear(&w->line);
	strbuf_add_text(&w->line, probe->provider);
	strbuf_add_char(&w->line, ':');
	strbuf_add_text(&w->line, probe->name);
	stream_char(writer->stream, '\n');
	paint(w, STRONG, strbuf_text(&w->line));
	stream_char(writer->stream, '\n');
	write_location(w, probe);
	write_move(w, probe);
	write_semaphore(w, probe);
	write_place(w, probe);
	write_runtime(w, file, probe);
	for (size_t i = 0; i < probe->argument_count; i++)
		write_argument(w, &probe->arguments[i]);
	return w->line.failed ? USDTINFO_E_MEMORY : 0;
}

static int long_file_end(struct writer *writer, const struct file_facts *file)
{
	struct long_writer *w = (struct long_writer *)writer;
	const struct diagnostics *list = &file->diagnostics;
	if (!w->file_named || !list->count)
		return 0;
	stream_char(writer->stream, '\n');
	for (size_t i = 0; i < list->count; i++) {
		const struct diagnostic *found = &list->items[i];
		paint(w, ALARM, text_of(usdtinfo_severity_name(found->severity)));
		strbuf_clear(&w->line);
		strbuf_add_string(&w->line, ": ");
		strbuf_add_text(&w->line, found->message);
		strbuf_add_string(&w->line, " [");
		strbuf_add_text(&w->line, found->code);
		strbuf_add_char(&w->line, ']');
		end_line(w);
	}
	return w->line.failed ? USDTINFO_E_MEMORY : 0;
}

static void long_close(struct writer *writer)
{
	struct long_writer *w = (struct long_writer *)writer;
	strbuf_deinit(&w->line);
	free(w);
}

const struct writer_ops format_long = {
	.name = "long",
	.help = "blocks with all that is known of a probe",
	.details = USDTINFO_DETAIL_PLACE | USDTINFO_DETAIL_SITE |
	           USDTINFO_DETAIL_ARGUMENTS,
	.open = long_open,
	.file_begin = long_file_begin,
	.probe = long_probe,
	.file_end = long_file_end,
	.close = long_close,
};
