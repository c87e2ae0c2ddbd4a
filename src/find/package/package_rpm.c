/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
#include "find/package/package_rpm.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"

#define LEAD_SIZE    96
#define INTRO_SIZE   16
#define ENTRY_SIZE   16
#define HEADER_MAGIC "\x8e\xad\xe8\1"
#define GHOST        (1u << 6) /* a file that the package owns, but does not have */

/* The tags of a list of files, and how its values are stored. */
enum tag {
	TAG_MODES,
	TAG_FLAGS,
	TAG_DEVICES,
	TAG_INODES,
	TAG_DIRECTORY_INDEXES,
	TAG_NAMES,
	TAG_DIRECTORIES,
	TAG_SIZES,
	TAGS
};
enum type {
	TYPE_INT16 = 3,
	TYPE_INT32 = 4,
	TYPE_INT64 = 5,
	TYPE_STRINGS = 8
};
static const struct {
	uint32_t tag;
	enum type type;
} tags[TAGS] = {
	[TAG_MODES] = { 1030, TYPE_INT16 },
	[TAG_FLAGS] = { 1037, TYPE_INT32 },
	[TAG_DEVICES] = { 1095, TYPE_INT32 },
	[TAG_INODES] = { 1096, TYPE_INT32 },
	[TAG_NAMES] = { 1117, TYPE_STRINGS },
	[TAG_DIRECTORY_INDEXES] = { 1116, TYPE_INT32 },
	[TAG_SIZES] = { 5008, TYPE_INT64 },
	[TAG_DIRECTORIES] = { 1118, TYPE_STRINGS },
};

struct array {
	bool is_there;
	uint32_t offset, count;
	struct span bytes; /* from the first value on */
};

struct rpm_files {
	struct strbuf data; /* of the header */
	struct array arrays[TAGS];
	struct rpm_file *files;
	const char **directories;
	size_t count;
};

struct rpm {
	struct rpm_files files; /* none, unless the payload needs them */
	bool is_met;            /* the payload */
};

/* ---- headers ---------------------------------------------------------------------- */

struct rpm_header {
	uint32_t entries, size; /* of the index, of the data behind it */
};

/* Return: 0, or a failure */
static int take_intro(struct level *level, struct rpm_header *ret)
{
	struct span span;
	int r = source_peek(level, INTRO_SIZE, &span);
	if (r < 0)
		return r;
	if (span.left < INTRO_SIZE ||
	    memcmp(span.at, HEADER_MAGIC, sizeof(HEADER_MAGIC) - 1) != 0)
		return level_fail(level, "a header is damaged");
	span_skip(&span, INTRO_SIZE / 2);
	span_u32(&span, true, &ret->entries);
	span_u32(&span, true, &ret->size);
	source_take(level, INTRO_SIZE);
	return 0;
}

static int take_index(struct level *level, const struct rpm_header *header,
                      struct array arrays[TAGS])
{
	for (uint32_t i = 0; i < header->entries; i++) {
		struct span span;
		uint32_t tag, type, offset, count;
		int r = source_peek(level, ENTRY_SIZE, &span);
		if (r < 0)
			return r;
		if (!span_u32(&span, true, &tag) || !span_u32(&span, true, &type) ||
		    !span_u32(&span, true, &offset) || !span_u32(&span, true, &count))
			return level_fail(level, "it ends within a header");
		source_take(level, ENTRY_SIZE);
		for (size_t t = 0; t < TAGS; t++) {
			if (tags[t].tag == tag && tags[t].type == type)
				arrays[t] = (struct array){ true, offset, count, { 0 } };
		}
	}
	return 0;
}

static int take_data(struct level *level, uint32_t size, struct strbuf *data)
{
	if (size > PACKAGE_RPM_HEADER_MAX)
		return level_stop(
			level, "its header is larger than 64 MiB: it was not unpacked");
	while (size) {
		int r = source_fill(level);
		if (r <= 0)
			return r < 0 ? r : level_fail(level, "it ends within a header");
		size_t part = level->left < size ? level->left : size;
		strbuf_add(data, level->next, part);
		source_take(level, part);
		size -= (uint32_t)part;
	}
	return data->failed ? USDTINFO_E_MEMORY : 0;
}

/* ---- the list of files ---------------------------------------------------------------- */

static bool find_array(struct rpm_files *files, enum tag tag)
{
	struct array *array = &files->arrays[tag];
	array->bytes = (struct span){ (unsigned char *)files->data.at, files->data.size };
	static const unsigned sizes[] = {
		[TYPE_INT16] = 2, [TYPE_INT32] = 4, [TYPE_INT64] = 8, [TYPE_STRINGS] = 1
	};
	return array->is_there && span_skip(&array->bytes, array->offset) &&
	       array->count <= array->bytes.left / sizes[tags[tag].type];
}

/* The arrays of one value a file are as long as each other. */
static bool find_arrays(struct rpm_files *files)
{
	static const enum tag needed[] = { TAG_MODES, TAG_DIRECTORY_INDEXES, TAG_NAMES,
		                           TAG_SIZES };
	files->count = files->arrays[TAG_NAMES].count;
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		if (!find_array(files, needed[i]) ||
		    files->arrays[needed[i]].count != files->count)
			return false;
	}
	return find_array(files, TAG_DIRECTORIES);
}

static uint32_t value32(const struct rpm_files *files, enum tag tag, size_t index)
{
	struct span span = files->arrays[tag].bytes;
	uint32_t value = 0;
	if (span_skip(&span, index * sizeof(value)))
		span_u32(&span, true, &value);
	return value;
}

static bool set_directories(struct rpm_files *files)
{
	struct array *array = &files->arrays[TAG_DIRECTORIES];
	for (uint32_t i = 0; i < array->count; i++) {
		struct text text;
		if (!span_cstr(&array->bytes, &text))
			return false;
		files->directories[i] = text.at;
	}
	return true;
}

