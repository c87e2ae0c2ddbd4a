/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The report of check: each requirement, met or not. */
#pragma once

#include "output/report/findings.h"

/* finding.data: texts are borrowed for the time of the call. */
struct check_finding {
	struct text
		requirement; /* as on the command line, without dashes: "require=app:work" */
	struct text path;    /* not known: of all files together */
	bool ok;
	enum usdtinfo_severity severity;
	struct text found;  /* what is there; not known: nothing to say */
	struct text reason; /* not known when it is met */
};

extern const struct findings_kind check_kind;
/* @subject: what the requirement is about: "app:work=2" */
void check_report_add(struct findings *findings, const struct check_finding *check,
                      const char *rule, struct text subject);
