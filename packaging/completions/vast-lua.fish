# Completion of vast-lua for fish. Options come from the program's own help, so that they are always its own.

set -l commands plan apply history undo ls sample record backtest freeze thaw explain next simulator check types doctor

function __vast_lua_options
    set -l words (commandline -opc)
    set -l command
    if contains -- "$words[2]" plan apply history undo ls sample record backtest freeze thaw explain next simulator check types doctor
        set command $words[2]
    end
    $words[1] $command --help 2>/dev/null | string match -ar -- '--[a-z][a-z-]+' | sort -u
end

complete -c vast-lua -f
complete -c vast-lua -n "not __fish_seen_subcommand_from $commands" -a "$commands"
complete -c vast-lua -n "string match -q -- '-*' (commandline -ct)" -a "(__vast_lua_options)"
complete -c vast-lua -n "not __fish_seen_subcommand_from history undo ls freeze thaw sample record doctor" -a "(__fish_complete_suffix .lua)"
complete -c vast-lua -n "__fish_seen_subcommand_from apply" -a "(__fish_complete_suffix .json)"
complete -c vast-lua -n "__fish_seen_subcommand_from record" -a "(__fish_complete_suffix .jsonl)"
