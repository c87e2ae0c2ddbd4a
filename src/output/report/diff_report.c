/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Changes as findings, and as text in the manner of diff -u. */
#include "output/report/diff_report.h"

#include <inttypes.h>
#include <string.h>

#include "base/array.h"
#include "base/names.h"

#define CHANGE(key, type, ...) FIELD(key, type, diff_finding, __VA_ARGS__)

static const struct field change_fields[] = {
	CHANGE("change", ENUM, change.kind, .names = change_names),
	CHANGE("severity", ENUM, change.severity, .names = severity_names),
	CHANGE("path", TEXT, path),
	CHANGE("provider", TEXT, change.provider),
	CHANGE("name", TEXT, change.name),
	CHANGE("old", TEXT, change.old),
	CHANGE("new", TEXT, change.new),
};

static const struct record change_record = RECORD("change", diff_finding, true,
                                                  change_fields);

/* How each kind is told: in a sentence, in what the two lines of a diff show, in a total. */
static const struct {
	const char *what, *label, *plural;
} words[CHANGE_KINDS] = {
	[CHANGE_REMOVED] = { "gone" },
	[CHANGE_ADDED] = { "new" },
	[CHANGE_ARGUMENTS] = { "arguments" },
	[CHANGE_SEMAPHORE] = { "semaphore", "semaphore" },
	[CHANGE_RENAME] = { "likely renamed" },
	[CHANGE_COUNT] = { "number of probes", "probes", "numbers of probes" },
	[CHANGE_OPERANDS] = { "operands", "operands", "operands" },
	[CHANGE_FUNCTIONS] = { "functions", "functions", "functions" },
	[CHANGE_ADDRESSES] = { "addresses", "addresses", "addresses" },
	[CHANGE_STRIPPED] = { "the probe notes were stripped" },
};

static void add_list(struct strbuf *out, struct text list)
{
	strbuf_add_string(out, list.size ? "" : "none");
	strbuf_add(out, list.at, list.size);
}

void change_sentence(const struct change *change, struct strbuf *out)
{
	strbuf_clear(out);
	strbuf_add_string(out, words[change->kind].what);
	switch (change->kind) {
	case CHANGE_REMOVED:
		strbuf_add_string(out, "; its arguments were ");
		add_list(out, change->old);
		break;
	case CHANGE_ADDED:
		strbuf_add_string(out, "; its arguments are ");
		add_list(out, change->new);
		break;
	case CHANGE_STRIPPED:
		break;
	default:
		strbuf_add_string(out, change->kind == CHANGE_RENAME ? " from " : ": ");
		add_list(out, change->old);
		strbuf_add_string(out,
		                  change->kind == CHANGE_RENAME ? " to " : " before, ");
		add_list(out, change->new);
		if (change->kind != CHANGE_RENAME)
			strbuf_add_string(out, " now");
	}
}

bool diff_report_add(struct findings *findings, const struct diff_finding *diff)
{
	struct diff_report *report = findings->data;
	change_sentence(&diff->change, &report->message);
	struct finding finding = {
		.severity = diff->change.severity,
		.rule = text_of(change_names[diff->change.kind]),
		.path = diff->path,
		.provider = diff->change.provider,
		.name = diff->change.name,
		.message = strbuf_text(&report->message),
		.data = diff,
	};
	if (report->message.failed)
		return false;
	findings_add(findings, &finding);
	return true;
}

/* ---- text ---- */

#define BOLD  "\033[1m"
#define RED   "\033[31m"
#define GREEN "\033[32m"
#define CYAN  "\033[36m"

static void begin_paint(struct strbuf *line, const struct findings *findings,
                        const char *paint)
{
	if (findings->color)
		strbuf_add_string(line, paint);
}

static void end_line(struct strbuf *line, const struct findings *findings)
{
	strbuf_add_string(line, findings->color ? "\033[m\n" : "\n");
}

static void add_file(struct strbuf *line, const struct findings *findings,
                     const char *mark, struct text path)
{
	begin_paint(line, findings, BOLD);
	strbuf_add_string(line, mark);
	text_escape(path.at ? path : text_of("/dev/null"), line);
	end_line(line, findings);
}

static void add_heading(struct strbuf *line, const struct findings *findings,
                        const struct diff_finding *diff)
{
	struct diff_report *report = findings->data;
	size_t start = line->size;
	add_file(line, findings, "--- ", diff->old_path);
	add_file(line, findings, "+++ ", diff->new_path);
	struct text heading = { line->at + start, line->size - start };
	if (line->failed || text_equal(heading, strbuf_text(&report->heading))) {
		line->size = start;
		return;
	}
	strbuf_clear(&report->heading);
	strbuf_add(&report->heading, heading.at, heading.size);
	line->failed |= report->heading.failed;
}

static void add_name(struct strbuf *line, const struct change *change)
{
	text_escape(change->provider, line);
	strbuf_add_char(line, ':');
	text_escape(change->name, line);
}

