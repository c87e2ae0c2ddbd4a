/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Saved listings as objects: documents of the format json, and records of ndjson.
 *
 * They are read as they come, one probe at a time. Where the keys of a document are not in
 * the order in which they were written, parts of it are read twice instead of being held.
 */
#pragma once

#include "find/visit/visit.h"

/*
 * listing_visit - a listing_read of struct finder: visit the files of a saved listing
 *
 * What is foreign, of a later version or broken is visited last, as an object that bears the
 * listing's own path, with a diagnostic that names the line. Several listings may follow each
 * other. A scan leaves files without probes out of its listing and counts them in its
 * summary; *@unlisted is for them.
 *
 * Return: what the last visit returned, or USDTINFO_E_MEMORY.
 */
int listing_visit(struct usdtinfo_image *image, object_visit visit, void *context,
                  uint64_t *unlisted);
