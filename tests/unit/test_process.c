/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Processes of a /proc made by hand: of any machine, in any state, with any memory. */
#include <errno.h>
#include <linux/capability.h>
#include <sys/syscall.h>

#include "base/array.h"
#include "find/process/process_scan.h"
#include "find/process/processes.h"
#include "process.h"

/* Breakpoints of the kernel, as the machine has them in memory. */
static const struct {
	const char *fixture;
	unsigned char one[2]; /* the counter's 1 */
	unsigned char breakpoint[4];
	size_t size;
} machines[] = {
	{ "x86_64/semaphores.so", { 1, 0 }, { 0xcc }, 1 },
	{ "i386/semaphores.so", { 1, 0 }, { 0xcc }, 1 },
	{ "aarch64/semaphores.so", { 1, 0 }, { 0xa0, 0x00, 0x20, 0xd4 }, 4 },
	{ "armel/semaphores.so", { 1, 0 }, { 0xf9, 0x01, 0xf0, 0xe7 }, 4 },
	{ "riscv64/semaphores.so", { 1, 0 }, { 0x02, 0x90 }, 2 },
	{ "s390x/semaphores.so", { 0, 1 }, { 0x00, 0x02 }, 2 },
	{ "ppc64/semaphores.so", { 0, 1 }, { 0x7f, 0xe0, 0x00, 0x08 }, 4 },
	{ "sparc64/semaphores.so", { 0, 1 }, { 0x91, 0xd0, 0x20, 0x73 }, 4 },
};

START_TEST(states)
{
	static const unsigned char zero[2];
	const char *name = machines[_i].fixture;
	char *proc = make_process();
	load_fixture(proc, name, "lib/made.so");
	struct seen idle = look(proc);
	ck_assert_msg(idle.state == USDTINFO_PROBE_IDLE && !idle.reason &&
	                      idle.value == 0,
	              "%s: %s", name, idle.reason);
	poke(proc, idle.semaphore, machines[_i].one, 2);
	struct seen counted = look(proc);
	ck_assert_msg(counted.state == USDTINFO_PROBE_ARMED && counted.value == 1, "%s",
	              name);
	ck_assert_str_eq(counted.reason, "semaphore");
	poke(proc, idle.location, machines[_i].breakpoint, machines[_i].size);
	struct seen both = look(proc);
	ck_assert_msg(both.state == USDTINFO_PROBE_ARMED, "%s", name);
	ck_assert_str_eq(both.reason, "semaphore and breakpoint");
	poke(proc, idle.semaphore, zero, 2);
	ck_assert_str_eq(look(proc).reason, "breakpoint");
	tree_remove(proc);
}
END_TEST

/* Root may read everything, unless it gives that right away. */
static void obey_permissions(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct none[2] = { 0 };
	ck_assert_int_eq(syscall(SYS_capset, &header, none), 0);
}

/* Memory that may not be read: the list is there, and says why it knows no states. */
START_TEST(unreadable_memory)
{
	static const struct {
		const char *scope, *reason;
	} cases[] = {
		{ NULL, "permission denied" },
		{ "0\n", "permission denied" },
		{ "1\n", "permission denied: kernel.yama.ptrace_scope is 1" },
		{ "2\n", "permission denied: kernel.yama.ptrace_scope is 2" },
		{ "3\n", "permission denied: kernel.yama.ptrace_scope is 3" },
		{ "4\n", "permission denied" },
		{ "", "permission denied" },
	};
	char *proc = make_process();
	load_fixture(proc, "x86_64/semaphores.so", "lib/made.so");
	char memory[PATH_MAX];
	snprintf(memory, sizeof(memory), "%s/1234/mem", proc);
	ck_assert_int_eq(chmod(memory, 0), 0);
	obey_permissions();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		if (cases[i].scope)
			add(proc, "sys/kernel/yama/ptrace_scope", cases[i].scope);
		struct seen seen = look(proc);
		ck_assert_int_eq(seen.state, USDTINFO_PROBE_UNKNOWN);
		ck_assert_str_eq(seen.reason, cases[i].reason);
		ck_assert_uint_eq(seen.value, UINT64_MAX);
	}
	ck_assert_int_eq(unlink(memory), 0);
	ck_assert_str_eq(look(proc).reason, "the process has ended");
	tree_remove(proc);
}
END_TEST

/* Memory that ends before the object does. */
START_TEST(unmapped_memory)
{
	char *proc = make_process();
	load_fixture(proc, "x86_64/semaphores.so", "lib/made.so");
	add(proc, "1234/mem", "");
	struct seen seen = look(proc);
	ck_assert_int_eq(seen.state, USDTINFO_PROBE_UNKNOWN);
	ck_assert_str_eq(seen.reason, "the location is not mapped, or cannot be read");
	tree_remove(proc);
}
END_TEST

#define DENIED "never read"

