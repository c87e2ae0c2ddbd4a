/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The processes that a selection names, object by object. */
#pragma once

#include "cli/options.h"
#include "cli/report.h"
#include "find/object.h"

/*
 * each_process - visit the loaded objects of --pid or --all-processes
 * @report: told when processes cannot be listed, and of those that are others'
 *
 * Return: what the last visit returned, or USDTINFO_E_MEMORY.
 */
int each_process(const struct selection *selection, struct report *report,
                 object_visit visit, void *context);
