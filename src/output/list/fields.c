/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The fields of a listing: one row a JSON key, with its type and its place in a C struct.
 */
#include "output/list/fields.h"

#include "base/array.h"
#include "base/names.h"
#include "elf/object/machine.h"

static const char *const endian_names[] = { "little", "big", NULL };
/* By enum name_source, but for the first, which is null. */
static const char *const name_sources[] = { "dwarf", "definitions", "catalogue", NULL };

/* ---- when a key is there ---- */

enum {
	IN_REGISTER = FIELD_CONDITION(0),
	IN_CONSTANT = FIELD_CONDITION(1),
	IN_MEMORY = FIELD_CONDITION(2),
	WITH_ADDRESS = FIELD_CONDITION(3), /* memory, or itself an address */
	IS_SHIFTED = FIELD_CONDITION(4),
	IS_PAIR = FIELD_CONDITION(5),
	WITH_RELOCATION = FIELD_CONDITION(6),
	IS_EXTENDED = FIELD_CONDITION(7),
	IS_SUBTRACTED = FIELD_CONDITION(8),
	IS_PC_RELATIVE = FIELD_CONDITION(9),
	IS_AMBIGUOUS = FIELD_CONDITION(10),
};

static unsigned operand_conditions(const void *data, const struct field_context *context)
{
	static const unsigned by_kind[] = {
		[USDTINFO_OPERAND_UNKNOWN] = 0,
		[USDTINFO_OPERAND_REGISTER] = IN_REGISTER,
		[USDTINFO_OPERAND_CONSTANT] = IN_CONSTANT,
		[USDTINFO_OPERAND_MEMORY] = IN_MEMORY | WITH_ADDRESS | WITH_RELOCATION,
		[USDTINFO_OPERAND_ADDRESS] = WITH_ADDRESS,
	};
	const struct operand *operand = data;
	unsigned found = by_kind[operand->kind];
	if (found & IN_REGISTER) {
		found |= operand->reg_shift ? IS_SHIFTED : 0u;
		found |= operand->reg_pair ? IS_PAIR : 0u;
	}
	if (found & WITH_ADDRESS) {
		found |= operand->relocation.at ? WITH_RELOCATION : 0u;
		found |= operand->pc_relative ? IS_PC_RELATIVE : 0u;
		found |= operand->candidate_count ? IS_AMBIGUOUS : 0u;
	}
	found |= operand->index_extend != USDTINFO_EXTEND_NONE ? IS_EXTENDED : 0u;
	return found | (operand->index_subtracted ? IS_SUBTRACTED : 0u);
}

static const char *operand_lacks(const void *data)
{
	const struct operand *operand = data;
	if (operand->kind == USDTINFO_OPERAND_REGISTER && !operand->reg.at)
		return "register";
	return operand->kind == USDTINFO_OPERAND_CONSTANT && !operand->value.at ? "value"
	                                                                        : NULL;
}

#define WITH_CANDIDATES FIELD_CONDITION(0)
static unsigned argument_conditions(const void *data, const struct field_context *context)
{
	const struct usdtinfo_argument *argument = data;
	return argument->candidate_count ? WITH_CANDIDATES : 0;
}

#define IS_INLINED FIELD_CONDITION(0)
static unsigned source_conditions(const void *data, const struct field_context *context)
{
	return ((const struct source_line *)data)->function.at ? IS_INLINED : 0;
}

#define IS_RELOCATABLE FIELD_CONDITION(0)
#define IN_SEGMENT     FIELD_CONDITION(1)
#define OF_PROCESS     FIELD_CONDITION(2)
#define IS_MEMBER      FIELD_CONDITION(3)

static bool is_relocatable(const struct usdtinfo_probe *probe,
                           const struct file_facts *file)
{
	if (probe->semaphore_symbol.at)
		return true;
	/* Both are the library's own name of the type, unless a listing was read. */
	const char *name = usdtinfo_type_name(USDTINFO_TYPE_REL);
	return file && (file->type.at == name || text_equal(file->type, text_of(name)));
}

