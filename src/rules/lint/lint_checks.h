/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The functions behind the rules, for their table. */
#pragma once

#include "rules/lint/lint.h"

/* lint_set.c */
void lint_no_probes(struct lint *lint);
void lint_debug_file(struct lint *lint);
void lint_notes_mixed(struct lint *lint);
void lint_section_order(struct lint *lint);
void lint_arguments_differ(struct lint *lint);
void lint_duplicate_note(struct lint *lint, const struct set_probe *first, size_t count);
void lint_semaphores_differ(struct lint *lint, const struct set_probe *first,
                            size_t count);
void lint_several_semaphores(struct lint *lint);
/* lint_place.c */
void lint_base_apart(struct lint *lint, const struct lint_probe *probe);
void lint_location_unmapped(struct lint *lint, const struct lint_probe *probe);
void lint_location_not_executable(struct lint *lint, const struct lint_probe *probe);
void lint_note_allocated(struct lint *lint, const struct lint_probe *probe);
void lint_note_trailing_bytes(struct lint *lint, const struct lint_probe *probe);
void lint_note_section(struct lint *lint, const struct lint_probe *probe);
void lint_semaphore_not_file_backed(struct lint *lint, const struct lint_probe *probe);
void lint_semaphore_not_writable(struct lint *lint, const struct lint_probe *probe);
void lint_semaphore_unaligned(struct lint *lint, const struct lint_probe *probe);
void lint_semaphore_undefined(struct lint *lint, const struct lint_probe *probe);
void lint_site_is_breakpoint(struct lint *lint, const struct lint_probe *probe);
void lint_site_not_nop(struct lint *lint, const struct lint_probe *probe);
void lint_site_thumb(struct lint *lint, const struct lint_probe *probe);
/* lint_argument.c */
void lint_argument_by_value(struct lint *lint, const struct lint_probe *probe);
void lint_argument_floating_point(struct lint *lint, const struct lint_probe *probe);
void lint_argument_without_size(struct lint *lint, const struct lint_probe *probe);
void lint_name_not_portable(struct lint *lint, const struct lint_probe *probe);
void lint_operand_not_understood(struct lint *lint, const struct lint_probe *probe);
void lint_operand_unreadable(struct lint *lint, const struct lint_probe *probe);
void lint_operand_unresolvable(struct lint *lint, const struct lint_probe *probe);
void lint_too_many_arguments(struct lint *lint, const struct lint_probe *probe);
