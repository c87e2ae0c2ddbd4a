/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* From a probe's arguments to variables of a script. */
#pragma once

#include "base/arena.h"
#include "output/tool/script.h"

/*
 * script_arguments - the variables of a probe
 * @lost: a bit for each argument, as in struct tracer_verdict
 * @address_size: 4 or 8
 * @arena: holds the result
 *
 * Return: how many, those that the tool cannot read left out, with *@ret set; -1 when memory
 * ran out.
 */
int64_t script_arguments(const struct script_tool *tool,
                         const struct usdtinfo_probe *probe,
                         const struct tracer_verdict *verdict, unsigned address_size,
                         struct arena *arena, struct script_argument **ret);
