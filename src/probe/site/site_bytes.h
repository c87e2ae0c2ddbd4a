/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The instruction bytes at a probe's location: what they are, and whether one is traced. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "usdtinfo.h"

/* Bytes enough to recognise any site. */
#define SITE_LOOK 16

/* Who put a breakpoint there, as far as the instruction tells. */
enum site_breakpoint {
	SITE_BREAKPOINT_NONE,
	SITE_BREAKPOINT_ANY,    /* the kernel's uprobes and debuggers use the same one */
	SITE_BREAKPOINT_UPROBE, /* the kernel's */
	SITE_BREAKPOINT_DEBUGGER, /* not the kernel's */
	SITE_BREAKPOINT_CALL,     /* x86: a uprobe made into a call to a trampoline */
	/* The same for ten bytes: "lea -0x80(%rsp),%rsp", which spares the red zone, before it. */
	SITE_BREAKPOINT_LEA_CALL,
};

/*
 * site_classify - what stands at a location
 * @machine: e_machine; of one that is not known every site is OTHER
 * @bytes, @size: from the location on, in the file's order; SITE_LOOK of them, or fewer
 *                where the segment ends
 * @used_ret: how many bytes from the start the answer speaks of; 0 only when @size is
 *
 * Return: never UNAVAILABLE unless @size is 0.
 */
enum usdtinfo_site site_classify(unsigned machine, bool big_endian,
                                 const unsigned char *bytes, size_t size,
                                 size_t *used_ret);

/*
 * site_breakpoint - whether memory at a location holds a breakpoint
 *
 * A uprobe on a "nop, nop5" site may sit at the location or one byte on: ask for both.
 */
enum site_breakpoint site_breakpoint(unsigned machine, bool big_endian,
                                     const unsigned char *bytes, size_t size);

/* Return: how long the nop was that the kernel made this of; 0 unless it is a call */
size_t site_call_size(enum site_breakpoint breakpoint);

/*
 * site_was_call - whether what was a nop of ten bytes is one again, after it was a call
 *
 * The call's own bytes stay, as operands of the nop: a thread may be about to run them.
 */
bool site_was_call(unsigned machine, const unsigned char *bytes, size_t size);

/* Return: whether the nops of a machine are known */
bool site_machine_known(unsigned machine);
