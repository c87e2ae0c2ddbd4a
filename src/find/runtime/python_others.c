/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Beside the answer: the other objects of a Python, and what a wrapper says of the real one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/path.h"
#include "find/linker/library.h"
#include "find/runtime/python_parts.h"

static void add_object(struct usdtinfo_python *python, const struct python_elf *elf)
{
	const char *reason;
	if (!array_grow(&python->objects, &python->object_room, python->object_count + 1,
	                sizeof(*python->objects))) {
		python->no_memory = true;
		return;
	}
	struct python_object *object = &python->objects[python->object_count++];
	*object = (struct python_object){ .path = python_keep(python, elf->path) };
	object->verdict = python_judge_object(python, elf, &object->probes, &reason);
	object->reason = python_keep(python, reason);
}

static void add_path(struct usdtinfo_python *python, const struct root *root,
                     const char *path)
{
	struct python_elf elf;
	int r = python_elf_open(root, path, &elf, NULL);
	if (r == 0 && elf.is_cpython)
		add_object(python, &elf);
	python->no_memory |= r == USDTINFO_E_MEMORY;
	python_elf_close(&elf);
}

/* The library of the same version, where a program that needs none would find it. */
static void add_library(struct usdtinfo_python *python,
                        const struct python_settings *settings,
                        struct python_elf *program)
{
	const struct python_version *version = &python->version;
	struct library_settings search = {
		.library_path = settings->library_path,
		.on_this_computer = !settings->root->directory
	};
	struct libraries libraries;
	char name[64];
	snprintf(name, sizeof(name), "libpython%u.%u%s%s.so.1.0", version->major,
	         version->minor, version->free_threaded == MAYBE_YES ? "t" : "",
	         version->debug == MAYBE_YES ? "d" : "");
	int r = libraries_load_named(&search, program->image, program->path, name,
	                             &libraries, NULL);
	if (r == 0 && libraries.count > 1 && libraries.items[1].path)
		add_path(python, settings->root, libraries.items[1].path);
	python->no_memory |= r == USDTINFO_E_MEMORY;
	libraries_deinit(&libraries);
}

void python_add_others(struct usdtinfo_python *python,
                       const struct python_settings *settings, struct python_elf *program)
{
	if (strcmp(python->object.at, program->path) != 0)
		add_object(python, program);
	else if (python->version.major)
		add_library(python, settings, program);
}

#define WRAPPER_SIZE_MAX ((size_t)1 << 20)

/* Nix compiles wrappers, and leaves in each the call that made it: its text, in quotes. */
static bool hint_compiled(struct usdtinfo_python *python, const struct root *root,
                          const char *path)
{
	static const char call[] = "makeCWrapper '";
	_cleanup_(strbuf_deinit) struct strbuf content = { 0 };
	if (root_read(root, path, WRAPPER_SIZE_MAX, &content, NULL) < 0 || !content.at)
		return false;
	const char *at = memmem(content.at, content.size, call, strlen(call));
	if (!at)
		return false;
	at += strlen(call);
	python_hint(python, "a compiled wrapper; name the real one: %.*s",
	            (int)strcspn(at, "'\n"), at);
	return true;
}

void python_hint_wrapper(struct usdtinfo_python *python, const struct root *root,
                         const struct python_elf *program)
{
	const char *name = path_base(program->path);
	if (strcmp(name, "mise") == 0 || strcmp(name, "rtx") == 0) {
		python_hint(
			python,
			"a shim of %s, which chooses a Python when it runs; name the real one: installs/python/VERSION/bin/python3",
			name);
		return;
	}
	if (hint_compiled(python, root, program->path))
		return;
	_cleanup_(freep) char *directory = path_directory(program->path);
	_cleanup_(strbuf_deinit) struct strbuf wrapped = { 0 };
	strbuf_addf(&wrapped, "%s/.%s-wrapped", directory ? directory : ".", name);
	if (!wrapped.failed && root_is_file(root, wrapped.at))
		python_hint(python, "a wrapper; name the real one: %s", wrapped.at);
	else if (strstr(name, "python"))
		python_hint(
			python,
			"it may be a wrapper, or load its libpython when it runs; name the library itself");
}
