/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Paste lines: for each probe the line that makes a tracing tool stop there, quoted for that
 * tool. What a tool cannot express, or cannot use, becomes a comment that says why.
 */
#pragma once

#include "output/list/writer.h"
#include "probe/tracer/tracers.h"

struct ftrace_names;

/* What an argument is to be called, instead of its number. */
struct paste_label {
	struct text name;
	bool is_text; /* it points to a string, which is to be shown */
};

/* One probe about to become a line. */
struct paste_job {
	struct text path;    /* absolute */
	struct text program; /* that loads PATH, a library; not known: any */
	const struct file_facts *file;
	const struct usdtinfo_probe *probe;
	unsigned machine; /* e_machine */
	enum tracer_id tool;
	struct tracer_verdict verdict;
	struct ftrace_names *names; /* event names given so far; for ftrace */
	const struct paste_label
		*labels; /* of each argument; NULL: numbers; for ftrace */
};

/* Storage for paste_judge(). Zero-initialise; release with paste_traits_deinit(). */
struct paste_traits {
	uint64_t *items;
	size_t room;
};
void paste_traits_deinit(struct paste_traits *traits);

/*
 * paste_judge - set the verdict of a job
 * @image, @file: of the probe; see probe_traits()
 *
 * Return: false when memory ran out
 */
bool paste_judge(struct paste_job *job, const struct tracer_choice *choice,
                 struct usdtinfo_image *image, const struct file_traits *file,
                 struct paste_traits *traits);

/*
 * paste_path - set @out to where a tool will look for an operand
 * @root: of --root; NULL: none
 *
 * Absolute, and not resolved, so that links keep their names; "-" stays.
 */
void paste_path(const char *root, struct text path, struct strbuf *out);

/* The same for an object; a member of a package will be where that is unpacked at /. */
void paste_file_path(const char *root, const struct file_facts *file, struct strbuf *out);

/*
 * paste_no_path - why no tool can be told where an object is
 *
 * Return: NULL when it can; else a static clause
 */
const char *paste_no_path(const struct file_facts *file);

/*
 * paste_write - append the line or lines of a probe
 * @job: judged
 * @is_first: whether to add what has to be done once for a file with probes
 *
 * Return: NULL; else why the tool cannot use the probe or be told of it, a static clause, and
 * nothing was appended
 */
const char *paste_write(const struct paste_job *job, bool is_first, struct strbuf *out);

/*
 * How many bytes of a type, of a name or path, and of one text of a script a comment has at
 * most: a terminal takes a line with two names and a path.
 */
#define PASTE_TYPE_MAX    100
#define PASTE_NAME_MAX    1000
#define PASTE_COMMENT_MAX 3000

/* Where people put a tool's lines, other than into files. */
enum paste_place {
	PASTE_IN_TOOL,   /* to the tool itself, or nowhere else */
	PASTE_IN_SHELL,  /* they are commands */
	PASTE_IN_QUOTES, /* to the tool, by a shell: bpftrace -e '...' */
};

/* How one tool's lines are written. */
struct paste_tool {
	const char *comment, *comment_end;
	enum paste_place where;
	/* May be NULL. What has to be done once for a file with probes. */
	void (*file)(const struct paste_job *job, struct strbuf *out);
	/*
	 * Append what names the probe in a script of the tool; NULL: it has none.
	 *
	 * Return: as of line
	 */
	const char *(*place)(const struct paste_job *job, struct strbuf *out);
	/*
	 * Append the line or lines, each with its newline.
	 *
	 * Return: NULL, or why it cannot be written, a static clause; what was appended is
	 * thrown away then.
	 */
	const char *(*line)(const struct paste_job *job, struct strbuf *out);
};

/* By enum tracer_id. */
extern const struct paste_tool paste_tools[TRACERS];

const char *paste_ftrace(const struct paste_job *job, struct strbuf *out);

/* Zero-initialised by ftrace_names_new(). */
struct ftrace_names *ftrace_names_new(void);
void ftrace_names_free(struct ftrace_names *names);

/* The format behind --for; output_options.tool and tool_version say which tool. */
extern const struct writer_ops format_paste;
