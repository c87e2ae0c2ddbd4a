/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Workers look at processes ahead of the caller, who visits them in order: what waits to be
 * visited is bounded, and the caller works, too, while it has nothing to visit.
 */
#include "find/process/processes.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "base/thread.h"
#include "find/process/process_scan.h"

/* Looked at and not yet visited. */
#define AHEAD_MAX   64
#define THREADS_MAX 64

struct slot {
	struct process_scan scan;
	int r;
	bool ready;
};

struct team {
	const struct process_finder *finder;
	const uint64_t *pids;
	size_t count;
	struct image_cache *cache;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	size_t taken, visited; /* processes; never more than AHEAD_MAX apart */
	bool over;             /* the caller wants no more */
	size_t runtimes_max;   /* of one process */
	size_t held;           /* of those that wait to be visited */
	struct slot slots[AHEAD_MAX];
	pthread_t threads[THREADS_MAX];
	unsigned thread_count;
	struct process_tally tally;
};

/* ---- which ---- */

static int compare_numbers(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static bool parse_number(const char *name, uint64_t *ret)
{
	char *end;
	if (*name < '1' || *name > '9')
		return false;
	errno = 0;
	unsigned long long value = strtoull(name, &end, 10);
	*ret = value;
	return *end == '\0' && errno == 0;
}

/* What this process is called there; 0: it is not. getpid() may go by another namespace. */
static uint64_t own_number(DIR *directory)
{
	char name[24];
	uint64_t number;
	ssize_t size = readlinkat(dirfd(directory), "self", name, sizeof(name) - 1);
	if (size <= 0)
		return 0;
	name[size] = '\0';
	return parse_number(name, &number) ? number : 0;
}

/* All but this one, whose objects come and go as it looks at others. */
static int list_processes(const char *proc, uint64_t **pids_ret, size_t *count_ret,
                          struct usdtinfo_error *err)
{
	_cleanup_(freep) uint64_t *pids = NULL;
	size_t count = 0, room = 0;
	DIR *directory = opendir(proc);
	if (!directory)
		return fail_errno(err, "cannot list processes");
	uint64_t own = own_number(directory);
	for (struct dirent *entry; (errno = 0, entry = readdir(directory));) {
		uint64_t pid;
		if (!parse_number(entry->d_name, &pid) || pid == own)
			continue;
		if (!array_grow(&pids, &room, count + 1, sizeof(*pids))) {
			closedir(directory);
			return fail_memory(err);
		}
		pids[count++] = pid;
	}
	int r = errno ? fail_errno(err, "cannot list processes") : 0;
	closedir(directory);
	if (r < 0)
		return r;
	if (count)
		qsort(pids, count, sizeof(*pids), compare_numbers);
	*pids_ret = steal_ptr(pids);
	*count_ret = count;
	return 0;
}

/* ---- looking ---- */

/* With the lock held. Return: whether there was a process to look at */
static bool work(struct team *team)
{
	size_t ahead = team->taken - team->visited;
	if (team->over || team->taken == team->count || ahead == AHEAD_MAX ||
	    (ahead && team->held >= team->runtimes_max))
		return false;
	struct slot *slot = &team->slots[team->taken % AHEAD_MAX];
	uint64_t pid = team->pids[team->taken++];
	pthread_mutex_unlock(&team->lock);
	int r = process_scan(&slot->scan, team->finder->proc, pid, team->cache,
	                     team->runtimes_max);
	pthread_mutex_lock(&team->lock);
	team->held += slot->scan.runtime_count;
	slot->r = r;
	slot->ready = true;
	pthread_cond_broadcast(&team->changed);
	return true;
}

static void *work_on(void *data)
{
	struct team *team = data;
	pthread_mutex_lock(&team->lock);
	while (!team->over && team->taken < team->count)
		if (!work(team))
			pthread_cond_wait(&team->changed, &team->lock);
	pthread_mutex_unlock(&team->lock);
	return NULL;
}

/* Fewer than asked for are enough: the caller works, too. */
static void hire(struct team *team)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned wanted = team->finder->threads;
	if (!wanted)
		wanted = processors > 0 ? (unsigned)processors : 1;
	if (wanted > team->count)
		wanted = (unsigned)team->count;
	while (team->thread_count + 1 < wanted && team->thread_count < THREADS_MAX &&
	       thread_start(&team->threads[team->thread_count], work_on, team) == 0)
		team->thread_count++;
}

