/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The tools, and how their limits add up to a verdict. The limits are in tracer_limits.c. */
#include "probe/tracer/tracers.h"

#include <string.h>

#include "base/array.h"

#define NOTHING(id)                                                                      \
	{                                                                                \
		.tool = (id)                                                             \
	}

/* clang-format off */
const struct tracer tracers[TRACERS] = {
	[TRACER_BPFTRACE] = {
		"bpftrace", "bpftrace", "0.25", "arg", 0, true,
		/* Attached through libbcc until 0.25, see bpftrace pull requests 4217, 4557. */
		{ { TRACER_BCC, NULL, "0.25", NULL }, { TRACER_LIBBPF, "0.25", NULL, NULL } },
	},
	[TRACER_BCC] = {
		"bcc", "BCC", "0.36", "arg", 1, true,
		{ { ENGINE_UPROBES, NULL, NULL, NULL }, NOTHING(TRACER_BCC) },
	},
	[TRACER_LIBBPF] = {
		"libbpf", "libbpf", "1.7", "arg", 0, true,
		{ { ENGINE_UPROBES, NULL, NULL, NULL }, NOTHING(TRACER_LIBBPF) },
	},
	[TRACER_PERF] = {
		"perf", "perf", "6.12", "arg", 1, true,
		{ { ENGINE_UPROBES, NULL, NULL, NULL }, NOTHING(TRACER_PERF) },
	},
	[TRACER_GDB] = {
		"gdb", "GDB", "16.3", "$_probe_arg", 0, true,
		{ NOTHING(TRACER_GDB), NOTHING(TRACER_GDB) },
	},
	[TRACER_STAP] = {
		"stap", "SystemTap", "5.3", "$arg", 1, true,
		{ { ENGINE_UPROBES, NULL, NULL, NULL }, NOTHING(TRACER_STAP) },
	},
	[TRACER_LTTNG] = {
		"lttng", "LTTng", "2.13", "", 0, true,
		{ { ENGINE_UPROBES, NULL, NULL, NULL }, NOTHING(TRACER_LTTNG) },
	},
	[TRACER_DTRACE] = {
		"dtrace", "DTrace", "2.0.3", "arg", 0, true,
		{ { ENGINE_UPROBES, NULL, NULL, NULL }, NOTHING(TRACER_DTRACE) },
	},
	[TRACER_FTRACE] = {
		"ftrace", "uprobe_events", "6.12", "arg", 1, false,
		{ { ENGINE_UPROBES, NULL, NULL, NULL }, NOTHING(TRACER_FTRACE) },
	},
};
/* clang-format on */

const char *const tracer_status_names[] = {
	[TRACER_USABLE] = "usable",
	[TRACER_ARGUMENTS_LOST] = "arguments-lost",
	[TRACER_UNATTACHABLE] = "unattachable",
	[TRACER_INVISIBLE] = "invisible",
	NULL,
};

enum tracer_id tracer_find(const char *name, size_t size)
{
	for (size_t i = 0; i < TRACERS; i++) {
		if (strlen(tracers[i].name) == size &&
		    memcmp(tracers[i].name, name, size) == 0)
			return (enum tracer_id)i;
	}
	return TRACERS;
}

static uint64_t take_number(const char **at)
{
	uint64_t number = 0;
	while (**at >= '0' && **at <= '9' && number < 1000000)
		number = number * 10 + (uint64_t)(*(*at)++ - '0');
	while (**at && **at != '.')
		(*at)++;
	*at += **at == '.';
	return number;
}

int tracer_version_compare(const char *a, const char *b)
{
	while (*a || *b) {
		uint64_t x = take_number(&a), y = take_number(&b);
		if (x != y)
			return x < y ? -1 : 1;
	}
	return 0;
}

static bool is_between(const char *version, const char *since, const char *until)
{
	return (!since || tracer_version_compare(version, since) >= 0) &&
	       (!until || tracer_version_compare(version, until) < 0);
}

static bool has_machine(const struct tracer_limit *limit, unsigned machine)
{
	if (!limit->machines)
		return true;
	for (const unsigned *one = limit->machines; *one; one++)
		if (*one == machine)
			return !limit->except;
	return limit->except;
}

static bool holds_for(const struct tracer_limit *limit, uint64_t traits)
{
	return (traits & limit->traits) == limit->traits && !(traits & limit->unless);
}

static uint64_t bit(size_t number)
{
	return 1ull << (number < VERDICT_ARGUMENTS ? number : VERDICT_ARGUMENTS - 1);
}

