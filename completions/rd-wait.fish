# fish completion for rd-wait, printed by: rd-wait --completion fish
function __rd_wait_command
	set -l words (commandline -opc)
	set -l before (contains -i -- -- $words); or return
	set -e words[1..$before]
	complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end
complete -c rd-wait -f
complete -c rd-wait -n 'contains -- -- (commandline -opc)' -x -a '(__rd_wait_command)'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -s s -l still -x -d 'until no pixel has changed for this long'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -s i -l image -r -F -d 'until this PNG is to be seen; its transparent pixels are any'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -s c -l change -x -d 'until something there is other than at first'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -l text -x -d 'until this can be read, in one line, by tesseract'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -s g -l region -x -d 'where images and texts are looked for, and what is to be still'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -l ignore -x -d 'what may change there (a clock) is no change; repeatable'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -l tolerance -x -d 'how far off the colour of a pixel may be'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -l differ -x -d 'how many pixels of an image may be off further'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -s t -l timeout -x -d 'give up after this time, with status 13'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -l save -r -F -d 'at timeout, a PNG that marks what is missing from the nearest image'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -s j -l json -d 'say what came as an object of JSON'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -s l -l language -x -d 'of the text, as tesseract calls it: deu, eng+fra'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -s d -l display -x -a '(rd-ctl words displays 2>/dev/null)' -d 'X display, such as :0; otherwise $DISPLAY, or your only session'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -s m -l monitor -x -d 'one monitor, by its RandR name or its place in rd-capture --list'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -s w -l window -x -d 'one window, by its number, or by (a part of) its title'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -l file -r -F -d 'a recording, whatever its name looks like'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -l host -x -a '(rd-ctl words hosts 2>/dev/null; __fish_print_hostnames)' -d 'a host that rd-send serves, whatever its name looks like'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -l code -x -d 'the host that has this one-time code; \'-\': ask for it at the terminal'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -l code-fd -x -d 'the same, read from this descriptor'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -l relay -x -d 'meet the host through this relay; for a code without one: else $RD_RELAY, else your own'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -l path -x -a 'auto direct relay' -d 'auto, direct (never through a relay) or relay (only)'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -l no-relay-policy -d 'without --path, heed which ways the relay wishes; --no-relay-policy: do not'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -l remember -x -d 'after a meeting by code, know the host by that name; it must agree'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -l relay-way -x -a 'auto udp tls' -d 'auto, udp or tls: how the relay is reached; for tests'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -l ca-file -r -F -d 'certificates that a relay\'s is checked against, instead of the system\'s'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -l config -x -a '(__fish_complete_directories)' -d 'config.yaml, or the folder with it, identity and known_hosts; default: $XDG_CONFIG_HOME/rd'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -l ssh-command -x -a '(__fish_complete_command)' -d 'the program for ssh:// and its first arguments, such as "ssh -F file"'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -l no-confine -d 'decode without network and files; --no-confine is for debugging'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -l log -x -a 'error warn info debug trace' -d 'how much to say on stderr; without it $RD_LOG, or warn'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -s h -l help -d 'show this and end'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -l version -d 'show the version and end'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -l profile -x -a '(rd-ctl words profiles 2>/dev/null)' -d 'values of that profile of the configuration; may be given again'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -l no-config -d 'read no configuration'
complete -c rd-wait -n 'not contains -- -- (commandline -opc)' -F -a '(rd-ctl words hosts 2>/dev/null)'
