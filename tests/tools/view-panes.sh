#!/usr/bin/env bash
# The windows of several monitors: they stay what they are while the picture changes under
# them, come and go with measure, stay closed when the person has closed them, and the last
# one that is closed ends the viewer.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-view.sh"
command -v xev >/dev/null || skip "no xev"

left="left 200x300 0 0"
right="right 160x200 200 60"

title_not() {
	! title "$1"
}

start_x 1400x700

# --- beside each other, then one above the other: the picture comes first ---
open_view --monitor each
tell "monitors $left $right"
tell "resolution 400 300"
wait_for windows_are 2
in_window_of left
a=$window
in_window_of right
b=$window
tell "resolution 200 600"
tell "monitors $left right 160x210 0 320"
wait_for window_is 160x210
wait_for windows_are 2
in_window_of left
[ "$window" = "$a" ] || fail "the left one is another window"
in_window_of right
[ "$window" = "$b" ] || fail "the right one is another window"
# The picture alone: what lies beside it has no window, and gets one again.
tell "resolution 200 300"
wait_for windows_are 1
in_window_of left
tell "resolution 200 600"
wait_for windows_are 2
in_window_of right
stop "$viewer"

# --- a picture of this size and that, for ever ---
open_view --monitor each
tell "monitors a 90x90 0 0 b 90x90 100 0 c 90x90 200 0 d 90x90 300 0 e 90x90 400 0 f 90x90 500 0"
tell "resolution 600 90"
wait_for windows_are 6
start xev -root -event substructure >events
watcher=$pid
# It listens once it tells of a window that moves.
in_window_of f
moves() {
	xdotool windowmove "$window" $((RANDOM % 100)) 300
	grep -q '^ConfigureNotify' events
}
wait_for moves
begun=$(date +%s%N)
for _ in $(seq 200); do
	tell "resolution 100 90"
	tell "resolution 600 90"
done
tell "resolution 610 90"
wait_log "^ack 402\$"
wait_for windows_are 6
stop "$watcher"
made=$(grep -c '^CreateNotify' events || true)
# At most the five that come and go, each time that they have settled.
ms=$((($(date +%s%N) - begun) / 1000000))
[ "$made" -le $((5 * (ms / 100 + 2))) ] || fail "$made windows were opened in $ms ms"
stop "$viewer"

# --- what was closed stays closed under another name, and when it comes back ---
open_view --monitor each
tell "monitors $left $right"
tell "resolution 400 300"
wait_for windows_are 2
in_window_of right
xclose "$window"
wait_for windows_are 1
tell "monitors $left other 160x200 200 60"
tell "monitors $left other 160x200 200 60 third 100x50 10 10"
in_window_of third
wait_for windows_are 2
tell "monitors $left third 100x50 10 10"
tell "paint 0 0 10 10 cc3300"
tell "monitors $left other 160x200 200 60 third 100x50 10 10 fourth 50x100 20 20"
in_window_of fourth
windows_are 3 || fail "what was closed is there again"
stop "$viewer"

# --- what the options want at first is not wanted again ---
open_view --monitor each --grab
tell "monitors $left $right"
tell "resolution 400 300"
wait_for windows_are 2
in_window_of right
wait_for title 'keyboard grabbed'
focus
xdotool key ctrl+alt+shift+g
wait_for title_not 'keyboard grabbed'
tell "monitors $left $right third 100x50 10 10"
in_window_of third
title_not 'keyboard grabbed' || fail "what was given back is grabbed again"
# Nobody listens any more: nothing is grabbed for that.
focus
xdotool key ctrl+alt+shift+g
wait_for title 'keyboard grabbed'
tell "hush"
tell "paint 0 0 10 10 cc3300"
tell "paint 0 0 10 10 cc3311"
wait_for title 'view only'
stop "$viewer"

# --- it is over while monitors come: what is there stays, and closing it ends it ---
open_view --monitor each --hold yes
tell "monitors $left $right third 100x50 10 10"
tell "resolution 400 300"
wait_for windows_are 3
printf '%s\n' "monitors $left $right third 100x50 10 10 fourth 50x100 20 20 fifth 70x70 30 30" "end 0 0 over" >&7
in_window_of left
wait_for title 'ended'
# Longer than monitors take to settle, for a viewer that lets them.
sleep 0.3
for name in left right third; do
	in_window_of $name
	xclose "$window"
done
wait_end "$viewer"
[ "$status" -eq 0 ] || fail "status $status when all were closed"
