# fish completion for rd-type, printed by: rd-type --completion fish
function __rd_type_command
	set -l words (commandline -opc)
	set -l before (contains -i -- -- $words); or return
	set -e words[1..$before]
	complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end
complete -c rd-type -f
complete -c rd-type -n 'contains -- -- (commandline -opc)' -x -a '(__rd_type_command)'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -s k -l key -x -d 'press this: Return, F5, ctrl+shift+t; in its place among --text'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -s t -l text -x -d 'type this, in its place among --key'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -l stdin -d 'type what is on standard input, last'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -s o -l on -x -a '(rd-ctl words hosts 2>/dev/null; __fish_print_hostnames)' -d 'where: ssh://HOST, a host or a code, as for rd-view; else this desktop'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -l delay -x -d 'pause after each character'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -l timeout -x -d 'give up when nothing is taken for this long, with status 13'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -s d -l display -x -a '(rd-ctl words displays 2>/dev/null)' -d 'X display, such as :0; otherwise $DISPLAY, or your only session'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -l file -r -F -d 'a recording, whatever its name looks like'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -l host -x -a '(rd-ctl words hosts 2>/dev/null; __fish_print_hostnames)' -d 'a host that rd-send serves, whatever its name looks like'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -l code -x -d 'the host that has this one-time code; \'-\': ask for it at the terminal'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -l code-fd -x -d 'the same, read from this descriptor'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -l relay -x -d 'meet the host through this relay; for a code without one: else $RD_RELAY, else your own'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -l path -x -a 'auto direct relay' -d 'auto, direct (never through a relay) or relay (only)'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -l no-relay-policy -d 'without --path, heed which ways the relay wishes; --no-relay-policy: do not'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -l remember -x -d 'after a meeting by code, know the host by that name; it must agree'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -l relay-way -x -a 'auto udp tls' -d 'auto, udp or tls: how the relay is reached; for tests'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -l ca-file -r -F -d 'certificates that a relay\'s is checked against, instead of the system\'s'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -l config -x -a '(__fish_complete_directories)' -d 'config.yaml, or the folder with it, identity and known_hosts; default: $XDG_CONFIG_HOME/rd'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -l ssh-command -x -a '(__fish_complete_command)' -d 'the program for ssh:// and its first arguments, such as "ssh -F file"'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -l no-confine -d 'do it without network and files; --no-confine is for debugging'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -l log -x -a 'error warn info debug trace' -d 'how much to say on stderr; without it $RD_LOG, or warn'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -s h -l help -d 'show this and end'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -l version -d 'show the version and end'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -l profile -x -a '(rd-ctl words profiles 2>/dev/null)' -d 'values of that profile of the configuration; may be given again'
complete -c rd-type -n 'not contains -- -- (commandline -opc)' -l no-config -d 'read no configuration'
