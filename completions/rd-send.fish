# fish completion for rd-send, printed by: rd-send --completion fish
function __rd_send_command
	set -l words (commandline -opc)
	set -l before (contains -i -- -- $words); or return
	set -e words[1..$before]
	complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end
complete -c rd-send -f
complete -c rd-send -n 'contains -- -- (commandline -opc)' -x -a '(__rd_send_command)'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -s l -l listen -x -d 'where to wait for viewers; port 0 is any free one'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -s r -l relay -x -d 'be met through this relay, too; default: $RD_RELAY, else your own (rd-key relay)'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l no-relay -d 'through none, whatever is set'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -s C -l code -d 'let somebody in, once, who types the code that is printed'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l code-fd -x -d 'write the code to this descriptor, too, a line'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l remember -x -d 'authorize who came by the code and wants to come again, under that name, without asking'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l path -x -a 'auto direct relay' -d 'which ways sessions may go: direct: never through the relay; relay: only'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l no-relay-policy -d 'without --path, heed which ways the relay wishes; --no-relay-policy: do not'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -s s -l shared -d 'one producer for all viewers, instead of one for each'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -s v -l view-only -d 'nobody may send input, whatever their key allows'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -s 1 -l once -d 'one viewer; end when it leaves, with the session\'s exit status'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -s m -l max-viewers -x -d 'how many may watch at once'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -s t -l timeout -x -d 'end with a failure if no viewer has come by then'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -s c -l on-connect -x -a '(__fish_complete_command)' -d 'let in whom this command lets in by its exit status 0; split at blanks, run without a shell'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -s a -l ask -d 'ask at the terminal about keys that are not authorized'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l lock-on-end -d 'have rd-capture, the producer, lock the desktop when a viewer that typed or pointed has gone'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l blank -d 'have rd-capture turn this machine\'s own monitors off while somebody watches; must: or show nothing'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l no-introduce -d 'tell whoever asks which key this host has'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l announce -d 'be found on the local network, by rd-view --list; auto: by the machine\'s name; off: not'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -s i -l identity -r -F -d 'our own key; made where there is none'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l config -x -a '(__fish_complete_directories)' -d 'config.yaml, or the folder with it, identity, authorized_keys, relays, password and totp'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l no-udp -d 'serve by UDP'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l no-tcp -d 'serve by TCP, for networks that carry no UDP'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l cc -x -a 'scream fixed' -d 'how the rate is found; fixed: never (with --rate)'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l rate -x -d 'with --cc fixed, bits a second to every viewer'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l json -d 'events on stderr, a line of JSON each'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l name -x -d 'what rd-ctl calls this host; default: the machine\'s name'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l indicator -d 'while somebody is connected a small window says so here (rd-indicator)'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l no-control -d 'rd-ctl may ask and tell this host; --no-control: it cannot'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l metrics -x -d 'where Prometheus asks for our values, http://ADDR:PORT/metrics; of this machine'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l metrics-anywhere -d '--metrics may be an address that others reach, too'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l no-confine -d 'the process at the network can open no file and start no program; --no-confine is for debugging'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l relay-way -x -a 'auto udp tls' -d 'how the relay is reached; for tests'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l ca-file -r -F -d 'certificates that the relay\'s is checked against, instead of the system\'s'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l log -x -a 'error warn info debug trace' -d 'how much to say on stderr; without it $RD_LOG, or warn'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -s h -l help -d 'show this and end'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l version -d 'show the version and end'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l profile -x -a '(rd-ctl words profiles 2>/dev/null)' -d 'values of that profile of the configuration; may be given again'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -l no-config -d 'read no configuration'
complete -c rd-send -n 'not contains -- -- (commandline -opc)' -a --
