/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Visiting libraries, and finding the one that holds Python. */
#include "find/needed.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

static struct library_settings settings_of(const struct finder *finder,
                                           const struct usdtinfo_image *image)
{
	return (struct library_settings){
		.library_path = finder->library_path,
		.on_this_computer = !image->root->directory,
	};
}

static int visit_missing(const struct libraries *libraries, const struct library *missing,
                         object_visit visit, void *context)
{
	struct file_facts facts = { .path = text_of(missing->name),
		                    .state = USDTINFO_STATE_UNREADABLE };
	const char *by = libraries->items[missing->needed_by].path;
	if (missing->rejected)
		diagnose(&facts.diagnostics, DIAG_UNREADABLE,
		         "not found; %s needs it, and %s does not fit", by,
		         missing->rejected);
	else
		diagnose(&facts.diagnostics, DIAG_UNREADABLE, "not found; %s needs it",
		         by);
	int r = visit(context, &(struct object){ .facts = &facts });
	diagnostics_deinit(&facts.diagnostics);
	return r;
}

/* The search was not what it would have been. */
static int visit_trouble(const char *path, enum diagnostic_code code, const char *reason,
                         object_visit visit, void *context)
{
	struct file_facts facts = { .path = text_of(path),
		                    .state = USDTINFO_STATE_UNREADABLE };
	diagnose(&facts.diagnostics, code, "what it needs is not known for sure: %s",
	         reason);
	int r = visit(context, &(struct object){ .facts = &facts });
	diagnostics_deinit(&facts.diagnostics);
	return r;
}

/* Whether processes are made of it: it has an address, or asks for a linker. */
static bool is_program(struct usdtinfo_image *image)
{
	GElf_Phdr header;
	if (image->header.e_type == ET_EXEC)
		return true;
	for (int i = 0; i < image->header.e_phnum; i++) {
		if (gelf_getphdr(image->elf, i, &header) && header.p_type == PT_INTERP)
			return true;
	}
	return false;
}

int find_needed(const struct finder *finder, struct usdtinfo_image *image,
                const char *path, object_visit visit, void *context)
{
	struct library_settings settings = settings_of(finder, image);
	/* Each is visited for itself: what it needs was found already. */
	struct finder one = *finder;
	struct libraries libraries;
	one.root = image->root;
	one.with_libraries = false;
	one.needed_by = is_program(image) ? path : NULL;
	struct usdtinfo_error err = { 0 };
	int r = libraries_load(&settings, image, path, &libraries, &err);
	/* A damaged dynamic section is told of by the survey where it matters. */
	if (r == USDTINFO_E_SYSTEM || (r == USDTINFO_E_DAMAGED && image_shrank(image)))
		r = visit_trouble(path, DIAG_UNREADABLE, err.text, visit, context);
	else if (r < 0 && r != USDTINFO_E_MEMORY)
		r = 0;
	for (size_t i = 1; r == 0 && i < libraries.count; i++) {
		const struct library *library = &libraries.items[i];
		r = library->path ? find_objects(&one, library->path, visit, context)
		                  : visit_missing(&libraries, library, visit, context);
	}
	if (r == 0 && libraries.trouble)
		r = visit_trouble(path, DIAG_UNREADABLE, strerror(libraries.trouble),
		                  visit, context);
	if (r == 0 && libraries.cut)
		r = visit_trouble(path, DIAG_LIMIT_REACHED, libraries.cut, visit,
		                  context);
	libraries_deinit(&libraries);
	return r;
}

bool is_libpython(const char *name)
{
	const char *slash = strrchr(name, '/');
	name = slash ? slash + 1 : name;
	return strncmp(name, "libpython", 9) == 0 && strstr(name, ".so") != NULL;
}

int find_needed_python(const struct finder *finder, struct usdtinfo_image *image,
                       const char *path, char **ret)
{
	struct library_settings settings = settings_of(finder, image);
	struct libraries libraries;
	if (image->is_member)
		return 0;
	int r = libraries_load_direct(&settings, image, path, is_libpython, &libraries,
	                              NULL);
	if (r == 0 && libraries.count > 1) {
		const struct library *library = &libraries.items[1];
		*ret = strdup(library->path ? library->path : library->name);
		r = *ret ? 1 : USDTINFO_E_MEMORY;
	}
	libraries_deinit(&libraries);
	return r < 0 && r != USDTINFO_E_MEMORY ? 0 : r;
}
