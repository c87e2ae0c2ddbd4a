/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The format readelf: the stapsdt blocks of binutils' readelf -n.
 *
 * Byte for byte those of binutils 2.40 in the C locale, but for two things: bytes that
 * could steer a terminal are escaped, and a probe whose location was corrected has one
 * more line.
 */
#include <stdlib.h>

#include "base/error.h"
#include "output/list/formats.h"

struct readelf_writer {
	struct writer writer;
	const struct output_options *options;
	unsigned digits; /* of an address */
	bool file_named; /* the line "File:" stands, or is not wanted */
	bool in_area;
	uint64_t area; /* section or segment whose heading stands, when in_area */
};

static struct writer *readelf_open(struct stream *stream,
                                   const struct output_options *options,
                                   struct usdtinfo_error *err)
{
	struct readelf_writer *w = calloc(1, sizeof(*w));
	if (!w) {
		fail_memory(err);
		return NULL;
	}
	w->writer = (struct writer){ &format_readelf, stream };
	w->options = options;
	return &w->writer;
}

static void name_file(struct readelf_writer *w, const struct file_facts *file)
{
	struct stream *out = w->writer.stream;
	if (w->file_named)
		return;
	w->file_named = true;
	stream_literal(out, "\nFile: ");
	stream_escaped(out, file->path);
	stream_char(out, '\n');
}

static int readelf_file_begin(struct writer *writer, const struct file_facts *file)
{
	struct readelf_writer *w = (struct readelf_writer *)writer;
	bool elf32 = file->elf_class.known && file->elf_class.value == 32;
	w->digits = elf32 ? 8 : 16;
	w->in_area = false;
	w->file_named = !w->options->show_file_names && !file->archive.at;
	/* As readelf, which names what it could open, with notes or without. */
	if (file->state != USDTINFO_STATE_UNREADABLE && !w->options->hide_empty_files &&
	    !facts_in_package(file).at)
		name_file(w, file);
	return 0;
}

static void write_heading(struct readelf_writer *w, const struct usdtinfo_probe *probe)
{
	struct stream *out = w->writer.stream;
	if (w->in_area && w->area == probe->note_area_index)
		return;
	w->in_area = true;
	w->area = probe->note_area_index;
	if (probe->note_section.at) {
		stream_literal(out, "\nDisplaying notes found in: ");
		stream_escaped(out, probe->note_section);
	} else {
		stream_literal(out, "\nDisplaying notes found at file offset 0x");
		stream_hex(out, probe->note_area_offset, 8);
		stream_literal(out, " with length 0x");
		stream_hex(out, probe->note_area_size, 8);
		stream_char(out, ':');
	}
	stream_literal(out, "\n  Owner                Data size \tDescription\n");
}

static void write_address(struct readelf_writer *w, uint64_t address)
{
	stream_literal(w->writer.stream, "0x");
	stream_hex(w->writer.stream, address, w->digits);
}

static void write_adjusted(struct readelf_writer *w, const struct usdtinfo_probe *probe)
{
	struct stream *out = w->writer.stream;
	int64_t delta = probe->base_delta;
	stream_literal(out, "    Adjusted: Location: ");
	write_address(w, probe->location.known ? probe->location.value
	                                       : probe->location_raw);
	stream_literal(out, ", Semaphore: ");
	write_address(w, probe->semaphore.known ? probe->semaphore.value : 0);
	stream_string(out, delta < 0 ? " (base moved by -0x" : " (base moved by 0x");
	stream_hex(out, delta < 0 ? 0 - (uint64_t)delta : (uint64_t)delta, 0);
	stream_literal(out, ")\n");
}

static int readelf_probe(struct writer *writer, const struct file_facts *file,
                         const struct usdtinfo_probe *probe)
{
	struct readelf_writer *w = (struct readelf_writer *)writer;
	struct stream *out = writer->stream;
	name_file(w, file);
	write_heading(w, probe);
	stream_literal(out, "  stapsdt              0x");
	stream_hex(out, probe->note_size, 8);
	stream_literal(out, "\tNT_STAPSDT (SystemTap probe descriptors)\n    Provider: ");
	stream_escaped(out, probe->provider);
	stream_literal(out, "\n    Name: ");
	stream_escaped(out, probe->name);
	stream_literal(out, "\n    Location: ");
	write_address(w, probe->location_raw);
	stream_literal(out, ", Base: ");
	write_address(w, probe->base);
	stream_literal(out, ", Semaphore: ");
	write_address(w, probe->semaphore_raw.known ? probe->semaphore_raw.value : 0);
	stream_literal(out, "\n    Arguments: ");
	stream_escaped(out, probe->arguments_text);
	stream_char(out, '\n');
	if (probe->base_delta)
		write_adjusted(w, probe);
	return 0;
}

static void readelf_close(struct writer *writer)
{
	free(writer);
}

const struct writer_ops format_readelf = {
	.name = "readelf",
	.help = "the stapsdt blocks of readelf -n",
	.open = readelf_open,
	.file_begin = readelf_file_begin,
	.probe = readelf_probe,
	.close = readelf_close,
};
