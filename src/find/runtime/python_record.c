/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Build records: what each kind of file says of WITH_DTRACE and CONFIG_ARGS. */
#include <string.h>

#include "base/array.h"
#include "find/runtime/python_literal.h"
#include "find/runtime/python_parts.h"

static enum maybe number_is_set(struct text value)
{
	return text_equal(value, text_of("0")) ? MAYBE_NO : MAYBE_YES;
}

static void keep_arguments(struct usdtinfo_python *python, struct text value)
{
	if (!python->record.config_args.at)
		python->record.config_args = python_format(python, "%.*s",
		                                           (int)value.size, value.at);
}

static void visit_variable(void *context, struct text key, enum literal_type type,
                           struct text value)
{
	struct usdtinfo_python *python = context;
	struct python_record *record = &python->record;
	bool is_number = type == LITERAL_NUMBER;
	if (text_equal(key, text_of("WITH_DTRACE")) && is_number)
		record->with_dtrace = number_is_set(value);
	else if (text_equal(key, text_of("Py_GIL_DISABLED")) && is_number)
		record->gil_disabled = number_is_set(value);
	else if (text_equal(key, text_of("Py_ENABLE_SHARED")) && is_number)
		record->shared = number_is_set(value);
	else if (text_equal(key, text_of("CONFIG_ARGS")) && type == LITERAL_STRING)
		keep_arguments(python, value);
}

/* PEP 739: nothing of dtrace, but the version, for objects that do not tell theirs. */
static void visit_details(void *context, struct text key, enum literal_type type,
                          struct text value)
{
	struct usdtinfo_python *python = context;
	struct python_version *version = &python->version;
	uint32_t hex = 0;
	if (!text_equal(key, text_of("implementation.hexversion")) ||
	    type != LITERAL_NUMBER || version->has_micro)
		return;
	for (size_t i = 0; i < value.size; i++)
		hex = hex * 10 + (uint32_t)(value.at[i] - '0');
	if (version->major &&
	    (version->major != hex >> 24 || version->minor != (hex >> 16 & 0xff)))
		return;
	version->major = hex >> 24;
	version->minor = hex >> 16 & 0xff;
	version->micro = hex >> 8 & 0xff;
	version->has_micro = true;
	version->source = "build-details.json";
}

static void parse_literals(struct usdtinfo_python *python, struct text content)
{
	literal_read(content, visit_variable, python);
}

static void parse_details(struct usdtinfo_python *python, struct text content)
{
	literal_read(content, visit_details, python);
}

static struct text take_line(struct text *left)
{
	const char *newline = memchr(left->at, '\n', left->size);
	size_t size = newline ? (size_t)(newline - left->at) : left->size;
	struct text line = { left->at, size };
	left->at += size + (newline != NULL);
	left->size -= size + (newline != NULL);
	return line;
}

static bool take_start(struct text *line, const char *start)
{
	size_t size = strlen(start);
	if (line->size < size || memcmp(line->at, start, size) != 0)
		return false;
	line->at += size;
	line->size -= size;
	return true;
}

static void trim(struct text *text)
{
	while (text->size && strchr(" \t\r", *text->at) && *text->at)
		text->at++, text->size--;
	while (text->size && strchr(" \t\r", text->at[text->size - 1]))
		text->size--;
}

/* "#define WITH_DTRACE 1", or configure's commented "#undef WITH_DTRACE". */
static void parse_header(struct usdtinfo_python *python, struct text content)
{
	while (content.size) {
		struct text line = take_line(&content);
		trim(&line);
		if (take_start(&line, "#define WITH_DTRACE")) {
			trim(&line);
			python->record.with_dtrace = number_is_set(line);
		} else if (take_start(&line, "/* #undef WITH_DTRACE")) {
			python->record.with_dtrace = MAYBE_NO;
		}
	}
}

/* "DTRACE=	/usr/bin/dtrace": configure looks for the script only when it is asked to. */
static void parse_makefile(struct usdtinfo_python *python, struct text content)
{
	while (content.size) {
		struct text line = take_line(&content);
		if (take_start(&line, "DTRACE=")) {
			trim(&line);
			python->record.with_dtrace = line.size ? MAYBE_YES : MAYBE_NO;
		} else if (take_start(&line, "CONFIG_ARGS=")) {
			trim(&line);
			keep_arguments(python, line);
		}
	}
}

static const struct {
	const char *start, *end; /* of the file's name */
	void (*parse)(struct usdtinfo_python *python, struct text content);
} kinds[] = {
	{ "_sysconfig_vars", ".json", parse_literals },
	{ "_sysconfigdata", ".py", parse_literals },
	{ "build-details", ".json", parse_details },
	{ "pyconfig", ".h", parse_header },
	{ "Makefile", "", parse_makefile },
};

static bool fits(const char *name, const char *start, const char *end)
{
	size_t size = strlen(name), end_size = strlen(end);
	return strncmp(name, start, strlen(start)) == 0 && size >= end_size &&
	       strcmp(name + size - end_size, end) == 0;
}

/* The words of configure, for records that lack the variable: only "yes" turns it on. */
static enum maybe asked_for(struct text arguments)
{
	static const char *const options[] = { "--with-dtrace", "--with-dtrace=yes" };
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		size_t size = strlen(options[i]), left = arguments.size;
		const char *at = arguments.at;
		while ((at = memmem(at, left, options[i], size))) {
			char next = at[size];
			if (next == '\0' || next == '\'' || next == ' ' || next == '"')
				return MAYBE_YES;
			at += size;
			left = arguments.size - (size_t)(at - arguments.at);
		}
	}
	return MAYBE_NO;
}

void python_parse_record(struct usdtinfo_python *python, const char *name,
                         struct text content)
{
	struct python_record *record = &python->record;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!fits(name, kinds[i].start, kinds[i].end))
			continue;
		kinds[i].parse(python, content);
		break;
	}
	if (record->with_dtrace == MAYBE_UNKNOWN && record->config_args.at)
		record->with_dtrace = asked_for(record->config_args);
}
