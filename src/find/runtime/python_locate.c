/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* From what a person types to a file that is neither link nor script nor directory. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "base/file.h"
#include "base/path.h"
#include "find/runtime/python_parts.h"
#include "find/runtime/python_script.h"

/* Scripts whose interpreters are scripts, directories among them: more is a loop. */
#define STEPS_MAX  5
#define HEAD_SIZE  8192
#define USUAL_PATH "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"

struct locating {
	struct usdtinfo_python *python;
	const struct python_settings *settings;
	struct python_place *place;
	char *path; /* where we are */
};

/* Go to @path, which is taken over; NULL: memory ran out. */
static bool go_to(struct locating *at, char *path, const char *how)
{
	if (!path) {
		at->python->no_memory = true;
		return false;
	}
	free(at->path);
	at->path = path;
	python_add_hop(at->python, path, how);
	return true;
}

static bool is_program(const struct root *root, const char *path)
{
	struct stat st;
	return root_stat(root, path, &st) && S_ISREG(st.st_mode) && (st.st_mode & 0111);
}

/* Return: a malloced path of an executable called @name in the search path, or NULL */
static char *search_program(const struct locating *at, const char *name)
{
	const char *left = at->settings->search_path;
	for (left = left ? left : USUAL_PATH; *left;) {
		size_t size = strcspn(left, ":");
		_cleanup_(strbuf_deinit) struct strbuf path = { 0 };
		if (size == 0)
			strbuf_add_char(&path, '.');
		strbuf_add(&path, left, size);
		strbuf_add_char(&path, '/');
		strbuf_add_string(&path, name);
		if (path.failed)
			root_note(at->settings->root, ENOMEM);
		else if (is_program(at->settings->root, path.at))
			return steal_ptr(path.at);
		left += size + (left[size] == ':');
	}
	return NULL;
}

/* The first bytes of a regular file. Return: false when there is none or it is unreadable */
static bool read_head(const struct root *root, const char *path, char head[HEAD_SIZE + 1],
                      size_t *size_ret, struct usdtinfo_error *err)
{
	int fd;
	if (root_open_regular(root, path, &fd, err) < 0)
		return false;
	ssize_t got = file_read_at(fd, head, HEAD_SIZE, 0);
	if (got < 0) {
		root_note(root, errno);
		fail_errno(err, "cannot read");
	}
	close(fd);
	if (got < 0)
		return false;
	head[got] = '\0';
	*size_ret = (size_t)got;
	return true;
}

static bool is_elf_file(const struct root *root, const char *path)
{
	char head[HEAD_SIZE + 1];
	size_t size;
	return read_head(root, path, head, &size, NULL) && size >= 4 &&
	       memcmp(head, "\177ELF", 4) == 0;
}

/* Nothing was typed. Return: a malloced path, or NULL when there is no Python at all */
static char *default_program(struct locating *at)
{
	const struct root *root = at->settings->root;
	if (!root->directory && is_elf_file(root, "./python"))
		return path_noted(root, strdup("./python"));
	char *found = search_program(at, "python3");
	if (found || !root->directory)
		return found;
	/* Another root may be a package's: no python3 among the programs, or none at all. */
	const char *how;
	found = python_locate_directory(at->python, root, "/usr", &how);
	return found ? found
	             : python_locate_directory(at->python, root, "/usr/local", &how);
}

/* A bare name is the file here, else a program, else a directory here. */
static bool start(struct locating *at, const char *asked)
{
	const struct root *root = at->settings->root;
	if (!asked) {
		char *path = default_program(at);
		if (!path) {
			python_decide(at->python, USDTINFO_PYTHON_UNKNOWN,
			              "no python3 was found");
			return false;
		}
		return go_to(at, path, "found first");
	}
	char *path = NULL;
	bool is_bare = *asked && !strchr(asked, '/') && strcmp(asked, ".") != 0 &&
	               strcmp(asked, "..") != 0;
	if (is_bare && !root_is_file(root, asked))
		path = search_program(at, asked);
	if (path)
		return go_to(at, path, "found in PATH");
	/* Inside another root every path starts at its top. */
	path = root->directory && *asked && *asked != '/' ? path_join("/", asked)
	                                                  : strdup(asked);
	return go_to(at, path, "as asked");
}

/* Remember what a pyvenv.cfg near the program says; only the first one counts. */
static void note_environment(struct locating *at)
{
	static const char *const places[] = { "../pyvenv.cfg", "pyvenv.cfg" };
	const struct root *root = at->settings->root;
	_cleanup_(freep) char *directory = path_noted(root, path_directory(at->path));
	for (size_t i = 0; directory && i < ARRAY_SIZE(places) && !at->place->environment;
	     i++) {
		char *path = path_noted(root, path_join(directory, places[i]));
		if (path && root_is_file(root, path))
			at->place->environment = path;
		else
			free(path);
	}
}

