/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The GNU C Library: memory, jumps and, from "nptl/DESIGN-systemtap-probes.txt", threads,
 * which had a provider libpthread before 2.34. A probe whose arguments change gets another
 * name, by the manual's promise.
 */
#include "probe/known/catalogue_data.h"

/* clang-format off */
#define ARGS CATALOGUE_ARGUMENTS
#define PTR(name) ARG(name, "void *")
#define SIZE(name) ARG(name, "size_t")
#define NUM(name) ARG(name, "int")
#define REAL(name) ARG(name, "double")
#define HEAP ARGS(PTR("heap"), SIZE("size"))
#define JUMP(value) ARGS(PTR("env"), NUM(value), PTR("pc"))
#define MUTEX ARGS(ARG("mutex", "pthread_mutex_t *"))
#define RWLOCK ARGS(ARG("rwlock", "pthread_rwlock_t *"))
#define CONDITION ARGS(ARG("cond", "pthread_cond_t *"))

static const char rows[] =
	/* memory allocation */
	ROW("memory_sbrk_more", "the main arena was extended", "2.19", "",
	    ARGS(PTR("brk"), SIZE("size")))
	ROW("memory_sbrk_less", "the main arena was made smaller", "2.19", "",
	    ARGS(PTR("brk"), NOTED("size", "size_t", "long")))
	ROW("memory_heap_new", "a new heap was mapped", "2.19", "", HEAP)
	ROW("memory_heap_free", "a heap is about to be unmapped", "2.19", "", HEAP)
	ROW("memory_heap_more", "a heap was extended", "2.19", "", HEAP)
	ROW("memory_heap_less", "a heap was made smaller", "2.19", "", HEAP)
	ROW("memory_malloc_retry", "malloc tries another arena", "2.19", "", ARGS(SIZE("size")))
	ROW("memory_realloc_retry", "realloc tries another arena", "2.19", "",
	    ARGS(SIZE("size"), PTR("ptr")))
	ROW("memory_memalign_retry", "memalign tries another arena", "2.19", "",
	    ARGS(SIZE("size"), SIZE("alignment")))
	ROW("memory_calloc_retry", "calloc tries another arena", "2.19", "", ARGS(SIZE("size")))
	ROW("memory_arena_retry", "another arena is about to be chosen for a retry", "2.19", "",
	    ARGS(SIZE("size"), PTR("arena")))
	ROW("memory_arena_new", "an additional arena was made", "2.19", "",
	    ARGS(PTR("arena"), SIZE("size")))
	ROW("memory_arena_reuse", "an arena was chosen to be used again", "2.19", "",
	    ARGS(PTR("arena"), PTR("previous")))
	ROW("memory_arena_reuse_wait", "malloc is about to wait for an arena", "2.19", "",
	    ARGS(PTR("mutex"), PTR("arena"), PTR("previous")))
	ROW("memory_arena_reuse_free_list", "an arena was taken from the free list", "2.19", "",
	    ARGS(PTR("arena")))
	ROW("memory_mallopt", "mallopt is called", "2.19", "", ARGS(NUM("param"), NUM("value")))
	ROW("memory_mallopt_mxfast", "mallopt changes M_MXFAST", "2.19", "",
	    ARGS(SIZE("value"), SIZE("previous")))
	ROW("memory_mallopt_trim_threshold", "mallopt changes M_TRIM_THRESHOLD", "2.19", "",
	    ARGS(SIZE("value"), SIZE("previous"), NUM("fixed")))
	ROW("memory_mallopt_top_pad", "mallopt changes M_TOP_PAD", "2.19", "",
	    ARGS(SIZE("value"), SIZE("previous"), NUM("fixed")))
	ROW("memory_mallopt_mmap_threshold", "mallopt changes M_MMAP_THRESHOLD", "2.19", "",
	    ARGS(SIZE("value"), SIZE("previous"), NUM("fixed")))
	ROW("memory_mallopt_mmap_max", "mallopt changes M_MMAP_MAX", "2.19", "",
	    ARGS(NUM("value"), NUM("previous"), NUM("fixed")))
	ROW("memory_mallopt_perturb", "mallopt changes M_PERTURB", "2.19", "",
	    ARGS(NUM("value"), NUM("previous")))
	ROW("memory_mallopt_arena_test", "mallopt changes M_ARENA_TEST", "2.19", "",
	    ARGS(SIZE("value"), SIZE("previous")))
	ROW("memory_mallopt_arena_max", "mallopt changes M_ARENA_MAX", "2.19", "",
	    ARGS(SIZE("value"), SIZE("previous")))
	ROW("memory_mallopt_free_dyn_thresholds", "free adjusts its thresholds", "2.19", "",
	    ARGS(SIZE("mmap_threshold"), SIZE("trim_threshold")))
	ROW("memory_tunable_tcache_max_bytes", "the tunable tcache_max is set", "2.26", "",
	    ARGS(SIZE("value"), SIZE("previous")))
	ROW("memory_tunable_tcache_count", "the tunable tcache_count is set", "2.26", "",
	    ARGS(SIZE("value"), SIZE("previous")))
	ROW("memory_tunable_tcache_unsorted_limit", "the tunable tcache_unsorted_limit is set", "2.26",
	    "", ARGS(SIZE("value"), SIZE("previous")))
	ROW("memory_tcache_double_free", "free suspects that memory was freed already", "2.29", "",
	    ARGS(PTR("ptr"), SIZE("bin")))
	/* jumps */
	ROW("setjmp", "setjmp or sigsetjmp is called", "2.19", "", JUMP("savemask"))
	ROW("longjmp", "longjmp or siglongjmp is called", "2.19", "", JUMP("value"))
	ROW("longjmp_target", "longjmp has restored the registers", "2.19", "", JUMP("value"))
	/* mathematics in multiple precision */
	ROW("slowexp_p6", "exp computes in multiple precision", "2.19", "2.28",
	    ARGS(REAL("input"), REAL("output")))
	ROW("slowexp_p32", "exp computes in multiple precision", "2.19", "2.28",
	    ARGS(REAL("input"), REAL("output")))
	ROW("slowpow_p10", "pow computes in multiple precision", "2.19", "2.28",
	    ARGS(REAL("x"), REAL("y"), REAL("fast"), REAL("output")))
	ROW("slowpow_p32", "pow computes in multiple precision", "2.19", "2.28",
	    ARGS(REAL("x"), REAL("y"), REAL("fast"), REAL("output")))
	ROW("slowlog", "log computes in multiple precision", "2.19", "2.28",
	    ARGS(NUM("precision"), REAL("input"), REAL("output")))
	ROW("slowatan2", "atan2 computes in multiple precision", "2.19", "2.35",
	    ARGS(NUM("precision"), REAL("y"), REAL("x"), REAL("output")))
	ROW("slowatan", "atan computes in multiple precision", "2.19", "2.35",
	    ARGS(NUM("precision"), REAL("input"), REAL("output")))
	ROW("slowtan", "tan computes in multiple precision", "2.19", "2.35",
	    ARGS(REAL("input"), REAL("output")))
	ROW("slowasin", "asin computes in multiple precision", "2.19", "2.33",
	    ARGS(REAL("input"), REAL("output")))
	ROW("slowacos", "acos computes in multiple precision", "2.19", "2.33",
	    ARGS(REAL("input"), REAL("output")))
	ROW("slowsin", "sin computes in multiple precision", "2.19", "2.28",
	    ARGS(REAL("input"), REAL("output")))
	ROW("slowcos", "cos computes in multiple precision", "2.19", "2.28",
	    ARGS(REAL("input"), REAL("output")))
	/* threads */
	ROW("pthread_create", "a thread is about to be made", "2.34", "",
	    ARGS(ARG("thread", "pthread_t *"), ARG("attr", "const pthread_attr_t *"),
	       PTR("start_routine"), PTR("arg")))
	ROW("pthread_start", "a thread starts", "2.34", "",
	    ARGS(ARG("thread", "struct pthread *"), PTR("start_routine"), PTR("arg")))
	ROW("pthread_join", "a thread is waited for", "2.34", "",
	    ARGS(NOTED("thread", "pthread_t", "uintptr_t")))
	ROW("pthread_join_ret", "a thread was waited for", "2.34", "",
	    ARGS(NOTED("thread", "pthread_t", "uintptr_t"), NUM("result"), PTR("value")))
	ROW("pthread_join_ret", "a thread was waited for", "2.34", "",
	    ARGS(NOTED("thread", "pthread_t", "uintptr_t"), NUM("result")))
	/* locks */
	ROW("mutex_init", "a mutex was initialized", "2.34", "", MUTEX)
	ROW("mutex_destroy", "a mutex is destroyed", "2.34", "", MUTEX)
	ROW("mutex_entry", "pthread_mutex_lock is called", "2.34", "", MUTEX)
	ROW("mutex_acquired", "a mutex was acquired", "2.34", "", MUTEX)
	ROW("mutex_release", "a mutex was released", "2.34", "", MUTEX)
	ROW("mutex_timedlock_entry", "pthread_mutex_timedlock is called", "2.34", "",
	    ARGS(ARG("mutex", "pthread_mutex_t *"), ARG("abstime", "const struct timespec *")))
	ROW("mutex_clocklock_entry", "pthread_mutex_clocklock is called", "2.34", "",
	    ARGS(ARG("mutex", "pthread_mutex_t *"), NOTED("clockid", "clockid_t", "int"),
	       ARG("abstime", "const struct timespec *")))
	ROW("mutex_timedlock_acquired", "a mutex was acquired within its time", "2.34", "", MUTEX)
	ROW("rwlock_destroy", "a read-write lock is destroyed", "2.34", "", RWLOCK)
	ROW("wrlock_entry", "pthread_rwlock_wrlock is called", "2.34", "", RWLOCK)
	ROW("rdlock_entry", "pthread_rwlock_rdlock is called", "2.34", "", RWLOCK)
	ROW("wrlock_acquire_write", "a read-write lock was acquired for writing", "2.34", "",
	    RWLOCK)
	ROW("rdlock_acquire_read", "a read-write lock was acquired for reading", "2.34", "",
	    RWLOCK)
	ROW("rwlock_unlock", "a read-write lock is released", "2.34", "", RWLOCK)
	/* condition variables */
	ROW("cond_init", "a condition variable was initialized", "2.34", "",
	    ARGS(ARG("cond", "pthread_cond_t *"), ARG("attr", "const pthread_condattr_t *")))
	ROW("cond_destroy", "a condition variable is destroyed", "2.34", "", CONDITION)
	ROW("cond_wait", "a condition is waited for", "2.34", "",
	    ARGS(ARG("cond", "pthread_cond_t *"), ARG("mutex", "pthread_mutex_t *")))
	ROW("cond_timedwait", "a condition is waited for, for a time", "2.34", "",
	    ARGS(ARG("cond", "pthread_cond_t *"), ARG("mutex", "pthread_mutex_t *"),
	       ARG("abstime", "const struct timespec *")))
	ROW("cond_signal", "one thread that waits is woken", "2.34", "", CONDITION)
	ROW("cond_broadcast", "all threads that wait are woken", "2.34", "", CONDITION)
	ROW("lll_lock_wait_private", "a lock inside the library is waited for", "2.34", "",
	    ARGS(ARG("futex", "int *")))
	ROW("lll_lock_wait", "a lock inside the library is waited for", "2.34", "",
	    ARGS(ARG("futex", "int *")));
/* clang-format on */

const struct catalogue_provider catalogue_libc = {
	.name = "libc",
	.source =
		"https://sourceware.org/glibc/manual/latest/html_node/Internal-Probes.html",
	.rows = { rows, sizeof(rows) - 1 },
};