/* What cannot be looked at. ERRNO: of the error, when CODE is E_SYSTEM. */
static const struct {
	const char *what, *status, *maps;
	int code, sys_errno;
	const char *text;
} failures[] = {
	{ "no such process", NULL, NULL, USDTINFO_E_SYSTEM, ESRCH, "no such process" },
	{ "a thread", "State:\tS\nTgid:\t1000\nVmSize:\t1 kB\n", "", USDTINFO_E_ARGUMENT,
	  0, "a thread of process 1000" },
	{ "a zombie", "State:\tZ (zombie)\nTgid:\t1234\n", "", USDTINFO_E_ARGUMENT, 0,
	  "a zombie: it has ended, and nothing is mapped" },
	{ "a kernel thread", "State:\tI (idle)\nTgid:\t1234\n", "", USDTINFO_E_ARGUMENT,
	  0, "a kernel thread: it has no memory of its own" },
	{ "kthreadd", "State:\tS\nTgid:\t1234\nPPid:\t0\n", "", USDTINFO_E_ARGUMENT, 0,
	  "a kernel thread: it has no memory of its own" },
	{ "a child of kthreadd", "State:\tI\nTgid:\t1234\nPPid:\t2\n", "",
	  USDTINFO_E_ARGUMENT, 0, "a kernel thread: it has no memory of its own" },
	{ "a kernel thread that says so",
	  "State:\tI\nTgid:\t1234\nPPid:\t5\nKthread:\t1\n", "", USDTINFO_E_ARGUMENT, 0,
	  "a kernel thread: it has no memory of its own" },
	{ "one that has given its memory back", "State:\tR\nTgid:\t1234\nPPid:\t1\n", "",
	  USDTINFO_E_SYSTEM, ESRCH, "the process has ended" },
	{ "one that says that it is none of the kernel's",
	  "State:\tR\nTgid:\t1234\nPPid:\t2\nKthread:\t0\n", "", USDTINFO_E_SYSTEM, ESRCH,
	  "the process has ended" },
	{ "one that ended after status was read", STATUS, NULL, USDTINFO_E_SYSTEM, ESRCH,
	  "the process has ended" },
	{ "one that ended while maps was read", STATUS, "", USDTINFO_E_SYSTEM, ESRCH,
	  "the process has ended" },
	{ "one of another user, whose maps may not be read",
	  "State:\tS\nTgid:\t1234\nUid:\t71234\t71234\t71234\t71234\nVmSize:\t1 kB\n",
	  DENIED, USDTINFO_E_SYSTEM, EACCES,
	  "cannot read its maps: Permission denied (it runs as user 71234)" },
	{ "one of ours, whose maps may not be read", STATUS, DENIED, USDTINFO_E_SYSTEM,
	  EACCES,
	  "cannot read its maps: Permission denied (it hides from its own user, or has "
	  "privileges that you have not)" },
	{ "maps that are none", STATUS, "nonsense\n", USDTINFO_E_DAMAGED, 0,
	  "a line of its maps is not understood" },
};

START_TEST(failure)
{
	char *proc = tree_make(NULL, 0);
	struct usdtinfo_process *process = NULL;
	struct usdtinfo_error err = { 0 };
	if (failures[_i].status) {
		add(proc, "1234/status", failures[_i].status);
		add(proc, "1234/comm", "made\n");
	}
	if (failures[_i].maps)
		add(proc, "1234/maps", failures[_i].maps);
	if (failures[_i].sys_errno == EACCES) {
		char maps[PATH_MAX];
		snprintf(maps, sizeof(maps), "%s/1234/maps", proc);
		ck_assert_int_eq(chmod(maps, 0), 0);
		obey_permissions();
	}
	int r = usdtinfo_process_open(proc, 1234, &process, &err);
	ck_assert_msg(r == failures[_i].code && !process, "%s: %d", failures[_i].what, r);
	ck_assert_msg(err.code == r && err.sys_errno == failures[_i].sys_errno, "%s",
	              failures[_i].what);
	ck_assert_str_eq(err.text, failures[_i].text);
	tree_remove(proc);
}
END_TEST

/* What find_processes() visits: the probes, and what is said of them. */
static int count_states(void *context, const struct object *object)
{
	size_t *counts = context;
	struct probe_walk *walk;
	const struct usdtinfo_probe *probe;
	if (!object->image)
		return 0;
	ck_assert_int_eq(object_walk_open(object, 0, &walk, NULL), 0);
	while (object_walk_next(walk, &probe, NULL) > 0)
		counts[usdtinfo_probe_state(probe, NULL)]++;
	object_walk_close(walk);
	for (size_t i = 0; i < object->facts->diagnostics.count; i++)
		counts[3] += text_equal(object->facts->diagnostics.items[i].code,
		                        text_of("memory-unreadable"));
	return 0;
}

