/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* From areas of notes to probes, one at a time, in storage that is used again. */
#include "probe/walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "probe/known/catalogue.h"
#include "probe/note/adjust.h"
#include "probe/site/site_bytes.h"

static int walk_next(struct usdtinfo_walk *walk, const struct usdtinfo_probe **probe_ret,
                     struct usdtinfo_error *err);

int usdtinfo_walk_open(struct usdtinfo_image *image, unsigned details,
                       struct usdtinfo_walk **walk_ret, struct usdtinfo_error *err)
{
	if (!image || !walk_ret)
		return fail(err, USDTINFO_E_ARGUMENT, "no image or result given");
	struct usdtinfo_walk *walk = calloc(1, sizeof(*walk));
	if (!walk)
		return fail_memory(err);
	walk->image = image;
	walk->details = details;
	if (details & (USDTINFO_DETAIL_SITE | DESCRIBED_DETAILS))
		walk->details |= USDTINFO_DETAIL_PLACE;
	if (details & USDTINFO_DETAIL_NAMES)
		walk->details |= USDTINFO_DETAIL_ARGUMENTS;
	*walk_ret = walk;
	return 0;
}

static void area_contents_deinit(struct area_contents *area)
{
	contents_deinit(&area->contents);
	relocations_deinit(&area->relocations);
}

void walk_deinit(struct usdtinfo_walk *walk)
{
	area_contents_deinit(&walk->contents);
	arguments_deinit(&walk->arguments);
	strbuf_deinit(&walk->recovered);
	strbuf_deinit(&walk->counter);
}

void usdtinfo_walk_close(struct usdtinfo_walk *walk)
{
	if (!walk)
		return;
	walk_deinit(walk);
	free(walk);
}

static int read_area(struct usdtinfo_image *image, const struct note_area *area,
                     struct area_contents *ret, struct usdtinfo_error *err)
{
	struct section section;
	int r = area->is_compressed && image_section(image, area->index, &section)
	                ? image_inflate(image, &section, &ret->contents, err)
	                : image_range(image, area->offset, area->size, &ret->contents,
	                              err);
	if (r < 0 || area->is_segment || image->header.e_type != ET_REL)
		return r;
	r = image_relocate(image, area->index, NULL, &ret->contents, &ret->relocations,
	                   err);
	if (r < 0)
		area_contents_deinit(ret);
	return r;
}

/*
 * The last area that had probes in a walk with a listener, which goes over all of them: most
 * objects have one, and the walk that follows starts with its bytes. A table of the image.
 */
struct held_notes {
	struct image_table table;
	struct area_contents contents;
	size_t area; /* of the image's areas */
};

static void held_notes_deinit(struct image_table *table)
{
	area_contents_deinit(&((struct held_notes *)table)->contents);
}

static const struct area_contents *held_contents(const struct usdtinfo_walk *walk)
{
	const struct held_notes *held =
		(const struct held_notes *)walk->image->tables[IMAGE_HELD_NOTES];
	return held && held->contents.contents.bytes.at && held->area == walk->area
	               ? &held->contents
	               : NULL;
}

/* Without memory for it the bytes are read again. */
static void hold_contents(struct usdtinfo_walk *walk)
{
	struct held_notes *held = image_table(walk->image, IMAGE_HELD_NOTES,
	                                      sizeof(*held), held_notes_deinit);
	if (!held || walk->open != &walk->contents)
		return;
	area_contents_deinit(&held->contents);
	held->contents = walk->contents;
	held->area = walk->area;
	walk->contents = (struct area_contents){ 0 };
}

/* Return: 1 when the area is open, 0 when there is nothing to be had from it, or an error. */
static int open_area(struct usdtinfo_walk *walk, struct usdtinfo_error *err)
{
	struct usdtinfo_image *image = walk->image;
	struct note_area *area = &image->areas[walk->area];
	struct walk_listener *listener = walk->listener;
	struct usdtinfo_error why;
	if (!area->may_have_probes)
		return 0;
	walk->open = held_contents(walk);
	if (!walk->open) {
		walk->open = &walk->contents;
		int r = read_area(image, area, &walk->contents, &why);
		/* Damage is a finding, for the listener; the walk goes on. */
		if (r < 0 && listener)
			listener->unreadable(listener, area, why.text);
		if (r < 0 && (listener || r == USDTINFO_E_DAMAGED))
			return 0;
		if (r < 0 && err)
			*err = why;
		if (r < 0)
			return r;
	}
	struct span bytes = walk->open->contents.bytes;
	/* Of a compressed section the header tells the alignment only once it is inflated. */
	struct section section;
	if (area->is_compressed && image_section(image, area->index, &section))
		area->alignment = section.header.sh_addralign;
	unsigned alignment = notes_alignment(bytes, area->alignment, image->big_endian);
	note_walk_init(&walk->notes, bytes, alignment, image->big_endian);
	if (listener)
		listener->area(listener, area, walk->open, alignment);
	walk->area_open = true;
	walk->area_probes = 0;
	return 1;
}

