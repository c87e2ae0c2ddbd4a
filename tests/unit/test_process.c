/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Processes of a /proc made by hand: of any machine, in any state, with any memory. */
#include <errno.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#include "base/array.h"
#include "elf/image.h"
#include "find/processes.h"
#include "tree.h"
#include "unit.h"
#include "usdtinfo.h"

#define BIAS 0x10000000u
#define PAGE ((uint64_t)sysconf(_SC_PAGESIZE))
#define STATUS                                                                           \
	"Name:\tmade\nState:\tS (sleeping)\nTgid:\t1234\nPid:\t1234\nVmSize:\t1 kB\n"

static const char *fixtures;

static void add(const char *proc, const char *path, const char *content)
{
	tree_add(proc, &(struct tree_entry){ path, .content = content });
}

static void copy_file(const char *from, const char *to)
{
	FILE *file = fopen(from, "r");
	char *bytes = malloc(1 << 20);
	ck_assert_msg(file != NULL, "cannot read %s", from);
	tree_write(to, bytes, fread(bytes, 1, 1 << 20, file));
	fclose(file);
	free(bytes);
}

/* A process that has one of the fixtures loaded, and its memory as a file. */
static void load_fixture(const char *proc, const char *fixture, const char *path)
{
	char from[PATH_MAX], file[PATH_MAX], memory[PATH_MAX];
	char maps[4096] = "", *at = maps;
	struct usdtinfo_image *image;
	struct stat st;
	snprintf(from, sizeof(from), "%s/%s", fixtures, fixture);
	snprintf(file, sizeof(file), "%s/1234/root/%s", proc, path);
	snprintf(memory, sizeof(memory), "%s/1234/mem", proc);
	copy_file(from, file);
	ck_assert_int_eq(stat(file, &st), 0);
	ck_assert_int_eq(usdtinfo_image_open(file, &image, NULL), 0);
	FILE *mem = fopen(memory, "w");
	ck_assert_ptr_nonnull(mem);
	for (size_t i = 0; i < image->segments.count; i++) {
		const struct segment *segment = &image->segments.items[i];
		uint64_t start = segment->address & ~(PAGE - 1);
		uint64_t end = (segment->address + segment->memory_size + PAGE - 1) &
		               ~(PAGE - 1);
		at += sprintf(at,
		              "%" PRIx64 "-%" PRIx64 " %c%c%cp %08" PRIx64
		              " %02x:%02x %" PRIu64 " /%s\n",
		              start + BIAS, end + BIAS, segment->flags & PF_R ? 'r' : '-',
		              segment->flags & PF_W ? 'w' : '-',
		              segment->flags & PF_X ? 'x' : '-',
		              segment->offset & ~(PAGE - 1), major(st.st_dev),
		              minor(st.st_dev), (uint64_t)st.st_ino, path);
		size_t size = (size_t)segment->file_size;
		char *bytes = malloc(size + 1);
		ck_assert_int_eq(image_read(image, segment->offset, bytes, size, NULL),
		                 0);
		fseeko(mem, (off_t)(segment->address + BIAS), SEEK_SET);
		fwrite(bytes, 1, size, mem);
		free(bytes);
	}
	/* So that the last page can be read whole. */
	fseeko(mem, 2 * (off_t)PAGE, SEEK_END);
	fputc(0, mem);
	fclose(mem);
	usdtinfo_image_close(image);
	add(proc, "1234/maps", maps);
}

static char *make_process(void)
{
	char *proc = tree_make(NULL, 0);
	add(proc, "1234/status", STATUS);
	add(proc, "1234/comm", "made\n");
	return proc;
}

static void poke(const char *proc, uint64_t address, const void *bytes, size_t size)
{
	char memory[PATH_MAX];
	snprintf(memory, sizeof(memory), "%s/1234/mem", proc);
	FILE *mem = fopen(memory, "r+");
	ck_assert_ptr_nonnull(mem);
	fseek(mem, (long)address, SEEK_SET);
	fwrite(bytes, 1, size, mem);
	fclose(mem);
}

/* The first probe of the only object, which must have a semaphore. */
struct seen {
	enum usdtinfo_probe_state state;
	const char *reason;
	uint64_t location, semaphore, value;
};

static struct seen look(const char *proc)
{
	struct usdtinfo_process *process;
	struct usdtinfo_walk *walk;
	const struct usdtinfo_probe *probe;
	struct usdtinfo_error err = { 0 };
	struct seen seen = { 0 };
	ck_assert_msg(usdtinfo_process_open(proc, 1234, &process, &err) == 0, "%s",
	              err.text);
	ck_assert_str_eq(usdtinfo_process_command(process), "made");
	ck_assert_uint_eq(usdtinfo_process_object_count(process), 1);
	uint64_t bias = 0, location = 0;
	ck_assert_ptr_nonnull(usdtinfo_process_object_image(process, 0, &bias, &err));
	ck_assert_uint_eq(bias, BIAS);
	ck_assert_int_eq(usdtinfo_process_walk_open(process, 0, 0, &walk, &err), 0);
	ck_assert_int_eq(usdtinfo_walk_next(walk, &probe, &err), 1);
	seen.state = usdtinfo_probe_state(probe, &seen.reason);
	ck_assert(usdtinfo_probe_location(probe, &location));
	ck_assert(usdtinfo_probe_runtime_location(probe, &seen.location));
	ck_assert(usdtinfo_probe_runtime_semaphore(probe, &seen.semaphore));
	if (!usdtinfo_probe_semaphore_value(probe, &seen.value))
		seen.value = UINT64_MAX;
	ck_assert_uint_eq(seen.location, location + BIAS);
	usdtinfo_walk_close(walk);
	usdtinfo_process_close(process);
	return seen;
}

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

