/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The providers of the catalogue, one file each. */
#pragma once

#include "probe/known/catalogue.h"

/*
 * A row as text, since every pointer is a place that the dynamic linker has to adjust at each
 * start of a program that hardly ever looks here: strings one after the other, a NUL behind
 * each, and a new line at the end of the row. "" is what is not known.
 */
#define ROW(name, meaning, since, until, arguments)                                      \
	name "\0" meaning "\0" since "\0" until "\0" arguments "\n"
#define ARG(name, c_type)          name "\0" c_type "\0\0"
#define NOTED(name, c_type, noted) name "\0" c_type "\0" noted "\0"

/* Up to CATALOGUE_ARGUMENTS_MAX of them, with commas between. */
#define CATALOGUE_ARGUMENTS(...) JOIN(__VA_ARGS__, , , , , , , , , , , , , , , , , )
#define JOIN(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                        \
	a b c d e f g h i j k l m n o p

/* The C standard promises 4095 bytes; compilers of this program take any number. */
#pragma GCC diagnostic ignored "-Woverlength-strings"

extern const struct catalogue_provider catalogue_hotspot;
extern const struct catalogue_provider catalogue_hotspot_jni;
extern const struct catalogue_provider catalogue_hs_private;
extern const struct catalogue_provider catalogue_libc;
extern const struct catalogue_provider catalogue_libgcc;
extern const struct catalogue_provider catalogue_libstdcxx;
extern const struct catalogue_provider catalogue_libvirt;
extern const struct catalogue_provider catalogue_php;
extern const struct catalogue_provider catalogue_postgresql;
extern const struct catalogue_provider catalogue_python;
extern const struct catalogue_provider catalogue_rtld;
extern const struct catalogue_provider catalogue_ruby;
