/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Rules about where a probe, its note and its semaphore are. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "probe/site/site_bytes.h"
#include "rules/lint/lint_checks.h"

/* Before linking nothing has its place; a debug file has no bytes. */
static bool has_places(const struct lint *lint)
{
	return !lint->is_relocatable && !lint->is_debug_file;
}

static const struct segment *location_segment(const struct lint *lint,
                                              const struct lint_probe *probe)
{
	return segments_find(&lint->image->segments, probe->probe->location.value);
}

void lint_base_apart(struct lint *lint, const struct lint_probe *probe)
{
	if (has_places(lint) && probe->traits & TRAIT(BASE_APART))
		lint_say_probe(
			lint, probe,
			"perf would put its breakpoint elsewhere than at file offset 0x%" PRIx64
			", into other code",
			probe->probe->file_offset.value);
}

void lint_location_unmapped(struct lint *lint, const struct lint_probe *probe)
{
	const struct usdtinfo_probe *p = probe->probe;
	uint64_t offset;
	if (!has_places(lint) || !p->location.known)
		return;
	const struct segment *segment = location_segment(lint, probe);
	if (!segment)
		lint_say_probe(lint, probe, "the location is in no segment");
	else if (!segment_offset(segment, p->location.value, &offset))
		lint_say_probe(lint, probe, "the file holds no bytes at the location");
}

void lint_location_not_executable(struct lint *lint, const struct lint_probe *probe)
{
	if (!has_places(lint) || !probe->probe->location.known)
		return;
	const struct segment *segment = location_segment(lint, probe);
	if (segment && !(segment->flags & PF_X))
		lint_say_probe(lint, probe, "the location is in a segment without code");
}

void lint_note_allocated(struct lint *lint, const struct lint_probe *probe)
{
	if (probe->traits & TRAIT(NOTE_ALLOCATED))
		lint_say_probe(
			lint, probe,
			"its note is in a section that is loaded: perf does not find it");
}

void lint_note_section(struct lint *lint, const struct lint_probe *probe)
{
	if (lint->is_relocatable)
		return;
	if (probe->traits & TRAIT(NOTE_ELSEWHERE))
		lint_say_probe(
			lint, probe,
			"its note is in no section called .note.stapsdt: perf, BCC, libbpf and LTTng do not find it");
	else if (probe->traits & TRAIT(NOTE_LATER))
		lint_say_probe(
			lint, probe,
			"its note is not in the first section called .note.stapsdt: perf, libbpf and LTTng do not find it");
}

void lint_note_trailing_bytes(struct lint *lint, const struct lint_probe *probe)
{
	if (probe->traits & TRAIT(NOTE_TRAILING))
		lint_say_probe(
			lint, probe,
			"its note at file offset 0x%" PRIx64
			" goes on behind the arguments: gdb, SystemTap and BCC reject it",
			probe->probe->note_offset);
}

static const struct segment *semaphore_segment(const struct lint *lint,
                                               const struct lint_probe *probe)
{
	return segments_find(&lint->image->segments, probe->probe->semaphore.value);
}

void lint_semaphore_not_file_backed(struct lint *lint, const struct lint_probe *probe)
{
	uint64_t offset, address = probe->probe->semaphore.value;
	if (!has_places(lint) || !probe->probe->semaphore.known)
		return;
	const struct segment *segment = semaphore_segment(lint, probe);
	if (!segment)
		lint_say_probe(lint, probe,
		               "its semaphore at 0x%" PRIx64 " is in no segment",
		               address);
	else if (!segment_offset(segment, address, &offset) ||
	         !segment_offset(segment, address + 1, &offset))
		lint_say_probe(
			lint, probe,
			"its semaphore at 0x%" PRIx64
			" has no bytes in the file, so the kernel cannot count there",
			address);
}

void lint_semaphore_not_writable(struct lint *lint, const struct lint_probe *probe)
{
	if (!has_places(lint) || !probe->probe->semaphore.known)
		return;
	const struct segment *segment = semaphore_segment(lint, probe);
	if (segment && !(segment->flags & PF_W))
		lint_say_probe(lint, probe,
		               "its semaphore at 0x%" PRIx64 " is in a read-only segment",
		               probe->probe->semaphore.value);
}

void lint_semaphore_unaligned(struct lint *lint, const struct lint_probe *probe)
{
	if (!lint->is_relocatable && probe->traits & TRAIT(SEMAPHORE_ODD))
		lint_say_probe(lint, probe,
		               "its semaphore is at the odd address 0x%" PRIx64,
		               probe->probe->semaphore.value);
}

static int compare(const void *key, const void *member)
{
	return text_compare(*(const struct text *)key, *(const struct text *)member);
}

void lint_semaphore_undefined(struct lint *lint, const struct lint_probe *probe)
{
	const struct usdtinfo_probe *p = probe->probe;
	if (!lint->undefined_count)
		return;
	strbuf_clear(&lint->message);
	strbuf_add(&lint->message, p->provider.at, p->provider.size);
	strbuf_add_char(&lint->message, '_');
	strbuf_add(&lint->message, p->name.at, p->name.size);
	strbuf_add_string(&lint->message, "_semaphore");
	struct text name = strbuf_text(&lint->message);
	lint->out_of_memory |= lint->message.failed;
	if (bsearch(&name, lint->undefined, lint->undefined_count,
	            sizeof(*lint->undefined), compare))
		lint_say_probe(
			lint, probe,
			"its semaphore %.*s is defined in another object, and the note cannot lead there",
			(int)name.size, name.at);
}

/* "0f 1f 44 00 ..." */
static const char *bytes_text(const struct usdtinfo_probe *probe, char *buf, size_t size)
{
	size_t used = 0;
	*buf = '\0';
	for (size_t i = 0; i < probe->site_size && i < 8 && used + 4 < size; i++)
		used += (size_t)snprintf(buf + used, size - used, "%s%02x", i ? " " : "",
		                         probe->site_bytes[i]);
	return buf;
}

void lint_site_is_breakpoint(struct lint *lint, const struct lint_probe *probe)
{
	char bytes[32];
	if (probe->probe->site == USDTINFO_SITE_BREAKPOINT)
		lint_say_probe(lint, probe,
		               "the file holds a breakpoint (%s) where a nop should be",
		               bytes_text(probe->probe, bytes, sizeof(bytes)));
}

void lint_site_not_nop(struct lint *lint, const struct lint_probe *probe)
{
	char bytes[32];
	if (probe->probe->site == USDTINFO_SITE_OTHER &&
	    !(probe->traits & TRAIT(LOCATION_UNMAPPED)) &&
	    site_machine_known(lint->image->header.e_machine))
		lint_say_probe(lint, probe, "there is no nop at the location, but %s",
		               bytes_text(probe->probe, bytes, sizeof(bytes)));
}

void lint_site_thumb(struct lint *lint, const struct lint_probe *probe)
{
	if (probe->traits & TRAIT(THUMB))
		lint_say_probe(
			lint, probe,
			"the site is Thumb code, where the kernel sets no uprobes");
}
