/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Writers: one a format. The caller announces a file, hands over its probes as they are
 * read, closes the file, and in the end the whole. Nothing is kept that a format can do
 * without, so that a million probes need no more memory than one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf/object/facts.h"
#include "output/stream/stream.h"
#include "probe/note/probe.h"

/* Totals over all files, for the last lines of a report. */
struct summary {
	uint64_t files, files_with_probes, probes, names, errors;
};

/* What was asked for: decides which keys and lines appear. */
struct output_options {
	unsigned details;      /* enum usdtinfo_detail, ored */
	bool show_file_names;  /* several operands: "File:" lines, a column PATH */
	bool show_processes;   /* a table says of which process and in which state */
	bool hide_empty_files; /* -r: a text format is silent on a file without probes */
	bool no_headings;      /* table, tsv */
	const char *columns;   /* -o: comma list, "+" in front adds; NULL: default */
	bool color;
	unsigned width; /* of the terminal; 0 when there is none */
	/* --for */
	const char *tool; /* TOOL[=VERSION], for tracer_choice_parse() */
	const char *root; /* --root, in front of paths; NULL: none */
};

struct writer;

struct writer_ops {
	const char *name;   /* of --format */
	const char *help;   /* one line for --help */
	unsigned details;   /* enum usdtinfo_detail that the format always needs */
	bool shows_summary; /* the distinct names are to be counted for it */
	/* Return: NULL with @err filled (unknown column, missing feature, no memory) */
	struct writer *(*open)(struct stream *stream,
	                       const struct output_options *options,
	                       struct usdtinfo_error *err);
	/*
	 * Any of these may be NULL. Return: 0 or USDTINFO_E_MEMORY; failing writes are
	 * the stream's to remember.
	 */
	int (*file_begin)(struct writer *writer, const struct file_facts *file);
	int (*probe)(struct writer *writer, const struct file_facts *file,
	             const struct usdtinfo_probe *probe);
	int (*file_end)(struct writer *writer, const struct file_facts *file);
	/* Called once, also when something failed on the way. */
	int (*end)(struct writer *writer, const struct summary *summary);
	void (*close)(struct writer *writer); /* frees; NULL is ignored */
};

/* The first member of every format's own struct. */
struct writer {
	const struct writer_ops *ops;
	struct stream *stream;
	unsigned details; /* what was asked for and what the output needs: for the walk */
	/* Of the file that is announced next; NULL: a saved listing, or it did not open. */
	struct usdtinfo_image *image;
	const char
		*needed_by; /* path of the program that it is a library of; NULL: none */
};

/*
 * writer_open - ops->open, with all details that the output needs in writer->details
 * @stream, @options: must outlive the writer
 *
 * Return: NULL with @err filled; else release with writer_close().
 */
struct writer *writer_open(const struct writer_ops *ops, struct stream *stream,
                           const struct output_options *options,
                           struct usdtinfo_error *err);
void writer_close(struct writer *writer);

/* Return: the format of that name, or NULL */
const struct writer_ops *writer_find(const char *name);
/* All of them, ended by NULL, in the order of --help. */
extern const struct writer_ops *const writers[];
