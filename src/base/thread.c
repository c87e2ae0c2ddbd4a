/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Threads with a stack of a size of their own. */
#include "base/thread.h"

int thread_start(pthread_t *ret, void *(*run)(void *data), void *data)
{
	pthread_attr_t attributes;
	int error = pthread_attr_init(&attributes);
	if (error)
		return error;
	error = pthread_attr_setstacksize(&attributes, THREAD_STACK_SIZE);
	if (!error)
		error = pthread_create(ret, &attributes, run, data);
	pthread_attr_destroy(&attributes);
	return error;
}
