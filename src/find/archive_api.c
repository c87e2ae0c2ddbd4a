/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Loading libarchive. */
#include "config.h"
#if HAVE_LIBARCHIVE
#include "find/archive_api.h"

#include <dlfcn.h>

#include "base/error.h"

#if LINK_LIBARCHIVE

int archive_api_load(struct archive_api *ret, struct usdtinfo_error *err)
{
	*ret = (struct archive_api){
#define ARCHIVE_FUNCTION(name_) .name_ = name_,
		ARCHIVE_FUNCTIONS(ARCHIVE_FUNCTION)
#undef ARCHIVE_FUNCTION
	};
	return 0;
}

#else

/* The name that libarchive 3 has had since 2013; an incompatible one would have another. */
#define LIBRARY "libarchive.so.13"

int archive_api_load(struct archive_api *ret, struct usdtinfo_error *err)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return fail(err, USDTINFO_E_NOT_ELF,
		            "a package, which needs libarchive: %s", dlerror());
#define ARCHIVE_FUNCTION(name_)                                                          \
	ret->name_ = __extension__(__typeof__(ret->name_)) dlsym(library, #name_);       \
	if (!ret->name_)                                                                 \
		return fail(err, USDTINFO_E_NOT_ELF, LIBRARY " has no " #name_);
	ARCHIVE_FUNCTIONS(ARCHIVE_FUNCTION)
#undef ARCHIVE_FUNCTION
	return 0;
}

#endif
#endif