static void close_area(struct usdtinfo_walk *walk)
{
	/* A walk that is listened to goes over every note, so that later ones can pass over. */
	if (walk->listener)
		walk->image->areas[walk->area].may_have_probes = walk->area_probes != 0;
	if (walk->listener && walk->area_probes)
		hold_contents(walk);
	area_contents_deinit(&walk->contents);
	walk->area_open = false;
	walk->area++;
}

/* A copy with a NUL, where the bytes have none. */
static int recover_arguments(struct usdtinfo_walk *walk, struct descriptor *descriptor,
                             struct usdtinfo_error *err)
{
	strbuf_clear(&walk->recovered);
	strbuf_add(&walk->recovered, descriptor->arguments.at,
	           descriptor->arguments.size);
	if (walk->recovered.failed)
		return fail_memory(err);
	descriptor->arguments = strbuf_text(&walk->recovered);
	return 0;
}

static void read_site(struct usdtinfo_image *image, struct usdtinfo_probe *probe)
{
	unsigned char bytes[SITE_BYTES_MAX];
	probe->site = USDTINFO_SITE_UNAVAILABLE;
	probe->site_size = 0;
	if (!probe->file_offset.known)
		return;
	size_t size = image_peek(image, probe->file_offset.value, bytes, sizeof(bytes));
	if (size == 0)
		return;
	probe->site = site_classify(image->header.e_machine, image->big_endian, bytes,
	                            size, &probe->site_size);
	memcpy(probe->site_bytes, bytes, probe->site_size);
}

/* The syntax of an object's operands: a table of the image, once a string left it open. */
struct object_dialect {
	struct image_table table;
	bool is_known; /* every note was looked at */
	unsigned dialect;
};

static void object_dialect_deinit(struct image_table *table)
{
	/* It owns nothing. */
}

/* Return: what the arguments of all notes show; the last that is seen, 0 when none shows any */
static unsigned look_for_dialect(struct usdtinfo_image *image,
                                 const struct operand_context *context)
{
	struct usdtinfo_walk walk = { .image = image };
	const struct usdtinfo_probe *probe;
	unsigned found = 0;
	bool is_open;
	while (walk_next(&walk, &probe, NULL) > 0) {
		unsigned one = operand_dialect(context, probe->arguments_text, &is_open);
		if (one > found)
			found = one;
	}
	walk_deinit(&walk);
	return found;
}

/* Without memory to keep the answer, the machine's usual syntax is taken. */
static unsigned dialect_of(struct usdtinfo_image *image,
                           const struct operand_context *context)
{
	struct object_dialect *object = image_table(image, IMAGE_DIALECT, sizeof(*object),
	                                            object_dialect_deinit);
	if (object && !object->is_known) {
		object->is_known = true;
		object->dialect = look_for_dialect(image, context);
	}
	return object ? object->dialect : 0;
}

static int parse_arguments(struct usdtinfo_walk *walk, struct usdtinfo_error *err)
{
	struct usdtinfo_image *image = walk->image;
	struct usdtinfo_probe *probe = &walk->probe;
	struct operand_context context = operand_context(image);
	bool is_open;
	operand_dialect(&context, probe->arguments_text, &is_open);
	if (is_open)
		context.dialect = dialect_of(image, &context);
	int r = arguments_parse(&walk->arguments, &context, probe->arguments_text, err);
	if (r == 0)
		r = arguments_resolve(&walk->arguments, image, err);
	probe->arguments = walk->arguments.items;
	probe->argument_count = walk->arguments.count;
	return r;
}

