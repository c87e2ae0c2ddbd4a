/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The verb diff: what changed between the probes of two builds. */
#include "rules/diff/diff.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "cli/messages/report.h"
#include "cli/options/options.h"
#include "cli/options/options_findings.h"
#include "cli/verbs/gather.h"
#include "cli/verbs/verb.h"
#include "output/report/diff_report.h"
#include "output/saved/read_listing.h"

enum {
	KEY_STRICT = 0x600
};

struct diff_verb {
	struct match match;
	struct findings_options output;
	struct output look; /* --color */
	const char *root;
	const char *operands[2]; /* OLD, NEW */
	size_t operand_count;
	struct diff rules;
	struct report report;
	struct findings findings;
	struct diff_report text;
	struct side old, new;
	/* The pair at hand. */
	const struct side_file *old_file, *new_file;
	uint64_t changes;
};

static const char doc[] =
	"Show what changed between the static probes (USDT) of two builds: names, types of arguments, semaphores.\v"
	"OLD and NEW are ELF files, archives, directories or saved listings (JSON, NDJSON).\n"
	"\n"
	"Examples:\n"
	"  usdtinfo diff released/server build/server\n"
	"  usdtinfo diff --fail-on=error probes.json build/server\n"
	"  usdtinfo diff old/usr new/usr\n"
	"\n"
	"Exit code: 0 no difference, 1 differences of the severity of --fail-on or above, 2 trouble.";

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Comparison:", 1 },
	{ "match", 'm', "[PROVIDER:]NAME", 0,
	  "only probes that match the glob pattern; - and __ match each other; may be repeated",
	  1 },
	{ "strict", KEY_STRICT, NULL, 0,
	  "also compare numbers of probes, operands, functions and addresses", 1 },
	{ "root", KEY_ROOT, "DIR", 0,
	  "operands, and all links on the way to them, are inside DIR", 1 },
	{ "color", KEY_COLOR, "WHEN", 0, "auto (default), always or never", 4 },
	{ 0 },
};

