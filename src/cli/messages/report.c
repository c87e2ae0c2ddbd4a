/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Messages and the exit code. */
#include "cli/messages/report.h"

#include <errno.h>
#include <inttypes.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

static void add_line(struct strbuf *line, struct text path, struct text reason)
{
	strbuf_add_string(line, "usdtinfo: ");
	if (path.size)
		text_escape(path, line);
	else
		strbuf_add_string(line, "''");
	strbuf_add_string(line, ": ");
	text_escape(reason, line);
}

/* One write, so that lines of several processes do not mingle. */
static void print_line(struct strbuf *line)
{
	strbuf_add_char(line, '\n');
	if (line->failed)
		fputs("usdtinfo: out of memory\n", stderr);
	else
		fwrite(line->at, 1, line->size, stderr);
}

void report_trouble(struct report *report, struct text path, struct text reason)
{
	_cleanup_(strbuf_deinit) struct strbuf line = { 0 };
	report->trouble = true;
	add_line(&line, path, reason);
	print_line(&line);
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Whether it was not told yet. When memory runs out, it is told again. */
static bool is_news(struct report *report, const struct strbuf *line)
{
	char *copy = line->failed ? NULL : strdup(line->at);
	char **kept = copy ? tsearch(copy, &report->told, compare_lines) : NULL;
	if (kept && *kept == copy)
		return true;
	free(copy);
	return !kept;
}

void report_file(struct report *report, const struct file_facts *facts)
{
	const struct diagnostics *list = &facts->diagnostics;
	const struct diagnostic *first = NULL;
	size_t more = 0;
	if (!list->has_error)
		return;
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].severity != USDTINFO_SEVERITY_ERROR)
			continue;
		if (first)
			more++;
		else
			first = &list->items[i];
	}
	report->trouble = true;
	_cleanup_(strbuf_deinit) struct strbuf line = { 0 };
	add_line(&line, facts->path, first ? first->message : text_of("out of memory"));
	if (more)
		strbuf_addf(&line, " (and %zu more)", more);
	if (!facts->pid.known || is_news(report, &line))
		print_line(&line);
}

/* Members of an archive say the same, in turns; what is told of one path stands together. */
static bool is_repeated(const struct strbuf *notices, const struct strbuf *line,
                        size_t path_size)
{
	size_t end = notices->size;
	while (end > 0) {
		size_t start = end - 1;
		while (start > 0 && notices->at[start - 1] != '\n')
			start--;
		size_t size = end - start;
		if (size < path_size ||
		    memcmp(notices->at + start, line->at, path_size) != 0)
			return false;
		if (size == line->size &&
		    memcmp(notices->at + start, line->at, size) == 0)
			return true;
		end = start;
	}
	return false;
}

void report_notice(struct report *report, struct text path, const char *reason)
{
	_cleanup_(strbuf_deinit) struct strbuf line = { 0 };
	struct strbuf *notices = &report->notices;
	add_line(&line, path, text_of(""));
	size_t path_size = line.size;
	text_escape(text_of(reason), &line);
	strbuf_add_char(&line, '\n');
	if (line.failed) {
		report_message(report, "out of memory");
		return;
	}
	if (is_repeated(notices, &line, path_size))
		return;
	strbuf_add(notices, line.at, line.size);
	if (notices->failed)
		report_message(report, "out of memory");
}

void report_message(struct report *report, const char *reason)
{
	_cleanup_(strbuf_deinit) struct strbuf line = { 0 };
	report->trouble = true;
	strbuf_add_string(&line, "usdtinfo: ");
	text_escape(text_of(reason), &line);
	print_line(&line);
}

enum exit_code report_end(struct report *report, struct stream *stream)
{
	int error = stream ? stream_flush(stream) : 0;
	if (error == ENOMEM) {
		report_message(report, "out of memory");
	} else if (error) {
		_cleanup_(strbuf_deinit) struct strbuf text = { 0 };
		strbuf_addf(&text, "write error: %s", strerror(error));
		report_message(report, text.at ? text.at : "write error");
	}
	if (report->denied)
		fprintf(stderr, "usdtinfo: %" PRIu64 " %s: permission denied\n",
		        report->denied,
		        report->denied == 1 ? "process could not be looked at"
		                            : "processes could not be looked at");
	if (report->trouble)
		return EXIT_TROUBLE;
	if (report->found)
		return EXIT_YES;
	if (report->notices.size)
		fwrite(report->notices.at, 1, report->notices.size, stderr);
	return EXIT_NO;
}

void report_deinit(struct report *report)
{
	strbuf_deinit(&report->notices);
	tdestroy(report->told, free);
}
