/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What paste lines and scripts have to know of a probe before they write of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "output/tool/paste.h"

/* "./x" is "x". */
static struct text without_dot(struct text path)
{
	while (path.size >= 2 && path.at[0] == '.' && path.at[1] == '/') {
		path.at += 2;
		path.size -= 2;
		while (path.size && *path.at == '/') {
			path.at++;
			path.size--;
		}
	}
	return path;
}

/* Append @path behind what is there; an absolute one starts over unless @inside. */
static void add_path(struct strbuf *out, struct text path, bool inside)
{
	path = without_dot(path);
	if (path.size && *path.at == '/' && !inside)
		strbuf_clear(out);
	else if (out->size && out->at[out->size - 1] != '/' && *path.at != '/')
		strbuf_add_char(out, '/');
	strbuf_add(out, path.at, path.size);
}

void paste_path(const char *root, struct text path, struct strbuf *out)
{
	strbuf_clear(out);
	if (text_equal(path, text_of("-"))) {
		strbuf_add(out, path.at, path.size);
		return;
	}
	_cleanup_(freep) char *here = getcwd(NULL, 0);
	out->failed |= !here && errno == ENOMEM;
	strbuf_add_string(out, here ? here : ".");
	if (root && !text_equal(text_of(root), text_of(".")))
		add_path(out, text_of(root), false);
	add_path(out, path, root);
}

void paste_file_path(const char *root, const struct file_facts *file, struct strbuf *out)
{
	struct text member = facts_in_package(file);
	if (!member.at) {
		paste_path(root, file->path, out);
		return;
	}
	/* Of packages in packages the innermost is unpacked. */
	for (const char *next; (next = strstr(member.at, "//"));)
		member = text_of(next + 2);
	strbuf_clear(out);
	strbuf_add_char(out, '/');
	strbuf_add(out, member.at, member.size);
}

static bool has_part(struct text path, const char *part)
{
	size_t size = strlen(part);
	for (size_t start = 0; start <= path.size;) {
		const char *at = path.at + start;
		const char *end = memchr(at, '/', path.size - start);
		size_t length = end ? (size_t)(end - at) : path.size - start;
		if (length == size && memcmp(at, part, size) == 0)
			return true;
		start += length + 1;
	}
	return false;
}

const char *paste_no_path(const struct file_facts *file)
{
	struct text member = facts_in_package(file);
	if (file->is_unreachable)
		return "no path leads to the file that is loaded";
	if (member.at && !member.size)
		return "its package gives it no name";
	/* GNU tar and bsdtar refuse such a member, others put it elsewhere. */
	if (member.at && has_part(member, ".."))
		return "no package is unpacked to names with .. in them";
	return NULL;
}

bool paste_judge(struct paste_job *job, const struct tracer_choice *choice,
                 struct usdtinfo_image *image, const struct file_traits *file,
                 struct paste_traits *traits)
{
	const struct usdtinfo_probe *probe = job->probe;
	if (!array_grow(&traits->items, &traits->room, probe->argument_count + 1,
	                sizeof(*traits->items)))
		return false;
	for (size_t i = 0; i < probe->argument_count; i++)
		traits->items[i] = argument_traits(job->machine, &probe->arguments[i]);
	job->verdict = tracer_judge(choice, job->machine,
	                            probe_traits(image, file, probe), traits->items,
	                            probe->argument_count);
	return true;
}

const char *paste_write(const struct paste_job *job, bool is_first, struct strbuf *out)
{
	const struct paste_tool *tool = &paste_tools[job->tool];
	size_t kept = out->size;
	if (job->verdict.status > TRACER_ARGUMENTS_LOST)
		return job->verdict.limit->reason;
	const char *reason = paste_no_path(job->file);
	if (reason)
		return reason;
	if (is_first && tool->file)
		tool->file(job, out);
	reason = tool->line(job, out);
	if (reason)
		out->size = kept;
	return reason;
}

void paste_traits_deinit(struct paste_traits *traits)
{
	free(traits->items);
	*traits = (struct paste_traits){ 0 };
}
