# Sourced after lib.sh by tests with two screens: a host, whose desktop is
# shared, and a desk, where the viewer's window is.
#
#	on_host CMD…, on_desk CMD…	run it there
#	start_desk [WxH]	an X server for the viewer's window
#	session ARG… [-- ENC…]	rd-view with ARG on rd-encode with ENC on the host's
#				rd-capture with CAPTURE; $viewer is its process id
#	shows_window		waits for the viewer's window: its number is in $window
#	close_session		ends it, which must be an ordinary end
#	in_window [ARG…]	whether the window shows what the host has (ARG: of xhash)
#	in_png FILE…	whether the last of these is what the host has
#	tools_of PID		process ids of the tools that it started, and its own
# shellcheck shell=bash disable=SC2034,SC2154

host=
desk=
viewer=
window=
CAPTURE=()
sessions=0

on_host() {
	DISPLAY=$host "$@"
}

on_desk() {
	DISPLAY=$desk "$@"
}

start_host() {
	start_x "${1:-640x480}"
	host=$DISPLAY
	on_host xsetroot -solid '#204060'
	on_host xsetroot -cursor_name left_ptr
}

start_desk() {
	start_x "${1:-1024x768}"
	desk=$DISPLAY
}

session() {
	local view=()
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		view+=("$1")
		shift
	done
	[ $# -eq 0 ] || shift
	sessions=$((sessions + 1))
	start env DISPLAY="$desk" rd-view --title "session $sessions" "${view[@]}" \
		-- env DISPLAY="$host" rd-encode "$@" -- rd-capture "${CAPTURE[@]}"
	viewer=$pid
}

window_is_there() {
	window=$(on_desk xdotool search --onlyvisible --name "^session $sessions " 2>/dev/null) &&
		[ -n "$window" ]
}

viewer_failed_or() {
	ended "$viewer" && fail "rd-view has ended"
	"$@"
}

shows_window() {
	wait_for viewer_failed_or window_is_there
}

close_session() {
	kill -INT "$viewer"
	wait_end "$viewer"
	[ "$status" -eq 130 ] || fail "rd-view ended with $status"
}

# An X server's pointer is in no picture that it hands out.
in_window() {
	[ "$(on_host xhash "$@")" = "$(on_desk xhash "$window" 2>/dev/null)" ]
}

in_png() { # FILE…
	[ "$(on_host xhash)" = "$(pnghash "$@" 2>/dev/null)" ]
}

# Every process of a process group or below a process.
tools_of() {
	local p
	echo "$1"
	for p in $(pgrep -P "$1"); do tools_of "$p"; done
}
