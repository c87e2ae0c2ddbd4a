/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Notes of probes, whose words and operands are drawn from tables. */
#include "make.h"

#include <elf.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

void bytes_put(struct bytes *bytes, const void *from, size_t size)
{
	if (size > bytes->max - bytes->size)
		size = bytes->max - bytes->size;
	if (size)
		memcpy(bytes->at + bytes->size, from, size);
	bytes->size += size;
}

void bytes_number(struct bytes *bytes, uint64_t value, unsigned size)
{
	uint8_t number[8];
	form_put(&bytes->form, number, value, size);
	bytes_put(bytes, number, size);
}

void bytes_align(struct bytes *bytes, size_t alignment)
{
	static const uint8_t zeros[16];
	bytes_put(bytes, zeros, -bytes->size & (alignment - 1));
}

/* Operands of each machine; ~ stands for a symbol, # for a number. */
static const struct {
	unsigned machines[3];
	const char *operands[20];
} syntaxes[] = {
	{ { EM_X86_64, EM_386 },
	  { "%rax",
	    "%r8b",
	    "%ah",
	    "%xmm3",
	    "%st(1)",
	    "-#(%rbp)",
	    "~(%rip)",
	    "~+#(%rip)",
	    "(%rax,%rcx,8)",
	    "#(,%rdx,4)",
	    "%fs:#",
	    "%gs:~@TPOFF",
	    "$#",
	    "$~",
	    "$-#",
	    "~@GOTPCREL(%rip)",
	    "~@GOTOFF(%ebx)",
	    "[rbp-#]",
	    "DWORD PTR [rip+~]",
	    "eax" } },
	{ { EM_AARCH64 },
	  { "x#",
	    "w3",
	    "xzr",
	    "sp",
	    "[sp, #]",
	    "[sp]",
	    "[x6,#]",
	    "[x0, x1, lsl 3]",
	    "[x0, w1, sxtw #]",
	    "#",
	    "d0",
	    "s1",
	    "q2",
	    "~",
	    "[x0, :lo12:~]",
	    "[x0, #:lo12:~+#]",
	    ".LANCHOR0",
	    "-#",
	    "[x1, -#]",
	    "h4" } },
	{ { EM_ARM },
	  { "r3", "ip", "sp", "[sp, ##]", "[r1, -r2]", "[r1, r2, lsl #]", "[r0]", "##",
	    "s0", "d7", "~", "#~", "[pc, #]", "{r0-r3}", "[fp, #-#]", "r1!", "=~" } },
	{ { EM_PPC64, EM_PPC },
	  { "31", "r3", "%r3", "#(1)", "-#(31)", "~@toc@l(9)", "%f1", "f1", "9(0)", "#",
	    "~", "vs34", "~@l(#)", "cr#", "3,4", "lr", "ctr" } },
	{ { EM_S390 },
	  { "%r2", "%r15", "%f0", "#(%r15)", "#(%r1,%r2)", "~", "#", "%a0", "-#(%r11)",
	    "~@GOTENT", "r2", "0(%r#)" } },
	{ { EM_RISCV },
	  { "a0", "s11", "fa0", "zero", "#(sp)", "-#(s0)", "%lo(~)(a5)", "%hi(~)", "#",
	    "~", "x31", "ft11", "%pcrel_lo(~)(a0)" } },
	{ { EM_MIPS },
	  { "$4", "$f12", "$sp", "#($sp)", "-#($fp)", "%gp_rel(~)($28)", "%lo(~)($2)",
	    "#", "~", "$hi", "#($#)", "%got(~)($gp)" } },
	{ { EM_SPARCV9, EM_SPARC },
	  { "%o0", "%i7", "%f1", "%g0", "[%fp-#]", "[%sp+#]", "[%l0+%l1]", "%lo(~)", "#",
	    "~", "[%o0+%lo(~)]", "%hi(~+#)" } },
	{ { EM_LOONGARCH },
	  { "$r4", "$a0", "$fa0", "$zero", "[$r3 + #]", "$sp,#", "$r3,-#", "#", "~",
	    "%pc_lo12(~)", "$f#", "$t8,%pc_lo12(~)" } },
};

static const char *const sizes[] = { "-4", "4",  "8",  "-8",  "1",  "-1",
	                             "2",  "-2", "8f", "-8f", "4f", "",
	                             "16", "10", "0",  "128", "#",  "-#" };

static const char *const symbols[] = { "sym",     "work", "table.3",        ".LC0",
	                               "sym@@V1", "",     "work_semaphore", "\xff",
	                               "$d" };

static void put_string(struct bytes *out, const char *string)
{
	bytes_put(out, string, strlen(string));
}

