/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* From the program to the object that holds the markers, and to the verdict. */
#include "find/runtime/python.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/path.h"
#include "find/linker/library.h"
#include "find/runtime/python_parts.h"

struct examination {
	struct usdtinfo_python *python;
	const struct python_settings *settings;
	struct python_place place;
	struct python_elf program;
	bool used_base; /* the program that an environment was made from was tried */
};

bool is_real_libpython(const char *path)
{
	const char *name = path_base(path);
	if (!is_libpython(name))
		return false;
	const char *at = name + strlen("libpython");
	size_t major = strspn(at, "0123456789");
	return major > 0 && at[major] == '.' && at[major + 1] >= '0' &&
	       at[major + 1] <= '9';
}

static bool is_python_library(const struct library *library)
{
	return is_real_libpython(library->name) ||
	       (library->dynamic.soname.at &&
	        is_real_libpython(library->dynamic.soname.at));
}

static void settle_unreadable(struct usdtinfo_python *python, int code,
                              const struct usdtinfo_error *err)
{
	bool is_elf = code != USDTINFO_E_NOT_ELF && code != USDTINFO_E_ARCHIVE;
	if (code == USDTINFO_E_MEMORY)
		python->no_memory = true;
	else
		python_decide(python,
		              is_elf ? USDTINFO_PYTHON_UNKNOWN
		                     : USDTINFO_PYTHON_NOT_CPYTHON,
		              "%s", err->text);
}

static struct library_settings library_settings(const struct examination *exam)
{
	const struct python_settings *settings = exam->settings;
	struct stat st;
	bool is_secure = root_stat(settings->root, exam->place.program, &st) &&
	                 (st.st_mode & (S_ISUID | S_ISGID));
	return (struct library_settings){
		.first = exam->place.first,
		/* The linker of a set-user-ID program does not look there, either. */
		.library_path = is_secure ? NULL : settings->library_path,
		.on_this_computer = !settings->root->directory,
	};
}

/* The hops from the program to a library, in the order in which they are needed. */
static void add_library_hops(struct usdtinfo_python *python,
                             const struct libraries *libraries, size_t index)
{
	size_t chain[8], count = 0;
	for (size_t i = index; i != 0 && count < ARRAY_SIZE(chain);
	     i = libraries->items[i].needed_by)
		chain[count++] = i;
	while (count-- > 0) {
		const struct library *library = &libraries->items[chain[count]];
		python_add_hop(python, library->path, library_rule_name(library->rule));
	}
}

static void judge_library(struct examination *exam, const char *path)
{
	struct usdtinfo_python *python = exam->python;
	struct python_elf elf;
	struct usdtinfo_error err;
	int r = python_elf_open(exam->settings->root, path, &elf, &err);
	if (r < 0) {
		settle_unreadable(python, r, &err);
	} else {
		python_read_version(python, &elf, exam->place.program);
		python_judge(python, &elf);
	}
	python_elf_close(&elf);
}

static void settle_other(struct examination *exam, const struct libraries *libraries)
{
	struct usdtinfo_python *python = exam->python;
	const char *path = exam->place.program, *name = path_base(path);
	for (size_t i = 0; i < libraries->count; i++) {
		const char *library = path_base(libraries->items[i].name);
		if (strncmp(library, "libpypy", 7) == 0) {
			python_decide(python, USDTINFO_PYTHON_NOT_CPYTHON,
			              "it is PyPy, which has no such markers");
			return;
		}
	}
	if (python_elf_defines(&exam->program, "pypy_main_startup") ||
	    python_elf_defines(&exam->program, "rpython_startup_code")) {
		python_decide(python, USDTINFO_PYTHON_NOT_CPYTHON,
		              "it is PyPy, which has no such markers");
	} else if (strstr(name, ".cpython-") || strstr(name, ".abi3.so")) {
		python_decide(
			python, USDTINFO_PYTHON_NOT_CPYTHON,
			"an extension module: the markers are in the Python that loads it");
	} else {
		python_decide(python, USDTINFO_PYTHON_NOT_CPYTHON,
		              "it neither contains CPython nor needs a libpython");
		python_hint_wrapper(python, exam->settings->root, &exam->program);
	}
}

