/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Operands' symbols in real files, against a plain reading of .symtab. */
#include <gelf.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "elf/object/image.h"
#include "probe/operand/operand.h"
#include "unit.h"

/* The fixtures' directory is the program's own argument. */
static const char *fixtures;

enum outcome {
	ADDRESS,   /* that of the symbol plus the addend */
	AMBIGUOUS, /* several symbols of that name */
	NOT_KNOWN,
};

static const struct {
	const char *file, *text;
	enum outcome outcome;
	const char *symbol;
	int64_t addend;
} cases[] = {
	{ "x86_64/asm", "8@variable-2(%rip)", ADDRESS, "variable", -2 },
	{ "x86_64/asm", "8@1+variable+2(%rip)", ADDRESS, "variable", 3 },
	{ "x86_64/asm", "-4@variable+4", ADDRESS, "variable", 4 },
	{ "x86_64/asm", "-4@table(,%rdx,4)", ADDRESS, "table", 0 },
	{ "x86_64/asm", "8@$variable", ADDRESS, "variable", 0 },
	{ "x86_64/asm", "8@$12+table", ADDRESS, "table", 12 },
	{ "x86_64/asm", "8@variable@GOTPCREL(%rip)", NOT_KNOWN, NULL, 0 },
	{ "x86_64/asm", "-4@%fs:variable@tpoff", NOT_KNOWN, NULL, 0 },
	{ "x86_64/asm", "8@%fs:variable", NOT_KNOWN, NULL, 0 },
	{ "x86_64/asm", "8@no_such(%rip)", NOT_KNOWN, NULL, 0 },
	{ "x86_64/asm", "8f@.LC0(%rip)", NOT_KNOWN, NULL, 0 },
	{ "x86_64/asm.o", "8@variable(%rip)", NOT_KNOWN, NULL, 0 },
	{ "x86_64/duplicates", "-4@alone(%rip)", ADDRESS, "alone", 0 },
	{ "x86_64/duplicates", "-4@counter+4(%rip)", AMBIGUOUS, "counter", 4 },
	{ "x86_64/duplicates-stripped", "-4@alone(%rip)", NOT_KNOWN, NULL, 0 },
	{ "x32/gcc-O2.exec", "-4@%fs:tls_count@tpoff", NOT_KNOWN, NULL, 0 },
	{ "x32/gcc-O2.exec", "-4@tls_count(%rip)", NOT_KNOWN, NULL, 0 },
	{ "x32/gcc-O2.exec", "4@$tls_count", NOT_KNOWN, NULL, 0 },
	{ "i386/gcc-O2.exec", "-4@global_array(,%eax,4)", ADDRESS, "global_array", 0 },
	{ "i386/gcc-O2.exec", "-4@global_array-268435456(,%eax,4)", ADDRESS,
	  "global_array", -268435456 },
	{ "i386/gcc-O2.so", "-4@4+global_array@GOTOFF(%eax)", ADDRESS, "global_array",
	  4 },
	{ "i386/gcc-O2.so", "4@global_array@GOT(%eax)", NOT_KNOWN, NULL, 0 },
	{ "arm/gcc-O2.exec", "4@#callee", ADDRESS, "callee", 0 },
	{ "thumb/gcc-O2.exec", "4@#callee", ADDRESS, "callee", 0 },
	{ "aarch64/gcc-O2.exec", "4@[x0, #:lo12:global_array+8]", ADDRESS, "global_array",
	  8 },
	{ "aarch64/gcc-O2.exec", "4@[x7, #:lo12:.LANCHOR0]", NOT_KNOWN, NULL, 0 },
	{ "mips/gcc-O2.exec", "-4@%lo(global_count)($6)", ADDRESS, "global_count", 0 },
	{ "mips/gcc-O2.exec", "-4@%tprel_lo(tls_count)($4)", NOT_KNOWN, NULL, 0 },
	{ "riscv64/gcc-O2.exec", "-4@%lo(global_count)(a3)", ADDRESS, "global_count", 0 },
	{ "riscv64/gcc-O2.exec", "8f@%pcrel_lo(.Lpcrel_hi0)(a5)", NOT_KNOWN, NULL, 0 },
	{ "sparc64/gcc-O2.exec", "-4@[%o7+%lo(global_record+44)]", ADDRESS,
	  "global_record", 44 },
	{ "sparc64/gcc-O2.exec", "4@[%o7+%l44(global_record)]", ADDRESS, "global_record",
	  0 },
};

