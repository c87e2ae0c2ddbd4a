/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The option group that asks for what stands at a probe's site. */
#pragma once

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

#include "debug/site.h"

/* Zero-initialise; release with site_options_deinit(). */
struct site_options {
	unsigned details;   /* FUNCTION, SOURCE, NAMES of enum usdtinfo_detail */
	char **directories; /* as they stand on the command line; borrowed */
	size_t directory_count, directory_room;
	bool download;
	struct definitions definitions; /* of every -d; loaded by site_options_load() */
	char **definition_files;        /* borrowed, as the directories are */
	size_t definition_file_count, definition_file_room;
	struct debug_reading reading; /* of the run */
};

extern const struct argp site_argp;
void site_options_deinit(struct site_options *options);

/*
 * site_options_load - read the definition files, once, before the first image
 *
 * Return: false with @path_ret and @err filled when one cannot be read
 */
bool site_options_load(struct site_options *options, const char **path_ret,
                       struct usdtinfo_error *err);

/*
 * site_options_open - set up what the options ask for of one image
 * @details: of the walk that will be described
 *
 * Return: 0, with NULL in *@sites_ret where @details need nothing; USDTINFO_E_MEMORY.
 */
int site_options_open(struct site_options *options, unsigned details,
                      struct usdtinfo_image *image, struct usdtinfo_sites **sites_ret,
                      struct usdtinfo_error *err);
