/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* printf() in the languages of the tools. */
#include "output/tool/script_print.h"

#include "output/list/operand_text.h"
#include "output/stream/quote.h"

static const char *conversion(const struct script_print *print,
                              const struct script_argument *argument)
{
	bool is_long = argument->size == 8;
	switch (argument->kind) {
	case SCRIPT_SIGNED:
		return print->is_signed[is_long];
	case SCRIPT_UNSIGNED:
		return print->is_unsigned[is_long];
	case SCRIPT_BITS:
		return print->bits[is_long];
	case SCRIPT_COUNTED:
		if (print->counted)
			return print->counted;
		break;
	case SCRIPT_STRING:
		break;
	}
	return "%s";
}

void script_add_format(const struct script_print *print,
                       const struct script_stanza *stanza, struct strbuf *out)
{
	strbuf_add_text(out, stanza->job->probe->provider);
	strbuf_add_char(out, ':');
	strbuf_add_text(out, stanza->job->probe->name);
	for (size_t i = 0; i < stanza->argument_count; i++) {
		const struct script_argument *argument = &stanza->arguments[i];
		strbuf_addf(out, " %s=%s", argument->name.at,
		            conversion(print, argument));
	}
}

void script_add_variables(const struct script_print *print,
                          const struct script_stanza *stanza, struct strbuf *out)
{
	for (size_t i = 0; i < stanza->argument_count; i++)
		strbuf_addf(out, ", %s%s", print->variable, stanza->arguments[i].name.at);
}
