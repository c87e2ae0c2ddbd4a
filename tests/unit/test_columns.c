/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Columns: what -o asks for, and what the walk must work out for it. */
#include <string.h>

#include "base/array.h"
#include "output/list/columns.h"
#include "output/list/writer.h"
#include "unit.h"

#define PLACE     USDTINFO_DETAIL_PLACE
#define SITE      USDTINFO_DETAIL_SITE
#define ARGUMENTS USDTINFO_DETAIL_ARGUMENTS
#define DEFAULT   "PROVIDER NAME LOCATION SEMAPHORE ARGS "

static const struct {
	const char *spec;
	bool with_path;
	const char *names;
	unsigned details;
} good[] = {
	{ NULL, false, DEFAULT, PLACE },
	{ NULL, true, "PATH " DEFAULT, PLACE },
	{ "NAME", true, "NAME ", 0 },
	{ "name,Provider", false, "NAME PROVIDER ", 0 },
	{ "NAME,NAME", false, "NAME NAME ", 0 },
	{ "+SITE", false, DEFAULT "SITE ", PLACE | SITE },
	{ "+argc,TYPES", true, "PATH " DEFAULT "ARGC TYPES ", PLACE | ARGUMENTS },
	{ "FUNCTION,SOURCE", false, "FUNCTION SOURCE ",
	  USDTINFO_DETAIL_FUNCTION | USDTINFO_DETAIL_SOURCE },
};

START_TEST(parses)
{
	struct column_list list = { 0 };
	struct usdtinfo_error err;
	const char *spec = good[_i].spec ? good[_i].spec : "(default)";
	int r = column_list_parse(&list, good[_i].spec, good[_i].with_path, &err);
	ck_assert_msg(r == 0, "'%s' refused: %s", spec, err.text);
	struct strbuf names = { 0 };
	for (size_t i = 0; i < list.count; i++) {
		strbuf_add_string(&names, list.items[i]->name);
		strbuf_add_char(&names, ' ');
	}
	ck_assert_msg(strcmp(names.at, good[_i].names) == 0, "'%s': %s", spec, names.at);
	ck_assert_msg(list.details == good[_i].details, "'%s': details %#x", spec,
	              list.details);
	strbuf_deinit(&names);
	column_list_deinit(&list);
}
END_TEST

static const struct {
	const char *spec, *text;
} bad[] = {
	{ "", "unknown column '' (PATH PROVIDER " },
	{ "+", "unknown column '' (PATH PROVIDER " },
	{ "NAME,", "unknown column '' (PATH PROVIDER " },
	{ "NAMES", "unknown column 'NAMES' (PATH PROVIDER " },
	{ "NAM", "unknown column 'NAM' (PATH PROVIDER " },
	{ "NAME,+SITE", "unknown column '+SITE' (PATH PROVIDER " },
	{ "NAME;SITE", "unknown column 'NAME;SITE' (PATH PROVIDER " },
	{ "\033[31m", "unknown column '\\x1b[31m' (PATH PROVIDER " },
};

START_TEST(refuses_unknown)
{
	struct column_list list = { 0 };
	struct usdtinfo_error err = { 0 };
	int r = column_list_parse(&list, bad[_i].spec, false, &err);
	ck_assert_msg(r == USDTINFO_E_ARGUMENT, "'%s': %d", bad[_i].spec, r);
	ck_assert_msg(strncmp(err.text, bad[_i].text, strlen(bad[_i].text)) == 0,
	              "'%s': %s", bad[_i].spec, err.text);
	for (size_t i = 0; i < column_count; i++)
		ck_assert_msg(strstr(err.text, columns[i].name), "'%s': no %s in: %s",
		              bad[_i].spec, columns[i].name, err.text);
	ck_assert_msg(err.text[strlen(err.text) - 1] == ')', "cut: %s", err.text);
	column_list_deinit(&list);
}
END_TEST

START_TEST(table_is_sane)
{
	const struct column *column = &columns[_i];
	ck_assert(column->name[0] && column->help[0]);
	for (const char *c = column->name; *c; c++)
		ck_assert_msg((*c >= 'A' && *c <= 'Z') || *c == '_', "%s", column->name);
	for (size_t i = 0; i < (size_t)_i; i++)
		ck_assert_str_ne(columns[i].name, column->name);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("columns");
	tcase_add_loop_test(tcase, parses, 0, ARRAY_SIZE(good));
	tcase_add_loop_test(tcase, refuses_unknown, 0, ARRAY_SIZE(bad));
	tcase_add_loop_test(tcase, table_is_sane, 0, (int)column_count);
	return unit_run("columns", tcase);
}
