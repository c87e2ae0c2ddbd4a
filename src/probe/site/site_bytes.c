/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Nops and breakpoints by machine. Breakpoints are those of Linux (arch's uprobes.h) and of
 * gdb (its Linux targets).
 */
#include "probe/site/site_bytes.h"

#include <stdint.h>
#include <string.h>

#include "base/array.h"
#include "elf/object/machine.h"

/* What Linux on Alpha really writes; <elf.h>'s EM_ALPHA never came into use. */
#define MACHINE_ALPHA 0x9026

/* Which way round an instruction lies in memory. */
enum order {
	LITTLE,
	BIG,
	TARGET, /* as data do */
	EITHER, /* ARM: instructions are little-endian in BE8 files, whatever data are */
};

enum what {
	NOP,
	TRAP = 16, /* the rest is an enum site_breakpoint */
	TRAP_ANY = TRAP + SITE_BREAKPOINT_ANY,
	TRAP_UPROBE = TRAP + SITE_BREAKPOINT_UPROBE,
	TRAP_DEBUGGER = TRAP + SITE_BREAKPOINT_DEBUGGER,
};

/* One instruction. Thumb's 32-bit ones are two units of 16 bits, each in its own order. */
struct known_instruction {
	unsigned machine;
	enum order order;
	enum what what;
	unsigned size, unit; /* bytes */
	uint32_t value, mask;
};

#define WORD(machine_, order_, what_, value_)                                            \
	{                                                                                \
		machine_, order_, what_, 4, 4, value_, UINT32_MAX                        \
	}
#define HALF(machine_, order_, what_, value_)                                            \
	{                                                                                \
		machine_, order_, what_, 2, 2, value_, 0xffff                            \
	}

/* Where two rows match the first one decides. */
static const struct known_instruction instructions[] = {
	WORD(EM_AARCH64, LITTLE, NOP, 0xd503201f),
	WORD(EM_AARCH64, LITTLE, TRAP_UPROBE, 0xd42000a0),
	{ EM_AARCH64, LITTLE, TRAP_DEBUGGER, 4, 4, 0xd4200000, 0xffe0001f }, /* brk #N */

	WORD(EM_ARM, EITHER, NOP, 0xe1a00000),
	WORD(EM_ARM, EITHER, NOP, 0xe320f000),
	HALF(EM_ARM, EITHER, NOP, 0xbf00), /* Thumb */
	HALF(EM_ARM, EITHER, NOP, 0x46c0), /* Thumb before v6T2: mov r8, r8 */
	WORD(EM_ARM, EITHER, TRAP_UPROBE, 0xe7f001f9),
	WORD(EM_ARM, EITHER, TRAP_DEBUGGER, 0xe7f001f0),
	WORD(EM_ARM, EITHER, TRAP_DEBUGGER, 0xe7ffdefe),
	{ EM_ARM, EITHER, TRAP_DEBUGGER, 4, 2, 0xf7f0a000, UINT32_MAX }, /* Thumb-2 */
	HALF(EM_ARM, EITHER, TRAP_DEBUGGER, 0xde01),                     /* Thumb */

	WORD(EM_PPC, TARGET, NOP, 0x60000000),
	WORD(EM_PPC, TARGET, TRAP_ANY, 0x7fe00008),
	WORD(EM_PPC, TARGET, TRAP_DEBUGGER, 0x7d821008),
	WORD(EM_PPC64, TARGET, NOP, 0x60000000),
	WORD(EM_PPC64, TARGET, TRAP_ANY, 0x7fe00008),
	WORD(EM_PPC64, TARGET, TRAP_DEBUGGER, 0x7d821008),

	WORD(EM_S390, BIG, NOP, 0x47000000),
	{ EM_S390, BIG, NOP, 2, 2, 0x0700, 0xfff0 }, /* nopr */
	HALF(EM_S390, BIG, TRAP_UPROBE, 0x0002),
	HALF(EM_S390, BIG, TRAP_DEBUGGER, 0x0001),

	WORD(EM_RISCV, LITTLE, NOP, 0x00000013),
	HALF(EM_RISCV, LITTLE, NOP, 0x0001), /* c.nop */
	WORD(EM_RISCV, LITTLE, TRAP_ANY, 0x00100073),
	HALF(EM_RISCV, LITTLE, TRAP_ANY, 0x9002), /* c.ebreak */

	WORD(EM_MIPS, TARGET, NOP, 0x00000000),
	HALF(EM_MIPS, TARGET, NOP, 0x0c00), /* microMIPS */
	HALF(EM_MIPS, TARGET, NOP, 0x6500), /* MIPS16e */
	WORD(EM_MIPS, TARGET, TRAP_UPROBE, 0x000d000d),
	{ EM_MIPS, TARGET, TRAP_DEBUGGER, 4, 4, 0x0000000d, 0xfc00003f }, /* break N */

	WORD(EM_SPARC, BIG, NOP, 0x01000000),
	WORD(EM_SPARC, BIG, TRAP_UPROBE, 0x91d02073),
	WORD(EM_SPARC, BIG, TRAP_DEBUGGER, 0x91d02001),
	WORD(EM_SPARC32PLUS, BIG, NOP, 0x01000000),
	WORD(EM_SPARC32PLUS, BIG, TRAP_UPROBE, 0x91d02073),
	WORD(EM_SPARC32PLUS, BIG, TRAP_DEBUGGER, 0x91d02001),
	WORD(EM_SPARCV9, BIG, NOP, 0x01000000),
	WORD(EM_SPARCV9, BIG, TRAP_UPROBE, 0x91d02073),
	WORD(EM_SPARCV9, BIG, TRAP_DEBUGGER, 0x91d02001),

	WORD(EM_LOONGARCH, LITTLE, NOP, 0x03400000),
	{ EM_LOONGARCH, LITTLE, TRAP_ANY, 4, 4, 0x002a0000, 0xffff8000 }, /* break N */

	/* Machines whose operands are not understood. */
	WORD(MACHINE_ALPHA, LITTLE, NOP, 0x47ff041f),
	WORD(EM_PARISC, BIG, NOP, 0x08000240),
	HALF(EM_68K, BIG, NOP, 0x4e71),
	HALF(EM_SH, TARGET, NOP, 0x0009),
};

/* x86's instructions have no unit; they are strings of bytes, longest first. */
struct byte_string {
	enum usdtinfo_site site;
	size_t used; /* of the bytes that have to match, those that are the site */
	size_t size;
	unsigned char bytes[11];
};

/*
 * A uprobe that is hit becomes a call where the nop has room: of nop5 since Linux 6.18, of
 * nop10 alone since 2026 (arch/x86/kernel/uprobes.c).
 */
#define CALL_OPCODE 0xe8
#define LEA_SIZE    5
static const unsigned char lea_call[] = { 0x48, 0x8d, 0x64, 0x24, 0x80, CALL_OPCODE };
static const unsigned char nop_call[] = { 0x66, 0x2e, 0x0f, 0x1f, 0x84, CALL_OPCODE };

#define NOP5  0x0f, 0x1f, 0x44, 0x00, 0x00
#define NOP10 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00

static const struct byte_string x86_sites[] = {
	{ USDTINFO_SITE_NOP10, 11, 11, { 0x90, NOP10 } },
	{ USDTINFO_SITE_NOP, 10, 10, { NOP10 } },
	{ USDTINFO_SITE_NOP5, 6, 6, { 0x90, NOP5 } },
	{ USDTINFO_SITE_NOP, 5, 5, { NOP5 } },
	/* libstapsdt's own function; without the ret they may be neighbouring probes. */
	{ USDTINFO_SITE_NOPS, 4, 5, { 0x90, 0x90, 0x90, 0x90, 0xc3 } },
	{ USDTINFO_SITE_NOP, 2, 2, { 0x66, 0x90 } },
	{ USDTINFO_SITE_NOP, 1, 1, { 0x90 } },
	{ USDTINFO_SITE_BREAKPOINT, 1, 1, { 0xcc } },
};

/* Of a site that is nothing known. */
#define OTHER_SIZE 4

static bool is_x86(unsigned machine)
{
	return machine == EM_X86_64 || machine == EM_386 || machine == EM_IAMCU;
}

static bool begins(const unsigned char *bytes, size_t size,
                   const unsigned char start[LEA_SIZE + 1])
{
	return size >= site_call_size(SITE_BREAKPOINT_LEA_CALL) &&
	       memcmp(bytes, start, LEA_SIZE + 1) == 0;
}

static enum site_breakpoint x86_breakpoint(const unsigned char *bytes, size_t size)
{
	if (size && bytes[0] == 0xcc)
		return SITE_BREAKPOINT_ANY;
	if (begins(bytes, size, lea_call))
		return SITE_BREAKPOINT_LEA_CALL;
	return size >= site_call_size(SITE_BREAKPOINT_CALL) && bytes[0] == CALL_OPCODE
	               ? SITE_BREAKPOINT_CALL
	               : SITE_BREAKPOINT_NONE;
}

size_t site_call_size(enum site_breakpoint breakpoint)
{
	if (breakpoint == SITE_BREAKPOINT_LEA_CALL)
		return 10;
	return breakpoint == SITE_BREAKPOINT_CALL ? 5 : 0;
}

bool site_was_call(unsigned machine, const unsigned char *bytes, size_t size)
{
	return machine == EM_X86_64 && begins(bytes, size, nop_call);
}

static uint32_t load(const struct known_instruction *instruction, bool big_endian,
                     const unsigned char *bytes)
{
	uint32_t value = 0;
	unsigned unit = instruction->unit;
	for (unsigned start = 0; start < instruction->size; start += unit)
		for (unsigned i = 0; i < unit; i++)
			value = value << 8 |
			        bytes[start + (big_endian ? i : unit - 1 - i)];
	return value;
}

static bool matches(const struct known_instruction *instruction, bool big_endian,
                    const unsigned char *bytes, size_t size)
{
	if (size < instruction->size)
		return false;
	enum order order = instruction->order;
	if (order == EITHER)
		return (load(instruction, false, bytes) & instruction->mask) ==
		               instruction->value ||
		       (big_endian && (load(instruction, true, bytes) &
		                       instruction->mask) == instruction->value);
	bool big = order == BIG || (order == TARGET && big_endian);
	return (load(instruction, big, bytes) & instruction->mask) == instruction->value;
}

/* Return: the row of the instruction that stands first, or NULL */
static const struct known_instruction *find(unsigned machine, bool big_endian,
                                            const unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i < ARRAY_SIZE(instructions); i++)
		if (instructions[i].machine == machine &&
		    matches(&instructions[i], big_endian, bytes, size))
			return &instructions[i];
	return NULL;
}

