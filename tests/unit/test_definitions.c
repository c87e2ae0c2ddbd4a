/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Provider definition files: what they define, and where they are wrong. */
#include <string.h>

#include "base/array.h"
#include "debug/definition/definitions.h"
#include "unit.h"

/* Parameters as "type|name", separated by ";". */
static const struct {
	const char *source, *provider, *name, *parameters;
} good[] = {
	{ "provider p { probe n(); };", "p", "n", "" },
	{ "provider p { probe n(void); };", "p", "n", "" },
	{ "provider p { probe n; };", "p", "n", "" },
	{ "provider p { probe gc__start(int); }", "p", "gc__start", "int|" },
	{ "provider p { probe n(int generation); };", "p", "n", "int|generation" },
	{ "provider p { probe n(char *, char*name, const char * const *v); };", "p", "n",
	  "char *|;char *|name;const char *const *|v" },
	{ "provider p { probe n(unsigned long int x, long long); };", "p", "n",
	  "unsigned long int|x;long long|" },
	{ "provider p { probe n(struct tm *t, struct tm *, enum e k); };", "p", "n",
	  "struct tm *|t;struct tm *|;enum e|k" },
	{ "provider p { probe n(uintptr_t, size_t len); };", "p", "n",
	  "uintptr_t|;size_t|len" },
	{ "provider p { probe n(char *argv[], int v[4]); };", "p", "n",
	  "char **|argv;int *|v" },
	{ "provider p { probe n(void (*call)(int a, char *b)); };", "p", "n",
	  "void (*)(int a, char *b)|call" },
	{ "provider p { probe n(struct proc *p : procinfo_t *, int); };", "p", "n",
	  "struct proc *|p;int|" },
	{ "/* provider q { */ provider p { // probe m();\n probe n(int /* a, */ b); };",
	  "p", "n", "int|b" },
	{ "#pragma D attributes Evolving provider p provider\n"
	  "#define X \\\n provider q {\nprovider p {\n# if 1\nprobe n(int "
	  "a);\n#endif\n};",
	  "p", "n", "int|a" },
	{ "typedef struct x { int a; } x_t;\nprovider p { probe n(x_t *x); };", "p", "n",
	  "x_t *|x" },
	{ "provider p { probe a(); probe n(int); };\nprovider q { probe n(char); };", "q",
	  "n", "char|" },
	{ "provider p { probe function-entry(int); };", "p", "function__entry", "int|" },
	{ "provider p { probe function__entry(int); };", "p", "function-entry", "int|" },
	{ "provider p { probe n(int a); probe n(long b); };", "p", "n", "int|a" },
	{ "provider p{probe n(volatile unsigned x,_Bool y);};", "p", "n",
	  "volatile unsigned|x;_Bool|y" },
};

static int parse(struct definitions *definitions, const char *source,
                 struct usdtinfo_error *err)
{
	int r = definitions_parse(definitions, text_of(source), err);
	definitions_sort(definitions);
	return r;
}

START_TEST(defines)
{
	struct definitions definitions = { 0 };
	struct usdtinfo_error err = { 0 };
	const char *source = good[_i].source;
	ck_assert_msg(parse(&definitions, source, &err) == 0, "'%s': %s", source,
	              err.text);
	const struct definition *definition = definitions_find(
		&definitions, text_of(good[_i].provider), text_of(good[_i].name));
	ck_assert_msg(definition, "'%s': not found", source);
	struct strbuf shown = { 0 };
	for (size_t i = 0; i < definition->count; i++)
		strbuf_addf(&shown, "%s%s|%s", i ? ";" : "",
		            definition->parameters[i].c_type.at,
		            definition->parameters[i].name.at
		                    ? definition->parameters[i].name.at
		                    : "");
	ck_assert_msg(strcmp(shown.at ? shown.at : "", good[_i].parameters) == 0,
	              "'%s': %s", source, shown.at);
	ck_assert_ptr_null(definitions_find(&definitions, text_of("p"), text_of("nn")));
	ck_assert_ptr_null(definitions_find(&definitions, text_of("pp"), text_of("n")));
	strbuf_deinit(&shown);
	definitions_deinit(&definitions);
}
END_TEST