/* Places where a library usually is, when the linker's rules do not lead to it. */
static char *guess_library(const struct examination *exam, const char *name)
{
	const struct ld_platform *platform = ld_platform_of(exam->program.image);
	const char *const libs[] = { ".", "../lib", "../lib64", platform->triplet };
	const struct root *root = exam->settings->root;
	_cleanup_(freep) char *directory = path_noted(
		root, path_directory(exam->place.program));
	for (size_t i = 0; directory && i < ARRAY_SIZE(libs) && libs[i]; i++) {
		_cleanup_(strbuf_deinit) struct strbuf path = { 0 };
		struct usdtinfo_image *image;
		strbuf_addf(&path, "%s/%s%s/%s", directory, i == 3 ? "../lib/" : "",
		            libs[i], path_base(name));
		if (path.failed)
			root_note(root, ENOMEM);
		if (path.failed || image_open(root, path.at, 0, &image, NULL) < 0)
			continue;
		bool fits = ld_platform_matches(exam->program.image, image);
		usdtinfo_image_close(image);
		if (fits)
			return steal_ptr(path.at);
	}
	return NULL;
}

/* A copied program's environment knows where the original is. */
static bool try_base(struct examination *exam)
{
	if (!exam->place.base || exam->used_base)
		return false;
	exam->used_base = true;
	free(exam->place.program);
	exam->place.program = strdup(exam->place.base);
	if (!exam->place.program) {
		exam->python->no_memory = true;
		return true;
	}
	python_add_hop(exam->python, exam->place.program, "pyvenv.cfg");
	return true;
}

static void settle_missing(struct examination *exam, const struct library *missing)
{
	struct usdtinfo_python *python = exam->python;
	char *guess = guess_library(exam, missing->name);
	if (!guess) {
		python_decide(python, USDTINFO_PYTHON_UNKNOWN,
		              "it needs %s, which was not found%s%s%s", missing->name,
		              missing->rejected ? " (" : "",
		              missing->rejected ? missing->rejected : "",
		              missing->rejected ? " does not fit)" : "");
		python_hint(python, "say where it is with --library-path=DIR");
		return;
	}
	python_add_hop(python, guess, "a guess");
	diagnose(
		&python->diagnostics, DIAG_PYTHON_LIBRARY_GUESSED,
		"%s was not found by the dynamic linker's rules; the one in %s was taken",
		missing->name, guess);
	judge_library(exam, guess);
	free(guess);
}

/* Among everything that the program needs: the first libpython that is no stub. */
static const struct library *choose(const struct libraries *libraries, size_t *index_ret)
{
	const struct library *missing = NULL;
	for (size_t i = 1; i < libraries->count; i++) {
		const struct library *library = &libraries->items[i];
		*index_ret = i;
		if (is_python_library(library) && library->path)
			return library;
		if (is_libpython(library->name) && !library->path && !missing)
			missing = library;
	}
	return missing;
}

/* Return: true when the base program of an environment is to be examined instead */
static bool examine_libraries(struct examination *exam)
{
	struct library_settings settings = library_settings(exam);
	struct libraries libraries;
	struct usdtinfo_error err;
	size_t index = 0;
	bool again = false;
	int r = libraries_load(&settings, exam->program.image, exam->program.path,
	                       &libraries, &err);
	const struct library *found = r < 0 ? NULL : choose(&libraries, &index);
	if (r < 0) {
		settle_unreadable(exam->python, r, &err);
	} else if (libraries.cut && !(found && found->path)) {
		python_decide(exam->python, USDTINFO_PYTHON_UNKNOWN,
		              "its libraries were not all looked for: %s", libraries.cut);
	} else if (!found) {
		settle_other(exam, &libraries);
	} else if (!found->path) {
		again = try_base(exam);
		if (!again)
			settle_missing(exam, found);
	} else {
		add_library_hops(exam->python, &libraries, index);
		judge_library(exam, found->path);
	}
	libraries_deinit(&libraries);
	return again;
}

