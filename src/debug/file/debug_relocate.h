/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Debug sections of relocatable objects. */
#pragma once

#include "debug/file/debug_file.h"

/*
 * debug_lay_out - give every allocated section of a relocatable object an address of its own
 *
 * All begin at 0 as they stand in the file. Return: 0 with file->layout, USDTINFO_E_MEMORY.
 */
int debug_lay_out(struct debug_file *file, struct usdtinfo_error *err);

/*
 * debug_relocate - make a relocatable object's debug sections mean one place each
 *
 * .debug_* and .eh_frame are relocated to file->layout, in the memory of file->elf alone.
 * What is damaged stays as it is.
 *
 * Return: 0, USDTINFO_E_MEMORY, USDTINFO_E_SYSTEM.
 */
int debug_relocate(struct debug_file *file, struct usdtinfo_error *err);
