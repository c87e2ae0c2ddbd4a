# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
# bash completion for usdtinfo. The program itself lists its verbs, options and values, so a new one
# needs no change here.

# Reads the options of verb $1: in options, by letter and by name, what its value is called; in
# words, the words that the value can be.
_usdtinfo_read() {
	local letter name value list
	options=()
	# read would join empty fields that are separated by tabs.
	while IFS=$'\037' read -r letter name value list _; do
		for name in ${letter:+"-$letter"} "--$name"; do
			options[$name]=$value
			words[$name]=$list
		done
	done < <("$program" "$1" --list-options 2>/dev/null | tr '\t' '\037')
}

# Paths that begin with $2 into COMPREPLY: directories (-d) or files (-f), as $1 says.
_usdtinfo_paths() {
	mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
	# Readline quotes paths and ends directories with a slash, but would quote options, too.
	compopt -o filenames 2>/dev/null
}

# What may follow option $2 of verb $1 and begins with $3, into COMPREPLY.
_usdtinfo_value() {
	local before name listing=--list-columns
	[[ ${options[$2]} == RULE* ]] && listing=--list-rules
	case ${options[$2]} in
	DIR*) _usdtinfo_paths -d "$3" ;;
	FILE*) _usdtinfo_paths -f "$3" ;;
	PID*) mapfile -t COMPREPLY < <(cd /proc && compgen -G "$3[0-9]*" | grep -x '[0-9]*') ;;
	*COLUMN* | RULE*)
		# A list: keep what precedes the last comma, and a leading "+".
		before=${3%"${3##*[,+]}"}
		for name in $("$program" "$1" $listing 2>/dev/null | sed 's/[[:space:]].*//'); do
			[[ $name == "${3##*[,+]}"* ]] && COMPREPLY+=("$before$name")
		done
		compopt -o nospace 2>/dev/null
		;;
	*) mapfile -t COMPREPLY < <(compgen -W "${words[$2]}" -- "$3") ;;
	esac
}

# Where "=" does not break words, each of COMPREPLY has to repeat $1, which is "--name=".
_usdtinfo_repeat() {
	local word
	for word in "${!COMPREPLY[@]}"; do
		if compopt 2>/dev/null | grep -q -- '-o filenames'; then
			# Readline would take the option for a part of the path.
			[[ -d ${COMPREPLY[word]} ]] && COMPREPLY[word]+=/ && compopt -o nospace
			printf -v "COMPREPLY[word]" %q "${COMPREPLY[word]}"
		fi
		COMPREPLY[word]=$1${COMPREPLY[word]}
	done
	compopt +o filenames 2>/dev/null
}

_usdtinfo() {
	local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]}
	local previous=${COMP_WORDS[COMP_CWORD - 1]} verb=list verbs name repeated=
	local -A options words
	COMPREPLY=()
	verbs=" $("$program" --list-verbs 2>/dev/null | sed 's/[[:space:]].*//' | tr '\n' ' ')"
	if ((COMP_CWORD > 1)) && [[ $verbs == *" ${COMP_WORDS[1]} "* ]]; then
		verb=${COMP_WORDS[1]}
	fi
	_usdtinfo_read "$verb"
	# "--format=x" is three words if "=" breaks words, as it does by default, otherwise one.
	if [[ $current == "=" ]]; then
		current=
	elif [[ $previous == "=" ]] && ((COMP_CWORD > 1)); then
		previous=${COMP_WORDS[COMP_CWORD - 2]}
	elif [[ $current == --*=* ]]; then
		previous=${current%%=*}
		repeated=$previous=
		current=${current#*=}
	fi
	if [[ -n ${options[$previous]-} ]]; then
		_usdtinfo_value "$verb" "$previous" "$current"
		[[ -z $repeated ]] || _usdtinfo_repeat "$repeated"
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
		_usdtinfo_paths -f "$current"
		((COMP_CWORD > 1)) ||
			mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$verbs" -- "$current")
	fi
	return 0
}

complete -F _usdtinfo usdtinfo
