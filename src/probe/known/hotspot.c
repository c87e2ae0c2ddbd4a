/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The HotSpot virtual machine of Java. A string is followed by its length and has no NUL:
 * COUNTED, which scripts know by the type. Types are those that libjvm.so passes.
 */
#include "probe/known/catalogue_data.h"

/* clang-format off */
#define ARGS CATALOGUE_ARGUMENTS
#define NONE ""
#define COUNTED(name) ARG(name, "char *"), ARG(name "_len", "int")
#define COUNTED_SIZE(name) ARG(name, "char *"), ARG(name "_len", "uintptr_t")
#define WORD(name) ARG(name, "uintptr_t")
#define CLASS ARGS(COUNTED("class_name"), ARG("loader", "void *"), ARG("shared", "bool"))
#define INITIALIZATION                                                                   \
	ARGS(COUNTED("class_name"), ARG("loader", "void *"), ARG("thread_type", "int"),  \
	     ARG("wait", "bool"))
#define POOL                                                                             \
	ARGS(COUNTED_SIZE("manager"), COUNTED_SIZE("pool"), WORD("init"), WORD("used"),  \
	     WORD("committed"), WORD("max"))
#define THREAD                                                                           \
	ARGS(COUNTED("name"), ARG("java_id", "long long"), ARG("native_id", "uintptr_t"), \
	     ARG("daemon", "bool"))
#define METHOD COUNTED("class_name"), COUNTED("method_name"), COUNTED("signature")
#define COMPILED(...) ARGS(COUNTED_SIZE("compiler"), METHOD __VA_ARGS__)
#define CALLED ARGS(ARG("thread_id", "long long"), METHOD)
#define MONITOR(...)                                                                     \
	ARGS(ARG("thread_id", "long long"), ARG("monitor", "uintptr_t"),                 \
	     COUNTED("class_name") __VA_ARGS__)
#define OPERATION ARGS(COUNTED_SIZE("operation"), ARG("mode", "int"))

static const char rows[] =
	ROW("vm__init__begin", "the virtual machine begins to initialize", "6", "", NONE)
	ROW("vm__init__end", "the virtual machine is ready to run a program", "6", "", NONE)
	ROW("vm__shutdown", "the virtual machine shuts down", "6", "", NONE)
	ROW("vmops__request", "an operation of the virtual machine is asked for", "7", "", OPERATION)
	ROW("vmops__begin", "an operation of the virtual machine begins", "7", "", OPERATION)
	ROW("vmops__end", "an operation of the virtual machine ends", "7", "", OPERATION)
	ROW("class__loaded", "a class was loaded", "6", "", CLASS)
	ROW("class__unloaded", "a class was unloaded", "6", "", CLASS)
	ROW("class__initialization__required", "a class must be initialized", "7", "",
	    ARGS(COUNTED("class_name"), ARG("loader", "void *"), ARG("thread_type", "int")))
	ROW("class__initialization__recursive", "this thread is initializing the class already", "7",
	    "", INITIALIZATION)
	ROW("class__initialization__concurrent", "another thread initialized the class meanwhile", "7",
	    "", INITIALIZATION)
	ROW("class__initialization__erroneous", "the class is in an erroneous state", "7", "",
	    INITIALIZATION)
	ROW("class__initialization__super__failed", "a superclass could not be initialized", "7", "",
	    INITIALIZATION)
	ROW("class__initialization__clinit", "the class initializer is about to run", "7", "",
	    INITIALIZATION)
	ROW("class__initialization__error", "the class initializer threw an exception", "7", "",
	    INITIALIZATION)
	ROW("class__initialization__end", "a class was initialized", "7", "", INITIALIZATION)
	ROW("gc__begin", "a garbage collection of the whole system begins", "6", "",
	    ARGS(ARG("full", "bool")))
	ROW("gc__end", "a garbage collection of the whole system ends", "6", "", NONE)
	ROW("mem__pool__gc__begin", "a memory pool is about to be collected", "6", "", POOL)
	ROW("mem__pool__gc__end", "a memory pool was collected", "6", "", POOL)
	ROW("thread__start", "a thread starts", "6", "", THREAD)
	ROW("thread__stop", "a thread ends", "6", "", THREAD)
	ROW("thread__sleep__begin", "a thread begins to sleep", "7", "",
	    ARGS(ARG("milliseconds", "long long")))
	ROW("thread__sleep__end", "a thread has slept", "7", "", ARGS(ARG("interrupted", "int")))
	ROW("thread__yield", "a thread yields", "7", "", NONE)
	ROW("thread__park__begin", "a thread is about to park", "7", "",
	    ARGS(WORD("parker"), ARG("is_absolute", "int"), ARG("time", "long long")))
	ROW("thread__park__end", "a thread has parked", "7", "", ARGS(WORD("parker")))
	ROW("thread__unpark", "a thread is let go", "7", "", ARGS(WORD("parker")))
	ROW("method__compile__begin", "a method is about to be compiled", "6", "", COMPILED())
	ROW("method__compile__end", "a method was compiled", "6", "",
	    COMPILED(, ARG("success", "bool")))
	ROW("compiled__method__load", "a compiled method is installed", "6", "",
	    ARGS(METHOD, ARG("code", "void *"), ARG("code_size", "int")))
	ROW("compiled__method__unload", "a compiled method is removed", "6", "", ARGS(METHOD))
	ROW("monitor__contended__enter", "a thread wants a monitor that another holds", "6", "",
	    MONITOR())
	ROW("monitor__contended__entered", "a thread entered a monitor that it had to wait for", "6",
	    "", MONITOR())
	ROW("monitor__contended__exit", "a thread leaves a monitor that others wait for", "6", "",
	    MONITOR())
	ROW("monitor__wait", "a thread begins to wait on an object", "6", "",
	    MONITOR(, ARG("timeout", "long long")))
	ROW("monitor__waited", "a thread has waited on an object", "6", "", MONITOR())
	ROW("monitor__notify", "a thread wakes one that waits on an object", "6", "", MONITOR())
	ROW("monitor__notifyAll", "a thread wakes all that wait on an object", "6", "", MONITOR())
	ROW("method__entry", "a method is entered", "6", "", CALLED)
	ROW("method__return", "a method is left", "6", "", CALLED)
	ROW("object__alloc", "an object or array is allocated", "6", "",
	    ARGS(ARG("thread_id", "long long"), COUNTED("class_name"), ARG("size", "int")))
	ROW("object__alloc", "an object or array is allocated", "6", "",
	    ARGS(ARG("thread_id", "long long"), COUNTED("class_name"), ARG("size", "size_t")));
/* clang-format on */

const struct catalogue_provider catalogue_hotspot = {
	.name = "hotspot",
	.source =
		"https://docs.oracle.com/en/java/javase/17/vm/dtrace-probes-hotspot-vm.html",
	.rows = { rows, sizeof(rows) - 1 },
};
