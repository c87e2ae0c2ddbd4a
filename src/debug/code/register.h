/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The numbers that DWARF gives to registers, by machine. */
#pragma once

#include <gelf.h>
#include <stdbool.h>

#include "base/text.h"

/*
 * dwarf_register - the number of a register
 * @header: of the object: the machine, and which of MIPS's two namings holds
 * @name: in full, as struct operand has it: "rdi", "x0", "sp"
 *
 * From the machines' psABIs. Return: false for a machine or register without a row.
 */
bool dwarf_register(const GElf_Ehdr *header, struct text name, unsigned *number_ret);