static void add_pattern(struct diff_verb *diff, const char *arg, struct argp_state *state)
{
	struct usdtinfo_error err;
	if (match_add(&diff->match, arg, &err) < 0)
		usage_error(state, "%s", err.text);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct diff_verb *diff = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &diff->output;
		return 0;
	case 'm':
		add_pattern(diff, arg, state);
		return 0;
	case KEY_STRICT:
		diff->rules.strict = true;
		return 0;
	case KEY_ROOT:
		diff->root = arg;
		return 0;
	case KEY_COLOR:
		if (!output_set_color(&diff->look, arg))
			usage_error(state, "--color is auto, always or never, not '%s'",
			            arg);
		return 0;
	case ARGP_KEY_ARG:
		if (diff->operand_count == 2)
			argp_usage(state);
		diff->operands[diff->operand_count++] = arg;
		return 0;
	case ARGP_KEY_SUCCESS:
		if (diff->operand_count != 2)
			argp_usage(state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{ &findings_argp, 0, NULL, 0 },
	{ &common_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp diff_argp = { .options = options,
	                               .parser = parse,
	                               .args_doc = "OLD NEW",
	                               .doc = doc,
	                               .children = children };

static struct text path_of(const struct side_file *file)
{
	return file ? text_of(file->path) : (struct text){ 0 };
}

static int add_change(void *context, const struct change *change)
{
	struct diff_verb *diff = context;
	struct diff_finding finding = {
		.change = *change,
		.path = path_of(diff->new_file ? diff->new_file : diff->old_file),
		.old_path = path_of(diff->old_file),
		.new_path = path_of(diff->new_file),
	};
	diff->changes++;
	return diff_report_add(&diff->findings, &finding) ? 0 : USDTINFO_E_MEMORY;
}

static bool is_stripped(const struct side_file *file)
{
	return file && file->state == USDTINFO_STATE_NOTES_STRIPPED;
}

static int compare_pair(struct diff_verb *diff)
{
	static const struct change stripped = { .kind = CHANGE_STRIPPED,
		                                .severity = USDTINFO_SEVERITY_ERROR };
	const struct set *old = diff->old_file ? &diff->old_file->set : NULL;
	const struct set *new = diff->new_file ? &diff->new_file->set : NULL;
	int r = 0;
	diff->changes = 0;
	findings_file(&diff->findings);
	if (is_stripped(diff->new_file) && old && old->count)
		r = add_change(diff, &stripped);
	if (r == 0)
		r = diff_sets(&diff->rules, old, new);
	if (r == 0 && !diff->changes && old && old->count) {
		struct finding same = { .holds = true,
			                .path = path_of(diff->new_file),
			                .message = text_of("no difference") };
		findings_add(&diff->findings, &same);
	}
	return r;
}

/* Both sides are sorted by key. */
static int compare_sides(struct diff_verb *diff)
{
	size_t i = 0, j = 0;
	int r = 0;
	while (r == 0 && (i < diff->old.count || j < diff->new.count)) {
		const struct side_file *a = i < diff->old.count ? &diff->old.files[i]
		                                                : NULL;
		const struct side_file *b = j < diff->new.count ? &diff->new.files[j]
		                                                : NULL;
		int order = !a ? 1 : !b ? -1 : strcmp(a->key, b->key);
		diff->old_file = order <= 0 ? a : NULL;
		diff->new_file = order >= 0 ? b : NULL;
		r = compare_pair(diff);
		i += order <= 0;
		j += order >= 0;
	}
	return r;
}

static bool has_probes(const struct side *side)
{
	for (size_t i = 0; i < side->count; i++) {
		if (side->files[i].set.count)
			return true;
	}
	return false;
}

static void say_no_probes(struct diff_verb *diff)
{
	struct finding none = {
		.holds = true,
		.rule = text_of("no-probes"),
		.path = text_of(diff->operands[1]),
		.message = text_of(diff->match.count ? "no probe matches in either build"
		                                     : "no probes in either build"),
	};
	if (!has_probes(&diff->old) && !has_probes(&diff->new) && !diff->report.trouble)
		findings_add(&diff->findings, &none);
}

static int gather(struct diff_verb *diff, const struct root *root)
{
	struct gather gather = {
		.finder = {
			.root = root,
			.search_path = diff->root ? NULL : getenv("PATH"),
			.read_listing = listing_visit,
		},
		.match = &diff->match,
		.report = &diff->report,
		.with_functions = true,
	};
	int r = gather_path(&gather, diff->operands[0], &diff->old);
	if (r == 0)
		r = gather_path(&gather, diff->operands[1], &diff->new);
	if (r != 0)
		return r;
	r = side_relate(&diff->old, &diff->new);
	if (r == 0)
		r = side_prepare(&diff->old);
	return r == 0 ? side_prepare(&diff->new) : r;
}

static enum exit_code diff_all(struct diff_verb *diff)
{
	struct root root;
	struct usdtinfo_error err;
	if (root_init(&root, diff->root, &err) < 0) {
		report_trouble(&diff->report, text_of(diff->root), text_of(err.text));
		return EXIT_TROUBLE;
	}
	int r = gather(diff, &root);
	root_deinit(&root);
	diff->rules.report = add_change;
	diff->rules.context = diff;
	if (!findings_open(&diff->findings, &diff_kind, &diff->output, &diff->report))
		return EXIT_TROUBLE;
	diff->findings.data = &diff->text;
	diff->findings.color = output_color(&diff->look, STDOUT_FILENO);
	/* What cannot be read has not lost its probes. */
	bool readable = !diff->report.trouble || (diff->old.count && diff->new.count);
	if (r == 0 && readable)
		r = compare_sides(diff);
	if (r == USDTINFO_E_MEMORY)
		report_message(&diff->report, "out of memory");
	say_no_probes(diff);
	findings_close(&diff->findings, &diff->report);
	return report_end(&diff->report, NULL);
}

int run_diff(int argc, char **argv, const struct verb *verbs)
{
	struct diff_verb diff = { 0 };
	parse_options(&diff_argp, argc, argv, &diff);
	enum exit_code code = diff_all(&diff);
	side_deinit(&diff.old);
	side_deinit(&diff.new);
	diff_report_deinit(&diff.text);
	report_deinit(&diff.report);
	findings_options_deinit(&diff.output);
	match_deinit(&diff.match);
	return (int)code;
}
