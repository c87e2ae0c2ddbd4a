/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What libFuzzer, or replay_main.c in its place, calls. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Must take any bytes; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
