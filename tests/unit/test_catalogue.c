/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The catalogue of known providers: which notes a row is used for, and that rows are sound. */
#include <string.h>

#include "base/array.h"
#include "elf/object/machine.h"
#include "probe/known/catalogue.h"
#include "probe/known/catalogue_type.h"
#include "unit.h"

#define EM_X86_64 62
#define EM_386    3

/* Names joined by commas; NULL: no row is used. */
static const struct {
	unsigned elf_class;
	const char *provider, *name, *arguments, *names;
} cases[] = {
	{ 64, "python", "gc__start", "-4@%ebx", "generation" },
	{ 64, "python", "gc__done", "-8@%rax", "collected" },
	{ 64, "python", "function__entry", "8@%rax 8@%rbx -4@%ecx",
	  "filename,funcname,lineno" },
	{ 64, "python", "import__find__load__done", "8@%rbp -4@%eax",
	  "modulename,found" },
	{ 64, "python", "audit", "8@%rbp 8@%r12", "event,tuple" },
	{ 64, "python", "instance__new__start", "8@%rbp 8@%r12", "," },
	/* number, size, sign and kind must agree */
	{ 64, "python", "gc__start", "", NULL },
	{ 64, "python", "gc__start", "-4@%ebx -4@%eax", NULL },
	{ 64, "python", "gc__start", "4@%ebx", NULL },
	{ 64, "python", "gc__start", "-8@%rbx", NULL },
	{ 64, "python", "gc__start", "4f@%xmm0", NULL },
	{ 64, "python", "function__entry", "8@%rax 8@%rbx 8@%rcx -4@%ecx", NULL },
	{ 64, "python", "gc-start", "-4@%ebx", NULL },
	{ 64, "Python", "gc__start", "-4@%ebx", NULL },
	{ 64, "python", "", "", NULL },
	/* addresses and longs by class */
	{ 32, "python", "audit", "4@%ebp 4@%eax", "event,tuple" },
	{ 32, "python", "audit", "8@%ebp 8@%eax", NULL },
	{ 32, "python", "gc__done", "-4@%eax", "collected" },
	{ 32, "python", "gc__done", "-8@%eax", NULL },
	{ 64, "python", "audit", "4@%ebp 4@%eax", NULL },
	/* other providers, and versions that differ */
	{ 64, "libstdcxx", "throw", "8@%rdi 8@%rsi", "object,type" },
	{ 64, "libstdcxx", "throw", "8@%rdi 8@%rsi 8@%rdx", NULL },
	{ 64, "libgcc", "unwind", "8@%rdx 8@%rax", "cfa,handler" },
	{ 64, "rtld", "init_start", "-4@$0 8@%rax", "lmid,r_debug" },
	{ 64, "rtld", "map_start", "-8@%rax 8@%rax", "lmid,r_debug" },
	{ 64, "rtld", "reloc_complete", "-8@%rax 8@%rax 8@%rbx", "lmid,r_debug,new" },
	{ 64, "libc", "memory_sbrk_less", "8@%rax -8@%rbx", "brk,size" },
	{ 64, "libc", "slowlog", "-4@%eax 8f@%xmm0 8f@%xmm1", "precision,input,output" },
	{ 64, "libc", "slowlog", "-4@%eax 8@%rax 8@%rbx", NULL },
	{ 64, "postgresql", "buffer__read__start",
	  "-4@%eax 4@%ebx 4@%ecx 4@%edx 4@%esi -4@%edi",
	  "fork,block,tablespace,database,relation,backend" },
	{ 64, "postgresql", "buffer__read__start",
	  "-4@%eax 4@%ebx 4@%ecx 4@%edx 4@%esi -4@%edi 1@%r8b",
	  "fork,block,tablespace,database,relation,backend,extend" },
	{ 64, "postgresql", "lwlock__wait__start", "8@%rax -4@$0", "tranche,mode" },
	{ 64, "postgresql", "lwlock__wait__start", "8@%rax 4@%ebx", "tranche,mode" },
	{ 64, "postgresql", "lwlock__wait__start", "8@%rax -4@%ebx 4@%ecx",
	  "tranche,offset,mode" },
	{ 64, "postgresql", "sort__start", "-4@$1 -4@$0 -4@%eax -4@%ebx -4@$0 -4@$0",
	  "kind,unique,keys,work_mem,random_access,parallel" },
	{ 64, "postgresql", "deadlock__found", "", "" },
	{ 64, "libvirt", "rpc_socket_send_fd", "8@%rax 8@%rbx", "sock,fd" },
	{ 64, "libvirt", "rpc_socket_send_fd", "8@%rax -4@%ebx", NULL },
	{ 32, "libvirt", "rpc_socket_send_fd", "4@%eax 4@%ebx", "sock,fd" },
	{ 64, "hotspot", "gc__begin", "1@%al", "full" },
	{ 64, "hotspot_jni", "CallIntMethod__return", "-4@%eax", "result" },
	{ 64, "ruby", "raise", "8@%rax 8@%rbx -4@%ecx", "classname,filename,lineno" },
	{ 64, "php", "error", "8@%rax 8@%rbx -4@%ecx", "errormsg,request_file,lineno" },
};

