/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * What sys/sdt.h wrote before it wrote notes: records in .probes, versions 1 and 2 (until
 * 2010). They are recognised, to be named, and not read.
 */
#pragma once

#include "elf/object/image.h"

/*
 * old_format_version - the version of the records in .probes
 *
 * Return: 1 or 2; 0 when it holds none, as where it holds semaphores only, or cannot be
 * read.
 */
unsigned old_format_version(struct usdtinfo_image *image);