/* Another file at the path, and a file that is no object at all. */
START_TEST(files)
{
	char *proc = make_process();
	struct usdtinfo_process *process;
	struct usdtinfo_error err = { 0 };
	load_fixture(proc, "x86_64/semaphores.so", "lib/made.so");
	char path[PATH_MAX], moved[PATH_MAX];
	snprintf(path, sizeof(path), "%s/1234/root/lib/made.so", proc);
	snprintf(moved, sizeof(moved), "%s/moved", proc);
	ck_assert_int_eq(rename(path, moved), 0);
	add(proc, "1234/root/lib/made.so", "another");
	ck_assert_int_eq(usdtinfo_process_open(proc, 1234, &process, &err), 0);
	ck_assert_uint_eq(usdtinfo_process_object_count(process), 1);
	ck_assert_str_eq(usdtinfo_process_object_path(process, 0), "/lib/made.so");
	ck_assert_ptr_null(usdtinfo_process_object_image(process, 0, NULL, &err));
	ck_assert_ptr_nonnull(strstr(err.text, "another one stands at its path now"));
	usdtinfo_process_close(process);
	/* Held open, it is found. */
	char target[PATH_MAX];
	snprintf(target, sizeof(target), "%s", moved);
	tree_add(proc, &(struct tree_entry){ "1234/fd/7", .target = target });
	ck_assert_int_eq(look(proc).state, USDTINFO_PROBE_IDLE);
	tree_remove(proc);
}
END_TEST

/*
 * The kernel writes a newline in a name as \012, and those four characters as themselves.
 */
static const struct {
	const char *name;    /* of the file */
	const char *written; /* in maps */
	bool has_link;       /* in map_files, which leads nowhere but says the name */
} spellings[] = {
	{ "a\nb.so", "a\\012b.so", false },
	{ "a\\012b.so", "a\\012b.so", false },
	{ "a\nb.so", "a\\012b.so", true },
	{ "a\\012b.so", "a\\012b.so", true },
	{ "a\nb\\012\nc.so", "a\\012b\\012\\012c.so", true },
};

static void add_links(const char *proc, const char *name)
{
	char maps[PATH_MAX], line[4096], path[64], target[PATH_MAX];
	snprintf(maps, sizeof(maps), "%s/1234/maps", proc);
	FILE *file = fopen(maps, "r");
	ck_assert_ptr_nonnull(file);
	snprintf(target, sizeof(target), "/%s", name);
	while (fgets(line, sizeof(line), file)) {
		snprintf(path, sizeof(path), "1234/map_files/%.*s",
		         (int)strcspn(line, " "), line);
		tree_add(proc, &(struct tree_entry){ path, .target = target });
	}
	fclose(file);
}

START_TEST(newlines)
{
	char *proc = make_process();
	char from[PATH_MAX], to[PATH_MAX], path[PATH_MAX];
	struct usdtinfo_process *process;
	struct usdtinfo_error err = { 0 };
	load_fixture(proc, "x86_64/semaphores.so", spellings[_i].written);
	snprintf(from, sizeof(from), "%s/1234/root/%s", proc, spellings[_i].written);
	snprintf(to, sizeof(to), "%s/1234/root/%s", proc, spellings[_i].name);
	snprintf(path, sizeof(path), "/%s", spellings[_i].name);
	ck_assert_int_eq(rename(from, to), 0);
	if (spellings[_i].has_link)
		add_links(proc, spellings[_i].name);
	ck_assert_int_eq(look(proc).state, USDTINFO_PROBE_IDLE);
	ck_assert_int_eq(usdtinfo_process_open(proc, 1234, &process, &err), 0);
	ck_assert_str_eq(usdtinfo_process_object_path(process, 0), path);
	usdtinfo_process_close(process);
	/* Of what is gone only the link tells the name; a file that came since does not. */
	snprintf(from, sizeof(from), "%s/moved", proc);
	ck_assert_int_eq(rename(to, from), 0);
	add(proc, "1234/root/a\\012b.so", "another");
	ck_assert_int_eq(usdtinfo_process_open(proc, 1234, &process, &err), 0);
	ck_assert_str_eq(usdtinfo_process_object_path(process, 0),
	                 spellings[_i].has_link ? path : "/a\nb.so");
	usdtinfo_process_close(process);
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
	tcase_add_test(tcase, files);
	tcase_add_loop_test(tcase, newlines, 0, ARRAY_SIZE(spellings));
	tcase_add_test(tcase, limit);
	return unit_run("process", tcase);
}
