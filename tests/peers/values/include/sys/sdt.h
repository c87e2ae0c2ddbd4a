/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * <sys/sdt.h> for programs that say what they pass: every probe with arguments first keeps
 * the bytes of each in struct recording, where a debugger finds them.
 */
#pragma once

#include_next <sys/sdt.h>

#ifdef __cplusplus
extern "C" {
#endif
void recording_begin(void);
void recording_add(const void *value, __SIZE_TYPE__ size);
#ifdef __cplusplus
}
#define RECORDED_TYPE auto
#else
#define RECORDED_TYPE __auto_type
#endif

/* As in a probe, arrays and functions decay to pointers, and nothing else is promoted. */
#define RECORD(x)                                                                        \
	do {                                                                             \
		RECORDED_TYPE recorded = (x);                                            \
		recording_add((const void *)&recorded, sizeof(recorded));                \
	} while (0)
#define RECORD_1(a) RECORD(a)
#define RECORD_2(a, ...)                                                                 \
	RECORD(a);                                                                       \
	RECORD_1(__VA_ARGS__)
#define RECORD_3(a, ...)                                                                 \
	RECORD(a);                                                                       \
	RECORD_2(__VA_ARGS__)
#define RECORD_4(a, ...)                                                                 \
	RECORD(a);                                                                       \
	RECORD_3(__VA_ARGS__)
#define RECORD_5(a, ...)                                                                 \
	RECORD(a);                                                                       \
	RECORD_4(__VA_ARGS__)
#define RECORD_6(a, ...)                                                                 \
	RECORD(a);                                                                       \
	RECORD_5(__VA_ARGS__)
#define RECORD_7(a, ...)                                                                 \
	RECORD(a);                                                                       \
	RECORD_6(__VA_ARGS__)
#define RECORD_8(a, ...)                                                                 \
	RECORD(a);                                                                       \
	RECORD_7(__VA_ARGS__)
#define RECORD_9(a, ...)                                                                 \
	RECORD(a);                                                                       \
	RECORD_8(__VA_ARGS__)
#define RECORD_10(a, ...)                                                                \
	RECORD(a);                                                                       \
	RECORD_9(__VA_ARGS__)
#define RECORD_11(a, ...)                                                                \
	RECORD(a);                                                                       \
	RECORD_10(__VA_ARGS__)
#define RECORD_12(a, ...)                                                                \
	RECORD(a);                                                                       \
	RECORD_11(__VA_ARGS__)

#define RECORDED_PROBE(provider, name, n, ...)                                           \
	do {                                                                             \
		recording_begin();                                                       \
		RECORD_##n(__VA_ARGS__);                                                 \
		_SDT_PROBE(provider, name, n, (__VA_ARGS__));                            \
	} while (0)

#undef STAP_PROBE1
#undef STAP_PROBE2
#undef STAP_PROBE3
#undef STAP_PROBE4
#undef STAP_PROBE5
#undef STAP_PROBE6
#undef STAP_PROBE7
#undef STAP_PROBE8
#undef STAP_PROBE9
#undef STAP_PROBE10
#undef STAP_PROBE11
#undef STAP_PROBE12
#define STAP_PROBE1(provider, name, ...)  RECORDED_PROBE(provider, name, 1, __VA_ARGS__)
#define STAP_PROBE2(provider, name, ...)  RECORDED_PROBE(provider, name, 2, __VA_ARGS__)
#define STAP_PROBE3(provider, name, ...)  RECORDED_PROBE(provider, name, 3, __VA_ARGS__)
#define STAP_PROBE4(provider, name, ...)  RECORDED_PROBE(provider, name, 4, __VA_ARGS__)
#define STAP_PROBE5(provider, name, ...)  RECORDED_PROBE(provider, name, 5, __VA_ARGS__)
#define STAP_PROBE6(provider, name, ...)  RECORDED_PROBE(provider, name, 6, __VA_ARGS__)
#define STAP_PROBE7(provider, name, ...)  RECORDED_PROBE(provider, name, 7, __VA_ARGS__)
#define STAP_PROBE8(provider, name, ...)  RECORDED_PROBE(provider, name, 8, __VA_ARGS__)
#define STAP_PROBE9(provider, name, ...)  RECORDED_PROBE(provider, name, 9, __VA_ARGS__)
#define STAP_PROBE10(provider, name, ...) RECORDED_PROBE(provider, name, 10, __VA_ARGS__)
#define STAP_PROBE11(provider, name, ...) RECORDED_PROBE(provider, name, 11, __VA_ARGS__)
#define STAP_PROBE12(provider, name, ...) RECORDED_PROBE(provider, name, 12, __VA_ARGS__)
