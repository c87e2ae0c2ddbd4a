/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* json-c, for reading saved listings. */
#include "lazy/json_c_types.h"
#include "lazy/stand_in.h"
#include "sonames.h"

/* clang-format off */
#define FUNCTIONS(F, P)                                                                  \
	F(struct json_object *, json_object_array_get_idx,                               \
	  (const struct json_object *array, size_t index), (array, index), NULL)         \
	F(size_t, json_object_array_length, (const struct json_object *array), (array), 0) \
	F(json_c_bool, json_object_get_boolean, (const struct json_object *object), (object), 0) \
	F(int64_t, json_object_get_int64, (const struct json_object *object), (object), 0) \
	F(const char *, json_object_get_string, (struct json_object *object), (object), NULL) \
	F(int, json_object_get_string_len, (const struct json_object *object), (object), 0) \
	F(uint64_t, json_object_get_uint64, (const struct json_object *object), (object), 0) \
	F(int, json_object_is_type, (const struct json_object *object, enum json_type type), \
	  (object, type), 0)                                                             \
	F(struct json_object *, json_object_new_object, (void), (), NULL)                \
	F(int, json_object_object_add,                                                   \
	  (struct json_object *object, const char *key, struct json_object *value),      \
	  (object, key, value), -1)                                                      \
	F(json_c_bool, json_object_object_get_ex,                                        \
	  (const struct json_object *object, const char *key, struct json_object **value), \
	  (object, key, value), 0)                                                       \
	F(int, json_object_put, (struct json_object *object), (object), 0)               \
	F(const char *, json_tokener_error_desc, (enum json_tokener_error error), (error), "") \
	P(void, json_tokener_free, (struct json_tokener *tokener), (tokener))            \
	F(enum json_tokener_error, json_tokener_get_error, (struct json_tokener *tokener), \
	  (tokener), json_tokener_error_depth)                                          \
	F(size_t, json_tokener_get_parse_end, (struct json_tokener *tokener), (tokener), 0) \
	F(struct json_tokener *, json_tokener_new_ex, (int depth), (depth), NULL)        \
	F(struct json_object *, json_tokener_parse_ex,                                   \
	  (struct json_tokener *tokener, const char *text, int size),                    \
	  (tokener, text, size), NULL)                                                   \
	P(void, json_tokener_reset, (struct json_tokener *tokener), (tokener))           \
	P(void, json_tokener_set_flags, (struct json_tokener *tokener, int flags),       \
	  (tokener, flags))
/* clang-format on */

LOAD_LIBRARY(SONAME_LIBJSON_C, FUNCTIONS)
LIBRARY_NOTE(SONAME_LIBJSON_C, "json", "recommended", "reading saved listings");
