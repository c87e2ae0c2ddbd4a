# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
# complete.zsh DIRECTORY LINE: what zsh offers at the end of LINE, one a line, with the
# functions of DIRECTORY. Completion works in the line editor alone, so one is given a
# terminal of its own, and compadd tells what it adds.
zmodload zsh/zpty
zpty inner zsh -f -i
zpty -w inner 'PROMPT= RPROMPT=; stty -echo; fpath=('${(q)1}' $fpath)
autoload -Uz compinit; compinit -u -D
compadd() {
  if [[ " ${@[1,(i)(-|--)]} " == *" -"[a-zA-Z]#[OAD]" "* ]]; then builtin compadd "$@"; return; fi
  local -a hits; builtin compadd -A hits "$@"; (( $#hits )) && print -rl -- "HIT "$^hits; return 0
}
show() { _main_complete; print -r -- END; zle -I; zle send-break }
zle -C show complete-word show
bindkey "^I" show
print -r READY'
local line
while zpty -r inner line; do [[ $line == READY* ]] && break; done
zpty -w -n inner "$2"$'\t'
while zpty -r inner line; do
  line=${${line//$'\r'/}%$'\n'}
  [[ $line == *END ]] && break
  [[ $line == *"HIT "* ]] && print -r -- ${line#*HIT }
done
zpty -d inner
