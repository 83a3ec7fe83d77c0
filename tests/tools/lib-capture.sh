# For the tests of rd-capture: a viewer one can talk to (tests/tools/talk.c).
#
#	view ARG…	starts rd-capture with a viewer on it: log is $log
#	say LINE	tells the viewer to do something
#	bye		ends the viewer; rd-capture's exit status must be 0
#	shown		the last frame's "WxH HASH"
#	same [ARG…]	whether that is what the X server itself has (xhash)
#	saw REGEX	whether a line of the log matches
#	at_failure	the end of the log
#	settled		waits until the viewer's picture is the server's
# shellcheck shell=bash disable=SC2034,SC2119,SC2120,SC2154

log=
view() {
	log="view.$RANDOM.log"
	: >"$log"
	rm -f lines
	mkfifo lines
	exec 7<>lines
	# Not by start: what it puts into the background has no stdin.
	talk "$log" -- rd-capture "$@" <&7 &
	viewer=$!
	started+=("$viewer")
}

say() {
	printf '%s\n' "$*" >&7
}

bye() {
	say end
	wait_end "$viewer"
	[ "$status" -eq 0 ] || fail "status $status after the viewer's END"
}

shown() {
	awk '$1 == "frame" {last = $3 " " $6} END {print last}' "$log"
}

saw() {
	grep -Eq -- "$1" "$log"
}

at_failure() {
	[ -z "$log" ] || tail -n 20 "$log"
}

same() {
	[ "$(shown)" = "$(xhash "$@")" ]
}

settled() {
	wait_for same "$@"
}

frames() {
	grep -c '^frame' "$log" || true
}

more_frames_than() {
	[ "$(frames)" -gt "$1" ]
}
