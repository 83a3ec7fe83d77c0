# fish completion for rd-run, printed by: rd-run --completion fish
function __rd_run_begins
	set -l words (commandline -opc)
	set -l i 2
	while test $i -le (count $words)
		switch $words[$i]
			case --
				echo $i
				return
			case '--size' '-s' '--record' '-o' '--keep' '-k' '--fps' '-r' '--timeout' '-t' '--grace' '--server' '--server-args' '--name' '--log' '--profile' '--config'
				set i (math $i + 1)
			case '-?*'
			case '*'
				math $i - 1
				return
		end
		set i (math $i + 1)
	end
	return 1
end
function __rd_run_command
	set -l words (commandline -opc)
	set -l before (__rd_run_begins); or return
	set -e words[1..$before]
	complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end
complete -c rd-run -f
complete -c rd-run -n '__rd_run_begins >/dev/null' -x -a '(__rd_run_command)'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -s s -l size -x -d 'pixels of the screen'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -s o -l record -r -F -d 'make a film of it: a name that ends in .webm or .mkv'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -s k -l keep -x -a 'always on-failure never' -d 'when the film stays: always, or only where the command fails'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -l overwrite -d 'replace a film that is there'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -l no-pointer -d 'the pointer is in the film'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -l sound -d 'what the command plays is in the film, and heard nowhere else'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -s r -l fps -x -d 'at most so many pictures a second in the film; without it 15, and fewer where much changes for long'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -s t -l timeout -x -d 'end the command after so long; the exit status is 13'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -l grace -x -d 'from SIGTERM to SIGKILL, for what is to end'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -s w -l wm -d 'with a window manager: the first that is installed, or this one; none: without'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -l desktop -d 'beside the command a desktop, by a shell: yours, or this one; all ends with it'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -l bus -d 'with a session bus (D-Bus) of its own; --desktop has one where it can'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -l server -x -a 'xvfb tigervnc auto' -d 'what makes the display: tigervnc takes any size later; auto: that, where it is installed'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -l server-args -x -d 'further arguments of the server, parted by spaces'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -l name -x -d 'what rd-ctl calls the film; default: the command\'s, and a number'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -l no-control -d 'rd-ctl may ask and tell the recorder; --no-control: it cannot'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -l json -d 'say on stderr what happens, one event a line'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -s q -l quiet -d 'do not say where the film is'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -l log -x -a 'error warn info debug trace' -d 'how much to say on stderr; without it $RD_LOG, or warn'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -s h -l help -d 'show this and end'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -l version -d 'show the version and end'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -l profile -x -a '(rd-ctl words profiles 2>/dev/null)' -d 'values of that profile of the configuration; may be given again'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -l config -r -F -d 'the configuration; default: config.yaml in $XDG_CONFIG_HOME/rd'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -l no-config -d 'read no configuration'
complete -c rd-run -n 'not __rd_run_begins >/dev/null' -a '(__fish_complete_command)'
