/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Probes of the HotSpot virtual machine that are not documented. */
#include "probe/known/catalogue_data.h"

/* clang-format off */
static const char rows[] =
	ROW("safepoint__begin", "all threads stop at a safepoint", "6", "", "")
	ROW("safepoint__end", "threads go on from a safepoint", "6", "", "");
/* clang-format on */

const struct catalogue_provider catalogue_hs_private = {
	.name = "hs_private",
	.source =
		"https://github.com/openjdk/jdk/blob/master/src/hotspot/os/posix/dtrace/hs_private.d",
	.rows = { rows, sizeof(rows) - 1 },
};
