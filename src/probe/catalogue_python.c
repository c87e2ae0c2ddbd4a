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
#include "probe/catalogue_python.h"

#include <string.h>

#include "base/array.h"

#define TEXT(name_)                                                                      \
	{                                                                                \
		name_, "const char *", 0, false                                          \
	}
#define NUMBER(name_)                                                                    \
	{                                                                                \
		name_, "int", 4, true                                                    \
	}

#define FRAME                                                                            \
	{                                                                                \
		TEXT("filename"), TEXT("funcname"), NUMBER("lineno")                     \
	}
#define INSTANCE                                                                         \
	{                                                                                \
		TEXT(NULL), TEXT(NULL)                                                   \
	}

const struct python_marker python_markers[] = {
	{ "function__entry",
	  6,
	  { { 6, 11 }, { 15, PYTHON_LATEST } },
	  { 11, 11 },
	  FRAME,
	  3 },
	{ "function__return",
	  6,
	  { { 6, 11 }, { 15, PYTHON_LATEST } },
	  { 11, 11 },
	  FRAME,
	  3 },
	{ "instance__new__start", 6, { { 0 } }, { 0 }, INSTANCE, 2 },
	{ "instance__new__done", 6, { { 0 } }, { 0 }, INSTANCE, 2 },
	{ "instance__delete__start", 6, { { 0 } }, { 0 }, INSTANCE, 2 },
	{ "instance__delete__done", 6, { { 0 } }, { 0 }, INSTANCE, 2 },
	{ "line", 6, { { 6, 11 } }, { 11, 11 }, FRAME, 3 },
	{ "gc__start", 6, { { 6, PYTHON_LATEST } }, { 0 }, { NUMBER("generation") }, 1 },
	{ "gc__done",
	  6,
	  { { 6, PYTHON_LATEST } },
	  { 0 },
	  { { "collected", "long", 0, true } },
	  1 },
	{ "import__find__load__start",
	  7,
	  { { 7, PYTHON_LATEST } },
	  { 0 },
	  { TEXT("modulename") },
	  1 },
	{ "import__find__load__done",
	  7,
	  { { 7, PYTHON_LATEST } },
	  { 0 },
	  { TEXT("modulename"), NUMBER("found") },
	  2 },
	{ "audit",
	  8,
	  { { 8, PYTHON_LATEST } },
	  { 0 },
	  { TEXT("event"), { "tuple", "void *", 0, false } },
	  2 },
};
const size_t python_marker_count = ARRAY_SIZE(python_markers);

const struct python_marker *python_marker_find(const char *name)
{
	for (size_t i = 0; i < python_marker_count; i++) {
		if (strcmp(python_markers[i].name, name) == 0)
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

bool python_marker_fits(const struct python_marker *marker,
                        const struct usdtinfo_probe *probe, unsigned address_size)
{
	if (usdtinfo_probe_argument_count(probe) != marker->argument_count)
		return false;
	for (size_t i = 0; i < marker->argument_count; i++) {
		const struct python_argument *row = &marker->arguments[i];
		const struct usdtinfo_argument *argument = usdtinfo_probe_argument(probe,
		                                                                   i);
		unsigned size = row->size ? row->size : address_size;
		if (usdtinfo_argument_size(argument) != size ||
		    usdtinfo_argument_is_float(argument) ||
		    usdtinfo_argument_is_signed(argument) != row->is_signed)
			return false;
	}
	return true;
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
