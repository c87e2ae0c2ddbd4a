/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Quoting for shells, C and comments; the shell itself reads back what is quoted for it. */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "output/stream/quote.h"
#include "unit.h"

/* Without a SHELL column: no such word can be typed. */
static const struct {
	const char *text, *shell, *c, *comment, *inert, *identifier;
} cases[] = {
	{ "/usr/bin/python3.11", "/usr/bin/python3.11", "\"/usr/bin/python3.11\"",
	  "/usr/bin/python3.11", "/usr/bin/python3.11", "_usr_bin_python3_11" },
	{ "", "''", "\"\"", "", "", "_" },
	{ "a b", "'a b'", "\"a b\"", "a b", "a b", "a_b" },
	{ "it's", "'it'\\''s'", "\"it\\047s\"", "it's", "it\\x27s", "it_s" },
	{ "'", "\\'", "\"\\047\"", "'", "\\x27", "_" },
	{ "a'!b", "'a'\\'\\!'b'", "\"a\\047\\041b\"", "a'!b", "a\\x27\\x21b", "a__b" },
	{ "\\'", "\\\\\\'", "\"\\134\\047\"", "\\'", "\\x5c\\x27", "__" },
	{ "!!:$", "\\!\\!':$'", "\"\\041\\041:\\044\"", "!!:$", "\\x21\\x21:\\x24",
	  "____" },
	{ "$(x)`y`;&|", "'$(x)`y`;&|'", "\"\\044(x)\\140y\\140;&|\"", "$(x)`y`;&|",
	  "\\x24\\x28x\\x29\\x60y\\x60\\x3b\\x26\\x7c", "__x__y____" },
	{ "^a^b", "'^a^b'", "\"^a^b\"", "^a^b", "\\x5ea\\x5eb", "_a_b" },
	{ "{a,b}*?[c]", "'{a,b}*?[c]'", "\"{a,b}*?[c]\"", "{a,b}*?[c]",
	  "\\x7ba,b\\x7d\\x2a\\x3f\\x5bc\\x5d", "_a_b____c_" },
	{ "a\\\"b", "'a'\\\\'\"b'", "\"a\\134\\042b\"", "a\\\"b", "a\\x5c\\x22b",
	  "a__b" },
	{ "a\nb", NULL, "\"a\\012b\"", "a\\x0ab", "a\\x0ab", "a_b" },
	{ "\xff'\\", NULL, "\"\\377\\047\\134\"", "\\xff'\\ ", "\\xff\\x27\\x5c", "___" },
	{ "*/x", "'*/x'", "\"*/x\"", "* /x", "\\x2a/x", "__x" },
	{ "char *x", "'char *x'", "\"char *x\"", "char *x", "char *x", "char__x" },
	{ "char **", "'char **'", "\"char **\"", "char **", "char **", "char___" },
	{ "x **/y a*", "'x **/y a*'", "\"x **/y a*\"", "x ** /y a*",
	  "x \\x2a\\x2a/y a\\x2a", "x____y_a_" },
	{ "a\\", "'a'\\\\", "\"a\\134\"", "a\\ ", "a\\x5c", "a_" },
	{ "?\?/", "'?\?/'", "\"?\\?/\"", "?\?/", "\\x3f\\x3f/", "___" },
	{ "9lives", "9lives", "\"9lives\"", "9lives", "9lives", "_9lives" },
	{ "~x", "'~x'", "\"~x\"", "~x", "\\x7ex", "_x" },
	{ "=x", "'=x'", "\"=x\"", "=x", "\\x3dx", "_x" },
	{ "m\xc3\xbcll", "'m\xc3\xbcll'", "\"m\\303\\274ll\"", "m\xc3\xbcll",
	  "m\\xc3\\xbcll", "m__ll" },
	{ "\x1b[31m", NULL, "\"\\033[31m\"", "\\x1b[31m", "\\x1b\\x5b31m", "__31m" },
};

#define CHECK_TEXT(want, ...)                                                            \
	do {                                                                             \
		struct strbuf out = { 0 };                                               \
		__VA_ARGS__;                                                             \
		ck_assert_msg(strcmp(out.at ? out.at : "", want) == 0,                   \
		              #__VA_ARGS__ ": %s", out.at ? out.at : "");                \
		strbuf_deinit(&out);                                                     \
	} while (0)

START_TEST(quotes)
{
	struct text text = text_of(cases[_i].text);
	if (cases[_i].shell)
		CHECK_TEXT(cases[_i].shell, quote_shell(text, &out));
	CHECK_TEXT(cases[_i].c, quote_c(text, &out));
	CHECK_TEXT(cases[_i].comment, quote_comment(text, &out));
	CHECK_TEXT(cases[_i].inert, quote_inert(text, 100, &out));
	CHECK_TEXT(cases[_i].identifier, quote_identifier(text, &out));
}
END_TEST

START_TEST(inert_text_is_cut)
{
	CHECK_TEXT("abcd", quote_inert(text_of("abcd"), 7, &out));
	CHECK_TEXT("abcd...", quote_inert(text_of("abcdefghijk"), 7, &out));
	/* No escape is cut in two, and no run of stars grows beyond it. */
	CHECK_TEXT("\\x24...", quote_inert(text_of("$$"), 7, &out));
	CHECK_TEXT("\\x24\\x24", quote_inert(text_of("$$"), 8, &out));
	CHECK_TEXT("a ...", quote_inert(text_of("a ****"), 7, &out));
}
END_TEST

START_TEST(strings_escape_little)
{
	CHECK_TEXT("\"\"", quote_string(text_of(""), &out));
	CHECK_TEXT("\"/m\xc3\xbc '$x`!\"",
	           quote_string(text_of("/m\xc3\xbc '$x`!"), &out));
	CHECK_TEXT("\"a\\\"b\\\\n\"", quote_string(text_of("a\"b\\n"), &out));
}
END_TEST

START_TEST(shell_reads_back)
{
	char command[512], got[256] = "";
	if (!cases[_i].shell)
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
	tcase_add_test(tcase, inert_text_is_cut);
	tcase_add_test(tcase, strings_escape_little);
	tcase_add_loop_test(tcase, shell_reads_back, 0, ARRAY_SIZE(cases));
	return unit_run("quote", tcase);
}
