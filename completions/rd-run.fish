# fish completion for rd-run, printed by: rd-run --completion fish
function __rd_run_command
	set -l words (commandline -opc)
	set -l dashes (contains -i -- -- $words); or return
	set -e words[1..$dashes]
	complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end
complete -c rd-run -f
complete -c rd-run -n 'contains -- -- (commandline -opc)' -x -a '(__rd_run_command)'
complete -c rd-run -n 'not contains -- -- (commandline -opc)' -s s -l size -x -d 'pixels of the screen'
complete -c rd-run -n 'not contains -- -- (commandline -opc)' -s o -l record -r -F -d 'make a film of it: a name that ends in .webm or .mkv'
complete -c rd-run -n 'not contains -- -- (commandline -opc)' -s k -l keep -x -a 'always on-failure never' -d 'when the film stays: always, or only where the command fails'
complete -c rd-run -n 'not contains -- -- (commandline -opc)' -l overwrite -d 'replace a film that is there'
complete -c rd-run -n 'not contains -- -- (commandline -opc)' -l no-pointer -d 'the pointer is in the film'
complete -c rd-run -n 'not contains -- -- (commandline -opc)' -l sound -d 'what the command plays is in the film, and heard nowhere else'
complete -c rd-run -n 'not contains -- -- (commandline -opc)' -s r -l fps -x -d 'at most so many pictures a second in the film; without it 15, and fewer where much changes for long'
complete -c rd-run -n 'not contains -- -- (commandline -opc)' -s t -l timeout -x -d 'end the command after so long; the exit status is 13'
complete -c rd-run -n 'not contains -- -- (commandline -opc)' -l grace -x -d 'from SIGTERM to SIGKILL, for what is to end'
complete -c rd-run -n 'not contains -- -- (commandline -opc)' -s w -l wm -d 'with a window manager: the first that is installed, or this one'
complete -c rd-run -n 'not contains -- -- (commandline -opc)' -l server-args -x -d 'further arguments of Xvfb, parted by spaces'
complete -c rd-run -n 'not contains -- -- (commandline -opc)' -l json -d 'say on stderr what happens, one event a line'
complete -c rd-run -n 'not contains -- -- (commandline -opc)' -s q -l quiet -d 'do not say where the film is'
complete -c rd-run -n 'not contains -- -- (commandline -opc)' -l log -x -a 'error warn info debug trace' -d 'how much to say on stderr; without it $RD_LOG, or warn'
complete -c rd-run -n 'not contains -- -- (commandline -opc)' -s h -l help -d 'show this and end'
complete -c rd-run -n 'not contains -- -- (commandline -opc)' -l version -d 'show the version and end'
complete -c rd-run -n 'not contains -- -- (commandline -opc)' -l profile -x -a '(rd-ctl words profiles 2>/dev/null)' -d 'values of that profile of the configuration; may be given again'
complete -c rd-run -n 'not contains -- -- (commandline -opc)' -l config -r -F -d 'the configuration; default: config.yaml in $XDG_CONFIG_HOME/rd'
complete -c rd-run -n 'not contains -- -- (commandline -opc)' -l no-config -d 'read no configuration'
complete -c rd-run -n 'not contains -- -- (commandline -opc)' -a --
