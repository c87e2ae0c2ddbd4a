/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Reports of lint, check and diff: their outputs, and what all formats share. */
#include "output/report/findings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"

/* clang-format off */
const struct findings_format *const findings_formats[] = {
	&findings_text,
	&findings_json,
	&findings_tap,
	&findings_junit,
	&findings_github,
	NULL,
};
/* clang-format on */

const struct findings_format *findings_format_find(const char *name)
{
	for (const struct findings_format *const *format = findings_formats; *format;
	     format++) {
		if (strcmp((*format)->name, name) == 0)
			return *format;
	}
	return NULL;
}

static void output_deinit(struct findings_output *output)
{
	if (output->path && output->stream && output->stream->fd >= 0)
		close(output->stream->fd);
	free(output->stream);
	free(output->path);
	strbuf_deinit(&output->held);
}

static int output_open(struct findings_output *output, const char *path,
                       struct usdtinfo_error *err)
{
	int fd = STDOUT_FILENO;
	output->stream = malloc(sizeof(*output->stream));
	if (!output->stream)
		return fail_memory(err);
	if (path) {
		output->path = strdup(path);
		if (!output->path) {
			free(output->stream);
			return fail_memory(err);
		}
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
		if (fd < 0) {
			int r = fail_errno(err, "cannot write %s", path);
			free(output->stream);
			free(output->path);
			return r;
		}
	}
	stream_init(output->stream, fd);
	return USDTINFO_OK;
}

int findings_add_output(struct findings *findings, const struct findings_format *format,
                        const char *path, struct usdtinfo_error *err)
{
	if (!array_grow(&findings->outputs, &findings->room, findings->count + 1,
	                sizeof(*findings->outputs)))
		return fail_memory(err);
	struct findings_output output = { .format = format };
	int r = output_open(&output, path, err);
	if (r < 0)
		return r;
	findings->outputs[findings->count++] = output;
	return USDTINFO_OK;
}

void findings_begin(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		struct findings_output *output = &findings->outputs[i];
		if (output->format->begin)
			output->format->begin(output, findings);
	}
}

void findings_file(struct findings *findings)
{
	findings->totals.files++;
}

void findings_add(struct findings *findings, const struct finding *finding)
{
	bool failed = !finding->holds && finding->severity >= findings->fail_on;
	if (!finding->holds)
		findings->totals.count[finding->severity]++;
	findings->totals.failed += failed;
	for (size_t i = 0; i < findings->count; i++) {
		struct findings_output *output = &findings->outputs[i];
		output->format->add(output, findings, finding, failed);
	}
}

/* Some file systems tell only when a file is closed that there was no room for it. */
static int output_finish(struct findings_output *output)
{
	int error = stream_flush(output->stream), fd = output->stream->fd;
	if (!output->path)
		return error;
	output->stream->fd = -1;
	return close(fd) < 0 && !error ? errno : error;
}

int findings_end(struct findings *findings, struct usdtinfo_error *err)
{
	int r = USDTINFO_OK;
	for (size_t i = 0; i < findings->count; i++) {
		struct findings_output *output = &findings->outputs[i];
		if (output->format->end)
			output->format->end(output, findings);
		int error = output_finish(output);
		if (output->held.failed || error == ENOMEM)
			r = fail_memory(err);
		else if (error) {
			errno = error;
			r = fail_errno(err, "write error%s%s", output->path ? " in " : "",
			               output->path ? output->path : "");
		}
	}
	return r;
}

void findings_deinit(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		output_deinit(&findings->outputs[i]);
	free(findings->outputs);
	findings->outputs = NULL;
	findings->count = findings->room = 0;
}
