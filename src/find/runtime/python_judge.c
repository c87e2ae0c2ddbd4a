/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The verdict on one object, and its markers against what its version should have. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "elf/symbol/symtab.h"
#include "find/runtime/python_parts.h"
#include "probe/known/catalogue_data.h"
#include "probe/survey.h"

static bool is_python(const struct usdtinfo_probe *probe)
{
	return text_equal(probe->provider, text_of(PYTHON_PROVIDER));
}

/* A probe of the object's, or NULL at the end, or when memory ran out. */
static const struct usdtinfo_probe *next_marker(struct usdtinfo_python *python,
                                                struct usdtinfo_walk *walk)
{
	const struct usdtinfo_probe *probe;
	int r;
	while ((r = usdtinfo_walk_next(walk, &probe, NULL)) > 0) {
		if (is_python(probe))
			return probe;
	}
	python->no_memory |= r == USDTINFO_E_MEMORY;
	return NULL;
}

static uint64_t count_markers(struct usdtinfo_python *python,
                              const struct python_elf *elf)
{
	struct usdtinfo_walk *walk;
	uint64_t count = 0;
	int r = usdtinfo_walk_open(elf->image, 0, &walk, NULL);
	if (r < 0) {
		python->no_memory |= r == USDTINFO_E_MEMORY;
		return 0;
	}
	while (next_marker(python, walk))
		count++;
	usdtinfo_walk_close(walk);
	return count;
}

static bool has_counter_symbol(const struct python_elf *elf)
{
	for (size_t i = 0; i < python_marker_count; i++) {
		char name[80];
		size_t count;
		snprintf(name, sizeof(name), "python_%s_semaphore",
		         python_markers[i].probe.name);
		if (symtab_find(elf->image, text_of(name), &count))
			return true;
	}
	return false;
}

/* Markers' counters without their notes; those of another provider's notes do not count. */
static bool is_stripped(const struct python_elf *elf)
{
	const struct section *probes = &elf->image->probes;
	if (has_counter_symbol(elf))
		return true;
	return probes->name && usdtinfo_image_probe_count(elf->image) == 0 &&
	       python_declares_bytes(probes->header.sh_size);
}

enum usdtinfo_python_verdict python_judge_object(struct usdtinfo_python *python,
                                                 const struct python_elf *elf,
                                                 uint64_t *probes_ret,
                                                 const char **reason_ret)
{
	enum usdtinfo_state state = usdtinfo_image_state(elf->image);
	*probes_ret = count_markers(python, elf);
	if (*probes_ret) {
		*reason_ret = "it has the markers";
		return USDTINFO_PYTHON_YES;
	}
	if (state == USDTINFO_STATE_NO_SECTION_HEADERS) {
		*reason_ret =
			"its section headers are gone, so that notes cannot be found";
		return USDTINFO_PYTHON_UNKNOWN;
	}
	if (state == USDTINFO_STATE_DAMAGED) {
		*reason_ret = "its notes cannot be read: the file is damaged";
		return USDTINFO_PYTHON_UNKNOWN;
	}
	if (is_stripped(elf)) {
		*reason_ret = "built with markers, but their notes were stripped";
		return USDTINFO_PYTHON_STRIPPED;
	}
	*reason_ret = "it has no markers";
	return USDTINFO_PYTHON_NO;
}

static struct python_marker_found *add_marker(struct usdtinfo_python *python,
                                              struct text name)
{
	if (!array_grow(&python->markers, &python->marker_room, python->marker_count + 1,
	                sizeof(*python->markers))) {
		python->no_memory = true;
		return NULL;
	}
	struct python_marker_found *marker = &python->markers[python->marker_count++];
	*marker = (struct python_marker_found){
		.name = arena_text(&python->arena, name.at, name.size),
		.row = python_marker_find(name.at),
	};
	python->no_memory |= !marker->name.at;
	return marker;
}

static struct python_marker_found *find_marker(struct usdtinfo_python *python,
                                               struct text name)
{
	for (size_t i = 0; i < python->marker_count; i++) {
		if (text_equal(python->markers[i].name, name))
			return &python->markers[i];
	}
	return NULL;
}

