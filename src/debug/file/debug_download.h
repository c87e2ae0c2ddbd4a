/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Debug files from the servers of DEBUGINFOD_URLS: the one place that uses the network. */
#pragma once

#include "base/diagnostic.h"
#include "debug/file/debug_file.h"

/*
 * debug_download - ask the debuginfod servers for the debug file of a build-id
 *
 * Through libdebuginfod, which is loaded for this, reads its settings from the environment
 * and keeps what it gets in its cache.
 * @object_root: see struct debug_file
 *
 * Return: NULL when there is none; @diagnostics says why.
 */
struct debug_file *debug_download(const char *build_id, const struct root *object_root,
                                  struct diagnostics *diagnostics);