static unsigned probe_conditions(const void *data, const struct field_context *context)
{
	const struct usdtinfo_probe *probe = data;
	const struct file_facts *file = context->file;
	return (is_relocatable(probe, file) ? IS_RELOCATABLE : 0) |
	       (!probe->note_section.at ? IN_SEGMENT : 0) |
	       (file && file->pid.known ? OF_PROCESS : 0);
}

static unsigned file_conditions(const void *data, const struct field_context *context)
{
	const struct file_facts *file = data;
	/* A package that is damaged counts as its own: it is no member. */
	bool is_member = file->archive.at && file->path.size > file->archive.size;
	return (file->pid.known ? OF_PROCESS : 0) | (is_member ? IS_MEMBER : 0);
}

/* ---- when an object is null ---- */

static bool note_section_known(const void *data)
{
	return ((const struct usdtinfo_probe *)data)->note_section.at;
}

static bool function_known(const void *data)
{
	return ((const struct usdtinfo_probe *)data)->function.at;
}

static bool source_known(const void *data)
{
	return ((const struct usdtinfo_probe *)data)->source_count;
}

/* ---- the tables ---- */

/* An object whose members are members of the same struct. */
#define PART(name, ...) PART_OF(name, __VA_ARGS__, )
#define PART_OF(name, part, ...)                                                         \
	{                                                                                \
		.key = name, .token = JSON_TOKEN(name), .type = FIELD_RECORD,            \
		.nested = &part, __VA_ARGS__                                             \
	}
#define COUNT(record, member) .count_offset = offsetof(struct record, member)
#define NEEDS(bits)           .needs = (bits)
#define PLACE                 NEEDS(USDTINFO_DETAIL_PLACE)

/* clang-format off */
static const struct field operand_fields[] = {
	FIELD("kind", ENUM, operand, kind, .names = operand_kind_names),
	FIELD("register", TEXT, operand, reg, NEEDS(IN_REGISTER)),
	FIELD("shift", NUMBER_NONZERO, operand, reg_shift, NEEDS(IS_SHIFTED)),
	FIELD("pair", BOOL, operand, reg_pair, NEEDS(IS_PAIR)),
	FIELD("value", TEXT, operand, value, NEEDS(IN_CONSTANT)),
	FIELD("base", TEXT, operand, base, NEEDS(IN_MEMORY)),
	FIELD("index", TEXT, operand, index, NEEDS(IN_MEMORY)),
	FIELD("scale", NUMBER_NONZERO, operand, scale, NEEDS(IN_MEMORY)),
	FIELD("index_extend", ENUM, operand, index_extend, .names = extend_names,
	      NEEDS(IS_EXTENDED)),
	FIELD("index_subtracted", BOOL, operand, index_subtracted, NEEDS(IS_SUBTRACTED)),
	FIELD("displacement", NUMBER_SIGNED, operand, displacement, NEEDS(WITH_ADDRESS)),
	FIELD("symbol", TEXT, operand, symbol, NEEDS(WITH_ADDRESS)),
	FIELD("relocation", TEXT, operand, relocation, NEEDS(WITH_RELOCATION)),
	FIELD("segment", TEXT, operand, segment, NEEDS(IN_MEMORY)),
	FIELD("pc_relative", BOOL, operand, pc_relative, NEEDS(IS_PC_RELATIVE)),
	FIELD("address", HEX_MAYBE, operand, address, NEEDS(WITH_ADDRESS)),
	FIELD("candidates", HEX_ARRAY, operand, candidates, COUNT(operand, candidate_count),
	      NEEDS(IS_AMBIGUOUS)),
};
const struct record operand_record = RECORD("operand", operand, true, operand_fields, .conditions = operand_conditions, .lacks = operand_lacks);

static const struct field name_candidate_fields[] = {
	FIELD("name", TEXT, name_candidate, name),
	FIELD("c_type", TEXT, name_candidate, c_type),
};
const struct record name_candidate_record =
	RECORD("name_candidate", name_candidate, true, name_candidate_fields);

