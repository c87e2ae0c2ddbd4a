/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Loads the libraries that it is given, and becomes as many processes as it is told. */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int count, char **arguments)
{
	pid_t parent = getpid();
	char c;
	for (int i = 2; i < count; i++) {
		if (!dlopen(arguments[i], RTLD_NOW)) {
			fprintf(stderr, "%s\n", dlerror());
			return 1;
		}
	}
	for (int left = atoi(arguments[1]); left > 1; left--) {
		pid_t child = fork();
		if (child < 0)
			return 1;
		if (child == 0) {
			/* Nobody is left behind when the first one ends. */
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			if (getppid() != parent)
				return 0;
			close(1);
			pause();
			return 0;
		}
		printf("%d\n", (int)child);
	}
	printf("%d\n", (int)parent);
	fclose(stdout);
	return read(0, &c, 1) < 0;
}