static void dismiss(struct team *team)
{
	pthread_mutex_lock(&team->lock);
	team->over = true;
	pthread_cond_broadcast(&team->changed);
	pthread_mutex_unlock(&team->lock);
	for (unsigned i = 0; i < team->thread_count; i++)
		pthread_join(team->threads[i], NULL);
	for (size_t i = team->visited; i < team->taken; i++)
		process_scan_deinit(&team->slots[i % AHEAD_MAX].scan);
}

/* ---- visiting ---- */

static void set_process(struct file_facts *facts, const struct process *process)
{
	facts->pid = known_u64(process->pid);
	facts->command = text_of(process->command);
}

static int visit_failure(const struct process *process, const char *path,
                         const struct usdtinfo_error *err, object_visit visit,
                         void *context)
{
	struct file_facts facts = { .path = text_of(path),
		                    .state = state_of_failure(err->code) };
	set_process(&facts, process);
	diagnose(&facts.diagnostics,
	         facts.state == USDTINFO_STATE_DAMAGED ? DIAG_HEADER_DAMAGED
	                                               : DIAG_UNREADABLE,
	         "%s", err->text);
	int r = visit(context, &(struct object){ .facts = &facts });
	diagnostics_deinit(&facts.diagnostics);
	return r;
}

static void diagnose_object(const struct process_scan *scan,
                            const struct process_object *object, struct diagnostics *list)
{
	if (object->device_differs)
		diagnose(
			list, DIAG_DEVICE_DIFFERS,
			"known by its path and inode: the file system shows another device than the mapping's, %02" PRIx32
			":%02" PRIx32,
			object->mapping->major, object->mapping->minor);
	if (object->is_beyond)
		diagnose(list, DIAG_MEMORY_UNREADABLE,
		         "process %" PRIu64 " has more probes loaded than are looked at",
		         scan->process.pid);
	if (scan->memory_reason && object->runtimes)
		diagnose(list, DIAG_MEMORY_UNREADABLE,
		         "the memory of process %" PRIu64 " cannot be read: %s",
		         scan->process.pid, scan->memory_reason);
}

/* Return: false when memory ran out */
static bool find_reach(const struct process_scan *scan,
                       const struct process_object *object, struct file_facts *facts,
                       struct strbuf *path)
{
	facts->is_unreachable = !process_reach(&scan->process, object->mapping, path);
	if (!facts->is_unreachable)
		facts->path = strbuf_text(path);
	return !path->failed;
}

/*
 * The image is the cache's; for the visit it is called as this process calls it, and what is
 * found out about this process is said of it.
 */
static int visit_loaded(const struct process_scan *scan,
                        const struct process_object *object, bool for_tracers,
                        object_visit visit, void *context)
{
	_cleanup_(strbuf_deinit) struct strbuf reach = { 0 };
	struct usdtinfo_image *image = object->shared->image;
	const struct finder finder = { .root = &scan->process.root };
	const struct file_facts kept = image->facts;
	const struct root *kept_root = image->root;
	const char *kept_path = image->file_path;
	struct file_facts *facts = &image->facts;
	image->root = &scan->process.root;
	image->file_path = object->path;
	facts->path = text_of(object->path);
	set_process(facts, &scan->process);
	facts->load_bias = known_u64(object->bias);
	diagnose_object(scan, object, &facts->diagnostics);
	int r = USDTINFO_E_MEMORY;
	if (!for_tracers || find_reach(scan, object, facts, &reach))
		r = visit(context, &(struct object){
					   .facts = facts,
					   .image = image,
					   .finder = &finder,
					   .runtimes = object->runtimes,
					   .runtime_count = object->runtime_count,
				   });
	struct diagnostics list = facts->diagnostics;
	diagnostics_truncate(&list, kept.diagnostics.count, kept.diagnostics.has_error);
	list.omitted = kept.diagnostics.omitted;
	*facts = kept;
	facts->diagnostics = list;
	image->root = kept_root;
	image->file_path = kept_path;
	return r;
}

