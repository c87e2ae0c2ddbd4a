/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Requirements: read, and held against files. */
#include "rules/check/require.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "rules/set/nearest.h"

const char *const require_names[] = {
	[REQUIRE_PROBES] = "require",
	[REQUIRE_NONE] = "forbid",
	[REQUIRE_MIN] = "min-probes",
	[REQUIRE_ARGUMENTS] = "args",
	NULL,
};
_Static_assert(ARRAY_SIZE(require_names) == REQUIRE_KINDS + 1, "a kind without a name");

static bool parse_count(const char *text, uint64_t *ret)
{
	uint64_t value = 0;
	if (!*text)
		return false;
	for (; *text; text++) {
		unsigned digit = (unsigned char)*text - '0';
		if (digit > 9 || value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*ret = value;
	return true;
}

static int add_pattern(struct requirement *requirement, const char *end,
                       struct usdtinfo_error *err)
{
	size_t size = end ? (size_t)(end - requirement->text) : strlen(requirement->text);
	_cleanup_(freep) char *pattern = strndup(requirement->text, size);
	if (!pattern)
		return fail_memory(err);
	return match_add(&requirement->match, pattern, err);
}

static int parse_text(struct requirement *requirement, struct usdtinfo_error *err)
{
	const char *text = requirement->text, *equals = NULL;
	size_t size;
	requirement->least = 1;
	switch (requirement->kind) {
	case REQUIRE_MIN:
		if (!parse_count(text, &requirement->least))
			return fail(err, USDTINFO_E_ARGUMENT, "'%s' is no number", text);
		return 0;
	case REQUIRE_PROBES:
		equals = strrchr(text, '=');
		if (equals && !parse_count(equals + 1, &requirement->least))
			return fail(err, USDTINFO_E_ARGUMENT,
			            "'%s' is no number of probes", equals + 1);
		break;
	case REQUIRE_ARGUMENTS:
		equals = strchr(text, '=');
		if (!equals)
			return fail(err, USDTINFO_E_ARGUMENT,
			            "'%s' is no [PROVIDER:]NAME=TYPE,...", text);
		requirement->signature = equals + 1;
		const char *fault = signature_fault(equals + 1, &size);
		if (fault)
			return fail(
				err, USDTINFO_E_ARGUMENT,
				"'%.*s' is no type: int8 to uint64, float, double, 'long double', bytesN, ptr or *",
				(int)size, fault);
		break;
	default:
		break;
	}
	return add_pattern(requirement, equals, err);
}

int requirement_parse(enum require_kind kind, const char *text, struct requirement *ret,
                      struct usdtinfo_error *err)
{
	struct requirement requirement = { .kind = kind, .text = strdup(text) };
	if (!requirement.text)
		return fail_memory(err);
	int r = parse_text(&requirement, err);
	if (r < 0)
		requirement_deinit(&requirement);
	else
		*ret = requirement;
	return r;
}

void requirement_deinit(struct requirement *requirement)
{
	free(requirement->text);
	match_deinit(&requirement->match);
	*requirement = (struct requirement){ 0 };
}

void verdict_deinit(struct verdict *verdict)
{
	strbuf_deinit(&verdict->found);
	strbuf_deinit(&verdict->reason);
}

/* ---- signatures ---- */

static bool is_type(struct text type)
{
	static const char *const types[] = {
		"int8",   "int16", "int32",  "int64",       "uint8", "uint16", "uint32",
		"uint64", "float", "double", "long double", "ptr",   "*",
	};
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (text_equal(type, text_of(types[i])))
			return true;
	}
	if (type.size <= 5 || memcmp(type.at, "bytes", 5) != 0)
		return false;
	for (size_t i = 5; i < type.size; i++) {
		if (type.at[i] < '0' || type.at[i] > '9')
			return false;
	}
	return true;
}

const char *signature_fault(const char *wanted, size_t *size_ret)
{
	if (!*wanted)
		return NULL;
	for (;;) {
		size_t size = strcspn(wanted, ",");
		if (!is_type((struct text){ wanted, size })) {
			*size_ret = size;
			return wanted;
		}
		if (!wanted[size])
			return NULL;
		wanted += size + 1;
	}
}

static bool type_matches(struct text wanted, struct text type, unsigned word)
{
	if (text_equal(wanted, text_of("*")))
		return true;
	if (!text_equal(wanted, text_of("ptr")))
		return text_equal(wanted, type);
	return (word != 8 && text_equal(type, text_of("uint32"))) ||
	       (word != 4 && text_equal(type, text_of("uint64")));
}

/* Up to the next comma, and over it. Return: whether there was one */
static bool next_type(struct text *rest, struct text *type_ret)
{
	const char *comma = rest->size ? memchr(rest->at, ',', rest->size) : NULL;
	*type_ret = *rest;
	if (!comma)
		return false;
	type_ret->size = (size_t)(comma - rest->at);
	rest->at += type_ret->size + 1;
	rest->size -= type_ret->size + 1;
	return true;
}

bool signature_matches(const char *wanted, struct text signature, unsigned word)
{
	struct text rest = text_of(wanted), a, b;
	bool more_wanted = true, more = true;
	if (!rest.size || !signature.size)
		return rest.size == signature.size;
	while (more && more_wanted) {
		more_wanted = next_type(&rest, &a);
		more = next_type(&signature, &b);
		if (!type_matches(a, b, word))
			return false;
	}
	return more == more_wanted;
}

/* ---- judging ---- */

/* What was counted over all files. */
struct requirement_tally {
	const struct requirement *requirement;
	struct verdict *verdict;
	uint64_t probes, matching, wrong;
	struct nearest nearest;
	const struct set_probe *first;    /* that matches */
	const struct side_file *stripped; /* the first whose notes are gone */
};

static void add_count(struct strbuf *out, uint64_t count)
{
	if (count)
		strbuf_addf(out, "%" PRIu64 " probe%s", count, count == 1 ? "" : "s");
	else
		strbuf_add_string(out, "no probe");
}

/* Signatures that were not wanted, each once as long as they follow each other. */
static void add_signature(struct strbuf *out, struct text signature)
{
	struct text text = signature.size ? signature : text_of("none");
	struct text have = strbuf_text(out);
	if (have.size >= text.size &&
	    memcmp(have.at + have.size - text.size, text.at, text.size) == 0 &&
	    (have.size == text.size || have.at[have.size - text.size - 1] == ' '))
		return;
	strbuf_add_string(out, have.size ? " | " : "");
	strbuf_add(out, text.at, text.size);
}

static void tally_probe(struct requirement_tally *tally, const struct set_probe *probe,
                        unsigned word)
{
	const struct requirement *requirement = tally->requirement;
	if (!tally->first)
		tally->first = probe;
	tally->matching++;
	if (requirement->kind == REQUIRE_ARGUMENTS &&
	    !signature_matches(requirement->signature, probe->signature, word)) {
		tally->wrong++;
		add_signature(&tally->verdict->found, probe->signature);
	}
}

static void tally_file(struct requirement_tally *tally, const struct side_file *file)
{
	const struct set *set = &file->set;
	tally->probes += set->count;
	if (!tally->stripped && file->state == USDTINFO_STATE_NOTES_STRIPPED)
		tally->stripped = file;
	if (tally->requirement->kind == REQUIRE_MIN)
		return;
	for (size_t i = 0, run; i < set->count; i += run) {
		const struct set_probe *first = &set->items[i];
		run = set_name_run(set, i);
		if (!match_probe(&tally->requirement->match, first->provider,
		                 first->name)) {
			nearest_look(&tally->nearest, first->provider, first->name);
			continue;
		}
		for (size_t j = 0; j < run; j++)
			tally_probe(tally, &set->items[i + j], file->word);
	}
}

/* Why there may be none. */
static void add_cause(struct requirement_tally *tally)
{
	struct strbuf *reason = &tally->verdict->reason;
	if (tally->stripped)
		strbuf_addf(reason, "; the probe notes were stripped from %s",
		            tally->stripped->path);
	else if (!tally->probes && tally->requirement->kind != REQUIRE_MIN)
		strbuf_add_string(reason, "; there are no probes at all");
}

static void explain_absence(struct requirement_tally *tally)
{
	struct strbuf *reason = &tally->verdict->reason;
	strbuf_add_string(reason, "no probe matches");
	nearest_add(&tally->nearest, reason);
	add_cause(tally);
}

static void judge_count(struct requirement_tally *tally, uint64_t count)
{
	struct verdict *verdict = tally->verdict;
	uint64_t least = tally->requirement->least;
	verdict->ok = count >= least;
	add_count(&verdict->found, count);
	if (verdict->ok)
		return;
	if (count == 0 && tally->requirement->kind == REQUIRE_PROBES) {
		explain_absence(tally);
		return;
	}
	add_count(&verdict->reason, count);
	strbuf_addf(&verdict->reason, ", where at least %" PRIu64 " should be", least);
	add_cause(tally);
}

static void judge_none(struct requirement_tally *tally)
{
	struct verdict *verdict = tally->verdict;
	const struct set_probe *first = tally->first;
	verdict->ok = !first;
	add_count(&verdict->found, tally->matching);
	if (!first)
		return;
	add_count(&verdict->reason, tally->matching);
	strbuf_add_string(&verdict->reason, " that must not be there: ");
	strbuf_add(&verdict->reason, first->provider.at, first->provider.size);
	strbuf_add_char(&verdict->reason, ':');
	strbuf_add(&verdict->reason, first->name.at, first->name.size);
}

static void judge_arguments(struct requirement_tally *tally)
{
	struct verdict *verdict = tally->verdict;
	const char *wanted = tally->requirement->signature;
	verdict->ok = tally->matching && !tally->wrong;
	if (!tally->matching) {
		add_count(&verdict->found, 0);
		explain_absence(tally);
		return;
	}
	if (verdict->ok) {
		strbuf_add_string(&verdict->found, *wanted ? wanted : "none");
		return;
	}
	strbuf_addf(&verdict->reason,
	            "the arguments of %" PRIu64 " of %" PRIu64 " probes are ",
	            tally->wrong, tally->matching);
	strbuf_add(&verdict->reason, verdict->found.at, verdict->found.size);
	strbuf_addf(&verdict->reason, ", not %s", *wanted ? wanted : "none");
}

int requirement_judge(const struct requirement *requirement,
                      const struct side_file *files, size_t count,
                      struct verdict *verdict)
{
	const char *end = requirement->kind == REQUIRE_PROBES
	                          ? strrchr(requirement->text, '=')
	                          : strchr(requirement->text, '=');
	struct requirement_tally tally = { .requirement = requirement,
		                           .verdict = verdict };
	tally.nearest.wanted = text_of(requirement->text);
	if (end)
		tally.nearest.wanted.size = (size_t)(end - requirement->text);
	strbuf_clear(&verdict->found);
	strbuf_clear(&verdict->reason);
	for (size_t i = 0; i < count; i++)
		tally_file(&tally, &files[i]);
	switch (requirement->kind) {
	case REQUIRE_MIN:
		judge_count(&tally, tally.probes);
		break;
	case REQUIRE_NONE:
		judge_none(&tally);
		break;
	case REQUIRE_ARGUMENTS:
		judge_arguments(&tally);
		break;
	default:
		judge_count(&tally, tally.matching);
		break;
	}
	return verdict->found.failed || verdict->reason.failed ? USDTINFO_E_MEMORY : 0;
}
