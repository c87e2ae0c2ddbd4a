/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* State, base state and diagnostics of an image, from one walk over its notes. */
#include "probe/survey.h"

#include <inttypes.h>
#include <stdlib.h>

#include "probe/note/adjust.h"
#include "probe/note/old_format.h"
#include "probe/walk.h"

#define NT_GNU_BUILD_ID_TYPE 3

/* What is counted to be said once a file instead of once a probe. */
struct survey {
	struct walk_listener listener;
	struct usdtinfo_image *image;
	uint64_t probes, locations_unmapped, semaphores_unmapped;
	uint64_t fell_back, moved, bases_zero, bases_recorded;
	int64_t delta;      /* of the first that moved */
	bool has_dialect;   /* an argument shows the syntax of the object */
	uint64_t ambiguous; /* arguments that mean another thing in another */
};

static const char *area_name(const struct note_area *area)
{
	return area->name.at ? area->name.at : "a PT_NOTE segment";
}

static void hear_unreadable(struct walk_listener *listener, const struct note_area *area,
                            const char *reason)
{
	struct survey *survey = (struct survey *)listener;
	diagnose(&survey->image->facts.diagnostics, DIAG_SECTION_UNREADABLE, "%s: %s",
	         area_name(area), reason);
}

static void survey_relocations(struct survey *survey, const struct note_area *area,
                               const struct relocations *relocations)
{
	struct diagnostics *list = &survey->image->facts.diagnostics;
	if (relocations->damaged)
		diagnose(list, DIAG_RELOCATION_DAMAGED,
		         "%s: %" PRIu64 " relocations cannot be applied: %s",
		         area_name(area), relocations->damaged, relocations->damage);
	if (relocations->unknown)
		diagnose(
			list, DIAG_RELOCATION_UNKNOWN,
			"%s: %" PRIu64
			" relocations are of types that are not known for this machine, the first of type %" PRIu32
			" at 0x%" PRIx64 ": those words are as stored",
			area_name(area), relocations->unknown,
			relocations->first_unknown.type,
			relocations->first_unknown.offset);
}

static void hear_area(struct walk_listener *listener, const struct note_area *area,
                      const struct area_contents *contents, unsigned alignment)
{
	struct survey *survey = (struct survey *)listener;
	struct diagnostics *list = &survey->image->facts.diagnostics;
	survey_relocations(survey, area, &contents->relocations);
	if (area->is_compressed)
		diagnose(list, DIAG_SECTION_COMPRESSED,
		         "%s is compressed, and was inflated", area_name(area));
	if (area->alignment == 8 && alignment == 4)
		diagnose(list, DIAG_NOTE_ALIGNMENT,
		         "%s declares an alignment of 8 but its notes are padded to 4",
		         area_name(area));
}

static void keep_build_id(struct usdtinfo_image *image, struct span bytes)
{
	static const char digits[] = "0123456789abcdef";
	if (image->build_id || bytes.left == 0 || bytes.left > 64)
		return;
	image->build_id = malloc(bytes.left * 2 + 1);
	if (!image->build_id)
		return;
	for (size_t i = 0; i < bytes.left; i++) {
		image->build_id[2 * i] = digits[bytes.at[i] >> 4];
		image->build_id[2 * i + 1] = digits[bytes.at[i] & 15];
	}
	image->build_id[bytes.left * 2] = '\0';
	image->facts.build_id = (struct text){ image->build_id, bytes.left * 2 };
}

static void hear_note(struct walk_listener *listener, const struct note_area *area,
                      const struct note *note)
{
	struct survey *survey = (struct survey *)listener;
	if (note->type == NT_GNU_BUILD_ID_TYPE && text_equal(note->owner, text_of("GNU")))
		keep_build_id(survey->image, note->descriptor);
	if (note->type != NT_STAPSDT && text_equal(note->owner, text_of(STAPSDT_OWNER)))
		diagnose(&survey->image->facts.diagnostics, DIAG_NOTE_VERSION,
		         "%s: note at file offset 0x%" PRIx64 ": version %" PRIu32
		         " is not supported, only 3 is known",
		         area_name(area), area->offset + note->offset, note->type);
}

static void hear_descriptor(struct walk_listener *listener, const struct note_area *area,
                            const struct note *note, const struct descriptor *descriptor)
{
	struct survey *survey = (struct survey *)listener;
	static const enum diagnostic_code codes[] = {
		[DESCRIPTOR_NOT_TERMINATED] = DIAG_NOTE_NOT_TERMINATED,
		[DESCRIPTOR_TRAILING_BYTES] = DIAG_NOTE_TRAILING_BYTES,
		[DESCRIPTOR_MALFORMED] = DIAG_NOTE_MALFORMED,
	};
	diagnose(&survey->image->facts.diagnostics, codes[descriptor->flaw],
	         "%s: note at file offset 0x%" PRIx64 ": %s", area_name(area),
	         area->offset + note->offset, descriptor->reason);
}