static const struct field argument_fields[] = {
	FIELD("number", NUMBER, usdtinfo_argument, number),
	FIELD("raw", TEXT, usdtinfo_argument, raw),
	FIELD("size", NUMBER, usdtinfo_argument, size),
	FIELD("size_declared", BOOL, usdtinfo_argument, size_declared),
	FIELD("signed", BOOL, usdtinfo_argument, is_signed),
	FIELD("float", BOOL, usdtinfo_argument, is_float),
	FIELD("type", TEXT, usdtinfo_argument, type),
	FIELD("operand", RECORD, usdtinfo_argument, operand, .nested = &operand_record),
	FIELD("resolvable", BOOL, usdtinfo_argument, resolvable),
	FIELD("name", TEXT, usdtinfo_argument, name, NEEDS(USDTINFO_DETAIL_NAMES)),
	FIELD("c_type", TEXT, usdtinfo_argument, c_type, NEEDS(USDTINFO_DETAIL_NAMES)),
	FIELD("name_source", TEXT, usdtinfo_argument, name_source, .names = name_sources,
	      NEEDS(USDTINFO_DETAIL_NAMES)),
	FIELD("candidates", ARRAY, usdtinfo_argument, candidates,
	      COUNT(usdtinfo_argument, candidate_count), .nested = &name_candidate_record,
	      NEEDS(USDTINFO_DETAIL_NAMES | WITH_CANDIDATES)),
};
const struct record argument_record =
	RECORD("argument", usdtinfo_argument, true, argument_fields, .conditions = argument_conditions);

static const struct field source_fields[] = {
	FIELD("file", TEXT, source_line, file),
	FIELD("line", NUMBER_MAYBE, source_line, line),
	FIELD("function", TEXT, source_line, function, NEEDS(IS_INLINED)),
};
const struct record source_record = RECORD("source", source_line, true, source_fields, .conditions = source_conditions);

/* These four are parts of the probe itself: their offsets count from its start. */
static const struct field site_fields[] = {
	FIELD("bytes", BYTES, usdtinfo_probe, site_bytes, COUNT(usdtinfo_probe, site_size),
	      .room = SITE_BYTES_MAX),
	FIELD("kind", ENUM, usdtinfo_probe, site, .names = site_names),
};
static const struct record site_record = RECORD("site", usdtinfo_probe, true, site_fields);

static const struct field note_section_fields[] = {
	FIELD("name", TEXT, usdtinfo_probe, note_section),
	FIELD("index", NUMBER, usdtinfo_probe, note_area_index),
};
static const struct record note_section_record =
	RECORD("note_section", usdtinfo_probe, true, note_section_fields);

/* readelf names such a place by its range. */
static const struct field note_segment_fields[] = {
	FIELD("index", NUMBER, usdtinfo_probe, note_area_index),
	FIELD("offset", HEX, usdtinfo_probe, note_area_offset),
	FIELD("size", NUMBER, usdtinfo_probe, note_area_size),
};
static const struct record note_segment_record =
	RECORD("note_segment", usdtinfo_probe, true, note_segment_fields);

static const struct field function_fields[] = {
	FIELD("name", TEXT, usdtinfo_probe, function),
	FIELD("offset", HEX_MAYBE, usdtinfo_probe, function_offset),
};
static const struct record function_record =
	RECORD("function", usdtinfo_probe, true, function_fields);

