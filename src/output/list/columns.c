/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The columns of the formats table and tsv. */
#include "output/list/columns.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/error.h"
#include "output/list/operand_text.h"
#include "output/list/writer.h"
#include "probe/known/catalogue.h"

struct text column_module(const struct file_facts *file)
{
	struct text path = file->path;
	const char *slash = path.size ? memrchr(path.at, '/', path.size) : NULL;
	if (!slash)
		return path;
	return (struct text){ slash + 1, path.size - (size_t)(slash + 1 - path.at) };
}

#define CELL(cell_name)                                                                  \
	static void cell_name(const struct file_facts *file,                             \
	                      const struct usdtinfo_probe *probe, struct strbuf *out)

static void add_maybe_hex(struct strbuf *out, struct maybe_u64 value)
{
	if (value.known)
		strbuf_add_hex(out, value.value);
}

static void add_number(struct strbuf *out, uint64_t value)
{
	strbuf_addf(out, "%" PRIu64, value);
}

/* clang-format off */
CELL(path) { strbuf_add_text(out, file->path); }
CELL(build_id) { strbuf_add_text(out, file->build_id); }
CELL(machine) { strbuf_add_text(out, file->machine); }
CELL(provider) { strbuf_add_text(out, probe->provider); }
CELL(name) { strbuf_add_text(out, probe->name); }
CELL(location_raw) { strbuf_add_hex(out, probe->location_raw); }
CELL(base) { strbuf_add_hex(out, probe->base); }
CELL(semaphore_raw) { add_maybe_hex(out, probe->semaphore_raw); }
CELL(file_offset) { add_maybe_hex(out, probe->file_offset); }
CELL(semaphore_offset) { add_maybe_hex(out, probe->semaphore_offset); }
CELL(section) { strbuf_add_text(out, probe->section); }
CELL(section_offset) { add_maybe_hex(out, probe->section_offset); }
CELL(note) { strbuf_add_hex(out, probe->note_offset); }
CELL(site) { strbuf_add_string(out, usdtinfo_site_name(probe->site)); }
CELL(arguments) { strbuf_add_text(out, probe->arguments_text); }
CELL(argument_count) { add_number(out, probe->argument_count); }
CELL(command) { strbuf_add_text(out, file->command); }
CELL(load_bias) { add_maybe_hex(out, file->load_bias); }
CELL(runtime) { add_maybe_hex(out, probe->runtime.location); }
CELL(runtime_semaphore) { add_maybe_hex(out, probe->runtime.semaphore); }
CELL(reason) { strbuf_add_text(out, probe->runtime.reason); }
/* clang-format on */

CELL(elf_class)
{
	if (file->elf_class.known)
		add_number(out, file->elf_class.value);
}

static void add_place(struct strbuf *out, struct text name, struct maybe_u64 offset)
{
	if (!name.at)
		return;
	strbuf_add_text(out, name);
	if (offset.known) {
		strbuf_add_char(out, '+');
		strbuf_add_hex(out, offset.value);
	}
}

/* A relocatable object has no addresses yet: a place in a section, a counter's name. */
CELL(location)
{
	if (probe->location.known)
		strbuf_add_hex(out, probe->location.value);
	else
		add_place(out, probe->section, probe->section_offset);
}

CELL(semaphore)
{
	if (probe->semaphore.known)
		strbuf_add_hex(out, probe->semaphore.value);
	else
		strbuf_add_text(out, probe->semaphore_symbol);
}