/* The first string that shows the object's syntax decides, so that most are not looked at. */
static void count_ambiguous(struct survey *survey, struct text arguments)
{
	bool is_open;
	if (survey->has_dialect || !arguments.size)
		return;
	const struct operand_context context = operand_context(survey->image);
	survey->has_dialect = operand_dialect(&context, arguments, &is_open) != 0;
	if (is_open)
		survey->ambiguous += operand_count_ambiguous(&context, arguments);
}

static void hear_probe(struct walk_listener *listener, const struct usdtinfo_probe *probe,
                       unsigned flaws)
{
	struct survey *survey = (struct survey *)listener;
	survey->probes++;
	survey->locations_unmapped += (flaws & ADJUST_LOCATION_UNMAPPED) != 0;
	survey->semaphores_unmapped += (flaws & ADJUST_SEMAPHORE_UNMAPPED) != 0;
	survey->fell_back += (flaws & ADJUST_FELL_BACK) != 0;
	if (probe->base_delta != 0 && survey->moved++ == 0)
		survey->delta = probe->base_delta;
	if (probe->base == 0)
		survey->bases_zero++;
	else
		survey->bases_recorded++;
	count_ambiguous(survey, probe->arguments_text);
}

static void hear_broken(struct walk_listener *listener, const struct note_area *area,
                        uint64_t offset, const char *reason)
{
	struct survey *survey = (struct survey *)listener;
	diagnose(&survey->image->facts.diagnostics, DIAG_NOTE_MALFORMED,
	         "%s: at file offset 0x%" PRIx64 ": %s", area_name(area),
	         area->offset + offset, reason);
}

/* What a count does to the words after it. */
static const char *s_of(uint64_t count)
{
	return count == 1 ? "" : "s";
}

static const char *are_of(uint64_t count)
{
	return count == 1 ? "is" : "are";
}

static void judge_base(const struct survey *survey)
{
	struct usdtinfo_image *image = survey->image;
	struct diagnostics *list = &image->facts.diagnostics;
	enum usdtinfo_base_state state = USDTINFO_BASE_PRESENT;
	/* Nothing has an address before it is linked, so that a base of 0 says nothing. */
	bool is_linked = image->header.e_type != ET_REL;
	if (!image->base.name)
		state = USDTINFO_BASE_MISSING;
	else if (survey->bases_zero && is_linked)
		state = USDTINFO_BASE_ZERO;
	image->facts.base_state = text_of(usdtinfo_base_state_name(state));
	if (!is_linked)
		return;
	if (state == USDTINFO_BASE_MISSING && survey->bases_recorded)
		diagnose(
			list, DIAG_BASE_MISSING,
			".stapsdt.base was removed: whether the file moved since it was linked is unknown, locations are taken as stored");
	else if (state == USDTINFO_BASE_MISSING && survey->bases_zero)
		diagnose(
			list, DIAG_BASE_MISSING,
			"the linker dropped .stapsdt.base: locations are taken as stored, which is right unless the file was moved since; gdb and perf miss these probes");
	else if (state == USDTINFO_BASE_ZERO)
		diagnose(
			list, DIAG_BASE_ZERO,
			"%" PRIu64
			" note%s with base 0 although .stapsdt.base is there: locations are taken as stored",
			survey->bases_zero, s_of(survey->bases_zero));
}

static void judge_addresses(const struct survey *survey)
{
	struct diagnostics *list = &survey->image->facts.diagnostics;
	const char *part = survey->image->header.e_type == ET_REL ? "section" : "segment";
	bool negative = survey->delta < 0;
	uint64_t size = negative ? -(uint64_t)survey->delta : (uint64_t)survey->delta;
	if (survey->moved)
		diagnose(list, DIAG_BASE_MOVED,
		         ".stapsdt.base moved by %s0x%" PRIx64 ": %" PRIu64
		         " location%s %s corrected",
		         negative ? "-" : "", size, survey->moved, s_of(survey->moved),
		         are_of(survey->moved));
	if (survey->fell_back)
		diagnose(list, DIAG_BASE_MOVED,
		         ".stapsdt.base moved, but %" PRIu64
		         " location%s %s code only as stored: not corrected there",
		         survey->fell_back, s_of(survey->fell_back),
		         are_of(survey->fell_back));
	if (survey->locations_unmapped)
		diagnose(list, DIAG_LOCATION_UNMAPPED,
		         "%" PRIu64 " location%s %s in no executable %s",
		         survey->locations_unmapped, s_of(survey->locations_unmapped),
		         are_of(survey->locations_unmapped), part);
	if (survey->semaphores_unmapped)
		diagnose(
			list, DIAG_SEMAPHORE_UNMAPPED,
			"%" PRIu64
			" semaphore%s %s in no writable %s with bytes in the file: the kernel cannot count there",
			survey->semaphores_unmapped, s_of(survey->semaphores_unmapped),
			are_of(survey->semaphores_unmapped), part);
}

