/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Names of machines: elfutils' backends. */
#pragma once

/* Return: static lower-case name; "unknown" for an e_machine that the table lacks */
const char *machine_name(unsigned e_machine);
