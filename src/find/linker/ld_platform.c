/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* One row a Linux ABI: glibc's and Debian's directories, AT_PLATFORM, glibc-hwcaps. */
#include "find/linker/ld_platform.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <cpuid.h>
#endif

#include "base/array.h"
#include "elf/object/machine.h"

#define MIPS_ABI    0x20       /* EF_MIPS_ABI2: n32 */
#define ARM_FLOAT   0x400      /* EF_ARM_ABI_FLOAT_HARD */
#define RISCV_FLOAT 0x6        /* EF_RISCV_FLOAT_ABI */
#define XEON_PHI    (3u << 26) /* AVX512PF and AVX512ER, which newer <cpuid.h> lack */

static const struct ld_platform platforms[] = {
	{ EM_X86_64,
	  64,
	  false,
	  0,
	  0,
	  "x86_64-linux-gnu",
	  "lib64",
	  "x86_64",
	  { "x86-64-v4", "x86-64-v3", "x86-64-v2" } },
	{ EM_X86_64,
	  32,
	  false,
	  0,
	  0,
	  "x86_64-linux-gnux32",
	  "libx32",
	  "x86_64",
	  { "x86-64-v4", "x86-64-v3", "x86-64-v2" } },
	{ EM_386, 32, false, 0, 0, "i386-linux-gnu", "lib32", "i686", { 0 } },
	{ EM_AARCH64, 64, false, 0, 0, "aarch64-linux-gnu", "lib64", "aarch64", { 0 } },
	{ EM_AARCH64,
	  64,
	  true,
	  0,
	  0,
	  "aarch64_be-linux-gnu",
	  "lib64",
	  "aarch64_be",
	  { 0 } },
	{ EM_ARM,
	  32,
	  false,
	  ARM_FLOAT,
	  ARM_FLOAT,
	  "arm-linux-gnueabihf",
	  NULL,
	  "v7l",
	  { 0 } },
	{ EM_ARM, 32, false, ARM_FLOAT, 0, "arm-linux-gnueabi", NULL, NULL, { 0 } },
	{ EM_ARM, 32, true, 0, 0, NULL, NULL, NULL, { 0 } },
	{ EM_PPC64,
	  64,
	  false,
	  0,
	  0,
	  "powerpc64le-linux-gnu",
	  "lib64",
	  NULL,
	  { "power10", "power9" } },
	{ EM_PPC64, 64, true, 0, 0, "powerpc64-linux-gnu", "lib64", NULL, { 0 } },
	{ EM_PPC, 32, true, 0, 0, "powerpc-linux-gnu", NULL, NULL, { 0 } },
	{ EM_S390,
	  64,
	  true,
	  0,
	  0,
	  "s390x-linux-gnu",
	  "lib64",
	  NULL,
	  { "z17", "z16", "z15", "z14", "z13" } },
	{ EM_S390, 32, true, 0, 0, "s390-linux-gnu", NULL, NULL, { 0 } },
	{ EM_RISCV,
	  64,
	  false,
	  RISCV_FLOAT,
	  4,
	  "riscv64-linux-gnu",
	  "lib64/lp64d",
	  NULL,
	  { 0 } },
	{ EM_RISCV, 64, false, RISCV_FLOAT, 0, NULL, "lib64/lp64", NULL, { 0 } },
	{ EM_RISCV, 32, false, RISCV_FLOAT, 4, NULL, "lib32/ilp32d", NULL, { 0 } },
	{ EM_LOONGARCH, 64, false, 0, 0, "loongarch64-linux-gnu", "lib64", NULL, { 0 } },
	{ EM_MIPS, 64, false, 0, 0, "mips64el-linux-gnuabi64", "lib64", NULL, { 0 } },
	{ EM_MIPS, 64, true, 0, 0, "mips64-linux-gnuabi64", "lib64", NULL, { 0 } },
	{ EM_MIPS,
	  32,
	  false,
	  MIPS_ABI,
	  MIPS_ABI,
	  "mips64el-linux-gnuabin32",
	  "lib32",
	  NULL,
	  { 0 } },
	{ EM_MIPS,
	  32,
	  true,
	  MIPS_ABI,
	  MIPS_ABI,
	  "mips64-linux-gnuabin32",
	  "lib32",
	  NULL,
	  { 0 } },
	{ EM_MIPS, 32, false, MIPS_ABI, 0, "mipsel-linux-gnu", NULL, NULL, { 0 } },
	{ EM_MIPS, 32, true, MIPS_ABI, 0, "mips-linux-gnu", NULL, NULL, { 0 } },
	{ EM_SPARCV9, 64, true, 0, 0, "sparc64-linux-gnu", "lib64", NULL, { 0 } },
	{ EM_PARISC, 32, true, 0, 0, "hppa-linux-gnu", NULL, NULL, { 0 } },
	{ EM_68K, 32, true, 0, 0, "m68k-linux-gnu", NULL, NULL, { 0 } },
	{ EM_SH, 32, false, 0, 0, "sh4-linux-gnu", NULL, NULL, { 0 } },
	{ EM_IA_64, 64, false, 0, 0, "ia64-linux-gnu", NULL, NULL, { 0 } },
	{ 0x9026 /* alpha */, 64, false, 0, 0, "alpha-linux-gnu", NULL, NULL, { 0 } },
};

