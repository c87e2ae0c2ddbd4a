/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The markers of CPython, as its documentation lists them; with LIBRARY, without a main();
 * with PROGRAM, the main() alone.
 */
#ifdef PROGRAM
void markers(void);

int main(void)
{
	markers();
	return 0;
}
#else
#include <sys/sdt.h>

void markers(void);

static const char *volatile text = "text";
static volatile int number = 1;
static volatile long large = 2;

void markers(void)
{
	const char *file = text, *function = text;
	int line = number;
	long count = large;
	STAP_PROBE3(python, function__entry, file, function, line);
	STAP_PROBE3(python, function__return, file, function, line);
	STAP_PROBE3(python, line, file, function, line);
	STAP_PROBE1(python, gc__start, line);
	STAP_PROBE1(python, gc__done, count);
	STAP_PROBE1(python, import__find__load__start, file);
	STAP_PROBE2(python, import__find__load__done, file, line);
	STAP_PROBE2(python, audit, file, (void *)function);
}

#ifndef LIBRARY
int main(void)
{
	markers();
	return 0;
}
#endif
#endif
