/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Packages: .deb, .rpm, tar with any compression, zip, wheels, and what is nested in them,
 * read through libarchive. Nothing is unpacked to disk; one member is in memory at a time.
 */
#pragma once

#include "find/visit/visit.h"

/* An object in a package is refused beyond this: it has to be held in memory. */
#define PACKAGE_MEMBER_MAX (UINT64_C(1) << 30)
/* Packages and compressions in each other, the outermost counted: an .rpm takes two. */
#define PACKAGE_DEPTH_MAX 6
/* The longest name of a member: it is shown with each of its probes. */
#define PACKAGE_NAME_MAX 4096
/*
 * What comes out of a package may be so many times its size, and some: xz and zip reach this
 * only with bytes that mean nothing.
 */
#define PACKAGE_RATIO_MAX   1000
#define PACKAGE_RATIO_GRACE (UINT64_C(256) << 20)

/* Return: 0, or USDTINFO_E_NOT_ELF when packages cannot be read here at all */
int package_check(struct usdtinfo_error *err);

/*
 * package_visit - visit the objects in a package, as "PACKAGE//MEMBER"
 * @file: an image with is_package set; stays the caller's
 *
 * A damaged package, and one that passes a limit, is visited itself, last; so is one without
 * any object. Return: as find_objects(); 1 when interrupted, as a tree may be.
 */
int package_visit(const struct finder *finder, struct usdtinfo_image *file,
                  object_visit visit, void *context);
