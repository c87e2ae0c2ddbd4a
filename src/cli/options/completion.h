/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What shells need to complete a command line. */
#pragma once

#include <argp.h>
#include <stdio.h>

/*
 * completion_options - write all options of a verb for the completion scripts
 *
 * One line each: letter, long name, value's name, words that the description lists as
 * values, description, separated by tabs; what is not there is empty. Hidden options are
 * left out.
 */
void completion_options(const struct argp *argp, FILE *out);
