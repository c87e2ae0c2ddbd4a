/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The HotSpot virtual machine of Java. A string is followed by its length and has no NUL:
 * COUNTED, which scripts know by the type. Types are those that libjvm.so passes.
 */
#include "base/array.h"
#include "probe/catalogue_data.h"

/* clang-format off */
#define ARGS CATALOGUE_ARGUMENTS
#define NONE NULL, 0
#define COUNTED(name) { name, "char *" }, { name "_len", "int" }
#define COUNTED_SIZE(name) { name, "char *" }, { name "_len", "uintptr_t" }
#define WORD(name) { name, "uintptr_t" }
#define CLASS ARGS(COUNTED("class_name"), { "loader", "void *" }, { "shared", "bool" })
#define INITIALIZATION                                                                   \
	ARGS(COUNTED("class_name"), { "loader", "void *" }, { "thread_type", "int" },        \
	     { "wait", "bool" })
#define POOL                                                                             \
	ARGS(COUNTED_SIZE("manager"), COUNTED_SIZE("pool"), WORD("init"), WORD("used"),      \
	     WORD("committed"), WORD("max"))
#define THREAD                                                                           \
	ARGS(COUNTED("name"), { "java_id", "long long" }, { "native_id", "uintptr_t" },      \
	     { "daemon", "bool" })
#define METHOD COUNTED("class_name"), COUNTED("method_name"), COUNTED("signature")
#define COMPILED(...) ARGS(COUNTED_SIZE("compiler"), METHOD __VA_ARGS__)
#define CALLED ARGS({ "thread_id", "long long" }, METHOD)
#define MONITOR(...)                                                                     \
	ARGS({ "thread_id", "long long" }, { "monitor", "uintptr_t" },                       \
	     COUNTED("class_name") __VA_ARGS__)
#define OPERATION ARGS(COUNTED_SIZE("operation"), { "mode", "int" })

static const struct catalogue_probe probes[] = {
	{ "vm__init__begin", "the virtual machine begins to initialize", "6", NULL, NONE },
	{ "vm__init__end", "the virtual machine is ready to run a program", "6", NULL, NONE },
	{ "vm__shutdown", "the virtual machine shuts down", "6", NULL, NONE },
	{ "vmops__request", "an operation of the virtual machine is asked for", "7", NULL, OPERATION },
	{ "vmops__begin", "an operation of the virtual machine begins", "7", NULL, OPERATION },
	{ "vmops__end", "an operation of the virtual machine ends", "7", NULL, OPERATION },
	{ "class__loaded", "a class was loaded", "6", NULL, CLASS },
	{ "class__unloaded", "a class was unloaded", "6", NULL, CLASS },
	{ "class__initialization__required", "a class must be initialized", "7", NULL,
	  ARGS(COUNTED("class_name"), { "loader", "void *" }, { "thread_type", "int" }) },
	{ "class__initialization__recursive", "this thread is initializing the class already", "7",
	  NULL, INITIALIZATION },
	{ "class__initialization__concurrent", "another thread initialized the class meanwhile", "7",
	  NULL, INITIALIZATION },
	{ "class__initialization__erroneous", "the class is in an erroneous state", "7", NULL,
	  INITIALIZATION },
	{ "class__initialization__super__failed", "a superclass could not be initialized", "7", NULL,
	  INITIALIZATION },
	{ "class__initialization__clinit", "the class initializer is about to run", "7", NULL,
	  INITIALIZATION },
	{ "class__initialization__error", "the class initializer threw an exception", "7", NULL,
	  INITIALIZATION },
	{ "class__initialization__end", "a class was initialized", "7", NULL, INITIALIZATION },
	{ "gc__begin", "a garbage collection of the whole system begins", "6", NULL,
	  ARGS({ "full", "bool" }) },
	{ "gc__end", "a garbage collection of the whole system ends", "6", NULL, NONE },
	{ "mem__pool__gc__begin", "a memory pool is about to be collected", "6", NULL, POOL },
	{ "mem__pool__gc__end", "a memory pool was collected", "6", NULL, POOL },
	{ "thread__start", "a thread starts", "6", NULL, THREAD },
	{ "thread__stop", "a thread ends", "6", NULL, THREAD },
	{ "thread__sleep__begin", "a thread begins to sleep", "7", NULL,
	  ARGS({ "milliseconds", "long long" }) },
	{ "thread__sleep__end", "a thread has slept", "7", NULL, ARGS({ "interrupted", "int" }) },
	{ "thread__yield", "a thread yields", "7", NULL, NONE },
	{ "thread__park__begin", "a thread is about to park", "7", NULL,
	  ARGS(WORD("parker"), { "is_absolute", "int" }, { "time", "long long" }) },
	{ "thread__park__end", "a thread has parked", "7", NULL, ARGS(WORD("parker")) },
	{ "thread__unpark", "a thread is let go", "7", NULL, ARGS(WORD("parker")) },
	{ "method__compile__begin", "a method is about to be compiled", "6", NULL, COMPILED() },
	{ "method__compile__end", "a method was compiled", "6", NULL,
	  COMPILED(, { "success", "bool" }) },
	{ "compiled__method__load", "a compiled method is installed", "6", NULL,
	  ARGS(METHOD, { "code", "void *" }, { "code_size", "int" }) },
	{ "compiled__method__unload", "a compiled method is removed", "6", NULL, ARGS(METHOD) },
	{ "monitor__contended__enter", "a thread wants a monitor that another holds", "6", NULL,
	  MONITOR() },
	{ "monitor__contended__entered", "a thread entered a monitor that it had to wait for", "6",
	  NULL, MONITOR() },
	{ "monitor__contended__exit", "a thread leaves a monitor that others wait for", "6", NULL,
	  MONITOR() },
	{ "monitor__wait", "a thread begins to wait on an object", "6", NULL,
	  MONITOR(, { "timeout", "long long" }) },
	{ "monitor__waited", "a thread has waited on an object", "6", NULL, MONITOR() },
	{ "monitor__notify", "a thread wakes one that waits on an object", "6", NULL, MONITOR() },
	{ "monitor__notifyAll", "a thread wakes all that wait on an object", "6", NULL, MONITOR() },
	{ "method__entry", "a method is entered", "6", NULL, CALLED },
	{ "method__return", "a method is left", "6", NULL, CALLED },
	{ "object__alloc", "an object or array is allocated", "6", NULL,
	  ARGS({ "thread_id", "long long" }, COUNTED("class_name"), { "size", "int" }) },
	{ "object__alloc", "an object or array is allocated", "6", NULL,
	  ARGS({ "thread_id", "long long" }, COUNTED("class_name"), { "size", "size_t" }) },
};
/* clang-format on */

const struct catalogue_provider catalogue_hotspot = {
	.name = "hotspot",
	.source = "https://docs.oracle.com/en/java/javase/17/vm/"
		  "dtrace-probes-hotspot-vm.html",
	.probes = probes,
	.count = ARRAY_SIZE(probes),
};
