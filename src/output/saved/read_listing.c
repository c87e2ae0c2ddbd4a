/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Saved listings: their documents and records, taken apart. */
#include "output/saved/read_listing.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "output/list/fields.h"
#include "output/list/writer.h"
#include "output/saved/read_parts.h"
#include "output/saved/read_record.h"
#include "output/stream/document.h"

static bool fail_foreign(struct listing *listing, const char *fmt, const char *detail)
{
	listing->foreign = !listing->input.failed;
	return input_fail(&listing->input, fmt, detail);
}

/* ---- the header ---- */

static bool check_header(struct listing *listing, const char *key,
                         struct json_object *value)
{
	bool is_text = json_object_is_type(value, json_type_string);
	const char *text = is_text ? json_object_get_string(value) : "";
	if (strcmp(key, "format") == 0) {
		listing->is_ours = strcmp(text, "usdtinfo") == 0;
		return listing->is_ours ||
		       fail_foreign(listing, "its format is '%s', not usdtinfo", text);
	}
	if (strcmp(key, "version") == 0) {
		int64_t version = json_object_get_int64(value);
		char number[32];
		snprintf(number, sizeof(number), "%" PRId64, version);
		listing->has_version = true;
		if (!json_object_is_type(value, json_type_int) || version < 1)
			return input_fail(&listing->input, "'version' is no number");
		return version <= DOCUMENT_VERSION ||
		       fail_foreign(listing,
		                    "version %s is newer than this usdtinfo reads",
		                    number);
	}
	if (strcmp(key, "kind") == 0) {
		listing->has_kind = strcmp(text, "list") == 0;
		return listing->has_kind ||
		       fail_foreign(listing, "of kind '%s', not a listing", text);
	}
	if (strcmp(key, "record") == 0)
		listing->is_records = strcmp(text, "header") == 0;
	return true;
}

static bool has_header(const struct listing *listing)
{
	return listing->is_ours && listing->has_version && listing->has_kind;
}

static bool require_header(struct listing *listing)
{
	return has_header(listing) ||
	       fail_foreign(listing, "not a listing of usdtinfo%s", "");
}

/* ---- the summary ---- */

/* What else it tells is counted anew, and one that was edited is no damage. */
static void read_summary(struct listing *listing, struct json_object *summary)
{
	struct summary counted = { 0 };
	struct record_reader reader = { 0 };
	if (record_read(&reader, &summary_record, summary, &counted))
		listing->counted = counted.files;
}

static void end_document(struct listing *listing)
{
	if (listing->unlisted && listing->counted > listing->listed)
		*listing->unlisted += listing->counted - listing->listed;
	listing->listed = listing->counted = 0;
}

/* ---- documents and records ---- */

/* The next record, that which was read ahead first. Return: false at the end */
static bool next_record(struct listing *listing, struct json_object **ret)
{
	*ret = steal_ptr(listing->pending);
	if (*ret)
		return true;
	return input_peek(&listing->input) >= 0 && input_value(&listing->input, ret);
}

static bool check_header_record(struct listing *listing, struct json_object *record)
{
	static const char *const keys[] = { "format", "version", "kind" };
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		struct json_object *value = NULL;
		if (json_object_object_get_ex(record, keys[i], &value) &&
		    !check_header(listing, keys[i], value))
			return false;
	}
	return true;
}

static bool read_records(struct listing *listing)
{
	struct input *input = &listing->input;
	struct json_object *next;
	bool ended = false;
	while (!input->failed && next_record(listing, &next)) {
		_cleanup_(putp) struct json_object *record = next;
		struct text kind = member_text(record, "record");
		if (text_equal(kind, text_of("file"))) {
			listing_begin_file(listing);
			if (!listing_set_facts(listing, record) ||
			    !listing_visit_file(listing, PLACE_RECORDS))
				return false;
		} else if (text_equal(kind, text_of("header"))) {
			if (!check_header_record(listing, record))
				return false;
		} else if (text_equal(kind, text_of("probe")) ||
		           text_equal(kind, text_of("diagnostic"))) {
			return input_fail(input, "a %s without its file before it",
			                  kind.at);
		}
		ended = text_equal(kind, text_of("summary"));
		if (ended) {
			read_summary(listing, record);
			end_document(listing);
		}
	}
	return ended || input_fail(input, "it ends without its summary");
}

