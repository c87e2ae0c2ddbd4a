/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Fires each of its probes once: strings, numbers of all sizes and signs, addresses. */
#define _SDT_HAS_SEMAPHORES 1
#include <sys/sdt.h>

#include <stdint.h>

#define SEMAPHORE(name)                                                                  \
	__extension__ unsigned short name __attribute__((section(".probes")))
SEMAPHORE(fires_text_semaphore);
SEMAPHORE(fires_numbers_semaphore);
SEMAPHORE(fires_small__numbers_semaphore);
SEMAPHORE(fires_counted_semaphore);
SEMAPHORE(fires_nothing_semaphore);
SEMAPHORE(fires_many__texts_semaphore);
SEMAPHORE(fires_two__sites_semaphore);
SEMAPHORE(fires_many__counted_semaphore);

/* Values that the compiler must not see, so that all are in registers or in memory. */
static volatile int minus = -7;
static volatile unsigned int large = 4000000000u;
static volatile long long longest = -9000000000000000000ll;
static volatile unsigned long long widest = 18000000000000000000ull;
static volatile signed char small = -128;
static volatile unsigned char byte = 200;
static volatile short middle = -30000;
static const char *volatile greeting = "hello, world";
static const char *volatile odd = "100% \"quoted\" $x `y`";
static const char *volatile bytes = "first of all";

/* A tracer cannot wait until a page that nobody has read is there. */
static const char *read_through(const char *string)
{
	for (const volatile char *at = string; *at; at++)
		;
	return string;
}

int main(void)
{
	const char *hello = read_through(greeting), *quoted = read_through(odd);
	const char *first = read_through(bytes);
	int number = minus, length = number + 12;
	unsigned int u32 = large;
	long long s64 = longest;
	unsigned long long u64 = widest;
	signed char s8 = small;
	unsigned char u8 = byte;
	short s16 = middle;
	STAP_PROBE2(fires, text, hello, quoted);
	STAP_PROBE4(fires, numbers, number, u32, s64, u64);
	STAP_PROBE3(fires, small__numbers, s8, u8, s16);
	STAP_PROBE2(fires, counted, first, length);
	STAP_PROBE(fires, nothing);
	STAP_PROBE4(fires, many__texts, hello, quoted, first, hello);
	STAP_PROBE8(fires, many__counted, first, length, hello, length, quoted,
	            length + 1, first, length + 7);
	STAP_PROBE2(fires, two__sites, number, hello);
	STAP_PROBE2(fires, two__sites, number - 1, quoted);
	return 0;
}
