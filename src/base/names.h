/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Names of the public enumerators: arrays by value, ended by NULL. */
#pragma once

#include "usdtinfo.h"

extern const char *const state_names[];
extern const char *const type_names[];
extern const char *const base_state_names[];
extern const char *const site_names[];
extern const char *const operand_kind_names[];
extern const char *const extend_names[];
extern const char *const severity_names[];
extern const char *const python_verdict_names[];
extern const char *const python_status_names[];
extern const char *const probe_state_names[];
