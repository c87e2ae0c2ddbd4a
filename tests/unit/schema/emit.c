/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What the schema is held against: the tables of fields, and listings made by hand. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/names.h"
#include "elf/object/machine.h"
#include "output/list/fields.h"
#include "output/list/writer.h"
#include "unit/sample.h"

#define LISTED (USDTINFO_DETAIL_PLACE | USDTINFO_DETAIL_SITE | USDTINFO_DETAIL_ARGUMENTS)

static struct stream out;

static void write_names(struct json *json, const char *key, const char *const *names)
{
	json_key(json, key, strlen(key));
	if (!names) {
		json_null(json);
		return;
	}
	json_begin(json, '[');
	for (; *names; names++)
		json_text(json, text_of(*names));
	json_end(json, ']');
}

static void write_field(struct json *json, const struct field *field)
{
	json_begin_line(json, '{');
	json_text_literal(json, "key", text_of(field->key));
	json_key_literal(json, "text");
	json_bool(json, field->type == FIELD_TEXT);
	json_key_literal(json, "always");
	json_bool(json, !(field->needs & ~(unsigned)LISTED));
	write_names(json, "names", field->names);
	json_text_literal(json, "nested",
	                  text_of(field->nested ? field->nested->name : NULL));
	json_end(json, '}');
}

static void write_records(struct json *json)
{
	json_key_literal(json, "records");
	json_begin(json, '{');
	for (const struct record *const *record = records; *record; record++) {
		json_key(json, (*record)->name, strlen((*record)->name));
		json_begin(json, '[');
		for (size_t i = 0; i < (*record)->count; i++)
			write_field(json, &(*record)->fields[i]);
		json_end(json, ']');
	}
	json_end(json, '}');
}

static void write_tables(void)
{
	struct json json;
	json_init(&json, &out, JSON_PRETTY);
	json_begin(&json, '{');
	write_records(&json);
	write_names(&json, "state", state_names);
	write_names(&json, "type", type_names);
	write_names(&json, "base_state", base_state_names);
	write_names(&json, "site_kind", site_names);
	write_names(&json, "operand_kind", operand_kind_names);
	write_names(&json, "probe_state", probe_state_names);
	write_names(&json, "severity", severity_names);
	json_key_literal(&json, "machine");
	json_begin(&json, '[');
	for (size_t i = 0; i < machine_count; i++)
		json_text(&json, text_of(machines[i].name));
	json_text(&json, text_of(machine_name(0xffff)));
	json_end(&json, ']');
	json_key_literal(&json, "diagnostic_code");
	json_begin(&json, '[');
	for (unsigned i = 0; i < DIAG_CODES; i++)
		json_text(&json, text_of(diagnostic_code_name((enum diagnostic_code)i)));
	json_end(&json, ']');
	json_end(&json, '}');
}

/* A probe for every byte, in every text that comes from the file. */
static void write_bytes(struct writer *writer)
{
	static const struct summary summary = { 1, 1, 256, 256, 0 };
	struct file_facts file = sample_exec();
	file.path = TEXT("/bin/\xe2\x82");
	if (writer->ops->file_begin)
		writer->ops->file_begin(writer, &file);
	for (int byte = 0; byte < 256; byte++) {
		char bytes[] = { '<', (char)byte, '>', '\0' };
		struct text text = { bytes, 3 };
		struct usdtinfo_probe probe = sample_probe(0);
		struct usdtinfo_argument argument = sample_arguments[1];
		probe.provider = probe.name = probe.arguments_text = text;
		probe.section = probe.note_section = probe.semaphore_symbol = text;
		argument.raw = argument.operand.symbol = text;
		probe.arguments = &argument;
		probe.argument_count = 1;
		writer->ops->probe(writer, &file, &probe);
	}
	if (writer->ops->file_end)
		writer->ops->file_end(writer, &file);
	if (writer->ops->end)
		writer->ops->end(writer, &summary);
}

/* A probe with what -s, --lines and -a add, known and not. */
static void write_details(struct writer *writer)
{
	struct file_facts file = sample_exec();
	struct source_line source[] = {
		{ TEXT("inline.h"), known_u64(7), TEXT("helper") },
		{ TEXT("main.c"), { 0 }, { 0 } },
	};
	struct usdtinfo_argument arguments[2] = { sample_arguments[0],
		                                  sample_arguments[2] };
	arguments[0].name = TEXT("generation");
	arguments[0].c_type = TEXT("int");
	arguments[0].name_source = TEXT("dwarf");
	struct usdtinfo_probe known = sample_probe(2), unknown = sample_moved();
	known.arguments = arguments;
	known.function = TEXT("gc_collect_main");
	known.function_offset = known_u64(0x42);
	known.source = source;
	known.source_count = ARRAY_SIZE(source);
	unknown.note_section = (struct text){ 0 };
	writer->ops->file_begin(writer, &file);
	writer->ops->probe(writer, &file, &known);
	writer->ops->probe(writer, &file, &unknown);
	writer->ops->file_end(writer, &file);
	writer->ops->end(writer, &(struct summary){ 1, 1, 2, 2, 0 });
}

/* What a process has loaded, and a process that could not be looked at. */
static void write_process(struct writer *writer)
{
	struct file_facts file = sample_exec(), none = sample_text();
	struct usdtinfo_probe armed = sample_probe(1), unknown = sample_moved();
	file.pid = none.pid = known_u64(1234);
	file.command = TEXT("python\xff");
	file.load_bias = known_u64(0x7f0000000000);
	armed.runtime = (struct probe_runtime){
		.state = USDTINFO_PROBE_ARMED,
		.reason = TEXT("semaphore and breakpoint"),
		.location = known_u64(0x7f00004371c3),
		.semaphore = known_u64(0x7f00008d6bf6),
		.semaphore_value = known_u64(1),
		.bytes = { 0xcc },
		.size = 1,
	};
	writer->ops->file_begin(writer, &file);
	writer->ops->probe(writer, &file, &armed);
	writer->ops->probe(writer, &file, &unknown);
	writer->ops->file_end(writer, &file);
	writer->ops->file_begin(writer, &none);
	writer->ops->file_end(writer, &none);
	writer->ops->end(writer, &(struct summary){ 2, 1, 2, 2, 1 });
}

static const struct {
	const char *name;
	void (*write)(struct writer *writer);
	unsigned details;
} samples[] = {
	{ "sample", sample_write, 0 },
	{ "bytes", write_bytes, 0 },
	{ "process", write_process, 0 },
	{ "details", write_details,
	  USDTINFO_DETAIL_FUNCTION | USDTINFO_DETAIL_SOURCE | USDTINFO_DETAIL_NAMES },
};

static int write_sample(const char *name, const char *format)
{
	const struct writer_ops *ops = writer_find(format);
	for (size_t i = 0; ops && i < ARRAY_SIZE(samples); i++) {
		if (strcmp(samples[i].name, name) != 0)
			continue;
		struct output_options options = { .details = samples[i].details };
		struct writer *writer = writer_open(ops, &out, &options, NULL);
		if (!writer)
			return EXIT_FAILURE;
		samples[i].write(writer);
		writer_close(writer);
		return EXIT_SUCCESS;
	}
	return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	int result = EXIT_SUCCESS;
	stream_init(&out, STDOUT_FILENO);
	if (argc == 3)
		result = write_sample(argv[1], argv[2]);
	else
		write_tables();
	return stream_flush(&out) ? EXIT_FAILURE : result;
}
