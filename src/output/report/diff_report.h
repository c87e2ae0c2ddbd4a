/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The report of diff: changes as findings, and as the text that diff -u has. */
#pragma once

#include "output/report/findings.h"
#include "rules/diff/diff.h"

/* findings.data of a report of this kind. Zero-initialise. */
struct diff_report {
	struct strbuf heading; /* the pair of files that stands above the last change */
	uint64_t hidden[CHANGE_KINDS];
	struct strbuf message;
};

/* finding.data */
struct diff_finding {
	struct change change;
	struct text path; /* the new file, or the old one where that is all */
	struct text old_path, new_path; /* not known: there is none */
};

extern const struct findings_kind diff_kind;

/* Tell a change in a sentence, which replaces what OUT holds. */
void change_sentence(const struct change *change, struct strbuf *out);
/* Hand a change over. Return: false when memory ran out */
bool diff_report_add(struct findings *findings, const struct diff_finding *finding);
void diff_report_deinit(struct diff_report *report);
