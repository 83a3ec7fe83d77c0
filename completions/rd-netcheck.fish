# fish completion for rd-netcheck, printed by: rd-netcheck --completion fish
function __rd_netcheck_command
	set -l words (commandline -opc)
	set -l before (contains -i -- -- $words); or return
	set -e words[1..$before]
	complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end
complete -c rd-netcheck -f
complete -c rd-netcheck -n 'contains -- -- (commandline -opc)' -x -a '(__rd_netcheck_command)'
complete -c rd-netcheck -n 'not contains -- -- (commandline -opc)' -s r -l relay -x -d 'which relay; default: $RD_RELAY, else your own'
complete -c rd-netcheck -n 'not contains -- -- (commandline -opc)' -s j -l json -d 'an object of JSON instead of words'
complete -c rd-netcheck -n 'not contains -- -- (commandline -opc)' -s t -l timeout -x -d 'look no longer than this'
complete -c rd-netcheck -n 'not contains -- -- (commandline -opc)' -l config -x -a '(__fish_complete_directories)' -d 'folder of relays; default: $XDG_CONFIG_HOME/rd'
complete -c rd-netcheck -n 'not contains -- -- (commandline -opc)' -l ca-file -r -F -d 'certificates that the relay\'s is checked against, instead of the system\'s'
complete -c rd-netcheck -n 'not contains -- -- (commandline -opc)' -l no-confine -d 'look without files and other rights; --no-confine is for debugging'
complete -c rd-netcheck -n 'not contains -- -- (commandline -opc)' -l log -x -a 'error warn info debug trace' -d 'how much to say on stderr; without it $RD_LOG, or warn'
complete -c rd-netcheck -n 'not contains -- -- (commandline -opc)' -s h -l help -d 'show this and end'
complete -c rd-netcheck -n 'not contains -- -- (commandline -opc)' -l version -d 'show the version and end'
complete -c rd-netcheck -n 'not contains -- -- (commandline -opc)' -l profile -x -a '(rd-ctl words profiles 2>/dev/null)' -d 'values of that profile of the configuration; may be given again'
complete -c rd-netcheck -n 'not contains -- -- (commandline -opc)' -l no-config -d 'read no configuration'
