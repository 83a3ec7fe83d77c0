# fish completion for rd-clip, printed by: rd-clip --completion fish
function __rd_clip_command
	set -l words (commandline -opc)
	set -l before (contains -i -- -- $words); or return
	set -e words[1..$before]
	complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end
complete -c rd-clip -f
complete -c rd-clip -n 'contains -- -- (commandline -opc)' -x -a '(__rd_clip_command)'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -s t -l type -x -a 'text html png files' -d 'text, html, png or files (a list of their names); text where nothing is said'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -s w -l wait -d 'put: give it only when it is pasted, and end when something else is copied there'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -l secret -d 'put: a password, which managers of clipboards are not to remember'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -l primary -d 'what is selected there, for the middle button, instead of what is copied'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -s j -l json -d 'an object of JSON instead'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -l clipboard-max -x -d 'the largest content that is pasted, such as 512K or 64M (64M)'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -l timeout -x -d 'give up after this time, with status 13'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -s d -l display -x -a '(rd-ctl words displays 2>/dev/null)' -d 'X display, such as :0; otherwise $DISPLAY, or your only session'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -l file -r -F -d 'a recording, whatever its name looks like'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -l host -x -a '(rd-ctl words hosts 2>/dev/null; __fish_print_hostnames)' -d 'a host that rd-send serves, whatever its name looks like'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -l code -x -d 'the host that has this one-time code; \'-\': ask for it at the terminal'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -l code-fd -x -d 'the same, read from this descriptor'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -l relay -x -d 'meet the host through this relay; for a code without one: else $RD_RELAY, else your own'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -l path -x -a 'auto direct relay' -d 'auto, direct (never through a relay) or relay (only)'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -l no-relay-policy -d 'without --path, heed which ways the relay wishes; --no-relay-policy: do not'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -l remember -x -d 'after a meeting by code, know the host by that name; it must agree'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -l relay-way -x -a 'auto udp tls' -d 'auto, udp or tls: how the relay is reached; for tests'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -l ca-file -r -F -d 'certificates that a relay\'s is checked against, instead of the system\'s'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -l config -x -a '(__fish_complete_directories)' -d 'config.yaml, or the folder with it, identity and known_hosts; default: $XDG_CONFIG_HOME/rd'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -l ssh-command -x -a '(__fish_complete_command)' -d 'the program for ssh:// and its first arguments, such as "ssh -F file"'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -l no-confine -d 'do it without network and files; --no-confine is for debugging'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -l log -x -a 'error warn info debug trace' -d 'how much to say on stderr; without it $RD_LOG, or warn'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -s h -l help -d 'show this and end'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -l version -d 'show the version and end'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -l profile -x -a '(rd-ctl words profiles 2>/dev/null)' -d 'values of that profile of the configuration; may be given again'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -l no-config -d 'read no configuration'
complete -c rd-clip -n 'not contains -- -- (commandline -opc)' -F -a '(rd-ctl words hosts 2>/dev/null)'