static const struct {
	const char *source, *message;
} bad[] = {
	{ "provider", "line 1: the file ends where the name of a provider should be" },
	{ "provider p\n;", "line 2: ';' where '{' should be" },
	{ "provider p {\n\nprone n(); };",
	  "line 3: 'prone' where 'probe' or '}' should be" },
	{ "provider p { probe (); };",
	  "line 1: '(' where the name of a probe should be" },
	{ "provider p { probe n(int; };", "line 1: ';' where ',' or ')' should be" },
	{ "provider p { probe n(int) };", "line 1: '}' where ';' should be" },
	{ "provider p { probe n(int",
	  "line 1: the file ends where ',' or ')' should be" },
	{ "provider p { \033[31m };", "line 1: '\\x1b' where 'probe' or '}' should be" },
	{ "provider p { /* probe n(); };",
	  "line 1: the file ends where 'probe' or '}' should be" },
};

START_TEST(says_where)
{
	struct definitions definitions = { 0 };
	struct usdtinfo_error err = { 0 };
	ck_assert_int_eq(parse(&definitions, bad[_i].source, &err), USDTINFO_E_DAMAGED);
	ck_assert_str_eq(err.text, bad[_i].message);
	definitions_deinit(&definitions);
}
END_TEST

static const struct {
	const char *c_type;
	unsigned word;
	uint64_t size;
	char sign; /* 's', 'u', 'f'; '?': not told */
} types[] = {
	{ "int", 8, 4, 's' },
	{ "unsigned", 8, 4, 'u' },
	{ "long", 8, 8, 's' },
	{ "long", 4, 4, 's' },
	{ "unsigned long int", 4, 4, 'u' },
	{ "long long", 4, 8, 's' },
	{ "short", 8, 2, 's' },
	{ "char", 8, 1, '?' },
	{ "unsigned char", 8, 1, 'u' },
	{ "const char *", 4, 4, 'u' },
	{ "void (*)(int)", 8, 8, 'u' },
	{ "float", 8, 4, 'f' },
	{ "double", 8, 8, 'f' },
	{ "long double", 8, 0, 'f' },
	{ "_Bool", 8, 1, 'u' },
	{ "const volatile int32_t", 8, 4, 's' },
	{ "uintptr_t", 4, 4, 'u' },
	{ "size_t", 8, 8, 'u' },
	{ "foo_t", 8, 0, '?' },
	{ "struct tm", 8, 0, '?' },
};

START_TEST(knows_sizes)
{
	struct declared_type type = declared_type(text_of(types[_i].c_type),
	                                          types[_i].word);
	char sign = type.is_float      ? 'f'
	            : !type.sign_known ? '?'
	            : type.is_signed   ? 's'
	                               : 'u';
	ck_assert_msg(type.size == types[_i].size, "'%s': size %u", types[_i].c_type,
	              (unsigned)type.size);
	ck_assert_msg(sign == types[_i].sign, "'%s': sign %c", types[_i].c_type, sign);
}
END_TEST

START_TEST(refuses_bytes)
{
	static const char source[] = "provider p { probe n(in\0t); };";
	struct definitions definitions = { 0 };
	struct usdtinfo_error err = { 0 };
	struct text text = { source, sizeof(source) - 1 };
	ck_assert_int_eq(definitions_parse(&definitions, text, &err), USDTINFO_E_DAMAGED);
	ck_assert_str_eq(err.text, "no text: it has a NUL byte");
	definitions_deinit(&definitions);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("definitions");
	tcase_add_loop_test(tcase, defines, 0, ARRAY_SIZE(good));
	tcase_add_loop_test(tcase, says_where, 0, ARRAY_SIZE(bad));
	tcase_add_test(tcase, refuses_bytes);
	tcase_add_loop_test(tcase, knows_sizes, 0, ARRAY_SIZE(types));
	return unit_run("definitions", tcase);
}
