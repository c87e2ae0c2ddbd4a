/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Errors (a call failed) and diagnostics (a finding about a file, reading goes on). */
#pragma once

#include <stdarg.h>

#include "usdtinfo.h"

/* Fill @err (NULL allowed) and return @code, so that a failing call is one statement. */
__attribute__((format(printf, 3, 4))) int
fail(struct usdtinfo_error *err, enum usdtinfo_code code, const char *fmt, ...);
/* The same for a place in the file. */
__attribute__((format(printf, 4, 5))) int fail_at(struct usdtinfo_error *err,
                                                  enum usdtinfo_code code,
                                                  uint64_t offset, const char *fmt, ...);
/* USDTINFO_E_SYSTEM with errno's own text after what was tried: "cannot open: No such ..." */
__attribute__((format(printf, 2, 3))) int fail_errno(struct usdtinfo_error *err,
                                                     const char *fmt, ...);
int fail_memory(struct usdtinfo_error *err);
