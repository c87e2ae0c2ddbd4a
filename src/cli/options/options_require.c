/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Requirements on the command line and in files. */
#include "cli/options/options_require.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "base/lines.h"
#include "cli/options/options.h"
#include "rules/check/require_line.h"

enum {
	KEY_REQUIRE = 0x700, /* and enum require_kind */
	KEY_EACH = KEY_REQUIRE + REQUIRE_KINDS,
	KEY_BASELINE,
	KEY_ALLOW_MISSING,
	KEY_LINT,
	KEY_REQUIREMENTS
};

/* clang-format off */
static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Requirements (default: --min-probes=1):", 1 },
	{ "require", KEY_REQUIRE + REQUIRE_PROBES, "[PROVIDER:]NAME[=MIN]", 0,
	  "at least MIN probes match (default: 1)", 1 },
	{ "forbid", KEY_REQUIRE + REQUIRE_NONE, "[PROVIDER:]NAME", 0,
	  "no probe of any file matches", 1 },
	{ "min-probes", KEY_REQUIRE + REQUIRE_MIN, "N", 0, "at least N probes", 1 },
	{ "args", KEY_REQUIRE + REQUIRE_ARGUMENTS, "[PROVIDER:]NAME=TYPE,...", 0,
	  "all probes that match have arguments of exactly these types", 1 },
	{ "baseline", KEY_BASELINE, "FILE", 0,
	  "all names in FILE are there, with the same arguments; FILE is a saved listing or a binary", 1 },
	{ "definitions", 'd', "FILE.d", 0, "a probe for each one that FILE.d declares", 1 },
	{ "allow-missing", KEY_ALLOW_MISSING, "[PROVIDER:]NAME", 0,
	  "declared probes that match may be missing", 1 },
	{ "lint", KEY_LINT, NULL, 0, "usdtinfo lint finds nothing", 1 },
	{ "requirements", KEY_REQUIREMENTS, "FILE", 0,
	  "read further requirements from FILE, one a line; # starts a comment", 1 },
	{ "each", KEY_EACH, NULL, 0, "each file must meet the requirements by itself", 1 },
	{ 0 },
};
/* clang-format on */

static int add(struct require_options *require, enum require_kind kind, const char *text,
               struct usdtinfo_error *err)
{
	if (!array_grow(&require->items, &require->room, require->count + 1,
	                sizeof(*require->items)))
		return fail_memory(err);
	int r = requirement_parse(kind, text, &require->items[require->count], err);
	if (r == 0)
		require->count++;
	return r;
}

static void add_path(char ***paths, size_t *room, size_t *count, char *arg,
                     struct argp_state *state)
{
	if (!array_grow(paths, room, *count + 1, sizeof(**paths)))
		out_of_memory(state);
	(*paths)[(*count)++] = arg;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct require_options *require = state->input;
	struct usdtinfo_error err;
	int r = 0;
	switch (key) {
	case 'd':
		add_path(&require->definitions, &require->definition_room,
		         &require->definition_count, arg, state);
		return 0;
	case KEY_EACH:
		require->each = true;
		return 0;
	case KEY_BASELINE:
		require->baseline = arg;
		return 0;
	case KEY_LINT:
		require->lint = true;
		return 0;
	case KEY_REQUIREMENTS:
		add_path(&require->files, &require->file_room, &require->file_count, arg,
		         state);
		return 0;
	case KEY_ALLOW_MISSING:
		r = match_add(&require->allow_missing, arg, &err);
		break;
	default:
		if (key < KEY_REQUIRE || key >= KEY_REQUIRE + REQUIRE_KINDS)
			return ARGP_ERR_UNKNOWN;
		r = add(require, (enum require_kind)(key - KEY_REQUIRE), arg, &err);
	}
	if (r < 0)
		usage_error(state, "%s", err.text);
	return 0;
}

const struct argp require_argp = { .options = options, .parser = parse };

static int add_line(struct require_options *require, char *line,
                    struct usdtinfo_error *err)
{
	struct require_line read;
	int r = require_line_read(line, &read, err);
	if (r <= 0)
		return r;
	if (read.allows_missing)
		return match_add(&require->allow_missing, read.value, err);
	return add(require, read.kind, read.value, err);
}

/* Return: 0; -1 with @err filled */
static int add_lines(struct require_options *require, int fd, struct usdtinfo_error *err)
{
	_cleanup_(lines_deinit) struct lines lines = { .fd = fd };
	char *line;
	int more;
	for (size_t number = 1; (more = lines_next(&lines, '\n', &line)) > 0; number++) {
		if (add_line(require, line, err) == 0)
			continue;
		const struct usdtinfo_error why = *err;
		return fail(err, why.code, "line %zu: %s", number, why.text);
	}
	return more < 0 ? fail_errno(err, "cannot read") : 0;
}

static bool load(struct require_options *require, const char *path, struct report *report)
{
	struct usdtinfo_error err;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int r = fd < 0 ? fail_errno(&err, "cannot open") : add_lines(require, fd, &err);
	if (fd >= 0)
		close(fd);
	if (r < 0)
		report_trouble(report, text_of(path), text_of(err.text));
	return r == 0;
}

bool require_options_load(struct require_options *require, struct report *report)
{
	for (size_t i = 0; i < require->file_count; i++) {
		if (!load(require, require->files[i], report))
			return false;
	}
	return true;
}

void require_options_deinit(struct require_options *require)
{
	for (size_t i = 0; i < require->count; i++)
		requirement_deinit(&require->items[i]);
	free(require->items);
	free(require->definitions);
	free(require->files);
	match_deinit(&require->allow_missing);
	*require = (struct require_options){ 0 };
}
