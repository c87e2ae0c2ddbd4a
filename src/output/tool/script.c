/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Scripts: probes gathered by name, a heading a file, a stanza a name or a probe. */
#include "output/tool/script.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "output/list/operand_text.h"
#include "output/stream/quote.h"
#include "output/tool/script_argument.h"
#include "output/tool/script_record.h"
#include "probe/known/catalogue.h"

struct script {
	const struct script_tool *tool;
	struct tracer_choice choice;
	const char *root;
	struct stream *stream;
	struct paste_traits traits;
	struct ftrace_names *events;
	/* of the file, or of all files where the stanza does not name it */
	void *tree;
	struct arena names;
	/* of the file */
	struct usdtinfo_image *image;
	const struct file_facts *file;
	struct file_traits file_traits;
	struct strbuf path, program;
	bool has_program;
	struct script_record **records;
	size_t count, room;
	struct arena arena;
	struct strbuf out;
	bool began, has_probes; /* the script; the file */
	uint64_t stanzas;
};

const struct script_tool *const script_tools[] = {
	&script_bpftrace, &script_dtrace, &script_gdb, &script_perf,
	&script_stap,     &script_tapset, NULL,
};

const struct script_tool *script_tool_find(const char *name, size_t size)
{
	for (size_t i = 0; script_tools[i]; i++) {
		if (strlen(script_tools[i]->name) == size &&
		    memcmp(script_tools[i]->name, name, size) == 0)
			return script_tools[i];
	}
	return NULL;
}

struct script *script_new(const struct script_tool *tool, const char *version,
                          const char *root, struct stream *stream)
{
	struct script *script = calloc(1, sizeof(*script));
	if (!script)
		return NULL;
	script->tool = tool;
	script->choice.tool = tool->tracer;
	if (version)
		strncpy(script->choice.version, version,
		        sizeof(script->choice.version) - 1);
	script->root = root;
	script->stream = stream;
	script->events = ftrace_names_new();
	if (script->events)
		return script;
	script_free(script);
	return NULL;
}

/* The arena holds what the tree points to. */
static void keep_record(void *record)
{
}

void script_free(struct script *script)
{
	if (!script)
		return;
	tdestroy(script->tree, keep_record);
	ftrace_names_free(script->events);
	paste_traits_deinit(&script->traits);
	strbuf_deinit(&script->path);
	strbuf_deinit(&script->program);
	strbuf_deinit(&script->out);
	arena_deinit(&script->names);
	arena_deinit(&script->arena);
	free(script->records);
	free(script);
}

void script_comment(const struct script_tool *tool, struct text text, struct strbuf *out)
{
	strbuf_add_string(out, tool->comment);
	strbuf_add_char(out, ' ');
	if (tool->is_shell)
		quote_inert(text, PASTE_COMMENT_MAX, out);
	else
		quote_comment(text, out);
	strbuf_add_string(out, tool->comment_end);
	strbuf_add_char(out, '\n');
}

/* ---- gathering --------------------------------------------------------------------- */

static struct script_record *add_record(struct script *script,
                                        const struct usdtinfo_probe *probe)
{
	struct arena *arena = script->tool->by_path ? &script->arena : &script->names;
	struct script_record *record = script_record_new(arena, probe);
	if (!record ||
	    !array_grow(&script->records, &script->room, script->count + 1,
	                sizeof(script->records[0])) ||
	    !tsearch(record, &script->tree, script_record_compare))
		return NULL;
	script->records[script->count++] = record;
	return record;
}

static unsigned address_size(const struct script *script)
{
	return script->file->elf_class.value == 32 ? 4 : 8;
}

/* ---- writing ----------------------------------------------------------------------- */

static void begin_script(struct script *script)
{
	struct strbuf *out = &script->out;
	if (script->began)
		return;
	script->began = true;
	strbuf_add_string(out, script->tool->begin);
}