static const struct ld_platform other = { 0 };

const struct ld_platform *ld_platform_of(const struct usdtinfo_image *image)
{
	for (size_t i = 0; i < ARRAY_SIZE(platforms); i++) {
		const struct ld_platform *row = &platforms[i];
		if (row->machine == image->header.e_machine &&
		    row->elf_class == image->address_size * 8 &&
		    row->big_endian == image->big_endian &&
		    (image->header.e_flags & row->flags_mask) == row->flags)
			return row;
	}
	return &other;
}

/* The psABI's micro-architecture levels, by the features that set each apart. */
#if defined(__x86_64__) && defined(__GNUC__)
/* By glibc's own list; other makers' processors have the features, but not the name. */
static bool is_haswell(void)
{
	unsigned a, b, basic, extended, d;
	__builtin_cpu_init();
	return __builtin_cpu_is("intel") && __builtin_cpu_supports("avx2") &&
	       __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
	       __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt") &&
	       __get_cpuid(1, &a, &b, &basic, &d) && basic & bit_MOVBE &&
	       __get_cpuid(0x80000001, &a, &b, &extended, &d) && extended & bit_LZCNT;
}

static bool is_xeon_phi(void)
{
	unsigned a, b, c, d;
	return is_haswell() && __get_cpuid_count(7, 0, &a, &b, &c, &d) &&
	       (b & XEON_PHI) == XEON_PHI;
}

static int x86_level(void)
{
	__builtin_cpu_init();
	bool v2 = __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt") &&
	          __builtin_cpu_supports("ssse3");
	bool v3 = v2 && __builtin_cpu_supports("avx2") &&
	          __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");
	bool v4 = v3 && __builtin_cpu_supports("avx512f") &&
	          __builtin_cpu_supports("avx512bw") &&
	          __builtin_cpu_supports("avx512cd") &&
	          __builtin_cpu_supports("avx512dq") &&
	          __builtin_cpu_supports("avx512vl");
	return v4 ? 0 : v3 ? 1 : v2 ? 2 : 3;
}
#endif

int ld_platform_level(const struct ld_platform *platform)
{
#if defined(__x86_64__) && defined(__GNUC__)
	if (platform->machine == EM_X86_64)
		return x86_level();
#endif
	return platform->levels[0] ? -1 : 0;
}

const char *ld_platform_name(const struct ld_platform *platform)
{
#if defined(__x86_64__) && defined(__GNUC__)
	if (platform->machine == EM_X86_64 && platform->elf_class == 64 && is_haswell())
		return is_xeon_phi() ? "xeon_phi" : "haswell";
#endif
	return platform->platform;
}

bool ld_platform_matches(const struct usdtinfo_image *one,
                         const struct usdtinfo_image *two)
{
	if (one->header.e_machine != two->header.e_machine ||
	    one->address_size != two->address_size || one->big_endian != two->big_endian)
		return false;
	/* ARM objects without floating point tell no float ABI and fit both. */
	if (one->header.e_machine == EM_ARM)
		return true;
	return ld_platform_of(one) == ld_platform_of(two);
}