static uint64_t bits_from(size_t number)
{
	return ~(bit(number) - 1);
}

static enum tracer_status status_of(enum tracer_effect effect)
{
	switch (effect) {
	case EFFECT_NONE:
		return TRACER_USABLE;
	case EFFECT_MISREAD:
	case EFFECT_LOST:
	case EFFECT_LOST_REST:
	case EFFECT_SHIFTED:
	case EFFECT_LOST_ALL:
		return TRACER_ARGUMENTS_LOST;
	case EFFECT_MISPLACED:
	case EFFECT_UNATTACHABLE:
		return TRACER_UNATTACHABLE;
	case EFFECT_INVISIBLE:
		break;
	}
	return TRACER_INVISIBLE;
}

/* The worst effect speaks, of equals the first. */
static void apply(struct tracer_verdict *verdict, const struct tracer_limit *limit,
                  size_t number)
{
	switch (limit->effect) {
	case EFFECT_MISREAD:
	case EFFECT_LOST:
		verdict->lost |= bit(number);
		break;
	case EFFECT_LOST_REST:
	case EFFECT_SHIFTED:
		verdict->lost |= bits_from(number);
		break;
	default:
		verdict->lost = ~0ull;
	}
	if (!verdict->limit || limit->effect > verdict->limit->effect)
		verdict->limit = limit;
	enum tracer_status status = status_of(limit->effect);
	if (status > verdict->status)
		verdict->status = status;
}

struct subject {
	unsigned machine;
	uint64_t traits;
	const uint64_t *arguments;
	size_t argument_count;
};

/* A limit that speaks of an argument is held against each, with the probe's own traits. */
static void apply_limit(struct tracer_verdict *verdict, const struct tracer_limit *limit,
                        const struct subject *subject)
{
	if (!has_machine(limit, subject->machine))
		return;
	if (!limit->from && !((limit->traits | limit->unless) & TRAITS_OF_ARGUMENT)) {
		if (holds_for(limit, subject->traits))
			apply(verdict, limit, 0);
		return;
	}
	for (size_t i = limit->from; i < subject->argument_count; i++) {
		if (holds_for(limit, subject->traits | subject->arguments[i]))
			apply(verdict, limit, i);
	}
}

static void apply_tool(struct tracer_verdict *verdict, enum tracer_id tool,
                       const char *version, const struct subject *subject)
{
	for (size_t i = 0; i < tracer_limit_count; i++) {
		const struct tracer_limit *limit = &tracer_limits[i];
		if (limit->tool != tool)
			continue;
		if (version ? is_between(version, limit->since, limit->until)
		            : !limit->until)
			apply_limit(verdict, limit, subject);
	}
}

bool tracer_choice_parse(const char *text, size_t size, struct tracer_choice *ret)
{
	const char *equals = memchr(text, '=', size);
	size_t name = equals ? (size_t)(equals - text) : size;
	struct tracer_choice choice = { .tool = tracer_find(text, name) };
	if (choice.tool == TRACERS)
		return false;
	if (equals) {
		size_t length = size - name - 1;
		if (length == 0 || length >= sizeof(choice.version) || equals[1] < '0' ||
		    equals[1] > '9')
			return false;
		memcpy(choice.version, equals + 1, length);
	}
	*ret = choice;
	return true;
}

struct tracer_verdict tracer_judge(const struct tracer_choice *choice, unsigned machine,
                                   uint64_t traits, const uint64_t *arguments,
                                   size_t argument_count)
{
	enum tracer_id tool = choice->tool;
	const char *version = *choice->version ? choice->version : NULL;
	struct tracer_verdict verdict = { .status = TRACER_USABLE };
	struct subject subject = { machine, traits, arguments, argument_count };
	const char *at = version ? version : tracers[tool].newest;
	apply_tool(&verdict, tool, version, &subject);
	for (size_t i = 0; i < ARRAY_SIZE(tracers[tool].bases); i++) {
		const struct tracer_base *base = &tracers[tool].bases[i];
		if (base->tool == tool || !is_between(at, base->since, base->until))
			continue;
		apply_tool(&verdict, base->tool, base->version, &subject);
		/* What all of them stand on: a base of a base, and no deeper. */
		if (base->tool != ENGINE_UPROBES)
			apply_tool(&verdict, ENGINE_UPROBES, NULL, &subject);
	}
	if (argument_count < VERDICT_ARGUMENTS)
		verdict.lost &= bit(argument_count) - 1;
	return verdict;
}

bool tracer_reads(const struct tracer_verdict *verdict, size_t number)
{
	return !(verdict->lost & bit(number));
}
