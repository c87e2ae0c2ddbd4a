/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* A supplementary file with nothing in it, for want of the real one. */
#pragma once

#include "debug/file/debug_file.h"

/*
 * debug_none - make references to a supplementary file lead nowhere, where @dwarf names one
 * @file: outlives @dwarf, and keeps what stands in for it
 *
 * Without it libdw would open whatever path is named, outside any root and be it a FIFO, on
 * the first such reference; of a supplementary file, and of the other half of a split unit,
 * too. Return: false when memory ran out
 */
bool debug_none(struct debug_file *file, Dwarf *dwarf);
