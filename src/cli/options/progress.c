/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Files, objects, rate and directory, five times a second at most. */
#include "cli/options/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/text.h"
#include "cli/options/options.h"

#define INTERVAL_SECONDS 0.2
#define PATIENCE_SECONDS 1.0

bool progress_parse(const char *text, enum progress_when *ret)
{
	static const char *const words[] = { "auto", "always", "never" };
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(text, words[i]) == 0) {
			*ret = (enum progress_when)i;
			return true;
		}
	}
	return false;
}

bool progress_init(struct progress *progress, enum progress_when when)
{
	*progress = (struct progress){
		.overwrites = isatty(STDERR_FILENO),
		.at_once = when == PROGRESS_ALWAYS,
		.width = output_width(STDERR_FILENO),
	};
	if (progress->width == 0)
		progress->width = 80;
	clock_gettime(CLOCK_MONOTONIC, &progress->start);
	return when == PROGRESS_ALWAYS || (when == PROGRESS_AUTO && progress->overwrites);
}

static double seconds_between(struct timespec from, struct timespec to)
{
	return (double)(to.tv_sec - from.tv_sec) +
	       (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

void progress_tell(void *data, const struct tree_counts *counts, struct text directory)
{
	struct progress *progress = data;
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	double elapsed = seconds_between(progress->start, now);
	if (!progress->at_once && elapsed < PATIENCE_SECONDS)
		return;
	if (progress->is_shown && seconds_between(progress->last, now) < INTERVAL_SECONDS)
		return;
	_cleanup_(strbuf_deinit) struct strbuf line = { 0 };
	strbuf_addf(&line,
	            "%" PRIu64 " files, %" PRIu64 " ELF, %" PRIu64 " probes, %.0f/s  ",
	            counts->files, counts->elf, counts->probes,
	            elapsed > 0 ? (double)counts->files / elapsed : 0);
	text_escape(directory, &line);
	if (line.failed)
		return;
	size_t size = line.size < progress->width ? line.size : progress->width - 1;
	/* A character stays whole. */
	while (size < line.size && (line.at[size] & 0xc0) == 0x80)
		size--;
	fprintf(stderr, progress->overwrites ? "\r\033[K%.*s" : "%.*s\n", (int)size,
	        line.at);
	fflush(stderr);
	progress->is_shown = true;
	progress->last = now;
}

void progress_end(struct progress *progress)
{
	if (progress->is_shown && progress->overwrites)
		fputs("\r\033[K", stderr);
	progress->is_shown = false;
}
