/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* One line a provider over all files: where it is, with how many probes and names. */
#pragma once

#include "output/list/writer.h"

/* As process_summary_find(). */
const struct writer_ops *provider_summary_find(const struct writer_ops *format);
