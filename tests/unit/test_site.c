/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What stands at a location, by machine and byte order. */
#include <string.h>

#include "base/array.h"
#include "elf/object/machine.h"
#include "probe/site/site_bytes.h"
#include "unit.h"

#define B(...)                                                                           \
	sizeof((unsigned char[]){ __VA_ARGS__ }),                                        \
	{                                                                                \
		__VA_ARGS__                                                              \
	}

static const struct {
	const char *what;
	unsigned machine;
	bool big_endian;
	enum usdtinfo_site site;
	size_t used;
	enum site_breakpoint breakpoint;
	size_t size;
	unsigned char bytes[SITE_LOOK];
} cases[] = {
	{ "x86 nop", EM_X86_64, false, USDTINFO_SITE_NOP, 1, 0, B(0x90, 0xc3) },
	{ "x86 nop at the end", EM_X86_64, false, USDTINFO_SITE_NOP, 1, 0, B(0x90) },
	{ "two probes in a row", EM_386, false, USDTINFO_SITE_NOP, 1, 0,
	  B(0x90, 0x90, 0xc3) },
	{ "five probes in a row", EM_386, false, USDTINFO_SITE_NOP, 1, 0,
	  B(0x90, 0x90, 0x90, 0x90, 0x90, 0xc3) },
	{ "nop and nop5", EM_X86_64, false, USDTINFO_SITE_NOP5, 6, 0,
	  B(0x90, 0x0f, 0x1f, 0x44, 0x00, 0x00, 0xc3) },
	{ "nop5 cut short", EM_X86_64, false, USDTINFO_SITE_NOP, 1, 0,
	  B(0x90, 0x0f, 0x1f, 0x44, 0x00) },
	{ "nop and nop10", EM_X86_64, false, USDTINFO_SITE_NOP10, 11, 0,
	  B(0x90, 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00, 0x90) },
	{ "nop5 alone", EM_X86_64, false, USDTINFO_SITE_NOP, 5, 0,
	  B(0x0f, 0x1f, 0x44, 0x00, 0x00) },
	{ "libstapsdt", EM_X86_64, false, USDTINFO_SITE_NOPS, 4, 0,
	  B(0x90, 0x90, 0x90, 0x90, 0xc3) },
	{ "x86 int3", EM_X86_64, false, USDTINFO_SITE_BREAKPOINT, 1, SITE_BREAKPOINT_ANY,
	  B(0xcc, 0x90) },
	{ "x86 call", EM_X86_64, false, USDTINFO_SITE_OTHER, 4, SITE_BREAKPOINT_CALL,
	  B(0xe8, 0x01, 0x02, 0x03, 0x04) },
	{ "x86 lea and call", EM_X86_64, false, USDTINFO_SITE_OTHER, 4,
	  SITE_BREAKPOINT_LEA_CALL,
	  B(0x48, 0x8d, 0x64, 0x24, 0x80, 0xe8, 0x01, 0x02, 0x03, 0x04) },
	{ "x86 lea and call cut short", EM_X86_64, false, USDTINFO_SITE_OTHER, 4, 0,
	  B(0x48, 0x8d, 0x64, 0x24, 0x80, 0xe8, 0x01, 0x02, 0x03) },
	{ "x86 nop10 that was a call", EM_X86_64, false, USDTINFO_SITE_OTHER, 4, 0,
	  B(0x66, 0x2e, 0x0f, 0x1f, 0x84, 0xe8, 0x01, 0x02, 0x03, 0x04) },
	{ "x86 push", EM_X86_64, false, USDTINFO_SITE_OTHER, 4, 0,
	  B(0x55, 0x48, 0x89, 0xe5, 0x90) },
	{ "no bytes", EM_X86_64, false, USDTINFO_SITE_UNAVAILABLE, 0, 0, 0, { 0 } },

	{ "aarch64 nop", EM_AARCH64, false, USDTINFO_SITE_NOP, 4, 0,
	  B(0x1f, 0x20, 0x03, 0xd5) },
	{ "aarch64_be nop", EM_AARCH64, true, USDTINFO_SITE_NOP, 4, 0,
	  B(0x1f, 0x20, 0x03, 0xd5) },
	{ "aarch64 uprobe", EM_AARCH64, false, USDTINFO_SITE_BREAKPOINT, 4,
	  SITE_BREAKPOINT_UPROBE, B(0xa0, 0x00, 0x20, 0xd4) },
	{ "aarch64 gdb", EM_AARCH64, false, USDTINFO_SITE_BREAKPOINT, 4,
	  SITE_BREAKPOINT_DEBUGGER, B(0x00, 0x00, 0x20, 0xd4) },
	{ "aarch64 cut short", EM_AARCH64, false, USDTINFO_SITE_OTHER, 3, 0,
	  B(0x1f, 0x20, 0x03) },

	{ "arm nop", EM_ARM, false, USDTINFO_SITE_NOP, 4, 0, B(0x00, 0x00, 0xa0, 0xe1) },
	{ "arm hint nop", EM_ARM, false, USDTINFO_SITE_NOP, 4, 0,
	  B(0x00, 0xf0, 0x20, 0xe3) },
	{ "arm BE8 nop", EM_ARM, true, USDTINFO_SITE_NOP, 4, 0,
	  B(0x00, 0x00, 0xa0, 0xe1) },
	{ "arm BE32 nop", EM_ARM, true, USDTINFO_SITE_NOP, 4, 0,
	  B(0xe1, 0xa0, 0x00, 0x00) },
	{ "thumb nop", EM_ARM, false, USDTINFO_SITE_NOP, 2, 0,
	  B(0x00, 0xbf, 0x70, 0x47) },
	{ "thumb nop at the end", EM_ARM, false, USDTINFO_SITE_NOP, 2, 0, B(0x00, 0xbf) },
	{ "old thumb nop", EM_ARM, false, USDTINFO_SITE_NOP, 2, 0,
	  B(0xc0, 0x46, 0x70, 0x47) },
	{ "arm uprobe", EM_ARM, false, USDTINFO_SITE_BREAKPOINT, 4,
	  SITE_BREAKPOINT_UPROBE, B(0xf9, 0x01, 0xf0, 0xe7) },
	{ "arm gdb", EM_ARM, false, USDTINFO_SITE_BREAKPOINT, 4, SITE_BREAKPOINT_DEBUGGER,
	  B(0xf0, 0x01, 0xf0, 0xe7) },
	{ "thumb gdb", EM_ARM, false, USDTINFO_SITE_BREAKPOINT, 2,
	  SITE_BREAKPOINT_DEBUGGER, B(0x01, 0xde, 0x70, 0x47) },
	{ "thumb-2 gdb", EM_ARM, false, USDTINFO_SITE_BREAKPOINT, 4,
	  SITE_BREAKPOINT_DEBUGGER, B(0xf0, 0xf7, 0x00, 0xa0) },

	{ "ppc64le nop", EM_PPC64, false, USDTINFO_SITE_NOP, 4, 0,
	  B(0x00, 0x00, 0x00, 0x60) },
	{ "ppc64 nop", EM_PPC64, true, USDTINFO_SITE_NOP, 4, 0,
	  B(0x60, 0x00, 0x00, 0x00) },
	{ "ppc nop", EM_PPC, true, USDTINFO_SITE_NOP, 4, 0, B(0x60, 0x00, 0x00, 0x00) },
	{ "ppc64 nop the wrong way round", EM_PPC64, true, USDTINFO_SITE_OTHER, 4, 0,
	  B(0x00, 0x00, 0x00, 0x60) },
	{ "ppc64le trap", EM_PPC64, false, USDTINFO_SITE_BREAKPOINT, 4,
	  SITE_BREAKPOINT_ANY, B(0x08, 0x00, 0xe0, 0x7f) },

	{ "s390x nop", EM_S390, true, USDTINFO_SITE_NOP, 4, 0,
	  B(0x47, 0x00, 0x00, 0x00) },
	{ "s390x nopr", EM_S390, true, USDTINFO_SITE_NOP, 2, 0, B(0x07, 0x07) },
	{ "s390x uprobe", EM_S390, true, USDTINFO_SITE_BREAKPOINT, 2,
	  SITE_BREAKPOINT_UPROBE, B(0x00, 0x02, 0x00, 0x00) },

	{ "riscv c.nop", EM_RISCV, false, USDTINFO_SITE_NOP, 2, 0,
	  B(0x01, 0x00, 0x82, 0x80) },
	{ "riscv nop", EM_RISCV, false, USDTINFO_SITE_NOP, 4, 0,
	  B(0x13, 0x00, 0x00, 0x00) },
	{ "riscv c.ebreak", EM_RISCV, false, USDTINFO_SITE_BREAKPOINT, 2,
	  SITE_BREAKPOINT_ANY, B(0x02, 0x90) },
	{ "riscv ebreak", EM_RISCV, false, USDTINFO_SITE_BREAKPOINT, 4,
	  SITE_BREAKPOINT_ANY, B(0x73, 0x00, 0x10, 0x00) },

	{ "mips nop", EM_MIPS, true, USDTINFO_SITE_NOP, 4, 0, B(0x00, 0x00, 0x00, 0x00) },
	{ "mipsel uprobe", EM_MIPS, false, USDTINFO_SITE_BREAKPOINT, 4,
	  SITE_BREAKPOINT_UPROBE, B(0x0d, 0x00, 0x0d, 0x00) },
	{ "mips gdb", EM_MIPS, true, USDTINFO_SITE_BREAKPOINT, 4,
	  SITE_BREAKPOINT_DEBUGGER, B(0x00, 0x05, 0x00, 0x0d) },
	{ "micromips nop", EM_MIPS, false, USDTINFO_SITE_NOP, 2, 0, B(0x00, 0x0c) },

	{ "sparc64 nop", EM_SPARCV9, true, USDTINFO_SITE_NOP, 4, 0,
	  B(0x01, 0x00, 0x00, 0x00) },
	{ "sparc64 uprobe", EM_SPARCV9, true, USDTINFO_SITE_BREAKPOINT, 4,
	  SITE_BREAKPOINT_UPROBE, B(0x91, 0xd0, 0x20, 0x73) },
	{ "loongarch nop", EM_LOONGARCH, false, USDTINFO_SITE_NOP, 4, 0,
	  B(0x00, 0x00, 0x40, 0x03) },
	{ "loongarch break", EM_LOONGARCH, false, USDTINFO_SITE_BREAKPOINT, 4,
	  SITE_BREAKPOINT_ANY, B(0x05, 0x00, 0x2a, 0x00) },

	{ "alpha nop", 0x9026, false, USDTINFO_SITE_NOP, 4, 0,
	  B(0x1f, 0x04, 0xff, 0x47) },
	{ "hppa nop", EM_PARISC, true, USDTINFO_SITE_NOP, 4, 0,
	  B(0x08, 0x00, 0x02, 0x40) },
	{ "m68k nop", EM_68K, true, USDTINFO_SITE_NOP, 2, 0, B(0x4e, 0x71, 0x4e, 0x75) },
	{ "sh4 nop", EM_SH, false, USDTINFO_SITE_NOP, 2, 0, B(0x09, 0x00, 0x0b, 0x00) },
	{ "unknown machine", 0x7777, false, USDTINFO_SITE_OTHER, 4, 0,
	  B(0x90, 0x90, 0x90, 0x90, 0x90) },
};

START_TEST(classifies)
{
	/* In memory of exactly that size, so that a sanitizer sees a read beyond. */
	unsigned char *bytes = malloc(cases[_i].size ? cases[_i].size : 1);
	memcpy(bytes, cases[_i].bytes, cases[_i].size);
	size_t used = 99;
	enum usdtinfo_site site = site_classify(cases[_i].machine, cases[_i].big_endian,
	                                        bytes, cases[_i].size, &used);
	enum site_breakpoint breakpoint = site_breakpoint(
		cases[_i].machine, cases[_i].big_endian, bytes, cases[_i].size);
	free(bytes);
	ck_assert_msg(site == cases[_i].site, "%s is %d, not %d", cases[_i].what, site,
	              cases[_i].site);
	ck_assert_msg(used == cases[_i].used, "%s uses %zu, not %zu", cases[_i].what,
	              used, cases[_i].used);
	ck_assert_msg(breakpoint == cases[_i].breakpoint, "%s is breakpoint %d, not %d",
	              cases[_i].what, breakpoint, cases[_i].breakpoint);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("site");
	tcase_add_loop_test(tcase, classifies, 0, ARRAY_SIZE(cases));
	return unit_run("site", tcase);
}
