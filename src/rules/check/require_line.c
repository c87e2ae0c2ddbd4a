/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* From a line of text to the kind of requirement and its value. */
#include "rules/check/require_line.h"

#include <string.h>

#include "base/error.h"

/* What stands behind a word and "=" or blanks; NULL when the line begins otherwise. */
static const char *value_of(const char *line, const char *word)
{
	size_t size = strlen(word);
	if (strncmp(line, word, size) != 0 || !strchr("= \t", line[size]) || !line[size])
		return NULL;
	line += size;
	line += *line == '=' ? 1 : strspn(line, " \t");
	return line;
}

static char *trim(char *line)
{
	for (char *at = line; *at; at++) {
		if (*at == '#' && (at == line || strchr(" \t", at[-1]))) {
			*at = '\0';
			break;
		}
	}
	size_t size = strlen(line);
	while (size && strchr(" \t\r\n", line[size - 1]))
		line[--size] = '\0';
	return line + strspn(line, " \t");
}

int require_line_read(char *line, struct require_line *ret, struct usdtinfo_error *err)
{
	const char *text = trim(line);
	if (!*text)
		return 0;
	if (strncmp(text, "--", 2) == 0)
		text += 2;
	for (unsigned kind = 0; kind < REQUIRE_KINDS; kind++) {
		const char *value = value_of(text, require_names[kind]);
		if (value) {
			*ret = (struct require_line){ .kind = kind, .value = value };
			return 1;
		}
	}
	const char *value = value_of(text, "allow-missing");
	if (!value && strpbrk(text, " \t"))
		return fail(err, USDTINFO_E_ARGUMENT, "'%s' is no requirement", text);
	*ret = (struct require_line){
		.allows_missing = value != NULL,
		.kind = REQUIRE_PROBES,
		.value = value ? value : text,
	};
	return 1;
}
