/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Lint: what in a file makes tracers miss its probes or misread them. The rules are a table;
 * this runs them over one file at a time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "elf/object/image.h"
#include "probe/note/probe.h"
#include "probe/tracer/tracers.h"
#include "probe/tracer/traits.h"
#include "rules/set/match.h"
#include "rules/set/set.h"
#include "usdtinfo.h"

struct lint;

/* A probe under examination. */
struct lint_probe {
	const struct usdtinfo_probe *probe;
	uint64_t traits;           /* probe_traits() */
	const uint64_t *arguments; /* argument_traits() of each */
};

/* Of an explanation. */
#define LINT_SENTENCES_MAX 8

struct lint_rule {
	const char *name; /* stable, kebab-case */
	enum usdtinfo_severity severity;
	const char *summary; /* one line */
	const char
		*explanation[LINT_SENTENCES_MAX + 1]; /* cause and cure; ended by NULL */
	/* Where findings come from; one of these is set. */
	const char *diagnostic; /* the file's diagnostics of that code */
	void (*file)(struct lint *lint);
	void (*probe)(struct lint *lint, const struct lint_probe *probe);
	void (*set)(struct lint *lint); /* all probes, sorted by name */
	void (*site)(struct lint *lint, const struct set_probe *first, size_t count);
};

/* In the order of --list-rules, which is that of the alphabet. */
extern const struct lint_rule lint_rules[];
extern const size_t lint_rule_count;
#define LINT_RULES_MAX 64

/* Return: the rule of that name, or NULL */
const struct lint_rule *lint_rule_find(const char *name, size_t size);

struct lint_finding {
	const struct lint_rule *rule;
	enum usdtinfo_severity severity;
	struct text provider, name; /* not known: the file as a whole */
	struct maybe_u64 location;
	struct text message;
};

struct lint_options {
	struct match match;
	bool disabled[LINT_RULES_MAX]; /* by the rule's place in lint_rules[] */
	bool has_severity[LINT_RULES_MAX];
	enum usdtinfo_severity severity[LINT_RULES_MAX];
	/*
	 * What a file shall be told of; texts are borrowed for the time of the call. A
	 * return other than 0 ends it.
	 */
	int (*report)(void *context, const struct lint_finding *finding);
	/* Every probe in note order, when all is known of it; may be NULL. */
	int (*probe)(void *context, struct usdtinfo_image *image,
	             const struct lint_probe *probe);
	void *context;
};

/* The state of one file's examination, for the rules. */
struct lint {
	const struct lint_options *options;
	struct usdtinfo_image *image;
	const struct file_facts *facts;
	const struct lint_rule *rule;    /* whose turn it is */
	enum usdtinfo_severity severity; /* of its findings: its own, or the options' */
	struct file_traits file;
	struct set set;
	bool is_relocatable, is_debug_file;
	/* Undefined symbols that end in _semaphore, sorted. */
	struct text *undefined;
	size_t undefined_count, undefined_room;
	bool *shared; /* by the probe's index: another semaphore is at its site */
	struct strbuf message;
	bool out_of_memory;
	int result; /* of a report that ended it */
};

/*
 * lint_file - hold a file against all rules
 * @image: open
 *
 * Return: 0, what a report returned, or USDTINFO_E_MEMORY or another code with @err filled.
 */
int lint_file(const struct lint_options *options, struct usdtinfo_image *image,
              struct usdtinfo_error *err);

/* ---- for the rules ------------------------------------------------------------------- */

/* Report for the file, for a probe, for a member of the set. */
__attribute__((format(printf, 2, 3))) void lint_say(struct lint *lint, const char *fmt,
                                                    ...);
__attribute__((format(printf, 3, 4))) void
lint_say_probe(struct lint *lint, const struct lint_probe *probe, const char *fmt, ...);
__attribute__((format(printf, 3, 4))) void
lint_say_member(struct lint *lint, const struct set_probe *probe, const char *fmt, ...);
/* Load lint->undefined. Return: false when memory ran out */
bool lint_load_undefined(struct lint *lint);