/* "key = value", as site.py reads it: keys in any case, blanks trimmed. */
static char *take_setting(const struct root *root, const char *content, const char *key)
{
	size_t key_size = strlen(key);
	for (const char *line = content; *line;) {
		size_t size = strcspn(line, "\r\n");
		const char *at = line + strspn(line, " \t"), *end = line + size;
		if ((size_t)(end - at) > key_size &&
		    strncasecmp(at, key, key_size) == 0) {
			at += key_size;
			at += strspn(at, " \t");
			while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
				end--;
			if (at < end && *at == '=') {
				at += 1 + strspn(at + 1, " \t");
				return at < end ? path_noted(
							  root,
							  strndup(at, (size_t)(end - at)))
				                : NULL;
			}
		}
		line += size + (line[size] != '\0');
	}
	return NULL;
}

/* "python3.9" of an environment's "version = 3.9.18"; NULL when it does not tell. */
static char *versioned_name(const struct root *root, const char *content)
{
	static const char *const keys[] = { "version", "version_info" };
	_cleanup_(freep) char *version = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(keys) && !version; i++)
		version = take_setting(root, content, keys[i]);
	size_t major = version ? strspn(version, "0123456789") : 0;
	if (major == 0 || version[major] != '.')
		return NULL;
	size_t minor = strspn(version + major + 1, "0123456789");
	if (minor == 0)
		return NULL;
	char *name = NULL;
	version[major + 1 + minor] = '\0';
	return path_noted(root, asprintf(&name, "python%s", version) >= 0 ? name : NULL);
}

/* The program behind an environment whose own is a copy: a key names it, or its directory. */
static void read_environment(struct locating *at)
{
	static const char *const keys[] = { "base-executable", "executable" };
	const struct root *root = at->settings->root;
	_cleanup_(strbuf_deinit) struct strbuf content = { 0 };
	if (!at->place->environment ||
	    root_read(root, at->place->environment, 65536, &content, NULL) < 0 ||
	    !content.at)
		return;
	_cleanup_(freep) char *home = take_setting(root, content.at, "home");
	if (home)
		at->python->environment = python_keep(at->python, home);
	for (size_t i = 0; i < ARRAY_SIZE(keys) && !at->place->base; i++)
		at->place->base = take_setting(root, content.at, keys[i]);
	/* "make altinstall" leaves nothing but the name with the version. */
	_cleanup_(freep) char *versioned = versioned_name(root, content.at);
	const char *const names[] = { path_base(at->path), versioned, "python3",
		                      "python" };
	for (size_t i = 0; home && !at->place->base && i < ARRAY_SIZE(names); i++) {
		_cleanup_(freep) char *path =
			names[i] ? path_noted(root, path_join(home, names[i])) : NULL;
		if (path && is_program(root, path))
			at->place->base = steal_ptr(path);
	}
}

/* Follow the links of the last component one by one, so that each is told. */
static bool follow_links(struct locating *at)
{
	for (unsigned links = 0;; links++) {
		_cleanup_(freep) char *target = NULL;
		struct usdtinfo_error err;
		note_environment(at);
		int r = root_readlink(at->settings->root, at->path, &target, &err);
		if (r < 0)
			python_decide(at->python, USDTINFO_PYTHON_UNKNOWN, "%s",
			              err.text);
		if (r <= 0)
			return r == 0;
		if (links == ROOT_LINKS_MAX) {
			python_decide(at->python, USDTINFO_PYTHON_UNKNOWN,
			              "a loop of symbolic links");
			return false;
		}
		_cleanup_(freep) char *directory = path_directory(at->path);
		char *next = *target == '/' ? strdup(target)
		             : directory    ? path_join(directory, target)
		                            : NULL;
		if (!go_to(at, next, "symbolic link"))
			return false;
	}
}

/* Files of other systems, by their first bytes. */
static const struct {
	const char *magic;
	size_t size;
	const char *what;
} others[] = {
	{ "\xcf\xfa\xed\xfe", 4, "a Mach-O file: macOS has no stapsdt notes" },
	{ "\xce\xfa\xed\xfe", 4, "a Mach-O file: macOS has no stapsdt notes" },
	{ "\xfe\xed\xfa\xcf", 4, "a Mach-O file: macOS has no stapsdt notes" },
	{ "\xfe\xed\xfa\xce", 4, "a Mach-O file: macOS has no stapsdt notes" },
	{ "\xca\xfe\xba\xbe", 4, "a Mach-O file: macOS has no stapsdt notes" },
	{ "MZ", 2, "a Windows program: Windows has no stapsdt notes" },
	{ "!<arch>\ndebian-binary", 21, "a package: judge the program in it, unpacked" },
	{ "\xed\xab\xee\xdb", 4, "a package: judge the program in it, unpacked" },
	{ "!<arch>\n", 8, "an archive: judge the program that was linked from it" },
	{ "PK\x03\x04", 4, "a zip file: judge the interpreter that runs it" },
};

static bool refuse(struct locating *at, const char *what)
{
	python_decide(at->python, USDTINFO_PYTHON_NOT_CPYTHON, "%s", what);
	return false;
}

