# fish completion for rd-relay, printed by: rd-relay --completion fish
function __rd_relay_command
	set -l words (commandline -opc)
	set -l before (contains -i -- -- $words); or return
	set -e words[1..$before]
	complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end
complete -c rd-relay -f
complete -c rd-relay -n 'contains -- -- (commandline -opc)' -x -a '(__rd_relay_command)'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -s l -l listen -x -d 'where to serve by UDP; port 0 is any free one'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -s t -l tls -x -d 'where to serve by TLS; without it as --listen, and port 443 if we may'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -l stun-port -x -d 'a second UDP port that answers STUN; 0: none'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -s c -l config -r -F -d 'read options from this file; the command line has the last word'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -l check -d 'say whether the configuration is good, and end'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -s s -l state -x -a '(__fish_complete_directories)' -d 'the folder with the relay\'s key, join key and certificate'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -l join-key -d 'print the join key, which hosts need, and end'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -l open -d 'serve every host, without a join key'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -l hosts -x -d 'a host that needs no join key; may be given again'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -l policy -x -a 'auto direct relay' -d 'which paths to wish for; the ends decide'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -l certificate -r -F -d 'for TLS, PEM, with its chain; without it one of our own making'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -l certificate-key -r -F -d 'its key, PEM, which nobody else may read'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -s m -l metrics -x -d 'where /metrics and /health are asked for'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -l metrics-anywhere -d 'also where others than this machine reach it'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -l audit -r -F -d 'append a line of JSON for each session that ends'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -l threads -x -d 'that forward; 0: one for each processor'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -l node -x -d 'number of this relay among several with one key'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -l drain -x -d 'how long sessions may go on after SIGTERM'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -l json -d 'events on stderr, a line of JSON each'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -l no-confine -d 'the process at the network can open no file and start no program; --no-confine is for debugging'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -l log -x -a 'error warn info debug trace' -d 'how much to say on stderr; without it $RD_LOG, or warn'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -s h -l help -d 'show this and end'
complete -c rd-relay -n 'not contains -- -- (commandline -opc)' -l version -d 'show the version and end'
