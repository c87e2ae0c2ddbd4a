/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The Python that a process runs: the libpython that it mapped, or its own program. */
#pragma once

#include "elf/root.h"

/* Zero-initialise; release with python_process_close(). */
struct python_process {
	struct root root; /* the process's own, by /proc/PID/root */
	char *path;       /* inside it */
};

/*
 * python_process_open - look at a process
 * @proc: "/proc"
 * @pid: decimal digits
 *
 * Return: 0, USDTINFO_E_SYSTEM, E_MEMORY; E_ARGUMENT when what it runs was deleted.
 */
int python_process_open(const char *proc, const char *pid, struct python_process *process,
                        struct usdtinfo_error *err);
void python_process_close(struct python_process *process);
