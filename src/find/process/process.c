/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Reading /proc/PID: status, comm, maps, mem. */
#include "find/process/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "base/file.h"

/* Of status and comm; both are far smaller. */
#define STATUS_SIZE_MAX (1u << 16)

static void closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static int fail_gone(struct usdtinfo_error *err, const char *text)
{
	int r = fail(err, USDTINFO_E_SYSTEM, "%s", text);
	if (err)
		err->sys_errno = ESRCH;
	return r;
}

/* The kernel answers ESRCH, or with nothing, for a process that ended since. */
static int fail_read(struct usdtinfo_error *err, const char *name)
{
	if (errno == ESRCH || errno == ENOENT)
		return fail_gone(err, "the process has ended");
	return fail_errno(err, "cannot read its %s", name);
}

#define BLOCK_SIZE STATUS_SIZE_MAX

/*
 * Append the whole of a file of the process's directory. The kernel gives what is made in one
 * piece in one piece; maps comes by pages.
 */
static int read_file(const struct process *process, const char *name, size_t limit,
                     struct strbuf *ret, struct usdtinfo_error *err)
{
	_cleanup_(closep) int fd = openat(process->fd, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail_read(err, name);
	_cleanup_(freep) char *block = malloc(BLOCK_SIZE);
	if (!block)
		return fail_memory(err);
	for (bool is_whole = false;;) {
		ssize_t got = is_whole ? 0 : read(fd, block, BLOCK_SIZE);
		if (got < 0 && errno == EINTR)
			continue;
		if (got == 0)
			return ret->failed ? fail_memory(err) : 0;
		if (got > 0 && ret->size + (size_t)got > limit) {
			errno = EFBIG;
			got = -1;
		}
		if (got < 0)
			return fail_read(err, name);
		strbuf_add(ret, block, (size_t)got);
		is_whole = limit == STATUS_SIZE_MAX && (size_t)got < BLOCK_SIZE;
	}
}

/* Return: what follows "KEY:" and blanks in a line of status, or NULL */
static const char *status_value(const struct strbuf *status, const char *key)
{
	size_t size = strlen(key);
	for (const char *at = status->at; at && *at;) {
		if (strncmp(at, key, size) == 0 && at[size] == ':')
			return at + size + 1 + strspn(at + size + 1, " \t");
		at = strchr(at, '\n');
		at = at ? at + 1 : at;
	}
	return NULL;
}

static bool has_ended(const struct strbuf *status)
{
	const char *state = status_value(status, "State");
	return state && (*state == 'Z' || *state == 'X');
}

static int judge_group(const struct process *process, const struct strbuf *status,
                       struct usdtinfo_error *err)
{
	const char *group = status_value(status, "Tgid");
	uint64_t leader = group ? strtoull(group, NULL, 10) : process->pid;
	if (leader == process->pid)
		return 0;
	return fail(err, USDTINFO_E_ARGUMENT, "a thread of process %" PRIu64, leader);
}

static int read_command(struct process *process, struct usdtinfo_error *err)
{
	struct strbuf command = { 0 };
	int r = read_file(process, "comm", STATUS_SIZE_MAX, &command, err);
	if (r < 0) {
		strbuf_deinit(&command);
		return r;
	}
	if (command.size && command.at[command.size - 1] == '\n')
		command.at[--command.size] = '\0';
	process->command = command.at;
	return 0;
}

/* Why not: the user, or what the process is. The rule is ptrace(2)'s. */
static int fail_denied(const struct strbuf *status, struct usdtinfo_error *err)
{
	struct usdtinfo_error denied = *err;
	const char *uids = status_value(status, "Uid");
	char *next;
	for (int i = 0; uids && i < 3; i++, uids = next) {
		unsigned long uid = strtoul(uids, &next, 10);
		if (uid == geteuid())
			continue;
		fail(err, denied.code, "%s (it runs as user %lu)", denied.text, uid);
		err->sys_errno = denied.sys_errno;
		return denied.code;
	}
	fail(err, denied.code,
	     "%s (it hides from its own user, or has privileges that you have not)",
	     denied.text);
	err->sys_errno = denied.sys_errno;
	return denied.code;
}

int process_read_maps(const struct process *process, struct maps *ret,
                      struct usdtinfo_error *err)
{
	int r = read_file(process, "maps", MAPS_SIZE_MAX, &ret->bytes, err);
	if (r < 0)
		return r;
	if (!ret->bytes.size)
		return fail_gone(err, "the process has ended");
	return maps_parse(ret, err);
}

static int read_maps(struct process *process, const struct strbuf *status,
                     struct usdtinfo_error *err)
{
	int r = process_read_maps(process, &process->maps, err);
	bool is_denied = r == USDTINFO_E_SYSTEM && err &&
	                 (err->sys_errno == EACCES || err->sys_errno == EPERM);
	return is_denied ? fail_denied(status, err) : r;
}

static int open_directory(struct process *process, const char *path,
                          struct usdtinfo_error *err)
{
	process->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (process->fd >= 0)
		return 0;
	if (errno == ENOENT || errno == ESRCH)
		return fail_gone(err, "no such process");
	return fail_errno(err, "cannot look at the process");
}

/* A directory and its status. @path: as of process->path, or of a thread */
static int enter(struct process *process, const char *path, struct strbuf *status,
                 struct usdtinfo_error *err)
{
	closep(&process->fd);
	strbuf_clear(status);
	int r = open_directory(process, path, err);
	return r < 0 ? r : read_file(process, "status", STATUS_SIZE_MAX, status, err);
}

static void closedirp(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

/*
 * A process whose first thread has ended looks like a zombie there; its memory is that of
 * the others, each of which has a directory beside its own.
 *
 * Return: the directory of one, malloced; NULL when there is none
 */
static char *find_thread(const struct process *process, const char *proc,
                         struct strbuf *status)
{
	int fd = openat(process->fd, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_cleanup_(closedirp) DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	if (!directory && fd >= 0)
		close(fd);
	for (struct dirent *entry; directory && (entry = readdir(directory));) {
		struct process thread = { .fd = -1 };
		char *path = NULL;
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9' ||
		    asprintf(&path, "%s/%s", proc, entry->d_name) < 0)
			continue;
		int r = enter(&thread, path, status, NULL);
		closep(&thread.fd);
		if (r == 0 && !has_ended(status))
			return path;
		free(path);
	}
	return NULL;
}

/* Enter the directory in which its memory is told of. *@place_ret: malloced */
static int enter_living(struct process *process, const char *proc, struct strbuf *status,
                        char **place_ret, struct usdtinfo_error *err)
{
	int r = enter(process, process->path, status, err);
	if (r == 0)
		r = judge_group(process, status, err);
	if (r == 0)
		r = read_command(process, err);
	if (r < 0)
		return r;
	if (!has_ended(status)) {
		*place_ret = strdup(process->path);
		return *place_ret ? 0 : fail_memory(err);
	}
	*place_ret = find_thread(process, proc, status);
	if (!*place_ret)
		return fail(err, USDTINFO_E_ARGUMENT,
		            "a zombie: it has ended, and nothing is mapped");
	return enter(process, *place_ret, status, err);
}

/*
 * A process gives its memory back some time before it is a zombie. Since Linux 6.10 status
 * says which threads are the kernel's; before, all but kthreadd are its children.
 */
static int fail_unmapped(const struct strbuf *status, struct usdtinfo_error *err)
{
	const char *kernel = status_value(status, "Kthread");
	const char *parent = status_value(status, "PPid");
	unsigned long number = parent ? strtoul(parent, NULL, 10) : 0;
	if (kernel ? *kernel == '0' : number != 0 && number != 2)
		return fail_gone(err, "the process has ended");
	return fail(err, USDTINFO_E_ARGUMENT,
	            "a kernel thread: it has no memory of its own");
}

static int read_all(struct process *process, const char *proc, struct usdtinfo_error *err)
{
	_cleanup_(strbuf_deinit) struct strbuf status = { 0 };
	_cleanup_(strbuf_deinit) struct strbuf root = { 0 };
	_cleanup_(freep) char *place = NULL;
	int r = enter_living(process, proc, &status, &place, err);
	if (r == 0 && !status_value(&status, "VmSize"))
		r = fail_unmapped(&status, err);
	if (r == 0)
		r = read_maps(process, &status, err);
	if (r < 0)
		return r;
	strbuf_addf(&root, "%s/root", place);
	if (root.failed)
		return fail_memory(err);
	/* Without it paths are looked up from our own root: mostly the same. */
	struct usdtinfo_error why;
	root_init(&process->root, root.at, &why);
	return process_settle_names(process) ? 0 : fail_memory(err);
}

int process_open(struct process *process, const char *proc, uint64_t pid,
                 struct usdtinfo_error *err)
{
	*process = (struct process){
		.pid = pid,
		.fd = -1,
		.root = ROOT_HOST,
		.descriptors.left = PROCESS_DESCRIPTORS_MAX,
	};
	if (asprintf(&process->path, "%s/%" PRIu64, proc, pid) < 0) {
		process->path = NULL;
		return fail_memory(err);
	}
	return read_all(process, proc, err);
}

void process_deinit(struct process *process)
{
	closep(&process->fd);
	root_deinit(&process->root);
	maps_deinit(&process->maps);
	free(process->command);
	free(process->path);
	*process = (struct process){ .fd = -1, .root = ROOT_HOST };
}

bool process_is_there(const struct process *process)
{
	return faccessat(process->fd, "status", F_OK, 0) == 0;
}

/* Yama forbids what file permissions would allow: kernel.yama.ptrace_scope. */
static const char *why_denied(const char *proc)
{
	static const char *const scopes[] = {
		NULL,
		"permission denied: kernel.yama.ptrace_scope is 1",
		"permission denied: kernel.yama.ptrace_scope is 2",
		"permission denied: kernel.yama.ptrace_scope is 3",
	};
	char path[256], scope = '0';
	int size = snprintf(path, sizeof(path), "%s/sys/kernel/yama/ptrace_scope", proc);
	if (size < 0 || (size_t)size >= sizeof(path))
		return "permission denied";
	_cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, &scope, 1) != 1 || scope < '1' || scope > '3')
		return "permission denied";
	return scopes[scope - '0'];
}

void process_open_memory(const struct process *process, const char *proc,
                         struct memory *memory)
{
	memory->reason = (struct text){ 0 };
	memory->failed = false;
	memory->pages[MEMORY_SITES].size = memory->pages[MEMORY_SEMAPHORES].size = 0;
	memory->fd = openat(process->fd, "mem", O_RDONLY | O_CLOEXEC);
	if (memory->fd >= 0)
		return;
	if (errno == EACCES || errno == EPERM) {
		memory->reason = text_of(why_denied(proc));
	} else if (errno == ENOENT || errno == ESRCH) {
		memory->reason = text_of("the process has ended");
	} else {
		memory->reason = text_of(
			file_is_crowded(errno)
				? "its memory cannot be opened: Too many open files"
				: "its memory cannot be opened");
		memory->failed = true;
	}
}

void process_close_memory(struct memory *memory)
{
	closep(&memory->fd);
	memory->fd = -1;
}
