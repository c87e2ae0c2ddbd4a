/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Versions, verdicts, and what every row of the table of limits must have. */
#include <elf.h>
#include <string.h>

#include "base/array.h"
#include "output/stream/quote.h"
#include "probe/tracer/tracers.h"
#include "unit.h"

static const struct {
	const char *a, *b;
	int order;
} versions[] = {
	{ "1.1", "1.1", 0 },       { "1.1", "1.10", -1 },    { "0.17.0", "0.17", 0 },
	{ "6.1.187", "6.12", -1 }, { "16.3", "13.1", 1 },    { "4.8-2", "4.8", 0 },
	{ "2", "1.99", 1 },        { "0.24", "0.24.1", -1 }, { "", "0", 0 },
};

START_TEST(compares_versions)
{
	int order = tracer_version_compare(versions[_i].a, versions[_i].b);
	ck_assert_msg((order > 0) - (order < 0) == versions[_i].order, "%s with %s: %d",
	              versions[_i].a, versions[_i].b, order);
}
END_TEST

static const struct {
	const char *text;
	bool good;
	enum tracer_id tool;
	const char *version;
} choices[] = {
	{ "gdb", true, TRACER_GDB, "" },
	{ "bpftrace=0.17", true, TRACER_BPFTRACE, "0.17" },
	{ "ftrace=6.1.0-13", true, TRACER_FTRACE, "6.1.0-13" },
	{ "", false },
	{ "gdb=", false },
	{ "gdb=new", false },
	{ "gd", false },
	{ "gdbx", false },
	{ "=1", false },
	{ "tapset", false },
	{ "gdb=1234567890123456789012345678901234567890", false },
};

START_TEST(reads_choices)
{
	struct tracer_choice choice;
	const char *text = choices[_i].text;
	bool good = tracer_choice_parse(text, strlen(text), &choice);
	ck_assert_msg(good == choices[_i].good, "'%s'", text);
	if (!good)
		return;
	ck_assert_int_eq(choice.tool, choices[_i].tool);
	ck_assert_str_eq(choice.version, choices[_i].version);
}
END_TEST

#define REG TRAIT(ARG_REGISTER)

static const struct {
	const char *what, *choice;
	unsigned machine;
	uint64_t traits, arguments[8];
	size_t count;
	enum tracer_status status;
	uint64_t lost;
} verdicts[] = {
	{ "plain", "libbpf", EM_X86_64, 0, { REG, REG }, 2, TRACER_USABLE, 0 },
	{ "no arguments", "gdb", EM_X86_64, 0, { 0 }, 0, TRACER_USABLE, 0 },
	{ "one lost",
	  "perf",
	  EM_X86_64,
	  0,
	  { REG, TRAIT(ARG_CONSTANT), REG },
	  3,
	  TRACER_ARGUMENTS_LOST,
	  2 },
	{ "lost from there",
	  "gdb",
	  EM_X86_64,
	  0,
	  { REG, TRAIT(ARG_ADDRESS), REG },
	  3,
	  TRACER_ARGUMENTS_LOST,
	  6 },
	{ "renumbered",
	  "bcc",
	  EM_X86_64,
	  0,
	  { REG | TRAIT(ARG_FLOAT), REG },
	  2,
	  TRACER_ARGUMENTS_LOST,
	  3 },
	{ "refused",
	  "libbpf",
	  EM_X86_64,
	  0,
	  { REG, REG | TRAIT(ARG_FLOAT) },
	  2,
	  TRACER_UNATTACHABLE,
	  3 },
	{ "before it was mended",
	  "libbpf=1.0",
	  EM_X86_64,
	  0,
	  { TRAIT(ARG_MEMORY) | TRAIT(ARG_MEMORY_PLAIN) },
	  1,
	  TRACER_UNATTACHABLE,
	  1 },
	{ "since",
	  "libbpf=1.1",
	  EM_X86_64,
	  0,
	  { TRAIT(ARG_MEMORY) | TRAIT(ARG_MEMORY_PLAIN) },
	  1,
	  TRACER_USABLE,
	  0 },
	{ "an heir of BCC",
	  "bpftrace=0.24",
	  EM_X86_64,
	  0,
	  { TRAIT(ARG_SYMBOL) },
	  1,
	  TRACER_USABLE,
	  0 },
	{ "an heir of libbpf",
	  "bpftrace=0.25",
	  EM_X86_64,
	  0,
	  { TRAIT(ARG_SYMBOL) },
	  1,
	  TRACER_UNATTACHABLE,
	  1 },
	{ "by place",
	  "bpftrace=0.17",
	  EM_X86_64,
	  TRAIT(ARGUMENTS),
	  { REG, REG, REG, REG, REG, REG, REG, REG },
	  8,
	  TRACER_ARGUMENTS_LOST,
	  0xc0 },
	{ "another machine's places",
	  "bpftrace=0.17",
	  EM_AARCH64,
	  TRAIT(ARGUMENTS),
	  { REG, REG, REG, REG, REG, REG, REG, REG },
	  8,
	  TRACER_USABLE,
	  0 },
	{ "the kernel says no",
	  "bcc",
	  EM_X86_64,
	  TRAIT(SEMAPHORE_ODD),
	  { REG },
	  1,
	  TRACER_UNATTACHABLE,
	  1 },
	{ "gdb needs no kernel",
	  "gdb",
	  EM_X86_64,
	  TRAIT(SEMAPHORE_ODD),
	  { REG },
	  1,
	  TRACER_USABLE,
	  0 },
	{ "a machine without uprobes",
	  "ftrace",
	  EM_68K,
	  0,
	  { 0 },
	  0,
	  TRACER_UNATTACHABLE,
	  0 },
	{ "the worst counts",
	  "gdb",
	  EM_X86_64,
	  TRAIT(BASE_MISSING),
	  { TRAIT(ARG_FLOAT) },
	  1,
	  TRACER_INVISIBLE,
	  1 },
};