static const struct byte_string *find_x86(const unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i < ARRAY_SIZE(x86_sites); i++)
		if (size >= x86_sites[i].size &&
		    memcmp(bytes, x86_sites[i].bytes, x86_sites[i].size) == 0)
			return &x86_sites[i];
	return NULL;
}

enum usdtinfo_site site_classify(unsigned machine, bool big_endian,
                                 const unsigned char *bytes, size_t size,
                                 size_t *used_ret)
{
	*used_ret = size < OTHER_SIZE ? size : OTHER_SIZE;
	if (!size)
		return USDTINFO_SITE_UNAVAILABLE;
	if (is_x86(machine)) {
		const struct byte_string *row = find_x86(bytes, size);
		if (!row)
			return USDTINFO_SITE_OTHER;
		*used_ret = row->used;
		return row->site;
	}
	const struct known_instruction *row = find(machine, big_endian, bytes, size);
	if (!row)
		return USDTINFO_SITE_OTHER;
	*used_ret = row->size;
	return row->what == NOP ? USDTINFO_SITE_NOP : USDTINFO_SITE_BREAKPOINT;
}

enum site_breakpoint site_breakpoint(unsigned machine, bool big_endian,
                                     const unsigned char *bytes, size_t size)
{
	if (is_x86(machine))
		return x86_breakpoint(bytes, size);
	const struct known_instruction *row = find(machine, big_endian, bytes, size);
	return row && row->what >= TRAP ? (enum site_breakpoint)(row->what - TRAP)
	                                : SITE_BREAKPOINT_NONE;
}

bool site_machine_known(unsigned machine)
{
	if (is_x86(machine))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(instructions); i++) {
		if (instructions[i].machine == machine && instructions[i].what == NOP)
			return true;
	}
	return false;
}
