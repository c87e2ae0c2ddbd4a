/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Types of relocations that can stand in a note or debug section, by machine. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum relocation_operation {
	RELOCATION_SET,      /* word = symbol + addend */
	RELOCATION_ADD,      /* word += symbol + addend */
	RELOCATION_SUBTRACT, /* word -= symbol + addend */
};

struct relocation_type {
	unsigned machine; /* e_machine */
	uint32_t type;
	unsigned char size; /* bytes of the word: 1, 2, 4, 8 */
	unsigned char operation;
	bool adds_in_place; /* the word as stored counts in SHT_RELA as well */
	bool pc_relative;   /* less the address of the word itself */
};

extern const struct relocation_type relocation_types[];
extern const size_t relocation_type_count;

/* Return: its row, or NULL */
const struct relocation_type *relocation_type_find(unsigned machine, uint32_t type);
/* Return: whether the type asks for nothing (padding, or a hint to the linker) */
bool relocation_type_is_none(unsigned machine, uint32_t type);
