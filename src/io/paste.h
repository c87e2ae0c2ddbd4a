/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Paste lines: for each probe the line that makes a tracing tool stop there, quoted for that
 * tool. What a tool cannot express, or cannot use, becomes a comment that says why.
 */
#pragma once

#include "io/writer.h"
#include "probe/tracers.h"

struct ftrace_names;

/* One probe about to become a line. */
struct paste_job {
	struct text path; /* absolute */
	const struct file_facts *file;
	const struct usdtinfo_probe *probe;
	unsigned machine; /* e_machine */
	enum tracer_id tool;
	struct tracer_verdict verdict;
	struct ftrace_names *names; /* event names given so far; for ftrace */
};

/* How one tool's lines are written. */
struct paste_tool {
	const char *comment, *comment_end;
	/* May be NULL. What has to be done once for a file with probes. */
	void (*file)(const struct paste_job *job, struct strbuf *out);
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
