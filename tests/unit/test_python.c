/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The library's functions on a Python. */
#include <errno.h>

#include "base/array.h"
#include "dynamic_elf.h"
#include "unit.h"
#include "usdtinfo.h"

START_TEST(answers_what_is_none)
{
	static const struct tree_entry tree[] = {
		{ "bin/script", .content = "#!/usr/bin/env python3\n" },
		{ "etc/motd", .content = "hello\n" },
	};
	static const struct dynamic_elf program;
	static const struct {
		const char *asked;
		enum usdtinfo_python_verdict verdict;
	} cases[] = {
		{ "/etc/motd", USDTINFO_PYTHON_NOT_CPYTHON },
		{ "bin/program", USDTINFO_PYTHON_NOT_CPYTHON },
		{ "/bin/script", USDTINFO_PYTHON_UNKNOWN },
		{ "/missing", USDTINFO_PYTHON_UNKNOWN },
		{ "", USDTINFO_PYTHON_UNKNOWN },
		{ NULL, USDTINFO_PYTHON_UNKNOWN },
	};
	char *top = tree_make(tree, ARRAY_SIZE(tree)), *path = NULL;
	ck_assert_int_gt(asprintf(&path, "%s/bin/program", top), 0);
	dynamic_elf_write(path, &program);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct usdtinfo_python *python;
		int r = usdtinfo_python_open(cases[i].asked, top, NULL, &python, NULL);
		ck_assert_int_eq(r, 0);
		ck_assert_msg(
			usdtinfo_python_verdict(python) == cases[i].verdict, "'%s': %s",
			cases[i].asked,
			usdtinfo_python_verdict_name(usdtinfo_python_verdict(python)));
		ck_assert_uint_gt(strlen(usdtinfo_python_reason(python)), 0);
		ck_assert_ptr_nonnull(usdtinfo_python_path(python));
		ck_assert_ptr_null(usdtinfo_python_object(python));
		ck_assert_ptr_null(usdtinfo_python_version(python));
		ck_assert_int_eq(usdtinfo_python_with_dtrace(python), -1);
		ck_assert_uint_eq(usdtinfo_python_marker_count(python), 0);
		ck_assert_ptr_null(usdtinfo_python_marker(python, 0, NULL, NULL));
		usdtinfo_python_close(python);
	}
	free(path);
	tree_remove(top);
}
END_TEST

START_TEST(refuses_a_root_that_is_none)
{
	struct usdtinfo_python *python = NULL;
	struct usdtinfo_error err = { 0 };
	ck_assert_int_eq(
		usdtinfo_python_open(NULL, "/proc/self/none", NULL, &python, &err),
		USDTINFO_E_SYSTEM);
	ck_assert_int_eq(err.sys_errno, ENOENT);
	ck_assert_int_eq(usdtinfo_python_open(NULL, NULL, NULL, NULL, &err),
	                 USDTINFO_E_ARGUMENT);
	ck_assert_ptr_null(python);
	usdtinfo_python_close(NULL);
}
END_TEST

START_TEST(names_enumerators)
{
	ck_assert_str_eq(usdtinfo_python_verdict_name(USDTINFO_PYTHON_STRIPPED),
	                 "stripped");
	ck_assert_str_eq(usdtinfo_python_verdict_name((enum usdtinfo_python_verdict)99),
	                 "unknown");
	ck_assert_str_eq(usdtinfo_python_status_name(USDTINFO_PYTHON_DEAD), "dead");
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("python");
	tcase_add_test(tcase, answers_what_is_none);
	tcase_add_test(tcase, refuses_a_root_that_is_none);
	tcase_add_test(tcase, names_enumerators);
	return unit_run("python", tcase);
}
