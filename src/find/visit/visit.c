/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Visiting the reason why something that was named holds no object. */
#include "find/visit/visit.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"

enum usdtinfo_state state_of_failure(int code)
{
	switch (code) {
	case USDTINFO_E_NOT_ELF:
	case USDTINFO_E_ARCHIVE:
		return USDTINFO_STATE_NOT_ELF;
	case USDTINFO_E_DAMAGED:
		return USDTINFO_STATE_DAMAGED;
	default:
		return USDTINFO_STATE_UNREADABLE;
	}
}

static enum diagnostic_code diagnostic_of_failure(int code)
{
	switch (state_of_failure(code)) {
	case USDTINFO_STATE_NOT_ELF:
		return DIAG_NOT_ELF;
	case USDTINFO_STATE_DAMAGED:
		return DIAG_HEADER_DAMAGED;
	default:
		return DIAG_UNREADABLE;
	}
}

static bool is_stdin(const char *path)
{
	return strcmp(path, "-") == 0;
}

/* Find an executable called @name in the search path. Return: whether *@ret is it. */
static bool find_program(const char *search_path, const char *name, struct strbuf *ret)
{
	for (const char *at = search_path; at && *at;) {
		size_t size = strcspn(at, ":");
		struct stat st;
		strbuf_clear(ret);
		strbuf_add(ret, at, size);
		strbuf_add_char(ret, '/');
		strbuf_add_string(ret, name);
		if (size && !ret->failed && access(ret->at, X_OK) == 0 &&
		    stat(ret->at, &st) == 0 && S_ISREG(st.st_mode))
			return true;
		at += size + (at[size] == ':');
	}
	return false;
}

int object_visit_failure(const struct finder *finder, const char *path,
                         const struct usdtinfo_error *err, object_visit visit,
                         void *context)
{
	struct file_facts facts = { .path = text_of(path),
		                    .state = state_of_failure(err->code) };
	_cleanup_(strbuf_deinit) struct strbuf program = { 0 };
	bool hint = err->sys_errno == ENOENT && !strchr(path, '/') &&
	            find_program(finder->search_path, path, &program);
	const char *before = "", *text = "", *after = "";
	if (hint) {
		before = " (did you mean ";
		text = program.at;
		after = "?)";
	} else if (err->sys_errno == EISDIR && finder->directory_hint &&
	           !is_stdin(path)) {
		before = " (";
		text = finder->directory_hint;
		after = ")";
	}
	diagnose(&facts.diagnostics, diagnostic_of_failure(err->code), "%s%s%s%s",
	         err->text, before, text, after);
	int r = visit(context, &(struct object){ .facts = &facts });
	diagnostics_deinit(&facts.diagnostics);
	return r;
}

struct finder finder_of_members(const struct finder *finder)
{
	return (struct finder){ .root = finder->root,
		                .interrupted = finder->interrupted,
		                .visit_file = finder->visit_file };
}
