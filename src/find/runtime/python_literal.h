/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Dictionaries of strings and numbers as Python's pprint and JSON write them: one reader
 * for _sysconfigdata_*.py, _sysconfig_vars_*.json and build-details.json.
 */
#pragma once

#include "base/text.h"

enum literal_type {
	LITERAL_STRING,
	LITERAL_NUMBER, /* an integer, in VALUE as it is written */
	LITERAL_OTHER,  /* None, null, true, a fraction: in VALUE as it is written */
};

/*
 * Called for each value of the dictionary and of those in it. KEY is the path to it, by
 * dots: "language.version". Both live until this returns.
 */
typedef void (*literal_visit)(void *context, struct text key, enum literal_type type,
                              struct text value);

/*
 * literal_read - visit the values of the first dictionary in @text
 *
 * Adjacent strings are one, as in Python. Reading ends where the text is no such
 * dictionary; what came before was visited. Return: false then, or for want of memory.
 */
bool literal_read(struct text text, literal_visit visit, void *context);