/* A hostile file can have a name for each note; beyond these they are only counted. */
#define NAMES_MAX 256

static void gather(struct usdtinfo_python *python, const struct python_elf *elf)
{
	struct usdtinfo_walk *walk;
	const struct usdtinfo_probe *probe;
	if (usdtinfo_walk_open(elf->image, USDTINFO_DETAIL_ARGUMENTS, &walk, NULL) < 0) {
		python->no_memory = true;
		return;
	}
	while ((probe = next_marker(python, walk))) {
		struct python_marker_found *marker = find_marker(python, probe->name);
		python->probes++;
		if (!marker && python->marker_count < NAMES_MAX)
			marker = add_marker(python, probe->name);
		if (!marker)
			continue;
		bool fits = marker->row &&
		            catalogue_fits(&catalogue_python, &marker->row->probe, probe,
		                           elf->image->address_size);
		marker->names_are_sure = fits &&
		                         (marker->probes == 0 || marker->names_are_sure);
		if (marker->probes++ == 0)
			marker->arguments = python_keep(
				python, usdtinfo_probe_arguments_text(probe));
	}
	usdtinfo_walk_close(walk);
}

/* Those that the version should have and the object has not, or rightly has not. */
static void add_absent(struct usdtinfo_python *python)
{
	unsigned minor = python->version.minor;
	for (size_t i = 0; i < python_marker_count; i++) {
		const struct python_marker *row = &python_markers[i];
		if (!python_marker_is_declared(row, minor) ||
		    find_marker(python, text_of(row->probe.name)))
			continue;
		struct python_marker_found *marker = add_marker(python,
		                                                text_of(row->probe.name));
		if (marker)
			marker->names_are_sure = true;
	}
}

static enum usdtinfo_python_status status_of(const struct usdtinfo_python *python,
                                             const struct python_marker_found *marker)
{
	unsigned minor = python->version.minor;
	if (!python->versioned)
		return USDTINFO_PYTHON_PRESENT;
	bool compiled = marker->row && python_marker_is_compiled(marker->row, minor);
	if (marker->probes == 0)
		return compiled ? USDTINFO_PYTHON_MISSING : USDTINFO_PYTHON_ABSENT;
	if (!compiled)
		return USDTINFO_PYTHON_EXTRA;
	return python_marker_is_dead(marker->row, minor) ? USDTINFO_PYTHON_DEAD
	                                                 : USDTINFO_PYTHON_PRESENT;
}

static int by_catalogue(const void *a, const void *b)
{
	const struct python_marker_found *left = a, *right = b;
	if (left->row && right->row)
		return (left->row > right->row) - (left->row < right->row);
	if (left->row || right->row)
		return left->row ? -1 : 1;
	return text_compare(left->name, right->name);
}

/* Names of the markers of one status, as a person lists them. */
static void list_names(const struct usdtinfo_python *python,
                       enum usdtinfo_python_status status, struct strbuf *out)
{
	for (size_t i = 0; i < python->marker_count; i++) {
		if (python->markers[i].status != status)
			continue;
		strbuf_addf(out, "%s%s", out->size ? ", " : "",
		            python->markers[i].name.at);
	}
}

static const struct {
	enum usdtinfo_python_status status;
	enum diagnostic_code code;
	const char *what;
} findings[] = {
	{ USDTINFO_PYTHON_DEAD, DIAG_PYTHON_MARKER_DEAD,
	  "compiled, but this version does not fire them" },
	{ USDTINFO_PYTHON_MISSING, DIAG_PYTHON_MARKER_MISSING,
	  "missing, though this version has them" },
	{ USDTINFO_PYTHON_EXTRA, DIAG_PYTHON_MARKER_EXTRA,
	  "there, though no CPython of this version has them: a patched build" },
};