static void judge_dialect(const struct survey *survey)
{
	if (survey->has_dialect || !survey->ambiguous)
		return;
	diagnose(
		&survey->image->facts.diagnostics, DIAG_ARGUMENT_AMBIGUOUS,
		"%" PRIu64
		" argument%s %s memory in AT&T syntax, but constant in Intel's: nothing in the file shows which it is, AT&T's is taken",
		survey->ambiguous, s_of(survey->ambiguous), are_of(survey->ambiguous));
}

/* Without probes: were they never there, or taken away? */
static enum usdtinfo_state judge_absence(struct usdtinfo_image *image)
{
	struct diagnostics *list = &image->facts.diagnostics;
	if (image->section_count == 0 && image->header.e_shoff != 0)
		return USDTINFO_STATE_DAMAGED;
	if (image->section_count == 0) {
		diagnose(list, DIAG_NO_SECTION_HEADERS,
		         "there are no section headers: probe notes cannot be found");
		return USDTINFO_STATE_NO_SECTION_HEADERS;
	}
	unsigned version = old_format_version(image);
	if (version) {
		diagnose(
			list, DIAG_PROBES_OLD_FORMAT,
			".probes holds probes of version %u, of before 2010, which only SystemTap reads",
			version);
		return USDTINFO_STATE_NO_PROBES;
	}
	bool has_counters = image->probes.name && image->probes.header.sh_size != 0;
	if (image->area_count && image->has_stapsdt_section)
		return USDTINFO_STATE_NO_PROBES;
	/* What dtrace -G writes holds the counters of probes that other objects have. */
	if (image->header.e_type == ET_REL && !image->base.name)
		return USDTINFO_STATE_NO_PROBES;
	if (!image->base.name && !has_counters)
		return USDTINFO_STATE_NO_PROBES;
	/* A note brings the base along; counters can be linked without one that uses them. */
	diagnose(list, DIAG_NOTES_STRIPPED,
	         "probe notes were stripped%s: %s%s%s left behind",
	         image->base.name ? "" : ", or no probe uses its semaphore",
	         image->base.name ? ".stapsdt.base" : "",
	         image->base.name && has_counters ? " and " : "",
	         has_counters ? ".probes" : "");
	return USDTINFO_STATE_NOTES_STRIPPED;
}

void image_survey(struct usdtinfo_image *image)
{
	static const struct walk_listener listener = {
		.unreadable = hear_unreadable,
		.area = hear_area,
		.note = hear_note,
		.descriptor = hear_descriptor,
		.probe = hear_probe,
		.broken = hear_broken,
	};
	if (image->surveyed)
		return;
	image->surveyed = true;
	struct survey survey = { .listener = listener, .image = image };
	struct usdtinfo_walk walk = { .image = image, .listener = &survey.listener };
	const struct usdtinfo_probe *probe;
	struct usdtinfo_error err;
	int r;
	while ((r = usdtinfo_walk_next(&walk, &probe, &err)) > 0)
		;
	if (r < 0)
		diagnose(&image->facts.diagnostics, DIAG_UNREADABLE, "%s", err.text);
	walk_deinit(&walk);
	image->probe_count = survey.probes;
	judge_base(&survey);
	judge_addresses(&survey);
	judge_dialect(&survey);
	image->facts.state = survey.probes ? USDTINFO_STATE_OK : judge_absence(image);
	if (image->facts.diagnostics.has_error &&
	    image->facts.state != USDTINFO_STATE_NO_SECTION_HEADERS)
		image->facts.state = USDTINFO_STATE_DAMAGED;
	diagnostics_finish(&image->facts.diagnostics);
}

enum usdtinfo_state usdtinfo_image_state(struct usdtinfo_image *image)
{
	image_survey(image);
	return image->facts.state;
}

enum usdtinfo_base_state usdtinfo_image_base_state(struct usdtinfo_image *image)
{
	image_survey(image);
	for (unsigned state = USDTINFO_BASE_PRESENT; state <= USDTINFO_BASE_ZERO;
	     state++) {
		if (image->facts.base_state.at == usdtinfo_base_state_name(state))
			return (enum usdtinfo_base_state)state;
	}
	return USDTINFO_BASE_MISSING;
}

uint64_t usdtinfo_image_probe_count(struct usdtinfo_image *image)
{
	image_survey(image);
	return image->probe_count;
}

const char *usdtinfo_image_build_id(struct usdtinfo_image *image)
{
	image_survey(image);
	return image->build_id;
}

size_t usdtinfo_image_diagnostic_count(struct usdtinfo_image *image)
{
	image_survey(image);
	return image->facts.diagnostics.count;
}

enum usdtinfo_severity usdtinfo_image_diagnostic(struct usdtinfo_image *image,
                                                 size_t index, const char **code_ret,
                                                 const char **message_ret)
{
	image_survey(image);
	const struct diagnostics *list = &image->facts.diagnostics;
	const struct diagnostic *found = index < list->count ? &list->items[index] : NULL;
	if (code_ret)
		*code_ret = found ? found->code.at : NULL;
	if (message_ret)
		*message_ret = found ? found->message.at : NULL;
	return found ? found->severity : USDTINFO_SEVERITY_INFO;
}
