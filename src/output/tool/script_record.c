/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What a script keeps of probes: names and arguments, and what all of a name have. */
#include "output/tool/script_record.h"

#include "output/list/operand_text.h"

int script_record_compare(const void *a, const void *b)
{
	const struct script_record *left = a, *right = b;
	int order = text_compare(left->probe.provider, right->probe.provider);
	return order ? order : text_compare(left->probe.name, right->probe.name);
}

static bool keep_text(struct arena *arena, struct text *text)
{
	if (!text->at)
		return true;
	*text = arena_text(arena, text->at, text->size);
	return text->at;
}

/* What is left of a probe once the walk has gone on. */
static bool keep_probe(struct arena *arena, struct usdtinfo_probe *probe)
{
	const struct usdtinfo_argument *from = probe->arguments;
	size_t count = probe->argument_count;
	probe->arguments = arena_take(arena, (count + 1) * sizeof(*probe->arguments));
	if (!probe->arguments || !keep_text(arena, &probe->provider) ||
	    !keep_text(arena, &probe->name))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct usdtinfo_argument *argument = &probe->arguments[i];
		*argument = (struct usdtinfo_argument){
			.number = from[i].number,
			.size = from[i].size,
			.is_signed = from[i].is_signed,
			.is_float = from[i].is_float,
			.type = from[i].type,
			.name = from[i].name,
			.c_type = from[i].c_type,
		};
		if (!keep_text(arena, &argument->type) ||
		    !keep_text(arena, &argument->name) ||
		    !keep_text(arena, &argument->c_type))
			return false;
	}
	probe->source = NULL;
	probe->source_count = 0;
	return true;
}

/* "in main+0x4, at main.c:12", or what of it is known. */
bool script_record_place(struct arena *arena, const struct usdtinfo_probe *probe,
                         struct text *ret)
{
	struct strbuf place = { 0 };
	if (probe->function.at) {
		strbuf_add_string(&place, "in ");
		strbuf_add_text(&place, probe->function);
		strbuf_add_char(&place, '+');
		strbuf_add_hex(&place, probe->function_offset.value);
	}
	if (probe->source_count) {
		strbuf_add_string(&place, place.size ? ", at " : "at ");
		source_describe(&probe->source[0], &place);
	}
	bool good = !place.failed;
	if (good && place.size) {
		*ret = arena_text(arena, place.at, place.size);
		good = ret->at;
	}
	strbuf_deinit(&place);
	return good;
}

/* A name that two sites give differently is none, and the wider value holds both. */
static void merge_argument(struct usdtinfo_argument *kept,
                           const struct usdtinfo_argument *other)
{
	bool other_name = other->name.at && !text_equal(kept->name, other->name);
	bool other_type = other->c_type.at && !text_equal(kept->c_type, other->c_type);
	if ((kept->name.at && other_name) || (kept->c_type.at && other_type)) {
		kept->name = (struct text){ 0 };
		kept->c_type = (struct text){ 0 };
	}
	/* Types are static texts, or those of the first site. */
	if (other->size > kept->size) {
		kept->size = other->size;
		kept->type = text_of("of several sizes");
	}
	kept->is_signed |= other->is_signed;
	kept->is_float |= other->is_float;
}

void script_record_merge(struct script_record *record, const struct usdtinfo_probe *probe,
                         const struct tracer_verdict *verdict)
{
	uint64_t lost = record->verdict.lost | verdict->lost;
	struct usdtinfo_probe *kept = &record->probe;
	record->differ |= kept->argument_count != probe->argument_count;
	if (probe->argument_count < kept->argument_count)
		kept->argument_count = probe->argument_count;
	for (size_t i = 0; i < kept->argument_count; i++)
		merge_argument(&kept->arguments[i], &probe->arguments[i]);
	if (verdict->status < record->verdict.status)
		record->verdict = *verdict;
	record->verdict.lost = lost;
	record->place = (struct text){ 0 };
}

struct script_record *script_record_new(struct arena *arena,
                                        const struct usdtinfo_probe *probe)
{
	struct script_record *record = arena_take(arena, sizeof(*record));
	if (!record)
		return NULL;
	*record = (struct script_record){ .probe = *probe };
	if (!script_record_place(arena, probe, &record->place) ||
	    !keep_probe(arena, &record->probe))
		return NULL;
	return record;
}
