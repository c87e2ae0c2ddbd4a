/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * A process as /proc shows it: who it is, what it has mapped, its memory. Reading only: it
 * is not attached to, stopped or written to, and may end at any moment.
 */
#pragma once

#include <stdint.h>
#include <sys/stat.h>

#include "base/budget.h"
#include "elf/root/root.h"
#include "find/process/maps.h"
#include "find/process/memory.h"
#include "usdtinfo.h"

/* More mappings than the kernel allows by default (65530) take about a tenth of this. */
#define MAPS_SIZE_MAX (256u << 20)

struct process {
	uint64_t pid;
	char *path; /* "/proc/1234", which it is called in messages */
	/*
	 * Of that directory: still this process when its number is used again. Of another
	 * thread's where the first has ended and others go on.
	 */
	int fd;
	char *command;
	struct maps maps;
	struct root root; /* its own root directory, or ours where that may not be had */
	/* Of its descriptors, that may still be compared with a mapped file that has no path. */
	struct budget descriptors;
};

/* Files times descriptors, both of which a process has as many as it likes. */
#define PROCESS_DESCRIPTORS_MAX (1u << 20)

/*
 * process_open - who is @pid, and what has it mapped?
 * @proc: the directory that is /proc
 * @process: filled; release with process_deinit(), also after a failure
 *
 * Return: 0; USDTINFO_E_SYSTEM with sys_errno ESRCH when there is no such process or it
 * ended meanwhile, EACCES or EPERM when it may not be looked at; USDTINFO_E_ARGUMENT when
 * @pid is a thread, a zombie or of the kernel; USDTINFO_E_DAMAGED, USDTINFO_E_MEMORY.
 */
int process_open(struct process *process, const char *proc, uint64_t pid,
                 struct usdtinfo_error *err);
void process_deinit(struct process *process);

/*
 * process_read_maps - what has it mapped now?
 * @ret: zero-initialised; release with maps_deinit(), also after a failure
 *
 * Return: as of process_open(). Names are not settled.
 */
int process_read_maps(const struct process *process, struct maps *ret,
                      struct usdtinfo_error *err);

/*
 * process_open_memory - open its memory for reading
 *
 * Where that is not allowed, memory->fd is -1 and memory->reason, a static string, says why.
 */
void process_open_memory(const struct process *process, const char *proc,
                         struct memory *memory);
void process_close_memory(struct memory *memory);

/* Whether the process has not ended since it was opened. */
bool process_is_there(const struct process *process);

/*
 * process_settle_names - find out which files have a newline in their name, and which the four
 * characters that the kernel writes for one
 *
 * Return: false when memory ran out
 */
bool process_settle_names(struct process *process);

/* Return: the size of @path without the " (deleted)" behind a name that is gone */
size_t process_name_size(struct text path);

/*
 * process_path_root - the root in which the mapping's path leads to its file
 *
 * Return: the process's own, or ours; NULL when it was deleted or replaced
 */
const struct root *process_path_root(const struct process *process,
                                     const struct mapping *mapping);

/*
 * process_reach - a path by which other programs of ours get at the mapping's file
 * @out: the path, of several possible ones the plainest, is appended
 *
 * Return: whether there is one
 */
bool process_reach(const struct process *process, const struct mapping *mapping,
                   struct strbuf *out);

/* How the file of a mapping was reached. */
struct mapped_file {
	int fd;
	struct stat st;
	/* By its path, on a file system (overlay) that shows two device numbers for it. */
	bool device_differs;
};

/*
 * process_open_file - open the very file that is mapped, whatever stands at its path now
 * @mappings, @count: of one file; some may be gone already
 *
 * Return: 0 with a descriptor of the caller's; USDTINFO_E_NOT_ELF for what is no regular
 * file; USDTINFO_E_SYSTEM, USDTINFO_E_MEMORY. The text says when another file is there.
 */
int process_open_file(struct process *process, const struct mapping *const *mappings,
                      size_t count, struct mapped_file *ret, struct usdtinfo_error *err);
