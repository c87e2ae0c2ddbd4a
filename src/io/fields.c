/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The fields of a listing: one row a JSON key, with its type and its place in a C struct.
 */
#include "io/fields.h"

#include "base/array.h"
#include "base/names.h"

static const char *const endian_names[] = { "little", "big", NULL };
/* By enum name_source, but for the first, which is null. */
static const char *const name_sources[] = { "dwarf", "definitions", "catalogue", NULL };

/* ---- when a key is there, when an object is null ---- */

#define KINDS(kinds) return (1u << ((const struct operand *)data)->kind & (kinds)) != 0
#define REGISTER     (1u << USDTINFO_OPERAND_REGISTER)
#define CONSTANT     (1u << USDTINFO_OPERAND_CONSTANT)
#define MEMORY       (1u << USDTINFO_OPERAND_MEMORY)
#define ADDRESS      (1u << USDTINFO_OPERAND_ADDRESS)

static bool is_register(const void *data, const struct field_context *context)
{
	KINDS(REGISTER);
}

static bool is_constant(const void *data, const struct field_context *context)
{
	KINDS(CONSTANT);
}

static bool is_memory(const void *data, const struct field_context *context)
{
	KINDS(MEMORY);
}

static bool has_address(const void *data, const struct field_context *context)
{
	KINDS(MEMORY | ADDRESS);
}

static bool is_shifted(const void *data, const struct field_context *context)
{
	return is_register(data, context) && ((const struct operand *)data)->reg_shift;
}

static bool is_pair(const void *data, const struct field_context *context)
{
	return is_register(data, context) && ((const struct operand *)data)->reg_pair;
}

static bool has_relocation(const void *data, const struct field_context *context)
{
	const struct operand *operand = data;
	return is_memory(data, context) ||
	       (has_address(data, context) && operand->relocation.at);
}

static bool is_extended(const void *data, const struct field_context *context)
{
	return ((const struct operand *)data)->index_extend != USDTINFO_EXTEND_NONE;
}

static bool is_subtracted(const void *data, const struct field_context *context)
{
	return ((const struct operand *)data)->index_subtracted;
}

static bool is_pc_relative(const void *data, const struct field_context *context)
{
	return has_address(data, context) && ((const struct operand *)data)->pc_relative;
}

static bool is_ambiguous(const void *data, const struct field_context *context)
{
	return has_address(data, context) &&
	       ((const struct operand *)data)->candidate_count;
}

static bool is_relocatable(const void *data, const struct field_context *context)
{
	const struct usdtinfo_probe *probe = data;
	if (probe->semaphore_symbol.at)
		return true;
	return context->file &&
	       text_equal(context->file->type,
	                  text_of(usdtinfo_type_name(USDTINFO_TYPE_REL)));
}

static bool is_inlined(const void *data, const struct field_context *context)
{
	return ((const struct source_line *)data)->function.at;
}

static bool is_in_segment(const void *data, const struct field_context *context)
{
	return !((const struct usdtinfo_probe *)data)->note_section.at;
}

static bool has_name_candidates(const void *data, const struct field_context *context)
{
	return ((const struct usdtinfo_argument *)data)->candidate_count;
}

static bool is_of_process(const void *data, const struct field_context *context)
{
	return context->file && context->file->pid.known;
}

static bool is_process_file(const void *data, const struct field_context *context)
{
	return ((const struct file_facts *)data)->pid.known;
}

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
#define PART(name, part, ...)                                                            \
	{                                                                                \
		.key = name, .token = JSON_TOKEN(name), .type = FIELD_RECORD,            \
		.nested = &part, __VA_ARGS__                                             \
	}
#define COUNT(record, member) .count_offset = offsetof(struct record, member)
#define IF(condition)         .present = condition
#define DETAIL(bits)          .detail = bits
#define PLACE                 DETAIL(USDTINFO_DETAIL_PLACE)

/* clang-format off */
static const struct field operand_fields[] = {
	FIELD("kind", ENUM, operand, kind, .names = operand_kind_names),
	FIELD("register", TEXT, operand, reg, IF(is_register)),
	FIELD("shift", NUMBER_NONZERO, operand, reg_shift, IF(is_shifted)),
	FIELD("pair", BOOL, operand, reg_pair, IF(is_pair)),
	FIELD("value", TEXT, operand, value, IF(is_constant)),
	FIELD("base", TEXT, operand, base, IF(is_memory)),
	FIELD("index", TEXT, operand, index, IF(is_memory)),
	FIELD("scale", NUMBER_NONZERO, operand, scale, IF(is_memory)),
	FIELD("index_extend", ENUM, operand, index_extend, .names = extend_names,
	      IF(is_extended)),
	FIELD("index_subtracted", BOOL, operand, index_subtracted, IF(is_subtracted)),
	FIELD("displacement", NUMBER_SIGNED, operand, displacement, IF(has_address)),
	FIELD("symbol", TEXT, operand, symbol, IF(has_address)),
	FIELD("relocation", TEXT, operand, relocation, IF(has_relocation)),
	FIELD("segment", TEXT, operand, segment, IF(is_memory)),
	FIELD("pc_relative", BOOL, operand, pc_relative, IF(is_pc_relative)),
	FIELD("address", HEX_MAYBE, operand, address, IF(has_address)),
	FIELD("candidates", HEX_ARRAY, operand, candidates, COUNT(operand, candidate_count),
	      IF(is_ambiguous)),
};
const struct record operand_record = RECORD("operand", operand, true, operand_fields);

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
	FIELD("name", TEXT, usdtinfo_argument, name, DETAIL(USDTINFO_DETAIL_NAMES)),
	FIELD("c_type", TEXT, usdtinfo_argument, c_type, DETAIL(USDTINFO_DETAIL_NAMES)),
	FIELD("name_source", TEXT, usdtinfo_argument, name_source, .names = name_sources,
	      DETAIL(USDTINFO_DETAIL_NAMES)),
	FIELD("candidates", ARRAY, usdtinfo_argument, candidates,
	      COUNT(usdtinfo_argument, candidate_count), .nested = &name_candidate_record,
	      DETAIL(USDTINFO_DETAIL_NAMES), IF(has_name_candidates)),
};
const struct record argument_record =
	RECORD("argument", usdtinfo_argument, true, argument_fields);

