/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Tells the completion scripts of the shells what there is, so that they need no lists. */
#include "cli/options/completion.h"

#include <stdbool.h>
#include <string.h>

static bool is_option(const struct argp_option *option)
{
	return option->name && !(option->flags & (OPTION_HIDDEN | OPTION_DOC));
}

static void put_word(const char **word, size_t size, FILE *out)
{
	if (*word)
		fprintf(out, "%.*s ", (int)size, *word);
	*word = NULL;
}

/*
 * The values that a description lists: "auto (default), always or never", "a line for gdb,
 * perf, stap": the last word of each part. One without a comma lists none.
 */
static void put_words(const char *doc, FILE *out)
{
	const char *end = doc + strcspn(doc, ";"), *word = NULL;
	size_t size = 0;
	if (!memchr(doc, ',', (size_t)(end - doc)))
		return;
	for (const char *at = doc; at < end;) {
		size_t step = strcspn(at, " ;"), length = strcspn(at, " ,;");
		bool is_or = step == 2 && strncmp(at, "or", 2) == 0;
		if (*at != '(' && !is_or) {
			word = at;
			size = length;
		}
		if (is_or || length < step || at + step >= end)
			put_word(&word, size, out);
		at += step;
		at += strspn(at, " ");
	}
}

void completion_options(const struct argp *argp, FILE *out)
{
	const struct argp_option *option = argp->options;
	/* The table ends with a row that has none of these; a heading has its text only. */
	for (; option && (option->name || option->key || option->doc || option->group);
	     option++) {
		if (!is_option(option))
			continue;
		if (option->key > ' ' && option->key < 0x7f)
			putc(option->key, out);
		const char *doc = option->doc ? option->doc : "";
		fprintf(out, "\t%s\t%s\t", option->name, option->arg ? option->arg : "");
		if (option->arg)
			put_words(doc, out);
		fprintf(out, "\t%s\n", doc);
	}
	/* As deep as our own tables nest. */
	for (const struct argp_child *child = argp->children; child && child->argp;
	     child++)
		completion_options(child->argp, out);
}
