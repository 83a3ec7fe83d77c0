#!/usr/bin/env bash
# A viewer that looks at one monitor still does when its session has been lost and there
# is a new one: the host hears of it again.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-recv.sh"
. "$RD_ROOT/tests/tools/lib-monitors.sh"

start_xvnc 640x480
monitors 640x480+0+0 800x600+640+0
xsetroot -solid '#204060'
admit
said() { # WORD: how many lines of it
	grep -c "^$1" "$log" || true
}
more_than() { # N WORD
	[ "$(said "$2")" -gt "$1" ]
}
desktop() {
	serve --no-ask -- rd-encode -- rd-capture
}
crash() {
	local net
	net=$(network_of "$host")
	kill -9 "$net"
	kill -9 "$host" 2>/dev/null || true
	wait_end "$host"
}
desktop
know
log=talk.log
: >"$log"
mkfifo lines
exec 8<>lines
talk "$log" -- rd-recv --tcp "$at" <&8 2>words &
viewer=$!
started+=("$viewer")
wait_for counts 2
echo 'watch-only VNC-0' >&8
echo ping >&8
wait_for grep -q '^pong' "$log"
crash
wait_for grep -q '^notice .*connecting again' "$log"
n=$(said monitors)
desktop
wait_for more_than "$n" monitors
# What is said after that is heard after it, too.
n=$(said pong)
another_pong() {
	echo ping >&8
	more_than "$n" pong
}
wait_for another_pong
is_right() {
	[ "$(awk '$1 == "frame" {last = $6} END {print last}' "$log")" = "$(xhash | cut -d' ' -f2)" ]
}
wait_for is_right
pixel() { # X Y: of the viewer's picture
	local n
	n=$(said pixel)
	echo "pixel $1 $2" >&8
	wait_for more_than "$n" pixel
	tail -n 1 <(grep '^pixel' "$log") | cut -d' ' -f4
}
is_green() { [ "$(pixel 110 110)" = 00ff00 ]; }
xfill 50 50 1000 100 ff0000
xfill 50 50 100 100 00ff00
wait_for is_green
[ "$(pixel 1010 110)" = 204060 ] || fail "the other one, too"
echo end >&8
wait_end "$viewer"
[ "$status" -eq 0 ] || fail "status $status: $(cat words)"
