/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Was this Python built --with-dtrace? From what a person types to the answer. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diagnostic.h"
#include "elf/root/root.h"
#include "probe/known/python.h"
#include "usdtinfo.h"

/* Yes, no, or not known. */
enum maybe {
	MAYBE_UNKNOWN = -1,
	MAYBE_NO,
	MAYBE_YES,
};

/* One step on the way from what was asked to the object that was judged. */
struct python_hop {
	struct text path;
	const char *how; /* static: "symbolic link", "#! line", ... */
};

struct python_version {
	unsigned major, minor, micro; /* nothing is known where MAJOR is 0 */
	bool has_micro;
	char suffix[16];    /* "a1", "b2", "rc1"; else empty */
	const char *source; /* static: where it was read */
	struct text text;   /* "3.11.2", "3.9.?"; AT NULL when nothing is known */
	enum maybe debug, free_threaded;
};

/* What the build left beside the interpreter. AT NULL where there is nothing. */
struct python_record {
	struct text source; /* the file */
	enum maybe with_dtrace;
	enum maybe agrees; /* with the ELF file; unknown where either is */
	struct text config_args;
	enum maybe gil_disabled, shared;
};

struct python_marker_found {
	struct text name;
	enum usdtinfo_python_status status;
	uint64_t probes;                 /* notes, that is sites in the code */
	const struct python_marker *row; /* NULL: not in the catalogue */
	bool names_are_sure;             /* ROW's arguments are those of the notes */
	struct text arguments;           /* of the first note, as stored; AT NULL: none */
};

/* Another object of this Python that was looked at, for --all. */
struct python_object {
	struct text path;
	enum usdtinfo_python_verdict verdict;
	uint64_t probes, names;
	struct text reason;
};

struct usdtinfo_python {
	struct arena arena; /* holds every text below */
	bool no_memory;     /* some of them is missing */
	bool was_unread; /* and a diagnostic says so: something else than memory lacked */
	struct text asked;
	struct maybe_u64 pid; /* of a process that was asked about */
	struct text path;     /* what was judged: the program, its links resolved */
	enum usdtinfo_python_verdict verdict;
	struct text reason; /* one sentence; of "yes", what is there */
	struct text hint;   /* what to do about it; AT NULL: nothing */
	struct text object; /* the file that holds the markers, or would; AT NULL: none */
	struct text build_id;
	struct text environment; /* what a pyvenv.cfg says is its home; AT NULL: none */
	struct python_hop *hops;
	size_t hop_count, hop_room;
	struct python_version version;
	struct python_record record;
	struct python_marker_found *markers; /* catalogue order, then by name */
	size_t marker_count, marker_room;
	bool versioned;  /* the catalogue knows what this version should have */
	uint64_t probes; /* notes of provider python */
	struct python_object *objects;
	size_t object_count, object_room;
	struct diagnostics diagnostics;
};

struct python_settings {
	const struct root *root;
	const char *search_path;  /* PATH; NULL: the usual directories */
	const char *library_path; /* as of library_settings */
	bool all;                 /* the other objects, too */
};

/*
 * python_examine - find and judge
 * @asked: what a person typed; NULL: nothing
 * @ret: set when 0 is returned; release with usdtinfo_python_close()
 *
 * What cannot be found or is no Python is a verdict, not a failure.
 *
 * Return: 0 or USDTINFO_E_MEMORY.
 */
int python_examine(const struct python_settings *settings, const char *asked,
                   struct usdtinfo_python **ret, struct usdtinfo_error *err);

/* Return: whether @name is that of CPython's library: "libpython3.11.so.1.0" */
bool is_libpython(const char *name);
