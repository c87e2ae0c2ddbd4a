/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* A shared object for the test of the dynamic section: one variable among some symbols. */
extern const unsigned long Py_Version;
const unsigned long Py_Version = 0x030b02f0;

int other_symbol(void);
int other_symbol(void)
{
	return (int)Py_Version;
}
