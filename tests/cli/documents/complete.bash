# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
# complete.bash FILE LINE: what bash offers at the end of LINE, one a line, by FILE.
source "$1"
# As readline does it: "=" breaks words and is one itself.
spaced=${2//=/ = }
read -r -a COMP_WORDS <<<"$spaced"
[[ $2 == *" " || $2 == *= && ${COMP_WORDS[-1]} != = ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
COMP_LINE=$2
COMP_POINT=${#2}
_usdtinfo
printf '%s\n' "${COMPREPLY[@]}"
