/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Fuzz target: the first bytes of a script. */
#include "find/runtime/python_script.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct program_script script;
	char *copy = fuzz_copy(data, size, true);
	script_read((struct text){ copy, size }, &script);
	free(copy);
	require(memchr(script.interpreter, '\0', sizeof(script.interpreter)));
	require(memchr(script.version, '\0', sizeof(script.version)));
	require((script.kind == SCRIPT_CHOOSES) == (script.tool != NULL));
	bool names = script.kind == SCRIPT_PATH || script.kind == SCRIPT_SEARCH ||
	             script.kind == SCRIPT_BESIDE;
	require(!names || *script.interpreter);
	require(script.kind == SCRIPT_PATH || script.kind == SCRIPT_CHOOSES ||
	        !strchr(script.interpreter, '/') || script.kind == SCRIPT_NONE);
	return 0;
}
