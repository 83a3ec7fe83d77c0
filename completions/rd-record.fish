# fish completion for rd-record, printed by: rd-record --completion fish
function __rd_record_command
	set -l words (commandline -opc)
	set -l dashes (contains -i -- -- $words); or return
	set -e words[1..$dashes]
	complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end
complete -c rd-record -f
complete -c rd-record -n 'contains -- -- (commandline -opc)' -x -a '(__rd_record_command)'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -s c -l codec -x -a 'auto vp9 vp8 av1' -d 'auto: that of a stream that is video alone, else vp9'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -s q -l quantizer -x -d 'while pictures change: 0 is best, 63 smallest; what rests gets 8'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -s b -l bitrate -x -d 'at most, in bits a second (800k, 4M)'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l chroma -x -a '420 444' -d 'colour resolution; 444 keeps coloured text sharp, where players know it'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -s t -l threads -x -d 'threads of the video encoder'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -s r -l fps -x -d 'exactly so many pictures a second; without it one whenever something changes'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l no-copy -d 'take the stream\'s own video packets where it is video alone; --no-copy: never'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l no-pointer -d 'draw the pointer into the picture; --no-pointer leaves it out'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l resize -x -a 'fit split' -d 'when the desktop changes its size: fit it into the first, or split: a new file'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -s d -l duration -x -d 'end after so much (90s, 10m)'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l split-size -x -d 'a new file before one is larger (100M): NAME-000.webm, NAME-001.webm, …'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l split-time -x -d 'a new file after so much (10m)'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l last -x -d 'keep only the last so much (30s), in memory, and write it on SIGUSR1'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l save-at-end -d 'with --last: write it at the end, too'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l chapters -x -d 'each line that comes there begins a chapter of that name'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l captions -x -d 'each line that comes there is a subtitle'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l overwrite -d 'replace a file that is there'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l json -d 'say on stderr what happens, one event a line'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l quiet -d 'neither names of files on stdout nor progress'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l file -r -F -d 'a recording, whatever its name looks like'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l host -x -a '(__fish_print_hostnames)' -d 'a host that rd-send serves, whatever its name looks like'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l code -x -d 'the host that has this one-time code; \'-\': ask for it at the terminal'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l code-fd -x -d 'the same, read from this descriptor'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l relay -x -d 'meet the host through this relay; for a code without one: else $RD_RELAY, else your own'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l path -x -a 'auto direct relay' -d 'auto, direct (never through a relay) or relay (only)'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l no-relay-policy -d 'without --path, heed which ways the relay wishes; --no-relay-policy: do not'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l remember -x -d 'after a meeting by code, know the host by that name; it must agree'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l relay-way -x -a 'auto udp tls' -d 'auto, udp or tls: how the relay is reached; for tests'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l ca-file -r -F -d 'certificates that a relay\'s is checked against, instead of the system\'s'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l config -x -a '(__fish_complete_directories)' -d 'folder of identity and known_hosts, for a host; default: $XDG_CONFIG_HOME/rd'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l ssh-command -x -a '(__fish_complete_command)' -d 'the program for ssh:// and its first arguments, such as "ssh -F file"'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l name -x -d 'what rd-ctl calls it; default: the film\'s'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l no-control -d 'rd-ctl may ask and tell it; --no-control: it cannot'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l no-confine -d 'decode without network and other files; --no-confine is for debugging'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l log -x -a 'error warn info debug trace' -d 'how much to say on stderr; without it $RD_LOG, or warn'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -s h -l help -d 'show this and end'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -l version -d 'show the version and end'
complete -c rd-record -n 'not contains -- -- (commandline -opc)' -F
