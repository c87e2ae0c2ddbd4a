/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Fuzz target: what a build leaves behind, read as each kind of record. */
#include "base/array.h"
#include "find/runtime/python_parts.h"
#include "fuzz.h"

static const char *const names[] = { "_sysconfigdata__x.py", "_sysconfig_vars__x.json",
	                             "build-details.json", "pyconfig.h", "Makefile" };

static void parse(const char *name, struct text content)
{
	struct usdtinfo_python *python = calloc(1, sizeof(*python));
	require(python != NULL);
	python->record.with_dtrace = python->record.gil_disabled = MAYBE_UNKNOWN;
	python->record.shared = python->record.agrees = MAYBE_UNKNOWN;
	python_parse_record(python, name, content);
	require(!python->record.config_args.at ||
	        python->record.config_args.at[python->record.config_args.size] == '\0');
	usdtinfo_python_close(python);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* The contents of a file, which end with a NUL of our own. */
	char *copy = fuzz_copy(data, size, true);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		parse(names[i], (struct text){ copy, size });
	free(copy);
	return 0;
}
