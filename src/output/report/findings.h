/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Reports of lint, check and diff: what was found, one at a time, in as many formats at once
 * as were asked for. Nothing is kept but what a format cannot write before the end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "output/list/fields.h"
#include "output/stream/stream.h"
#include "usdtinfo.h"

/* Texts are borrowed for the time of the call, and unescaped. */
struct finding {
	enum usdtinfo_severity severity;
	bool holds;       /* nothing is wrong: a requirement that is met, a sound file */
	struct text rule; /* stable kebab-case name; not known: no rule in particular */
	struct text path; /* not known: not about one file */
	struct text provider, name; /* not known: about the file as a whole */
	struct maybe_u64 location;
	struct text message; /* a sentence without its full stop */
	const void *data; /* what the kind's record describes; NULL: the finding itself */
};

struct findings;
struct findings_output;

/* What a verb's report is called, and what of a finding stands in its JSON. */
struct findings_kind {
	const char *kind;            /* of the document, and in names of suites: "lint" */
	const char *array;           /* key of the findings in JSON: "findings" */
	const struct record *record; /* of finding.data */
	const char *nothing; /* the last line of the text, when nothing is wrong */
	/* The text of its own, where findings_text's does not fit; NULL else. */
	void (*text_add)(struct findings_output *output, const struct findings *findings,
	                 const struct finding *finding);
	void (*text_end)(struct findings_output *output, const struct findings *findings);
	bool shows_holding; /* what holds stands in text and JSON, too, not only in TAP and JUnit */
};

/* As a kind's record: rule, severity, path, provider, name, location, message. */
extern const struct record finding_record;

struct findings_totals {
	uint64_t files; /* told by findings_file() */
	uint64_t count[USDTINFO_SEVERITY_ERROR + 1];
	uint64_t failed; /* of the severity that --fail-on names, or above */
};

/* A format. Writing goes to output->stream, which remembers its errors. */
struct findings_format {
	const char *name;
	const char *help;
	void (*begin)(struct findings_output *output, const struct findings *findings);
	/* @failed: it counts for the exit code */
	void (*add)(struct findings_output *output, const struct findings *findings,
	            const struct finding *finding, bool failed);
	void (*end)(struct findings_output *output, const struct findings *findings);
};

/* All of them, ended by NULL. */
extern const struct findings_format *const findings_formats[];
/* Return: the format of that name, or NULL */
const struct findings_format *findings_format_find(const char *name);

extern const struct findings_format findings_text, findings_json, findings_tap,
	findings_junit, findings_github;

/* One place that a report goes to, and the state of its format. */
struct findings_output {
	const struct findings_format *format;
	struct stream *stream;
	char *path; /* NULL: standard output */
	struct json json;
	struct strbuf held; /* what has to wait for the end */
	uint64_t points, failures;
};

/* More to say than findings, at the end; either may be NULL. */
struct findings_appendix {
	void (*text)(struct stream *stream, void *data);
	void (*json)(struct json *json, void *data); /* members of the document */
	void *data;
};

/* Zero-initialise but for kind and fail_on; release with findings_deinit(). */
struct findings {
	const struct findings_kind *kind;
	enum usdtinfo_severity fail_on;
	struct findings_output *outputs;
	size_t count, room;
	struct findings_totals totals;
	struct findings_appendix appendix;
	bool is_incomplete; /* something could not be read: that nothing was found says little */
	bool color;         /* of the text on standard output */
	void *data;         /* the kind's */
};

/*
 * findings_add_output - let the report go to @path as well
 * @path: created or emptied; NULL: standard output
 *
 * Return: 0, USDTINFO_E_SYSTEM, USDTINFO_E_MEMORY.
 */
int findings_add_output(struct findings *findings, const struct findings_format *format,
                        const char *path, struct usdtinfo_error *err);

/* Once, after the last output and before the first finding. */
void findings_begin(struct findings *findings);
void findings_file(struct findings *findings);
void findings_add(struct findings *findings, const struct finding *finding);
/*
 * Once, after the last finding: writes what is left and flushes.
 *
 * Return: 0, or USDTINFO_E_SYSTEM, E_MEMORY when an output is not all there.
 */
int findings_end(struct findings *findings, struct usdtinfo_error *err);
void findings_deinit(struct findings *findings);

/* Append "PATH: PROVIDER:NAME at 0x1f", or what of it is known, escaped for a terminal. */
void finding_place(const struct finding *finding, struct strbuf *out);
/* Append "error: MESSAGE [RULE]", escaped likewise; "ok" when it holds. */
void finding_sentence(const struct finding *finding, struct strbuf *out);
/* Append "1 error, 2 warnings", or what the kind says for nothing, if that is sure. */
void findings_total(const struct findings *findings, struct strbuf *out);