/* Where versions of a tool that chooses one when it runs are, as its shims lie beside them. */
static void hint_versions(struct locating *at, const struct program_script *script)
{
	const char *name = path_base(at->path);
	_cleanup_(freep) char *shims = path_directory(at->path);
	_cleanup_(freep) char *top = shims ? path_directory(shims) : NULL;
	bool is_pyenv = strcmp(script->tool, "pyenv") == 0;
	_cleanup_(freep) char *versions =
		top ? path_join(top, is_pyenv ? "versions" : "installs/python") : NULL;
	if (!versions) {
		at->python->no_memory = true;
		return;
	}
	_cleanup_(freep) char *latest = path_last_match(at->settings->root, versions,
	                                                "[0-9]*");
	python_hint(at->python, "name the real one, such as %s/%s/bin/%s", versions,
	            *script->version ? script->version
	            : latest         ? latest
	                             : "VERSION",
	            name);
}

static bool answer_shim(struct locating *at, const struct program_script *script)
{
	if (*script->interpreter) {
		python_hint(at->python, "name the real one: %s", script->interpreter);
		return refuse(
			at,
			"a shell script that starts a Python, which only running it would tell for sure");
	}
	hint_versions(at, script);
	python_decide(at->python, USDTINFO_PYTHON_NOT_CPYTHON,
	              "a shim of %s, which chooses a Python when it runs", script->tool);
	return false;
}

/* Go on to the interpreter of a script. */
static bool enter_script(struct locating *at, const struct program_script *script)
{
	_cleanup_(freep) char *directory = NULL;
	char *next;
	switch (script->kind) {
	case SCRIPT_SEARCH:
		next = search_program(at, script->interpreter);
		if (!next) {
			python_decide(at->python, USDTINFO_PYTHON_UNKNOWN,
			              "its interpreter '%s' is not in PATH",
			              script->interpreter);
			return false;
		}
		return go_to(at, next, "#! line, by env");
	case SCRIPT_BESIDE:
		directory = path_directory(at->path);
		next = directory ? path_join(directory, script->interpreter) : NULL;
		return go_to(at, next, "exec line, beside the script");
	default:
		return go_to(at, strdup(script->interpreter), "#! line");
	}
}

/* Return: 1 when the program is found, 0 to go on from where we are now, -1 when decided */
static int enter_file(struct locating *at)
{
	char head[HEAD_SIZE + 1];
	struct usdtinfo_error err;
	struct program_script script;
	size_t size;
	if (!read_head(at->settings->root, at->path, head, &size, &err)) {
		python_decide(at->python, USDTINFO_PYTHON_UNKNOWN, "%s", err.text);
		return -1;
	}
	if (size == 0)
		return refuse(at, "an empty file") ? 0 : -1;
	if (size >= 4 && memcmp(head, "\177ELF", 4) == 0)
		return 1;
	script_read((struct text){ head, size }, &script);
	if (script.kind == SCRIPT_CHOOSES)
		return answer_shim(at, &script) ? 0 : -1;
	if (script.kind != SCRIPT_NONE)
		return enter_script(at, &script) ? 0 : -1;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		if (size >= others[i].size &&
		    memcmp(head, others[i].magic, others[i].size) == 0)
			return refuse(at, others[i].what) ? 0 : -1;
	}
	return refuse(at, "neither an ELF file nor a script") ? 0 : -1;
}

static int enter_directory(struct locating *at)
{
	const char *how;
	char *next = python_locate_directory(at->python, at->settings->root, at->path,
	                                     &how);
	if (next)
		return go_to(at, next, how) ? 0 : -1;
	return refuse(at,
	              "a directory that is neither an installation, a virtual environment nor a build tree")
	               ? 0
	               : -1;
}

/* A build tree's program finds the library beside it, installed or not. */
static void note_build_tree(struct locating *at)
{
	_cleanup_(freep) char *directory = path_directory(at->path);
	_cleanup_(freep) char *marker = directory ? path_join(directory, "pybuilddir.txt")
	                                          : NULL;
	if (marker && root_is_file(at->settings->root, marker))
		at->place->first = steal_ptr(directory);
}

static bool locate(struct locating *at)
{
	for (unsigned steps = 0; steps < STEPS_MAX; steps++) {
		struct stat st;
		int r;
		bool is_directory = root_stat(at->settings->root, at->path, &st) &&
		                    S_ISDIR(st.st_mode);
		if (!is_directory && !follow_links(at))
			return false;
		r = is_directory ? enter_directory(at) : enter_file(at);
		if (r < 0 || at->python->no_memory)
			return false;
		if (r > 0) {
			read_environment(at);
			note_build_tree(at);
			return true;
		}
	}
	python_decide(
		at->python, USDTINFO_PYTHON_UNKNOWN,
		"scripts that name scripts as their interpreters, more than %d deep",
		STEPS_MAX);
	return false;
}

bool python_locate(struct usdtinfo_python *python, const struct python_settings *settings,
                   const char *asked, struct python_place *ret)
{
	struct locating at = { python, settings, ret, NULL };
	*ret = (struct python_place){ 0 };
	bool found = start(&at, asked) && locate(&at);
	if (at.path)
		python->path = python_keep(python, at.path);
	if (found)
		ret->program = steal_ptr(at.path);
	free(at.path);
	return found;
}