static bool set_file(struct rpm_files *files, size_t index)
{
	struct rpm_file *file = &files->files[index];
	struct array *arrays = files->arrays;
	uint32_t directory = value32(files, TAG_DIRECTORY_INDEXES, index);
	struct text name;
	uint16_t mode;
	if (!span_cstr(&arrays[TAG_NAMES].bytes, &name) ||
	    !span_u16(&arrays[TAG_MODES].bytes, true, &mode) ||
	    !span_u64(&arrays[TAG_SIZES].bytes, true, &file->stored) ||
	    directory >= arrays[TAG_DIRECTORIES].count)
		return false;
	file->directory = files->directories[directory];
	file->name = name.at;
	file->mode = mode;
	/* What is neither has no contents, whatever size the header tells. */
	if (!S_ISREG(mode) && !S_ISLNK(mode))
		file->stored = 0;
	return true;
}

struct link {
	uint64_t file; /* device and inode */
	size_t index;
};

static int compare_links(const void *a, const void *b)
{
	const struct link *x = a, *y = b;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

/* Of the names that are links to one file, the last has the contents. */
static int empty_links(struct rpm_files *files)
{
	static const enum tag needed[] = { TAG_DEVICES, TAG_INODES, TAG_FLAGS };
	size_t count = 0;
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		if (!find_array(files, needed[i]) ||
		    files->arrays[needed[i]].count != files->count)
			return 0;
	}
	_cleanup_(freep) struct link *links = calloc(files->count + 1, sizeof(*links));
	if (!links)
		return USDTINFO_E_MEMORY;
	for (size_t i = 0; i < files->count; i++) {
		uint64_t device = value32(files, TAG_DEVICES, i);
		if (S_ISREG(files->files[i].mode) &&
		    !(value32(files, TAG_FLAGS, i) & GHOST))
			links[count++] = (struct link){
				device << 32 | value32(files, TAG_INODES, i), i
			};
	}
	qsort(links, count, sizeof(*links), compare_links);
	for (size_t i = 1; i < count; i++) {
		if (links[i].file == links[i - 1].file)
			files->files[links[i - 1].index].stored = 0;
	}
	return 0;
}

static int list_files(struct level *level, struct rpm_files *files)
{
	if (!find_arrays(files))
		return level_fail(level, "the list of files in its header is damaged");
	size_t directories = files->arrays[TAG_DIRECTORIES].count;
	if (files->count > PACKAGE_RPM_FILES_MAX || directories > PACKAGE_RPM_FILES_MAX)
		return level_stop(
			level, "it has more than a million files: it was not unpacked");
	files->files = calloc(files->count + 1, sizeof(*files->files));
	files->directories = calloc(directories + 1, sizeof(*files->directories));
	if (!files->files || !files->directories)
		return USDTINFO_E_MEMORY;
	bool is_sound = set_directories(files);
	for (size_t i = 0; is_sound && i < files->count; i++)
		is_sound = set_file(files, i);
	if (!is_sound)
		return level_fail(level, "the list of files in its header is damaged");
	return empty_links(files);
}

const struct rpm_files *rpm_files(const struct level *payload)
{
	const struct level *level = payload->parent;
	while (level && level->reader == &compression_reader)
		level = level->parent;
	if (!level || level->kind != PACKAGE_RPM)
		return NULL;
	const struct rpm *rpm = level->state;
	return rpm->files.files ? &rpm->files : NULL;
}

bool rpm_file(const struct rpm_files *files, uint64_t index, struct rpm_file *ret)
{
	if (index >= files->count)
		return false;
	*ret = files->files[index];
	return true;
}

/* ---- the package ----------------------------------------------------------------------- */

static void close_rpm(struct level *level)
{
	struct rpm *rpm = level->state;
	strbuf_deinit(&rpm->files.data);
	free(rpm->files.files);
	free(rpm->files.directories);
	free(rpm);
}

/* The signature's header, which is padded, and the package's own. */
static int take_headers(struct level *level)
{
	struct rpm *rpm = level->state;
	struct rpm_header header;
	int r = source_skip(level, LEAD_SIZE);
	if (r == 0)
		r = take_intro(level, &header);
	if (r == 0)
		r = source_skip(level, (uint64_t)header.entries * ENTRY_SIZE +
		                               header.size + -header.size % 8);
	if (r == 0)
		r = take_intro(level, &header);
	if (r == 0)
		r = take_index(level, &header, rpm->files.arrays);
	if (r < 0)
		return r;
	/* Sizes of 64 bits stand only where the payload has none. */
	if (!rpm->files.arrays[TAG_SIZES].is_there)
		return source_skip(level, header.size);
	r = take_data(level, header.size, &rpm->files.data);
	return r < 0 ? r : list_files(level, &rpm->files);
}

static int open_rpm(struct level *level)
{
	level->state = calloc(1, sizeof(struct rpm));
	if (!level->state)
		return USDTINFO_E_MEMORY;
	int r = take_headers(level);
	if (r < 0)
		close_rpm(level);
	return r;
}

static int next_in_rpm(struct level *level, struct member *member)
{
	struct rpm *rpm = level->state;
	if (rpm->is_met)
		return LEVEL_END;
	rpm->is_met = true;
	member->name = "payload";
	member->is_package = true;
	return LEVEL_MEMBER;
}

static ssize_t read_in_rpm(struct level *level, void *buf, size_t size)
{
	return source_read(level, buf, size);
}

const struct level_reader rpm_reader = {
	.open = open_rpm,
	.next = next_in_rpm,
	.read = read_in_rpm,
	.close = close_rpm,
	.is_transparent = true,
};
