/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Libraries that the program does not link: functions of their names that load the library
 * when the first of them is called. Linking takes the dynamic linker longer than a listing
 * of one file takes, and few listings need them.
 *
 * Where the library cannot be loaded, a call sets errno to ELIBACC and fails.
 */
#pragma once

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>

#include "base/array.h"
#include "lazy/library.h"

#define LOAD_MEMBER(type, name, ...)     type(*name) LOAD_PARAMETERS(__VA_ARGS__, )
#define LOAD_PARAMETERS(parameters, ...) parameters;
#define LOAD_NAME(type, name, ...)       #name,

/* A function: what it returns, its parameters, the arguments, what it returns as a failure. */
#define LOAD_FUNCTION(type, name, parameters, arguments, failure)                        \
	type name parameters                                                             \
	{                                                                                \
		return is_loaded() ? functions.name arguments : (failure);               \
	}
/* The same for one that returns nothing. */
#define LOAD_PROCEDURE(type, name, parameters, arguments)                                \
	type name parameters                                                             \
	{                                                                                \
		if (is_loaded())                                                         \
			functions.name arguments;                                        \
	}

/* @FUNCTIONS: a table with a row for each function and each procedure */
#define LOAD_LIBRARY(soname, FUNCTIONS)                                                  \
	static struct {                                                                  \
		FUNCTIONS(LOAD_MEMBER, LOAD_MEMBER)                                      \
	} functions;                                                                     \
	static bool loaded;                                                              \
	static void load(void)                                                           \
	{                                                                                \
		static const char *const names[] = { FUNCTIONS(LOAD_NAME, LOAD_NAME) };  \
		int r = library_load(soname, names, ARRAY_SIZE(names), &functions,       \
		                     NULL);                                              \
		__atomic_store_n(&loaded, r == 0, __ATOMIC_RELEASE);                     \
	}                                                                                \
	static bool is_loaded(void)                                                      \
	{                                                                                \
		static pthread_once_t once = PTHREAD_ONCE_INIT;                          \
		if (__atomic_load_n(&loaded, __ATOMIC_ACQUIRE))                          \
			return true;                                                     \
		pthread_once(&once, load);                                               \
		if (!loaded)                                                             \
			errno = ELIBACC;                                                 \
		return loaded;                                                           \
	}                                                                                \
	FUNCTIONS(LOAD_FUNCTION, LOAD_PROCEDURE)