/* The next of a list; @rest is advanced, and not known after the last. */
static struct text next_item(struct text *rest)
{
	const char *end = memmem(rest->at, rest->size, LIST_SEPARATOR,
	                         strlen(LIST_SEPARATOR));
	struct text item = *rest;
	if (!end) {
		*rest = (struct text){ 0 };
		return item;
	}
	item.size = (size_t)(end - rest->at);
	rest->at = end + strlen(LIST_SEPARATOR);
	rest->size -= item.size + strlen(LIST_SEPARATOR);
	return item;
}

static void add_item(struct strbuf *line, const struct findings *findings,
                     const struct change *change, char mark, struct text item)
{
	const char *label = words[change->kind].label;
	begin_paint(line, findings, mark == '-' ? RED : mark == '+' ? GREEN : "");
	strbuf_add_char(line, mark);
	add_name(line, change);
	strbuf_addf(line, label ? " %s: " : "(", label);
	text_escape(item, line);
	strbuf_add_string(line, label ? "" : ")");
	end_line(line, findings);
}

/* Whether @item is next in a sorted list, whose smaller items are passed over. */
static bool list_has(struct text *rest, struct text item)
{
	while (rest->at) {
		struct text after = *rest;
		int order = text_compare(next_item(&after), item);
		if (order > 0)
			return false;
		*rest = after;
		if (order == 0)
			return true;
	}
	return false;
}

static void add_items(struct strbuf *line, const struct findings *findings,
                      const struct change *change)
{
	struct text old = change->old, new = change->new;
	struct text old_rest = old, new_rest = new;
	/* Addresses are in their own order, and all different. */
	bool has_context = change->kind != CHANGE_ADDRESSES;
	while (old.at) {
		struct text item = next_item(&old);
		bool stays = has_context && list_has(&new_rest, item);
		add_item(line, findings, change, stays ? ' ' : '-', item);
	}
	while (new.at) {
		struct text item = next_item(&new);
		if (!has_context || !list_has(&old_rest, item))
			add_item(line, findings, change, '+', item);
	}
}

static void add_rename(struct strbuf *line, const struct findings *findings,
                       const struct change *change)
{
	begin_paint(line, findings, RED);
	strbuf_add_char(line, '-');
	text_escape(change->old, line);
	end_line(line, findings);
	begin_paint(line, findings, GREEN);
	strbuf_add_char(line, '+');
	text_escape(change->new, line);
	end_line(line, findings);
}

static void add_hunk(struct strbuf *line, const struct findings *findings,
                     const struct diff_finding *diff)
{
	const struct change *change = &diff->change;
	begin_paint(line, findings, CYAN);
	strbuf_addf(line, "@@ %s: %s @@", severity_names[change->severity],
	            words[change->kind].what);
	end_line(line, findings);
	if (change->kind == CHANGE_RENAME)
		add_rename(line, findings, change);
	else if (change->kind != CHANGE_STRIPPED)
		add_items(line, findings, change);
}

static void diff_text_add(struct findings_output *output, const struct findings *findings,
                          const struct finding *finding)
{
	struct strbuf *line = &output->held;
	const struct diff_finding *diff = finding->data;
	struct diff_report *report = findings->data;
	strbuf_clear(line);
	if (!diff) {
		/* Equal files are no news, those that have nothing to compare are. */
		if (!finding->rule.at)
			return;
		text_escape(finding->path, line);
		strbuf_add_string(line, ": ");
		text_escape(finding->message, line);
		strbuf_add_char(line, '\n');
	} else if (words[diff->change.kind].plural &&
	           diff->change.severity == USDTINFO_SEVERITY_INFO) {
		report->hidden[diff->change.kind]++;
	} else {
		add_heading(line, findings, diff);
		add_hunk(line, findings, diff);
	}
	stream_strbuf(output->stream, line);
}

static void diff_text_end(struct findings_output *output, const struct findings *findings)
{
	const struct diff_report *report = findings->data;
	struct strbuf *line = &output->held;
	const char *separator = "not counted without --strict: ";
	strbuf_clear(line);
	for (size_t i = 0; i < CHANGE_KINDS; i++) {
		if (!report->hidden[i])
			continue;
		strbuf_addf(line, "%s%s of %" PRIu64 " name%s", separator,
		            words[i].plural, report->hidden[i],
		            report->hidden[i] == 1 ? "" : "s");
		separator = ", ";
	}
	if (line->size)
		strbuf_add_char(line, '\n');
	stream_strbuf(output->stream, line);
}

const struct findings_kind diff_kind = {
	.kind = "diff",
	.array = "changes",
	.record = &change_record,
	.nothing = "no difference",
	.text_add = diff_text_add,
	.text_end = diff_text_end,
};

void diff_report_deinit(struct diff_report *report)
{
	strbuf_deinit(&report->heading);
	strbuf_deinit(&report->message);
}
