/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Registers as the kernel's regs_query_register_offset() of each machine names them; arguments. */
#include <elf.h>

#include "base/array.h"
#include "elf/object/machine.h"
#include "probe/tracer/uprobe.h"
#include "unit.h"

static const struct {
	unsigned machine, elf_class;
	const char *name, *expected; /* NULL: the kernel has no name, or it is not sure */
} cases[] = {
	{ EM_X86_64, 64, "rax", "ax" },
	{ EM_X86_64, 64, "rbx", "bx" },
	{ EM_X86_64, 64, "rcx", "cx" },
	{ EM_X86_64, 64, "rdx", "dx" },
	{ EM_X86_64, 64, "rsi", "si" },
	{ EM_X86_64, 64, "rdi", "di" },
	{ EM_X86_64, 64, "rbp", "bp" },
	{ EM_X86_64, 64, "rsp", "sp" },
	{ EM_X86_64, 64, "r8", "r8" },
	{ EM_X86_64, 64, "r15", "r15" },
	{ EM_X86_64, 64, "r7", NULL },
	{ EM_X86_64, 64, "r16", NULL },
	{ EM_X86_64, 64, "r", NULL },
	{ EM_X86_64, 64, "r1x", NULL },
	{ EM_X86_64, 64, "r100", NULL },
	{ EM_X86_64, 64, "xmm0", NULL },
	{ EM_X86_64, 64, "eax", NULL },
	{ EM_386, 32, "eax", "ax" },
	{ EM_386, 32, "ebx", "bx" },
	{ EM_386, 32, "ecx", "cx" },
	{ EM_386, 32, "edx", "dx" },
	{ EM_386, 32, "esi", "si" },
	{ EM_386, 32, "edi", "di" },
	{ EM_386, 32, "ebp", "bp" },
	{ EM_386, 32, "esp", "sp" },
	{ EM_386, 32, "r8", NULL },
	{ EM_AARCH64, 64, "x0", "x0" },
	{ EM_AARCH64, 64, "x30", "x30" },
	{ EM_AARCH64, 64, "x31", NULL },
	{ EM_AARCH64, 64, "sp", "sp" },
	{ EM_AARCH64, 64, "v0", NULL },
	{ EM_ARM, 32, "r0", "r0" },
	{ EM_ARM, 32, "r10", "r10" },
	{ EM_ARM, 32, "r11", "fp" },
	{ EM_ARM, 32, "r12", "ip" },
	{ EM_ARM, 32, "sp", "sp" },
	{ EM_ARM, 32, "lr", "lr" },
	{ EM_ARM, 32, "pc", "pc" },
	{ EM_ARM, 32, "d0", NULL },
	{ EM_PPC64, 64, "r0", "gpr0" },
	{ EM_PPC64, 64, "r31", "gpr31" },
	{ EM_PPC64, 64, "lr", "link" },
	{ EM_PPC64, 64, "ctr", "ctr" },
	{ EM_PPC64, 64, "r32", NULL },
	{ EM_PPC, 32, "r1", "gpr1" },
	{ EM_PPC, 32, "lr", "link" },
	{ EM_PPC, 32, "ctr", "ctr" },
	{ EM_PPC, 32, "f1", NULL },
	{ EM_S390, 64, "r0", "r0" },
	{ EM_S390, 64, "r15", "r15" },
	{ EM_S390, 64, "r16", NULL },
	{ EM_S390, 64, "f0", NULL },
	{ EM_RISCV, 64, "a0", "a0" },
	{ EM_RISCV, 64, "a7", "a7" },
	{ EM_RISCV, 64, "s0", "s0" },
	{ EM_RISCV, 64, "s11", "s11" },
	{ EM_RISCV, 64, "t6", "t6" },
	{ EM_RISCV, 64, "t7", NULL },
	{ EM_RISCV, 64, "sp", "sp" },
	{ EM_RISCV, 64, "ra", "ra" },
	{ EM_RISCV, 64, "gp", "gp" },
	{ EM_RISCV, 64, "tp", "tp" },
	{ EM_MIPS, 64, "v0", "r2" },
	{ EM_MIPS, 64, "v1", "r3" },
	{ EM_MIPS, 64, "a0", "r4" },
	{ EM_MIPS, 64, "a7", "r11" },
	{ EM_MIPS, 64, "t0", "r12" },
	{ EM_MIPS, 64, "t3", "r15" },
	{ EM_MIPS, 64, "t4", NULL },
	{ EM_MIPS, 64, "t8", "r24" },
	{ EM_MIPS, 64, "t9", "r25" },
	{ EM_MIPS, 64, "s0", "r16" },
	{ EM_MIPS, 64, "s7", "r23" },
	{ EM_MIPS, 64, "gp", "r28" },
	{ EM_MIPS, 64, "sp", "r29" },
	{ EM_MIPS, 64, "fp", "r30" },
	{ EM_MIPS, 64, "ra", "r31" },
	{ EM_MIPS, 64, "at", "r1" },
	{ EM_MIPS, 32, "t4", "r12" },
	{ EM_MIPS, 32, "t7", "r15" },
	{ EM_MIPS, 32, "a3", "r7" },
	/* o32's t0 is register 8, n32's is 12: the class is the same. */
	{ EM_MIPS, 32, "t0", NULL },
	{ EM_LOONGARCH, 64, "a0", "r4" },
	{ EM_LOONGARCH, 64, "a7", "r11" },
	{ EM_LOONGARCH, 64, "t0", "r12" },
	{ EM_LOONGARCH, 64, "t8", "r20" },
	{ EM_LOONGARCH, 64, "s0", "r23" },
	{ EM_LOONGARCH, 64, "s8", "r31" },
	{ EM_LOONGARCH, 64, "r21", "r21" },
	{ EM_LOONGARCH, 64, "fp", "r22" },
	{ EM_LOONGARCH, 64, "sp", "r3" },
	{ EM_LOONGARCH, 64, "ra", "r1" },
	{ EM_LOONGARCH, 64, "tp", "r2" },
	{ EM_SPARCV9, 64, "o0", NULL },
	{ 0, 64, "rax", NULL },
};

