/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * What each tracing tool accepts: tables of tools and of their limits, each limit with the
 * versions that have it and where that is known from. --for, lint and script read them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "probe/note/probe.h"
#include "probe/tracer/traits.h"

enum tracer_id {
	TRACER_BPFTRACE,
	TRACER_BCC,
	TRACER_LIBBPF,
	TRACER_PERF,
	TRACER_GDB,
	TRACER_STAP,
	TRACER_LTTNG,
	TRACER_DTRACE,
	TRACER_FTRACE,
	TRACERS,
	/* What several tools build upon, and no tool. */
	ENGINE_UPROBES = TRACERS, /* the kernel's */
	ENGINES
};

/* What a limit does, the lesser evil first. */
enum tracer_effect {
	EFFECT_NONE,
	EFFECT_MISREAD,      /* the argument is shown, but its value is wrong */
	EFFECT_LOST,         /* the argument is not shown */
	EFFECT_LOST_REST,    /* neither it nor any after it */
	EFFECT_SHIFTED,      /* it is left out, and those after it get other numbers */
	EFFECT_LOST_ALL,     /* no argument is shown */
	EFFECT_MISPLACED,    /* the tool lists the probe and stops at another place */
	EFFECT_UNATTACHABLE, /* it lists the probe and cannot attach to it */
	EFFECT_INVISIBLE,    /* it does not even list it */
};

struct tracer_limit {
	enum tracer_id tool;
	/* All of these: a limit holds where a file, probe or argument has every one. */
	uint64_t traits;
	uint64_t unless; /* none of these */
	/* e_machine values, ended by 0; NULL: all. With EXCEPT all but these. */
	const unsigned *machines;
	bool except;
	unsigned from; /* the first argument that it speaks of, by its place; 0: any */
	enum tracer_effect effect;
	const char *since;  /* first version that has it; NULL: all old ones */
	const char *until;  /* first version that has not; NULL: none known */
	const char *reason; /* a clause: "it reads no floating-point arguments" */
	const char *source; /* who says so */
};

extern const struct tracer_limit tracer_limits[];
extern const size_t tracer_limit_count;

/* A tool that does its work through another, whose limits it inherits. */
struct tracer_base {
	enum tracer_id tool;
	const char *since, *until; /* versions of the heir; NULL: no bound */
	const char *version;       /* of the other one that it uses; NULL: the newest */
};

struct tracer {
	const char *name;            /* the word on command lines */
	const char *title;           /* how it calls itself */
	const char *newest;          /* the version that the table knows best */
	const char *argument;        /* what stands before an argument's number */
	unsigned first;              /* number of the first argument */
	bool by_name;                /* one line covers all sites of a name */
	struct tracer_base bases[2]; /* unused: tool is its own */
};

/* By enum tracer_id. */
extern const struct tracer tracers[TRACERS];

/* Return: the tool of that name, or TRACERS */
enum tracer_id tracer_find(const char *name, size_t size);

/* TOOL[=VERSION] of a command line. */
struct tracer_choice {
	enum tracer_id tool;
	char version[32]; /* "": the newest that is known */
};

/* Return: false when @text is no such thing */
bool tracer_choice_parse(const char *text, size_t size, struct tracer_choice *ret);

enum tracer_status {
	TRACER_USABLE,
	TRACER_ARGUMENTS_LOST, /* some are missing, wrong, or called by another number */
	TRACER_UNATTACHABLE, /* listed, but cannot be attached to, or at a wrong place */
	TRACER_INVISIBLE,
};

/* By enum tracer_status: "usable", "arguments-lost", "unattachable", "invisible". */
extern const char *const tracer_status_names[];

#define VERDICT_ARGUMENTS 64

struct tracer_verdict {
	enum tracer_status status;
	/* Bit N: argument N is not to be had; the last bit stands for all beyond it. */
	uint64_t lost;
	const struct tracer_limit *limit; /* the worst; NULL when it is usable */
};

/*
 * tracer_judge - what a tool makes of a probe
 * @traits: probe_traits()
 * @machine: e_machine
 * @arguments: argument_traits() of each
 */
struct tracer_verdict tracer_judge(const struct tracer_choice *choice, unsigned machine,
                                   uint64_t traits, const uint64_t *arguments,
                                   size_t argument_count);
/* Return: whether the verdict leaves argument @number to be read */
bool tracer_reads(const struct tracer_verdict *verdict, size_t number);

/* Compare dotted versions by their numbers: negative, 0, positive. */
int tracer_version_compare(const char *a, const char *b);