static int visit_objects(const struct process_scan *scan, bool for_tracers,
                         object_visit visit, void *context)
{
	int r = 0;
	for (size_t i = 0; r == 0 && i < scan->count; i++) {
		const struct process_object *object = &scan->objects[i];
		if (!object->shared) {
			r = visit_failure(&scan->process, object->path, &object->err,
			                  visit, context);
			continue;
		}
		if (!for_tracers || !object->shared->was_visited)
			r = visit_loaded(scan, object, for_tracers, visit, context);
		object->shared->was_visited = true;
	}
	return r;
}

/* Others' processes are no trouble, but a report without them is not whole. */
static int visit_denied(const struct team *team, object_visit visit, void *context)
{
	struct file_facts facts = { .path = text_of(team->finder->proc),
		                    .state = USDTINFO_STATE_UNREADABLE };
	diagnose(&facts.diagnostics, DIAG_PROCESSES_DENIED,
	         "%" PRIu64 " process%s could not be looked at: permission denied",
	         team->tally.denied, team->tally.denied == 1 ? "" : "es");
	int r = visit(context, &(struct object){ .facts = &facts });
	diagnostics_deinit(&facts.diagnostics);
	return r;
}

static bool is_denied(const struct usdtinfo_error *err)
{
	return err->sys_errno == EACCES || err->sys_errno == EPERM;
}

static int visit_process(struct team *team, const struct slot *slot, object_visit visit,
                         void *context)
{
	const struct process_scan *scan = &slot->scan;
	bool is_named = team->finder->pids != NULL;
	if (slot->r == 0) {
		team->tally.seen++;
		return visit_objects(scan, team->finder->for_tracers, visit, context);
	}
	if (slot->r == USDTINFO_E_MEMORY)
		return slot->r;
	if (!is_named && is_denied(&scan->err)) {
		team->tally.denied++;
		return 0;
	}
	/* Among all, those that have no objects are none of them. */
	if (!is_named && (scan->err.sys_errno == ESRCH || slot->r == USDTINFO_E_ARGUMENT))
		return 0;
	return visit_failure(&scan->process, scan->process.path, &scan->err, visit,
	                     context);
}

static int visit_all(struct team *team, object_visit visit, void *context)
{
	int r = 0;
	while (r == 0 && team->visited < team->count) {
		struct slot *slot = &team->slots[team->visited % AHEAD_MAX];
		pthread_mutex_lock(&team->lock);
		while (!slot->ready)
			if (!work(team))
				pthread_cond_wait(&team->changed, &team->lock);
		pthread_mutex_unlock(&team->lock);
		r = visit_process(team, slot, visit, context);
		size_t released = slot->scan.runtime_count;
		process_scan_deinit(&slot->scan);
		pthread_mutex_lock(&team->lock);
		team->held -= released;
		slot->ready = false;
		team->visited++;
		pthread_cond_broadcast(&team->changed);
		pthread_mutex_unlock(&team->lock);
	}
	return r == 0 && team->tally.denied ? visit_denied(team, visit, context) : r;
}

static int run_team(struct team *team, object_visit visit, void *context,
                    struct usdtinfo_error *err)
{
	team->cache = image_cache_new();
	if (!team->cache)
		return fail_memory(err);
	pthread_mutex_init(&team->lock, NULL);
	pthread_cond_init(&team->changed, NULL);
	hire(team);
	int r = visit_all(team, visit, context);
	dismiss(team);
	pthread_cond_destroy(&team->changed);
	pthread_mutex_destroy(&team->lock);
	image_cache_free(team->cache);
	return r;
}

int find_processes(const struct process_finder *finder, object_visit visit, void *context,
                   struct process_tally *tally_ret, struct usdtinfo_error *err)
{
	_cleanup_(freep) uint64_t *listed = NULL;
	_cleanup_(freep) struct team *team = calloc(1, sizeof(*team));
	if (!team)
		return fail_memory(err);
	team->finder = finder;
	team->runtimes_max = finder->runtimes_max ? finder->runtimes_max
	                                          : PROCESS_RUNTIMES_MAX;
	team->pids = finder->pids;
	team->count = finder->count;
	int r = 0;
	if (!finder->pids) {
		r = list_processes(finder->proc, &listed, &team->count, err);
		team->pids = listed;
	}
	if (r == 0)
		r = run_team(team, visit, context, err);
	if (tally_ret)
		*tally_ret = team->tally;
	return r;
}