static void add_heading(struct script *script)
{
	const struct script_tool *tool = script->tool;
	struct strbuf line = { 0 };
	struct text build_id = script->file->build_id;
	strbuf_add_char(&script->out, '\n');
	strbuf_addf(&line, "Written by usdtinfo script %s.", tool->name);
	script_comment(tool, strbuf_text(&line), &script->out);
	strbuf_clear(&line);
	strbuf_add_string(&line, "File: ");
	strbuf_add_text(&line, strbuf_text(&script->path));
	script_comment(tool, strbuf_text(&line), &script->out);
	if (script->has_program) {
		strbuf_clear(&line);
		strbuf_add_string(&line, "Program: ");
		strbuf_add_text(&line, strbuf_text(&script->program));
		script_comment(tool, strbuf_text(&line), &script->out);
	}
	strbuf_clear(&line);
	strbuf_add_string(&line, "Build-id: ");
	strbuf_add_text(&line, build_id.at ? build_id : text_of("none"));
	script_comment(tool, strbuf_text(&line), &script->out);
	script->out.failed |= line.failed;
	strbuf_deinit(&line);
}

static void add_legend(const struct usdtinfo_argument *argument, size_t number,
                       const struct tracer *tracer, bool reads, struct strbuf *line)
{
	strbuf_addf(line, "%s%s%zu ", number ? ", " : ": ", tracer->argument,
	            number + tracer->first);
	if (argument->c_type.size) {
		strbuf_add_text(line, argument->c_type);
		if (argument->c_type.at[argument->c_type.size - 1] != '*')
			strbuf_add_char(line, ' ');
	}
	if (argument->name.at)
		strbuf_add_text(line, argument->name);
	else if (!argument->c_type.at)
		strbuf_add_text(line, argument->type);
	if (!reads)
		strbuf_add_string(line, " (not readable)");
}

/* "gc__start: arg0 int generation", and what is known beside that. */
static void add_description(struct script *script, const struct script_record *record)
{
	const struct usdtinfo_probe *probe = &record->probe;
	struct strbuf line = { 0 };
	strbuf_add_text(&line, probe->provider);
	strbuf_add_char(&line, ':');
	strbuf_add_text(&line, probe->name);
	if (record->meaning)
		strbuf_addf(&line, ", when %s", record->meaning);
	for (size_t i = 0; i < probe->argument_count; i++)
		add_legend(&probe->arguments[i], i, &tracers[script->tool->tracer],
		           tracer_reads(&record->verdict, i), &line);
	strbuf_add_char(&script->out, '\n');
	script_comment(script->tool, strbuf_text(&line), &script->out);
	if (record->place.at)
		script_comment(script->tool, record->place, &script->out);
	if (record->differ)
		script_comment(script->tool,
		               text_of("Some of its sites pass more arguments."),
		               &script->out);
	script->out.failed |= line.failed;
	strbuf_deinit(&line);
}

static void add_refusal(struct script *script, const struct usdtinfo_probe *probe,
                        const char *reason)
{
	struct strbuf line = { 0 };
	strbuf_add_text(&line, probe->provider);
	strbuf_add_char(&line, ':');
	strbuf_add_text(&line, probe->name);
	strbuf_addf(&line, ": not for %s: %s.", tracers[script->tool->tracer].title,
	            reason);
	strbuf_add_char(&script->out, '\n');
	script_comment(script->tool, strbuf_text(&line), &script->out);
	script->out.failed |= line.failed;
	strbuf_deinit(&line);
}

/* The labels by which ftrace's lines call arguments: one for each of the note. */
static struct paste_label *make_labels(struct script *script,
                                       const struct usdtinfo_probe *probe,
                                       const struct script_argument *arguments,
                                       size_t count)
{
	size_t size = (probe->argument_count + 1) * sizeof(struct paste_label);
	struct paste_label *labels = arena_take(&script->arena, size);
	if (!labels)
		return NULL;
	memset(labels, 0, size);
	for (size_t i = 0; i < count; i++)
		labels[arguments[i].number] = (struct paste_label){
			arguments[i].name,
			arguments[i].kind == SCRIPT_STRING,
		};
	return labels;
}

static const char *write_stanza(struct script *script, struct paste_job *job)
{
	struct script_argument *arguments;
	if (job->verdict.status > TRACER_ARGUMENTS_LOST)
		return job->verdict.limit->reason;
	if (script->tool->by_path && text_equal(job->path, text_of("-")))
		return "standard input has no path";
	const char *reason = script->tool->by_path ? paste_no_path(job->file) : NULL;
	if (reason)
		return reason;
	int64_t count = script_arguments(script->tool, job->probe, &job->verdict,
	                                 address_size(script), &script->arena,
	                                 &arguments);
	if (count >= 0)
		job->labels = make_labels(script, job->probe, arguments, (size_t)count);
	if (!job->labels) {
		script->out.failed = true;
		return NULL;
	}
	struct script_stanza stanza = { job, arguments, (size_t)count };
	return script->tool->stanza(&stanza, &script->out);
}

