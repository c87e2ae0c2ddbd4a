/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Does what a sanitizer has to tell of: wrong leak|beyond|overflow|nothing */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *volatile kept;

static void leak(void)
{
	kept = malloc(100);
	kept = NULL;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	if (strcmp(what, "leak") == 0)
		leak();
	if (strcmp(what, "beyond") == 0) {
		volatile char *block = malloc(10);
		printf("%d\n", block[9 + argc]);
		free((void *)block);
	}
	if (strcmp(what, "overflow") == 0)
		printf("%d\n", INT_MAX - 2 + argc + argc);
	/* No register and nothing on the stack points there any more. */
	volatile char over[4096];
	for (size_t i = 0; i < sizeof(over); i++)
		over[i] = (char)argc;
	return 0;
}