/* Return: how many different values the name has in .symtab; *@value_ret is the lowest */
static size_t plain_lookup(Elf *elf, const char *name, uint64_t *value_ret)
{
	size_t found = 0;
	uint64_t last = 0;
	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(elf, scn));) {
		GElf_Shdr header;
		if (!gelf_getshdr(scn, &header) || header.sh_type != SHT_SYMTAB)
			continue;
		Elf_Data *data = elf_getdata(scn, NULL);
		GElf_Sym symbol;
		for (int i = 1; gelf_getsym(data, i, &symbol); i++) {
			const char *it = elf_strptr(elf, header.sh_link, symbol.st_name);
			if (strcmp(it, name) != 0 || symbol.st_shndx == SHN_UNDEF)
				continue;
			if (!found || symbol.st_value < *value_ret)
				*value_ret = symbol.st_value;
			found += !found || symbol.st_value != last;
			last = symbol.st_value;
		}
	}
	return found;
}

START_TEST(resolves)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/%s", fixtures, cases[_i].file);
	const char *text = cases[_i].text;
	struct usdtinfo_error err;
	struct usdtinfo_image *image;
	ck_assert_msg(usdtinfo_image_open(path, &image, &err) == 0, "%s: %s", path,
	              err.text);
	struct operand_context context = operand_context(image);
	struct arguments arguments = { 0 };
	ck_assert_int_eq(arguments_parse(&arguments, &context, text_of(text), NULL), 0);
	ck_assert_int_eq(arguments_resolve(&arguments, image, NULL), 0);
	ck_assert_uint_eq(arguments.count, 1);

	const struct usdtinfo_argument *argument = &arguments.items[0];
	const struct operand *op = &argument->operand;
	enum outcome outcome = cases[_i].outcome;
	ck_assert_msg(op->kind != USDTINFO_OPERAND_UNKNOWN, "%s: not understood", text);
	ck_assert_msg(argument->resolvable == (outcome == ADDRESS), "%s: resolvable: %d",
	              text, argument->resolvable);
	ck_assert_msg(op->address.known == (outcome == ADDRESS), "%s: address known: %d",
	              text, op->address.known);
	if (outcome != NOT_KNOWN) {
		uint64_t value = 0;
		size_t found = plain_lookup(image->elf, cases[_i].symbol, &value);
		value += (uint64_t)cases[_i].addend;
		if (image->address_size == 4)
			value &= UINT32_MAX;
		ck_assert_uint_eq(found > 1, outcome == AMBIGUOUS);
		ck_assert_uint_eq(op->candidate_count, found > 1 ? found : 0);
		uint64_t got = outcome == ADDRESS ? op->address.value : op->candidates[0];
		ck_assert_msg(got == value, "%s: %#llx, not %#llx", text,
		              (unsigned long long)got, (unsigned long long)value);
	} else {
		ck_assert_uint_eq(op->candidate_count, 0);
	}
	arguments_deinit(&arguments);
	usdtinfo_image_close(image);
}
END_TEST

/* What registers hold, which is what a size that a note leaves out means. */
static const struct {
	const char *file;
	unsigned size;
} words[] = {
	{ "x86_64/minimal.so", 8 },       { "x32/gcc-O2.so", 8 },
	{ "i386/gcc-O2.so", 4 },          { "aarch64/gcc-O2.so", 8 },
	{ "aarch64_ilp32/gcc-O2.so", 8 }, { "arm/gcc-O2.so", 4 },
	{ "mipsn32el/gcc-O2.so", 8 },     { "mipsel/gcc-O2.so", 4 },
	{ "mips64el/gcc-O2.so", 8 },      { "riscv32/gcc-O2.o", 4 },
	{ "riscv64/gcc-O2.so", 8 },       { "powerpc/gcc-O2.so", 4 },
};

START_TEST(knows_the_size_of_registers)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/%s", fixtures, words[_i].file);
	struct usdtinfo_error err;
	struct usdtinfo_image *image;
	ck_assert_msg(usdtinfo_image_open(path, &image, &err) == 0, "%s: %s", path,
	              err.text);
	unsigned size = operand_context(image).word_size;
	ck_assert_msg(size == words[_i].size, "%s: %u", words[_i].file, size);
	usdtinfo_image_close(image);
}
END_TEST

int main(int argc, char **argv)
{
	if (argc != 2)
		return EXIT_FAILURE;
	fixtures = argv[1];
	TCase *tcase = tcase_create("resolve");
	tcase_add_loop_test(tcase, resolves, 0, ARRAY_SIZE(cases));
	tcase_add_loop_test(tcase, knows_the_size_of_registers, 0, ARRAY_SIZE(words));
	return unit_run("operand-resolve", tcase);
}