static bool read_document(struct listing *listing)
{
	struct input *input = &listing->input;
	struct input_mark files = { 0 };
	bool first = true, has_files = false;
	listing->is_ours = listing->has_version = listing->has_kind = false;
	if (!input_expect(input, '{'))
		return false;
	while (input_item(input, &first, '}')) {
		_cleanup_(putp) struct json_object *key = NULL, *value = NULL;
		if (!input_key(input, &key))
			return false;
		const char *name = json_object_get_string(key);
		bool is_files = strcmp(name, "files") == 0, good;
		bool is_summary = strcmp(name, "summary") == 0;
		if (is_files && has_header(listing)) {
			has_files = true;
			good = listing_read_files(listing);
		} else if (is_files) {
			input_peek(input);
			files = input_mark(input);
			good = input_skip(input);
		} else if (is_summary) {
			good = input_value(input, &value);
			read_summary(listing, value);
		} else if (input_peek(input) == '{' || input_peek(input) == '[') {
			good = input_skip(input);
		} else {
			good = input_value(input, &value) &&
			       check_header(listing, name, value);
		}
		if (!good)
			return false;
	}
	if (input->failed || !require_header(listing))
		return false;
	if (listing->is_records)
		return read_records(listing);
	struct input_mark here = input_mark(input);
	if (!has_files && !files.line)
		return input_fail(input, "a listing without 'files'");
	return has_files || (input_seek(input, files) && listing_read_files(listing) &&
	                     input_seek(input, here));
}

/* What went wrong, as an object of the listing's own name. */
static int visit_failure(struct listing *listing, struct usdtinfo_image *image)
{
	struct file_facts facts = {
		.path = image->facts.path,
		.state = listing->foreign ? USDTINFO_STATE_NOT_ELF
		                          : USDTINFO_STATE_DAMAGED,
	};
	diagnose(&facts.diagnostics,
	         listing->foreign ? DIAG_LISTING_FOREIGN : DIAG_LISTING_DAMAGED, "%s",
	         listing->input.reason);
	int r = listing->visit(listing->context, &(struct object){ .facts = &facts });
	diagnostics_deinit(&facts.diagnostics);
	return r;
}

static int visit_unread(struct listing *listing, struct usdtinfo_image *image)
{
	struct file_facts facts = {
		.path = image->facts.path,
		.state = USDTINFO_STATE_UNREADABLE,
	};
	diagnose(&facts.diagnostics, DIAG_LIBRARY_MISSING,
	         "a saved listing needs json-c: %s", strerror(ELIBACC));
	int r = listing->visit(listing->context, &(struct object){ .facts = &facts });
	diagnostics_deinit(&facts.diagnostics);
	return r;
}

/*
 * Whether the listing holds more than one file, by the summary at its end. Where that is not
 * to be seen the answer is yes: names of files then stand in what is shown.
 */
static bool has_several(struct usdtinfo_image *image)
{
	static const char key[] = "\"files\":";
	struct usdtinfo_error err;
	char tail[400];
	uint64_t from = image->size > sizeof(tail) - 1 ? image->size - sizeof(tail) + 1
	                                               : 0;
	if (image->rest_fd >= 0)
		return true;
	int64_t got = image_listing_read(image, from, tail, sizeof(tail) - 1, &err);
	tail[got > 0 ? got : 0] = '\0';
	const char *at = strstr(tail, "\"summary\""),
		   *files = at ? strstr(at, key) : NULL;
	return !files || strtoull(files + sizeof(key) - 1, NULL, 10) != 1;
}

int listing_visit(struct usdtinfo_image *image, object_visit visit, void *context,
                  uint64_t *unlisted)
{
	struct listing *listing = calloc(1, sizeof(*listing));
	int r = USDTINFO_E_MEMORY;
	if (!listing)
		return r;
	listing->source.next = listing_next_probe;
	listing->visit = visit;
	listing->context = context;
	listing->unlisted = unlisted;
	listing->has_siblings = has_several(image);
	errno = 0;
	if (!input_init(&listing->input, image) && errno == ELIBACC) {
		r = visit_unread(listing, image);
	} else if (listing->input.tokener) {
		while (read_document(listing)) {
			end_document(listing);
			if (input_peek(&listing->input) < 0)
				break;
		}
		r = listing->result;
		if (r == 0 && listing->input.failed)
			r = visit_failure(listing, image);
	}
	listing_begin_file(listing);
	json_object_put(listing->pending);
	arena_deinit(&listing->file_arena);
	arena_deinit(&listing->probe_arena);
	input_deinit(&listing->input);
	free(listing);
	return r;
}