static void put_decimal(struct bytes *out, struct dice *dice)
{
	char digits[24];
	size_t at = sizeof(digits);
	uint64_t value = dice_below(dice, 4) ? dice_below(dice, 40)
	                                     : dice_number(dice, dice_roll(dice));
	do
		digits[--at] = (char)('0' + value % 10);
	while (value /= 10);
	bytes_put(out, digits + at, sizeof(digits) - at);
}

/* The template with its ~ and # filled in. */
static void put_filled(struct bytes *out, struct dice *dice, const char *template)
{
	for (; *template; template ++) {
		if (*template == '~')
			put_string(out, symbols[dice_below(dice, COUNT(symbols))]);
		else if (*template == '#' && template[1] != ':')
			put_decimal(out, dice);
		else
			bytes_put(out, template, 1);
	}
}

static const char *pick_operand(struct dice *dice, unsigned machine)
{
	size_t row = dice_below(dice, COUNT(syntaxes)), count = 0;
	for (size_t i = 0; i < COUNT(syntaxes) && dice_below(dice, 16); i++) {
		for (size_t k = 0; k < COUNT(syntaxes[i].machines); k++) {
			if (syntaxes[i].machines[k] == machine)
				row = i;
		}
	}
	while (count < COUNT(syntaxes[row].operands) && syntaxes[row].operands[count])
		count++;
	return syntaxes[row].operands[dice_below(dice, count)];
}

void make_arguments(struct bytes *out, struct dice *dice, unsigned machine)
{
	static const char *const separators[] = {
		" ", " ", " ", " ", "  ", "\t", "", ","
	};
	unsigned count = dice_below(dice, dice_below(dice, 8) ? 5 : 20);
	for (unsigned i = 0; i < count; i++) {
		if (i > 0)
			put_string(out, separators[dice_below(dice, COUNT(separators))]);
		put_filled(out, dice, sizes[dice_below(dice, COUNT(sizes))]);
		if (dice_below(dice, 32))
			put_string(out, "@");
		put_filled(out, dice, pick_operand(dice, machine));
	}
}

static void put_name(struct bytes *out, struct dice *dice)
{
	static const char *const names[] = {
		"python",   "gc__start",    "libc",
		"setjmp",   "app",          "work",
		"work-end", "a:b",          "",
		"\x1b[31m", "$(id)",        "'\"`\\",
		"\xff\xfe", "\xe2\x80\xae", "a\nb",
		"*/",       "%s",           "function__entry",
		"9",        "probe name",   "\xc2\x9b",
		"if",
	};
	put_string(out, names[dice_below(dice, COUNT(names))]);
	for (unsigned more = dice_below(dice, 16) ? 0 : dice_below(dice, 400); more;
	     more--)
		put_string(out, "x");
}

static void put_descriptor(struct bytes *out, struct dice *dice,
                           const struct places *places)
{
	unsigned word = form_word(&out->form);
	uint64_t text = places->text + dice_below(dice, 0x40);
	uint64_t base = dice_below(dice, 4) ? places->base : dice_number(dice, text);
	uint64_t probes = dice_below(dice, 2) ? places->probes + dice_below(dice, 8) : 0;
	if (!dice_below(dice, 8))
		text = dice_number(dice, text);
	if (!dice_below(dice, 8))
		probes = dice_number(dice, probes);
	bytes_number(out, text, word);
	bytes_number(out, base, word);
	bytes_number(out, probes, word);
	for (int i = 0; i < 2; i++) {
		put_name(out, dice);
		if (dice_below(dice, 64))
			bytes_put(out, "", 1);
	}
	make_arguments(out, dice, places->machine);
	if (dice_below(dice, 16))
		bytes_put(out, "", 1);
	if (!dice_below(dice, 16))
		put_string(out, "\1\2\3");
}

void make_note(struct bytes *out, struct dice *dice, const struct places *places)
{
	static const char *const owners[] = { "stapsdt", "stapsdt",    "GNU",
		                              "",        "stapsdt\0x", "libstapsdt" };
	const char *owner =
		owners[dice_below(dice, 8) ? 0 : dice_below(dice, COUNT(owners))];
	size_t start = out->size, room = out->max - start;
	uint32_t name_size = (uint32_t)strlen(owner) + (dice_below(dice, 16) != 0);
	uint32_t type = dice_below(dice, 16) ? 3 : dice_below(dice, 5);
	if (room < 12)
		return;
	bytes_number(out, name_size, 4);
	bytes_number(out, 0, 4);
	bytes_number(out, type, 4);
	bytes_put(out, owner, name_size);
	bytes_align(out, 4);
	size_t descriptor = out->size;
	put_descriptor(out, dice, places);
	uint64_t size = out->size - descriptor;
	if (!dice_below(dice, 16))
		size = dice_number(dice, size);
	form_put(&out->form, out->at + start + 4, size, 4);
	if (!dice_below(dice, 64))
		form_put(&out->form, out->at + start, dice_number(dice, name_size), 4);
	bytes_align(out, dice_below(dice, 16) ? 4 : 8);
}
