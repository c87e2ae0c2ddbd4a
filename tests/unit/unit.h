/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What every unit test's main() does with its one test case. */
#pragma once

#include <check.h>
#include <stdlib.h>

/* After so many seconds a check hangs, on any machine at any load; by itself check waits four. */
#define UNIT_HANG 600

/* Return: what main() is to return; @tcase is released */
static inline int unit_run(const char *name, TCase *tcase)
{
	tcase_set_timeout(tcase, UNIT_HANG);
	Suite *suite = suite_create(name);
	suite_add_tcase(suite, tcase);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	int run = srunner_ntests_run(runner);
	srunner_free(runner);
	/* A filter that leaves nothing must not look like success. */
	return failed || !run ? EXIT_FAILURE : EXIT_SUCCESS;
}
