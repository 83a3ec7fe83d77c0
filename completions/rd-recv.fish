# fish completion for rd-recv, printed by: rd-recv --completion fish
function __rd_recv_command
	set -l words (commandline -opc)
	set -l before (contains -i -- -- $words); or return
	set -e words[1..$before]
	complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end
complete -c rd-recv -f
complete -c rd-recv -n 'contains -- -- (commandline -opc)' -x -a '(__rd_recv_command)'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l once -d 'end when the session is lost, instead of connecting again'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l timeout -x -d 'give up after so long without a session, with status 13'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l view-only -d 'ask for no right to send input'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l service -x -d 'what to ask the host for'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l list -d 'join nobody: show the hosts that announce themselves on this network'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l wake -d 'send the host what wakes its network card, until it answers'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l host-key -x -d 'the host\'s key, whatever known_hosts says; also KEY@HOST'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l accept-new -d 'take the key of a host not yet known without asking'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -s i -l identity -r -F -d 'our own key; default: identity in the configuration folder'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l identity-fd -x -d 'read our own key from this descriptor'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l password-fd -x -d 'read the host\'s password from this descriptor; else $RD_PASSWORD, else a prompt'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l totp-fd -x -d 'read the code of an authenticator from this descriptor'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l code -x -d 'a one-time code, [relay/]7-orbit-cactus-lamp-river; \'-\': ask for it'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l code-fd -x -d 'read the code from this descriptor'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l relay -x -d 'meet the host through this relay; for a code without one: else $RD_RELAY, else your own'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l path -x -a 'auto direct relay' -d 'which ways may be used: direct: never through a relay; relay: only'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l no-relay-policy -d 'without --path, heed which ways the relay wishes; --no-relay-policy: do not'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l remember -x -d 'after a meeting by code, know the host by that name; it must agree'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l relay-way -x -a 'auto udp tls' -d 'how the relay is reached; for tests'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l ca-file -r -F -d 'certificates that a relay\'s is checked against, instead of the system\'s'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l config -x -a '(__fish_complete_directories)' -d 'config.yaml, or the folder with it, identity and known_hosts; default: $XDG_CONFIG_HOME/rd'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l udp -d 'only by UDP'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l tcp -d 'only by TCP'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l json -d 'tell what happens on stderr, a JSON object a line'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l name -x -d 'what rd-ctl calls this session; default: the host\'s name'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l no-control -d 'rd-ctl may ask and tell this session; --no-control: it cannot'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l metrics -x -d 'where Prometheus asks for our values, http://ADDR:PORT/metrics; of this machine'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l metrics-anywhere -d '--metrics may be an address that others reach, too'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l no-confine -d 'the process on the network has no files; --no-confine is for debugging'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l log -x -a 'error warn info debug trace' -d 'how much to say on stderr; without it $RD_LOG, or warn'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -s h -l help -d 'show this and end'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l version -d 'show the version and end'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l profile -x -a '(rd-ctl words profiles 2>/dev/null)' -d 'values of that profile of the configuration; may be given again'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -l no-config -d 'read no configuration'
complete -c rd-recv -n 'not contains -- -- (commandline -opc)' -a '(rd-ctl words hosts 2>/dev/null; __fish_print_hostnames)'
