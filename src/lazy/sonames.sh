#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
# lazy/sonames.sh READELF MODULE OUT: a header with what the libraries are called that a module
# needs: SONAME_LIBDW for "libdw.so.1".
set -eu
LC_ALL=C "$1" -d -W "$2" | sed -n 's/.*(NEEDED).*\[\(lib[^]]*\)\].*/\1/p' |
	while read -r soname; do
		name=$(printf '%s' "${soname%%.so*}" | tr 'a-z' 'A-Z' | tr -c 'A-Z0-9' '_')
		printf '#define SONAME_%s "%s"\n' "$name" "$soname"
	done >"$3"
