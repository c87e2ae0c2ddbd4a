# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
# fish completion for usdtinfo.

function __usdtinfo_columns
    set -l before (string match -r '.*[,+]' -- (commandline -ct | string replace -r '^(-o|--output=)' ''))
    usdtinfo --list-columns 2>/dev/null | string replace -r '\s+' \t | string replace -r '^' "$before"
end

function __usdtinfo_rules
    usdtinfo lint --list-rules 2>/dev/null | string replace -r '\s+' \t
end

complete -c usdtinfo -n __fish_is_first_arg -a list -d 'List the probes of files'

complete -c usdtinfo -n __fish_is_first_arg -a lint -d 'Find probes that tracers will miss or misread'

complete -c usdtinfo -s m -l match -x -d 'Only probes that match the glob'
complete -c usdtinfo -l files-from -r -F -d 'Read further paths from a file'
complete -c usdtinfo -s 0 -l null -d 'Paths of --files-from end with a NUL byte'
complete -c usdtinfo -l libs -d 'List the libraries that a file needs, too'
complete -c usdtinfo -l library-path -x -a '(__fish_complete_directories)' -d 'Where libraries are, in place of LD_LIBRARY_PATH'
complete -c usdtinfo -s s -l symbols -d 'Function that holds the probe'
complete -c usdtinfo -l lines -d 'Source file and line'
complete -c usdtinfo -s a -l arg-names -d 'Names and C types of the arguments'
complete -c usdtinfo -s d -l definitions -r -d 'Names and types from a provider definition file'
complete -c usdtinfo -l debuginfo -x -a '(__fish_complete_directories)' -d 'Look for separate debug files there, too'
complete -c usdtinfo -l debuginfod -d 'Ask the servers of DEBUGINFOD_URLS for debug files'
complete -c usdtinfo -l root -x -a '(__fish_complete_directories)' -d 'Look for the operands inside a directory'
complete -c usdtinfo -s F -l format -x -d 'Output format' -a 'readelf\t"The stapsdt blocks of readelf -n"
long\t"Blocks with offsets and decoded arguments"
table\t"A table of columns"
tsv\t"Columns separated by tabs"
json\t"One JSON document"
ndjson\t"One JSON object a line"
names\t"Distinct provider:name, sorted"'
complete -c usdtinfo -s J -l json -d 'The same as --format=json'
complete -c usdtinfo -s o -l output -x -a '(__usdtinfo_columns)' -d 'Columns of the table'
complete -c usdtinfo -l list-columns -d 'Show all columns'
complete -c usdtinfo -s n -l noheadings -d 'No line of headings'
complete -c usdtinfo -l for -x -a 'bpftrace bcc libbpf perf gdb stap lttng dtrace ftrace' -d 'Lines to paste into a tracing tool'
complete -c usdtinfo -l color -x -a 'auto always never' -d 'Colour the output'
complete -c usdtinfo -s l -l files-with-probes -d 'Show only paths of files with probes'
complete -c usdtinfo -s q -l quiet -d 'Show nothing, the exit status tells'
complete -c usdtinfo -s h -l help -d 'Show a summary of the options'
complete -c usdtinfo -s V -l version -d 'Show the version'

complete -c usdtinfo -n '__fish_seen_subcommand_from lint' -s F -l format -x -a 'text json tap junit github'
complete -c usdtinfo -n '__fish_seen_subcommand_from lint' -l report -x -d 'Write another report'
complete -c usdtinfo -n '__fish_seen_subcommand_from lint' -l fail-on -x -a 'error warning info' -d 'Least severity for exit code 1'
complete -c usdtinfo -n '__fish_seen_subcommand_from lint' -l list-rules -d 'List the rules'
complete -c usdtinfo -n '__fish_seen_subcommand_from lint' -l explain -x -a '(__usdtinfo_rules)' -d 'Tell cause and cure'
complete -c usdtinfo -n '__fish_seen_subcommand_from lint' -l disable -x -a '(__usdtinfo_rules)' -d 'Leave out a rule'
complete -c usdtinfo -n '__fish_seen_subcommand_from lint' -l severity -x -a '(__usdtinfo_rules)' -d 'Take a rule for more or less severe'
