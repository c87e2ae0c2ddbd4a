/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* How far an image's sections moved since its debug file was split off (prelink). */
#pragma once

#include "debug/file/debug_file.h"

/* Zero-initialise; release with bias_deinit(). */
struct bias {
	uint64_t *of_section; /* image - file, modulo 2^64; NULL: all are 0 */
	size_t count;
};

/* Return: false when memory ran out */
bool bias_init(struct bias *bias, struct usdtinfo_image *image, struct debug_file *file);
/* Return: what to add to an address in section @index of the file to have the image's */
uint64_t bias_of(const struct bias *bias, size_t index);
void bias_deinit(struct bias *bias);
