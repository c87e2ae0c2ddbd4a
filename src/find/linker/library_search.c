/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* ld.so(8) and musl's ldso/dynlink.c: which directory comes when. */
#include "find/linker/library_search.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

struct request {
	struct library_search *search;
	const struct libraries *libraries;
	size_t needed_by;
	const char *name; /* tokens replaced */
	struct library_found *found;
};

/* Each returns whether the search is over: found, out of memory, or out of places. */
typedef bool (*rule_search)(struct request *request);

void library_found_deinit(struct library_found *found)
{
	usdtinfo_image_close(found->image);
	free(found->path);
	free(found->rejected);
	*found = (struct library_found){ 0 };
}

static bool out_of_memory(struct request *request)
{
	request->found->no_memory = true;
	return true;
}

/* A place counts for more where its path is long, or what is there takes long to open. */
static bool pay(struct request *request, uint64_t bytes)
{
	bool enough = budget_take(&request->search->places, 1 + bytes / 256);
	request->found->is_cut |= !enough;
	return enough;
}

static bool try_file(struct request *request, const char *path, enum library_rule rule)
{
	struct library_found *found = request->found;
	struct usdtinfo_image *image;
	struct usdtinfo_error err;
	if (!pay(request, strlen(path)))
		return true;
	int r = image_open(request->search->root, path, 0, &image, &err);
	if (r == USDTINFO_E_MEMORY)
		return out_of_memory(request);
	if (r == USDTINFO_E_SYSTEM)
		return false;
	if (r == 0)
		budget_take(&request->search->places, image->section_count / 64);
	bool fits = r == 0 && ld_platform_matches(request->search->program, image);
	if (r == 0 && !fits)
		usdtinfo_image_close(image);
	char **keep = fits ? &found->path : &found->rejected;
	if (!*keep)
		*keep = strdup(path);
	if (fits) {
		found->image = image;
		found->rule = rule;
	}
	return *keep ? fits : out_of_memory(request);
}

static bool try_joined(struct request *request, const char *directory, const char *level,
                       enum library_rule rule)
{
	_cleanup_(strbuf_deinit) struct strbuf path = { 0 };
	size_t size = strlen(directory);
	strbuf_add(&path, directory, size);
	if (size && directory[size - 1] != '/')
		strbuf_add_char(&path, '/');
	if (level)
		strbuf_addf(&path, "glibc-hwcaps/%s/", level);
	strbuf_add_string(&path, request->name);
	if (path.failed)
		return out_of_memory(request);
	return try_file(request, path.at, rule);
}

/* A directory and, as glibc does since 2.33, those below it for better processors. */
static bool try_directory(struct request *request, const char *directory,
                          enum library_rule rule)
{
	const struct library_search *search = request->search;
	const char *const *levels = search->platform->levels;
	if (search->is_musl)
		return try_joined(request, directory, NULL, rule);
	for (int i = search->level; i >= 0 && levels[i]; i++) {
		if (try_joined(request, directory, levels[i], rule))
			return true;
	}
	if (try_joined(request, directory, NULL, rule))
		return true;
	/* An unknown processor: what all can run comes first, then the least demanding. */
	if (search->level >= 0)
		return false;
	for (int i = LD_LEVELS_MAX - 1; i >= 0; i--) {
		if (levels[i] && try_joined(request, directory, levels[i], rule))
			return true;
	}
	return false;
}

static struct ld_tokens tokens_of(const struct library_search *search, const char *origin)
{
	return (struct ld_tokens){
		.origin = origin,
		.libs = search->libs,
		.platform = search->platform_name,
	};
}

