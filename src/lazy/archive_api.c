/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Loading libarchive. */
#include "lazy/archive_api.h"

#include "config.h"

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

#include "base/array.h"
#include "base/error.h"
#include "lazy/library.h"
#include "sonames.h"

LIBRARY_NOTE(SONAME_LIBARCHIVE, "archive", "recommended", "packages as operands");

int archive_api_load(struct archive_api *ret, struct usdtinfo_error *err)
{
	static const char *const names[] = {
#define ARCHIVE_FUNCTION(name_) #name_,
		ARCHIVE_FUNCTIONS(ARCHIVE_FUNCTION)
#undef ARCHIVE_FUNCTION
	};
	struct usdtinfo_error why;
	if (library_load(SONAME_LIBARCHIVE, names, ARRAY_SIZE(names), ret, &why) == 0)
		return 0;
	return fail(err, USDTINFO_E_NOT_ELF, "a package, which needs libarchive: %s",
	            why.text);
}

#endif
