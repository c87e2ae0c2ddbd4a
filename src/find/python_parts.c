/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Texts, hops and objects of a Python that is being examined. */
#include "find/python_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "probe/survey.h"

static struct text keep_bytes(struct usdtinfo_python *python, const char *bytes,
                              size_t size)
{
	struct text text = arena_text(&python->arena, bytes, size);
	if (!text.at)
		python->no_memory = true;
	return text;
}

struct text python_keep(struct usdtinfo_python *python, const char *string)
{
	return keep_bytes(python, string, strlen(string));
}

static struct text format(struct usdtinfo_python *python, const char *fmt, va_list args)
{
	char *string = NULL;
	int size = vasprintf(&string, fmt, args);
	if (size < 0) {
		python->no_memory = true;
		return (struct text){ NULL, 0 };
	}
	struct text text = keep_bytes(python, string, (size_t)size);
	free(string);
	return text;
}

struct text python_format(struct usdtinfo_python *python, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	struct text text = format(python, fmt, args);
	va_end(args);
	return text;
}

void python_decide(struct usdtinfo_python *python, enum usdtinfo_python_verdict verdict,
                   const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	python->verdict = verdict;
	python->reason = format(python, fmt, args);
	va_end(args);
}

void python_hint(struct usdtinfo_python *python, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	python->hint = format(python, fmt, args);
	va_end(args);
}

void python_add_hop(struct usdtinfo_python *python, const char *path, const char *how)
{
	if (!array_grow(&python->hops, &python->hop_room, python->hop_count + 1,
	                sizeof(*python->hops))) {
		python->no_memory = true;
		return;
	}
	python->hops[python->hop_count++] =
		(struct python_hop){ python_keep(python, path), how };
}

char *path_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return strdup(".");
	while (slash > path && slash[-1] == '/')
		slash--;
	return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

char *path_join(const char *directory, const char *name)
{
	struct strbuf path = { 0 };
	size_t size = strlen(directory);
	strbuf_add(&path, directory, size);
	if (size && directory[size - 1] != '/')
		strbuf_add_char(&path, '/');
	strbuf_add_string(&path, name);
	if (path.failed) {
		strbuf_deinit(&path);
		return NULL;
	}
	return path.at;
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

void python_place_deinit(struct python_place *place)
{
	free(place->program);
	free(place->first);
	free(place->base);
	free(place->environment);
	*place = (struct python_place){ 0 };
}

/* Py_BytesMain and Py_RunMain came with 3.8; the others were always there. */
static bool defines_python(const struct python_elf *elf)
{
	static const char *const names[] = { "Py_BytesMain", "Py_RunMain", "Py_Main",
		                             "Py_GetVersion" };
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (python_elf_defines(elf, names[i]))
			return true;
	}
	return false;
}

int python_elf_open(const struct root *root, const char *path, struct python_elf *ret,
                    struct usdtinfo_error *err)
{
	*ret = (struct python_elf){ .path = strdup(path) };
	if (!ret->path)
		return USDTINFO_E_MEMORY;
	int r = root_open_image(root, path, &ret->image, err);
	if (r < 0)
		return r;
	image_survey(ret->image);
	r = dynamic_load(ret->image, &ret->dynamic, err);
	/* The probes of an object whose dynamic section is damaged can be read all the same. */
	if (r == USDTINFO_E_MEMORY)
		return r;
	ret->is_cpython = defines_python(ret);
	return 0;
}

void python_elf_close(struct python_elf *elf)
{
	dynamic_deinit(&elf->dynamic);
	usdtinfo_image_close(elf->image);
	free(elf->path);
	*elf = (struct python_elf){ 0 };
}
