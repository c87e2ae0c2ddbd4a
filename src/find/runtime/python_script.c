/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Lines of scripts are data here: nothing is ever run. */
#include "find/runtime/python_script.h"

#include <string.h>

#include "base/array.h"

/* Bytes of the head that are still to be looked at. */
struct script_cursor {
	const char *at, *end;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void skip_blanks(struct script_cursor *cursor)
{
	while (cursor->at < cursor->end && is_blank(*cursor->at))
		cursor->at++;
}

static struct script_cursor take_line(struct script_cursor *cursor)
{
	const char *start = cursor->at;
	const char *newline = memchr(start, '\n', (size_t)(cursor->end - start));
	cursor->at = newline ? newline + 1 : cursor->end;
	return (struct script_cursor){ start, newline ? newline : cursor->end };
}

static bool begins(const struct script_cursor *cursor, const char *word)
{
	size_t size = strlen(word);
	return (size_t)(cursor->end - cursor->at) >= size &&
	       memcmp(cursor->at, word, size) == 0;
}

/*
 * One word as a shell reads it, but for expansions, whose text stays. Return: false at the
 * end, or when it does not fit.
 */
static bool take_word(struct script_cursor *cursor, char word[PATH_MAX])
{
	size_t size = 0;
	char quote = 0;
	skip_blanks(cursor);
	if (cursor->at == cursor->end)
		return false;
	for (; cursor->at < cursor->end; cursor->at++) {
		char c = *cursor->at;
		if (!quote && is_blank(c))
			break;
		if (quote ? c == quote : c == '"' || c == '\'') {
			quote = quote ? 0 : c;
			continue;
		}
		if (c == '\\' && quote != '\'' && cursor->at + 1 < cursor->end)
			c = *++cursor->at;
		if (c == '\0' || size + 1 >= PATH_MAX)
			return false;
		word[size++] = c;
	}
	word[size] = '\0';
	return true;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* env(1): options, then assignments, then the command. */
static bool take_env_command(struct script_cursor *line, char word[PATH_MAX])
{
	static const char *const with_value[] = { "-u", "-C", "--unset", "--chdir" };
	while (take_word(line, word)) {
		if (word[0] != '-') {
			if (*word && !strchr(word, '='))
				return true;
			continue;
		}
		/* The rest of the line is split anyway; "-Spython3" holds the first word. */
		if (strncmp(word, "-S", 2) == 0 && word[2]) {
			memmove(word, word + 2, strlen(word + 2) + 1);
			return true;
		}
		static const char split[] = "--split-string=";
		if (strncmp(word, split, strlen(split)) == 0) {
			struct script_cursor inner = { word + strlen(split),
				                       word + strlen(word) };
			char command[PATH_MAX];
			if (!take_word(&inner, command))
				continue;
			strcpy(word, command);
			return true;
		}
		for (size_t i = 0; i < ARRAY_SIZE(with_value); i++) {
			if (strcmp(word, with_value[i]) == 0 && !take_word(line, word))
				return false;
		}
	}
	return false;
}

/* '''exec' "/path/python" "$0" "$@": Python sees a string there, a shell a command. */
static bool read_exec_line(struct script_cursor line, struct program_script *ret)
{
	char word[PATH_MAX];
	static const char start[] = "'''exec'", own_directory[] = "\"$(dirname";
	if (!begins(&line, start))
		return false;
	line.at += strlen(start);
	skip_blanks(&line);
	if (!begins(&line, own_directory)) {
		if (!take_word(&line, word) || !*word)
			return false;
		strcpy(ret->interpreter, word);
		ret->kind = SCRIPT_PATH;
		return true;
	}
	/* "$(dirname -- "$(realpath -- "$0")")"/'python' */
	const char *close = NULL;
	for (const char *at = line.at; at + 2 < line.end; at++) {
		if (at[0] == ')' && at[1] == '"' && at[2] == '/')
			close = at + 3;
	}
	if (!close)
		return false;
	line.at = close;
	if (!take_word(&line, word) || !*word || strchr(word, '/'))
		return false;
	strcpy(ret->interpreter, word);
	ret->kind = SCRIPT_BESIDE;
	return true;
}

static bool is_python_name(const char *path)
{
	return strstr(base_name(path), "python") != NULL;
}

/* exec [-a NAME] [NAME=VALUE...] COMMAND: the command, when it is a path. */
static bool read_exec_command(struct script_cursor line, char word[PATH_MAX])
{
	skip_blanks(&line);
	if (!begins(&line, "exec "))
		return false;
	line.at += strlen("exec ");
	while (take_word(&line, word)) {
		if (strcmp(word, "-a") == 0) {
			if (!take_word(&line, word))
				return false;
		} else if (word[0] == '/') {
			return true;
		} else if (word[0] != '-' && !strchr(word, '=')) {
			return false;
		}
	}
	return false;
}

static const char *const tools[] = { "pyenv", "asdf", "mise", "rtx" };

/* "# asdf-plugin: python 3.11.4" */
static void read_plugin_line(struct script_cursor line, struct program_script *ret)
{
	static const char start[] = "# asdf-plugin:";
	char word[PATH_MAX];
	if (!begins(&line, start))
		return;
	line.at += strlen(start);
	if (take_word(&line, word) && strcmp(word, "python") == 0 &&
	    take_word(&line, word) && strlen(word) < sizeof(ret->version))
		strcpy(ret->version, word);
}

/* A shell script that ends up in some Python, or in a tool that chooses one. */
static void read_shell(struct script_cursor left, struct program_script *ret)
{
	char word[PATH_MAX];
	struct script_cursor line = take_line(&left);
	if (read_exec_line(line, ret))
		return;
	for (;; line = take_line(&left)) {
		read_plugin_line(line, ret);
		if (read_exec_command(line, word)) {
			for (size_t i = 0; i < ARRAY_SIZE(tools); i++) {
				if (strcmp(base_name(word), tools[i]) == 0)
					ret->tool = tools[i];
			}
			if (!ret->tool && is_python_name(word)) {
				ret->tool = "a wrapper";
				strcpy(ret->interpreter, word);
			}
		}
		if (left.at == left.end)
			break;
	}
	if (ret->tool)
		ret->kind = SCRIPT_CHOOSES;
}

void script_read(struct text head, struct program_script *ret)
{
	static const char *const shells[] = { "sh", "bash", "dash", "ksh", "zsh", "ash" };
	struct script_cursor left = { head.at, head.at + head.size };
	struct script_cursor line = take_line(&left);
	*ret = (struct program_script){ .kind = SCRIPT_NONE };
	if (!begins(&line, "#!"))
		return;
	line.at += 2;
	/* The kernel knows no quotes there: the interpreter ends at the first blank. */
	skip_blanks(&line);
	size_t size = 0;
	while (line.at + size < line.end && !is_blank(line.at[size]))
		size++;
	if (size == 0 || size >= sizeof(ret->interpreter))
		return;
	memcpy(ret->interpreter, line.at, size);
	if (strlen(ret->interpreter) != size)
		return;
	line.at += size;
	ret->kind = SCRIPT_PATH;
	const char *name = base_name(ret->interpreter);
	char command[PATH_MAX];
	if (strcmp(name, "env") == 0 && take_env_command(&line, command)) {
		strcpy(ret->interpreter, command);
		ret->kind = strchr(command, '/') ? SCRIPT_PATH : SCRIPT_SEARCH;
	}
	name = base_name(ret->interpreter);
	for (size_t i = 0; i < ARRAY_SIZE(shells); i++) {
		if (strcmp(name, shells[i]) == 0) {
			char shell[PATH_MAX];
			strcpy(shell, ret->interpreter);
			*ret->interpreter = '\0';
			read_shell(left, ret);
			if (!ret->tool && ret->interpreter[0] == '\0')
				strcpy(ret->interpreter, shell);
			return;
		}
	}
}