static bool try_element(struct request *request, struct text element, const char *origin,
                        enum library_rule rule)
{
	const struct library_search *search = request->search;
	struct ld_tokens tokens = tokens_of(search, origin);
	bool inside = search->root->directory != NULL;
	if (!pay(request, element.size))
		return true;
	for (size_t variant = 0; variant < LIBRARY_LIBS_MAX; variant++) {
		_cleanup_(strbuf_deinit) struct strbuf directory = { 0 };
		/* An empty element is the working directory, which another root lacks. */
		if (element.size == 0)
			strbuf_add_string(&directory, ".");
		if (!ld_token_expand(element, &tokens, variant, &directory))
			return false;
		if (directory.failed)
			return out_of_memory(request);
		if (inside && *directory.at != '/')
			return false;
		if (try_directory(request, directory.at, rule))
			return true;
	}
	return false;
}

static bool try_path(struct request *request, struct text path, const char *separators,
                     const char *origin, enum library_rule rule)
{
	const char *at = path.at, *end = path.at + path.size;
	if (!at || path.size == 0)
		return false;
	for (;;) {
		size_t size = 0;
		while (at + size < end && !strchr(separators, at[size]))
			size++;
		if (try_element(request, (struct text){ at, size }, origin, rule))
			return true;
		at += size;
		if (at == end)
			return false;
		at++;
	}
}

static bool try_directories(struct request *request, const struct directories *list,
                            enum library_rule rule)
{
	for (size_t i = 0; i < list->count; i++) {
		if (try_directory(request, list->items[i], rule))
			return true;
	}
	return false;
}

static const struct library *requester(const struct request *request)
{
	return &request->libraries->items[request->needed_by];
}

static bool by_first(struct request *request)
{
	const char *first = request->search->settings.first;
	return first && try_joined(request, first, NULL, LIBRARY_FIRST);
}

static bool by_library_path(struct request *request)
{
	const char *path = request->search->settings.library_path;
	return try_path(request, text_of(path), request->search->is_musl ? ":\n" : ":;",
	                request->libraries->items[0].origin, LIBRARY_LIBRARY_PATH);
}

/* DT_RPATH of what needs it and of all above it, the program last, where no DT_RUNPATH is. */
static bool by_rpath(struct request *request)
{
	const struct library *items = request->libraries->items;
	if (requester(request)->dynamic.runpath.at)
		return false;
	for (size_t i = request->needed_by;; i = items[i].needed_by) {
		const struct library *above = &items[i];
		if (!above->dynamic.runpath.at &&
		    try_path(request, above->dynamic.rpath, ":", above->origin,
		             LIBRARY_RPATH))
			return true;
		if (i == 0)
			return false;
	}
}

static bool by_runpath(struct request *request)
{
	const struct library *library = requester(request);
	return try_path(request, library->dynamic.runpath, ":", library->origin,
	                LIBRARY_RUNPATH);
}

/* musl makes no difference between the two, and inherits both. */
static bool by_either_path(struct request *request)
{
	const struct library *items = request->libraries->items;
	for (size_t i = request->needed_by;; i = items[i].needed_by) {
		const struct dynamic *dynamic = &items[i].dynamic;
		bool is_runpath = dynamic->runpath.at != NULL;
		if (try_path(request, is_runpath ? dynamic->runpath : dynamic->rpath, ":",
		             items[i].origin,
		             is_runpath ? LIBRARY_RUNPATH : LIBRARY_RPATH))
			return true;
		if (i == 0)
			return false;
	}
}

static bool is_default(const struct library_search *search, struct text path)
{
	const char *slash = memrchr(path.at, '/', path.size);
	size_t size = slash ? (size_t)(slash - path.at) : 0;
	for (size_t i = 0; i < search->defaults.count; i++) {
		const char *directory = search->defaults.items[i];
		if (strlen(directory) == size && memcmp(directory, path.at, size) == 0)
			return true;
	}
	return false;
}

static bool avoids_defaults(const struct request *request)
{
	return requester(request)->dynamic.flags_1 & DF_1_NODEFLIB;
}

/* Return: index of the level that a cached path is for; -1: for every processor */
static int level_of(const struct library_search *search, struct text path)
{
	static const char marker[] = "/glibc-hwcaps/";
	const char *at = memmem(path.at, path.size, marker, strlen(marker));
	if (!at)
		return -1;
	at += strlen(marker);
	for (int i = 0; i < LD_LEVELS_MAX && search->platform->levels[i]; i++) {
		size_t size = strlen(search->platform->levels[i]);
		if (strncmp(at, search->platform->levels[i], size) == 0 &&
		    at[size] == '/')
			return i;
	}
	return LD_LEVELS_MAX;
}

