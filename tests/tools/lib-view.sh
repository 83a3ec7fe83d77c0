# Sourced by the view-*.sh scripts after lib.sh: an rd-view with a window, and
# view-peer at its other end.
#
#	open_view [OPTION…]	starts both; the viewer's process id is in $viewer
#	tell LINE		the peer does that (see view-peer.c)
#	wait_log REGEX		until a line of the peer's log matches
#	wait_window		until the viewer's window is there; its id is in $window
#	window_called NAME	whether that monitor has one, which is then in $window;
#				in_window_of NAME waits for it
#	windows_are N		whether there are so many
#	window_is WxH		whether it has that size; what it shows is in ./shot.png
#	focus			gives it the keyboard
#	title REGEX		whether the window's title matches
#	same_picture A B	two picture files have the same pixels
#	peer_args		more arguments of view-peer, an array
# shellcheck shell=bash disable=SC2034,SC2154

viewer=
window=
views=0
peer_args=()

open_view() {
	views=$((views + 1))
	log=$PWD/log.$views
	mkfifo "fifo.$views"
	exec 7<>"fifo.$views"
	: >"$log"
	start rd-view "$@" -- view-peer "$log" "$PWD/fifo.$views" "${peer_args[@]}" 7>&-
	viewer=$pid
	wait_log '^hello rd-view'
}

tell() {
	printf '%s\n' "$*" >&7
}

logged() {
	grep -Eq -- "$1" "$log"
}

wait_log() {
	wait_for logged "$1"
}

find_window() {
	window=$(xdotool search --onlyvisible --class rd-view 2>/dev/null | head -n 1)
	[ -n "$window" ]
}

wait_window() {
	wait_for find_window
}

window_called() { # NAME
	window=$(xdotool search --onlyvisible --name "^$1 - " 2>/dev/null)
	[ -n "$window" ]
}

in_window_of() { # NAME
	wait_for window_called "$1"
}

windows_are() {
	[ "$(xdotool search --onlyvisible --class rd-view 2>/dev/null | wc -l)" -eq "$1" ]
}

window_is() {
	import -window "$window" shot.png && [ "$(identify -format '%wx%h' shot.png)" = "$1" ]
}

focus() {
	xdotool windowfocus --sync "$window"
}

title() {
	xdotool getwindowname "$window" | grep -q -- "$1"
}

same_picture() {
	[ "$(convert "$1" -depth 8 rgb:- | sha256sum)" = "$(convert "$2" -depth 8 rgb:- | sha256sum)" ]
}

# What the window shows, without what else is on the screen.
shows() { # picture file
	import -window "$window" shot.png
	same_picture shot.png "$1"
}

shows_not() {
	! shows "$1"
}

# The process that decodes: the child of the one that was started.
decoder_of() {
	pgrep -P "$1" rd-view
}
