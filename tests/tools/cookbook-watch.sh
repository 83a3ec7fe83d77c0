#!/usr/bin/env bash
# The cookbook's ways to watch: windows here and of other machines, and a terminal.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-cookbook.sh"

# One screen to show, and one to see it on.
start_x 640x480
shown=$DISPLAY
xsetroot -solid '#204060'
start xterm -geometry 40x10+20+20 -e sh -c 'while sleep 0.1; do date +%N; done'
over_ssh build1 far
start_x 1024x768

seen() { # status…: the window of rd-view has the desktop's size; it is ended
	wait_for a_window 'rd'
	xdotool search --onlyvisible --class rd-view getwindowgeometry | grep -q 'Geometry: 640x480' ||
		fail "another size: $line"
	served "$@"
}

simmer <<'L'
rd-view ssh://build1
L
seen
simmer <<'L'
rd-view -- ssh build1 rd-encode -- rd-capture
L
seen
simmer <<'L'
rd-view -- ssh -C far rd-encode -b 500k -- rd-capture --fps 10
L
seen
with="s/:2/$shown/"
simmer <<'L'
rd-view -- rd-encode -- rd-capture --display :2
L
# Who ends first by Ctrl-C, the desktop or the viewer, is left to them.
seen 0 130
with=

# tmux has no pictures, so they are half blocks.
a_terminal here
says <<'L'
rd-view --to terminal ssh://build1
L
wait_shown '[▀▄].*[▀▄]'
types C-] q
wait_shown '^ended 0'

# What there is, and what a viewer gets of it.
DISPLAY=$shown cook <<'L'
rd-capture --list
L
grep -q '640x480' out || fail "$(cat out)"
cook <<'L'
rd-capture --source test --frames 60 | rd-view --to hash -
L
[ "$(wc -l <out)" -eq 60 ] || fail "$(wc -l <out) hashes"
cut -d' ' -f3- out >captured
cook <<'L'
rd-capture --source test --frames 60 | rd-encode --lossless | rd-view --to hash -
L
[ "$(tail -n 1 out | cut -d' ' -f3-)" = "$(tail -n 1 captured)" ] || fail "another last picture"
