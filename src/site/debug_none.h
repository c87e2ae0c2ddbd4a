/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* A supplementary file with nothing in it, for want of the real one. */
#pragma once

#include "site/debug_file.h"

/*
 * debug_none - make references to a supplementary file lead nowhere
 *
 * Without it libdw would open whatever path the file names, outside any root, on the first
 * such reference.
 */
void debug_none(struct debug_file *file);
