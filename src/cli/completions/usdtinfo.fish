# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
# fish completion for usdtinfo. The program tells what there is: a new verb or option needs
# nothing here.

# The verb of the line: the first word if it is one, else list.
function __usdtinfo_verb
    set -l words (commandline -opc)
    if set -q words[2]; and contains -- $words[2] (usdtinfo --list-verbs | string replace -r '\t.*' '')
        echo $words[2]
    else
        echo list
    end
end

# What the verb's option $argv[1] lists: --list-columns, --list-rules
function __usdtinfo_listed
    set -l before (string match -r '.*[,+]' -- (commandline -ct | string replace -r '^(-.|--[a-z-]*=)' ''))
    usdtinfo (__usdtinfo_verb) $argv[1] 2>/dev/null | string replace -r '\s+' \t | string replace -r '^' "$before"
end

complete -c usdtinfo -n __fish_is_first_arg -a '(usdtinfo --list-verbs)'

for verb in (usdtinfo --list-verbs 2>/dev/null | string replace -r '\t.*' '')
    for row in (usdtinfo $verb --list-options 2>/dev/null)
        # letter, name, value's name, values, description
        set -l field (string split \t -- $row)
        set -l option -c usdtinfo -n "test (__usdtinfo_verb) = $verb" -l $field[2] -d $field[5]
        test -n "$field[1]"; and set -a option -s $field[1]
        switch $field[3]
            case ''
            case 'DIR*'
                set -a option -x -a '(__fish_complete_directories)'
            case 'FILE*'
                set -a option -r -F
            case 'PID*'
                set -a option -x -a '(__fish_complete_pids)'
            case '*COLUMN*'
                set -a option -x -a '(__usdtinfo_listed --list-columns)'
            case 'RULE*'
                set -a option -x -a '(__usdtinfo_listed --list-rules)'
            case '*'
                set -a option -x -a "$field[4]"
        end
        complete $option
    end
end

# The tools stand where the first path would.
complete -c usdtinfo -n 'test (__usdtinfo_verb) = script; and test (count (commandline -opc)) -eq 2' -f -a '(__usdtinfo_listed --list-tools)'
