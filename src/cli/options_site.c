/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The option group that asks for what stands at a probe's site. */
#include "cli/options_site.h"

#include <stdlib.h>

#include "base/array.h"

enum {
	KEY_LINES = 0x500,
	KEY_DEBUGINFO,
	KEY_DEBUGINFOD,
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Detail:", 3 },
	{ "symbols", 's', NULL, 0, "function that holds the probe, and the offset in it",
	  3 },
	{ "lines", KEY_LINES, NULL, 0, "source file and line, inlined calls included",
	  3 },
	{ "arg-names", 'a', NULL, 0, "names and C types of the arguments", 3 },
	{ "debuginfo", KEY_DEBUGINFO, "DIR", 0,
	  "look for separate debug files in DIR, too; may be repeated", 3 },
	{ "debuginfod", KEY_DEBUGINFOD, NULL, 0,
	  "ask the servers of DEBUGINFOD_URLS for debug files that are not here", 3 },
	{ 0 },
};

static void add_directory(struct site_options *site, char *directory,
                          struct argp_state *state)
{
	if (!array_grow(&site->directories, &site->directory_room,
	                site->directory_count + 1, sizeof(*site->directories)))
		argp_failure(state, EXIT_FAILURE, 0, "out of memory");
	else
		site->directories[site->directory_count++] = directory;
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
	case KEY_DEBUGINFO:
		add_directory(site, arg, state);
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
	*site = (struct site_options){ 0 };
}

int site_options_open(const struct site_options *site, unsigned details,
                      struct usdtinfo_image *image, const struct root *root,
                      struct usdtinfo_sites **sites_ret, struct usdtinfo_error *err)
{
	struct usdtinfo_sites *sites = NULL;
	*sites_ret = NULL;
	if (!(details & DESCRIBED_DETAILS))
		return 0;
	int r = sites_open(image, root, &sites, err);
	for (size_t i = 0; r == 0 && i < site->directory_count; i++)
		r = usdtinfo_sites_add_directory(sites, site->directories[i], err);
	if (r < 0) {
		usdtinfo_sites_close(sites);
		return r;
	}
	if (site->download)
		usdtinfo_sites_allow_download(sites);
	*sites_ret = sites;
	return 0;
}
