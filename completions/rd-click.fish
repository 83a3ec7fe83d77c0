# fish completion for rd-click, printed by: rd-click --completion fish
function __rd_click_command
	set -l words (commandline -opc)
	set -l before (contains -i -- -- $words); or return
	set -e words[1..$before]
	complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end
complete -c rd-click -f
complete -c rd-click -n 'contains -- -- (commandline -opc)' -x -a '(__rd_click_command)'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -s b -l button -x -a 'left right middle side extra' -d 'which one'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -s 2 -l double -d 'twice, as --count 2'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -s n -l count -x -d 'so many times'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l drag -x -d 'press, go there, let go'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l move -d 'go there and press nothing'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l wheel -x -d 'turn by so many notches; up, or down if below 0'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l wheel-x -x -d 'the same to the right, or to the left'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l with -x -d 'hold these meanwhile, such as ctrl+shift'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -s o -l on -x -a '(rd-ctl words hosts 2>/dev/null; __fish_print_hostnames)' -d 'where: ssh://HOST, a host or a code, as for rd-view; else this desktop'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l delay -x -d 'pause after each step'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l timeout -x -d 'give up when nothing is taken for this long, with status 13'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -s d -l display -x -a '(rd-ctl words displays 2>/dev/null)' -d 'X display, such as :0; otherwise $DISPLAY, or your only session'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -s m -l monitor -x -d 'one monitor, by its RandR name or its place in rd-capture --list'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -s w -l window -x -d 'one window, by its number, or by (a part of) its title'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l file -r -F -d 'a recording, whatever its name looks like'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l host -x -a '(rd-ctl words hosts 2>/dev/null; __fish_print_hostnames)' -d 'a host that rd-send serves, whatever its name looks like'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l code -x -d 'the host that has this one-time code; \'-\': ask for it at the terminal'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l code-fd -x -d 'the same, read from this descriptor'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l relay -x -d 'meet the host through this relay; for a code without one: else $RD_RELAY, else your own'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l path -x -a 'auto direct relay' -d 'auto, direct (never through a relay) or relay (only)'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l no-relay-policy -d 'without --path, heed which ways the relay wishes; --no-relay-policy: do not'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l remember -x -d 'after a meeting by code, know the host by that name; it must agree'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l relay-way -x -a 'auto udp tls' -d 'auto, udp or tls: how the relay is reached; for tests'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l ca-file -r -F -d 'certificates that a relay\'s is checked against, instead of the system\'s'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l config -x -a '(__fish_complete_directories)' -d 'config.yaml, or the folder with it, identity and known_hosts; default: $XDG_CONFIG_HOME/rd'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l ssh-command -x -a '(__fish_complete_command)' -d 'the program for ssh:// and its first arguments, such as "ssh -F file"'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l no-confine -d 'do it without network and files; --no-confine is for debugging'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l log -x -a 'error warn info debug trace' -d 'how much to say on stderr; without it $RD_LOG, or warn'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -s h -l help -d 'show this and end'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l version -d 'show the version and end'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l profile -x -a '(rd-ctl words profiles 2>/dev/null)' -d 'values of that profile of the configuration; may be given again'
complete -c rd-click -n 'not contains -- -- (commandline -opc)' -l no-config -d 'read no configuration'
