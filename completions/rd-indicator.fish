# fish completion for rd-indicator, printed by: rd-indicator --completion fish
function __rd_indicator_operands
	set -l words (commandline -opc)
	rd-ctl words operands $words[2..] 2>/dev/null
end
function __rd_indicator_command
	set -l words (commandline -opc)
	set -l before (contains -i -- -- $words); or return
	set -e words[1..$before]
	complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end
complete -c rd-indicator -f
complete -c rd-indicator -n 'contains -- -- (commandline -opc)' -x -a '(__rd_indicator_command)'
complete -c rd-indicator -n 'not contains -- -- (commandline -opc)' -s d -l display -x -a '(rd-ctl words displays 2>/dev/null)' -d 'where it is shown; default: $DISPLAY, or the only one of yours'
complete -c rd-indicator -n 'not contains -- -- (commandline -opc)' -l pause-key -x -d 'pauses and goes on, wherever the keyboard\'s focus is; "": none'
complete -c rd-indicator -n 'not contains -- -- (commandline -opc)' -l end-key -x -d 'sends everybody off; "": none'
complete -c rd-indicator -n 'not contains -- -- (commandline -opc)' -s q -l quiet -d 'where there is no display, end without a word and with status 0'
complete -c rd-indicator -n 'not contains -- -- (commandline -opc)' -l log -x -a 'error warn info debug trace' -d 'how much to say on stderr; without it $RD_LOG, or warn'
complete -c rd-indicator -n 'not contains -- -- (commandline -opc)' -s h -l help -d 'show this and end'
complete -c rd-indicator -n 'not contains -- -- (commandline -opc)' -l version -d 'show the version and end'
complete -c rd-indicator -n 'not contains -- -- (commandline -opc)' -l profile -x -a '(rd-ctl words profiles 2>/dev/null)' -d 'values of that profile of the configuration; may be given again'
complete -c rd-indicator -n 'not contains -- -- (commandline -opc)' -l config -r -F -d 'the configuration; default: config.yaml in $XDG_CONFIG_HOME/rd'
complete -c rd-indicator -n 'not contains -- -- (commandline -opc)' -l no-config -d 'read no configuration'
complete -c rd-indicator -n 'not contains -- -- (commandline -opc)' -a '(__rd_indicator_operands)'
