/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* A file of a saved listing: its facts, its probes, what is wrong with it. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "output/list/fields.h"
#include "output/saved/read_parts.h"
#include "output/saved/read_record.h"

static bool read_record(struct listing *listing, const struct record *record,
                        struct json_object *from, struct arena *arena, void *to,
                        unsigned *details)
{
	struct record_reader reader = { .arena = arena };
	if (!record_read(&reader, record, from, to))
		return input_fail(&listing->input, "%s", reader.reason);
	if (details)
		*details = reader.details;
	return true;
}

static void add_diagnostic(struct listing *listing, struct json_object *from)
{
	struct diagnostics *list = &listing->facts.diagnostics;
	struct diagnostic found = { 0 };
	if (!read_record(listing, &diagnostic_record, from, &listing->file_arena, &found,
	                 NULL))
		return;
	if (!array_grow(&list->items, &list->room, list->count + 1,
	                sizeof(*list->items))) {
		input_fail(&listing->input, "out of memory");
		return;
	}
	list->items[list->count++] = found;
	list->has_error |= found.severity == USDTINFO_SEVERITY_ERROR;
}

static bool add_diagnostics(struct listing *listing, struct json_object *array)
{
	if (!json_object_is_type(array, json_type_array))
		return input_fail(&listing->input, "'diagnostics' is no array");
	for (size_t i = 0; i < json_object_array_length(array); i++)
		add_diagnostic(listing, json_object_array_get_idx(array, i));
	return !listing->input.failed;
}

void listing_begin_file(struct listing *listing)
{
	/* The list's texts are in the arena, which diagnostics_deinit() does not know. */
	free(listing->facts.diagnostics.items);
	listing->facts = (struct file_facts){ 0 };
	arena_clear(&listing->file_arena);
	json_object_put(listing->members);
	listing->members = NULL;
}

bool listing_set_facts(struct listing *listing, struct json_object *from)
{
	struct file_facts *facts = &listing->facts;
	struct diagnostics kept = facts->diagnostics;
	if (!read_record(listing, &file_record, from, &listing->file_arena, facts, NULL))
		return false;
	facts->diagnostics = kept;
	return facts->path.at || input_fail(&listing->input, "'path' is null");
}

bool listing_visit_file(struct listing *listing, enum place place)
{
	listing->place = place;
	listing->first = true;
	listing->listed++;
	struct object object = {
		.facts = &listing->facts,
		.source = &listing->source,
		.has_siblings = listing->has_siblings,
	};
	const struct usdtinfo_probe *probe;
	listing->result = listing->visit(listing->context, &object);
	while (listing->result == 0 && listing_next_probe(&listing->source, &probe) > 0)
		continue;
	return listing->result == 0 && !listing->input.failed;
}

static bool is_fact(const char *key)
{
	size_t size = strlen(key);
	if (size > 4 && strcmp(key + size - 4, "_hex") == 0)
		size -= 4;
	for (size_t i = 0; i < file_record.count; i++) {
		const char *fact = file_record.fields[i].key;
		if (strncmp(fact, key, size) == 0 && fact[size] == '\0')
			return true;
	}
	return false;
}

static bool has_all_facts(const struct listing *listing)
{
	for (size_t i = 0; i < file_record.count; i++) {
		const struct field *field = &file_record.fields[i];
		if (!(field->needs & ~FIELD_DETAILS) &&
		    !json_object_object_get_ex(listing->members, field->key, NULL))
			return false;
	}
	return true;
}

/* A member that is no array of probes. */
static bool read_fact(struct listing *listing, const char *key)
{
	_cleanup_(putp) struct json_object *value = NULL;
	bool is_diagnostics = strcmp(key, "diagnostics") == 0;
	if (!is_diagnostics && !is_fact(key))
		return input_skip(&listing->input);
	if (!input_value(&listing->input, &value))
		return false;
	if (is_diagnostics)
		return add_diagnostics(listing, value);
	if (json_object_object_add(listing->members, key, steal_ptr(value)) < 0)
		return input_fail(&listing->input, "out of memory");
	return true;
}

/* What stands in the file behind its probes. */
static void read_rest(struct listing *listing)
{
	struct input *input = &listing->input;
	bool first = false;
	while (input_item(input, &first, '}')) {
		_cleanup_(putp) struct json_object *key = NULL;
		if (!input_key(input, &key) ||
		    !read_fact(listing, json_object_get_string(key)))
			return;
	}
}

struct file_walk {
	bool visited, aside;
	struct input_mark probes; /* where they stand, when they were passed over */
};

