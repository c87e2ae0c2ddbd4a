# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
# bash completion for usdtinfo: one row a verb, an option with a value, a kind of value.

# Verbs, and the options of each; those that take a value end in "=".
declare -gA _usdtinfo_options=(
	[list]="-m --match= --files-from= -0 --null --root= --libs --library-path=
		-s --symbols --lines -a --arg-names -d --definitions= --debuginfo= --debuginfod -F --format=
		-J --json -o --output= --list-columns -n --noheadings --color= --for=
		-l --files-with-probes -q --quiet -h --help -V --version"
	[lint]="-m --match= --files-from= -0 --null --root= --libs --library-path=
		-F --format= -J --json --report= --fail-on= -q --quiet --list-rules --explain=
		--disable= --severity= --for= -h --help -V --version"
)
# What stands behind an option.
declare -gA _usdtinfo_values=(
	[-F]=format [--format]=format
	[-o]=columns [--output]=columns
	[--color]=when
	[--for]=tool
	[--report]=report
	[--fail-on]=severity
	[--explain]=rule [--disable]=rule
	[--severity]=level
	[--files-from]=file
	[--root]=directory
	[--library-path]=directory
	[--debuginfo]=directory
	[-d]=file [--definitions]=file
	[-m]=probe [--match]=probe
)
_usdtinfo_tools="bpftrace bcc libbpf perf gdb stap lttng dtrace ftrace"
declare -gA _usdtinfo_formats=(
	[list]="readelf long table tsv json ndjson names"
	[lint]="text json tap junit github"
)

# The value of kind $1 that begins with $2, of verb $3, into COMPREPLY.
_usdtinfo_value() {
	local before name severities="error warning info"
	case $1 in
	format) mapfile -t COMPREPLY < <(compgen -W "${_usdtinfo_formats[$3]}" -- "$2") ;;
	severity) mapfile -t COMPREPLY < <(compgen -W "$severities" -- "$2") ;;
	report)
		mapfile -t COMPREPLY < <(compgen -W "${_usdtinfo_formats[$3]}" -S : -- "$2")
		compopt -o nospace 2>/dev/null
		;;
	rule | level)
		for name in $("${COMP_WORDS[0]}" lint --list-rules 2>/dev/null | sed 's/[[:space:]].*//'); do
			[[ $1 == level ]] && name+=:
			[[ $name == "$2"* ]] && COMPREPLY+=("$name")
		done
		[[ $1 == level ]] && compopt -o nospace 2>/dev/null
		;;
	tool) mapfile -t COMPREPLY < <(compgen -W "$_usdtinfo_tools" -- "$2") ;;
	when) mapfile -t COMPREPLY < <(compgen -W "auto always never" -- "$2") ;;
	columns)
		# A list: what stands before the last comma stays, and so does a leading "+".
		before=${2%"${2##*[,+]}"}
		for name in $("${COMP_WORDS[0]}" --list-columns 2>/dev/null | sed 's/[[:space:]].*//'); do
			[[ $name == "${2##*[,+]}"* ]] && COMPREPLY+=("$before$name")
		done
		compopt -o nospace 2>/dev/null
		;;
	file) mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
	directory) mapfile -t COMPREPLY < <(compgen -d -- "$2") ;;
	esac
}

_usdtinfo() {
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	local verb=list word
	COMPREPLY=()
	if ((COMP_CWORD > 1)) && [[ -n ${_usdtinfo_options[${COMP_WORDS[1]}]-} ]]; then
		verb=${COMP_WORDS[1]}
	fi
	# "--format=x" comes as three words, since "=" breaks them.
	if [[ $current == "=" ]]; then
		current=
	elif [[ $previous == "=" ]] && ((COMP_CWORD > 1)); then
		previous=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	if [[ -n ${_usdtinfo_values[$previous]-} ]]; then
		_usdtinfo_value "${_usdtinfo_values[$previous]}" "$current" "$verb"
		return
	fi
	if [[ $current == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "${_usdtinfo_options[$verb]}" -- "$current")
		[[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
		return
	fi
	mapfile -t COMPREPLY < <(compgen -f -- "$current")
	if ((COMP_CWORD == 1)); then
		for word in "${!_usdtinfo_options[@]}"; do
			[[ $word == "$current"* ]] && COMPREPLY+=("$word")
		done
	fi
}

complete -o filenames -F _usdtinfo usdtinfo
