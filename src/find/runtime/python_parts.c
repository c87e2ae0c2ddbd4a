/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Texts, hops and objects of a Python that is being examined. */
#include "find/runtime/python_parts.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "probe/survey.h"

bool is_libpython(const char *name)
{
	const char *slash = strrchr(name, '/');
	name = slash ? slash + 1 : name;
	return strncmp(name, "libpython", 9) == 0 && strstr(name, ".so") != NULL;
}

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

void usdtinfo_python_close(struct usdtinfo_python *python)
{
	if (!python)
		return;
	diagnostics_deinit(&python->diagnostics);
	free(python->hops);
	free(python->markers);
	free(python->objects);
	arena_deinit(&python->arena);
	free(python);
}

struct usdtinfo_python *python_new(const char *asked)
{
	struct usdtinfo_python *python = calloc(1, sizeof(*python));
	if (!python)
		return NULL;
	python->record = (struct python_record){ .with_dtrace = MAYBE_UNKNOWN,
		                                 .agrees = MAYBE_UNKNOWN,
		                                 .gil_disabled = MAYBE_UNKNOWN,
		                                 .shared = MAYBE_UNKNOWN };
	python->version.debug = python->version.free_threaded = MAYBE_UNKNOWN;
	if (asked)
		python->asked = python_keep(python, asked);
	return python;
}

void python_tell_trouble(struct usdtinfo_python *python, int error)
{
	python->no_memory |= error == ENOMEM;
	python->was_unread |= error != 0;
	if (error)
		diagnose(&python->diagnostics, DIAG_UNREADABLE,
		         "not all that was looked for could be read: %s",
		         strerror(error));
}

int python_finish(struct usdtinfo_python *python, struct usdtinfo_python **ret,
                  struct usdtinfo_error *err)
{
	diagnostics_finish(&python->diagnostics);
	/* No other is an error but that one could not be kept. */
	bool is_short = python->diagnostics.has_error && !python->was_unread;
	if (python->no_memory || is_short || !python->reason.at) {
		usdtinfo_python_close(python);
		return fail_memory(err);
	}
	*ret = python;
	return 0;
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

char *path_noted(const struct root *root, char *made)
{
	if (!made)
		root_note(root, ENOMEM);
	return made;
}

void python_place_deinit(struct python_place *place)
{
	free(place->program);
	free(place->first);
	free(place->base);
	free(place->environment);
	*place = (struct python_place){ 0 };
}

bool python_elf_find(const struct python_elf *elf, const char *name,
                     struct dynamic_symbol *ret)
{
	size_t count;
	if (dynamic_find_symbol(elf->image, &elf->dynamic, name, ret))
		return true;
	/* A static program has no other table than the one that strip removes. */
	if (elf->dynamic.symbols)
		return false;
	const struct symbol *symbol = symtab_find(elf->image, text_of(name), &count);
	if (!symbol)
		return false;
	*ret = (struct dynamic_symbol){ symbol->value, symbol->size, symbol->info };
	return true;
}

bool python_elf_defines(const struct python_elf *elf, const char *name)
{
	struct dynamic_symbol symbol;
	return python_elf_find(elf, name, &symbol);
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

static int look(struct python_elf *elf, struct usdtinfo_error *err)
{
	image_survey(elf->image);
	int r = dynamic_load(elf->image, &elf->dynamic, err);
	/* The probes of an object whose dynamic section is damaged can be read all the same. */
	if (r == USDTINFO_E_MEMORY)
		return r;
	elf->is_cpython = defines_python(elf);
	return 0;
}

int python_elf_open(const struct root *root, const char *path, struct python_elf *ret,
                    struct usdtinfo_error *err)
{
	*ret = (struct python_elf){ .path = strdup(path) };
	if (!ret->path)
		return USDTINFO_E_MEMORY;
	int r = image_open(root, path, 0, &ret->image, err);
	return r < 0 ? r : look(ret, err);
}

int python_elf_borrow(struct usdtinfo_image *image, const struct root *root,
                      const char *path, struct python_elf *ret,
                      struct usdtinfo_error *err)
{
	*ret = (struct python_elf){ .image = image,
		                    .path = strdup(path),
		                    .lent_root = image->root };
	image->root = root;
	return ret->path ? look(ret, err) : USDTINFO_E_MEMORY;
}

bool python_settle_unread(struct usdtinfo_python *python, const struct python_elf *elf)
{
	const struct usdtinfo_error *unread = &elf->image->unread;
	if (unread->code)
		python_decide(python, USDTINFO_PYTHON_UNKNOWN, "%s", unread->text);
	return unread->code != 0;
}

void python_elf_close(struct python_elf *elf)
{
	dynamic_deinit(&elf->dynamic);
	if (elf->lent_root)
		elf->image->root = elf->lent_root;
	else
		usdtinfo_image_close(elf->image);
	free(elf->path);
	*elf = (struct python_elf){ 0 };
}