static bool try_cached(struct request *request, const struct ld_cache_entry *entries,
                       size_t count, int level)
{
	for (size_t i = 0; i < count; i++) {
		if (level_of(request->search, entries[i].path) != level)
			continue;
		if (avoids_defaults(request) &&
		    is_default(request->search, entries[i].path))
			continue;
		if (try_file(request, entries[i].path.at, LIBRARY_CACHE))
			return true;
	}
	return false;
}

static bool by_cache(struct request *request)
{
	struct library_search *search = request->search;
	size_t count;
	const struct ld_cache_entry *entries = ld_cache_find(
		&search->cache, text_of(request->name), &count);
	for (int i = search->level; entries && i >= 0 && i < LD_LEVELS_MAX; i++) {
		if (try_cached(request, entries, count, i))
			return true;
	}
	if (entries && try_cached(request, entries, count, -1))
		return true;
	for (int i = LD_LEVELS_MAX - 1; entries && search->level < 0 && i >= 0; i--) {
		if (try_cached(request, entries, count, i))
			return true;
	}
	return false;
}

static bool by_conf(struct request *request)
{
	struct library_search *search = request->search;
	return !search->has_cache && !avoids_defaults(request) &&
	       try_directories(request, &search->conf, LIBRARY_CONF);
}

static bool by_default(struct request *request)
{
	return !avoids_defaults(request) &&
	       try_directories(request, &request->search->defaults, LIBRARY_DEFAULT);
}

/* musl: its path file takes the place of the default directories. */
static bool by_musl_path(struct request *request)
{
	struct library_search *search = request->search;
	if (search->conf.count)
		return try_directories(request, &search->conf, LIBRARY_CONF);
	return try_directories(request, &search->defaults, LIBRARY_DEFAULT);
}

static const rule_search glibc_rules[] = { by_first,   by_rpath, by_library_path,
	                                   by_runpath, by_cache, by_conf,
	                                   by_default, NULL };
static const rule_search musl_rules[] = { by_first, by_library_path, by_either_path,
	                                  by_musl_path, NULL };

/* A name with a slash is a path; glibc replaces tokens in it, musl does not. */
static bool search_name(struct request *request)
{
	struct library_search *search = request->search;
	const rule_search *rules = search->is_musl ? musl_rules : glibc_rules;
	bool inside = search->root->directory != NULL;
	if (strchr(request->name, '/'))
		return (!inside || *request->name == '/') &&
		       try_file(request, request->name, LIBRARY_PATH);
	for (; *rules; rules++) {
		if ((*rules)(request))
			return true;
	}
	return false;
}

int library_search_find(struct library_search *search, const struct libraries *libraries,
                        size_t needed_by, struct text name, struct library_found *ret)
{
	struct ld_tokens tokens = tokens_of(search, libraries->items[needed_by].origin);
	*ret = (struct library_found){ .rule = LIBRARY_NOT_FOUND };
	bool over = false;
	for (size_t variant = 0; variant < LIBRARY_LIBS_MAX && !over; variant++) {
		_cleanup_(strbuf_deinit) struct strbuf expanded = { 0 };
		if (search->is_musl && variant > 0)
			break;
		if (search->is_musl)
			strbuf_add(&expanded, name.at, name.size);
		else if (!ld_token_expand(name, &tokens, variant, &expanded))
			break;
		struct request request = { search, libraries, needed_by, expanded.at,
			                   ret };
		over = expanded.failed || !expanded.at ? out_of_memory(&request)
		                                       : search_name(&request);
	}
	if (ret->no_memory) {
		library_found_deinit(ret);
		return USDTINFO_E_MEMORY;
	}
	return ret->image != NULL;
}