static bool read_probes(struct listing *listing, struct file_walk *walk)
{
	struct input *input = &listing->input;
	if (!has_all_facts(listing)) {
		input_peek(input);
		walk->aside = true;
		walk->probes = input_mark(input);
		return input_skip(input);
	}
	walk->visited = true;
	return listing_set_facts(listing, listing->members) && input_expect(input, '[') &&
	       listing_visit_file(listing, PLACE_IN_FILE);
}

static bool visit_aside(struct listing *listing, const struct file_walk *walk)
{
	struct input *input = &listing->input;
	struct input_mark here = input_mark(input);
	if (!listing_set_facts(listing, listing->members))
		return false;
	if (!walk->aside)
		return listing_visit_file(listing, PLACE_DONE);
	return input_seek(input, walk->probes) && input_expect(input, '[') &&
	       listing_visit_file(listing, PLACE_ASIDE) && input_seek(input, here);
}

static bool read_file(struct listing *listing)
{
	struct input *input = &listing->input;
	struct file_walk walk = { 0 };
	bool first = true;
	listing_begin_file(listing);
	listing->members = json_object_new_object();
	if (!listing->members)
		return input_fail(input, "out of memory");
	if (!input_expect(input, '{'))
		return false;
	while (!walk.visited && input_item(input, &first, '}')) {
		_cleanup_(putp) struct json_object *key = NULL;
		if (!input_key(input, &key))
			return false;
		const char *name = json_object_get_string(key);
		bool good = strcmp(name, "probes") == 0 ? read_probes(listing, &walk)
		                                        : read_fact(listing, name);
		if (!good)
			return false;
	}
	return !input->failed && (walk.visited || visit_aside(listing, &walk));
}

bool listing_read_files(struct listing *listing)
{
	struct input *input = &listing->input;
	bool first = true;
	if (!input_expect(input, '['))
		return false;
	while (input_item(input, &first, ']')) {
		if (!read_file(listing))
			return false;
	}
	return !input->failed;
}

/* ---- probes ---- */

static int give_probe(struct listing *listing, struct json_object *from,
                      const struct usdtinfo_probe **probe_ret)
{
	struct usdtinfo_probe *probe = &listing->probe;
	arena_clear(&listing->probe_arena);
	*probe = (struct usdtinfo_probe){ .site = USDTINFO_SITE_UNAVAILABLE };
	if (!read_record(listing, &probe_record, from, &listing->probe_arena, probe,
	                 &probe->details))
		return 0;
	if (!probe->provider.at || !probe->name.at || !probe->arguments_text.at) {
		input_fail(&listing->input, "a probe whose names are null");
		return 0;
	}
	*probe_ret = probe;
	return 1;
}

static int next_of_array(struct listing *listing, const struct usdtinfo_probe **probe_ret)
{
	_cleanup_(putp) struct json_object *value = NULL;
	struct input *input = &listing->input;
	if (input_item(input, &listing->first, ']'))
		return input_value(input, &value) ? give_probe(listing, value, probe_ret)
		                                  : 0;
	if (!input->failed && listing->place == PLACE_IN_FILE)
		read_rest(listing);
	return 0;
}

static bool is_of_file(struct listing *listing, struct json_object *record)
{
	struct record_reader reader = { .arena = &listing->probe_arena };
	static const struct field path = {
		.key = "path",
		.type = FIELD_TEXT,
	};
	static const struct record of_file = { "record", sizeof(struct text), false,
		                               &path, 1 };
	struct text text = { 0 };
	return record_read(&reader, &of_file, record, &text) &&
	       text_equal(text, listing->facts.path);
}

static int next_of_records(struct listing *listing,
                           const struct usdtinfo_probe **probe_ret)
{
	struct input *input = &listing->input;
	while (input_peek(input) >= 0) {
		_cleanup_(putp) struct json_object *value = NULL;
		if (!input_value(input, &value))
			return 0;
		struct text record = member_text(value, "record");
		bool is_probe = text_equal(record, text_of("probe"));
		if (!is_probe && !text_equal(record, text_of("diagnostic"))) {
			listing->pending = steal_ptr(value);
			return 0;
		}
		if (!is_of_file(listing, value)) {
			input_fail(input, "a %s of another file than the record before",
			           record.at);
			return 0;
		}
		if (is_probe)
			return give_probe(listing, value, probe_ret);
		add_diagnostic(listing, value);
	}
	return 0;
}

int listing_next_probe(struct probe_source *source,
                       const struct usdtinfo_probe **probe_ret)
{
	struct listing *listing = (struct listing *)source;
	int r = 0;
	if (listing->place == PLACE_RECORDS)
		r = next_of_records(listing, probe_ret);
	else if (listing->place != PLACE_DONE)
		r = next_of_array(listing, probe_ret);
	if (r == 0)
		listing->place = PLACE_DONE;
	return r;
}