/* A process that has loaded more than anybody needs must not take all memory. */
START_TEST(limit)
{
	static const struct {
		size_t runtimes_max;
		size_t counts[4]; /* unknown, idle, armed, diagnostics */
	} cases[] = {
		{ 0, { 0, 3, 0, 0 } },
		{ 3, { 0, 3, 0, 0 } },
		{ 2, { 3, 0, 0, 1 } },
	};
	static const uint64_t pids[] = { 1234, 1234, 1234 };
	char *proc = make_process();
	load_fixture(proc, "x86_64/semaphores.so", "lib/made.so");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct process_finder finder = {
			.proc = proc,
			.pids = pids,
			.count = ARRAY_SIZE(pids),
			.runtimes_max = cases[i].runtimes_max,
		};
		size_t counts[4] = { 0 };
		ck_assert_int_eq(
			find_processes(&finder, count_states, counts, NULL, NULL), 0);
		for (size_t k = 0; k < ARRAY_SIZE(counts); k++)
			ck_assert_msg(counts[k] == cases[i].counts[k] * ARRAY_SIZE(pids),
			              "at most %zu: %zu of kind %zu",
			              cases[i].runtimes_max, counts[k], k);
	}
	tree_remove(proc);
}
END_TEST

static char *read_maps(const char *proc)
{
	char path[PATH_MAX];
	char *text = calloc(1, 4096);
	snprintf(path, sizeof(path), "%s/1234/maps", proc);
	FILE *file = fopen(path, "r");
	ck_assert(text && file && fread(text, 1, 4095, file) > 0);
	fclose(file);
	return text;
}

/* While the loader has only mapped the whole extent, other bytes are at the semaphore. */
START_TEST(half_loaded)
{
	static const unsigned char one[2] = { 1, 0 }, breakpoint[1] = { 0xcc };
	char *proc = make_process();
	load_fixture(proc, "x86_64/semaphores.so", "lib/made.so");
	struct seen seen = look(proc);
	ck_assert_int_eq(seen.state, USDTINFO_PROBE_IDLE);
	char *maps = read_maps(proc), *at = strstr(maps, " rw-p ");
	ck_assert_ptr_nonnull(at);
	at[2] = '-';
	add(proc, "1234/maps", maps);
	free(maps);
	ck_assert_int_eq(look(proc).state, USDTINFO_PROBE_IDLE);
	poke(proc, seen.semaphore, one, sizeof(one));
	poke(proc, seen.location, breakpoint, sizeof(breakpoint));
	seen = look(proc);
	ck_assert_int_eq(seen.state, USDTINFO_PROBE_UNKNOWN);
	ck_assert_str_eq(seen.reason, "the object is only partly loaded");
	tree_remove(proc);
}
END_TEST

/* A state that a second look does not find, and one whose object was replaced. */
START_TEST(second_look)
{
	static const unsigned char zero[2], one[2] = { 1, 0 };
	char *proc = make_process();
	load_fixture(proc, "x86_64/semaphores.so", "lib/made.so");
	uint64_t semaphore = look(proc).semaphore;
	for (int i = 0; i < 3; i++) {
		struct process_scan scan;
		static struct memory memory;
		struct image_cache *cache = image_cache_new();
		char *maps = read_maps(proc);
		poke(proc, semaphore, one, sizeof(one));
		ck_assert_int_eq(process_scan(&scan, proc, 1234, cache, 100), 0);
		ck_assert_uint_eq(scan.count, 1);
		const struct probe_runtime *first = scan.objects[0].runtimes;
		ck_assert_int_eq(first->state, USDTINFO_PROBE_ARMED);
		process_open_memory(&scan.process, proc, &memory);
		if (i == 1)
			poke(proc, semaphore, zero, sizeof(zero));
		if (i == 2)
			add(proc, "1234/maps", "10-20 rw-p 0 0:0 0\n");
		ck_assert_int_eq(process_recheck(&scan, &memory), i == 0);
		ck_assert_int_eq(first->state,
		                 i ? USDTINFO_PROBE_UNKNOWN : USDTINFO_PROBE_ARMED);
		ck_assert_str_eq(first->reason.at,
		                 i ? "what is loaded changed while it was looked at"
		                   : "semaphore");
		process_close_memory(&memory);
		process_scan_deinit(&scan);
		image_cache_free(cache);
		add(proc, "1234/maps", maps);
		free(maps);
	}
	tree_remove(proc);
}
END_TEST

int main(int count, char **arguments)
{
	TCase *tcase = tcase_create("process");
	if (count != 2)
		return EXIT_FAILURE;
	fixtures = arguments[1];
	tcase_add_loop_test(tcase, states, 0, ARRAY_SIZE(machines));
	tcase_add_test(tcase, unreadable_memory);
	tcase_add_test(tcase, unmapped_memory);
	tcase_add_loop_test(tcase, failure, 0, ARRAY_SIZE(failures));
	tcase_add_test(tcase, half_loaded);
	tcase_add_test(tcase, second_look);
	tcase_add_test(tcase, limit);
	return unit_run("process", tcase);
}