#define PROBE(key, type, ...) FIELD(key, type, usdtinfo_probe, __VA_ARGS__)
static const struct field probe_fields[] = {
	PROBE("provider", TEXT, provider),
	PROBE("name", TEXT, name),
	PROBE("location", HEX_MAYBE, location),
	PROBE("location_raw", HEX, location_raw),
	PROBE("base", HEX, base),
	PROBE("base_delta", HEX_SIGNED, base_delta),
	PROBE("semaphore", HEX_MAYBE, semaphore),
	PROBE("semaphore_raw", HEX_MAYBE, semaphore_raw),
	PROBE("semaphore_symbol", TEXT, semaphore_symbol, NEEDS(IS_RELOCATABLE)),
	PROBE("file_offset", HEX_MAYBE, file_offset, PLACE),
	PROBE("semaphore_offset", HEX_MAYBE, semaphore_offset, PLACE),
	PROBE("section", TEXT, section, PLACE),
	PROBE("section_offset", HEX_MAYBE, section_offset, PLACE),
	PART("note_section", note_section_record, .known = note_section_known),
	PART("note_segment", note_segment_record, NEEDS(IN_SEGMENT)),
	PROBE("note_offset", HEX, note_offset),
	PROBE("note_size", NUMBER, note_size),
	PART("site", site_record, NEEDS(USDTINFO_DETAIL_SITE)),
	PART("function", function_record, .known = function_known, NEEDS(USDTINFO_DETAIL_FUNCTION)),
	PROBE("runtime_location", HEX_MAYBE, runtime.location, NEEDS(OF_PROCESS)),
	PROBE("runtime_semaphore", HEX_MAYBE, runtime.semaphore, NEEDS(OF_PROCESS)),
	PROBE("semaphore_value", NUMBER_MAYBE, runtime.semaphore_value, NEEDS(OF_PROCESS)),
	PROBE("runtime_bytes", BYTES, runtime.bytes, COUNT(usdtinfo_probe, runtime.size),
	      .room = SITE_BYTES_MAX, NEEDS(OF_PROCESS)),
	PROBE("state", ENUM, runtime.state, .names = probe_state_names, NEEDS(OF_PROCESS)),
	PROBE("state_reason", TEXT, runtime.reason, NEEDS(OF_PROCESS)),
	PROBE("source", ARRAY, source, COUNT(usdtinfo_probe, source_count),
	      .nested = &source_record, .known = source_known, NEEDS(USDTINFO_DETAIL_SOURCE)),
	PROBE("arguments_text", TEXT, arguments_text),
	PROBE("arguments", ARRAY, arguments, COUNT(usdtinfo_probe, argument_count),
	      .nested = &argument_record, NEEDS(USDTINFO_DETAIL_ARGUMENTS)),
};
const struct record probe_record = RECORD("probe", usdtinfo_probe, false, probe_fields, .conditions = probe_conditions);

#define FACT(key, type, ...) FIELD(key, type, file_facts, __VA_ARGS__)
static const struct field file_fields[] = {
	FACT("path", TEXT, path),
	FACT("archive", TEXT, archive, NEEDS(IS_MEMBER)),
	FACT("state", ENUM, state, .names = state_names),
	FACT("build_id", TEXT, build_id),
	FACT("class", NUMBER_MAYBE, elf_class),
	FACT("endian", TEXT, endian, .names = endian_names),
	FACT("machine", TEXT, machine, .names = machine_names),
	FACT("machine_number", NUMBER_MAYBE, machine_number),
	FACT("type", TEXT, type, .names = type_names),
	FACT("base_state", TEXT, base_state, .names = base_state_names),
	FACT("pid", NUMBER_MAYBE, pid, NEEDS(OF_PROCESS)),
	FACT("command", TEXT, command, NEEDS(OF_PROCESS)),
	FACT("load_bias", HEX_MAYBE, load_bias, NEEDS(OF_PROCESS)),
};
const struct record file_record = RECORD("file", file_facts, false, file_fields, .conditions = file_conditions);

static const struct field diagnostic_fields[] = {
	FIELD("severity", ENUM, diagnostic, severity, .names = severity_names),
	FIELD("code", TEXT, diagnostic, code),
	FIELD("message", TEXT, diagnostic, message),
};
const struct record diagnostic_record =
	RECORD("diagnostic", diagnostic, true, diagnostic_fields);

static const struct field summary_fields[] = {
	FIELD("files", NUMBER, summary, files),
	FIELD("files_with_probes", NUMBER, summary, files_with_probes),
	FIELD("probes", NUMBER, summary, probes),
	FIELD("names", NUMBER, summary, names),
	FIELD("errors", NUMBER, summary, errors),
};
const struct record summary_record = RECORD("summary", summary, true, summary_fields);
/* clang-format on */

const struct record *const records[] = {
	&file_record,    &probe_record,      &note_section_record, &note_segment_record,
	&site_record,    &function_record,   &source_record,       &argument_record,
	&operand_record, &diagnostic_record, &summary_record,      NULL,
};