/* objcopy --only-keep-debug leaves the notes, but nothing that could have a marker. */
static bool is_debug_file(struct usdtinfo_image *image)
{
	for (size_t i = 1; i < image->section_count; i++) {
		struct section section;
		if (image_section(image, i, &section) &&
		    section.header.sh_type == SHT_NOBITS &&
		    (section.header.sh_flags & SHF_EXECINSTR))
			return true;
	}
	return false;
}

/* Return: as examine_libraries() */
static bool examine_once(struct examination *exam)
{
	struct usdtinfo_error err;
	struct usdtinfo_python *python = exam->python;
	uint64_t probes;
	const char *reason;
	int r = python_elf_open(exam->settings->root, exam->place.program, &exam->program,
	                        &err);
	if (r < 0) {
		settle_unreadable(python, r, &err);
		return false;
	}
	if (is_debug_file(exam->program.image)) {
		python_decide(
			python, USDTINFO_PYTHON_NOT_CPYTHON,
			"a separate debug file: judge the program or library that it belongs to");
		return false;
	}
	bool is_answer = exam->program.is_cpython ||
	                 python_judge_object(python, &exam->program, &probes, &reason) ==
	                         USDTINFO_PYTHON_YES;
	if (!is_answer)
		return python_settle_unread(python, &exam->program)
		               ? false
		               : examine_libraries(exam);
	python_read_version(python, &exam->program, exam->place.program);
	python_judge(python, &exam->program);
	return false;
}

static void examine_program(struct examination *exam)
{
	while (examine_once(exam) && !exam->python->no_memory)
		python_elf_close(&exam->program);
}

void python_compare_record(struct usdtinfo_python *python)
{
	struct python_record *record = &python->record;
	enum usdtinfo_python_verdict verdict = python->verdict;
	if (record->with_dtrace == MAYBE_UNKNOWN || verdict > USDTINFO_PYTHON_STRIPPED)
		return;
	bool built = verdict != USDTINFO_PYTHON_NO;
	record->agrees = built == (record->with_dtrace == MAYBE_YES) ? MAYBE_YES
	                                                             : MAYBE_NO;
	if (record->agrees == MAYBE_YES)
		return;
	diagnose(
		&python->diagnostics, DIAG_PYTHON_RECORD_DIFFERS, "%s says %s; %s",
		record->source.at,
		built ? "it was not built --with-dtrace" : "WITH_DTRACE=1",
		built ? "the ELF file is right: the record is another build's"
		      : "the ELF file is right: the record is another build's, or the dtrace that was used (Oracle's) writes no notes");
}

static void examine(struct examination *exam)
{
	struct usdtinfo_python *python = exam->python;
	if (!python_locate(python, exam->settings, python->asked.at, &exam->place))
		return;
	examine_program(exam);
	if (python->verdict == USDTINFO_PYTHON_NOT_CPYTHON || !python->object.at)
		return;
	const struct root *root = exam->settings->root;
	_cleanup_(freep) char *program = NULL;
	_cleanup_(freep) char *object = NULL;
	if (root_realpath(root, exam->place.program, &program, NULL) == 0 &&
	    root_realpath(root, python->object.at, &object, NULL) == 0)
		python_read_record(python, root, program, object,
		                   ld_platform_of(exam->program.image)->triplet);
	python_name_version(python);
	python_compare_record(python);
	if (exam->settings->all)
		python_add_others(python, exam->settings, &exam->program);
}

int python_examine(const struct python_settings *settings, const char *asked,
                   struct usdtinfo_python **ret, struct usdtinfo_error *err)
{
	struct usdtinfo_python *python = python_new(asked);
	if (!python)
		return fail_memory(err);
	int trouble = 0;
	struct root root = *settings->root;
	struct python_settings watched = *settings;
	struct examination exam = { .python = python, .settings = &watched };
	root.trouble = &trouble;
	watched.root = &root;
	examine(&exam);
	python_tell_trouble(python, trouble);
	if (!python->path.at)
		python->path = python_keep(python, asked ? asked : "python3");
	python_elf_close(&exam.program);
	python_place_deinit(&exam.place);
	return python_finish(python, ret, err);
}