static int fill_probe(struct usdtinfo_walk *walk, const struct note *note,
                      const struct descriptor *descriptor, struct usdtinfo_error *err)
{
	struct usdtinfo_image *image = walk->image;
	const struct note_area *area = &image->areas[walk->area];
	struct usdtinfo_probe *probe = &walk->probe;
	*probe = (struct usdtinfo_probe){
		.provider = descriptor->provider,
		.name = descriptor->name,
		.arguments_text = descriptor->arguments,
		.location_raw = descriptor->location,
		.base = descriptor->base,
		.semaphore_raw = { descriptor->semaphore != 0, descriptor->semaphore },
		.note_offset = area->offset + note->offset,
		.note_size = note->descriptor.left,
		.note_section = area->name,
		.note_area_index = area->index,
		.note_area_offset = area->offset,
		.note_area_size = area->size,
		.site = USDTINFO_SITE_UNAVAILABLE,
	};
	unsigned flaws;
	if (image->header.e_type == ET_REL) {
		const struct place place = {
			.relocations = &walk->open->relocations,
			.descriptor_offset = (uint64_t)(note->descriptor.at -
			                                walk->open->contents.bytes.at),
			.counter = &walk->counter,
		};
		flaws = adjust_relocatable(image, &place, probe);
	} else {
		flaws = adjust(image, probe);
	}
	walk->area_probes++;
	if (walk->listener)
		walk->listener->probe(walk->listener, probe, flaws);
	if (walk->details & USDTINFO_DETAIL_PLACE)
		adjust_places(image, probe);
	if (walk->details & USDTINFO_DETAIL_SITE)
		read_site(image, probe);
	if (walk->runtime_index < walk->runtime_count)
		probe->runtime = walk->runtimes[walk->runtime_index++];
	int r = walk->details & USDTINFO_DETAIL_ARGUMENTS ? parse_arguments(walk, err)
	                                                  : 0;
	if (r == 0 && walk->describe && walk->details & DESCRIBED_DETAILS)
		r = walk->describe(walk->describe_context, probe, walk->details, err);
	/* Last, since what the file itself tells is surer. */
	if (r == 0 && walk->details & USDTINFO_DETAIL_NAMES)
		catalogue_describe(probe, image->address_size);
	return r;
}

/* Return: 1 when a probe was made of the note, 0 when it is none, or an error. */
static int take_note(struct usdtinfo_walk *walk, const struct note *note,
                     struct usdtinfo_error *err)
{
	struct usdtinfo_image *image = walk->image;
	struct descriptor descriptor;
	if (walk->listener)
		walk->listener->note(walk->listener, &image->areas[walk->area], note);
	if (!text_equal(note->owner, text_of(STAPSDT_OWNER)) || note->type != NT_STAPSDT)
		return 0;
	descriptor_read(note->descriptor, image->address_size, image->big_endian,
	                &descriptor);
	if (walk->listener && descriptor.flaw != DESCRIPTOR_SOUND)
		walk->listener->descriptor(walk->listener, &image->areas[walk->area],
		                           note, &descriptor);
	if (descriptor.flaw == DESCRIPTOR_MALFORMED)
		return 0;
	int r = 0;
	if (descriptor.flaw == DESCRIPTOR_NOT_TERMINATED)
		r = recover_arguments(walk, &descriptor, err);
	if (r == 0)
		r = fill_probe(walk, note, &descriptor, err);
	return r < 0 ? r : 1;
}

/* Return: 1 when walk->probe is the next of the open area, 0 at its end, or an error. */
static int next_in_area(struct usdtinfo_walk *walk, struct usdtinfo_error *err)
{
	struct note note;
	const char *reason;
	int r;
	while ((r = note_walk_next(&walk->notes, &note, &reason)) > 0) {
		int taken = take_note(walk, &note, err);
		if (taken != 0)
			return taken;
	}
	if (r < 0 && walk->listener)
		walk->listener->broken(walk->listener, &walk->image->areas[walk->area],
		                       walk->notes.offset, reason);
	return 0;
}

static int walk_next(struct usdtinfo_walk *walk, const struct usdtinfo_probe **probe_ret,
                     struct usdtinfo_error *err)
{
	while (walk->area < walk->image->area_count) {
		int r = walk->area_open ? 1 : open_area(walk, err);
		if (r == 0) {
			walk->area++;
			continue;
		}
		if (r > 0)
			r = next_in_area(walk, err);
		if (r > 0)
			*probe_ret = &walk->probe;
		if (r != 0)
			return r;
		close_area(walk);
	}
	return 0;
}

int usdtinfo_walk_next(struct usdtinfo_walk *walk,
                       const struct usdtinfo_probe **probe_ret,
                       struct usdtinfo_error *err)
{
	/*
	 * What libelf and libdw cannot get or read they leave out without a word, and so do
	 * tables that are built on the way: errno tells.
	 */
	int saved = errno;
	errno = 0;
	int r = walk_next(walk, probe_ret, err);
	struct diagnostics *found = &walk->image->facts.diagnostics;
	diagnose_errno(found, errno);
	if (r == 0 && !found->has_error && image_shrank(walk->image))
		diagnose(found, DIAG_UNREADABLE, "the file shrank while it was read");
	errno = saved;
	return r;
}