static struct text joined_names(const struct usdtinfo_probe *probe, struct strbuf *out)
{
	for (size_t i = 0; i < probe->argument_count; i++) {
		strbuf_add_string(out, i ? "," : "");
		struct text name = probe->arguments[i].name;
		strbuf_add(out, name.at, name.size);
	}
	return strbuf_text(out);
}

START_TEST(a_row_is_used_where_arguments_agree)
{
	bool wide = cases[_i].elf_class == 64;
	struct operand_context context = {
		.machine = wide ? EM_X86_64 : EM_386,
		.elf_class = cases[_i].elf_class,
		.word_size = wide ? 8 : 4,
	};
	struct arguments arguments = { 0 };
	ck_assert_int_eq(
		arguments_parse(&arguments, &context, text_of(cases[_i].arguments), NULL),
		0);
	struct usdtinfo_probe probe = {
		.provider = text_of(cases[_i].provider),
		.name = text_of(cases[_i].name),
		.arguments = arguments.items,
		.argument_count = arguments.count,
	};
	struct catalogue_row room;
	const struct catalogue_probe *row = catalogue_find(&probe, wide ? 8 : 4, &room);
	ck_assert_msg((row != NULL) == (cases[_i].names != NULL), "%s:%s '%s'",
	              cases[_i].provider, cases[_i].name, cases[_i].arguments);
	catalogue_describe(&probe, wide ? 8 : 4);
	struct strbuf names = { 0 };
	struct text got = joined_names(&probe, &names);
	if (row)
		ck_assert_msg(text_equal(got, text_of(cases[_i].names)),
		              "%s:%s '%s' is named '%s'", cases[_i].provider,
		              cases[_i].name, cases[_i].arguments, got.at);
	for (size_t i = 0; i < probe.argument_count; i++)
		ck_assert(probe.arguments[i].name.at || !probe.arguments[i].c_type.at);
	strbuf_deinit(&names);
	arguments_deinit(&arguments);
}
END_TEST

START_TEST(a_surer_name_stays)
{
	struct usdtinfo_argument argument = {
		.size = 4,
		.is_signed = true,
		.name = text_of("gen"),
		.c_type = text_of("int"),
		.name_source = text_of("dwarf"),
	};
	struct usdtinfo_probe probe = {
		.provider = text_of("python"),
		.name = text_of("gc__start"),
		.arguments = &argument,
		.argument_count = 1,
	};
	catalogue_describe(&probe, 8);
	ck_assert_str_eq(argument.name.at, "gen");
	ck_assert_str_eq(argument.name_source.at, "dwarf");
}
END_TEST

static bool is_identifier(const char *name)
{
	if (!*name || (*name >= '0' && *name <= '9'))
		return false;
	return name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
	                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0';
}

