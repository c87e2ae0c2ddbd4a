/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The Python that a process runs, judged by the very files that it has loaded. */
#pragma once

#include <stdbool.h>

#include "find/runtime/python.h"

/*
 * python_examine_process - find and judge
 * @proc: the directory that is /proc
 * @all: the other object, too
 * @ret: set when 0 is returned; release with usdtinfo_python_close()
 *
 * The libpython that it has loaded, else its program, else whatever it has loaded that
 * defines CPython's functions. A process that cannot be looked at is a verdict ("unknown").
 * Where a file was deleted or replaced since, no build record is looked for around it.
 *
 * Return: 0 or USDTINFO_E_MEMORY.
 */
int python_examine_process(const char *proc, uint64_t pid, bool all,
                           struct usdtinfo_python **ret, struct usdtinfo_error *err);
