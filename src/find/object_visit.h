/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Handing what was opened, or could not be, to a visitor. */
#pragma once

#include "find/object.h"

/*
 * finder_of_members - how to look at the members of an archive or a package
 *
 * Hints are for what a person named, and libraries are not looked for from inside of one.
 */
struct finder finder_of_members(const struct finder *finder);
/* Visit an object, or the members of an archive. Takes over @file. */
int object_visit_file(const struct finder *finder, struct usdtinfo_image *file,
                      object_visit visit, void *context);
/* Visit the reason why there is none. */
int object_visit_failure(const struct finder *finder, const char *path,
                         const struct usdtinfo_error *err, object_visit visit,
                         void *context);
