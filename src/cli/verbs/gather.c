/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Files and their probes, gathered from what operands name. */
#include "cli/verbs/gather.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "debug/site.h"
#include "find/find.h"
#include "find/tree/tree.h"

#define DETAILS (USDTINFO_DETAIL_PLACE | USDTINFO_DETAIL_ARGUMENTS)

static int read_probes(struct gather *gather, const struct object *object,
                       struct side_file *file, struct usdtinfo_error *err)
{
	struct probe_walk *walk = NULL;
	struct usdtinfo_sites *sites = NULL;
	const struct usdtinfo_probe *probe;
	unsigned details = DETAILS;
	int r = 0;
	if (gather->with_functions && object->image) {
		details |= USDTINFO_DETAIL_FUNCTION;
		r = usdtinfo_sites_open(object->image, &sites, err);
		if (r == 0) {
			sites->reading = &gather->reading;
			debug_reading_add(sites->reading, object->image->size);
		}
	}
	if (r == 0)
		r = object_walk_open(object, details, &walk, err);
	if (r == 0 && sites)
		usdtinfo_walk_describe(object_walk_image(walk), sites);
	while (r >= 0 && (r = object_walk_next(walk, &probe, err)) > 0) {
		if (!gather->match ||
		    match_probe(gather->match, probe->provider, probe->name))
			r = set_add(&file->set, probe, gather->side->count - 1, err);
	}
	object_walk_close(walk);
	usdtinfo_sites_close(sites);
	return r;
}

/* "libx.a(dir/x.o)", of a thin one "libx.a[dir/x.o]": the member. */
static char *member_key(const char *label)
{
	size_t size = strlen(label);
	return size >= 2 ? strndup(label + 1, size - 2) : strdup(label);
}

static char *make_key(const struct gather *gather, const struct object *object)
{
	const struct file_facts *facts = object->facts;
	size_t size = strlen(gather->operand);
	const char *path = facts->path.at;
	struct text member = facts_in_package(facts);
	if (object->source)
		return strdup(path);
	if (member.at)
		return strdup(member.at);
	if (strncmp(path, gather->operand, size) != 0)
		return strdup(gather->in_directory || facts->archive.at ? path : "");
	if (gather->in_directory)
		return strdup(path + size + strspn(path + size, "/"));
	return facts->archive.at ? member_key(path + size) : strdup("");
}

int gather_visit(void *context, const struct object *object)
{
	struct gather *gather = context;
	const struct file_facts *facts = object->facts;
	struct usdtinfo_error err;
	if (!object->image && !object->source) {
		report_file(gather->report, facts);
		return 0;
	}
	int r = gather->before ? gather->before(gather->context, object) : 0;
	if (r != 0)
		return r;
	_cleanup_(freep) char *key = make_key(gather, object);
	struct side_file *file = key ? side_add(gather->side, facts, key) : NULL;
	if (!file)
		return USDTINFO_E_MEMORY;
	gather->side->is_listing |= object->source != NULL;
	r = read_probes(gather, object, file, &err);
	if (r < 0)
		report_trouble(gather->report, facts->path, text_of(err.text));
	/* Of a listing the facts stand only now. */
	report_file(gather->report, facts);
	return r == USDTINFO_E_MEMORY ? r : 0;
}

int gather_path(struct gather *gather, const char *path, struct side *side)
{
	/* Files are paired by their names, so each name counts. */
	long online = sysconf(_SC_NPROCESSORS_ONLN);
	struct tree_options options = {
		.workers = online > 0 ? (unsigned)online : 1,
		.all_links = true,
		.visit_empty = true,
	};
	gather->side = side;
	gather->operand = path;
	gather->in_directory = strcmp(path, "-") != 0 &&
	                       root_is_directory(gather->finder.root, path);
	gather->finder.tree = &options;
	int r = find_objects(&gather->finder, path, gather_visit, gather);
	gather->finder.tree = NULL;
	return r;
}
