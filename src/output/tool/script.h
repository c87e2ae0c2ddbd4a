/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Scripts: a whole program for a tracing tool, a stanza a probe. Paths and names are quoted
 * by the tool's own paste lines (output/tool/paste.h); what a tool cannot express, or cannot use,
 * becomes a comment that says why.
 */
#pragma once

#include "output/stream/stream.h"
#include "output/tool/paste.h"
#include "probe/note/probe.h"

/* How an argument's value is to be read and shown. */
enum script_kind {
	SCRIPT_SIGNED,
	SCRIPT_UNSIGNED,
	SCRIPT_BITS,    /* hexadecimal: an address, or a floating-point value's bits */
	SCRIPT_STRING,  /* it points to bytes that end with NUL */
	SCRIPT_COUNTED, /* it points to bytes, and another argument says how many */
};

struct script_argument {
	size_t number;    /* in the note, from 0 */
	struct text name; /* an identifier that no other argument of the probe has */
	enum script_kind kind;
	unsigned size;  /* bytes: 1, 2, 4 or 8 */
	size_t counter; /* COUNTED: number of the argument that counts */
};

/* What one stanza is written from. */
struct script_stanza {
	const struct paste_job *job;
	const struct script_argument *arguments; /* those that the tool can read */
	size_t argument_count;
};

struct script_tool {
	const char *name, *help;
	enum tracer_id tracer; /* whose limits and places these are */
	bool by_site;          /* a stanza a probe, not one for all of a name */
	bool by_path;          /* the stanza names the file: each file has its own */
	const char *comment, *comment_end;
	bool is_shell; /* it is written in a shell's language */
	/* Words that cannot be a variable, separated by spaces, and the longest variable. */
	const char *reserved;
	unsigned name_max;
	const char *begin, *end; /* first and last lines; END may be NULL */
	/* Return: NULL, or why there can be none; what was appended is thrown away then */
	const char *(*stanza)(const struct script_stanza *stanza, struct strbuf *out);
};

extern const struct script_tool script_bpftrace, script_dtrace, script_gdb, script_perf,
	script_stap, script_tapset;
/* All of them, ended by NULL, in the order of --help. */
extern const struct script_tool *const script_tools[];

/* Return: the tool of that name, or NULL */
const struct script_tool *script_tool_find(const char *name, size_t size);

struct script;

/*
 * script_new - begin a script
 * @version: of the tool; NULL: the newest that is known
 * @root: of --root; NULL: none
 * @stream: must outlive the script
 *
 * Return: NULL when memory ran out; else release with script_free().
 */
struct script *script_new(const struct script_tool *tool, const char *version,
                          const char *root, struct stream *stream);
void script_free(struct script *script);

/* What the walk over the probes must work out. */
#define SCRIPT_DETAILS                                                                   \
	(USDTINFO_DETAIL_PLACE | USDTINFO_DETAIL_SITE | USDTINFO_DETAIL_ARGUMENTS |      \
	 USDTINFO_DETAIL_NAMES)

/*
 * script_file_begin, script_probe, script_file_end - the probes of one file
 * @image: NULL of a saved listing
 * @program: that loads the file, a library; NULL: any
 *
 * Nothing is written for a file without probes. Return: 0 or USDTINFO_E_MEMORY.
 */
int script_file_begin(struct script *script, struct usdtinfo_image *image,
                      const struct file_facts *file, const char *program);
int script_probe(struct script *script, const struct usdtinfo_probe *probe);
int script_file_end(struct script *script);
/* Return: how many stanzas there are, of all files so far */
uint64_t script_stanzas(const struct script *script);
/* Write what comes last, once. */
void script_end(struct script *script);

/* "# text" with a newline, for the tool */
void script_comment(const struct script_tool *tool, struct text text, struct strbuf *out);
