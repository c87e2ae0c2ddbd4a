/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The grammar of provider definition files, as far as it names probes. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "debug/definition/definitions.h"

struct token {
	struct text text; /* empty at the end of the file */
	bool is_word;
};

struct parser {
	struct definitions *definitions;
	const char *at, *end;
	unsigned line;
	bool at_line_start;
	struct token token;
	struct strbuf type; /* of the parameter that is being read */
	struct definition_parameter *parameters;
	size_t count, room;
	struct usdtinfo_error *err;
};

/* Whatever the locale. */
static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_word_byte(char c)
{
	char letter = c | 0x20;
	return (letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
	       c == '$' || c == '`';
}

static bool starts(const struct parser *parser, const char *string)
{
	size_t size = strlen(string);
	return (size_t)(parser->end - parser->at) >= size &&
	       memcmp(parser->at, string, size) == 0;
}

static void step(struct parser *parser)
{
	if (*parser->at == '\n') {
		parser->line++;
		parser->at_line_start = true;
	} else if (!is_space(*parser->at)) {
		parser->at_line_start = false;
	}
	parser->at++;
}

/* To the end of a line that may be continued. */
static void skip_line(struct parser *parser)
{
	while (parser->at < parser->end && *parser->at != '\n') {
		if (*parser->at == '\\' && parser->at + 1 < parser->end)
			step(parser);
		step(parser);
	}
}

static void skip_comment(struct parser *parser)
{
	parser->at += 2;
	while (parser->at < parser->end && !starts(parser, "*/"))
		step(parser);
	if (parser->at < parser->end)
		parser->at += 2;
}

/* Whatever is no token: spaces, comments, lines of the preprocessor. */
static void skip_blank(struct parser *parser)
{
	while (parser->at < parser->end) {
		if (starts(parser, "/*"))
			skip_comment(parser);
		else if (starts(parser, "//") ||
		         (*parser->at == '#' && parser->at_line_start))
			skip_line(parser);
		else if (is_space(*parser->at))
			step(parser);
		else
			return;
	}
}

static void advance(struct parser *parser)
{
	skip_blank(parser);
	const char *start = parser->at;
	parser->at_line_start = false;
	parser->token.is_word = start < parser->end && is_word_byte(*start);
	/* Names of probes may have hyphens; nothing else here has a minus. */
	while (parser->token.is_word && parser->at < parser->end &&
	       (is_word_byte(*parser->at) || *parser->at == '-'))
		parser->at++;
	if (!parser->token.is_word && parser->at < parser->end)
		parser->at++;
	parser->token.text = (struct text){ start, (size_t)(parser->at - start) };
}

static bool is_token(const struct parser *parser, const char *string)
{
	const struct text *text = &parser->token.text;
	return text->size == strlen(string) && memcmp(text->at, string, text->size) == 0;
}

static bool is_end(const struct parser *parser)
{
	return parser->token.text.size == 0;
}

static int complain(struct parser *parser, const char *expected)
{
	const struct text *text = &parser->token.text;
	if (is_end(parser))
		return fail(parser->err, USDTINFO_E_DAMAGED,
		            "line %u: the file ends where %s should be", parser->line,
		            expected);
	struct strbuf shown = { 0 };
	text_escape((struct text){ text->at, text->size > 40 ? 40 : text->size }, &shown);
	int r = fail(parser->err, USDTINFO_E_DAMAGED, "line %u: '%s' where %s should be",
	             parser->line, shown.at ? shown.at : "", expected);
	strbuf_deinit(&shown);
	return r;
}

static int expect(struct parser *parser, const char *string, const char *what)
{
	if (!is_token(parser, string))
		return complain(parser, what);
	advance(parser);
	return 0;
}

static struct text keep(struct parser *parser, struct text text)
{
	return arena_text(&parser->definitions->arena, text.at, text.size);
}

/* ---- parameters ---- */

static bool is_one_of(const struct parser *parser, const char *const *words)
{
	for (; *words; words++)
		if (is_token(parser, *words))
			return true;
	return false;
}

/* Words of a base type, of which there may be several: "unsigned long int". */
static bool is_type_word(const struct parser *parser)
{
	static const char *const words[] = {
		"void",     "char",   "short", "int",  "long",     "float",    "double",
		"unsigned", "signed", "_Bool", "bool", "_Complex", "userland", NULL,
	};
	return is_one_of(parser, words);
}

static bool is_qualifier(const struct parser *parser)
{
	static const char *const words[] = { "const", "volatile", "restrict", "_Atomic",
		                             NULL };
	return is_one_of(parser, words);
}

static bool is_tag_word(const struct parser *parser)
{
	static const char *const words[] = { "struct", "union", "enum", NULL };
	return is_one_of(parser, words);
}

/* One token of a type, with the spaces of one spelling. */
static void add_to_type(struct parser *parser)
{
	struct strbuf *type = &parser->type;
	char last = type->size ? type->at[type->size - 1] : '\0';
	char first = *parser->token.text.at;
	bool after_word = last && (is_word_byte(last) || last == ',');
	if (after_word &&
	    (parser->token.is_word || first == '*' || first == '(' || last == ','))
		strbuf_add_char(type, ' ');
	strbuf_add(type, parser->token.text.at, parser->token.text.size);
}

/* A parameter that is an array is a pointer. */
static void skip_dimension(struct parser *parser)
{
	while (!is_end(parser) && !is_token(parser, "]"))
		advance(parser);
	char last = parser->type.size ? parser->type.at[parser->type.size - 1] : '*';
	strbuf_add_string(&parser->type, last == '*' ? "*" : " *");
}

static bool ends_parameter(const struct parser *parser, unsigned depth)
{
	return is_end(parser) || is_token(parser, ";") || is_token(parser, "{") ||
	       (depth == 0 && (is_token(parser, ",") || is_token(parser, ")") ||
	                       is_token(parser, ":")));
}

static bool add_parameter(struct parser *parser, struct text name)
{
	struct definition_parameter parameter = { 0 };
	if (parser->type.size == 0 ||
	    (!name.at && text_equal(strbuf_text(&parser->type), text_of("void"))))
		return true;
	parameter.c_type = keep(parser, strbuf_text(&parser->type));
	if (name.at)
		parameter.name = keep(parser, name);
	if (!parameter.c_type.at || (name.at && !parameter.name.at) ||
	    parser->type.failed ||
	    !array_grow(&parser->parameters, &parser->room, parser->count + 1,
	                sizeof(*parser->parameters)))
		return false;
	parser->parameters[parser->count++] = parameter;
	return true;
}

/* "const char *name": the first word behind a whole type is the name. */
static int parse_parameter(struct parser *parser)
{
	struct text name = { 0 };
	unsigned depth = 0;
	bool has_base = false;
	strbuf_clear(&parser->type);
	for (; !ends_parameter(parser, depth); advance(parser)) {
		bool tag = is_tag_word(parser);
		if (tag) {
			add_to_type(parser);
			advance(parser);
			if (ends_parameter(parser, depth))
				break;
		}
		if (is_token(parser, "[")) {
			skip_dimension(parser);
		} else if (!parser->token.is_word || tag || is_qualifier(parser)) {
			depth += is_token(parser, "(");
			depth -= is_token(parser, ")");
			add_to_type(parser);
		} else if (!has_base || is_type_word(parser) || name.at) {
			add_to_type(parser);
		} else {
			name = parser->token.text;
		}
		has_base |= parser->token.is_word && !is_qualifier(parser);
	}
	/* DTrace: "struct proc *p : procinfo_t *", what is passed and what it is shown as. */
	if (is_token(parser, ":"))
		while (!is_token(parser, ",") && !is_token(parser, ")") &&
		       !is_end(parser))
			advance(parser);
	/* Each is looked at for any number of probes. */
	if (parser->type.size > DEFINITION_TYPE_MAX || name.size > DEFINITION_TYPE_MAX)
		return fail(parser->err, USDTINFO_E_DAMAGED,
		            "line %u: an argument's type or name is longer than %u bytes",
		            parser->line, DEFINITION_TYPE_MAX);
	return add_parameter(parser, name) ? 0 : fail_memory(parser->err);
}

static int parse_parameters(struct parser *parser)
{
	int r = 0;
	parser->count = 0;
	if (!is_token(parser, "("))
		return 0;
	do {
		advance(parser);
		r = parse_parameter(parser);
	} while (r == 0 && is_token(parser, ","));
	return r < 0 ? r : expect(parser, ")", "',' or ')'");
}

/* ---- probes and providers ---- */

static int parse_probe(struct parser *parser, struct text provider)
{
	struct definitions *definitions = parser->definitions;
	struct definition definition = { .provider = provider, .line = parser->line };
	advance(parser);
	if (!parser->token.is_word)
		return complain(parser, "the name of a probe");
	definition.name = keep(parser, parser->token.text);
	advance(parser);
	int r = parse_parameters(parser);
	if (r == 0)
		r = expect(parser, ";", "';'");
	if (r < 0)
		return r;
	size_t size = parser->count * sizeof(*parser->parameters);
	definition.count = parser->count;
	definition.parameters = arena_take(&definitions->arena, size);
	if (!definition.name.at || !definition.parameters ||
	    !array_grow(&definitions->items, &definitions->room, definitions->count + 1,
	                sizeof(*definitions->items)))
		return fail_memory(parser->err);
	if (size)
		memcpy(definition.parameters, parser->parameters, size);
	definitions->items[definitions->count++] = definition;
	return 0;
}

static int parse_provider(struct parser *parser)
{
	advance(parser);
	if (!parser->token.is_word)
		return complain(parser, "the name of a provider");
	struct text name = keep(parser, parser->token.text);
	if (!name.at)
		return fail_memory(parser->err);
	advance(parser);
	int r = expect(parser, "{", "'{'");
	while (r == 0 && !is_token(parser, "}")) {
		if (!is_token(parser, "probe"))
			return complain(parser, "'probe' or '}'");
		r = parse_probe(parser, name);
	}
	if (r == 0)
		advance(parser);
	return r;
}

/* Types and translators: up to the ';' that ends them. */
static void skip_declaration(struct parser *parser)
{
	unsigned depth = 0;
	for (; !is_end(parser); advance(parser)) {
		depth += is_token(parser, "{");
		if (depth > 0 && is_token(parser, "}"))
			depth--;
		if (depth == 0 && is_token(parser, ";"))
			break;
	}
	advance(parser);
}

int definitions_parse(struct definitions *definitions, struct text source,
                      struct usdtinfo_error *err)
{
	struct parser parser = {
		.definitions = definitions,
		.at = source.at,
		.end = source.at + source.size,
		.line = 1,
		.at_line_start = true,
		.err = err,
	};
	int r = 0;
	if (!source.at)
		return 0;
	/* Names and types end with a NUL. */
	if (memchr(source.at, '\0', source.size))
		return fail(err, USDTINFO_E_DAMAGED, "no text: it has a NUL byte");
	advance(&parser);
	while (r == 0 && !is_end(&parser)) {
		if (is_token(&parser, "provider"))
			r = parse_provider(&parser);
		else
			skip_declaration(&parser);
	}
	strbuf_deinit(&parser.type);
	free(parser.parameters);
	return r;
}
