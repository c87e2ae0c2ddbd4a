/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* All that a selection names, object by object. */
#pragma once

#include "cli/messages/report.h"
#include "cli/options/options.h"
#include "find/visit/visit.h"

/*
 * each_subject - visit the objects of every operand and of every line of --files-from
 * @report: told of a list of paths that cannot be read; the rest is the visitor's
 *
 * Return: what the last visit returned, or USDTINFO_E_MEMORY.
 */
int each_subject(const struct selection *selection, struct report *report,
                 object_visit visit, void *context);
