/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* json-c, whose type json_bool has the name of a function of output/stream/json.h. */
#pragma once

#define json_bool json_c_bool
#include <json-c/json.h>
#undef json_bool