static void check_argument(const struct catalogue_provider *provider,
                           const struct catalogue_probe *row, size_t index)
{
	const struct catalogue_argument *argument = &row->arguments[index];
	const char *noted = argument->noted ? argument->noted : argument->c_type;
	struct c_type type = c_type_of(text_of(noted), 8);
	ck_assert_msg(type.kind != C_UNKNOWN && type.size, "%s:%s: type '%s'",
	              provider->name, row->name, noted);
	ck_assert_msg(!argument->name || is_identifier(argument->name),
	              "%s:%s: argument '%s'", provider->name, row->name, argument->name);
	for (size_t i = 0; argument->name && i < index; i++)
		ck_assert_msg(!row->arguments[i].name ||
		                      strcmp(row->arguments[i].name, argument->name) != 0,
		              "%s:%s: two arguments '%s'", provider->name, row->name,
		              argument->name);
}

static bool same_notes(const struct catalogue_probe *a, const struct catalogue_probe *b)
{
	if (strcmp(a->name, b->name) != 0 || a->argument_count != b->argument_count)
		return false;
	for (size_t i = 0; i < a->argument_count; i++) {
		const struct catalogue_argument *x = &a->arguments[i],
						*y = &b->arguments[i];
		if (strcmp(x->noted ? x->noted : x->c_type,
		           y->noted ? y->noted : y->c_type) != 0)
			return false;
	}
	return true;
}

START_TEST(rows_are_sound)
{
	const struct catalogue_provider *provider = catalogue[_i];
	ck_assert_msg(strncmp(provider->source, "https://", 8) == 0, "%s",
	              provider->name);
	ck_assert(_i == 0 || strcmp(catalogue[_i - 1]->name, provider->name) < 0);
	struct catalogue_row room, other;
	const struct catalogue_probe *row;
	for (size_t i = 0; (row = catalogue_row(provider, i, &room)); i++) {
		size_t size = strlen(row->meaning);
		ck_assert_msg(is_identifier(row->name), "%s:%s", provider->name,
		              row->name);
		ck_assert_msg(row->since, "%s:%s", provider->name, row->name);
		ck_assert_msg(size && size < 80 && row->meaning[size - 1] != '.' &&
		                      !strchr(row->meaning, '\n'),
		              "%s:%s: '%s'", provider->name, row->name, row->meaning);
		for (size_t k = 0; k < row->argument_count; k++)
			check_argument(provider, row, k);
		for (size_t k = 0; k < i; k++)
			ck_assert_msg(
				!same_notes(row, catalogue_row(provider, k, &other)),
				"%s:%s: two rows for the same notes", provider->name,
				row->name);
	}
}
END_TEST

static const struct {
	const char *name;
	enum c_kind kind;
	unsigned size; /* where an address has 8 bytes */
	bool is_signed;
} types[] = {
	{ "int", C_INTEGER, 4, true },
	{ "unsigned long", C_INTEGER, 8, false },
	{ "long long", C_INTEGER, 8, true },
	{ "char *", C_STRING, 8, false },
	{ "const char *", C_STRING, 8, false },
	{ "char const *", C_STRING, 8, false },
	{ "const volatile char *", C_STRING, 8, false },
	{ "char*", C_STRING, 8, false },
	{ "char **", C_POINTER, 8, false },
	{ "unsigned char *", C_POINTER, 8, false },
	{ "const char *const *", C_POINTER, 8, false },
	{ "void *", C_POINTER, 8, false },
	{ "struct x *", C_POINTER, 8, false },
	{ "*", C_POINTER, 8, false },
	{ "", C_UNKNOWN, 0, false },
	{ "char", C_UNKNOWN, 0, false },
	{ "struct x", C_UNKNOWN, 0, false },
	{ "int ", C_UNKNOWN, 0, false },
};

START_TEST(types_are_known_by_name)
{
	struct c_type type = c_type_of(text_of(types[_i].name), 8);
	ck_assert_msg(type.kind == types[_i].kind && type.size == types[_i].size &&
	                      type.is_signed == types[_i].is_signed,
	              "'%s': kind %d, %u bytes", types[_i].name, type.kind, type.size);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("catalogue");
	tcase_add_loop_test(tcase, a_row_is_used_where_arguments_agree, 0,
	                    ARRAY_SIZE(cases));
	tcase_add_test(tcase, a_surer_name_stays);
	tcase_add_loop_test(tcase, rows_are_sound, 0, (int)catalogue_count);
	tcase_add_loop_test(tcase, types_are_known_by_name, 0, ARRAY_SIZE(types));
	return unit_run("catalogue", tcase);
}