CELL(delta)
{
	int64_t value = probe->base_delta;
	if (value < 0)
		strbuf_add_char(out, '-');
	strbuf_add_hex(out, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

CELL(site_bytes)
{
	for (size_t i = 0; i < probe->site_size; i++)
		strbuf_addf(out, "%02x", probe->site_bytes[i]);
}

CELL(types)
{
	for (size_t i = 0; i < probe->argument_count; i++) {
		strbuf_add_string(out, i ? "," : "");
		strbuf_add_text(out, probe->arguments[i].type);
	}
}

CELL(description)
{
	unsigned address_size = file->elf_class.value == 32 ? 4 : 8;
	struct catalogue_row room;
	const struct catalogue_probe *row = catalogue_find(probe, address_size, &room);
	if (row)
		strbuf_add_string(out, row->meaning);
}

CELL(operands)
{
	for (size_t i = 0; i < probe->argument_count; i++) {
		strbuf_add_string(out, i ? "; " : "");
		operand_describe(&probe->arguments[i], out);
	}
}

/* One place for each argument, empty where it is not known: "self,,f->prev". */
CELL(argument_names)
{
	for (size_t i = 0; i < probe->argument_count; i++) {
		strbuf_add_string(out, i ? "," : "");
		strbuf_add_text(out, probe->arguments[i].name);
	}
}

/* Types may have commas of their own. */
CELL(argument_types)
{
	for (size_t i = 0; i < probe->argument_count; i++) {
		strbuf_add_string(out, i ? "; " : "");
		strbuf_add_text(out, probe->arguments[i].c_type);
	}
}

CELL(function)
{
	add_place(out, probe->function, probe->function_offset);
}

CELL(source)
{
	if (probe->source_count)
		source_describe(&probe->source[0], out);
}

CELL(pid)
{
	if (file->pid.known)
		add_number(out, file->pid.value);
}

CELL(module)
{
	strbuf_add_text(out, column_module(file));
}

CELL(semaphore_value)
{
	if (probe->runtime.semaphore_value.known)
		add_number(out, probe->runtime.semaphore_value.value);
}

CELL(state)
{
	if (file->pid.known)
		strbuf_add_string(out, usdtinfo_probe_state_name(probe->runtime.state));
}

#define PLACE     USDTINFO_DETAIL_PLACE
#define SITE      USDTINFO_DETAIL_SITE
#define ARGUMENTS USDTINFO_DETAIL_ARGUMENTS

const struct column columns[] = {
	{ "PATH", "file", COLUMN_TEXT, 0, path },
	{ "PROVIDER", "provider", COLUMN_TEXT, 0, provider },
	{ "NAME", "name of the probe", COLUMN_TEXT, 0, name },
	{ "LOCATION",
	  "address of the site, corrected; section and offset in relocatable objects",
	  COLUMN_ADDRESS, PLACE, location },
	{ "LOCATION_RAW", "address of the site as the note stores it", COLUMN_ADDRESS, 0,
	  location_raw },
	{ "BASE", "address of .stapsdt.base as the note stores it", COLUMN_ADDRESS, 0,
	  base },
	{ "DELTA", "what is added to correct the addresses", COLUMN_ADDRESS, 0, delta },
	{ "SEMAPHORE",
	  "address of the semaphore, corrected; its symbol in relocatable objects",
	  COLUMN_ADDRESS, 0, semaphore },
	{ "SEMAPHORE_RAW", "address of the semaphore as the note stores it",
	  COLUMN_ADDRESS, 0, semaphore_raw },
	{ "OFFSET", "file offset of the site", COLUMN_ADDRESS, PLACE, file_offset },
	{ "SEMOFFSET", "file offset of the semaphore", COLUMN_ADDRESS, PLACE,
	  semaphore_offset },
	{ "SECTION", "section that holds the site", COLUMN_TEXT, PLACE, section },
	{ "SECOFFSET", "offset of the site in its section", COLUMN_ADDRESS, PLACE,
	  section_offset },
	{ "NOTE", "file offset of the note", COLUMN_ADDRESS, 0, note },
	{ "SITE", "kind of instruction at the site: nop, nop5, other...", COLUMN_TEXT,
	  SITE, site },
	{ "SITEBYTES", "bytes at the site", COLUMN_TEXT, SITE, site_bytes },
	{ "ARGS", "arguments as the note stores them", COLUMN_TEXT, 0, arguments },
	{ "ARGC", "number of arguments", COLUMN_NUMBER, ARGUMENTS, argument_count },
	{ "TYPES", "types of the arguments", COLUMN_TEXT, ARGUMENTS, types },
	{ "OPERANDS", "where the values of the arguments are, in words", COLUMN_TEXT,
	  ARGUMENTS, operands },
	{ "ARGNAMES", "names of the arguments", COLUMN_TEXT, USDTINFO_DETAIL_NAMES,
	  argument_names },
	{ "ARGTYPES", "C types of the arguments", COLUMN_TEXT, USDTINFO_DETAIL_NAMES,
	  argument_types },
	{ "DESCRIPTION", "when the probe fires, if its provider is well known",
	  COLUMN_TEXT, ARGUMENTS, description },
	{ "MACHINE", "machine that the file is for", COLUMN_TEXT, 0, machine },
	{ "CLASS", "32 or 64", COLUMN_NUMBER, 0, elf_class },
	{ "BUILDID", "build ID of the file", COLUMN_TEXT, 0, build_id },
	{ "FUNCTION", "function that holds the site, and the offset in it", COLUMN_TEXT,
	  USDTINFO_DETAIL_FUNCTION, function },
	{ "SOURCE", "source file and line of the site", COLUMN_TEXT,
	  USDTINFO_DETAIL_SOURCE, source },
	{ "MODULE", "file, without its directories", COLUMN_TEXT, 0, module },
	{ "PID", "number of the process", COLUMN_NUMBER, 0, pid },
	{ "COMMAND", "name of the process", COLUMN_TEXT, 0, command },
	{ "STATE", "armed, idle or unknown, in the process", COLUMN_TEXT, 0, state },
	{ "REASON", "what arms the probe, or why its state is unknown", COLUMN_TEXT, 0,
	  reason },
	{ "SEMVALUE", "value of the semaphore in the process", COLUMN_NUMBER, 0,
	  semaphore_value },
	{ "RUNTIME", "address of the site in the process", COLUMN_ADDRESS, 0, runtime },
	{ "RUNTIMESEM", "address of the semaphore in the process", COLUMN_ADDRESS, 0,
	  runtime_semaphore },
	{ "BIAS", "what the process adds to the addresses of the file", COLUMN_ADDRESS, 0,
	  load_bias },
};
const size_t column_count = ARRAY_SIZE(columns);

static const char *const default_specs[] = {
	[COLUMNS_OF_FILE] = "PROVIDER,NAME,LOCATION,SEMAPHORE,ARGS",
	[COLUMNS_OF_FILES] = "PATH,PROVIDER,NAME,LOCATION,SEMAPHORE,ARGS",
	[COLUMNS_OF_PROCESSES] =
		"PID,COMMAND,MODULE,PROVIDER,NAME,STATE,SEMVALUE,RUNTIME,REASON",
};

static const struct column *find_column(const char *name, size_t size)
{
	for (size_t i = 0; i < column_count; i++) {
		if (strlen(columns[i].name) == size &&
		    strncasecmp(columns[i].name, name, size) == 0)
			return &columns[i];
	}
	return NULL;
}

static int fail_unknown(struct usdtinfo_error *err, const char *name, size_t size)
{
	struct strbuf shown = { 0 };
	struct strbuf valid = { 0 };
	text_escape((struct text){ name, size < 64 ? size : 64 }, &shown);
	for (size_t i = 0; i < column_count; i++) {
		strbuf_add_char(&valid, i ? ' ' : '(');
		strbuf_add_string(&valid, columns[i].name);
	}
	int code = USDTINFO_E_MEMORY;
	if (shown.failed || valid.failed)
		fail_memory(err);
	else
		code = fail(err, USDTINFO_E_ARGUMENT, "unknown column '%s' %s)",
		            shown.at ? shown.at : "", valid.at);
	strbuf_deinit(&shown);
	strbuf_deinit(&valid);
	return code;
}

static int add_columns(struct column_list *list, const char *spec,
                       struct usdtinfo_error *err)
{
	for (;;) {
		size_t size = strcspn(spec, ",");
		const struct column *column = find_column(spec, size);
		if (!column)
			return fail_unknown(err, spec, size);
		if (!array_grow(&list->items, &list->room, list->count + 1,
		                sizeof(list->items[0])))
			return fail_memory(err);
		list->items[list->count++] = column;
		list->details |= column->details;
		if (spec[size] == '\0')
			return 0;
		spec += size + 1;
	}
}

int column_list_parse(struct column_list *list, const char *spec,
                      enum default_columns defaults, struct usdtinfo_error *err)
{
	if (!spec || spec[0] == '+') {
		int r = add_columns(list, default_specs[defaults], err);
		if (r < 0 || !spec)
			return r;
		spec++;
	}
	return add_columns(list, spec, err);
}

enum default_columns column_defaults(const struct output_options *options)
{
	if (options->show_processes)
		return COLUMNS_OF_PROCESSES;
	return options->show_file_names ? COLUMNS_OF_FILES : COLUMNS_OF_FILE;
}

void column_list_deinit(struct column_list *list)
{
	free(list->items);
	*list = (struct column_list){ 0 };
}
