# fish completion for rd-capture, printed by: rd-capture --completion fish
function __rd_capture_command
	set -l words (commandline -opc)
	set -l before (contains -i -- -- $words); or return
	set -e words[1..$before]
	complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end
complete -c rd-capture -f
complete -c rd-capture -n 'contains -- -- (commandline -opc)' -x -a '(__rd_capture_command)'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -s s -l source -x -d 'what to capture: the X11 desktop, a test picture or a film (- is stdin)'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -s d -l display -x -a '(rd-ctl words displays 2>/dev/null)' -d 'X display, such as :0; otherwise $DISPLAY, or your only session'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -s m -l monitor -x -d 'one monitor, by its RandR name or its place in --list, from 0'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -s w -l window -x -d 'one window, by its number, or by (a part of) its title'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -s g -l region -x -d 'a part of the screen, monitor or window'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -l hide -x -d 'never capture that part of the desktop; may be given again'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -l hide-window -x -d 'never capture windows with that in their title, of that class (class:NAME), or that one, with frames and menus; may be given again'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -s r -l fps -x -d 'at most so many frames a second; test and y4m: exactly so many (30)'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -s n -l frames -x -d 'end after so many frames'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -s t -l duration -x -d 'end after that time'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -l size -x -d 'of the test picture'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -s c -l cursor -d 'paint the pointer into the picture, instead of sending its shape and place'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -l sound -x -a 'off on' -d 'capture what is played, on the default device or that one (--list)'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -l microphone -d 'make a microphone here, by which programs hear what viewers say'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -s v -l view-only -d 'obey no input that comes back'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -l resize -d 'a viewer with the right to input may change the desktop\'s size; at the end it gets the old one back, or keeps the last'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -l blank -d 'turn the display\'s own monitors off meanwhile; must: or show nothing'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -l lock-on-end -d 'lock the desktop when its viewer has gone, however that comes about, if it typed or pointed; a command is split at blanks, run without a shell'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -s i -l inject -d 'capture nothing: obey the input in the stream on stdin'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -l answer -d 'with --inject: say on stdout, as a stream, what has been done'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -l clipboard -x -a 'off to-host to-viewer both' -d 'which way clipboards are shared; both, but off with --inject'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -l clipboard-max -x -d 'the largest content that is pasted, such as 512K or 64M (64M)'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -l primary -d 'the clipboard, and what is selected, too, for the middle button'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -l injector -x -a 'x11 log' -d 'where input goes: to the X11 desktop, or as lines to stderr'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -s f -l format -x -a 'stream y4m' -d 'rd-stream(5), or YUV4MPEG2 at a constant rate for other programs'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -l chroma -x -a '420 444' -d 'colour resolution of y4m'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -s l -l list -d 'print displays, monitors, windows and sound devices, and end'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -l json -d 'with --list: an object of JSON a line'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -l log -x -a 'error warn info debug trace' -d 'how much to say on stderr; without it $RD_LOG, or warn'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -s h -l help -d 'show this and end'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -l version -d 'show the version and end'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -l profile -x -a '(rd-ctl words profiles 2>/dev/null)' -d 'values of that profile of the configuration; may be given again'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -l config -r -F -d 'the configuration; default: config.yaml in $XDG_CONFIG_HOME/rd'
complete -c rd-capture -n 'not contains -- -- (commandline -opc)' -l no-config -d 'read no configuration'
