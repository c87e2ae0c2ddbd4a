/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Loading a library and finding its functions. */
#include "lazy/library.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#include "base/error.h"

int library_load(const char *soname, const char *const *names, size_t count,
                 void *functions, struct usdtinfo_error *err)
{
	void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
	if (!library) {
		const char *reason = dlerror();
		fail(err, USDTINFO_E_SYSTEM, "%s", reason);
		/* The linker has no code for it; glibc and musl say it alike. */
		if (err && strstr(reason, "No such file"))
			err->sys_errno = ENOENT;
		return USDTINFO_E_SYSTEM;
	}
	for (size_t i = 0; i < count; i++) {
		void *function = dlsym(library, names[i]);
		if (!function)
			return fail(err, USDTINFO_E_SYSTEM, "%s has no %s", soname,
			            names[i]);
		memcpy((char *)functions + i * sizeof(function), &function,
		       sizeof(function));
	}
	return 0;
}