static void diagnose_markers(struct usdtinfo_python *python)
{
	for (size_t i = 0; i < ARRAY_SIZE(findings); i++) {
		_cleanup_(strbuf_deinit) struct strbuf names = { 0 };
		list_names(python, findings[i].status, &names);
		if (names.size)
			diagnose(&python->diagnostics, findings[i].code, "%s: %s",
			         names.at, findings[i].what);
		python->no_memory |= names.failed;
	}
	if (python->version.major == 3 && python->version.minor > PYTHON_LAST_MARKED)
		diagnose(
			&python->diagnostics, DIAG_PYTHON_VERSION_UNKNOWN,
			"version %s is newer than the table of markers: what is said to be missing or absent is that of 3.%d",
			python->version.text.at, PYTHON_LAST_MARKED);
}

/* What a stripped or a differently traced build leaves, which decides nothing. */
static void diagnose_traces(struct usdtinfo_python *python, const struct python_elf *elf)
{
	if (python->verdict != USDTINFO_PYTHON_NO)
		return;
	if (elf->image->base.name && usdtinfo_image_probe_count(elf->image) == 0)
		diagnose(
			&python->diagnostics, DIAG_PYTHON_TRACES,
			"there is a section .stapsdt.base: probes of some provider were here once");
	for (size_t i = 1; i < elf->image->section_count; i++) {
		struct section section;
		if (!image_section(elf->image, i, &section) ||
		    strcmp(section.name, ".SUNW_dof") != 0)
			continue;
		diagnose(
			&python->diagnostics, DIAG_PYTHON_TRACES,
			"there is a section .SUNW_dof: it was built with Oracle's dtrace, whose probes are no notes");
		break;
	}
}

static void hint_cure(struct usdtinfo_python *python)
{
	if (python->verdict == USDTINFO_PYTHON_NO)
		python_hint(
			python,
			"build it with ./configure --with-dtrace, which needs the dtrace script of SystemTap (Debian: systemtap-sdt-dev, Fedora: systemtap-sdt-devel)");
	else if (python->verdict == USDTINFO_PYTHON_STRIPPED)
		python_hint(
			python,
			"keep the section: GNU strip does, llvm-strip needs --keep-section=.note.stapsdt or --strip-all-gnu");
	else if (python->verdict == USDTINFO_PYTHON_UNKNOWN)
		python_hint(
			python,
			"judge the file as it was before its section headers were removed");
}

/* Markers are worth a table where there are some, or where there should be some. */
static void judge_markers(struct usdtinfo_python *python)
{
	const struct python_version *version = &python->version;
	python->versioned = version->major == 3 && version->minor >= PYTHON_FIRST_MARKED;
	if (python->verdict == USDTINFO_PYTHON_YES && python->versioned)
		add_absent(python);
	for (size_t i = 0; i < python->marker_count; i++)
		python->markers[i].status = status_of(python, &python->markers[i]);
	if (python->marker_count)
		qsort(python->markers, python->marker_count, sizeof(*python->markers),
		      by_catalogue);
	diagnose_markers(python);
}

static void give_reason(struct usdtinfo_python *python, const char *reason)
{
	size_t names = 0, dead = 0;
	for (size_t i = 0; i < python->marker_count; i++) {
		names += python->markers[i].probes != 0;
		dead += python->markers[i].status == USDTINFO_PYTHON_DEAD;
	}
	if (python->verdict != USDTINFO_PYTHON_YES)
		python_decide(python, python->verdict, "%s", reason);
	else if (dead)
		python_decide(python, python->verdict, "%zu marker%s, %zu of them dead",
		              names, names == 1 ? "" : "s", dead);
	else
		python_decide(python, python->verdict, "%zu marker%s", names,
		              names == 1 ? "" : "s");
}

void python_judge(struct usdtinfo_python *python, const struct python_elf *elf)
{
	uint64_t probes;
	const char *reason, *build_id = usdtinfo_image_build_id(elf->image);
	python->verdict = python_judge_object(python, elf, &probes, &reason);
	python->object = python_keep(python, elf->path);
	if (build_id)
		python->build_id = python_keep(python, build_id);
	gather(python, elf);
	judge_markers(python);
	give_reason(python, reason);
	python_settle_unread(python, elf);
	diagnose_traces(python, elf);
	hint_cure(python);
}
