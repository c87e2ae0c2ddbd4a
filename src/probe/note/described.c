/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Getters of what symbols and debug info add to probes and arguments. */
#include "probe/note/probe.h"
#include "usdtinfo.h"

const char *usdtinfo_probe_function(const struct usdtinfo_probe *probe,
                                    uint64_t *offset_ret)
{
	if (probe->function.at && offset_ret)
		*offset_ret = probe->function_offset.value;
	return probe->function.at;
}

size_t usdtinfo_probe_source_count(const struct usdtinfo_probe *probe)
{
	return probe->source_count;
}

const char *usdtinfo_probe_source(const struct usdtinfo_probe *probe, size_t index,
                                  uint64_t *line_ret, const char **function_ret)
{
	static const struct source_line nothing;
	const struct source_line *line = index < probe->source_count
	                                         ? &probe->source[index]
	                                         : &nothing;
	if (line_ret)
		*line_ret = line->line.value;
	if (function_ret)
		*function_ret = line->function.at;
	return line->file.at;
}

const char *usdtinfo_argument_name(const struct usdtinfo_argument *argument,
                                   const char **source_ret)
{
	if (source_ret)
		*source_ret = argument->name_source.at;
	return argument->name.at;
}

const char *usdtinfo_argument_c_type(const struct usdtinfo_argument *argument)
{
	return argument->c_type.at;
}

size_t usdtinfo_argument_candidate_count(const struct usdtinfo_argument *argument)
{
	return argument->candidate_count;
}

const char *usdtinfo_argument_candidate(const struct usdtinfo_argument *argument,
                                        size_t index)
{
	return index < argument->candidate_count ? argument->candidates[index].name.at
	                                         : NULL;
}

const char *usdtinfo_argument_candidate_c_type(const struct usdtinfo_argument *argument,
                                               size_t index)
{
	return index < argument->candidate_count ? argument->candidates[index].c_type.at
	                                         : NULL;
}
