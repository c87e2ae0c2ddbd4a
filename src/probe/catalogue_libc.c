/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The GNU C Library: memory, jumps and, from "nptl/DESIGN-systemtap-probes.txt", threads,
 * which had a provider libpthread before 2.34. A probe whose arguments change gets another
 * name, by the manual's promise.
 */
#include "base/array.h"
#include "probe/catalogue_data.h"

/* clang-format off */
#define ARGS CATALOGUE_ARGUMENTS
#define PTR(name) { name, "void *" }
#define SIZE(name) { name, "size_t" }
#define NUM(name) { name, "int" }
#define REAL(name) { name, "double" }
#define HEAP ARGS(PTR("heap"), SIZE("size"))
#define JUMP(value) ARGS(PTR("env"), NUM(value), PTR("pc"))
#define MUTEX ARGS({ "mutex", "pthread_mutex_t *" })
#define RWLOCK ARGS({ "rwlock", "pthread_rwlock_t *" })
#define CONDITION ARGS({ "cond", "pthread_cond_t *" })

static const struct catalogue_probe probes[] = {
	/* memory allocation */
	{ "memory_sbrk_more", "the main arena was extended", "2.19", NULL,
	  ARGS(PTR("brk"), SIZE("size")) },
	{ "memory_sbrk_less", "the main arena was made smaller", "2.19", NULL,
	  ARGS(PTR("brk"), { "size", "size_t", "long" }) },
	{ "memory_heap_new", "a new heap was mapped", "2.19", NULL, HEAP },
	{ "memory_heap_free", "a heap is about to be unmapped", "2.19", NULL, HEAP },
	{ "memory_heap_more", "a heap was extended", "2.19", NULL, HEAP },
	{ "memory_heap_less", "a heap was made smaller", "2.19", NULL, HEAP },
	{ "memory_malloc_retry", "malloc tries another arena", "2.19", NULL, ARGS(SIZE("size")) },
	{ "memory_realloc_retry", "realloc tries another arena", "2.19", NULL,
	  ARGS(SIZE("size"), PTR("ptr")) },
	{ "memory_memalign_retry", "memalign tries another arena", "2.19", NULL,
	  ARGS(SIZE("size"), SIZE("alignment")) },
	{ "memory_calloc_retry", "calloc tries another arena", "2.19", NULL, ARGS(SIZE("size")) },
	{ "memory_arena_retry", "another arena is about to be chosen for a retry", "2.19", NULL,
	  ARGS(SIZE("size"), PTR("arena")) },
	{ "memory_arena_new", "an additional arena was made", "2.19", NULL,
	  ARGS(PTR("arena"), SIZE("size")) },
	{ "memory_arena_reuse", "an arena was chosen to be used again", "2.19", NULL,
	  ARGS(PTR("arena"), PTR("previous")) },
	{ "memory_arena_reuse_wait", "malloc is about to wait for an arena", "2.19", NULL,
	  ARGS(PTR("mutex"), PTR("arena"), PTR("previous")) },
	{ "memory_arena_reuse_free_list", "an arena was taken from the free list", "2.19", NULL,
	  ARGS(PTR("arena")) },
	{ "memory_mallopt", "mallopt is called", "2.19", NULL, ARGS(NUM("param"), NUM("value")) },
	{ "memory_mallopt_mxfast", "mallopt changes M_MXFAST", "2.19", NULL,
	  ARGS(SIZE("value"), SIZE("previous")) },
	{ "memory_mallopt_trim_threshold", "mallopt changes M_TRIM_THRESHOLD", "2.19", NULL,
	  ARGS(SIZE("value"), SIZE("previous"), NUM("fixed")) },
	{ "memory_mallopt_top_pad", "mallopt changes M_TOP_PAD", "2.19", NULL,
	  ARGS(SIZE("value"), SIZE("previous"), NUM("fixed")) },
	{ "memory_mallopt_mmap_threshold", "mallopt changes M_MMAP_THRESHOLD", "2.19", NULL,
	  ARGS(SIZE("value"), SIZE("previous"), NUM("fixed")) },
	{ "memory_mallopt_mmap_max", "mallopt changes M_MMAP_MAX", "2.19", NULL,
	  ARGS(NUM("value"), NUM("previous"), NUM("fixed")) },
	{ "memory_mallopt_perturb", "mallopt changes M_PERTURB", "2.19", NULL,
	  ARGS(NUM("value"), NUM("previous")) },
	{ "memory_mallopt_arena_test", "mallopt changes M_ARENA_TEST", "2.19", NULL,
	  ARGS(SIZE("value"), SIZE("previous")) },
	{ "memory_mallopt_arena_max", "mallopt changes M_ARENA_MAX", "2.19", NULL,
	  ARGS(SIZE("value"), SIZE("previous")) },
	{ "memory_mallopt_free_dyn_thresholds", "free adjusts its thresholds", "2.19", NULL,
	  ARGS(SIZE("mmap_threshold"), SIZE("trim_threshold")) },
	{ "memory_tunable_tcache_max_bytes", "the tunable tcache_max is set", "2.26", NULL,
	  ARGS(SIZE("value"), SIZE("previous")) },
	{ "memory_tunable_tcache_count", "the tunable tcache_count is set", "2.26", NULL,
	  ARGS(SIZE("value"), SIZE("previous")) },
	{ "memory_tunable_tcache_unsorted_limit", "the tunable tcache_unsorted_limit is set", "2.26",
	  NULL, ARGS(SIZE("value"), SIZE("previous")) },
	{ "memory_tcache_double_free", "free suspects that memory was freed already", "2.29", NULL,
	  ARGS(PTR("ptr"), SIZE("bin")) },
	/* jumps */
	{ "setjmp", "setjmp or sigsetjmp is called", "2.19", NULL, JUMP("savemask") },
	{ "longjmp", "longjmp or siglongjmp is called", "2.19", NULL, JUMP("value") },
	{ "longjmp_target", "longjmp has restored the registers", "2.19", NULL, JUMP("value") },
	/* mathematics in multiple precision */
	{ "slowexp_p6", "exp computes in multiple precision", "2.19", "2.28",
	  ARGS(REAL("input"), REAL("output")) },
	{ "slowexp_p32", "exp computes in multiple precision", "2.19", "2.28",
	  ARGS(REAL("input"), REAL("output")) },
	{ "slowpow_p10", "pow computes in multiple precision", "2.19", "2.28",
	  ARGS(REAL("x"), REAL("y"), REAL("fast"), REAL("output")) },
	{ "slowpow_p32", "pow computes in multiple precision", "2.19", "2.28",
	  ARGS(REAL("x"), REAL("y"), REAL("fast"), REAL("output")) },
	{ "slowlog", "log computes in multiple precision", "2.19", "2.28",
	  ARGS(NUM("precision"), REAL("input"), REAL("output")) },
	{ "slowatan2", "atan2 computes in multiple precision", "2.19", "2.35",
	  ARGS(NUM("precision"), REAL("y"), REAL("x"), REAL("output")) },
	{ "slowatan", "atan computes in multiple precision", "2.19", "2.35",
	  ARGS(NUM("precision"), REAL("input"), REAL("output")) },
	{ "slowtan", "tan computes in multiple precision", "2.19", "2.35",
	  ARGS(REAL("input"), REAL("output")) },
	{ "slowasin", "asin computes in multiple precision", "2.19", "2.33",
	  ARGS(REAL("input"), REAL("output")) },
	{ "slowacos", "acos computes in multiple precision", "2.19", "2.33",
	  ARGS(REAL("input"), REAL("output")) },
	{ "slowsin", "sin computes in multiple precision", "2.19", "2.28",
	  ARGS(REAL("input"), REAL("output")) },
	{ "slowcos", "cos computes in multiple precision", "2.19", "2.28",
	  ARGS(REAL("input"), REAL("output")) },
	/* threads */
	{ "pthread_create", "a thread is about to be made", "2.34", NULL,
	  ARGS({ "thread", "pthread_t *" }, { "attr", "const pthread_attr_t *" },
	       PTR("start_routine"), PTR("arg")) },
	{ "pthread_start", "a thread starts", "2.34", NULL,
	  ARGS({ "thread", "struct pthread *" }, PTR("start_routine"), PTR("arg")) },
	{ "pthread_join", "a thread is waited for", "2.34", NULL,
	  ARGS({ "thread", "pthread_t", "uintptr_t" }) },
	{ "pthread_join_ret", "a thread was waited for", "2.34", NULL,
	  ARGS({ "thread", "pthread_t", "uintptr_t" }, NUM("result"), PTR("value")) },
	{ "pthread_join_ret", "a thread was waited for", "2.34", NULL,
	  ARGS({ "thread", "pthread_t", "uintptr_t" }, NUM("result")) },
	/* locks */
	{ "mutex_init", "a mutex was initialized", "2.34", NULL, MUTEX },
	{ "mutex_destroy", "a mutex is destroyed", "2.34", NULL, MUTEX },
	{ "mutex_entry", "pthread_mutex_lock is called", "2.34", NULL, MUTEX },
	{ "mutex_acquired", "a mutex was acquired", "2.34", NULL, MUTEX },
	{ "mutex_release", "a mutex was released", "2.34", NULL, MUTEX },
	{ "mutex_timedlock_entry", "pthread_mutex_timedlock is called", "2.34", NULL,
	  ARGS({ "mutex", "pthread_mutex_t *" }, { "abstime", "const struct timespec *" }) },
	{ "mutex_clocklock_entry", "pthread_mutex_clocklock is called", "2.34", NULL,
	  ARGS({ "mutex", "pthread_mutex_t *" }, { "clockid", "clockid_t", "int" },
	       { "abstime", "const struct timespec *" }) },
	{ "mutex_timedlock_acquired", "a mutex was acquired within its time", "2.34", NULL, MUTEX },
	{ "rwlock_destroy", "a read-write lock is destroyed", "2.34", NULL, RWLOCK },
	{ "wrlock_entry", "pthread_rwlock_wrlock is called", "2.34", NULL, RWLOCK },
	{ "rdlock_entry", "pthread_rwlock_rdlock is called", "2.34", NULL, RWLOCK },
	{ "wrlock_acquire_write", "a read-write lock was acquired for writing", "2.34", NULL,
	  RWLOCK },
	{ "rdlock_acquire_read", "a read-write lock was acquired for reading", "2.34", NULL,
	  RWLOCK },
	{ "rwlock_unlock", "a read-write lock is released", "2.34", NULL, RWLOCK },
	/* condition variables */
	{ "cond_init", "a condition variable was initialized", "2.34", NULL,
	  ARGS({ "cond", "pthread_cond_t *" }, { "attr", "const pthread_condattr_t *" }) },
	{ "cond_destroy", "a condition variable is destroyed", "2.34", NULL, CONDITION },
	{ "cond_wait", "a condition is waited for", "2.34", NULL,
	  ARGS({ "cond", "pthread_cond_t *" }, { "mutex", "pthread_mutex_t *" }) },
	{ "cond_timedwait", "a condition is waited for, for a time", "2.34", NULL,
	  ARGS({ "cond", "pthread_cond_t *" }, { "mutex", "pthread_mutex_t *" },
	       { "abstime", "const struct timespec *" }) },
	{ "cond_signal", "one thread that waits is woken", "2.34", NULL, CONDITION },
	{ "cond_broadcast", "all threads that wait are woken", "2.34", NULL, CONDITION },
	{ "lll_lock_wait_private", "a lock inside the library is waited for", "2.34", NULL,
	  ARGS({ "futex", "int *" }) },
	{ "lll_lock_wait", "a lock inside the library is waited for", "2.34", NULL,
	  ARGS({ "futex", "int *" }) },
};
/* clang-format on */

const struct catalogue_provider catalogue_libc = {
	.name = "libc",
	.source = "https://sourceware.org/glibc/manual/latest/html_node/"
		  "Internal-Probes.html",
	.probes = probes,
	.count = ARRAY_SIZE(probes),
};
