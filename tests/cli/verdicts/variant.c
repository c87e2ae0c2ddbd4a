/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Probes that a compiler may copy and move; -DGONE, -DNONE, -DRENAMED, -DWIDER change them. */
#define _SDT_HAS_SEMAPHORES 1
#include <sys/sdt.h>

#define SEMAPHORE(name)                                                                  \
	unsigned short app_##name##_semaphore                                            \
		__attribute__((used, section(".probes"), visibility("hidden")))
SEMAPHORE(request__start);
SEMAPHORE(request__done);
SEMAPHORE(request__finish);
SEMAPHORE(tick);

#ifdef WIDER
typedef long status_type;
#else
typedef int status_type;
#endif
#ifdef RENAMED
#define FINISH request__finish
#else
#define FINISH request__done
#endif
#define FIRE_(name, a, b) STAP_PROBE2(app, name, a, b)
#define FIRE(name, a, b)  FIRE_(name, a, b)

static void finish(const char *path, status_type status)
{
	FIRE(FINISH, path, status);
}

static int handle(const char *path, int depth)
{
#ifndef NONE
	if (__builtin_expect(app_request__start_semaphore, 0))
		STAP_PROBE2(app, request__start, path, depth);
#endif
	if (depth > 3)
		finish(path, 1);
	else
		finish(path, depth * 2);
#ifndef GONE
	STAP_PROBE1(app, tick, (unsigned char)depth);
#endif
	return depth;
}

int main(int argc, char **argv)
{
	return handle(argv[0], argc) == 99;
}
