/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The option group about the live state of probes in processes. */
#pragma once

#include <argp.h>
#include <stdbool.h>

#include "cli/messages/report.h"
#include "cli/options/options.h"
#include "probe/note/probe.h"

/* Zero-initialise. */
struct process_options {
	bool armed;   /* only probes that are */
	bool summary; /* one line a provider, of processes one a probe */
};

extern const struct argp process_argp;
/*
 * Say what the groups do not go together with, and choose the format of a summary; to be
 * called when all were parsed.
 */
void process_options_check(const struct process_options *options,
                           const struct selection *selection, struct output *output,
                           struct argp_state *state);
/* Say of processes as a whole what would be said of each file. */
void process_options_report(const struct process_options *options,
                            const struct selection *selection,
                            const struct output *output, struct report *report);
