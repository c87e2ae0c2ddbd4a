/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The option group that asks for what stands at a probe's site. */
#include "cli/options/options_site.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "cli/options/options.h"

enum {
	KEY_LINES = 0x500,
	KEY_DEBUGINFO,
	KEY_DEBUGINFOD,
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Functions, lines and names of arguments:", 5 },
	{ "symbols", 's', NULL, 0,
	  "show the function that holds the probe, and the offset in it", 5 },
	{ "lines", KEY_LINES, NULL, 0, "show the source file and line, and inlined calls",
	  5 },
	{ "arg-names", 'a', NULL, 0, "show the names and C types of the arguments", 5 },
	{ "definitions", 'd', "FILE.d", 0,
	  "take names that debug info does not give from a provider definition file; may be repeated",
	  5 },
	{ "debuginfo", KEY_DEBUGINFO, "DIR", 0,
	  "also look for separate debug files in DIR; may be repeated", 5 },
	{ "debuginfod", KEY_DEBUGINFOD, NULL, 0,
	  "ask the servers in DEBUGINFOD_URLS for missing debug files", 5 },
	{ 0 },
};

static void add_path(char ***paths, size_t *count, size_t *room, char *path,
                     struct argp_state *state)
{
	if (!array_grow(paths, room, *count + 1, sizeof(**paths)))
		out_of_memory(state);
	(*paths)[(*count)++] = path;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct site_options *site = state->input;
	switch (key) {
	case 's':
		site->details |= USDTINFO_DETAIL_FUNCTION;
		return 0;
	case KEY_LINES:
		site->details |= USDTINFO_DETAIL_SOURCE;
		return 0;
	case 'a':
		site->details |= USDTINFO_DETAIL_NAMES | USDTINFO_DETAIL_ARGUMENTS;
		return 0;
	case 'd':
		add_path(&site->definition_files, &site->definition_file_count,
		         &site->definition_file_room, arg, state);
		site->details |= USDTINFO_DETAIL_NAMES | USDTINFO_DETAIL_ARGUMENTS;
		return 0;
	case KEY_DEBUGINFO:
		add_path(&site->directories, &site->directory_count,
		         &site->directory_room, arg, state);
		return 0;
	case KEY_DEBUGINFOD:
		site->download = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp site_argp = { .options = options, .parser = parse };

void site_options_deinit(struct site_options *site)
{
	free(site->directories);
	free(site->definition_files);
	definitions_deinit(&site->definitions);
	*site = (struct site_options){ 0 };
}

bool site_options_load(struct site_options *site, const char **path_ret,
                       struct usdtinfo_error *err)
{
	for (size_t i = 0; i < site->definition_file_count; i++) {
		*path_ret = site->definition_files[i];
		size_t before = site->definitions.count;
		if (definitions_load(&site->definitions, *path_ret, err) < 0)
			return false;
		if (site->definitions.count == before) {
			fail(err, USDTINFO_E_DAMAGED, "defines no probe");
			return false;
		}
	}
	definitions_sort(&site->definitions);
	return true;
}

int site_options_open(struct site_options *site, unsigned details,
                      struct usdtinfo_image *image, struct usdtinfo_sites **sites_ret,
                      struct usdtinfo_error *err)
{
	struct usdtinfo_sites *sites = NULL;
	*sites_ret = NULL;
	if (!(details & DESCRIBED_DETAILS))
		return 0;
	int r = usdtinfo_sites_open(image, &sites, err);
	for (size_t i = 0; r == 0 && i < site->directory_count; i++)
		r = usdtinfo_sites_add_directory(sites, site->directories[i], err);
	if (r < 0) {
		usdtinfo_sites_close(sites);
		return r;
	}
	if (site->definitions.count)
		sites->definitions = &site->definitions;
	if (site->download)
		usdtinfo_sites_allow_download(sites);
	sites->reading = &site->reading;
	debug_reading_add(sites->reading, image->size);
	*sites_ret = sites;
	return 0;
}