static const struct field source_fields[] = {
	FIELD("file", TEXT, source_line, file),
	FIELD("line", NUMBER_MAYBE, source_line, line),
	FIELD("function", TEXT, source_line, function, IF(is_inlined)),
};
const struct record source_record = RECORD("source", source_line, true, source_fields);

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

#define PROBE(key, type, member, ...) FIELD(key, type, usdtinfo_probe, member, __VA_ARGS__)
static const struct field probe_fields[] = {
	PROBE("provider", TEXT, provider),
	PROBE("name", TEXT, name),
	PROBE("location", HEX_MAYBE, location),
	PROBE("location_raw", HEX, location_raw),
	PROBE("base", HEX, base),
	PROBE("base_delta", HEX_SIGNED, base_delta),
	PROBE("semaphore", HEX_MAYBE, semaphore),
	PROBE("semaphore_raw", HEX_MAYBE, semaphore_raw),
	PROBE("semaphore_symbol", TEXT, semaphore_symbol, IF(is_relocatable)),
	PROBE("file_offset", HEX_MAYBE, file_offset, PLACE),
	PROBE("semaphore_offset", HEX_MAYBE, semaphore_offset, PLACE),
	PROBE("section", TEXT, section, PLACE),
	PROBE("section_offset", HEX_MAYBE, section_offset, PLACE),
	PART("note_section", note_section_record, .known = note_section_known),
	PART("note_segment", note_segment_record, IF(is_in_segment)),
	PROBE("note_offset", HEX, note_offset),
	PROBE("note_size", NUMBER, note_size),
	PART("site", site_record, DETAIL(USDTINFO_DETAIL_SITE)),
	PART("function", function_record, .known = function_known, DETAIL(USDTINFO_DETAIL_FUNCTION)),
	PROBE("runtime_location", HEX_MAYBE, runtime.location, IF(is_of_process)),
	PROBE("runtime_semaphore", HEX_MAYBE, runtime.semaphore, IF(is_of_process)),
	PROBE("semaphore_value", NUMBER_MAYBE, runtime.semaphore_value, IF(is_of_process)),
	PROBE("runtime_bytes", BYTES, runtime.bytes, COUNT(usdtinfo_probe, runtime.size),
	      .room = SITE_BYTES_MAX, IF(is_of_process)),
	PROBE("state", ENUM, runtime.state, .names = probe_state_names, IF(is_of_process)),
	PROBE("state_reason", TEXT, runtime.reason, IF(is_of_process)),
	PROBE("source", ARRAY, source, COUNT(usdtinfo_probe, source_count),
	      .nested = &source_record, .known = source_known, DETAIL(USDTINFO_DETAIL_SOURCE)),
	PROBE("arguments_text", TEXT, arguments_text),
	PROBE("arguments", ARRAY, arguments, COUNT(usdtinfo_probe, argument_count),
	      .nested = &argument_record, DETAIL(USDTINFO_DETAIL_ARGUMENTS)),
};
const struct record probe_record = RECORD("probe", usdtinfo_probe, false, probe_fields);

#define FACT(key, type, member, ...) FIELD(key, type, file_facts, member, __VA_ARGS__)
static const struct field file_fields[] = {
	FACT("path", TEXT, path),
	FACT("state", ENUM, state, .names = state_names),
	FACT("build_id", TEXT, build_id),
	FACT("class", NUMBER_MAYBE, elf_class),
	FACT("endian", TEXT, endian, .names = endian_names),
	FACT("machine", TEXT, machine),
	FACT("machine_number", NUMBER_MAYBE, machine_number),
	FACT("type", TEXT, type, .names = type_names),
	FACT("base_state", TEXT, base_state, .names = base_state_names),
	FACT("pid", NUMBER_MAYBE, pid, IF(is_process_file)),
	FACT("command", TEXT, command, IF(is_process_file)),
	FACT("load_bias", HEX_MAYBE, load_bias, IF(is_process_file)),
};
const struct record file_record = RECORD("file", file_facts, false, file_fields);

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
