/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The survey: one look at every note of an image before any probe is shown, so that its
 * state, its diagnostics and its counts stand when a report begins.
 */
#pragma once

#include <stdint.h>

#include "elf/image.h"
#include "elf/notes.h"
#include "probe/descriptor.h"
#include "probe/probe.h"

/* What is counted to be said once a file instead of once a probe. */
struct survey {
	struct usdtinfo_image *image;
	uint64_t probes, probes_before_area, locations_unmapped, semaphores_unmapped;
	uint64_t fell_back, moved, bases_zero, bases_recorded;
	int64_t delta; /* of the first that moved */
};

/*
 * image_survey - run it, unless it was run: sets state, base state, counts, build-id
 *
 * What is wrong becomes a diagnostic of the file; nothing is an error.
 */
void image_survey(struct usdtinfo_image *image);

/* What a walk tells a survey as it goes. */
void survey_unreadable(struct survey *survey, const struct note_area *area,
                       const char *reason);
void survey_area(struct survey *survey, const struct note_area *area,
                 const struct contents *contents, unsigned alignment);
void survey_note(struct survey *survey, const struct note_area *area,
                 const struct note *note);
void survey_descriptor(struct survey *survey, const struct note_area *area,
                       const struct note *note, const struct descriptor *descriptor);
void survey_probe(struct survey *survey, const struct usdtinfo_probe *probe,
                  unsigned flaws);
void survey_broken(struct survey *survey, const struct note_area *area, uint64_t offset,
                   const char *reason);
/* Return: whether the area that ends here had probes */
bool survey_area_end(struct survey *survey);
