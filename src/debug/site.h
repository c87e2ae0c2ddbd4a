/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * What stands at a probe's site, by the symbols and the debug info of one image. Each file
 * is opened when the first detail that needs it is asked for, and once.
 */
#pragma once

#include "base/arena.h"
#include "debug/address/bias.h"
#include "debug/address/function.h"
#include "debug/code/code.h"
#include "debug/file/debug_find.h"
#include "debug/name/declared_name.h"
#include "debug/name/place.h"
#include "probe/walk.h"
#include "usdtinfo.h"

struct usdtinfo_sites {
	struct usdtinfo_image *image;
	char **directories;
	size_t directory_count, directory_room;
	bool download;
	const struct definitions *definitions; /* sorted; NULL: none */
	struct definitions own_definitions;
	bool own_sorted;
	struct declared_told told;
	/* That of the run, or its own. */
	struct debug_reading *reading, own_reading;

	bool opened, debug_searched, dwarf_loaded, functions_loaded, unwind_loaded;
	struct debug_file *own; /* the image, NULL until opened */
	struct debug_file
		*debug; /* the separate debug file; NULL: none, or not looked for */
	struct debug_file *mini;  /* .gnu_debugdata */
	struct debug_file *main;  /* of an image that is a debug file itself */
	struct debug_file *dwarf; /* which of own and debug has DWARF; NULL: neither */
	Dwarf_CFI *eh_frame;
	struct unwind unwind;
	struct functions functions;
	struct bias bias; /* of the DWARF's file */
	struct code code; /* of the function that was looked at last */
	bool exhaustion_told, damage_told, split_told, limit_told, library_told;
	struct arena arena; /* of the probe that was described last */
};

/*
 * sites_describe - fill what @details ask for into a probe of the image
 *
 * What is added lives until the next call. What cannot be known stays unknown, with a
 * diagnostic of the image where that is damage. Return: 0, USDTINFO_E_MEMORY.
 */
int sites_describe(struct usdtinfo_sites *sites, struct usdtinfo_probe *probe,
                   unsigned details, struct usdtinfo_error *err);
