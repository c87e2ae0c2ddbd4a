/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Errors: a code to act on, a sentence to read. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "config.h"

static void fill(struct usdtinfo_error *err, enum usdtinfo_code code, uint64_t offset,
                 const char *fmt, va_list args)
{
	if (!err)
		return;
	err->code = code;
	err->sys_errno = 0;
	err->offset = offset;
	vsnprintf(err->text, sizeof(err->text), fmt, args);
}

int fail(struct usdtinfo_error *err, enum usdtinfo_code code, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	fill(err, code, 0, fmt, args);
	va_end(args);
	return code;
}

int fail_at(struct usdtinfo_error *err, enum usdtinfo_code code, uint64_t offset,
            const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	fill(err, code, offset, fmt, args);
	va_end(args);
	return code;
}

/* GNU's strerror_r() returns the text, which may stand elsewhere; POSIX's (musl) a number. */
static const char *reason_of(int error, char *space, size_t size)
{
#if HAVE_GNU_STRERROR_R
	return strerror_r(error, space, size);
#else
	return strerror_r(error, space, size) == 0 ? space : "unknown error";
#endif
}

/* A long name is cut, never the reason behind it. */
int fail_errno(struct usdtinfo_error *err, const char *fmt, ...)
{
	int saved = errno;
	if (!err)
		return USDTINFO_E_SYSTEM;
	va_list args;
	va_start(args, fmt);
	fill(err, USDTINFO_E_SYSTEM, 0, fmt, args);
	va_end(args);
	err->sys_errno = saved;
	char space[96];
	const char *reason = reason_of(saved, space, sizeof(space));
	size_t used = strlen(err->text), most = sizeof(err->text) - strlen(reason) - 3;
	used = used < most ? used : most;
	snprintf(err->text + used, sizeof(err->text) - used, ": %s", reason);
	errno = saved;
	return USDTINFO_E_SYSTEM;
}

int fail_memory(struct usdtinfo_error *err)
{
	return fail(err, USDTINFO_E_MEMORY, "out of memory");
}
