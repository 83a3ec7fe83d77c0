#!/usr/bin/env bash
# When a stream is over the window tells why and stays, where a person asked
# for that or is likely to be there; a script is never kept waiting.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-view.sh"
start_x 800x600

# what the window shows is dark, but for the box with the words in it
dimmed() {
	import -window "$window" shot.png
	[ "$(convert shot.png -format '%[hex:p{2,2}]' info:)" = 122539 ] &&
		[ "$(convert shot.png -crop 200x100+100+100 +repage -format '%[fx:maxima>0.9]' info:)" = 1 ]
}

open_view --hold yes
tell "frame 400 300 336699"
wait_window
tell "end 3 6 the display is gone"
wait_for title "ended"
wait_for dimmed
focus
# What was meant for the other side does not close it, Escape does.
xdotool key x space ctrl+Escape
running "$viewer" || fail "any key closed the window"
xdotool key Escape
wait_end "$viewer"
[ "$status" -eq 6 ] || fail "status $status instead of the other side's"

# The same after a normal end, and without any picture.
open_view --hold yes
tell "end 0 0 over"
wait_window
wait_for title "ended"
focus
xdotool key Return
wait_end "$viewer"
[ "$status" -eq 0 ] || fail "status $status"

# Without a terminal, and without being asked: no.
open_view
tell "frame 400 300 336699"
wait_window
tell "die"
wait_end "$viewer"
[ "$status" -eq 3 ] || fail "status $status"

# On a terminal yes, unless it ended well or was told not to.
have script || exit 0
on_terminal() { # options…
	rm -f tty.fifo
	mkfifo tty.fifo
	exec 7<>tty.fifo
	log=$PWD/tty.log
	: >"$log"
	start script -qec "rd-view $* -- view-peer $log $PWD/tty.fifo" /dev/null >/dev/null
	wait_log '^hello'
	tell "frame 400 300 336699"
	wait_log '^ack 1'
	wait_window
}
on_terminal
tell "end 3 1 broken"
wait_for dimmed
focus
xdotool key Escape
wait_end "$pid"
[ "$status" -eq 1 ] || fail "status $status"
on_terminal
tell "end 0 0 over"
wait_end "$pid"
[ "$status" -eq 0 ] || fail "status $status"
on_terminal --hold no
tell "end 3 1 broken"
wait_end "$pid"
[ "$status" -eq 1 ] || fail "status $status"
