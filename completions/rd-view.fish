# fish completion for rd-view, printed by: rd-view --completion fish
function __rd_view_command
	set -l words (commandline -opc)
	set -l before (contains -i -- -- $words); or return
	set -e words[1..$before]
	complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end
complete -c rd-view -f
complete -c rd-view -n 'contains -- -- (commandline -opc)' -x -a '(__rd_view_command)'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -s t -l to -x -d 'window, terminal, png:FILE, hash (a line a frame) or null'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l file -r -F -d 'a recording, whatever its name looks like'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l host -x -a '(rd-ctl words hosts 2>/dev/null; __fish_print_hostnames)' -d 'a host that rd-send serves, whatever its name looks like'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l code -x -d 'the host that has this one-time code; \'-\': ask for it at the terminal'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l code-fd -x -d 'the same, read from this descriptor'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l relay -x -d 'meet the host through this relay; for a code without one: else $RD_RELAY, else your own'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l path -x -a 'auto direct relay' -d 'auto, direct (never through a relay) or relay (only)'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l no-relay-policy -d 'without --path, heed which ways the relay wishes; --no-relay-policy: do not'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l remember -x -d 'after a meeting by code, know the host by that name; it must agree'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l relay-way -x -a 'auto udp tls' -d 'auto, udp or tls: how the relay is reached; for tests'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l ca-file -r -F -d 'certificates that a relay\'s is checked against, instead of the system\'s'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l config -x -a '(__fish_complete_directories)' -d 'config.yaml, or the folder with it, identity and known_hosts; default: $XDG_CONFIG_HOME/rd'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l ssh-command -x -a '(__fish_complete_command)' -d 'the program for ssh:// and its first arguments, such as "ssh -F file"'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l view-only -d 'send no keys and no pointer; show where the other pointer is'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -s f -l fullscreen -d 'start with the whole screen'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -s g -l grab -d 'take all keys, the window manager\'s too; Ctrl-Alt-Shift-G gives them back'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l stats -d 'figures in a corner of the window, as Ctrl-Alt-Shift-S'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l title -x -d 'name in the window\'s title'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l hold -x -a 'auto yes no' -d 'keep the window when the stream is over; auto: if it failed and stderr is a terminal'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l frames -x -d 'end after so many frames'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l timeout -x -d 'end after this time, with status 13'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l render -x -a 'auto surface texture' -d 'how the window is painted; auto: texture with a GPU, else surface'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l graphics -x -a 'auto kitty sixel blocks' -d 'how a terminal is painted; auto: what it says that it can'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l colors -x -a 'auto 24bit 256 16 none' -d 'of --graphics blocks; auto: what the terminal can, and none with $NO_COLOR'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l name -x -d 'what rd-ctl calls it; default: what is shown'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l no-control -d 'rd-ctl may ask and tell it; --no-control: it cannot'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l metrics -x -d 'where Prometheus asks for our values, http://ADDR:PORT/metrics; of this machine'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l metrics-anywhere -d '--metrics may be an address that others reach, too'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l no-confine -d 'decode without network and files; --no-confine is for debugging'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l log -x -a 'error warn info debug trace' -d 'how much to say on stderr; without it $RD_LOG, or warn'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -s h -l help -d 'show this and end'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l version -d 'show the version and end'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l profile -x -a '(rd-ctl words profiles 2>/dev/null)' -d 'values of that profile of the configuration; may be given again'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -l no-config -d 'read no configuration'
complete -c rd-view -n 'not contains -- -- (commandline -opc)' -F -a '(rd-ctl words hosts 2>/dev/null)'