START_TEST(judges)
{
	struct tracer_choice choice;
	const char *text = verdicts[_i].choice;
	ck_assert(tracer_choice_parse(text, strlen(text), &choice));
	struct tracer_verdict verdict = tracer_judge(
		&choice, verdicts[_i].machine, verdicts[_i].traits,
		verdicts[_i].arguments, verdicts[_i].count);
	ck_assert_msg(verdict.status == verdicts[_i].status, "%s: %s, %s",
	              verdicts[_i].what, tracer_status_names[verdict.status],
	              verdict.limit ? verdict.limit->reason : "");
	ck_assert_msg(verdict.lost == verdicts[_i].lost, "%s: %llx", verdicts[_i].what,
	              (unsigned long long)verdict.lost);
	ck_assert_msg(!verdict.limit == (verdict.status == TRACER_USABLE), "%s",
	              verdicts[_i].what);
}
END_TEST

/* What can be told of any number of arguments, more than there are bits. */
START_TEST(judges_many)
{
	uint64_t arguments[200];
	struct tracer_choice choice = { .tool = TRACER_PERF };
	for (size_t i = 0; i < ARRAY_SIZE(arguments); i++)
		arguments[i] = i == 150 ? TRAIT(ARG_CONSTANT) : TRAIT(ARG_REGISTER);
	struct tracer_verdict verdict = tracer_judge(&choice, EM_X86_64, 0, arguments,
	                                             ARRAY_SIZE(arguments));
	ck_assert(tracer_reads(&verdict, 62));
	ck_assert(!tracer_reads(&verdict, 150));
}
END_TEST

START_TEST(rows_are_whole)
{
	for (size_t i = 0; i < tracer_limit_count; i++) {
		const struct tracer_limit *limit = &tracer_limits[i];
		ck_assert_msg(limit->reason && *limit->reason, "row %zu", i);
		ck_assert_msg(limit->source && *limit->source, "%s", limit->reason);
		ck_assert_msg(limit->effect != EFFECT_NONE, "%s", limit->reason);
		ck_assert_msg(limit->traits || limit->machines, "%s", limit->reason);
		/* It stands in comments that are typed, where people would see an escape. */
		struct strbuf typed = { 0 };
		quote_inert(text_of(limit->reason), SIZE_MAX / 2, &typed);
		ck_assert_str_eq(typed.at, limit->reason);
		strbuf_deinit(&typed);
	}
	for (size_t i = 0; i < TRACERS; i++)
		ck_assert_int_eq(tracer_find(tracers[i].name, strlen(tracers[i].name)),
		                 (int)i);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("tracers");
	tcase_add_loop_test(tcase, compares_versions, 0, ARRAY_SIZE(versions));
	tcase_add_loop_test(tcase, reads_choices, 0, ARRAY_SIZE(choices));
	tcase_add_loop_test(tcase, judges, 0, ARRAY_SIZE(verdicts));
	tcase_add_test(tcase, judges_many);
	tcase_add_test(tcase, rows_are_whole);
	return unit_run("tracers", tcase);
}
