/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Rules about a file as a whole. */
#include "rules/lint_checks.h"

void lint_no_probes(struct lint *lint)
{
	/* A diagnostic would say what else was found; of archives, most members have none. */
	if (lint->facts->state == USDTINFO_STATE_NO_PROBES && !lint->facts->archive.at &&
	    !lint->facts->diagnostics.count)
		lint_say(lint, "the file has no probes");
}

void lint_debug_file(struct lint *lint)
{
	if (lint->is_debug_file && lint->image->probe_count)
		lint_say(lint, "this is a separate debug file: tracers need the file "
		               "that it was "
		               "split from, and only that can be judged whole");
}

void lint_notes_mixed(struct lint *lint)
{
	if (lint->file.foreign_notes && lint->image->probe_count)
		lint_say(lint, "other notes stand among those of the probes: libbpf "
		               "finds none of "
		               "these probes");
}

void lint_section_order(struct lint *lint)
{
	if (lint->file.traits & TRAIT(SECTION_ORDER) && lint->image->probe_count &&
	    !lint->is_relocatable)
		lint_say(lint,
		         "code, .probes and .note.stapsdt do not follow each other in "
		         "this order: BCC, and bpftrace before 0.25, find no probes");
}
