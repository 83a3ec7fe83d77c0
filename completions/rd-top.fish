# fish completion for rd-top, printed by: rd-top --completion fish
function __rd_top_command
	set -l words (commandline -opc)
	set -l before (contains -i -- -- $words); or return
	set -e words[1..$before]
	complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end
complete -c rd-top -f
complete -c rd-top -n 'contains -- -- (commandline -opc)' -x -a '(__rd_top_command)'
complete -c rd-top -n 'not contains -- -- (commandline -opc)' -s r -l relay -d 'a relay\'s metrics instead of sessions: those at URL, or this machine\'s'
complete -c rd-top -n 'not contains -- -- (commandline -opc)' -s 1 -l once -d 'a table on standard output, and end: as wide as the terminal, or whole; with --json an object'
complete -c rd-top -n 'not contains -- -- (commandline -opc)' -s j -l json -d 'an object of JSON on standard output; with --interval one a line'
complete -c rd-top -n 'not contains -- -- (commandline -opc)' -s i -l interval -x -d 'look so often; default: 1s'
complete -c rd-top -n 'not contains -- -- (commandline -opc)' -s s -l sort -x -a 'name rate fps latency rtt loss age' -d 'what sessions are sorted by'
complete -c rd-top -n 'not contains -- -- (commandline -opc)' -s m -l mouse -d 'choose by mouse; the terminal\'s own use of it takes shift then'
complete -c rd-top -n 'not contains -- -- (commandline -opc)' -l log -x -a 'error warn info debug trace' -d 'how much to say on stderr; without it $RD_LOG, or warn'
complete -c rd-top -n 'not contains -- -- (commandline -opc)' -s h -l help -d 'show this and end'
complete -c rd-top -n 'not contains -- -- (commandline -opc)' -l version -d 'show the version and end'
complete -c rd-top -n 'not contains -- -- (commandline -opc)' -l profile -x -a '(rd-ctl words profiles 2>/dev/null)' -d 'values of that profile of the configuration; may be given again'
complete -c rd-top -n 'not contains -- -- (commandline -opc)' -l config -r -F -d 'the configuration; default: config.yaml in $XDG_CONFIG_HOME/rd'
complete -c rd-top -n 'not contains -- -- (commandline -opc)' -l no-config -d 'read no configuration'
