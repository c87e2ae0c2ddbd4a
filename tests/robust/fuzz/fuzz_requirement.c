/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Fuzz target: a file of requirements, line by line, and what they say of some probes. */
#include "base/array.h"
#include "fuzz.h"
#include "rules/check/require.h"
#include "rules/check/require_line.h"

/* All requirements are held against these: two files, one of them stripped. */
static const struct side_file *known_files(size_t *count_ret)
{
	static struct set_probe probes[] = {
		{ .provider = { "app", 3 },
		  .name = { "done", 4 },
		  .signature = { "", 0 } },
		{ .provider = { "app", 3 },
		  .name = { "work", 4 },
		  .signature = { "int32,uint64", 12 } },
		{ .provider = { "app", 3 },
		  .name = { "work", 4 },
		  .signature = { "int32,int64", 11 } },
		{ .provider = { "app", 3 },
		  .name = { "work__end", 9 },
		  .signature = { "double,bytes16", 14 } },
		{ .provider = { "", 0 },
		  .name = { "\xff\x1b[31m", 6 },
		  .signature = { "long double", 11 } },
	};
	static const struct side_file files[] = {
		{ .path = (char *)"a", .state = USDTINFO_STATE_NOTES_STRIPPED },
		{ .path = (char *)"b",
		  .word = 8,
		  .set = { .items = probes, .count = ARRAY_SIZE(probes) } },
	};
	*count_ret = ARRAY_SIZE(files);
	return files;
}

static void judge(const struct requirement *requirement)
{
	struct verdict verdict = { 0 };
	size_t count;
	const struct side_file *files = known_files(&count);
	/* Of no file at all, of the stripped one, of both. */
	for (size_t i = 0; i <= count; i++) {
		require(requirement_judge(requirement, files, i, &verdict) == 0);
		require(verdict.ok != (verdict.reason.size > 0));
		require(verdict.found.size > 0 && verdict.found.size < (1 << 20));
	}
	verdict_deinit(&verdict);
}

static void check_line(char *line)
{
	struct require_line read;
	struct requirement requirement;
	struct match match = { 0 };
	struct usdtinfo_error err = { 0 };
	int r = require_line_read(line, &read, &err);
	if (r > 0 && read.allows_missing) {
		r = match_add(&match, read.value, &err);
		if (r == 0)
			match_probe(&match, text_of("app"), text_of("work"));
		match_deinit(&match);
	} else if (r > 0) {
		r = requirement_parse(read.kind, read.value, &requirement, &err);
		if (r == 0) {
			judge(&requirement);
			requirement_deinit(&requirement);
		}
	}
	require(r == 0 || (r == USDTINFO_E_ARGUMENT && err.text[0]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	while (size) {
		const uint8_t *newline = memchr(data, '\n', size);
		size_t line_size = newline ? (size_t)(newline - data) : size;
		char *line = fuzz_copy(data, line_size, true);
		check_line(line);
		free(line);
		line_size += newline != NULL;
		data += line_size;
		size -= line_size;
	}
	return 0;
}