static struct paste_job make_job(const struct script *script,
                                 const struct usdtinfo_probe *probe)
{
	const struct maybe_u64 *machine = &script->file->machine_number;
	return (struct paste_job){
		.path = strbuf_text(&script->path),
		.program = script->has_program ? strbuf_text(&script->program)
		                               : (struct text){ 0 },
		.file = script->file,
		.probe = probe,
		.machine = machine->known ? (unsigned)machine->value : 0,
		.tool = script->tool->tracer,
		.names = script->events,
	};
}

static void write_record(struct script *script, const struct script_record *record,
                         const struct usdtinfo_probe *probe)
{
	struct paste_job job = make_job(script, probe);
	job.verdict = record->verdict;
	size_t start = script->out.size;
	add_description(script, record);
	const char *reason = write_stanza(script, &job);
	if (!reason) {
		script->stanzas++;
		return;
	}
	script->out.size = start;
	add_refusal(script, probe, reason);
}

static int flush(struct script *script)
{
	/* What has a hole in it says something else. */
	if (script->out.failed)
		return USDTINFO_E_MEMORY;
	stream_text(script->stream, strbuf_text(&script->out));
	strbuf_clear(&script->out);
	return 0;
}

/* ---- the course of a script -------------------------------------------------------- */

int script_file_begin(struct script *script, struct usdtinfo_image *image,
                      const struct file_facts *file, const char *program)
{
	script->image = image;
	script->file = file;
	file_traits(image, file, &script->file_traits);
	paste_file_path(script->root, file, &script->path);
	script->has_program = program;
	if (program)
		paste_path(script->root, text_of(program), &script->program);
	if (script->tool->by_path) {
		tdestroy(script->tree, keep_record);
		script->tree = NULL;
	}
	arena_clear(&script->arena);
	script->count = 0;
	script->has_probes = false;
	return script->path.failed || script->program.failed ? USDTINFO_E_MEMORY : 0;
}

static const char *meaning_of(const struct script *script,
                              const struct usdtinfo_probe *probe)
{
	struct catalogue_row room;
	const struct catalogue_probe *row = catalogue_find(probe, address_size(script),
	                                                   &room);
	return row ? row->meaning : NULL;
}

static int write_site(struct script *script, const struct usdtinfo_probe *probe,
                      const struct tracer_verdict *verdict)
{
	struct script_record record = {
		.probe = *probe,
		.verdict = *verdict,
		.meaning = meaning_of(script, probe),
	};
	if (!script_record_place(&script->arena, probe, &record.place))
		return USDTINFO_E_MEMORY;
	if (script->count++ == 0) {
		begin_script(script);
		add_heading(script);
	}
	write_record(script, &record, probe);
	arena_clear(&script->arena);
	return flush(script);
}

int script_probe(struct script *script, const struct usdtinfo_probe *probe)
{
	struct paste_job job = make_job(script, probe);
	struct script_record wanted = { .probe = *probe };
	script->has_probes = true;
	if (!paste_judge(&job, &script->choice, script->image, &script->file_traits,
	                 &script->traits))
		return USDTINFO_E_MEMORY;
	if (script->tool->by_site)
		return write_site(script, probe, &job.verdict);
	struct script_record **found = tfind(&wanted, &script->tree,
	                                     script_record_compare);
	if (found) {
		script_record_merge(*found, probe, &job.verdict);
		return 0;
	}
	struct script_record *record = add_record(script, probe);
	if (!record)
		return USDTINFO_E_MEMORY;
	record->verdict = job.verdict;
	record->meaning = meaning_of(script, probe);
	return 0;
}

int script_file_end(struct script *script)
{
	if (script->tool->by_site || !script->has_probes)
		return 0;
	begin_script(script);
	add_heading(script);
	if (!script->count)
		script_comment(script->tool,
		               text_of("Its probes have names that stand above."),
		               &script->out);
	for (size_t i = 0; i < script->count; i++) {
		write_record(script, script->records[i], &script->records[i]->probe);
		int r = flush(script);
		if (r < 0)
			return r;
	}
	return flush(script);
}

uint64_t script_stanzas(const struct script *script)
{
	return script->stanzas;
}

void script_end(struct script *script)
{
	if (script->began && script->tool->end) {
		stream_char(script->stream, '\n');
		stream_string(script->stream, script->tool->end);
	}
}
