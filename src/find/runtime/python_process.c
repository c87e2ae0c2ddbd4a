/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Among the objects of a process: a library that was loaded without being needed counts, too. */
#include "find/runtime/python_process.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "find/linker/ld_platform.h"
#include "find/process/process_scan.h"
#include "find/runtime/python_parts.h"

struct inspection {
	struct usdtinfo_python *python;
	struct process_scan scan;
	const struct process_object
		*program; /* NULL: it has nothing of it loaded any more */
};

/* Release with python_elf_close(). Return: 0, or the code of the failure with @err filled */
static int open_object(const struct process_object *object, const struct root *root,
                       struct python_elf *ret, struct usdtinfo_error *err)
{
	struct text path = text_of(object->path);
	*ret = (struct python_elf){ 0 };
	if (!object->shared) {
		*err = object->err;
		return object->err.code;
	}
	_cleanup_(freep) char *name = strndup(path.at, process_name_size(path));
	return name ? python_elf_borrow(object->shared->image, root, name, ret, err)
	            : fail_memory(err);
}

/* The kernel writes the link and the line of maps alike. */
static const struct process_object *find_program(const struct process_scan *scan)
{
	char path[PATH_MAX];
	ssize_t size = readlinkat(scan->process.fd, "exe", path, sizeof(path));
	for (size_t i = 0; size > 0 && i < scan->count; i++)
		if (text_equal(text_of(scan->objects[i].path),
		               (struct text){ path, (size_t)size }))
			return &scan->objects[i];
	return NULL;
}

static bool is_library(const struct process_object *object)
{
	struct text path = text_of(object->path);
	char name[PATH_MAX];
	int size = snprintf(name, sizeof(name), "%.*s", (int)process_name_size(path),
	                    path.at);
	return size > 0 && (size_t)size < sizeof(name) && is_real_libpython(name);
}

static bool is_python(const struct inspection *inspection,
                      const struct process_object *object)
{
	struct python_elf elf;
	struct usdtinfo_error err;
	uint64_t probes;
	const char *reason;
	int r = open_object(object, &inspection->scan.process.root, &elf, &err);
	bool is_answer = r == 0 && (elf.is_cpython ||
	                            python_judge_object(inspection->python, &elf, &probes,
	                                                &reason) == USDTINFO_PYTHON_YES);
	inspection->python->no_memory |= r == USDTINFO_E_MEMORY;
	python_elf_close(&elf);
	return is_answer;
}

/* What else CPython may be in: another name, a program's plug-in. */
static const struct process_object *find_any(const struct inspection *inspection)
{
	const struct process_scan *scan = &inspection->scan;
	for (size_t i = 0; i < scan->count; i++)
		if (is_python(inspection, &scan->objects[i]))
			return &scan->objects[i];
	return NULL;
}

static const struct process_object *choose(const struct inspection *inspection)
{
	const struct process_scan *scan = &inspection->scan;
	for (size_t i = 0; i < scan->count; i++)
		if (is_library(&scan->objects[i]))
			return &scan->objects[i];
	const struct process_object *program = inspection->program;
	/* What cannot be opened may be it, and is to be complained of. */
	if (program && !program->shared)
		return program;
	return program && is_python(inspection, program) ? program : find_any(inspection);
}

/* The root in which the paths of both still lead to what is loaded; NULL: nowhere */
static const struct root *common_root(const struct inspection *inspection,
                                      const struct process_object *object)
{
	const struct process *process = &inspection->scan.process;
	const struct root *root = process_path_root(process, object->mapping);
	const struct process_object *program = inspection->program;
	if (!root || !program || program == object ||
	    process_path_root(process, program->mapping) == root)
		return root;
	return NULL;
}

static void read_record(struct inspection *inspection, const struct root *root,
                        const struct process_object *object, struct python_elf *elf,
                        bool all)
{
	struct usdtinfo_python *python = inspection->python;
	const struct process_object *program = inspection->program;
	struct python_elf other = { 0 };
	struct usdtinfo_error err;
	python_read_record(python, root, program ? program->path : object->path,
	                   object->path, ld_platform_of(elf->image)->triplet);
	const struct python_settings settings = { .root = root };
	if (!all)
		return;
	if (!program || program == object)
		python_add_others(python, &settings, elf);
	else if (open_object(program, root, &other, &err) == 0)
		python_add_others(python, &settings, &other);
	python_elf_close(&other);
}

static void judge(struct inspection *inspection, const struct process_object *object,
                  bool all)
{
	struct usdtinfo_python *python = inspection->python;
	const struct process_object *program = inspection->program;
	const struct root *own = &inspection->scan.process.root;
	const struct root *root = common_root(inspection, object);
	struct python_elf elf;
	struct usdtinfo_error err;
	if (object != program)
		python_add_hop(python, object->path, "loaded by the process");
	int r = open_object(object, root ? root : own, &elf, &err);
	if (r == 0) {
		python_read_version(python, &elf, program ? program->path : object->path);
		python_judge(python, &elf);
		python->object = python_keep(python, object->path);
		if (root)
			read_record(inspection, root, object, &elf, all);
		python_name_version(python);
		python_compare_record(python);
	} else {
		python_decide(python, USDTINFO_PYTHON_UNKNOWN, "%s", err.text);
	}
	python->no_memory |= r == USDTINFO_E_MEMORY;
	python_elf_close(&elf);
}

static void inspect(struct inspection *inspection, bool all)
{
	struct usdtinfo_python *python = inspection->python;
	inspection->program = find_program(&inspection->scan);
	const struct process_object *program = inspection->program;
	if (program) {
		python->path = python_keep(python, program->path);
		python_add_hop(python, program->path, "what the process runs");
	}
	const struct process_object *object = choose(inspection);
	if (object)
		judge(inspection, object, all);
	else
		python_decide(python, USDTINFO_PYTHON_NOT_CPYTHON,
		              "nothing that the process has loaded is CPython");
}

int python_examine_process(const char *proc, uint64_t pid, bool all,
                           struct usdtinfo_python **ret, struct usdtinfo_error *err)
{
	char asked[24];
	snprintf(asked, sizeof(asked), "%" PRIu64, pid);
	struct inspection inspection = { .python = python_new(asked) };
	struct usdtinfo_python *python = inspection.python;
	struct image_cache *cache = image_cache_new();
	if (!python || !cache) {
		image_cache_free(cache);
		usdtinfo_python_close(python);
		return fail_memory(err);
	}
	python->pid = known_u64(pid);
	int r = process_scan(&inspection.scan, proc, pid, cache, 0);
	if (r == 0)
		inspect(&inspection, all);
	else
		python_decide(python, USDTINFO_PYTHON_UNKNOWN, "%s",
		              inspection.scan.err.text);
	python->no_memory |= r == USDTINFO_E_MEMORY;
	if (!python->path.at)
		python->path = python_format(python, "%s/%" PRIu64, proc, pid);
	process_scan_deinit(&inspection.scan);
	image_cache_free(cache);
	return python_finish(python, ret, err);
}