START_TEST(names_registers)
{
	struct strbuf out = { 0 };
	bool known = uprobe_register(cases[_i].machine, cases[_i].elf_class,
	                             text_of(cases[_i].name), &out);
	ck_assert_msg(known == (cases[_i].expected != NULL), "%u %s: known: %d",
	              cases[_i].machine, cases[_i].name, known);
	if (known)
		ck_assert_str_eq(strbuf_text(&out).at, cases[_i].expected);
	strbuf_deinit(&out);
}
END_TEST

/* ADDRESS: of the symbol, 0: not known. The probe is at 0x1000, and 0x800 into the file. */
static const struct {
	const char *text;
	uint64_t address;
	const char *expected; /* NULL: cannot be said */
} fetches[] = {
	{ "-4@%edi", 0, "%di:s32" },
	{ "8@%r8", 0, "%r8:u64" },
	{ "1@%ah", 0, "%ax:b8@8/32" },
	{ "-1@%ah", 0, NULL },
	{ "16@%rax", 0, NULL },
	{ "3@%rax", 0, NULL },
	{ "8f@%xmm0", 0, NULL },
	{ "-4@$-5", 0, "\\-5:s32" },
	{ "8f@$1.5", 0, NULL },
	{ "8@-8(%rbp)", 0, "-8(%bp):u64" },
	{ "4f@(%rsp)", 0, "+0(%sp):x32" },
	{ "8@8(%rax,%rcx,4)", 0, NULL },
	{ "8@(,%rcx,4)", 0, NULL },
	{ "8@%fs:16", 0, NULL },
	{ "8@%fs:16(%rax)", 0, NULL },
	{ "8@8(%xmm0)", 0, NULL },
	{ "8@symbol(%rip)", 0, NULL },
	{ "8@symbol(%rip)", 0x1010, "@+0x810:u64" },
	{ "8@symbol(%rip)", 0x900, "@+0x100:u64" },
	{ "8@symbol", 0x2000, "@+0x1800:u64" },
	/* Before the file's first byte. */
	{ "8@symbol(%rip)", 0x10, NULL },
	{ "8@symbol(,%rcx,4)", 0x1010, NULL },
	{ "8@symbol(%rax)", 0x1010, NULL },
	{ "8@$symbol", 0x1010, NULL },
	{ "8@nonsense@", 0, NULL },
};

START_TEST(fetches_arguments)
{
	static const struct operand_context context = { .machine = EM_X86_64,
		                                        .elf_class = 64,
		                                        .word_size = 8 };
	const char *text = fetches[_i].text;
	struct usdtinfo_probe probe = { .location = known_u64(0x1000),
		                        .file_offset = known_u64(0x800) };
	struct arguments arguments = { 0 };
	struct strbuf out = { 0 };
	ck_assert_int_eq(arguments_parse(&arguments, &context, text_of(text), NULL), 0);
	ck_assert_uint_eq(arguments.count, 1);
	struct usdtinfo_argument *argument = &arguments.items[0];
	if (fetches[_i].address)
		argument->operand.address = known_u64(fetches[_i].address);
	bool known = uprobe_fetch(EM_X86_64, 64, &probe, argument, &out);
	ck_assert_msg(known == (fetches[_i].expected != NULL), "%s: %s", text,
	              known ? out.at : "cannot be said");
	if (known)
		ck_assert_str_eq(out.at, fetches[_i].expected);
	/* Without a place in the file nothing is relative to it. */
	strbuf_clear(&out);
	probe.file_offset.known = false;
	known = uprobe_fetch(EM_X86_64, 64, &probe, argument, &out);
	ck_assert_int_eq(known, fetches[_i].expected && *fetches[_i].expected != '@');
	strbuf_deinit(&out);
	arguments_deinit(&arguments);
}
END_TEST

/* What a saved listing calls a constant ends up in a line that root runs. */
static const struct {
	const char *value, *expected;
} constants[] = {
	{ "7", "\\7:u64" },
	{ "-7", "\\-7:u64" },
	{ "", NULL },
	{ "-", NULL },
	{ "1 p:x /bin/sh:0", NULL },
	{ "1\np:x y:0", NULL },
	{ "0x7", NULL },
	{ "1.5", NULL },
};

START_TEST(says_constants_that_are_numbers)
{
	const struct usdtinfo_probe probe = { .location = known_u64(0x1000) };
	const struct usdtinfo_argument argument = {
		.size = 8,
		.operand = { .kind = USDTINFO_OPERAND_CONSTANT,
		             .value = text_of(constants[_i].value) },
	};
	struct strbuf out = { 0 };
	bool known = uprobe_fetch(EM_X86_64, 64, &probe, &argument, &out);
	ck_assert_int_eq(known, constants[_i].expected != NULL);
	if (known)
		ck_assert_str_eq(out.at, constants[_i].expected);
	strbuf_deinit(&out);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("uprobe");
	tcase_add_loop_test(tcase, fetches_arguments, 0, ARRAY_SIZE(fetches));
	tcase_add_loop_test(tcase, says_constants_that_are_numbers, 0,
	                    ARRAY_SIZE(constants));
	tcase_add_loop_test(tcase, names_registers, 0, ARRAY_SIZE(cases));
	return unit_run("uprobe", tcase);
}
