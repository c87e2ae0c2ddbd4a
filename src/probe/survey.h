/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The survey: one look at every note of an image before any probe is shown, so that its
 * state, its diagnostics and its counts stand when a report begins.
 */
#pragma once

#include "elf/object/image.h"

/*
 * image_survey - run it, unless it was run: sets state, base state, counts, build-id
 *
 * What is wrong becomes a diagnostic of the file; nothing is an error.
 */
void image_survey(struct usdtinfo_image *image);
