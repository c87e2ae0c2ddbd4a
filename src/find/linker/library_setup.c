/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What a search needs to know beforehand: which linker, its lists, its cache. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "find/linker/library_search.h"

static const char musl_marker[] = "/ld-musl-";

/* A library names no interpreter, but musl's C library has names of its own. */
static bool needs_musl(const struct dynamic *dynamic)
{
	for (size_t i = 0; i < dynamic->needed_count; i++) {
		const char *name = dynamic->needed[i].at;
		if (strcmp(name, "libc.so") == 0 || strncmp(name, "libc.musl-", 10) == 0)
			return true;
	}
	return false;
}

static bool is_musl(const struct dynamic *dynamic)
{
	if (dynamic->interpreter.at)
		return strstr(dynamic->interpreter.at, musl_marker) != NULL;
	return needs_musl(dynamic);
}

static int add_default(struct library_search *search, const char *above, const char *lib)
{
	_cleanup_(strbuf_deinit) struct strbuf path = { 0 };
	strbuf_addf(&path, "%s/%s", above, lib);
	return path.failed ? USDTINFO_E_MEMORY
	                   : directories_add(&search->defaults, path.at, path.size);
}

/*
 * Which of these a linker was built with is not written down anywhere. Objects of another
 * machine are passed over, so that trying them all finds what the right ones hold.
 */
static int set_glibc_defaults(struct library_search *search)
{
	const struct ld_platform *platform = search->platform;
	size_t count = 0;
	if (platform->triplet) {
		snprintf(search->libs_own, sizeof(search->libs_own), "lib/%s",
		         platform->triplet);
		search->libs[count++] = search->libs_own;
	}
	if (platform->lib)
		search->libs[count++] = platform->lib;
	search->libs[count++] = "lib";
	for (size_t i = 0; i < count; i++) {
		int r = add_default(search, "", search->libs[i]);
		r = r < 0 ? r : add_default(search, "/usr", search->libs[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

static int read_cache(struct library_search *search)
{
	struct strbuf *bytes = &search->cache_bytes;
	struct usdtinfo_error err = { 0 };
	int r = root_read(search->root, "/etc/ld.so.cache", LD_CACHE_SIZE_MAX, bytes,
	                  &err);
	search->lists.exhausted = err.sys_errno == EFBIG;
	if (r == 0)
		r = ld_cache_parse(
			&search->cache,
			(struct span){ (const unsigned char *)bytes->at, bytes->size },
			search->program->big_endian);
	search->has_cache = r == 0;
	if (r == USDTINFO_E_MEMORY)
		return r;
	/* The linker reads no configuration; ldconfig would have put it into the cache. */
	return r == 0 ? 0
	              : ld_conf_read(search->root, "/etc/ld.so.conf", &search->lists,
	                             &search->conf);
}

/* musl takes PREFIX/etc of PREFIX/lib/ld-musl-ARCH.so.1, its own path. */
static int read_musl_path(struct library_search *search)
{
	static const char *const defaults[] = { "/lib", "/usr/local/lib", "/usr/lib" };
	_cleanup_(strbuf_deinit) struct strbuf path = { 0 };
	const char *interpreter = search->interpreter.at;
	const char *marker = interpreter ? strstr(interpreter, musl_marker) : NULL;
	if (marker) {
		const char *arch = marker + strlen(musl_marker);
		size_t prefix = (size_t)(marker - interpreter);
		while (prefix > 0 && interpreter[prefix - 1] != '/')
			prefix--;
		strbuf_add(&path, interpreter, prefix ? prefix - 1 : 0);
		strbuf_add_string(&path, "/etc/ld-musl-");
		strbuf_add(&path, arch, strcspn(arch, "."));
		strbuf_add_string(&path, ".path");
		if (path.failed)
			return USDTINFO_E_MEMORY;
		int r = musl_path_read(search->root, path.at, &search->lists,
		                       &search->conf);
		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < ARRAY_SIZE(defaults); i++) {
		int r = directories_add(&search->defaults, defaults[i],
		                        strlen(defaults[i]));
		if (r < 0)
			return r;
	}
	return 0;
}

int library_search_open(struct library_search *search,
                        const struct library_settings *settings, const struct root *root,
                        struct usdtinfo_image *program, const struct dynamic *dynamic)
{
	*search = (struct library_search){
		.settings = *settings,
		.root = root,
		.program = program,
		.platform = ld_platform_of(program),
		.is_musl = is_musl(dynamic),
		.interpreter = dynamic->interpreter,
		.level = -1,
		.places.left = settings->places ? settings->places : LIBRARY_PLACES_MAX,
		.lists.left = LD_CONF_WORK_MAX,
	};
	search->platform_name = search->platform->platform;
	if (settings->on_this_computer) {
		search->platform_name = ld_platform_name(search->platform);
		search->level = ld_platform_level(search->platform);
	}
	if (search->is_musl)
		return read_musl_path(search);
	int r = set_glibc_defaults(search);
	return r < 0 ? r : read_cache(search);
}

void library_search_close(struct library_search *search)
{
	directories_deinit(&search->defaults);
	directories_deinit(&search->conf);
	ld_cache_deinit(&search->cache);
	strbuf_deinit(&search->cache_bytes);
}
