/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The library's version. */
#include "usdtinfo.h"

#include "config.h"

const char *usdtinfo_version(void)
{
	return USDTINFO_VERSION;
}
