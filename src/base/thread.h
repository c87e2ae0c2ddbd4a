/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Threads whose stack is as large as the libraries below need, whatever the host's default. */
#pragma once

#include <pthread.h>

/*
 * Of a thread. libdw 0.188 needs 192 KiB to read lines; glibc's default is the limit of the
 * process's stack, musl's 128 KiB.
 */
#define THREAD_STACK_SIZE ((size_t)1 << 20)

/* pthread_create(). Return: 0 or an errno */
int thread_start(pthread_t *ret, void *(*run)(void *data), void *data);
