/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Arguments as the kernel's uprobe_events spell them. */
#pragma once

#include <stdbool.h>

#include "base/text.h"
#include "probe/note/probe.h"

/*
 * uprobe_fetch - append FETCH:TYPE for an argument: "%di:s32", "+8(%sp):u64", "\5:s32"
 * @machine: e_machine
 * @elf_class: 32 or 64
 * @probe: the argument's; memory at symbols is found relative to its location
 *
 * Floating-point values are fetched as the bits they are ("x64"). What the syntax cannot say
 * (Documentation/trace/uprobetracer.rst) appends nothing, or some of it.
 *
 * Return: whether it can be said.
 */
bool uprobe_fetch(unsigned machine, unsigned elf_class,
                  const struct usdtinfo_probe *probe,
                  const struct usdtinfo_argument *argument, struct strbuf *out);
/* Append the kernel's name of a register, without the "%". Return: whether it has one */
bool uprobe_register(unsigned machine, unsigned elf_class, struct text name,
                     struct strbuf *out);
