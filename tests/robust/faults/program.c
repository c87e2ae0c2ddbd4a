/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The program as a function. */
int program_main(int argc, char **argv);
#define main program_main
#include "cli/main.c"
