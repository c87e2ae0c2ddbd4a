/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * A program to be looked at, and with -DLIBRARY a library for it. It tells the addresses of
 * its probes, then fires the warm ones until its standard input ends.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined __LP64__
#define ADDRESS ".8byte"
#else
#define ADDRESS ".4byte"
#endif
#if defined PROVIDER
#elif defined LIBRARY
#define PROVIDER "library"
#else
#define PROVIDER "target"
#endif

#ifdef __x86_64__
#define NOP5 "nop\n.byte 0x0f, 0x1f, 0x44, 0, 0\n"
#define FIVE ".byte 0x0f, 0x1f, 0x44, 0, 0\n"
#define TEN  ".byte 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0\n"
#else
#define NOP5 "nop\n"
#define FIVE "nop\n"
#define TEN  "nop\n"
#endif

/* NAME's site is CODE, its note counts in SEMAPHORE. */
#define PROBE(name, code, semaphore)                                                     \
	__asm__ volatile(".globl site_" name "\n.hidden site_" name "\nsite_" name       \
	                 ":\n" code ".pushsection .note.stapsdt,\"\",\"note\"\n"         \
	                 ".balign 4\n.4byte 992f-991f, 994f-993f, 3\n"                   \
	                 "991: .asciz \"stapsdt\"\n992: .balign 4\n993: " ADDRESS        \
	                 " site_" name ", _.stapsdt.base, " semaphore                    \
	                 "\n.asciz \"" PROVIDER "\"\n.asciz \"" name                     \
	                 "\"\n.asciz \"\"\n994: .balign 4\n.popsection\n")

__asm__(".pushsection .stapsdt.base,\"aG\",\"progbits\",.stapsdt.base,comdat\n"
        ".weak _.stapsdt.base\n.hidden _.stapsdt.base\n_.stapsdt.base: .space 1\n"
        ".size _.stapsdt.base, 1\n.popsection\n");

__attribute__((visibility("hidden"),
               section(".probes"))) volatile unsigned short counted_semaphore = 0;
extern const char site_counted[] __attribute__((visibility("hidden")));
extern const char site_plain[] __attribute__((visibility("hidden")));
extern const char site_five[] __attribute__((visibility("hidden")));
extern const char site_wide[] __attribute__((visibility("hidden")));
extern const char site_cold[] __attribute__((visibility("hidden")));
extern const char site_coldwide[] __attribute__((visibility("hidden")));
extern const char site_coldfive[] __attribute__((visibility("hidden")));
extern const char site_coldten[] __attribute__((visibility("hidden")));
extern const char site_coldlong[] __attribute__((visibility("hidden")));
extern const char site_coldcounted[] __attribute__((visibility("hidden")));

__attribute__((noinline)) void fire(void);
void fire(void)
{
	PROBE("counted", "nop\n", "counted_semaphore");
	PROBE("plain", "nop\n", "0");
	PROBE("five", FIVE, "0");
	PROBE("wide", NOP5, "0");
}

/* Never called, so that a test may write there what nobody could run. */
__attribute__((noinline, used)) static void cold(void)
{
	PROBE("cold", "nop\n", "0");
	PROBE("coldwide", NOP5, "0");
	PROBE("coldfive", FIVE, "0");
	PROBE("coldten", TEN, "0");
	PROBE("coldlong", "nop\n" TEN, "0");
	PROBE("coldcounted", "nop\n", "counted_semaphore");
	__asm__ volatile(".space 16, 0x90");
}

void tell(const char *name);
void tell(const char *name)
{
	printf("%s counted %p %p\n", name, (const void *)site_counted,
	       (const void *)&counted_semaphore);
	printf("%s cold %p\n", name, (const void *)site_cold);
	printf("%s coldwide %p\n", name, (const void *)site_coldwide);
	printf("%s coldfive %p\n", name, (const void *)site_coldfive);
	printf("%s coldten %p\n", name, (const void *)site_coldten);
	printf("%s coldlong %p\n", name, (const void *)site_coldlong);
	printf("%s coldcounted %p\n", name, (const void *)site_coldcounted);
	fflush(stdout);
}

#ifndef LIBRARY
static void (*fires[16])(void);
static int fire_count;

static void load(const char *name, void *handle)
{
	void (*told)(const char *);
	if (!handle) {
		fprintf(stderr, "%s\n", dlerror());
		exit(1);
	}
	*(void **)&told = dlsym(handle, "tell");
	*(void **)&fires[fire_count++] = dlsym(handle, "fire");
	told(name);
}

static void *sleep_on(void *data)
{
	(void)data;
	printf("thread %ld\n", (long)syscall(SYS_gettid));
	fflush(stdout);
	pause();
	return NULL;
}

static int copy_to_memory(const char *path)
{
	static char bytes[1 << 20];
	int from = open(path, O_RDONLY),
	    to = (int)syscall(SYS_memfd_create, "libstapsdt:x", 0);
	ssize_t size = read(from, bytes, sizeof(bytes));
	if (size < 0 || write(to, bytes, (size_t)size) != size)
		exit(1);
	close(from);
	return to;
}

static void obey(const char *order)
{
	const char *path = strchr(order, ':');
	path = path ? path + 1 : "";
	if (!strncmp(order, "lib:", 4))
		load("lib", dlopen(path, RTLD_NOW));
	if (!strncmp(order, "again:", 6))
		load("again", dlmopen(LM_ID_NEWLM, path, RTLD_NOW));
	if (!strncmp(order, "memory:", 7)) {
		char name[64];
		int fd = copy_to_memory(path);
		snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
		load("memory", dlopen(name, RTLD_NOW));
	}
	if (!strncmp(order, "map:", 4)) {
		int fd = open(path, O_RDONLY);
		if (mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED)
			exit(1);
	}
	if (!strcmp(order, "zombie")) {
		pid_t child = fork();
		if (child == 0)
			_exit(0);
		printf("zombie %d\n", (int)child);
	}
	if (!strcmp(order, "thread")) {
		pthread_t thread;
		pthread_create(&thread, NULL, sleep_on, NULL);
	}
	if (!strcmp(order, "secret"))
		prctl(PR_SET_DUMPABLE, 0);
}

static void *go_on(void *data)
{
	struct pollfd input = { .fd = 0, .events = POLLIN };
	(void)data;
	while (poll(&input, 1, 5) == 0) {
		fire();
		for (int i = 0; i < fire_count; i++)
			fires[i]();
	}
	exit(0);
}

int main(int count, char **orders)
{
	tell("main");
	for (int i = 1; i < count; i++)
		obey(orders[i]);
	usleep(50000);
	printf("ready\n");
	fflush(stdout);
	if (count > 1 && !strcmp(orders[count - 1], "leave")) {
		pthread_t thread;
		pthread_create(&thread, NULL, go_on, NULL);
		pthread_exit(NULL);
	}
	go_on(NULL);
	return 0;
}
#endif
