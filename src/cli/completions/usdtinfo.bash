# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
# bash completion for usdtinfo. The program tells what there is: a new verb or option needs
# nothing here.

# The options of verb $1 by letter and by name, and of each its value and the value's words.
_usdtinfo_read() {
	local letter name value list
	options=()
	# Tabs would swallow the empty fields between them.
	while IFS=$'\037' read -r letter name value list _; do
		for name in ${letter:+"-$letter"} "--$name"; do
			options[$name]=$value
			words[$name]=$list
		done
	done < <("$program" "$1" --list-options 2>/dev/null | tr '\t' '\037')
}

# What may stand behind option $2 of verb $1 and begins with $3, into COMPREPLY.
_usdtinfo_value() {
	local before name listing=--list-columns
	[[ ${options[$2]} == RULE* ]] && listing=--list-rules
	case ${options[$2]} in
	DIR*) mapfile -t COMPREPLY < <(compgen -d -- "$3") ;;
	FILE*) mapfile -t COMPREPLY < <(compgen -f -- "$3") ;;
	PID*) mapfile -t COMPREPLY < <(cd /proc && compgen -G "$3[0-9]*" | grep -x '[0-9]*') ;;
	*COLUMN* | RULE*)
		# A list: what stands before the last comma stays, and so does a leading "+".
		before=${3%"${3##*[,+]}"}
		for name in $("$program" "$1" $listing 2>/dev/null | sed 's/[[:space:]].*//'); do
			[[ $name == "${3##*[,+]}"* ]] && COMPREPLY+=("$before$name")
		done
		compopt -o nospace 2>/dev/null
		;;
	*) mapfile -t COMPREPLY < <(compgen -W "${words[$2]}" -- "$3") ;;
	esac
}

_usdtinfo() {
	local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]}
	local previous=${COMP_WORDS[COMP_CWORD - 1]} verb=list verbs name
	local -A options words
	COMPREPLY=()
	verbs=" $("$program" --list-verbs 2>/dev/null | sed 's/[[:space:]].*//' | tr '\n' ' ')"
	if ((COMP_CWORD > 1)) && [[ $verbs == *" ${COMP_WORDS[1]} "* ]]; then
		verb=${COMP_WORDS[1]}
	fi
	_usdtinfo_read "$verb"
	# "--format=x" comes as three words, since "=" breaks them.
	if [[ $current == "=" ]]; then
		current=
	elif [[ $previous == "=" ]] && ((COMP_CWORD > 1)); then
		previous=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	if [[ -n ${options[$previous]-} ]]; then
		_usdtinfo_value "$verb" "$previous" "$current"
	elif [[ $current == -* ]]; then
		for name in "${!options[@]}"; do
			[[ $name == --* && -n ${options[$name]} ]] && name+="="
			[[ $name == "$current"* ]] && COMPREPLY+=("$name")
		done
		[[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
	elif [[ $verb == script ]] && ((COMP_CWORD == 2)); then
		mapfile -t COMPREPLY < <(compgen -W \
			"$("$program" script --list-tools | sed 's/[[:space:]].*//')" -- "$current")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		((COMP_CWORD > 1)) ||
			mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$verbs" -- "$current")
	fi
	return 0
}

complete -o filenames -F _usdtinfo usdtinfo
