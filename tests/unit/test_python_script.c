/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The interpreter of a script, from its first lines. */
#include "base/array.h"
#include "find/runtime/python_script.h"
#include "unit.h"

static const struct {
	const char *head;
	enum program_script_kind kind;
	const char *interpreter;
} cases[] = {
	{ "", SCRIPT_NONE, "" },
	{ "#", SCRIPT_NONE, "" },
	{ "#!", SCRIPT_NONE, "" },
	{ "#!\n/usr/bin/python3\n", SCRIPT_NONE, "" },
	{ "import os\n#!/usr/bin/python3\n", SCRIPT_NONE, "" },
	{ "#!/usr/bin/python3", SCRIPT_PATH, "/usr/bin/python3" },
	{ "#!/usr/bin/python3\r\n", SCRIPT_PATH, "/usr/bin/python3" },
	{ "#! \t/usr/bin/python3 -Es\n", SCRIPT_PATH, "/usr/bin/python3" },
	{ "#!/opt/my'py -u\n", SCRIPT_PATH, "/opt/my'py" },
	{ "#!python3\n", SCRIPT_PATH, "python3" },
	{ "#!/usr/bin/env python3\n", SCRIPT_SEARCH, "python3" },
	{ "#!/usr/bin/env /opt/bin/python3\n", SCRIPT_PATH, "/opt/bin/python3" },
	{ "#!/bin/env -S python3 -u\n", SCRIPT_SEARCH, "python3" },
	{ "#!/usr/bin/env -Spython3 -u\n", SCRIPT_SEARCH, "python3" },
	{ "#!/usr/bin/env --split-string=python3 -u\n", SCRIPT_SEARCH, "python3" },
	{ "#!/usr/bin/env -i A=b C= python3\n", SCRIPT_SEARCH, "python3" },
	{ "#!/usr/bin/env -u HOME -C /tmp python3\n", SCRIPT_SEARCH, "python3" },
	{ "#!/usr/bin/env\n", SCRIPT_PATH, "/usr/bin/env" },
	{ "#!/usr/bin/env -u", SCRIPT_PATH, "/usr/bin/env" },
	{ "#!/bin/sh\necho\n", SCRIPT_PATH, "/bin/sh" },
	{ "#!/bin/sh\n'''exec' \"/a b/python\" \"$0\"\n' '''\n", SCRIPT_PATH,
	  "/a b/python" },
	{ "#!/bin/sh\n'''exec' '/a b/python' \"$0\"\n' '''\n", SCRIPT_PATH,
	  "/a b/python" },
	{ "#!/bin/sh\n'''exec' /a\\ b/python \"$0\"\n' '''\n", SCRIPT_PATH,
	  "/a b/python" },
	{ "#!/bin/sh\n'''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")\"/'python3' "
	  "\"$0\"\n",
	  SCRIPT_BESIDE, "python3" },
	{ "#!/bin/bash\nexec /opt/python3.11/bin/python3 \"$@\"\n", SCRIPT_CHOOSES,
	  "/opt/python3.11/bin/python3" },
	{ "#!/bin/bash\nexec \"/opt/pyenv/libexec/pyenv\" exec \"$program\"\n",
	  SCRIPT_CHOOSES, "" },
	{ "#!/usr/bin/env bash\nexec /opt/bin/mise x -- python\n", SCRIPT_CHOOSES, "" },
	{ "#!/bin/bash\nexec /usr/bin/perl \"$@\"\n", SCRIPT_PATH, "/bin/bash" },
};

START_TEST(reads_scripts)
{
	struct program_script script;
	script_read(text_of(cases[_i].head), &script);
	ck_assert_msg(script.kind == cases[_i].kind, "'%s': kind %d", cases[_i].head,
	              script.kind);
	if (script.kind != SCRIPT_NONE)
		ck_assert_msg(strcmp(script.interpreter, cases[_i].interpreter) == 0,
		              "'%s': interpreter '%s'", cases[_i].head,
		              script.interpreter);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("python_script");
	tcase_add_loop_test(tcase, reads_scripts, 0, ARRAY_SIZE(cases));
	return unit_run("python_script", tcase);
}
