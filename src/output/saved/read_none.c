/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Saved listings in a build without json-c: it says so. */
#include "output/saved/read_listing.h"

int listing_visit(struct usdtinfo_image *image, object_visit visit, void *context,
                  uint64_t *unlisted)
{
	(void)unlisted;
	struct file_facts facts = {
		.path = image->facts.path,
		.state = USDTINFO_STATE_NOT_ELF,
	};
	diagnose(&facts.diagnostics, DIAG_LISTING_FOREIGN,
	         "not an ELF file; this build cannot read saved listings (no json-c)");
	int r = visit(context, &(struct object){ .facts = &facts });
	diagnostics_deinit(&facts.diagnostics);
	return r;
}
