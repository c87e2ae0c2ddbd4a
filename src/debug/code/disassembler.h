/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Capstone, loaded when the first function is read; one file understands each machine. */
#pragma once

#include "config.h"

#if HAVE_CAPSTONE
#include <capstone/capstone.h>

#include "debug/code/code.h"

/* The calls that are used, and nothing else: see library_load(). */
struct capstone {
	cs_err (*open)(cs_arch arch, cs_mode mode, csh *handle);
	cs_err (*close)(csh *handle);
	cs_err (*option)(csh handle, cs_opt_type type, size_t value);
	cs_insn *(*allocate)(csh handle);
	void (*release)(cs_insn *insn, size_t count);
	bool (*next)(csh handle, const uint8_t **code, size_t *size, uint64_t *address,
	             cs_insn *insn);
	cs_err (*access)(csh handle, const cs_insn *insn, cs_regs read,
	                 uint8_t *read_count, cs_regs written, uint8_t *written_count);
	const char *(*name)(csh handle, unsigned reg);
};

struct machine_code {
	unsigned machine; /* e_machine */
	bool big_endian;
	cs_arch arch;
	cs_mode mode;
	unsigned step;         /* bytes to skip over what is no instruction; 0: give up */
	unsigned stack, frame; /* DWARF's numbers */
	uint64_t kept;         /* registers that a call leaves alone, one bit each */
	/* Return: DWARF's number of one of Capstone's, NO_REGISTER for the rest */
	unsigned (*number)(unsigned reg);
	/*
	 * Fill kind, width, target, source, base, value, writes_memory where they apply.
	 * Return: 2 for an instruction that is like two, one after the other; else 1
	 */
	unsigned (*understand)(const cs_insn *insn, struct instruction ret[2]);
};

extern const struct machine_code machine_code_x86_64, machine_code_aarch64;
#endif
