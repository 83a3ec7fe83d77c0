# For the tests of clipboards; sourced after lib.sh: a host's display and a desk
# with a viewer's window on it.
#
#	two_desktops	$host and $desk
#	look ARG…	rd-view on the desk, which shares both ways; $viewer is its process id,
#			its words are in ./view.log
#	at DISPLAY CMD…	runs it there
#	copy DISPLAY TARGET FILE [SELECTION]	a program there has copied it; $pid is its process id
#	pasted DISPLAY TARGET FILE [SELECTION]	whether a paste there gives just that
#	has DISPLAY TARGET	whether that can be pasted there
#	empty DISPLAY [TARGET]	whether a paste there gives nothing, and does not hang
#	blob SIZE	a file of that size with random bytes: ./blob
#	words_of SIZE	the same of text in UTF-8
# shellcheck shell=bash disable=SC2034,SC2154

command -v xclip >/dev/null || skip "no xclip"
host=
desk=
viewer=
PASTE_S=60

at() {
	DISPLAY=$1 "${@:2}"
}

two_desktops() {
	start_x 320x240
	host=$DISPLAY
	start_x 640x480
	desk=$DISPLAY
}

shows() {
	at "$desk" xdotool search --onlyvisible --class rd-view >/dev/null 2>&1
}

look() {
	DISPLAY=$desk start rd-view --clipboard both "$@" 2>view.log
	viewer=$pid
	wait_for shows
}

copy() { # display, target, file, selection
	DISPLAY=$1 start xclip -quiet -selection "${4:-clipboard}" -t "$2" -i "$3" 2>/dev/null
}

pasted() { # display, target, file, selection
	at "$1" timeout "$PASTE_S" xclip -selection "${4:-clipboard}" -t "$2" -o 2>/dev/null >got.pasted || return 1
	cmp -s got.pasted "$3"
}

has() {
	at "$1" timeout "$PASTE_S" xclip -selection clipboard -t TARGETS -o 2>/dev/null | grep -qxF "$2"
}

empty() { # display, target
	local got=0
	at "$1" timeout "$PASTE_S" xclip -selection clipboard -t "${2:-UTF8_STRING}" -o >got.pasted 2>/dev/null || got=$?
	[ $got -ne 124 ] && [ ! -s got.pasted ]
}

blob() {
	head -c "$1" /dev/urandom >blob
}

words_of() {
	yes 'Grüße an 漢字, naïve Zeilen – und mehr' | tr '\n' ' ' | head -c "$1" | iconv -c -f UTF-8 -t UTF-8 >blob || true
	while [ "$(stat -c %s blob)" -lt "$1" ]; do printf x >>blob; done
}
