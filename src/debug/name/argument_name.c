/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Names of arguments: the variable, or the part of one, that is where an operand reads. */
#include "debug/name/argument_name.h"

#include <string.h>

#include "base/error.h"
#include "debug/name/match.h"
#include "debug/name/trace.h"

static struct text copy(struct arena *arena, const struct strbuf *buf)
{
	return buf->at ? arena_text(arena, buf->at, buf->size) : (struct text){ 0 };
}

/* Return: false when memory ran out */
static bool spell_match(const struct name_context *context,
                        const struct variable_match *match, struct text *name_ret,
                        struct text *c_type_ret)
{
	struct strbuf spelling = { 0 };
	bool is_spelled = type_spell(&match->type, match->pointers, &spelling);
	*name_ret = copy(context->arena, &match->name);
	*c_type_ret = is_spelled ? copy(context->arena, &spelling) : (struct text){ 0 };
	bool enough = !spelling.failed && name_ret->at && (!is_spelled || c_type_ret->at);
	strbuf_deinit(&spelling);
	return enough;
}

static int set_name(const struct name_context *context,
                    const struct variable_matches *matches,
                    struct usdtinfo_argument *argument, struct usdtinfo_error *err)
{
	argument->name_source = text_of("dwarf");
	return spell_match(context, &matches->items[0], &argument->name,
	                   &argument->c_type)
	               ? 0
	               : fail_memory(err);
}

static int set_candidates(const struct name_context *context,
                          const struct variable_matches *matches,
                          struct usdtinfo_argument *argument, struct usdtinfo_error *err)
{
	if (matches->count == 0)
		return 0;
	argument->candidates = arena_take(context->arena,
	                                  matches->count * sizeof(*argument->candidates));
	if (!argument->candidates)
		return fail_memory(err);
	for (size_t i = 0; i < matches->count; i++) {
		struct name_candidate *candidate =
			&argument->candidates[argument->candidate_count++];
		if (!spell_match(context, &matches->items[i], &candidate->name,
		                 &candidate->c_type))
			return fail_memory(err);
	}
	return 0;
}

static void merge_doubtful(struct variable_matches *ret,
                           struct variable_matches *doubtful)
{
	for (size_t i = 0; ret->count == 0 && i < doubtful->count; i++)
		ret->items[i] = doubtful->items[i];
	ret->failed |= doubtful->failed;
	if (ret->count == 0) {
		ret->count = doubtful->count;
		ret->is_sure = false;
		return;
	}
	matches_deinit(doubtful);
}

/* The variables that hold the value at the site; else those that it was copied from before. */
static void find_matches(const struct name_context *context,
                         const struct usdtinfo_argument *argument,
                         struct variable_matches *ret)
{
	struct variable_matches doubtful = { 0 };
	struct view view;
	*ret = (struct variable_matches){ .is_sure = true };
	bool is_place = match_operand(context, argument, ret, &doubtful, &view);
	if (ret->count == 0 && context->code && is_place)
		trace_view(context, &view,
		           &(struct wanted){ argument->size, argument->is_signed,
		                             argument->is_float },
		           ret);
	merge_doubtful(ret, &doubtful);
}

int argument_name(const struct name_context *context, struct usdtinfo_argument *argument,
                  struct usdtinfo_error *err)
{
	struct variable_matches matches;
	find_matches(context, argument, &matches);
	int r;
	if (matches.failed)
		r = fail_memory(err);
	else if (matches.count == 1 && matches.is_sure)
		r = set_name(context, &matches, argument, err);
	else
		r = set_candidates(context, &matches, argument, err);
	matches_deinit(&matches);
	return r;
}
