/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * CPython's markers by version.
 *
 * Names and arguments are those of Doc/howto/instrumentation.rst. That page lists
 * function__entry, function__return and line for every version, but 3.12 removed them with
 * the old tracing (PEP 669), and 3.15 brought back the first two. In 3.11 they are compiled
 * into a path that only the line marker's counter opens, so that none of the three can be
 * relied on. The instance__ markers were declared for 3.6 and never fired anywhere.
 */
#include "probe/known/python.h"

#include <string.h>

#include "base/array.h"
#include "probe/known/catalogue_data.h"

/* clang-format off */
#define TEXT(name) { name, "const char *" }
#define ARGS(...)                                                                        \
	.arguments = (const struct catalogue_argument[]){ __VA_ARGS__ },                 \
	.argument_count = sizeof((const struct catalogue_argument[]){ __VA_ARGS__ }) /   \
	                  sizeof(struct catalogue_argument)
#define FRAME ARGS(TEXT("filename"), TEXT("funcname"), { "lineno", "int" })
#define INSTANCE ARGS(TEXT(NULL), TEXT(NULL))
#define ALWAYS(since) { { since, PYTHON_LATEST } }

const struct python_marker python_markers[] = {
	{ { "function__entry", "a Python function is entered", "3.6", NULL, FRAME },
	  6, { { 6, 11 }, { 15, PYTHON_LATEST } }, { 11, 11 } },
	{ { "function__return", "a Python function is left", "3.6", NULL, FRAME },
	  6, { { 6, 11 }, { 15, PYTHON_LATEST } }, { 11, 11 } },
	{ { "instance__new__start", "declared, never fired", "3.6", NULL, INSTANCE },
	  6, { { 0 } }, { 0 } },
	{ { "instance__new__done", "declared, never fired", "3.6", NULL, INSTANCE },
	  6, { { 0 } }, { 0 } },
	{ { "instance__delete__start", "declared, never fired", "3.6", NULL, INSTANCE },
	  6, { { 0 } }, { 0 } },
	{ { "instance__delete__done", "declared, never fired", "3.6", NULL, INSTANCE },
	  6, { { 0 } }, { 0 } },
	{ { "line", "a line of Python is about to be executed", "3.6", NULL, FRAME },
	  6, { { 6, 11 } }, { 11, 11 } },
	{ { "gc__start", "a garbage collection begins", "3.6", NULL,
	    ARGS({ "generation", "int" }) },
	  6, ALWAYS(6), { 0 } },
	{ { "gc__done", "a garbage collection is complete", "3.6", NULL,
	    ARGS({ "collected", "long" }) },
	  6, ALWAYS(6), { 0 } },
	{ { "import__find__load__start", "a module is about to be found and loaded", "3.7", NULL,
	    ARGS(TEXT("modulename")) },
	  7, ALWAYS(7), { 0 } },
	{ { "import__find__load__done", "a module was found and loaded, or not", "3.7", NULL,
	    ARGS(TEXT("modulename"), { "found", "int" }) },
	  7, ALWAYS(7), { 0 } },
	{ { "audit", "sys.audit() or PySys_Audit() is called", "3.8", NULL,
	    ARGS(TEXT("event"), { "tuple", "void *" }) },
	  8, ALWAYS(8), { 0 } },
};
/* clang-format on */
const size_t python_marker_count = ARRAY_SIZE(python_markers);

const struct catalogue_provider catalogue_python = {
	.name = PYTHON_PROVIDER,
	.source = "https://docs.python.org/3/howto/instrumentation.html",
	.probes = &python_markers[0].probe,
	.count = ARRAY_SIZE(python_markers),
	.stride = sizeof(python_markers[0]),
};

const struct python_marker *python_marker_find(const char *name)
{
	for (size_t i = 0; i < python_marker_count; i++) {
		if (strcmp(python_markers[i].probe.name, name) == 0)
			return &python_markers[i];
	}
	return NULL;
}

static bool holds(struct python_range range, unsigned minor)
{
	return range.from != 0 && minor >= range.from &&
	       (range.to == PYTHON_LATEST || minor <= range.to);
}

bool python_marker_is_declared(const struct python_marker *marker, unsigned minor)
{
	return minor >= marker->declared;
}

bool python_marker_is_compiled(const struct python_marker *marker, unsigned minor)
{
	return holds(marker->compiled[0], minor) || holds(marker->compiled[1], minor);
}

bool python_marker_is_dead(const struct python_marker *marker, unsigned minor)
{
	return holds(marker->dead, minor);
}

bool python_declares_bytes(uint64_t size)
{
	for (unsigned minor = PYTHON_FIRST_MARKED; minor <= PYTHON_LAST_MARKED; minor++) {
		uint64_t counters = 0;
		for (size_t i = 0; i < python_marker_count; i++)
			counters += python_marker_is_declared(&python_markers[i], minor);
		if (size == 2 * counters)
			return true;
	}
	return false;
}
