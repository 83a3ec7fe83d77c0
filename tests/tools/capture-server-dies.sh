#!/usr/bin/env bash
# An X server that dies ends the capture, as a failure that both ends are
# told; also when it dies in the middle of being asked for pixels.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"

gone() { # what is expected of the viewer that was told
	wait_end "$viewer"
	[ "$status" -eq 6 ] || fail "status $status when the server died"
	saw '^end 3 6 the X server has gone' || fail "$(tail -n 3 "$log")"
	grep -q 'the X server has gone' words || fail "$(cat words)"
}

# While nothing happens.
start_x 320x200
view 2>words
settled
stop "$pid_of_x"
gone

# Between what it says has changed and the question for that.
start_x 320x200
xsetroot -solid '#204060'
start nofd "${DISPLAY#:}" >way
way=$pid
wait_for has_line way
DISPLAY=":$(cat way)" view 2>words
settled
wait_for saw '^pointer'
kill -USR1 "$way"
xsetroot -solid '#604020'
gone

# While it is asked all the time.
for _ in 1 2 3; do
	start_x 640x480
	start xterm -geometry 80x24+0+0 -e sh -c 'while :; do date; done'
	view 2>words
	wait_for more_frames_than 5
	kill -KILL "$pid_of_x"
	gone
done
