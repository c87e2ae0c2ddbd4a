/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Dictionaries as pprint and JSON write them, and what only looks like one. */
#include "base/array.h"
#include "find/runtime/python_literal.h"
#include "unit.h"

/* VALUES: "key=value;" each, a number with '#', another word with '?' before it. */
static const struct {
	const char *text, *values;
	bool whole;
} cases[] = {
	{ "", "", false },
	{ "nothing", "", false },
	{ "{}", "", true },
	{ "x = {'a': 1}", "a=#1;", true },
	{ "x = {'a': 'b',}", "a=b;", true },
	{ "{\"a\": \"b\", 'c': \"d'e\"}", "a=b;c=d'e;", true },
	{ "{'a': 'b' 'c'\n  \"d\", 'e': 0}", "a=bcd;e=#0;", true },
	{ "{'a' 'b': 1}", "ab=#1;", true },
	{ "{'a': -12, 'b': None, 'c': true, 'd': 1.5}", "a=#-12;b=?None;c=?true;d=?1.5;",
	  true },
	{ "{ # a } here\n 'a': 1 # and here\n}", "a=#1;", true },
	{ "{'a': {'b': 1, 'c': {'d': 2}}, 'e': 3}", "a.b=#1;a.c.d=#2;e=#3;", true },
	{ "{'a': [1, [2, 'x'], {'b': 3}], 'c': 4}", "a=#1;a=#2;a=x;a.b=#3;c=#4;", true },
	{ "{'a': []}", "", true },
	{ "{'a': '\\x41\\u00e9\\'\\\\\\n\\t'}", "a=A\xc3\xa9'\\\n\t;", true },
	{ "{'a': 'b\\\nc'}", "a=bc;", true },
	{ "{'a': 'b\nc'}", "", false },
	{ "{'a': 'b", "", false },
	{ "{'a': '\\", "", false },
	{ "{'a': '\\x4", "", false },
	{ "{'a': 1, 'b'", "a=#1;", false },
	{ "{'a': 1 'b': 2}", "a=#1;", false },
	{ "{'a': 1", "a=#1;", false },
	{ "{a: 1}", "", false },
	{ "{'a': (1, 2)}", "", false },
	{ "{'a': 1]", "a=#1;", false },
	{ "[{'a': 1}]", "a=#1;", true },
	{ "{'a':{'a':{'a':{'a':{'a':{'a':{'a':{'a':{'a':{'a':{'a':{'a':{'a':{'a':{'a':{'"
	  "a':{"
	  "'a':1",
	  "", false },
};

static void visit(void *context, struct text key, enum literal_type type,
                  struct text value)
{
	static const char *const marks[] = { "", "#", "?" };
	strbuf_addf(context, "%s=%s%s;", key.at, marks[type], value.at);
}

START_TEST(reads_literals)
{
	_cleanup_(strbuf_deinit) struct strbuf values = { 0 };
	bool whole = literal_read(text_of(cases[_i].text), visit, &values);
	ck_assert_msg(strcmp(values.at ? values.at : "", cases[_i].values) == 0, "%s: %s",
	              cases[_i].text, values.at);
	ck_assert_msg(whole == cases[_i].whole, "%s: whole %d", cases[_i].text, whole);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("python_literal");
	tcase_add_loop_test(tcase, reads_literals, 0, ARRAY_SIZE(cases));
	return unit_run("python_literal", tcase);
}
