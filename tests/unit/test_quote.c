/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Quoting for shells, C and comments; the shell itself reads back what is quoted for it. */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "io/quote.h"
#include "unit.h"

static const struct {
	const char *text, *shell, *c, *comment, *identifier;
} cases[] = {
	{ "/usr/bin/python3.11", "/usr/bin/python3.11", "\"/usr/bin/python3.11\"",
	  "/usr/bin/python3.11", "_usr_bin_python3_11" },
	{ "", "''", "\"\"", "", "_" },
	{ "a b", "'a b'", "\"a b\"", "a b", "a_b" },
	{ "it's", "'it'\\''s'", "\"it's\"", "it's", "it_s" },
	{ "$(x)`y`;&|", "'$(x)`y`;&|'", "\"$(x)`y`;&|\"", "$(x)`y`;&|", "__x__y____" },
	{ "a\\\"b", "'a\\\"b'", "\"a\\\\\\\"b\"", "a\\\"b", "a__b" },
	{ "a\nb", "$'a\\012b'", "\"a\\012b\"", "a\\x0ab", "a_b" },
	{ "\xff'\\", "$'\\377\\047\\134'", "\"\\377'\\\\\"", "\\xff'\\ ", "___" },
	{ "*/x", "'*/x'", "\"*/x\"", "* /x", "__x" },
	{ "a\\", "'a\\'", "\"a\\\\\"", "a\\ ", "a_" },
	{ "?\?/", "'?\?/'", "\"?\\?/\"", "?\?/", "___" },
	{ "9lives", "9lives", "\"9lives\"", "9lives", "_9lives" },
	{ "~x", "'~x'", "\"~x\"", "~x", "_x" },
	{ "=x", "'=x'", "\"=x\"", "=x", "_x" },
	{ "m\xc3\xbcll", "'m\xc3\xbcll'", "\"m\\303\\274ll\"", "m\xc3\xbcll", "m__ll" },
	{ "\x1b[31m", "$'\\033[31m'", "\"\\033[31m\"", "\\x1b[31m", "__31m" },
};

#define CHECK(function, want)                                                            \
	do {                                                                             \
		struct strbuf out = { 0 };                                               \
		function(text_of(cases[_i].text), &out);                                 \
		ck_assert_msg(strcmp(out.at ? out.at : "", want) == 0, #function ": %s", \
		              out.at ? out.at : "");                                     \
		strbuf_deinit(&out);                                                     \
	} while (0)

START_TEST(quotes)
{
	CHECK(quote_shell, cases[_i].shell);
	CHECK(quote_c, cases[_i].c);
	CHECK(quote_comment, cases[_i].comment);
	CHECK(quote_identifier, cases[_i].identifier);
}
END_TEST

START_TEST(shell_reads_back)
{
	char command[512], got[256] = "";
	/* $'...' is of POSIX 2024, and dash does not know it. */
	if (cases[_i].shell[0] == '$')
		return;
	snprintf(command, sizeof(command), "printf '%%s' %s", cases[_i].shell);
	FILE *pipe = popen(command, "r");
	ck_assert_ptr_nonnull(pipe);
	size_t size = fread(got, 1, sizeof(got) - 1, pipe);
	ck_assert_int_eq(pclose(pipe), 0);
	ck_assert_msg(size == strlen(cases[_i].text) &&
	                      !memcmp(got, cases[_i].text, size),
	              "%s became %s", cases[_i].shell, got);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("quote");
	tcase_add_loop_test(tcase, quotes, 0, ARRAY_SIZE(cases));
	tcase_add_loop_test(tcase, shell_reads_back, 0, ARRAY_SIZE(cases));
	return unit_run("quote", tcase);
}
