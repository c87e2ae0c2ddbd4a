/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The front end of operands: splitting, sizes, types, machines that are not understood. */
#include <string.h>
#include <time.h>

#include "operand_cases.h"

TARGET(x86_64, EM_X86_64, 64, 8, 0);
TARGET(ia32, EM_386, 32, 4, 0);
TARGET(aarch64, EM_AARCH64, 64, 8, 0);
TARGET(alpha, EM_ALPHA, 64, 8, 0);

static const struct operand_case cases[] = {
	{ &x86_64, "", "" },
	{ &x86_64, " ", "" },
	{ &x86_64, ":", "" },
	{ &x86_64, " : ", "" },
	{ &x86_64, "  -4@%edi   8@%rsi\t1@%al ", "4s reg rdi; 8u reg rsi; 1u reg rax" },
	/* An operand that is not understood keeps its place. */
	{ &x86_64, "8@nonsense) -4@%edi 8@@ 8@%rsi",
	  "8u unknown !; 4s reg rdi; 8u unknown !; 8u reg rsi" },
	{ &x86_64, "8@ -4@%edi 8@", "8u unknown !; 4s reg rdi; 8u unknown !" },
	{ &x86_64, "%rdi -4@%edi", "8u reg rdi; 4s reg rdi" },
	{ &x86_64, "-4@%edi %rsi 8@%rax", "4s unknown !; 8u reg rax" },
	{ &x86_64, "8@8(%rax,%rbx 8) -4@%edi", "8u unknown !; 4s reg rdi" },
	{ &x86_64, "8@(%rax -4@%edi", "8u unknown !; 4s reg rdi" },
	{ &x86_64, "8@%rax) 8@(%rbx)", "8u unknown !; 8u mem base=rbx disp=0" },
	{ &aarch64, "8@[x0, -4@x1]", "8u unknown !" },
	{ &x86_64, "4294967296@%rdi 4294967299@%rdi 4294967301@%rdi",
	  "4294967295u unknown !; 4294967295u unknown !; 4294967295u unknown !" },
	{ &x86_64, "99999999999999999999@%rdi 4294967295@(%rsi) 4@%eax",
	  "4294967295u unknown !; 4294967295u mem base=rsi disp=0; 4u reg rax" },
	{ &x86_64, "-0@%rdi 007@(%rsi)", "0s reg rdi; 7u mem base=rsi disp=0" },
	{ &x86_64, "-8f@%xmm0 f@%eax @%eax", "8sf unknown !" },
	{ &x86_64, "12345678@(%rsi)", "12345678u mem base=rsi disp=0" },
	{ &alpha, "-4@$16 8@8($sp)", "4s unknown !; 8u unknown !" },
	{ &alpha, "$16 8($sp)", "8u unknown !; 8u unknown !" },
};

START_TEST(decodes)
{
	operand_case_check(&cases[_i]);
}
END_TEST

static const struct {
	const struct target *target;
	const char *text, *type;
} types[] = {
	{ &x86_64, "1@%al", "uint8" },
	{ &x86_64, "-1@%al", "int8" },
	{ &x86_64, "2@%ax", "uint16" },
	{ &x86_64, "-2@%ax", "int16" },
	{ &x86_64, "4@%eax", "uint32" },
	{ &x86_64, "-4@%eax", "int32" },
	{ &x86_64, "8@%rax", "uint64" },
	{ &x86_64, "-8@%rax", "int64" },
	{ &x86_64, "4f@%eax", "float" },
	{ &x86_64, "8f@%rax", "double" },
	{ &x86_64, "10f@(%rsp)", "long double" },
	{ &x86_64, "12f@(%rsp)", "long double" },
	{ &x86_64, "16f@(%rsp)", "long double" },
	{ &x86_64, "2f@(%rsp)", "bytes2" },
	{ &x86_64, "16@(%rsp)", "bytes16" },
	{ &x86_64, "-16@(%rsp)", "bytes16" },
	{ &x86_64, "24@-40(%rsp)", "bytes24" },
	{ &x86_64, "0@(%rsp)", "bytes0" },
	{ &x86_64, "%rdi", "uint64" },
	{ &ia32, "%edi", "uint32" },
	{ &alpha, "-4@$16", "int32" },
};

START_TEST(names_type)
{
	struct arguments arguments = { 0 };
	const char *text = types[_i].text;
	ck_assert_int_eq(arguments_parse(&arguments, &types[_i].target->context,
	                                 text_of(text), NULL),
	                 0);
	ck_assert_msg(arguments.count == 1, "'%s' is %zu arguments", text,
	              arguments.count);
	ck_assert_msg(strcmp(arguments.items[0].type.at, types[_i].type) == 0,
	              "'%s' is of type %s, not %s", text, arguments.items[0].type.at,
	              types[_i].type);
	ck_assert_str_eq(arguments.items[0].raw.at, text);
	arguments_deinit(&arguments);
}
END_TEST

START_TEST(reuses_storage)
{
	struct arguments arguments = { 0 };
	for (int round = 0; round < 100; round++) {
		ck_assert_int_eq(arguments_parse(&arguments, &x86_64.context,
		                                 text_of("8@$sym+1 -4@%xmm3"), NULL),
		                 0);
		ck_assert_uint_eq(arguments.count, 2);
		ck_assert_str_eq(arguments.items[0].operand.symbol.at, "sym");
		ck_assert_str_eq(arguments.items[1].operand.reg.at, "xmm3");
		ck_assert_int_eq(
			arguments_parse(&arguments, &x86_64.context, text_of(""), NULL),
			0);
		ck_assert_uint_eq(arguments.count, 0);
	}
	arguments_deinit(&arguments);
}
END_TEST

/* A name or a bracket repeated a million times must not take a million times a million. */
START_TEST(is_linear)
{
	static const char *const patterns[] = { "8@%rdi ", "(",    "8@(%rax ", " ",
		                                "1",       "a@",   "\"",       "-",
		                                "[x ",     "8@$1+" };
	const char *pattern = patterns[_i];
	struct strbuf buf = { 0 };
	for (size_t i = 0; i < 200000; i++)
		strbuf_add_string(&buf, pattern);
	struct arguments arguments = { 0 };
	/* Of its own time, however busy the host is. */
	clock_t start = clock();
	ck_assert_int_eq(
		arguments_parse(&arguments, &x86_64.context, strbuf_text(&buf), NULL), 0);
	ck_assert_int_eq(
		arguments_parse(&arguments, &aarch64.context, strbuf_text(&buf), NULL),
		0);
	ck_assert_msg(clock() - start < 4 * CLOCKS_PER_SEC, "'%s' takes too long",
	              pattern);
	arguments_deinit(&arguments);
	strbuf_deinit(&buf);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("operand");
	tcase_add_loop_test(tcase, decodes, 0, ARRAY_SIZE(cases));
	tcase_add_loop_test(tcase, names_type, 0, ARRAY_SIZE(types));
	tcase_add_test(tcase, reuses_storage);
	tcase_add_loop_test(tcase, is_linear, 0, 10);
	return unit_run("operand", tcase);
}
