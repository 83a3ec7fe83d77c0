#!/usr/bin/env bash
# In a window a recording runs at its own pace and can be paused; a hash of it
# takes no longer than decoding.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-view.sh"
start_x 800x600

# ten minutes, in a frame every ten seconds
rd-capture --source test --size 160x120 --fps 0.1 --frames 60 >long.rd
[ "$(rd-view --to hash long.rd | tail -n 1 | cut -d" " -f2)" = 590.000000000 ] || fail "not ten minutes"

rd-capture --source test --size 320x240 --fps 10 --frames 11 | rd-encode >second.rd
rd-view --to png:first.png --frames 1 second.rd
rd-view --to png:last.png second.rd
from=$(date +%s%N)
rd-view second.rd
took=$(($(date +%s%N) - from))
[ $took -ge 1000000000 ] || fail "a recording of a second was over after $took ns"

# Space stops it, and it goes on from there.
rd-capture --source test --size 320x240 --fps 1 --frames 1000 | rd-encode >long.rd
start rd-view long.rd
viewer=$pid
wait_window
focus
xdotool key space
wait_for title "paused"
import -window "$window" before.png
sleep 2.2	# longer than from one frame to the next: nothing to wait for, that is the point
import -window "$window" after.png
same_picture before.png after.png || fail "it went on while paused"
xdotool key space
wait_for shows_not before.png
title "paused" && fail "the title still says paused"
xdotool key ctrl+alt+shift+q
wait_end "$viewer"
[ "$status" -eq 0 ] || fail "status $status"

# A live stream through a pipe is shown as it comes, and Space is a key.
open_view --hold no
tell "frame 320 240 112233"
wait_window
focus
xdotool key space
wait_log '^key 57 0x20 down'
