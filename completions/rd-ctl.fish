# fish completion for rd-ctl, printed by: rd-ctl --completion fish
function __rd_ctl_operands
	set -l words (commandline -opc)
	rd-ctl words operands $words[2..] 2>/dev/null
end
function __rd_ctl_command
	set -l words (commandline -opc)
	set -l before (contains -i -- -- $words); or return
	set -e words[1..$before]
	complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end
complete -c rd-ctl -f
complete -c rd-ctl -n 'contains -- -- (commandline -opc)' -x -a '(__rd_ctl_command)'
complete -c rd-ctl -n 'not contains -- -- (commandline -opc)' -s j -l json -d 'JSON, a line each; of NAME alone: all its values as one object'
complete -c rd-ctl -n 'not contains -- -- (commandline -opc)' -s f -l follow -d 'what happens there, a line each, until it ends; as the verb watch'
complete -c rd-ctl -n 'not contains -- -- (commandline -opc)' -s w -l wait -x -a 'announced caption chapter closed code code-over connected connecting end granted heard listening metrics moved paused picture reconnecting recording refused relay relay-drains relay-lost relay-way remembered resumed revoked saved silent stats unannounced waking' -d 'until that happens, or the value of that name is so: wait for path=direct'
complete -c rd-ctl -n 'not contains -- -- (commandline -opc)' -s t -l timeout -x -d 'wait no longer, and end with status 13'
complete -c rd-ctl -n 'not contains -- -- (commandline -opc)' -l log -x -a 'error warn info debug trace' -d 'how much to say on stderr; without it $RD_LOG, or warn'
complete -c rd-ctl -n 'not contains -- -- (commandline -opc)' -s h -l help -d 'show this and end'
complete -c rd-ctl -n 'not contains -- -- (commandline -opc)' -l version -d 'show the version and end'
complete -c rd-ctl -n 'not contains -- -- (commandline -opc)' -l profile -x -a '(rd-ctl words profiles 2>/dev/null)' -d 'values of that profile of the configuration; may be given again'
complete -c rd-ctl -n 'not contains -- -- (commandline -opc)' -l config -r -F -d 'the configuration; default: config.yaml in $XDG_CONFIG_HOME/rd'
complete -c rd-ctl -n 'not contains -- -- (commandline -opc)' -l no-config -d 'read no configuration'
complete -c rd-ctl -n 'not contains -- -- (commandline -opc)' -a '(__rd_ctl_operands)'
