# Completion of vast-lua for bash. Options come from the program's own help, so that they are always its own.

_vast_lua() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
  local commands="plan apply history undo ls sample record backtest freeze thaw explain next simulator check types doctor"
  COMPREPLY=()
  case $previous in
    --log-level) COMPREPLY=($(compgen -W "trace debug info notice warning error critical" -- "$current")); return ;;
    --log-format) COMPREPLY=($(compgen -W "text json" -- "$current")); return ;;
    --pacing) COMPREPLY=($(compgen -W "documented none" -- "$current")); return ;;
    --accept) COMPREPLY=($(compgen -W "incomplete halved no-utilization clock" -- "$current")); return ;;
    --log-file|--output|-o|--fleet|--faults) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  [[ " $commands " == *" $command "* && $COMP_CWORD -gt 1 ]] || command=
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" $command --help 2>/dev/null | grep -oE -- '--[a-z][a-z-]+' | sort -u)" -- "$current"))
    return
  fi
  [[ $COMP_CWORD -eq 1 ]] && COMPREPLY=($(compgen -W "$commands" -- "$current"))
  case $command in
    apply) COMPREPLY+=($(compgen -f -X '!*.json' -- "$current")) ;;
    record) COMPREPLY+=($(compgen -f -X '!*.jsonl' -- "$current") $(compgen -d -- "$current")) ;;
    history|undo|ls|freeze|thaw|sample|doctor) ;;
    *) COMPREPLY+=($(compgen -f -X '!*.lua' -- "$current") $(compgen -d -- "$current")) ;;
  esac
}
complete -o filenames -F _vast_lua vast-lua
