/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Tapsets for SystemTap: aliases that other scripts use, with their variables. */
#include "base/array.h"
#include "output/tool/script_stap.h"

/*
 * Aliases that SystemTap comes with (tapset/python.stp). A script that uses one probes what
 * every alias of that name says, and where theirs finds no such file, is refused.
 */
static const struct {
	const char *provider, *name;
} taken[] = {
	{ "python", "function__entry" },
	{ "python", "function__return" },
};

static bool is_taken(const struct usdtinfo_probe *probe)
{
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++) {
		if (text_equal(probe->provider, text_of(taken[i].provider)) &&
		    text_equal(probe->name, text_of(taken[i].name)))
			return true;
	}
	return false;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/*
 * "gc__start" is ".gc.start". A part must begin with a letter or _, and be there: where one
 * would not, the underscores stay. Other names cannot give the same, since putting "__" for
 * the dots gives the name again.
 */
static void add_parts(const struct usdtinfo_probe *probe, struct strbuf *out)
{
	struct text name = probe->name;
	bool whole = is_taken(probe);
	strbuf_add_char(out, '.');
	if (!is_letter(*name.at))
		strbuf_add_char(out, '_');
	for (size_t i = 0; i < name.size; i++) {
		bool splits = !whole && i > 0 && i + 2 < name.size && name.at[i] == '_' &&
		              name.at[i + 1] == '_' && is_letter(name.at[i + 2]) &&
		              out->size && out->at[out->size - 1] != '.';
		strbuf_add_char(out, splits ? '.' : name.at[i]);
		i += splits;
	}
}

static const char *write_stanza(const struct script_stanza *stanza, struct strbuf *out)
{
	const struct usdtinfo_probe *probe = stanza->job->probe;
	struct strbuf place = { 0 };
	const char *reason = paste_tools[TRACER_STAP].place(stanza->job, &place);
	if (!reason) {
		strbuf_add_string(out, "probe ");
		if (!is_letter(*probe->provider.at))
			strbuf_add_char(out, '_');
		strbuf_add(out, probe->provider.at, probe->provider.size);
		add_parts(probe, out);
		strbuf_add_string(out, " = ");
		strbuf_add(out, place.at, place.size);
		strbuf_add_string(out, "\n{\n");
		script_stap_assign(stanza, out);
		strbuf_add_string(out, "}\n");
	}
	out->failed |= place.failed;
	strbuf_deinit(&place);
	return reason;
}

const struct script_tool script_tapset = {
	.name = "tapset",
	.help = "a library of probe aliases for stap(1)",
	.tracer = TRACER_STAP,
	.by_path = true,
	.comment = "//",
	.comment_end = "",
	.reserved = script_stap_reserved,
	.name_max = 63,
	.begin = "// Probe aliases: to be put into a directory that stap -I names.\n",
	.stanza = write_stanza,
};
