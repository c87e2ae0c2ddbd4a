#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
# static-archive.sh OUT WHOLE-ARCHIVE OBJCOPY AR CC...: the static library as one object in
# which all but the public functions are local, so that it cannot clash with a program's own.
set -eu
out=$1 whole=$2 objcopy=$3 ar=$4
shift 4
object=${out%.a}.o
trap 'rm -f "$object"' EXIT
"$@" -r -nostdlib -o "$object" -Wl,--whole-archive "$whole" -Wl,--no-whole-archive
"$objcopy" --localize-hidden "$object"
rm -f "$out"
"$ar" rcs "$out" "$object"
